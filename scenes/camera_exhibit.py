"""The gallery's cameras: one crossing with traffic, taken by every rig, by some of them at night too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from scenes.camera import CameraSettings, with_rig
from scenes.road import lane_y_m
from scenes.seeds import generator
from scenes.showcase import Cell, place
from scenes.sight import sight_breach
from scenes.spec.scene import SceneSpec
from scenes.spec.view import Camera, Sun
from scenes.traffic import Traffic

_AT_NIGHT = ("dashcam", "truck_cab", "helmet", "roadside_cctv", "drone")
_STREET_SEED, _TRAFFIC_SEED = 52, 6
_TRIES = 40


def camera_cells(cameras: CameraSettings) -> Iterator[Cell]:
    """Yield a cell for each rig by day, then those by night."""
    for night in (False, True):
        for name in cameras.rigs:
            if night and name not in _AT_NIGHT:
                continue
            spec = _taken(_crossing(seed=int(night)), name, cameras)
            look, caption = ("showcase_night", ", by night") if night else ("showcase_day", "")
            yield Cell(caption=name.replace("_", " ") + caption, spec=spec, sheets=MappingProxyType({look: "cameras"}))


def _taken(spec: SceneSpec, name: str, cameras: CameraSettings) -> SceneSpec:
    """Return the scene through the first camera of a rig that sees something."""
    rig = cameras.rigs[name]
    drawn = (with_rig(spec, name, rig, generator(1, "vantage", name, number)) for number in range(_TRIES))
    return next(taken for taken in drawn if sight_breach(taken) is None)


def _crossing(*, seed: int) -> SceneSpec:
    street = replace(
        place("crossroads", seed=_STREET_SEED),
        surroundings="city",
        drive_on="right",
        lanes_per_direction=1,
        parking_lane=True,
        lamp_spacing_m=30.0,
        lit_window_share=0.3,
        feature_x_m=26.0,
        wetness=0.2,
    )
    traffic = Traffic(street, (), np.random.default_rng(_TRAFFIC_SEED), night=True)
    traffic.add("hatchback", 14.0, lane_y_m(street, 1), 0.0, speed_mps=6.0, lamps=("tail", "brake"))
    traffic.park(share=0.6)
    traffic.drive(oncoming=3, ahead=2, across=3, nearest_m=16.0)
    traffic.walk(7)
    eye = Camera(name="eye", x_m=0, y_m=lane_y_m(street, 1), z_m=1.3, yaw_deg=0, pitch_deg=0, roll_deg=0, hfov_deg=60)
    return SceneSpec(
        scenario="place",
        sentence="A crossing with traffic, taken by many cameras.",
        seed=seed,
        lighting="showcase",
        street=street,
        sun=Sun(elevation_deg=42.0, azimuth_deg=128.0),
        cameras=(eye,),
        vehicles=tuple(traffic.vehicles),
        people=tuple(traffic.people),
    )
