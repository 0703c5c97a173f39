"""Where the picture is taken from: rigs by name, from `conf/camera`, and how a camera is drawn from one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from math import atan2, degrees, hypot, inf
from types import MappingProxyType
from typing import Annotated, Literal

import numpy as np
from pydantic import ConfigDict, ValidatorFunctionWrapHandler, WrapValidator

from scenes.draws import check_weights, drawn, one_of
from scenes.errors import InputError
from scenes.lens import LensShape
from scenes.road import lane_side, lane_y_m
from scenes.seeds import generator
from scenes.spec.place import Street
from scenes.spec.scene import SceneSpec
from scenes.spec.view import Camera, Station
from scenes.station import STANDS

Range = tuple[float, float]
Normal = tuple[float, float]
_STRICT = ConfigDict(extra="forbid")
_AIMED_AT_M = 1.0
"""Height of what a standing camera is aimed at: the middle of a car."""
_VERGE_M = 2.2
"""From the edge of an open road to where poles stand, behind the guard rail."""
_TUNNEL_CLEAR_M = 4.4
_TARGETS_M = (12.0, 42.0)
_AHEAD_M = 5.0
"""Farthest that a camera sits from the front axle of what carries it."""
_MEANS = MappingProxyType(
    {"aside_m_normal": 30.0, "yaw_deg_normal": 180.0, "pitch_deg_normal": 90.0, "roll_deg_normal": 90.0}
)
_DEVIATIONS = MappingProxyType(
    {"aside_m_normal": 20.0, "yaw_deg_normal": 60.0, "pitch_deg_normal": 20.0, "roll_deg_normal": 20.0}
)
"""The largest mean, either way, and deviation: beyond, pictures show the sky, the ground or the next street."""
_HIGHEST = MappingProxyType({"height_m_range": 150.0, "away_m_range": 200.0})
_OPEN_ROADS = ("rural_road", "dual_carriageway")


@dataclass(frozen=True, kw_only=True)
class Rig:
    """A distribution of cameras; the defaults are the dashcam's. `x_normal` is [mean, standard deviation].

    Args:
        station: where it is fixed.
        ahead_m: of a riding camera, its place before the front axle.
        aside_m_normal: of a riding camera, left of the middle of its lane; of a pole, behind the road's edge; of a
            gantry or a drone, left of the middle of the road.
        height_m_range: of the lens above the road.
        yaw_deg_normal, pitch_deg_normal, roll_deg_normal: pose; of a standing camera, by what its aim misses.
        hfov_deg_range: of the traced pinhole; a lens with `fisheye` or `brown_conrady` shows a little less.
        speed_mps_range: of what carries it; cameras that stand have none.
        away_m_range: of a standing camera, along the road to what it is aimed at.
        shake: multiple of how much road or wind moves it in a clip, 0 to 10.
        lens: how it bends pictures.
    """

    station: Station = "windscreen"
    ahead_m: float = -0.9
    aside_m_normal: Normal = (0.0, 0.25)
    height_m_range: Range = (1.18, 1.48)
    yaw_deg_normal: Normal = (0.0, 1.5)
    pitch_deg_normal: Normal = (-1.5, 1.2)
    roll_deg_normal: Normal = (0.0, 0.6)
    hfov_deg_range: Range = (58.0, 78.0)
    speed_mps_range: Range = (2.0, 13.0)
    away_m_range: Range = (0.0, 0.0)
    shake: float = 1.0
    lens: LensShape | None = None
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        for item in fields(self):
            if item.name.endswith("_range"):
                _check_range(item.name, getattr(self, item.name))
            elif item.name.endswith("_normal"):
                _check_normal(item.name, getattr(self, item.name))
        if not abs(self.ahead_m) <= _AHEAD_M:
            raise InputError("camera.ahead_m", f"must lie in [-{_AHEAD_M:g}, {_AHEAD_M:g}]", got=self.ahead_m)
        if self.height_m_range[0] < 0.25:
            raise InputError("camera.height_m_range", "must begin at 0.25 or above", got=self.height_m_range)
        rides = STANDS[self.station].rides
        if not rides and self.speed_mps_range != (0.0, 0.0):
            raise InputError(
                "camera.speed_mps_range", f"must be [0, 0] at the station {self.station}", got=self.speed_mps_range
            )
        if rides == (self.away_m_range[0] > 0):
            rule = "must be [0, 0]: it looks ahead" if rides else "must be > 0: it is aimed at something"
            raise InputError("camera.away_m_range", f"{rule} ({self.station})", got=self.away_m_range)
        middle = Camera(
            name="rig", x_m=0, y_m=0, z_m=1, yaw_deg=0, pitch_deg=0, roll_deg=0, hfov_deg=self.hfov_deg_range[1]
        )
        replace(middle, hfov_deg=self.hfov_deg_range[0], speed_mps=self.speed_mps_range[1], shake=self.shake)


def _check_range(name: str, told: Range) -> None:
    if not 0 <= told[0] <= told[1]:
        raise InputError(f"camera.{name}", "must be [lo, hi] with 0 <= lo <= hi", got=list(told))
    if told[1] > _HIGHEST.get(name, inf):
        raise InputError(f"camera.{name}", f"must end at {_HIGHEST[name]:g} or below", got=list(told))


def _check_normal(name: str, told: Normal) -> None:
    mean, deviation = _MEANS[name], _DEVIATIONS[name]
    if not (abs(told[0]) <= mean and 0 <= told[1] <= deviation):
        rule = f"must be [mean, deviation >= 0], the mean in [-{mean:g}, {mean:g}], the deviation at most {deviation:g}"
        raise InputError(f"camera.{name}", rule, got=list(told))


def _each_by_name(told: object, check: ValidatorFunctionWrapHandler) -> dict[str, Rig]:
    """Check rigs one by one, so that a fault says whose it is."""
    for name, rig in told.items() if isinstance(told, Mapping) else ():
        try:
            check({name: rig})
        except InputError as fault:
            key = fault.where.removeprefix("camera.").replace("distortion", "lens")  # sensors have the other name
            raise fault.at(f"camera.rigs.{name}.{key}") from fault
    rigs: dict[str, Rig] = check(told)
    return rigs


DASHCAM = Rig()
"""The default; `conf/camera/dashcam.yaml` says the same."""


@dataclass(frozen=True, kw_only=True)
class CameraSettings:
    """The `camera` section of the config: relative weight of each rig, and the rigs by name."""

    weights: dict[str, float] = field(default_factory=lambda: {"dashcam": 1.0})
    rigs: Annotated[dict[str, Rig], WrapValidator(_each_by_name)] = field(default_factory=lambda: {"dashcam": DASHCAM})
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        for name in self.weights:
            if name not in self.rigs:
                raise InputError("camera.weights", f"must name rigs of {', '.join(self.rigs)}", got=name)
        check_weights("camera.weights", self.weights)

    @property
    def drawn(self) -> dict[str, float]:
        """Rigs that have a weight."""
        return {name: weight for name, weight in self.weights.items() if weight > 0}

    def pick(self, seed: int, *path: str | int) -> str:
        """Draw the rig of a scene by its weights; a single one is no draw."""
        shares = self.drawn
        return next(iter(shares)) if len(shares) == 1 else drawn(shares, generator(seed, "rig", *path))


DASHCAM_ONLY = CameraSettings()


def draw_dashcam(rng: np.random.Generator, *, lane_y_m: float, speed_mps: Range = (2.0, 13.0)) -> Camera:
    """Draw a camera behind the windscreen, a little off level, 58 to 78 degrees wide, in a car of town speed."""
    return _riding(rng, "dashcam", replace(DASHCAM, speed_mps_range=speed_mps), lane_y_m)


def draw_camera(
    rng: np.random.Generator, name: str, rig: Rig, street: Street, *, target_m: tuple[float, float] = (22.0, 0.0)
) -> Camera:
    """Draw a camera of a rig.

    Args:
        rng: the camera's generator.
        name: of the rig.
        rig: what to draw from.
        street: the place.
        target_m: what a standing camera is aimed at, world xy.
    """
    if STANDS[rig.station].rides:
        return _riding(rng, name, rig, lane_y_m(street, 1))
    return _standing(rng, name, rig, street, target_m)


def with_rig(spec: SceneSpec, name: str, rig: Rig, rng: np.random.Generator) -> SceneSpec:
    """Return a scene that a rig's camera sees instead of its own; a crash, or somebody near, is what it is aimed at."""
    parties = [(vehicle.x_m, vehicle.y_m) for vehicle in spec.vehicles if vehicle.crash]
    near = [
        (vehicle.x_m, vehicle.y_m)
        for vehicle in spec.vehicles
        if _TARGETS_M[0] < vehicle.x_m < _TARGETS_M[1] and abs(vehicle.y_m) < spec.street.road_half_width_m
    ]
    target = (22.0, 0.0)
    if parties:
        target = (sum(x for x, _ in parties) / len(parties), sum(y for _, y in parties) / len(parties))
    elif near:
        target = one_of(near, rng)
    return replace(spec, cameras=(draw_camera(rng, name, rig, spec.street, target_m=target),))


