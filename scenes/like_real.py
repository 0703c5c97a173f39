"""Traffic that fills the picture as a real set's does: a wanted box becomes a class, a distance, a place on the road.

Heights of boxes give distances, the picture's horizon gives the camera's pitch, and lower edges follow from both. Large
boxes are placed first, the others as they are drawn; a place where one vehicle would hide most of another, or where
there is no ground, is not taken. What finds no place at its size is tried somewhat smaller and larger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan, cos, degrees, radians, sin, sqrt, tan
from typing import NamedTuple

import numpy as np

from scenes.checks import Footprint, footprint
from scenes.draws import drawn
from scenes.headway import spaced
from scenes.image_box import Extent, ImageBox, hidden_share, image_box
from scenes.likeness import BANDS, Likeness
from scenes.road import lane_side, lane_y_m, parked_y_m
from scenes.spec import Camera, LampName, Street
from scenes.station import stand_of
from scenes.traffic import PACE, Traffic
from scenes.vehicle import FLEET, kinds_of

_TALLER_BY = 0.6
"""Height over width of the pictures that `render=final` makes."""
_HFOV_DEG, _PITCH_LIMIT_DEG = (58.0, 78.0), 15.0
_NEAREST_M, _FARTHEST_M = 2.5, 180.0
_LARGE = 0.4
"""Share of the picture's height from which a box is placed before all others: later it finds no place. By trial."""
_STEP_M, _WITHIN, _BESIDE_M = 1.5, 0.08, 8.0
_MOST, _PLACES = 40, 30
_CHANGES = (1.0, 0.85, 1.18, 0.7, 1.4, 0.55)
"""Of the wanted size, tried in turn."""
_LANE_FOR = (3, 6)
_WIDE = ("street", "crossroads", "t_junction", "dual_carriageway")
"""A second lane each way from four vehicles on, a third from seven on."""
_HIDDEN = 0.75
"""Share of a box behind another's above which annotators would hardly draw it."""
_PARKED = 0.5
"""How often a place where vehicles stand is taken, against one on a lane."""


class Spot(NamedTuple):
    """A place that a vehicle may take, in a lane of some width; `ahead` says that traffic there has our direction."""

    x_m: float
    y_m: float
    heading_deg: float
    width_m: float
    moves: bool
    ahead: bool


def draw_camera(
    street: Street, likeness: Likeness, rng: np.random.Generator, *, speed_mps: tuple[float, float]
) -> Camera:
    """Draw a dashcam whose level horizon lies where that of one of the real pictures does."""
    hfov = round(float(rng.uniform(*_HFOV_DEG)), 1)
    horizon = _quantile(likeness.horizons, rng.random())
    pitch = degrees(atan((horizon - 0.5) / _focal(hfov)))
    return Camera(
        name="dashcam",
        x_m=-0.9,
        y_m=round(lane_y_m(street, 1) + float(rng.normal(0, 0.25)), 3),
        z_m=round(likeness.lens_m, 3),
        yaw_deg=round(float(rng.normal(0, 1.5)), 2),
        pitch_deg=round(min(max(pitch, -_PITCH_LIMIT_DEG), _PITCH_LIMIT_DEG), 2),
        roll_deg=round(float(rng.normal(0, 0.6)), 2),
        hfov_deg=hfov,
        speed_mps=round(float(rng.uniform(*speed_mps)), 2),
    )


def how_many(likeness: Likeness, crowd: float) -> int:
    """Return the vehicles in a picture; `crowd` in [0, 1] is its rank among the set's pictures."""
    return min(round(_quantile(likeness.counts, crowd)), _MOST)


def with_room(street: Street, many: int) -> Street:
    """Return the street with as many lanes as that many vehicles want, where such a place may have them."""
    lanes = 1 + sum(many > most for most in _LANE_FOR)
    return (
        replace(street, lanes_per_direction=max(lanes, street.lanes_per_direction)) if street.kind in _WIDE else street
    )


def populate(
    traffic: Traffic, likeness: Likeness, camera: Camera, rng: np.random.Generator, *, crowd: float, dark: bool
) -> None:
    """Add vehicles whose boxes are those of a picture of the set; what finds no place at all is left out.

    Args:
        traffic: the street to fill.
        likeness: the set's traffic.
        camera: of the scene.
        rng: the scene's generator.
        crowd: rank of the picture among the set's by the number of vehicles, in [0, 1].
        dark: whether all use their lamps.
    """
    traffic.keep_clear([_ego(camera)])
    filling = _Filling(traffic=traffic, camera=camera, spots=_spots(traffic), taken=[], rng=rng, dark=dark)
    band = min(int(crowd * BANDS), BANDS - 1)
    wanted = [_wish(likeness, band, rng) for _ in range(how_many(likeness, crowd))]
    for category, height in sorted(wanted, key=lambda wish: wish[1] < _LARGE):
        kind = drawn(kinds_of(category), rng)
        any(filling.place(kind, height * change) for change in _CHANGES)
    traffic.vehicles = spaced(traffic.vehicles)


def _ego(camera: Camera) -> Footprint:
    stand = stand_of(camera)
    return footprint(camera.x_m + stand.middle_m, camera.y_m, 0.0, stand.length_m, stand.width_m)


def _wish(likeness: Likeness, band: int, rng: np.random.Generator) -> tuple[str, float]:
    category = drawn(likeness.shares, rng)
    return category, max(_quantile(likeness.sizes[category][band], rng.random()) / sqrt(_TALLER_BY), 1e-3)


