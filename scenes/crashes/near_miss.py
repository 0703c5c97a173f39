"""Near misses: all that leads to a crash, but drivers who brake or steer in time, so that nobody touches.

Who meets whom is drawn by the crash types; what one of the two does about it is found by bisection, so that the least
distance of both over all time is the one that was drawn. The tracks are measured again before a scene counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import acos, radians
from types import MappingProxyType

import numpy as np

from scenes.crashes.crash_type import CrashType, Ground
from scenes.crashes.event import Event, Loose, Party, mirrored
from scenes.crashes.gap import least_gap
from scenes.crashes.manoeuvre import Goer, Pace, Path, Pose
from scenes.crashes.registry import CRASH_TYPES
from scenes.crashes.startle import NEARLY, draw_reaction, rhythm
from scenes.draws import Refused
from scenes.spinout import GRAVITY_MPS2

PERSON_M = 0.6
"""Side of the square of ground that somebody on foot takes, as `scenes.checks` has it."""
_STEPS, _COARSE_S, _BEFORE_S, _FINE_S = 22, 0.04, 3.0, 0.01
_EARLIEST_S = 12.0
"""How long before the crash that is avoided a driver may brake at most."""
_HARD, _GENTLE = (0.8, 0.95), 0.35
"""Share of the grip that who saves the day uses, and who only stops because of the fright."""
_SIDEWAYS_MPS2, _LEAST_RADIUS_M = 2.5, 30.0


@dataclass(frozen=True, kw_only=True)
class NearMiss:
    """A kind of near miss.

    Args:
        name: key of `SCENARIOS`.
        crashes: types of crash that it could have been.
        gap_m: range of the least distance, within (0, 2].
        sentence: what happens; the distance takes the place of `{gap}`.
        steers: whether who comes over steers back, instead of a driver that brakes.
    """

    name: str
    crashes: tuple[str, ...]
    gap_m: tuple[float, float]
    sentence: str
    steers: bool = False

    def __post_init__(self) -> None:
        assert 0 < self.gap_m[0] < self.gap_m[1] <= 2
        assert "{gap}" in self.sentence
        assert set(self.crashes) <= set(CRASH_TYPES)


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A near miss at x = 0.

    Args:
        event: the crash that it could have been.
        goers: who would have struck, and whom.
        gap_m: their least distance.
        nearest_s: when they are that near.
    """

    event: Event
    goers: tuple[Goer, Goer]
    gap_m: float
    nearest_s: float


def draw_missed(kind: NearMiss, crash: CrashType, ground: Ground, rng: np.random.Generator) -> Missed:
    """Draw a near miss on some ground.

    Raises:
        Refused: no braking or steering gives the distance that was drawn.
    """
    event = crash.event(ground, rng)
    event = mirrored(event) if ground.street.drive_on == "left" else event
    care = _steering(event, ground, rng) if kind.steers else _braking(event, rng, junction=crash.junction)
    low, high = kind.gap_m
    goal = float(rng.uniform(low + 0.1 * (high - low), high - 0.1 * (high - low)))
    goers = _careful(care, goal)
    gap, when = _nearest(goers, _COARSE_S)
    return Missed(event=event, goers=goers, gap_m=gap, nearest_s=round(when, 4))


def _careful(care: Callable[[float], tuple[Goer, Goer]], goal_m: float) -> tuple[Goer, Goer]:
    """Return two who come as near as wanted; `care` in [0, 1] says how carefully they go, 0 is the crash."""
    low, high = 0.0, 1.0
    if not _nearest(care(low), _COARSE_S)[0] < goal_m < _nearest(care(high), _COARSE_S)[0]:
        raise Refused("no care gives the distance that was drawn")
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _nearest(care(middle), _COARSE_S)[0] < goal_m:
            low = middle
        else:
            high = middle
    return care(high)


def _nearest(goers: tuple[Goer, Goer], step_s: float) -> tuple[float, float]:
    """Return the least distance of two and when, until both stand."""
    first, second = goers
    rests_s = max(goer.pace.rests_s for goer in goers)
    return least_gap(lambda time_s: (first.body(time_s), second.body(time_s)), -_BEFORE_S, max(rests_s, 1.0), step_s)


def _braking(event: Event, rng: np.random.Generator, *, junction: bool) -> Callable[[float], tuple[Goer, Goer]]:
    """Return what happens if the first driver brakes by some care; the other one goes on and stops later."""
    first, friction = event.parties[0], event.friction
    slows = float(rng.uniform(*_HARD)) * friction * GRAVITY_MPS2
    path, other = _path(first, event.y_m, junction=junction), _other(event, rng, junction=junction)

    def care(share: float) -> tuple[Goer, Goer]:
        pace = Pace(cruise_mps=first.braking.cruise_mps, brakes_s=-share * _EARLIEST_S, slows_mps2=slows)
        return _goer(first, path, pace), other

    return care


def _other(event: Event, rng: np.random.Generator, *, junction: bool) -> Goer:
    """Return who would have been struck: somebody on foot, or a party that passes, brakes already, or stands."""
    if isinstance(event.struck, Loose):
        return _walker(event, event.struck, rng)
    second = event.parties[1]
    told = second.braking
    if told.slows_mps2 or not told.cruise_mps:
        hard = told.slows_mps2 or _GENTLE * event.friction * GRAVITY_MPS2
        pace = Pace(cruise_mps=told.cruise_mps, brakes_s=-told.braked_s, slows_mps2=hard)
    else:
        gentle = _GENTLE * event.friction * GRAVITY_MPS2
        pace = Pace(cruise_mps=told.cruise_mps, brakes_s=float(rng.uniform(0.6, 1.5)), slows_mps2=gentle)
    return _goer(second, _path(second, event.y_m, junction=junction), pace)


