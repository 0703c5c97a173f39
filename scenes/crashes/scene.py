"""A crash that has found its place: what happens, when the picture is taken, and from where."""

from __future__ import annotations

from dataclasses import dataclass

from scenes.checks import Footprint, footprint, units
from scenes.clearance import body_at
from scenes.crashes.crash_type import CrashType
from scenes.crashes.outcome import Outcome
from scenes.spec.living import Animal, Person
from scenes.spec.party import Phase
from scenes.spec.place import Obstacle, Street
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera
from scenes.wreckage import party_at

_STEP_S = 0.24
_VICTIM_M, _POST_M = 1.2, 0.8


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One drawn scene.

    Args:
        kind: type of crash.
        street: where.
        outcome: everybody with their tracks.
        obstacles: what was run into that the place does not have.
        camera: the ego's.
        phase, time_s: of the picture.
    """

    kind: CrashType
    street: Street
    outcome: Outcome
    obstacles: tuple[Obstacle, ...]
    camera: Camera
    phase: Phase
    time_s: float

    @property
    def tracked(self) -> list[Vehicle]:
        """Vehicles of the event."""
        return [vehicle for vehicle in self.outcome.vehicles if vehicle.track]

    @property
    def bodies(self) -> list[Footprint]:
        """Ground that its vehicles take from approach to rest."""
        return [body for party in self.tracked for body in swept(party)]

    @property
    def way(self) -> list[Footprint]:
        """Ground that the crash takes in all: with victims, and with what was run into."""
        bodies = self.bodies
        victims: list[Person | Animal] = [*self.outcome.people, *self.outcome.animals]
        for actor in victims:
            if actor.track:
                points = zip(actor.track.x_m[::3], actor.track.y_m[::3], strict=True)
                bodies += [footprint(x, y, 0.0, _VICTIM_M, _VICTIM_M) for x, y in points]
        for party in self.tracked:
            if party.track and party.track.folded_deg:
                shown = (party_at(party, party.track, time, rolls=False) for time in party.track.times_s[::6])
                bodies += [unit for moment in shown for unit in units(moment)]
        return bodies + [footprint(post.x_m, post.y_m, 0.0, _POST_M, _POST_M) for post in self.obstacles]


def swept(party: Vehicle, since_s: float | None = None) -> list[Footprint]:
    """Return rectangles of a party along its track, from a time on."""
    assert party.track is not None
    first, last = party.track.times_s[0] if since_s is None else since_s, party.track.times_s[-1]
    steps = int((last - first) / _STEP_S) + 2
    return [body_at(party, min(first + step * _STEP_S, last)) for step in range(steps)]
