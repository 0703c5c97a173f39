"""Traffic that fills the picture as a real set's does: each wanted box becomes a vehicle at a place on the road.

Where a vehicle may be (every step along the lanes, the bays, the kerbs with parking) is projected at once, and the
place is taken whose box is most like the wanted one in area, shape and position, if nothing stands there and nobody
would be hidden. Large boxes come first, as what is near decides what else can be seen. Places are what the street has:
only the choice among them follows the set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import atan, cos, degrees, radians, sin, tan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.checks import footprint
from scenes.draws import drawn
from scenes.headway import spaced
from scenes.image_box import Extent, ImageBox, hidden_share, image_boxes
from scenes.likeness import Box, Crowd
from scenes.road import lane_side, lane_y_m, parked_y_m
from scenes.spec import Camera, LampName, PlaceKind, Station, Street
from scenes.station import stand_of
from scenes.traffic import PACE, Traffic
from scenes.vantage import Vantage
from scenes.vehicle import FLEET, kinds_of

_TALLER_BY = 0.6
"""Height over width of the pictures that `render=final` makes."""
_NEAREST_M, _FARTHEST_M, _BESIDE_M = 0.5, 180.0, 8.0
_STEP_M, _FINE_M, _FINE_TO_M = 1.5, 0.5, 24.0
"""Steps along a lane; finer up close, where a step changes a box more."""
_MOST, _PLACES = 120, 40
_LANE_FOR = (3, 6)
_WIDE: tuple[PlaceKind, ...] = ("street", "crossroads", "t_junction", "dual_carriageway")
"""A second lane each way from four vehicles on, a third from seven on."""
_CROWDED = 12
"""Vehicles from which on only wide roads have room."""
_HIDDEN = 0.75
"""Share of a box behind another's above which annotators would hardly draw it."""
_AREA, _ASPECT, _MIDDLE, _BOTTOM, _BEHIND = 1.0, 0.7, 0.15, 0.4, 1.0
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


@dataclass(frozen=True, kw_only=True)
class _Spots:
    """Places that a vehicle may take, in lanes of some width, n of each.

    `moves` tells lanes from bays and kerbs, `ahead` that traffic there has our direction; `aside` in [-1, 1] is how far
    off the middle a vehicle goes, over what its width leaves it.
    """

    xy_m: NDArray[np.float64]
    heading_deg: NDArray[np.float64]
    width_m: NDArray[np.float64]
    moves: NDArray[np.bool_]
    ahead: NDArray[np.bool_]
    aside: NDArray[np.float64]

    def places_m(self, width_m: float) -> NDArray[np.float64]:
        """Return where vehicles of some width have their middle, (n, 2)."""
        off, turn = self.aside * np.maximum(self.width_m - width_m, 0.1) / 2, np.radians(self.heading_deg)
        return self.xy_m + np.stack([-off * np.sin(turn), off * np.cos(turn)], axis=1)


def draw_camera(
    street: Street, vantage: Vantage, rng: np.random.Generator, *, speed_mps: tuple[float, float]
) -> Camera:
    """Draw a camera as high as that of a real picture, whose level horizon lies where the picture's does."""
    rig = min(_RIGS, key=lambda one: abs(_held(vantage.lens_m, one.height_m) - vantage.lens_m))
    hfov, rides = round(float(rng.uniform(*rig.hfov_deg)), 1), rig.station != "gantry"
    pitch = degrees(atan((vantage.horizon - 0.5) / _focal(hfov)))
    beside = rng.normal(0, 0.25) if rides else rng.uniform(-1, 1) * street.lane_width_m
    return Camera(
        name=rig.name,
        x_m=-0.9 if rides else 0.0,
        y_m=round(lane_y_m(street, 1) + float(beside), 3),
        z_m=round(_held(vantage.lens_m, rig.height_m), 3),
        yaw_deg=round(float(rng.normal(0, 1.5 if rides else 4.0)), 2),
        pitch_deg=round(_held(pitch, rig.pitch_deg), 2),
        roll_deg=round(float(rng.normal(0, 0.6)), 2),
        hfov_deg=hfov,
        speed_mps=round(float(rng.uniform(*speed_mps)), 2) if rides else 0.0,
        station=rig.station,
    )


