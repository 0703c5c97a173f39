"""Where light lands on the sensor: motion while the shutter is open, rows read one after another, and distortion.

Pixels and labels move alike: a `Warp` says where every pixel of the finished picture comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render.develop.distortion import Distortion, Lens, lens_of
from render.develop.motion import Motion, flow_px, roll
from render.develop.sampling import Sampling
from render.develop.steps import CPU, Steps
from render.develop.viewpoint import Viewpoint
from render.develop.warped_labels import warp_labels, warp_line

Image = NDArray[np.float32]
Ids = NDArray[np.uint16]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moving:
    """A traced view whose camera and actors move.

    Args:
        depth_m, ids: HxW, of the trace.
        viewpoint: of the camera.
        instance_mps: instance to velocity in the camera's frame.
        readout_s: time from the first row to the last.
    """

    depth_m: Image
    ids: Ids
    viewpoint: Viewpoint
    instance_mps: Mapping[int, tuple[float, float, float]] = field(default_factory=dict)
    readout_s: float = 0.0

    @property
    def still(self) -> bool:
        """Whether nothing moves."""
        return self.viewpoint.speed_mps == 0 and not self.instance_mps

    def flow_px(self, time_s: float) -> Image:
        """Return how far each pixel's surface moves, HxWx2 px."""
        eye = self.viewpoint
        K = np.array([[eye.focal_px, 0, eye.center_px[0]], [0, eye.focal_px, eye.center_px[1]], [0, 0, 1]])
        motion = Motion(velocity_mps=eye.velocity_mps, readout_s=self.readout_s)
        return flow_px(self.depth_m, self.ids, K, motion, time_s=time_s, instance_mps=self.instance_mps)


@dataclass(frozen=True)
class Warp:
    """How the finished picture lies over the traced one: the rolling shutter first, then the lens; None for neither."""

    rolled: Sampling | None = None
    lens: Lens | None = None

    def picture(self, rgb_linear: Image) -> Image:
        """Return the picture as it lands on the sensor, HxWx3."""
        for sampling in self._samplings():
            rgb_linear = sampling.picture(rgb_linear)
        return rgb_linear

    def labels(self, objects: list[dict[str, Any]], ids: Ids) -> tuple[list[dict[str, Any]], Ids]:
        """Return labels and instance mask as they land on the sensor; what leaves the picture is left out."""
        if self.rolled is not None:
            done = warp_labels(objects, ids, self.rolled, _rolling(ids, self.rolled))
            objects, ids = done.objects, done.ids
        if self.lens is not None:
            lens = self.lens
            done = warp_labels(objects, ids, lens.sampling(), lambda _instance, points: lens.distort_points(points))
            objects, ids = done.objects, done.ids
        return objects, ids

    def lines(self, lines: list[dict[str, Any]], shape: tuple[int, ...]) -> list[dict[str, Any]]:
        """Return polylines as they land on the sensor."""
        if self.rolled is not None:
            rolled = self.rolled
            lines = [piece for line in lines for piece in warp_line(line, shape, rolled.forward)]
        if self.lens is not None:
            lines = [piece for line in lines for piece in warp_line(line, shape, self.lens.distort_points)]
        return lines

    def map(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return a map of classes as it lands on the sensor, HxW."""
        for sampling in self._samplings():
            values = sampling.nearest(values)
        return values

    def _samplings(self) -> list[Sampling]:
        return [*([self.rolled] if self.rolled else []), *([self.lens.sampling()] if self.lens else [])]

    def __bool__(self) -> bool:
        return self.rolled is not None or self.lens is not None


def blurred(rgb_linear: Image, moving: Moving, shutter_s: float, steps: Steps = CPU) -> Image:
    """Return the picture with what moves while the shutter is open, HxWx3."""
    return rgb_linear if moving.still else steps.blur_along(rgb_linear, moving.depth_m, moving.flow_px(shutter_s))


def warp_of(moving: Moving, distortion: Distortion) -> Warp:
    """Return how a camera with this readout and distortion shows the view.

    Raises:
        InputError: the distortion folds the picture.
    """
    rows, columns = moving.ids.shape
    eye = moving.viewpoint
    traced = (eye.focal_px, eye.focal_px, *eye.center_px)
    return Warp(
        rolled=None if moving.still or moving.readout_s == 0 else roll(moving.flow_px(1.0), moving.readout_s),
        lens=None if distortion.model == "none" else lens_of(distortion, traced, (columns, rows)),
    )


def _rolling(ids: Ids, rolled: Sampling) -> Any:
    """Return a function that moves an instance's points by the mean shift of its pixels."""
    seen = rolled.nearest(ids)
    rows, columns = ids.shape
    shift_x = np.arange(columns)[None, :] - rolled.x
    shift_y = np.arange(rows)[:, None] - rolled.y

    def moved(instance: int, points: Floats) -> Floats:
        mine = seen == instance
        if not mine.any():
            return points
        return np.asarray(points + np.array([float(shift_x[mine].mean()), float(shift_y[mine].mean())]))

    return moved
