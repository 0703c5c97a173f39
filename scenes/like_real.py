"""Traffic that fills the picture as a real set's does: each wanted box becomes a vehicle at a place on the road.

Where a vehicle may be (every step along the lanes, the bays, the kerbs with parking) is projected at once, and the
place is taken whose box is most like the wanted one in area, shape and position, if nothing stands there and nobody
would be hidden. Large boxes come first, as what is near decides what else can be seen; of several cameras the one is
taken in which they find the likest places. Places are what the street has: only the choice among them follows the set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.checks import footprint
from scenes.draws import drawn
from scenes.headway import spaced
from scenes.image_box import ImageBox, hidden_share, image_boxes
from scenes.likeness import Box, Crowd
from scenes.lookout import TALLER_BY, draw_camera
from scenes.outline import outline_m
from scenes.spec.place import PlaceKind, Street
from scenes.spec.vehicle import LampName
from scenes.spec.view import Camera
from scenes.spots import Spots, spots
from scenes.station import stand_of
from scenes.traffic import PACE, Traffic
from scenes.vehicle import draw_body, kinds_of

_FILLINGS, _LOOKS, _JUDGED = 3, 6, 3
"""Fillings of a street, cameras that are drawn for each, and the largest boxes by which one of them is taken."""
_MOST, _PLACES = 120, 40
_CLEAR_M = 0.35
_LANE_FOR = (3, 6)
_WIDE: tuple[PlaceKind, ...] = ("street", "crossroads", "t_junction", "dual_carriageway")
"""A second lane each way from four vehicles on, a third from seven on."""
_CROWDED = 7
"""Vehicles from which on only wide roads have room."""
_HIDDEN = 0.75
"""Share of a box behind another's above which annotators would hardly draw it."""
_AREA, _ASPECT, _MIDDLE, _BOTTOM, _BEHIND = 4.0, 2.4, 0.15, 0.4, 2.0
"""What a factor of e in area or shape, the picture's width and height, and being hidden whole weigh, squared."""
_NONE = 9.0
"""What a wanted box costs that no place has."""
_PARKED = 0.3
"""What a place where vehicles stand weighs more than one on a lane."""


class _Wish(NamedTuple):
    """A wanted box, and the body of the vehicle that is to have it."""

    box: Box
    body: dict[str, Any]


class _Stands(NamedTuple):
    """Where vehicles of a kind may stand, their headings and boxes there, and how far away that is, n of each."""

    places_m: NDArray[np.float64]
    headings_deg: NDArray[np.float64]
    boxes: NDArray[np.float64]
    away_m: NDArray[np.float64]


def roomy(places: Mapping[PlaceKind, float], crowd: Crowd) -> Mapping[PlaceKind, float]:
    """Return those of some places that have room for a crowd, with their weights; all, if none has."""
    if crowd.many < _CROWDED:
        return places
    return {kind: weight for kind, weight in places.items() if kind in _WIDE} or places


def with_room(street: Street, crowd: Crowd) -> Street:
    """Return the street with as many lanes as that many vehicles want, where such a place may have them."""
    lanes = 1 + sum(crowd.many > most for most in _LANE_FOR)
    return (
        replace(street, lanes_per_direction=max(lanes, street.lanes_per_direction)) if street.kind in _WIDE else street
    )


def crowded(
    street: Street, crowd: Crowd, rng: np.random.Generator, *, dark: bool, speed_mps: tuple[float, float]
) -> tuple[Traffic, Camera]:
    """Fill a street with vehicles whose boxes are like those of the set; what finds no place at all is left out.

    It is filled a few times over; that one is taken whose boxes' areas, in order of size, are nearest to the wanted.

    Args:
        street: the place; it is widened for many.
        crowd: what is wanted.
        rng: the scene's generator.
        dark: whether all use their lamps.
        speed_mps: range of the camera's vehicle.
    """
    street = with_room(street, crowd)
    fillings = [_filled(street, crowd, chance, dark=dark, speed_mps=speed_mps) for chance in rng.spawn(_FILLINGS)]
    best = min(fillings, key=lambda filling: filling.astray(crowd))
    return best.traffic, best.camera


def _filled(
    street: Street, crowd: Crowd, rng: np.random.Generator, *, dark: bool, speed_mps: tuple[float, float]
) -> _Filling:
    boxes, count = crowd.boxes, min(crowd.many, _MOST)
    traffic = Traffic(street, (), rng, night=dark)
    places = spots(traffic)
    wishes = [
        _Wish(box, draw_body(drawn(kinds_of(box.category), rng), rng))
        for box in (*sorted(boxes[:count], key=lambda box: -box.area), *boxes[count : 2 * count])
    ]
    looks = [draw_camera(street, crowd.vantage, boxes[:count], rng, speed_mps=speed_mps) for _ in range(_LOOKS)]
    judges = wishes[: min(count, _JUDGED)]
    camera = min(looks, key=lambda look: sum(wish.box.area * _best(look, places, wish) for wish in judges))
    stand = stand_of(camera)
    if stand.rides:
        traffic.keep_clear([footprint(camera.x_m + stand.middle_m, camera.y_m, 0.0, stand.length_m, stand.width_m)])
    filling = _Filling(traffic=traffic, camera=camera, spots=places, dark=dark)
    for wish in wishes:
        if len(filling.taken) < count:
            filling.place(wish)
    traffic.vehicles = spaced(traffic.vehicles)
    return filling


