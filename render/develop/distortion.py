"""Geometric distortion of a lens: a traced pinhole picture becomes what a real lens would have drawn.

The developed picture keeps size and principal point of the traced one. Its focal length is the shortest at which the
traced field covers it, so that the whole of what was traced is used as far as a rectangle can, and no corner is black:
a barrel gets a longer focal length than it was traced with, a pincushion a shorter one.
Source: Brown, Photogrammetric Engineering 32 (1966), 444; Kannala and Brandt, IEEE PAMI 28 (2006), 1335; both in the
forms and units of OpenCV's `calib3d` and `fisheye` modules.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render.develop.sampling import Sampling
from scenes.errors import InputError
from scenes.lens import LensShape

Floats = NDArray[np.float64]
_NEWTON_STEPS = 20
_STEP = 1e-6  # of the numeric Jacobian, in units of the focal length
_FLATTEST = 0.05  # of the scale at the axis: a field that shrinks below this is as good as folded


@dataclass(frozen=True, kw_only=True)
class Distortion(LensShape):
    """A lens that bends pictures; its coefficients are those of `LensShape`."""

    def bent(self, rays: Floats) -> Floats:
        """Return where undistorted points (..., 2) land, both in units of the focal length."""
        if self.model == "none":
            return rays
        radius2 = (rays**2).sum(axis=-1, keepdims=True)
        if self.model == "fisheye":
            radius = np.sqrt(np.maximum(radius2, 1e-24))
            theta = np.arctan(radius)
            return np.asarray(rays * (theta / radius * _series(self.k, theta**2)), np.float64)
        x, y = rays[..., :1], rays[..., 1:]
        p1, p2 = (*self.p, 0.0, 0.0)[:2]
        shift = [2 * p1 * x * y + p2 * (radius2 + 2 * x**2), p1 * (radius2 + 2 * y**2) + 2 * p2 * x * y]
        return np.asarray(rays * _series(self.k, radius2) + np.concatenate(shift, axis=-1), np.float64)

    def jacobian(self, rays: Floats) -> Floats:
        """Return d bent / d rays, (..., 2, 2)."""
        columns = [
            (self.bent(rays + step) - self.bent(rays - step)) / (2 * _STEP) for step in _STEP * np.eye(2, dtype=float)
        ]
        return np.stack(columns, axis=-1)

    def straight(self, bent: Floats) -> Floats:
        """Return the undistorted points of distorted ones (..., 2), by Newton's method."""
        rays = np.array(bent, np.float64)
        if self.model == "none":
            return rays
        for _ in range(_NEWTON_STEPS):
            miss = self.bent(rays) - bent
            if np.abs(miss).max(initial=0.0) < 1e-9:
                break
            (a, b), (c, d) = np.moveaxis(self.jacobian(rays), (-2, -1), (0, 1))
            scale = np.maximum(a * d - b * c, _FLATTEST**2)
            step = np.stack([d * miss[..., 0] - b * miss[..., 1], a * miss[..., 1] - c * miss[..., 0]], axis=-1)
            rays -= step / scale[..., None]
        return rays


def _series(k: tuple[float, ...], squared: Floats) -> Floats:
    total = np.ones_like(squared)
    for order, coefficient in enumerate(k, start=1):
        total = total + coefficient * squared**order
    return total