def roomy(places: Mapping[PlaceKind, float], crowd: Crowd) -> Mapping[PlaceKind, float]:
    """Return those of some places that have room for a crowd, with their weights; all, if none has."""
    if crowd.count < _CROWDED:
        return places
    return {kind: weight for kind, weight in places.items() if kind in _WIDE} or places


def with_room(street: Street, crowd: Crowd) -> Street:
    """Return the street with as many lanes as that many vehicles want, where such a place may have them."""
    lanes = 1 + sum(crowd.count > most for most in _LANE_FOR)
    return (
        replace(street, lanes_per_direction=max(lanes, street.lanes_per_direction)) if street.kind in _WIDE else street
    )


def populate(traffic: Traffic, crowd: Crowd, camera: Camera, rng: np.random.Generator, *, dark: bool) -> None:
    """Add vehicles whose boxes are like those of the set; what finds no place at all is left out.

    Args:
        traffic: the street to fill.
        crowd: what is wanted.
        camera: of the scene.
        rng: the scene's generator.
        dark: whether all use their lamps.
    """
    stand = stand_of(camera)
    if stand.rides:
        traffic.keep_clear(
            [footprint(camera.x_m + stand.middle_m, camera.y_m, 0.0, stand.length_m, stand.width_m)]
        )
    filling = _Filling(traffic=traffic, camera=camera, spots=_spots(traffic, rng), rng=rng, dark=dark)
    wanted = rng.permutation(len(crowd.boxes))[: min(crowd.count, _MOST)]
    for at in sorted(wanted, key=lambda one: -crowd.boxes[one].area):
        filling.place(crowd.boxes[at])
    traffic.vehicles = spaced(traffic.vehicles)