@dataclass(frozen=True, kw_only=True)
class _Filling:
    """A street while it is filled: where vehicles may be, and the boxes of those that are there."""

    traffic: Traffic
    camera: Camera
    spots: Spots
    dark: bool
    taken: list[ImageBox] = field(default_factory=list)

    def place(self, wish: _Wish) -> bool:
        """Put a vehicle where its box is most like the wanted one; returns whether there was a place."""
        stands = _stands(self.camera, self.spots, wish.body)
        unlike = _unlike(stands.boxes, wish.box) + np.where(self.spots.moves, 0.0, _PARKED)
        best = np.argsort(unlike)[:_PLACES]  # NaN comes last
        found = [
            (at, ImageBox(*map(float, (*stands.boxes[at], stands.away_m[at]))))
            for at in best
            if np.isfinite(unlike[at])
        ]
        costs = sorted((unlike[at] + _BEHIND * self._hidden(box), at, box) for at, box in found)
        return any(self._take(wish.body, stands, at, box) for cost, at, box in costs if np.isfinite(cost))

    def astray(self, crowd: Crowd) -> float:
        """Return how far the areas of the boxes are from the wanted ones, in order of size; a missing box has none."""
        wanted = sorted((box.area for box in crowd.boxes[: crowd.many]), reverse=True)
        had = sorted(((box.right - box.left) * (box.bottom - box.top) for box in self.taken), reverse=True)
        return sum(abs(one - other) for one, other in zip_longest(wanted, had, fillvalue=0.0))

    def _hidden(self, box: ImageBox) -> float:
        """Return which share of a box is hidden, or of one behind it; infinite if annotators would leave one out."""
        near = [other for other in self.taken if _meet(box, other)]
        worst = hidden_share(box, [other for other in near if other.away_m <= box.away_m])
        for other in near:
            if other.away_m > box.away_m:
                before = [one for one in self.taken if one.away_m < other.away_m and _meet(one, other)]
                worst = max(worst, hidden_share(other, [*before, box]))
        return float("inf") if worst > _HIDDEN else worst**2

    def _take(self, body: dict[str, Any], stands: _Stands, at: int, box: ImageBox) -> bool:
        spots = self.spots
        moves, heading = bool(spots.moves[at]), float(stands.headings_deg[at])
        speed = float(self.traffic.rng.uniform(1, 11)) * PACE.get(body["kind"], 1.0) if moves else 0.0
        lamps = self._lamps(ahead=bool(spots.ahead[at])) if moves else ()
        x, y = (float(part) for part in stands.places_m[at])
        if not self.traffic.place(body, x, y, heading, speed_mps=speed, lamps=lamps):
            return False
        self.taken.append(box)
        return True

    def _lamps(self, *, ahead: bool) -> tuple[LampName, ...]:
        lamps: tuple[LampName, ...] = ("head", "tail") if self.dark or self.traffic.rng.random() < 0.45 else ()
        return (*(lamps or ("tail",)), "brake") if ahead and self.traffic.rng.random() < 0.35 else lamps


def _stands(camera: Camera, places: Spots, body: Mapping[str, Any]) -> _Stands:
    kind, length, width, height = (body[name] for name in ("kind", "length_m", "width_m", "height_m"))
    places_m, headings = places.places_m(width), places.headings_deg(length)
    outline = outline_m(kind, length_m=length, width_m=width, height_m=height)
    boxes = image_boxes(camera, places_m, headings, outline, taller_by=TALLER_BY)
    boxes[_in_carrier(camera, places_m, headings, length, width)] = np.nan
    return _Stands(places_m, headings, boxes, np.hypot(*(places_m - (camera.x_m, camera.y_m)).T))


def _best(camera: Camera, places: Spots, wish: _Wish) -> float:
    """Return how far the box of the best place is from the wanted one."""
    unlike = _unlike(_stands(camera, places, wish.body).boxes, wish.box)
    return float(np.fmin.reduce(unlike, initial=_NONE))


def _in_carrier(
    camera: Camera, places_m: NDArray[np.float64], headings_deg: NDArray[np.float64], length_m: float, width_m: float
) -> NDArray[np.bool_]:
    """Return at which places a vehicle would stand in that which carries the camera, by their extents along x and y."""
    stand, turn = stand_of(camera), np.radians(headings_deg)
    if not stand.rides:
        return np.zeros(len(places_m), dtype=np.bool_)
    x, y = np.abs(places_m - (camera.x_m + stand.middle_m, camera.y_m)).T
    cos, sin = np.abs(np.cos(turn)), np.abs(np.sin(turn))
    long, wide = length_m + 2 * _CLEAR_M, width_m + 2 * _CLEAR_M
    deep, broad = long * cos + wide * sin + stand.length_m, wide * cos + long * sin + stand.width_m
    inside: NDArray[np.bool_] = (x < deep / 2) & (y < broad / 2)
    return inside


def _unlike(boxes: NDArray[np.float64], wish: Box) -> NDArray[np.float64]:
    """Return how far boxes (n, 4) are from the wanted one; NaN out of the picture."""
    left, top, right, bottom = boxes.T
    wide, high = right - left, bottom - top
    unlike: NDArray[np.float64] = (
        _AREA * np.log(wide * high / wish.area) ** 2
        + _ASPECT * np.log(wide / (high * TALLER_BY) / wish.aspect) ** 2
        + _MIDDLE * ((left + right) / 2 - wish.middle) ** 2
        + _BOTTOM * (bottom - wish.bottom) ** 2
    )
    return unlike


def _meet(one: ImageBox, other: ImageBox) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