def _walker(event: Event, loose: Loose, rng: np.random.Generator) -> Goer:
    """Return somebody who crosses, and walks on, freezes, hurries or jumps back before the vehicle."""
    ahead = radians(event.parties[0].heading_deg)
    place = float(np.cos(ahead)) * loose.reach_m, event.y_m + float(np.sin(ahead)) * loose.reach_m
    pace = rhythm(loose.walks_mps, draw_reaction(NEARLY, rng), rng)
    return Goer(path=Path(through=(*place, radians(loose.heading_deg))), pace=pace, length_m=PERSON_M, width_m=PERSON_M)


def _steering(event: Event, ground: Ground, rng: np.random.Generator) -> Callable[[float], tuple[Goer, Goer]]:
    """Return what happens if who comes over from the next lane steers back by some care; the other one keeps on."""
    kept, over = event.parties
    gentle, fright_s = _GENTLE * event.friction * GRAVITY_MPS2, float(rng.uniform(0.8, 1.6))
    x_kept, y_kept, _ = _pose(kept, event.y_m)
    x_over, y_over, _ = _pose(over, event.y_m)
    side = 1.0 if y_over > y_kept else -1.0
    lane_m = y_kept + side * ground.street.lane_width_m
    speed = over.braking.cruise_mps
    radius = max(_LEAST_RADIUS_M, speed**2 / min(_SIDEWAYS_MPS2, 0.5 * event.friction * GRAVITY_MPS2))
    straight = Path(through=(x_kept, y_kept, 0.0))
    passes = _goer(kept, straight, _paced(kept, fright_s, gentle))

    def care(share: float) -> tuple[Goer, Goer]:
        over_m = (1 - share) * abs(lane_m - y_over)
        turned_m = radius * acos(1 - over_m / (2 * radius))
        bend = ((side / radius, turned_m), (-side / radius, turned_m))
        path = Path(through=(x_over, lane_m - side * over_m, 0.0), behind=bend, ahead=bend)
        return passes, _goer(over, path, _paced(over, fright_s + 2 * turned_m / speed, gentle))

    return care


def _paced(party: Party, brakes_s: float, slows_mps2: float) -> Pace:
    return Pace(cruise_mps=party.braking.cruise_mps, brakes_s=brakes_s, slows_mps2=slows_mps2)


def _goer(party: Party, path: Path, pace: Pace) -> Goer:
    return Goer(path=path, pace=pace, length_m=party.body["length_m"], width_m=party.body["width_m"])


def _pose(party: Party, y_m: float) -> Pose:
    """Return where a party's middle would be at the contact that does not come."""
    angle, (i, j) = radians(party.heading_deg), party.point_m
    c, s = float(np.cos(angle)), float(np.sin(angle))
    return -i * c + j * s, y_m - i * s - j * c, angle


def _path(party: Party, y_m: float, *, junction: bool) -> Path:
    """Return a party's course through the contact; who turns at a junction turns by a right angle in all."""
    turned = radians(party.turned_deg)
    bend = (1.0 if turned > 0 else -1.0) / party.radius_m
    more = max(0.0, radians(90) - abs(turned)) if turned and junction else 0.0
    behind = ((bend, abs(turned) * party.radius_m),) if turned else ()
    return Path(through=_pose(party, y_m), behind=behind, ahead=((bend, more * party.radius_m),) if more else ())


_TYPES = (
    NearMiss(
        name="near_miss_rear_end",
        crashes=("lead_vehicle_stopped", "lead_vehicle_decelerating", "lead_vehicle_slower"),
        gap_m=(0.3, 1.5),
        sentence="A driver brakes just in time behind another: nobody touches, at the nearest they are {gap} m apart.",
    ),
    NearMiss(
        name="near_miss_crossing",
        crashes=("running_red_light", "running_stop_sign", "straight_crossing_paths", "left_turn_unsignalised"),
        gap_m=(0.3, 1.5),
        sentence="Two cross each other's way, and one brakes in time: nobody touches, they come as near as {gap} m.",
    ),
    NearMiss(
        name="near_miss_pedestrian",
        crashes=("pedestrian_crossing",),
        gap_m=(0.3, 1.5),
        sentence="A driver brakes in time for somebody who crosses: nobody touches, they come as near as {gap} m.",
    ),
    NearMiss(
        name="near_miss_cyclist",
        crashes=("cyclist_crossing",),
        gap_m=(0.3, 1.5),
        sentence="A driver brakes in time for a cyclist who crosses: nobody touches, they come as near as {gap} m.",
    ),
    NearMiss(
        name="near_miss_lane_change",
        crashes=("changing_lanes",),
        gap_m=(0.5, 1.2),  # mirrors are no part of a body's width
        sentence="A driver begins to change lanes and steers back: nobody touches, they come as near as {gap} m.",
        steers=True,
    ),
)
NEAR_MISSES: Mapping[str, NearMiss] = MappingProxyType({kind.name: kind for kind in _TYPES})
"""Name to kind."""


def at_nearest(missed: Missed) -> Missed:
    """Return it with a finer look at when the two are nearest."""
    gap, when = _nearest(missed.goers, _FINE_S)
    return replace(missed, gap_m=gap, nearest_s=round(when, 4))
