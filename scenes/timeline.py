"""Who is where while a scene goes on: everybody keeps their pace, and brakes for what is ahead of them.

Motion is simulated in steps, forward and backward from the scene's moment. A mover that would come too near to
something brakes for it; what braking cannot save stands still. Within a step the speed is linear in time, so that
velocity is the derivative of position.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import hypot, sqrt

from scenes.checks import Footprint, touches
from scenes.clearance import BRAKED_MPS2, body_at, swept
from scenes.course import Place
from scenes.movers import STEP_S, Mover, State, movers_of, standing
from scenes.spec.scene import SceneSpec

_GENTLE_MPS2, _HARD_MPS2, _PICK_UP_MPS2 = 3.0, 8.0, 1.5
_REACTS_S, _SHOCKED_MPS2, _SEEN_FROM_M = 0.9, 3.5, 60.0
"""After what time, how hard and from what distance drivers brake for a crash that they see happen.

Source: Green, Transportation Human Factors 2 (2000), 195: 0.7 to 1.25 s to brake for what is expected to surprised.
"""
_SPARE_M = 0.5
_LOOK_M, _NEAR_LOOK_M = 2.0, 0.4


class Timeline:
    """All movers of a scene between two times."""

    def __init__(self, spec: SceneSpec, first_s: float, last_s: float) -> None:
        self.spec = spec
        self.movers = {mover.actor_id: mover for mover in movers_of(spec)}
        self._standing = list(standing(spec, self.movers))
        self._parties = [vehicle for vehicle in spec.vehicles if vehicle.track]
        self._slides = [body for party in self._parties for body in swept(party)]
        starts = {mover.actor_id: self._first_speed(mover, back=first_s < 0) for mover in self.movers.values()}
        for way, seconds in ((1, last_s), (-1, -first_s)):
            now = {actor: (0.0, speed) for actor, speed in starts.items()}
            for step in range(max(1, int(seconds / STEP_S + 1e-6) + 2)):
                now = self._stepped(now, way, step)

    def state(self, actor_id: int, time_s: float) -> State | None:
        """Return a mover's state at a time, None for those who stay."""
        mover = self.movers.get(actor_id)
        return mover.state(time_s) if mover else None

    def _first_speed(self, mover: Mover, *, back: bool) -> float:
        """Return the speed that a mover can have at the scene's moment, given what stands around it."""
        others = {other.actor_id: (0.0, other.pace_mps) for other in self.movers.values()}
        ways = (1, -1) if back else (1,)
        return min(self._allowed(mover, 0.0, mover.pace_mps, others, way=way, time_s=0.0) for way in ways)

    def _stepped(self, now: dict[int, tuple[float, float]], way: int, step: int) -> dict[int, tuple[float, float]]:
        after = dict(now)
        time_s = way * step * STEP_S
        for actor, mover in self.movers.items():
            gone, speed = now[actor]
            wish = _wish(mover, way, time_s, speed)
            if way > 0 and time_s >= _REACTS_S and self._sees_crash(mover, gone):
                wish = min(wish, max(0.0, speed - _SHOCKED_MPS2 * STEP_S))
            allowed = self._allowed(mover, gone, max(wish, speed), now, way=way, time_s=time_s)
            new = max(min(wish, allowed), speed - _HARD_MPS2 * STEP_S, 0.0)
            reached = gone + way * (speed + new) / 2 * STEP_S
            if (speed or new) and self._hits(mover, gone, reached, after, time_s + way * STEP_S):
                mover.steps[way].append((gone, 0.0, 0.0))
                after[actor] = (gone, 0.0)
            else:
                mover.steps[way].append((gone, speed, new))
                after[actor] = (reached, new)
        return after

    def _sees_crash(self, mover: Mover, gone_m: float) -> bool:
        """Tell whether a driver has a crash ahead, which makes everybody brake."""
        if not (self._parties and mover.yields):
            return False
        at, party = mover.course.at(gone_m), self._parties[0]
        x, y = party.x_m - at.x_m, party.y_m - at.y_m
        return hypot(x, y) < _SEEN_FROM_M and x * at.along[0] + y * at.along[1] > 0

    def _allowed(
        self,
        mover: Mover,
        gone_m: float,
        speed_mps: float,
        now: dict[int, tuple[float, float]],
        *,
        way: int,
        time_s: float,
    ) -> float:
        """Return the highest speed from which a mover can still brake for all that is in its way."""
        if speed_mps <= 0:
            return 0.0
        look = _LOOK_M if mover.yields else _NEAR_LOOK_M
        reach = speed_mps**2 / (2 * _GENTLE_MPS2) + look + 0.5 if mover.yields else 1.2
        others = list(self._around(mover, gone_m, reach, now, way=way, time_s=time_s))
        already = {number for number, (body, _, _) in enumerate(others) if touches(mover.body(gone_m), [body])}
        allowed = speed_mps
        for count in range(1, int(reach / look) + 2):
            ahead = count * look
            wide = mover.body(gone_m + way * ahead, spare_m=_SPARE_M)
            for number, (body, velocity, pace) in enumerate(others):
                later = ahead / speed_mps
                shifted = body._replace(x_m=body.x_m + velocity[0] * later, y_m=body.y_m + velocity[1] * later)
                if number in already or not touches(wide, [shifted]):
                    continue
                gap = max(ahead - look, 0.0) * max(0.0, 1 - pace / speed_mps)
                allowed = min(allowed, sqrt(pace**2 + 2 * _GENTLE_MPS2 * gap))
        return allowed

    def _around(
        self,
        mover: Mover,
        gone_m: float,
        reach_m: float,
        now: dict[int, tuple[float, float]],
        *,
        way: int,
        time_s: float,
    ) -> Iterator[tuple[Footprint, tuple[float, float], float]]:
        """Yield the bodies that a mover may meet: rectangle, velocity, and speed along the mover's own way."""
        at = mover.course.at(gone_m)
        for body in (*self._standing, *(self._slides if way > 0 else ())):
            if hypot(body.x_m - at.x_m, body.y_m - at.y_m) < reach_m + body.reach_m + mover.length_m:
                yield body, (0.0, 0.0), 0.0
        for other in self.movers.values():
            if other is not mover and other.yields >= mover.yields:
                gone, speed = now[other.actor_id]
                there = other.course.at(gone)
                velocity = (way * speed * there.along[0], way * speed * there.along[1])
                yield other.body(gone), velocity, _pace(velocity, at, way)
            elif other is not mover:
                gone, speed = now[other.actor_id]
                yield other.body(gone, spare_m=1.2), (0.0, 0.0), 0.0
        for party in self._parties if way < 0 else ():
            yield body_at(party, time_s), (0.0, 0.0), 0.0

    def _hits(
        self, mover: Mover, gone_m: float, reached_m: float, now: dict[int, tuple[float, float]], time_s: float
    ) -> bool:
        """Tell whether a mover would touch somebody by a step whom it does not touch yet."""
        before, after = mover.body(gone_m), mover.body(reached_m, spare_m=0.1)
        bodies = [*self._standing, *(body_at(party, time_s) for party in self._parties)]
        bodies += [other.body(now[other.actor_id][0]) for other in self.movers.values() if other is not mover]
        return any(touches(after, [body]) and not touches(before, [body]) for body in bodies)