@dataclass(frozen=True, kw_only=True)
class _Filling:
    """A street while it is filled: where vehicles may be, and the boxes of those that are there."""

    traffic: Traffic
    camera: Camera
    spots: list[Spot]
    taken: list[ImageBox]
    rng: np.random.Generator
    dark: bool

    def place(self, kind: str, height: float) -> bool:
        """Put a vehicle where its box is that high, as a share of the picture; returns whether there was a place."""
        fleet = FLEET[kind]
        extent = Extent(*(sum(span) / 2 for span in (fleet.length_m, fleet.width_m, fleet.height_m)))
        away_m = min(max(_focal(self.camera.hfov_deg) * extent.height_m / height, _NEAREST_M), _FARTHEST_M)
        fitting = [spot for spot in self.spots if _fits(spot, self.camera, extent, away_m)]
        tries = range(min(_PLACES, len(fitting)))
        return any(self._take(fitting[int(self.rng.integers(len(fitting)))], kind, extent) for _ in tries)

    def _take(self, spot: Spot, kind: str, extent: Extent) -> bool:
        if not spot.moves and self.rng.random() > _PARKED:
            return False
        x, y = _aside(spot, extent, self.rng)
        box = image_box(self.camera, (x, y), spot.heading_deg, extent, taller_by=_TALLER_BY)
        if box is None or _hides(box, self.taken):
            return False
        speed, lamps = _speed(spot, kind, self.rng), _lamps(spot, self.rng, dark=self.dark)
        if not self.traffic.add(kind, x, y, spot.heading_deg, speed_mps=speed, lamps=lamps):
            return False
        self.taken.append(box)
        return True


def _fits(spot: Spot, camera: Camera, extent: Extent, away_m: float) -> bool:
    """Return whether a vehicle here has its nearest face at the wanted distance and is in the picture."""
    turn, yaw = radians(spot.heading_deg), radians(camera.yaw_deg)
    x, y = spot.x_m - camera.x_m, spot.y_m - camera.y_m
    deep_m = (extent.length_m * abs(cos(turn)) + extent.width_m * abs(sin(turn))) / 2
    level_m, left_m = x * cos(yaw) + y * sin(yaw), y * cos(yaw) - x * sin(yaw)
    near = abs(level_m - deep_m - away_m) < max(_WITHIN * away_m, 0.7)
    return near and abs(left_m) < (level_m + deep_m / 2) * tan(radians(camera.hfov_deg / 2))


def _hides(box: ImageBox, taken: list[ImageBox]) -> bool:
    """Return whether nearer boxes hide most of this one, or it most of a farther one."""
    if hidden_share(box, [other for other in taken if other.away_m <= box.away_m]) > _HIDDEN:
        return True
    return any(hidden_share(other, [box]) > _HIDDEN for other in taken if other.away_m > box.away_m)


def _spots(traffic: Traffic) -> list[Spot]:
    """Return where vehicles may be: every step along the lanes, the bays, and the kerbs where cars may park."""
    street, plan = traffic.street, traffic.plan
    open_m = street.road_half_width_m + _BESIDE_M
    found = [Spot(x, y, heading, 0.0, moves=False, ahead=False) for x, y, heading in plan.bays]
    for lane in plan.lanes:
        for along in np.arange(0.0, lane.length_m, _STEP_M):
            at = lane.at(float(along))
            found.append(Spot(*at, lane.width_m, moves=True, ahead=lane.role == "same"))
    for side in (-1, 1) if street.parking_lane else ():
        heading, y = 0.0 if side == lane_side(street) else 180.0, parked_y_m(street, side)
        found += [Spot(float(x), y, heading, 0.0, moves=False, ahead=False) for x in np.arange(4.5, 90.0, _STEP_M)]
    return [spot for spot in found if 0 < spot.x_m < _FARTHEST_M and abs(spot.y_m) < open_m]


def _aside(spot: Spot, extent: Extent, rng: np.random.Generator) -> tuple[float, float]:
    """Return a place beside a spot: as far off the middle of the lane as a vehicle of this width leaves room."""
    spare = max(spot.width_m - extent.width_m, 0.1) / 2
    off, turn = float(rng.uniform(-spare, spare)), radians(spot.heading_deg)
    return spot.x_m - off * sin(turn), spot.y_m + off * cos(turn)


def _speed(spot: Spot, kind: str, rng: np.random.Generator) -> float:
    return float(rng.uniform(1, 11)) * PACE.get(kind, 1.0) if spot.moves else 0.0


def _lamps(spot: Spot, rng: np.random.Generator, *, dark: bool) -> tuple[LampName, ...]:
    if not spot.moves:
        return ()
    lamps: tuple[LampName, ...] = ("head", "tail") if dark or rng.random() < 0.45 else ()
    return (*(lamps or ("tail",)), "brake") if spot.ahead and rng.random() < 0.35 else lamps


def _focal(hfov_deg: float) -> float:
    """Return the focal length in heights of the picture."""
    return 0.5 / (tan(radians(hfov_deg / 2)) * _TALLER_BY)


def _quantile(steps: tuple[float, ...], rank: float) -> float:
    """Read quantiles at even steps."""
    return float(np.interp(rank, np.linspace(0, 1, len(steps)), steps))
