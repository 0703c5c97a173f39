"""Traffic that fills the picture as a real set's does: each wanted box becomes a vehicle at a place on the road.

Where a vehicle may be (every step along the lanes, the bays, the kerbs with parking) is projected at once, and the
place is taken whose box is most like the wanted one in area, shape and position, if nothing stands there and nobody
would be hidden. Large boxes come first, as what is near decides what else can be seen. Places are what the street has:
only the choice among them follows the set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import atan, atan2, degrees, radians, sqrt, tan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.checks import footprint
from scenes.draws import drawn
from scenes.headway import spaced
from scenes.image_box import Extent, ImageBox, hidden_share, image_boxes
from scenes.likeness import Box, Crowd
from scenes.road import lane_y_m
from scenes.spec import Camera, LampName, PlaceKind, Station, Street
from scenes.spots import Spots, spots
from scenes.station import stand_of
from scenes.traffic import PACE, Traffic
from scenes.vantage import Vantage
from scenes.vehicle import FLEET, kinds_of, typical_height_m

_TALLER_BY = 0.6
"""Height over width of the pictures that `render=final` makes."""
_MOST, _PLACES = 120, 40
_CLEAR_M = 0.35
_BUMPER_M, _NARROWEST_DEG = 2.8, 34.0
"""From a lens behind a windscreen to the nearest bumper ahead; and the narrowest view that is drawn."""
_YAW_SD_DEG = 6.0
_LANE_FOR = (3, 6)
_WIDE: tuple[PlaceKind, ...] = ("street", "crossroads", "t_junction", "dual_carriageway")
"""A second lane each way from four vehicles on, a third from seven on."""
_CROWDED = 7
"""Vehicles from which on only wide roads have room."""
_HIDDEN = 0.75
"""Share of a box behind another's above which annotators would hardly draw it."""
_AREA, _ASPECT, _MIDDLE, _BOTTOM, _BEHIND = 2.0, 0.7, 0.15, 0.4, 1.0
"""What a factor of e in area or shape, the picture's width and height, and being hidden whole weigh, squared."""
_PARKED = 0.3
"""What a place where vehicles stand weighs more than one on a lane."""


class _Rig(NamedTuple):
    name: str
    station: Station
    height_m: tuple[float, float]
    hfov_deg: tuple[float, float]
    pitch_deg: tuple[float, float]


_RIGS = (
    _Rig("dashcam", "windscreen", (1.1, 1.95), (58.0, 78.0), (-15.0, 15.0)),
    _Rig("truck_cab", "cab", (2.1, 3.0), (58.0, 78.0), (-20.0, 15.0)),
    _Rig("overhead_cctv", "gantry", (4.5, 12.0), (34.0, 66.0), (-45.0, 15.0)),
)
"""What carries a lens of some height: cars and vans, lorries and buses, and bridges and gantries over the lanes."""


class _Stands(NamedTuple):
    """Where vehicles of a kind may stand, their headings and boxes there, and how far away that is, n of each."""

    places_m: NDArray[np.float64]
    headings_deg: NDArray[np.float64]
    boxes: NDArray[np.float64]
    away_m: NDArray[np.float64]