def run_over(spec: SceneSpec) -> str | None:
    """Return who is met by a crash party on its track, though everybody brakes as they can, or None."""
    parties = [vehicle for vehicle in spec.vehicles if vehicle.track]
    if not parties:
        return None
    ends = [party.track.times_s[end] for party in parties if party.track for end in (0, -1)]
    first, last = min(ends), max(ends)
    lines = Timeline(spec, first, last)
    for step in range(int((last - first) / STEP_S) + 1):
        time_s = first + step * STEP_S
        bodies = [body_at(party, time_s) for party in parties]
        for mover in lines.movers.values():
            if touches(mover.body(mover.state(time_s).gone_m), bodies):
                return "a crash party meets somebody on its way"
    return None


@lru_cache(maxsize=8)
def timeline(spec: SceneSpec, first_s: float, last_s: float) -> Timeline:
    """Return the timeline of a scene, kept for its next frame."""
    return Timeline(spec, first_s, last_s)


def _wish(mover: Mover, way: int, time_s: float, speed_mps: float) -> float:
    """Return the speed that a mover would like at the end of a step; who gains speed backward in time has braked."""
    if mover.brakes_mps2:
        return max(0.0, mover.pace_mps - mover.brakes_mps2 * time_s)
    gain = _PICK_UP_MPS2 if way > 0 else BRAKED_MPS2
    return min(mover.pace_mps, speed_mps + gain * STEP_S)


def _pace(velocity_mps: tuple[float, float], at: Place, way: int) -> float:
    return max(0.0, way * (velocity_mps[0] * at.along[0] + velocity_mps[1] * at.along[1]))
