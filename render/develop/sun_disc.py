"""The sun's disc in the picture: how much of it the lens sees, taken out as traced, drawn as it is.

A disc of a few pixels is traced with a few samples and half its neighbours; drawn from its known place and luminance it
is exact at any resolution, and its glare has no noise.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from render.develop.colour import luminance
from render.develop.viewpoint import Viewpoint
from render.radiance import Radiance

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]

SUN_RADIUS_RAD = 0.00465  # half of 0.533 degrees
DISC_CD_M2_PER_LUX = 1.0 / (math.pi * SUN_RADIUS_RAD**2)
_BRIGHTEST_SURFACE = 20.0  # cd/m² per lux: a white wall has 0.3, satin paint near its mirror direction a few


def radius_px(view: Viewpoint) -> float:
    """Return the disc's radius in pixels."""
    return view.focal_px * SUN_RADIUS_RAD


def _distance(shape: tuple[int, int], x: float, y: float) -> Image:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return np.asarray(np.sqrt((columns + 0.5 - x) ** 2 + (rows + 0.5 - y) ** 2), np.float32)


def seen_share(view: Viewpoint, sky: Mask) -> float:
    """Return the share of the sun's disc that the lens sees, in [0, 1].

    Outside the frame nothing is known, so the nearest edge of the picture answers for it.
    """
    if view.sun_px is None:
        return 0.0
    height, width = sky.shape
    radius = max(radius_px(view), 1.0)
    x = float(np.clip(view.sun_px[0], radius, width - radius))
    y = float(np.clip(view.sun_px[1], radius, height - radius))
    disc = _distance((height, width), x, y) <= radius
    return float(sky[disc].mean()) if disc.any() else 0.0


def coverage(view: Viewpoint, shape: tuple[int, int], scale: float) -> Image:
    """Return how much of each pixel the disc covers, HxW in [0, 1], on a grid of `scale` times the picture."""
    if view.sun_px is None:
        return np.zeros(shape, np.float32)
    distance = _distance(shape, view.sun_px[0] * scale, view.sun_px[1] * scale)
    radius = radius_px(view) * scale
    full = np.clip(radius - distance + 0.5, 0, 1)
    area = math.pi * radius**2
    return np.asarray(full * min(1.0, area / max(float(full.sum()), 1e-6)) if radius < 1 else full, np.float32)


def without(radiance: Radiance, sky: Mask, view: Viewpoint) -> Radiance:
    """Take the traced disc out: no direct sun in the sky, and sky where the disc hid it.

    Edges in front of the disc hold part of it: what outshines any lit surface there goes too.
    """
    layers = dict(radiance.layers)
    near = _distance(sky.shape, *view.sun_px) if view.sun_px is not None else np.full(sky.shape, np.inf, np.float32)
    if "sun" in layers:
        sun = layers["sun"] * ~sky[..., None]
        sun[(near <= 3 * radius_px(view) + 3) & (luminance(sun) > _BRIGHTEST_SURFACE)] = 0
        layers["sun"] = sun
    hole, ring = sky & (near <= radius_px(view) + 1.5), sky & (near <= radius_px(view) + 5)
    ring &= ~hole
    albedo = radiance.albedo * ~sky[..., None]
    if "sky" in layers and hole.any() and ring.any():
        mended = layers["sky"].copy()
        mended[hole] = mended[ring].mean(axis=0)
        layers["sky"] = mended
    return replace(radiance, layers=layers, albedo=albedo)
