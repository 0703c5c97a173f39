"""Which pixels show the vehicle that carries the camera: it goes where the camera goes, and is no actor."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from render.radiance import Radiance
from scenes.ontology import STUFF
from scenes.spec.view import Camera
from scenes.station import stand_of

CARRIER_ID = 65_535
"""Stands for an instance id where one is needed; actors and stuff have smaller ones."""
_FARTHEST_M = 3.0


def carrier_mask(bundle: Radiance, camera: Camera) -> npt.NDArray[np.bool_]:
    """Return the pixels of what carries a camera, HxW; none where nothing does, and behind windscreens."""
    stand = stand_of(camera)
    if not stand.rides or stand.behind_windscreen or bundle.stuff is None:
        return np.zeros(bundle.ids.shape, np.bool_)
    near = (bundle.stuff == STUFF["other"]) & (bundle.ids == 0) & (bundle.depth_m < _FARTHEST_M)
    return np.asarray(near, np.bool_)


def carrier_pose(camera: Camera) -> npt.NDArray[np.float64]:
    """Return where the carrier is, 4x4 own frame to world: it is not shaken as the camera is."""
    pose: npt.NDArray[Any] = np.eye(4)
    pose[:2, 3] = camera.x_m, camera.y_m
    return pose
