"""A stroke of lightning as it stands in the sky: a channel from cloud to ground and branches that end in the air."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FAR_M = 2_300.0
"""Distance of the stroke; what lies beyond 1.5 km counts as sky."""
LUX = 10.0
"""What the channel itself lays on a plane that faces it; the cloud that it lights gives the rest (assumed)."""
_BASE_M = 1_000.0  # of a thundercloud
_WIDE_M = (9.0, 4.0)  # of channel and branches as pictures show them: light that overflows, not the hot core
_WANDERS = 0.11  # of each half's length, sideways: assumed; Hill (1968, from memory) has turns of 16 degrees
_HALVINGS = 6
_BRANCHES = 5


def channels(seed: int) -> list[tuple[Array, float]]:
    """Return channel and branches as (N, 2) points, across and up in metres, each with its width."""
    rng = np.random.default_rng([seed, 83])
    trunk = _path(np.array([rng.normal(0, 120.0), _BASE_M]), np.array([0.0, 0.0]), rng)
    found = [(trunk, _WIDE_M[0])]
    for start in rng.integers(2, int(0.7 * len(trunk)), _BRANCHES):
        top = trunk[start]
        reach = float(rng.uniform(0.25, 0.6)) * top[1]
        end = top + np.array([rng.choice([-1, 1]) * rng.uniform(0.4, 1.0) * reach, -reach])
        found.append((_path(top, end, rng)[: int(rng.integers(20, 2**_HALVINGS))], _WIDE_M[1]))
    return found


def _path(start: Array, end: Array, rng: np.random.Generator) -> Array:
    """Return a crooked way between two points: each half is bent sideways in turn."""
    points = np.stack([start, end])
    for _ in range(_HALVINGS):
        along = np.diff(points, axis=0)
        aside = np.stack([-along[:, 1], along[:, 0]], axis=-1) * rng.normal(0, _WANDERS, (len(along), 1))
        middle = (points[:-1] + points[1:]) / 2 + aside
        mixed = np.empty((len(points) + len(middle), 2))
        mixed[::2], mixed[1::2] = points, middle
        points = mixed
    return points


def ribbons(seed: int) -> Array:
    """Return the stroke as (N, 4, 2) quads, across and up in metres, counter-clockwise as the camera sees them."""
    quads = []
    for points, width in channels(seed):
        taper = np.linspace(1.0, 0.5, len(points))[:, None] * width / 2
        along = np.gradient(points, axis=0)
        aside = np.stack([-along[:, 1], along[:, 0]], axis=-1)
        aside *= taper / np.linalg.norm(aside, axis=-1, keepdims=True)
        left, right = points + aside, points - aside
        quads.append(np.stack([left[:-1], right[:-1], right[1:], left[1:]], axis=1))
    return np.concatenate(quads)


def luminance_cd_m2(quads: Array) -> float:
    """Return the luminance at which a stroke lays its lux on the camera."""
    first, second = quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1]
    area = np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]).sum() / 2
    return float(LUX * FAR_M**2 / area)