def _riding(rng: np.random.Generator, name: str, rig: Rig, lane_y_m: float) -> Camera:
    return Camera(
        name=name,
        x_m=rig.ahead_m,
        y_m=round(lane_y_m + _normal(rng, rig.aside_m_normal), 3),
        z_m=round(_between(rng, rig.height_m_range), 3),
        yaw_deg=round(_normal(rng, rig.yaw_deg_normal), 2),
        pitch_deg=round(_normal(rng, rig.pitch_deg_normal), 2),
        roll_deg=round(_normal(rng, rig.roll_deg_normal), 2),
        hfov_deg=round(_between(rng, rig.hfov_deg_range), 1),
        speed_mps=round(_between(rng, rig.speed_mps_range), 2),
        station=rig.station,
        shake=rig.shake,
        lens=rig.lens,
    )


def _standing(rng: np.random.Generator, name: str, rig: Rig, street: Street, target_m: tuple[float, float]) -> Camera:
    x = target_m[0] - _between(rng, rig.away_m_range)
    y = _beside_m(rng, rig, street)
    z = _between(rng, rig.height_m_range)
    if street.kind == "tunnel" and rig.station == "gantry":
        z = min(z, _TUNNEL_CLEAR_M)
    ahead, left = target_m[0] - x, target_m[1] - y
    return Camera(
        name=name,
        x_m=round(x, 3),
        y_m=round(y, 3),
        z_m=round(z, 3),
        yaw_deg=round(degrees(atan2(left, ahead)) + _normal(rng, rig.yaw_deg_normal), 2),
        pitch_deg=round(degrees(atan2(_AIMED_AT_M - z, hypot(ahead, left))) + _normal(rng, rig.pitch_deg_normal), 2),
        roll_deg=round(_normal(rng, rig.roll_deg_normal), 2),
        hfov_deg=round(_between(rng, rig.hfov_deg_range), 1),
        station=rig.station,
        shake=rig.shake,
        lens=rig.lens,
    )


def _beside_m(rng: np.random.Generator, rig: Rig, street: Street) -> float:
    """Return how far left of the middle of the road a standing camera is."""
    aside = _normal(rng, rig.aside_m_normal)
    if rig.station != "pole":
        return aside
    side: Literal[-1, 1] = one_of((1, -1), rng)
    if street.kind == "dual_carriageway":
        side = -1 if lane_side(street) < 0 else 1  # on the other side of the ego's lanes lies the median
    verge = _VERGE_M if street.kind in _OPEN_ROADS else 0.0
    return side * (street.road_half_width_m + max(aside, 0.4) + verge)


def _between(rng: np.random.Generator, bounds: Range) -> float:
    return bounds[0] if bounds[0] == bounds[1] else float(rng.uniform(*bounds))


def _normal(rng: np.random.Generator, told: Normal) -> float:
    return told[0] if told[1] == 0 else float(rng.normal(*told))
