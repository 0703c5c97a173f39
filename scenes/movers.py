"""Who moves in a scene and how, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import NamedTuple

from scenes.checks import Footprint, footprint
from scenes.clearance import ego_body
from scenes.course import Course, Place, drive, walk
from scenes.gait import speed_mps
from scenes.haulage import extent_m
from scenes.site.layout import layout
from scenes.spec.living import Animal, Person
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera
from scenes.station import stand_of

EGO = 0
"""Stands for the actor id of the ego vehicle."""
STEP_S = 0.1
_LAMP_BRAKE_MPS2 = 2.0
_PERSON_M, _ANIMAL_M = 0.6, 1.4
_ON_A_POLE_M = 2.6
_SOLID = ("cone", "triangle", "barrier", "barrel", "wheel", "tyre", "box")


class State(NamedTuple):
    """Where a mover is: place, velocity, acceleration along its way, and the way since the scene's moment."""

    place: Place
    speed_mps: float
    gains_mps2: float
    gone_m: float

    @property
    def velocity_mps(self) -> tuple[float, float]:
        """World xy."""
        return self.speed_mps * self.place.along[0], self.speed_mps * self.place.along[1]


@dataclass(kw_only=True)
class Mover:
    """Somebody who moves by itself.

    Args:
        actor_id: of the actor, `EGO` for the ego vehicle.
        course: its line.
        length_m, width_m: of its body.
        behind_m: middle of the body from the point that runs along the course.
        pace_mps: the speed it likes.
        brakes_mps2: how hard its own brake lamps say that it brakes, 0 for none.
        yields: whether it brakes for what only crosses its way; people on foot do not.
        steps: for forward and backward time, (way, speed at the step's start, at its end) of each step.
    """

    actor_id: int
    course: Course
    length_m: float
    width_m: float
    behind_m: float = 0.0
    pace_mps: float
    brakes_mps2: float = 0.0
    yields: bool = True
    steps: dict[int, list[tuple[float, float, float]]] = field(default_factory=lambda: {1: [], -1: []})

    def body(self, gone_m: float, *, spare_m: float = 0.0) -> Footprint:
        """Return its rectangle after a way."""
        length, width = self.length_m + spare_m, self.width_m + spare_m
        return self.course.body(gone_m + self.behind_m, length, width)

    def state(self, time_s: float) -> State:
        """Return where it is at a time."""
        way = 1 if time_s >= 0 else -1
        steps = self.steps[way]
        index = min(int(abs(time_s) / STEP_S + 1e-9), len(steps) - 1)
        begun_m, first, last = steps[index]
        since = abs(time_s) - index * STEP_S
        slope = (last - first) / STEP_S
        gone = begun_m + way * (first * since + slope * since * since / 2)
        return State(self.course.at(gone), first + slope * since, way * slope, gone)


def movers_of(spec: SceneSpec) -> Iterator[Mover]:
    """Yield the ego vehicle if it drives, vehicles that have a velocity and no track, and those who walk."""
    camera = spec.cameras[0]
    if camera.speed_mps > 0 and stand_of(camera).rides:
        stand = stand_of(camera)
        yield Mover(
            actor_id=EGO,
            course=Course(x_m=camera.x_m, y_m=camera.y_m, toward_deg=0.0, facing_deg=0.0),
            length_m=stand.length_m,
            width_m=stand.width_m,
            behind_m=stand.middle_m,
            pace_mps=camera.speed_mps,
        )
    for vehicle in spec.vehicles:
        if any(vehicle.velocity_mps) and vehicle.track is None and vehicle.carried_by is None:
            length, middle = extent_m(vehicle, spec.vehicles)
            yield Mover(
                actor_id=vehicle.actor_id,
                course=drive(vehicle, spec.street),
                length_m=length,
                width_m=vehicle.width_m,
                behind_m=middle,
                pace_mps=hypot(*vehicle.velocity_mps),
                brakes_mps2=_LAMP_BRAKE_MPS2 if "brake" in vehicle.lamps else 0.0,
            )
    walkers: list[Person | Animal] = [*spec.people, *spec.animals]
    for actor in walkers:
        if speed_mps(actor) > 0 and actor.track is None:
            course = walk(actor.x_m, actor.y_m, actor.heading_deg, spec)
            length = _ANIMAL_M if isinstance(actor, Animal) else _PERSON_M
            yield Mover(
                actor_id=actor.actor_id,
                course=course,
                length_m=length,
                width_m=_PERSON_M,
                pace_mps=speed_mps(actor),
                yields=False,
            )


def standing(spec: SceneSpec, movers: Mapping[int, Mover]) -> Iterator[Footprint]:
    """Yield what stays: parked vehicles, people who stand, cones, and what the place has blocked."""
    for vehicle in spec.vehicles:
        if vehicle.actor_id not in movers and vehicle.carried_by not in movers and vehicle.track is None:
            yield _of_vehicle(vehicle)
    for person in spec.people:
        if person.actor_id not in movers and person.mount is None and person.track is None:
            yield footprint(person.x_m, person.y_m, 0.0, _PERSON_M, _PERSON_M)
    for animal in spec.animals:
        if animal.actor_id not in movers and animal.track is None:
            yield footprint(animal.x_m, animal.y_m, animal.heading_deg, _ANIMAL_M, _PERSON_M)
    for piece in spec.debris:
        if piece.kind in _SOLID and piece.thrown_from_m is None:
            yield footprint(piece.x_m, piece.y_m, piece.heading_deg, piece.size_m, piece.size_m)
    yield from _blocked(layout(spec.street).blocked_m)
    if EGO not in movers and _rides(spec.cameras[0]):
        camera = spec.cameras[0]
        yield ego_body(camera.x_m, camera.y_m, stand_of(camera))


def _rides(camera: Camera) -> bool:
    """Tell whether a camera that stands still stands in a vehicle; one that only is high is on a pole."""
    return stand_of(camera).rides and (camera.station != "windscreen" or camera.z_m < _ON_A_POLE_M)


def _of_vehicle(vehicle: Vehicle) -> Footprint:
    return footprint(vehicle.x_m, vehicle.y_m, vehicle.heading_deg, vehicle.length_m, vehicle.width_m)


def _blocked(boxes: Sequence[tuple[float, float, float, float]]) -> Iterator[Footprint]:
    for x0, y0, x1, y1 in boxes:
        yield footprint((x0 + x1) / 2, (y0 + y1) / 2, 0.0, x1 - x0, y1 - y0)
