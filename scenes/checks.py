"""What a drawn scene must satisfy before it counts; each breach is a reason, never a silent skip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple

from scenes.articulation import TRACTOR_BEHIND_PIN_M, TRAILER_M, pin_m
from scenes.spec.living import Animal, Person
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera
from scenes.station import stand_of

_PERSON_M = 0.6
_ANIMAL_M = 1.4
_NEAREST_M, _FARTHEST_M = 6.5, 24.0
_SEEN_M = 60.0
_OVERLAP_M = 0.02
_OVER_A_BONNET_M, _PRESSED_M = 0.25, 0.15


class Footprint(NamedTuple):
    """A rectangle on the ground: its centre, unit vector along its length, half of its sides, centre to corner."""

    x_m: float
    y_m: float
    along: tuple[float, float]
    half_length_m: float
    half_width_m: float
    reach_m: float

    def corners_m(self) -> list[tuple[float, float]]:
        """Return the four corners, counter-clockwise."""
        (c, s), a, b = self.along, self.half_length_m, self.half_width_m
        signs = ((a, b), (-a, b), (-a, -b), (a, -b))
        return [(self.x_m + i * c - j * s, self.y_m + i * s + j * c) for i, j in signs]

    def radius_m(self, axis: tuple[float, float]) -> float:
        """Return half of its shadow on an axis."""
        (c, s), (x, y) = self.along, axis
        return self.half_length_m * abs(c * x + s * y) + self.half_width_m * abs(c * y - s * x)


Body = tuple[str, Footprint, float]
"""What stands where, and how deep its hull may be pressed into another."""


def footprint(x_m: float, y_m: float, heading_deg: float, length_m: float, width_m: float) -> Footprint:
    """Return the rectangle that a body covers."""
    angle = radians(heading_deg)
    a, b = length_m / 2, width_m / 2
    return Footprint(x_m, y_m, (cos(angle), sin(angle)), a, b, hypot(a, b))


def units(vehicle: Vehicle) -> list[Footprint]:
    """Return the rectangles that a vehicle covers: two of a folded combination, one of all others."""
    if not vehicle.articulation_deg:
        return [footprint(vehicle.x_m, vehicle.y_m, vehicle.heading_deg, vehicle.length_m, ground_width_m(vehicle))]
    rear, pin = -vehicle.length_m / 2, pin_m(vehicle.length_m)
    turned = vehicle.heading_deg + vehicle.articulation_deg
    trailer = _along(vehicle, rear + TRAILER_M / 2)
    long = vehicle.length_m / 2 - pin + TRACTOR_BEHIND_PIN_M
    x, y = _along(vehicle, pin)
    ahead = long / 2 - TRACTOR_BEHIND_PIN_M
    tractor = x + ahead * cos(radians(turned)), y + ahead * sin(radians(turned))
    return [
        footprint(*trailer, vehicle.heading_deg, TRAILER_M, vehicle.width_m),
        footprint(*tractor, turned, long, vehicle.width_m),
    ]


def _along(vehicle: Vehicle, ahead_m: float) -> tuple[float, float]:
    angle = radians(vehicle.heading_deg)
    return vehicle.x_m + ahead_m * cos(angle), vehicle.y_m + ahead_m * sin(angle)


def overlap_m(first: Footprint, second: Footprint) -> float:
    """Return how deep two rectangles overlap (separating axes, Gottschalk et al. 1996); 0 if they do not."""
    x, y, reach = second.x_m - first.x_m, second.y_m - first.y_m, first.reach_m + second.reach_m
    if x * x + y * y > reach * reach:
        return 0.0
    depth = float("inf")
    for c, s in (first.along, second.along):
        for axis in ((c, s), (-s, c)):
            shared = first.radius_m(axis) + second.radius_m(axis) - abs(x * axis[0] + y * axis[1])
            if shared <= 0:
                return 0.0
            depth = min(depth, shared)
    return depth


def touches(body: Footprint, others: Iterable[Footprint]) -> bool:
    """Return whether a rectangle overlaps any of the others; most are told apart by their x alone."""
    x, reach = body.x_m, body.reach_m
    near = [other for other in others if abs(other.x_m - x) < reach + other.reach_m]
    return any(overlap_m(body, other) > 0 for other in near)


def visible_share(camera: Camera, vehicle: Vehicle) -> float:
    """Return the share of a vehicle's ground corners inside the camera's horizontal field of view."""
    body = footprint(vehicle.x_m, vehicle.y_m, vehicle.heading_deg, vehicle.length_m, vehicle.width_m)
    offsets = [(x - camera.x_m, y - camera.y_m) for x, y in body.corners_m()]
    seen = [x > 0 and abs(degrees(atan2(y, x)) - camera.yaw_deg) < camera.hfov_deg / 2 for x, y in offsets]
    return sum(seen) / len(seen)


def breach(spec: SceneSpec) -> str | None:
    """Return the first rule that a scene breaks, or None."""
    bodies: list[Body] = [
        (f"vehicle {v.carried_by or v.actor_id}", body, _may_touch(v)) for v in spec.vehicles for body in units(v)
    ]
    on_foot = (person for person in spec.people if person.mount is None)
    bodies += [
        (f"person {p.actor_id}", footprint(p.x_m, p.y_m, 0.0, _PERSON_M, _PERSON_M), _struck(p)) for p in on_foot
    ]
    bodies += [
        (f"animal {a.actor_id}", footprint(a.x_m, a.y_m, a.heading_deg, _ANIMAL_M, _PERSON_M), _struck(a))
        for a in spec.animals
    ]
    for (name, body, crushed), (other, second, also) in _near_pairs(bodies):
        depth = overlap_m(body, second) if name != other else 0.0
        if depth > _OVERLAP_M and depth > _OVERLAP_M + (crushed + also if crushed and also else 0.0):
            return f"{name} and {other} overlap"
    camera, stand = spec.cameras[0], stand_of(spec.cameras[0])
    ego = footprint(camera.x_m + stand.middle_m, camera.y_m, 0.0, stand.length_m, stand.width_m)
    for name, body, _ in bodies:
        if stand.rides and overlap_m(body, ego) > 0:
            return f"{name} stands in the ego vehicle"
    parties = [vehicle for vehicle in spec.vehicles if vehicle.crash]
    return None if not parties or any(_in_sight(camera, party) for party in parties) else "no crash party is in view"


def _in_sight(camera: Camera, party: Vehicle) -> bool:
    return _NEAREST_M < party.x_m < _SEEN_M and visible_share(camera, party) >= 0.5


def _near_pairs(bodies: list[Body]) -> Iterator[tuple[Body, Body]]:
    """Sweep along x: yield the pairs whose reaches overlap there, which all that touch do."""
    ordered = sorted(bodies, key=lambda item: item[1].x_m - item[1].reach_m)
    for number, first in enumerate(ordered, 1):
        end = first[1].x_m + first[1].reach_m
        for second in islice(ordered, number, None):
            if second[1].x_m - second[1].reach_m > end:
                break
            yield first, second


def crash_breach(camera: Camera, parties: Sequence[Vehicle], road_half_width_m: float) -> str | None:
    """Return the first rule that the parties of a crash break; they shall be seen, on the road and not too far."""
    for party in parties:
        if stand_of(camera).rides and visible_share(camera, party) < 0.5:
            return "a crash party is out of view"
        if abs(party.y_m) > road_half_width_m + 1.0:
            return "a crash party left the road"
        if not _NEAREST_M < party.x_m < _FARTHEST_M:
            return "a crash party is too near or too far"
    return None


def rest_breach(parties: Sequence[Vehicle]) -> str | None:
    """Return what is wrong with two parties that were solved apart and came to rest: they may not overlap."""
    bodies = [footprint(v.x_m, v.y_m, v.heading_deg, v.length_m, v.width_m) for v in parties]
    at_rest = all(party.crash is not None and party.crash.phase == "after" for party in parties)
    return "the parties rest in each other" if at_rest and overlap_m(*bodies) > _OVERLAP_M else None


def ground_width_m(vehicle: Vehicle) -> float:
    """Return how wide a vehicle is over the ground: that of its section as far as it has rolled over."""
    if not vehicle.tipped_deg:
        return vehicle.width_m
    angle = radians(vehicle.tipped_deg)
    return vehicle.width_m * abs(cos(angle)) + vehicle.height_m * abs(sin(angle))


def _may_touch(vehicle: Vehicle) -> float:
    """From the impact on, the hulls of parties may overlap by what it crushed."""
    touched = vehicle.crash is not None and vehicle.crash.phase not in ("approach", "braking")
    return sum(dent.depth_m for dent in vehicle.dents) if touched else 0.0


def _struck(actor: Person | Animal) -> float:
    """Return how far somebody may lie over a hull: whole in the air above it, by an arm on the ground."""
    if actor.crash is None or actor.crash.phase in ("approach", "braking"):
        return 0.0
    return 1.5 if actor.crash.phase == "impact" or actor.raised_m > _OVER_A_BONNET_M else _PRESSED_M