@dataclass(frozen=True)
class Lens:
    """One camera: the traced pinhole, the distortion, and the focal lengths of the developed picture.

    Args:
        distortion: coefficients.
        traced: fx, fy, cx, cy of the trace.
        resolution_wh: of both pictures.
        zoom: developed focal length over traced.
    """

    distortion: Distortion
    traced: tuple[float, float, float, float]
    resolution_wh: tuple[int, int]
    zoom: float

    @property
    def K(self) -> Floats:  # noqa: N802  # its name everywhere in the field
        """3x3 intrinsics of the developed picture, for use with the coefficients."""
        fx, fy, cx, cy = self.traced
        return np.array([[fx * self.zoom, 0, cx], [0, fy * self.zoom, cy], [0, 0, 1]])

    def distort_points(self, traced_px: Floats) -> Floats:
        """Return where points (..., 2) of the traced picture lie in the developed one.

        Outside of the traced picture the scale stays what it is at the border, because a series says nothing there.
        """
        focal, centre = self._scales()
        width, height = self.resolution_wh
        offset = np.asarray(traced_px, np.float64) - centre
        low, high = np.array([-0.5, -0.5]) - centre, np.array([width - 0.5, height - 0.5]) - centre
        beyond = np.maximum(1.0, np.maximum(offset / low, offset / high).max(axis=-1, keepdims=True))
        bent = self.distortion.bent(offset / beyond / focal) * beyond
        return np.asarray(bent * focal * self.zoom + centre, np.float64)

    def undistort_points(self, developed_px: Floats) -> Floats:
        """Return where points (..., 2) of the developed picture lie in the traced one."""
        focal, centre = self._scales()
        return self.distortion.straight((np.asarray(developed_px) - centre) / (focal * self.zoom)) * focal + centre

    def sampling(self) -> Sampling:
        """Return the map from developed to traced pixels; computed once a camera, do not write to it."""
        return _sampling(self)

    def camera(self) -> dict[str, Any]:
        """Return what changes in the `camera` of a record."""
        width, _ = self.resolution_wh
        ends = self.undistort_points(np.array([[-0.5, self.traced[3]], [width - 0.5, self.traced[3]]]))
        left, right = (ends[:, 0] - self.traced[2]) / self.traced[0]
        hfov_deg = float(np.degrees(np.arctan(right) - np.arctan(left)))
        distortion = {"model": self.distortion.model, "k": list(self.distortion.k), "p": list(self.distortion.p)}
        return {"K": np.round(self.K, 6).tolist(), "hfov_deg": round(hfov_deg, 4), "distortion": distortion}

    def _scales(self) -> tuple[Floats, Floats]:
        return np.array(self.traced[:2]), np.array(self.traced[2:])


@lru_cache(maxsize=64)
def lens_of(distortion: Distortion, traced: tuple[float, float, float, float], resolution_wh: tuple[int, int]) -> Lens:
    """Choose the developed focal length of a camera.

    Args:
        distortion: coefficients.
        traced: fx, fy, cx, cy in pixels, pixel centres at whole numbers.
        resolution_wh: pixels.

    Raises:
        InputError: the distortion folds the traced field.
    """
    width, height = resolution_wh
    focal, centre = np.array(traced[:2]), np.array(traced[2:])
    x, y = np.meshgrid(np.linspace(-0.5, width - 0.5, 65), np.linspace(-0.5, height - 0.5, 65))
    rays = (np.stack([x, y], axis=-1) - centre) / focal
    if (
        np.linalg.det(distortion.jacobian(rays)).min() < _FLATTEST**2
        or np.trace(distortion.jacobian(rays), axis1=-2, axis2=-1).min() <= 0
    ):
        raise InputError("distortion.k", "must not fold the traced field; use smaller coefficients", got=distortion.k)
    bent_px = distortion.bent(rays) * focal
    border = np.concatenate([bent_px[0], bent_px[-1], bent_px[:, 0], bent_px[:, -1]])
    low, high = np.array([-0.5, -0.5]) - centre, np.array([width - 0.5, height - 0.5]) - centre
    reach = np.maximum(border / low, border / high).max(axis=-1)
    return Lens(distortion, traced, resolution_wh, float((1 / reach).max()))


@lru_cache(maxsize=8)
def _sampling(lens: Lens) -> Sampling:
    width, height = lens.resolution_wh
    x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    source = lens.undistort_points(np.stack([x, y], axis=-1)).astype(np.float32)
    sampling = Sampling(np.ascontiguousarray(source[..., 0]), np.ascontiguousarray(source[..., 1]))
    sampling.x.setflags(write=False)
    sampling.y.setflags(write=False)
    return sampling
