"""From where and under which sun a scene is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict

from scenes.errors import InputError
from scenes.lens import LensShape

_STRICT = ConfigDict(extra="forbid")

Station = Literal["windscreen", "bumper", "roof", "cab", "helmet", "pole", "gantry", "air"]


@dataclass(frozen=True, kw_only=True)
class Sun:
    """Where the sun (or, at night, the moon that borrows its group) stands; azimuth counter-clockwise from +x."""

    elevation_deg: float
    azimuth_deg: float
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class Camera:
    """A pinhole view. yaw 0 looks along +x, positive to the left; positive pitch looks up.

    It drives along +x at `speed_mps`, 0 where it stands on a pole. `station` says where it is fixed and so what rides
    below it (`scenes.station`); `shake` is a multiple of how much that shakes it in a clip. `lens` bends the developed
    picture and its labels; the trace is a pinhole's.
    """

    name: str
    x_m: float
    y_m: float
    z_m: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    hfov_deg: float
    speed_mps: float = 0.0
    station: Station = "windscreen"
    shake: float = 1.0
    lens: LensShape | None = None
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 <= self.shake <= 10:
            raise InputError("camera.shake", "must lie in [0, 10]", got=self.shake)
        if not 0 <= self.speed_mps <= 70:
            raise InputError("camera.speed_mps", "must lie in [0, 70]", got=self.speed_mps)
        if not 5 <= self.hfov_deg <= 150:
            raise InputError("camera.hfov_deg", "must lie in [5, 150] for a pinhole view", got=self.hfov_deg)