@dataclass(frozen=True, kw_only=True)
class _Filling:
    """A street while it is filled: where vehicles may be, and the boxes of those that are there."""

    traffic: Traffic
    camera: Camera
    spots: _Spots
    rng: np.random.Generator
    dark: bool
    taken: list[ImageBox] = field(default_factory=list)
    _seen: dict[str, tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]] = field(default_factory=dict)

    def place(self, wish: Box) -> bool:
        """Put a vehicle where its box is most like the wanted one; returns whether there was a place."""
        kind = drawn(kinds_of(wish.category), self.rng)
        places, boxes, away = self._boxes(kind)
        unlike = _unlike(boxes, wish) + np.where(self.spots.moves, 0.0, _PARKED)
        best = np.argsort(unlike)[:_PLACES]  # NaN comes last
        found = [(at, ImageBox(*boxes[at], float(away[at]))) for at in best if np.isfinite(unlike[at])]
        costs = [(unlike[at] + _BEHIND * self._hidden(box), at, box) for at, box in found]
        return any(self._take(kind, at, places[at], box) for cost, at, box in sorted(costs) if np.isfinite(cost))

    def _boxes(self, kind: str) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return where vehicles of a kind may stand, their boxes there, and how far away that is."""
        if kind not in self._seen:
            fleet = FLEET[kind]
            extent = Extent(*(sum(span) / 2 for span in (fleet.length_m, fleet.width_m, fleet.height_m)))
            places = self.spots.places_m(extent.width_m)
            boxes = image_boxes(self.camera, places, self.spots.heading_deg, extent, taller_by=_TALLER_BY)
            away = np.hypot(*(places - (self.camera.x_m, self.camera.y_m)).T)
            self._seen[kind] = places, boxes, away
        return self._seen[kind]

    def _hidden(self, box: ImageBox) -> float:
        """Return which share of a box is hidden, or of one behind it; infinite if annotators would leave one out."""
        near = [other for other in self.taken if _meet(box, other)]
        share = hidden_share(box, [other for other in near if other.away_m <= box.away_m])
        behind = (hidden_share(other, [box]) for other in near if other.away_m > box.away_m)
        worst = max((share, *behind))
        return float("inf") if worst > _HIDDEN else worst**2

    def _take(self, kind: str, at: int, place_m: NDArray[np.float64], box: ImageBox) -> bool:
        spots = self.spots
        moves, heading = bool(spots.moves[at]), float(spots.heading_deg[at])
        speed = float(self.rng.uniform(1, 11)) * PACE.get(kind, 1.0) if moves else 0.0
        lamps = self._lamps(ahead=bool(spots.ahead[at])) if moves else ()
        x, y = (float(part) for part in place_m)
        if not self.traffic.add(kind, x, y, heading, speed_mps=speed, lamps=lamps):
            return False
        self.taken.append(box)
        return True

    def _lamps(self, *, ahead: bool) -> tuple[LampName, ...]:
        lamps: tuple[LampName, ...] = ("head", "tail") if self.dark or self.rng.random() < 0.45 else ()
        return (*(lamps or ("tail",)), "brake") if ahead and self.rng.random() < 0.35 else lamps


def _unlike(boxes: NDArray[np.float64], wish: Box) -> NDArray[np.float64]:
    """Return how far boxes (n, 4) are from the wanted one; NaN out of the picture."""
    left, top, right, bottom = boxes.T
    wide, high = right - left, bottom - top
    return (
        _AREA * np.log(wide * high / wish.area) ** 2
        + _ASPECT * np.log(wide / (high * _TALLER_BY) / wish.aspect) ** 2
        + _MIDDLE * ((left + right) / 2 - wish.middle) ** 2
        + _BOTTOM * (bottom - wish.bottom) ** 2
    )


def _meet(one: ImageBox, other: ImageBox) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _spots(traffic: Traffic, rng: np.random.Generator) -> _Spots:
    """Return where vehicles may be: every step along the lanes, the bays, and the kerbs where cars may park."""
    street, plan = traffic.street, traffic.plan
    rows = [(x, y, heading, 0.0, False, False) for x, y, heading in plan.bays]
    steps = np.concatenate([np.arange(0, _FINE_TO_M, _FINE_M), np.arange(_FINE_TO_M, _FARTHEST_M, _STEP_M)])
    for lane in plan.lanes:
        begin = lane.path_m[0][0]
        along = np.abs(steps - begin) if lane.role in ("same", "oncoming") else np.arange(0, lane.length_m, _STEP_M)
        rows += [
            (*lane.at(float(at)), lane.width_m, True, lane.role == "same") for at in along if at <= lane.length_m
        ]
    for side in (-1, 1) if street.parking_lane else ():
        heading, y = 0.0 if side == lane_side(street) else 180.0, parked_y_m(street, side)
        rows += [(float(x), y, heading, 0.0, False, False) for x in np.arange(4.5, 90.0, _STEP_M)]
    table = np.array(rows, dtype=float).reshape(-1, 6)
    x, y = table[:, 0], table[:, 1]
    open_m = street.road_half_width_m + _BESIDE_M
    table = table[(x > _NEAREST_M) & (x < _FARTHEST_M) & (np.abs(y) < open_m)]
    slips = rng.normal(0, 1.2, len(table))
    return _Spots(
        xy_m=table[:, :2],
        heading_deg=table[:, 2] + slips,
        width_m=table[:, 3],
        moves=table[:, 4] > 0,
        ahead=table[:, 5] > 0,
        aside=rng.uniform(-1, 1, len(table)),
    )


def _focal(hfov_deg: float) -> float:
    """Return the focal length in heights of the picture."""
    return 0.5 / (tan(radians(hfov_deg / 2)) * _TALLER_BY)


def _held(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])