def draw_camera(
    street: Street, vantage: Vantage, boxes: Sequence[Box], rng: np.random.Generator, *, speed_mps: tuple[float, float]
) -> Camera:
    """Draw a camera as high as that of a real picture, whose level horizon lies where the picture's does.

    Boxes do not tell how wide it sees, but for a large one: no vehicle is nearer than the bonnet before it.
    """
    rig = min(_RIGS, key=lambda one: abs(_held(vantage.lens_m, one.height_m) - vantage.lens_m))
    rides = rig.station != "gantry"
    nearness = max((_tallness(box) / typical_height_m(box.category) for box in boxes), default=0.0)
    widest = _hfov_deg(_BUMPER_M * nearness) if rides else 180.0
    hfov = round(max(min(float(rng.uniform(*rig.hfov_deg)), widest), _NARROWEST_DEG), 1)
    pitch = degrees(atan((vantage.horizon - 0.5) / _focal(hfov)))
    beside = rng.normal(0, 0.25) if rides else rng.uniform(-1, 1) * street.lane_width_m
    return Camera(
        name=rig.name,
        x_m=-0.9 if rides else 0.0,
        y_m=round(lane_y_m(street, 1) + float(beside), 3),
        z_m=round(_held(vantage.lens_m, rig.height_m), 3),
        yaw_deg=round(float(rng.normal(0, _YAW_SD_DEG)), 2),
        pitch_deg=round(_held(pitch, rig.pitch_deg), 2),
        roll_deg=round(float(rng.normal(0, 0.6)), 2),
        hfov_deg=hfov,
        speed_mps=round(float(rng.uniform(*speed_mps)), 2) if rides else 0.0,
        station=rig.station,
    )


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

    Args:
        street: the place; it is widened for many.
        crowd: what is wanted.
        rng: the scene's generator.
        dark: whether all use their lamps.
        speed_mps: range of the camera's vehicle.
    """
    street = with_room(street, crowd)
    boxes, count = [crowd.boxes[at] for at in rng.permutation(len(crowd.boxes))], min(crowd.many, _MOST)
    camera = draw_camera(street, crowd.vantage, boxes[:count], rng, speed_mps=speed_mps)
    traffic = Traffic(street, (), rng, night=dark)
    stand = stand_of(camera)
    if stand.rides:
        traffic.keep_clear([footprint(camera.x_m + stand.middle_m, camera.y_m, 0.0, stand.length_m, stand.width_m)])
    filling = _Filling(traffic=traffic, camera=camera, spots=spots(traffic), dark=dark)
    for wish in (*sorted(boxes[:count], key=lambda box: -box.area), *boxes[count : 2 * count]):
        if len(filling.taken) < count:
            filling.place(wish)
    traffic.vehicles = spaced(traffic.vehicles)
    return traffic, camera


@dataclass(frozen=True, kw_only=True)
class _Filling:
    """A street while it is filled: where vehicles may be, and the boxes of those that are there."""

    traffic: Traffic
    camera: Camera
    spots: Spots
    dark: bool
    taken: list[ImageBox] = field(default_factory=list)
    _seen: dict[str, _Stands] = field(default_factory=dict)

    def place(self, wish: Box) -> bool:
        """Put a vehicle where its box is most like the wanted one; returns whether there was a place."""
        kind = drawn(kinds_of(wish.category), self.traffic.rng)
        stands = self._stands(kind)
        unlike = _unlike(stands.boxes, wish) + np.where(self.spots.moves, 0.0, _PARKED)
        best = np.argsort(unlike)[:_PLACES]  # NaN comes last
        found = [
            (at, ImageBox(*map(float, (*stands.boxes[at], stands.away_m[at]))))
            for at in best
            if np.isfinite(unlike[at])
        ]
        costs = sorted((unlike[at] + _BEHIND * self._hidden(box), at, box) for at, box in found)
        return any(self._take(kind, at, box) for cost, at, box in costs if np.isfinite(cost))

    def _stands(self, kind: str) -> _Stands:
        if kind not in self._seen:
            fleet = FLEET[kind]
            extent = Extent(*(sum(span) / 2 for span in (fleet.length_m, fleet.width_m, fleet.height_m)))
            places, headings = self.spots.places_m(extent.width_m), self.spots.headings_deg(extent.length_m)
            boxes = image_boxes(self.camera, places, headings, extent, taller_by=_TALLER_BY)
            boxes[_in_carrier(self.camera, places, headings, extent)] = np.nan
            away = np.hypot(*(places - (self.camera.x_m, self.camera.y_m)).T)
            self._seen[kind] = _Stands(places, headings, boxes, away)
        return self._seen[kind]

    def _hidden(self, box: ImageBox) -> float:
        """Return which share of a box is hidden, or of one behind it; infinite if annotators would leave one out."""
        near = [other for other in self.taken if _meet(box, other)]
        worst = hidden_share(box, [other for other in near if other.away_m <= box.away_m])
        for other in near:
            if other.away_m > box.away_m:
                before = [one for one in self.taken if one.away_m < other.away_m and _meet(one, other)]
                worst = max(worst, hidden_share(other, [*before, box]))
        return float("inf") if worst > _HIDDEN else worst**2

    def _take(self, kind: str, at: int, box: ImageBox) -> bool:
        spots, stands = self.spots, self._stands(kind)
        moves, heading = bool(spots.moves[at]), float(stands.headings_deg[at])
        speed = float(self.traffic.rng.uniform(1, 11)) * PACE.get(kind, 1.0) if moves else 0.0
        lamps = self._lamps(ahead=bool(spots.ahead[at])) if moves else ()
        x, y = (float(part) for part in stands.places_m[at])
        if not self.traffic.add(kind, x, y, heading, speed_mps=speed, lamps=lamps):
            return False
        self.taken.append(box)
        return True

    def _lamps(self, *, ahead: bool) -> tuple[LampName, ...]:
        lamps: tuple[LampName, ...] = ("head", "tail") if self.dark or self.traffic.rng.random() < 0.45 else ()
        return (*(lamps or ("tail",)), "brake") if ahead and self.traffic.rng.random() < 0.35 else lamps


def _in_carrier(
    camera: Camera, places_m: NDArray[np.float64], headings_deg: NDArray[np.float64], extent: Extent
) -> NDArray[np.bool_]:
    """Return at which places a vehicle would stand in that which carries the camera, by their extents along x and y."""
    stand, turn = stand_of(camera), np.radians(headings_deg)
    if not stand.rides:
        return np.zeros(len(places_m), dtype=np.bool_)
    x, y = np.abs(places_m - (camera.x_m + stand.middle_m, camera.y_m)).T
    cos, sin = np.abs(np.cos(turn)), np.abs(np.sin(turn))
    long, wide = extent.length_m + 2 * _CLEAR_M, extent.width_m + 2 * _CLEAR_M
    deep, broad = long * cos + wide * sin + stand.length_m, wide * cos + long * sin + stand.width_m
    inside: NDArray[np.bool_] = (x < deep / 2) & (y < broad / 2)
    return inside


def _unlike(boxes: NDArray[np.float64], wish: Box) -> NDArray[np.float64]:
    """Return how far boxes (n, 4) are from the wanted one; NaN out of the picture."""
    left, top, right, bottom = boxes.T
    wide, high = right - left, bottom - top
    unlike: NDArray[np.float64] = (
        _AREA * np.log(wide * high / wish.area) ** 2
        + _ASPECT * np.log(wide / (high * _TALLER_BY) / wish.aspect) ** 2
        + _MIDDLE * ((left + right) / 2 - wish.middle) ** 2
        + _BOTTOM * (bottom - wish.bottom) ** 2
    )
    return unlike


def _meet(one: ImageBox, other: ImageBox) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _focal(hfov_deg: float) -> float:
    """Return the focal length in heights of the picture."""
    return 0.5 / (tan(radians(hfov_deg / 2)) * _TALLER_BY)


def _tallness(box: Box) -> float:
    """Return the height, in heights of the picture, that a box or a square of its area has."""
    return max(min(box.height, 1.0), sqrt(box.area / _TALLER_BY))


def _hfov_deg(focal: float) -> float:
    """Return how wide a focal length in heights of the picture sees; at most 180."""
    return 2 * degrees(atan2(0.5, focal * _TALLER_BY))


def _held(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])
