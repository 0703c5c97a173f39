"""Cameras that stand as those of a labelled set: as high, with the horizon where it is, on what carries such lenses."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan, atan2, degrees, radians, sqrt, tan
from typing import NamedTuple

import numpy as np

from scenes.likeness import Box
from scenes.road import lane_y_m
from scenes.spec.place import Street
from scenes.spec.view import Camera, Station
from scenes.vantage import Vantage
from scenes.vehicle import typical_height_m

TALLER_BY = 0.6
"""Height over width of the pictures that `render=final` makes."""
_BUMPER_M, _NARROWEST_DEG = 3.5, 34.0
"""From a lens behind a windscreen to the nearest vehicle ahead, with room to spare; and the narrowest view drawn."""
_YAW_SD_DEG = 6.0


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


def _focal(hfov_deg: float) -> float:
    """Return the focal length in heights of the picture."""
    return 0.5 / (tan(radians(hfov_deg / 2)) * TALLER_BY)


def _tallness(box: Box) -> float:
    """Return the height, in heights of the picture, that a box or a square of its area has."""
    return max(min(box.height, 1.0), sqrt(box.area / TALLER_BY))


def _hfov_deg(focal: float) -> float:
    """Return how wide a focal length in heights of the picture sees; at most 180."""
    return 2 * degrees(atan2(0.5, focal * TALLER_BY))


def _held(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])
