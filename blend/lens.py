"""A bent picture whose keypoints go where their pixels go."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # it asks the network for a newer version at import otherwise
import albumentations as alb

INVERSION_STEPS = 12
"""A step cuts the error by the distortion's slope, which is under 0.3."""


class Lens(alb.OpticalDistortion):  # type: ignore[misc]  # the library ships no types
    """Bend the picture as a wide lens does; keypoints go where their pixels go, to a hundredth of a pixel.

    The library's own takes keypoints to the nearest pixel and drops some.

    Args:
        distort_limit: radial distortion, both signs; below zero it shows no pixels from outside the picture.
        p: probability.
    """

    def __init__(self, distort_limit: tuple[float, float] = (-0.05, 0.05), p: float = 0.5) -> None:
        super().__init__(distort_limit=distort_limit, p=p)

    def get_transform_init_args_names(self) -> tuple[str, ...]:
        """Name what is serialised."""
        return ("distort_limit", "p")

    def apply_to_keypoints(self, keypoints: NDArray[Any], map_x: Any, map_y: Any, **_: Any) -> NDArray[Any]:
        """Find the place whose pixel comes from each keypoint, by fixed-point iteration."""
        source = np.stack([map_x, map_y], axis=-1).astype(np.float32)
        target = keypoints[:, :2].astype(np.float32)
        at = target
        for _step in range(INVERSION_STEPS):
            at = at + target - _sampled(source, at)
        return np.column_stack([at, keypoints[:, 2:]])


def _sampled(source: NDArray[np.float32], at: NDArray[np.float32]) -> NDArray[np.float32]:
    """Read a map (H, W, 2) between its pixels, and beyond its border as if it went on evenly."""
    most = np.array(source.shape[1::-1], np.float32) - 1
    inside = np.clip(at, 0, most)
    found = [_bilinear(source[..., axis], inside) for axis in (0, 1)]
    return np.stack(found, axis=-1) + (at - inside)


def _bilinear(plane: NDArray[np.float32], at: NDArray[np.float32]) -> NDArray[np.float32]:
    left, up = np.minimum(at.astype(int), np.array(plane.shape[::-1]) - 2).T
    right, down = at[:, 0] - left, at[:, 1] - up
    top = plane[up, left] * (1 - right) + plane[up, left + 1] * right
    return np.asarray(top * (1 - down) + (plane[up + 1, left] * (1 - right) + plane[up + 1, left + 1] * right) * down)
