"""How many samples a view needs: tracing error has to drown in the noise that sensor and codec bring anyway.

A view is traced twice with few samples. What both pictures differ in, developed alike, tells the error that their mean
still has; what one picture differs in from itself, developed with other noise, tells the noise. Error falls about as
the inverse of the samples, so the two say how many are missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from render.develop.develop import SensorSettings, View, develop, prepare
from render.develop.look import Look
from render.develop.viewpoint import Viewpoint
from render.radiance import Radiance

_DECAY = 0.8
"""Denoised error falls a little more slowly than the 1/n of raw samples (`benchmarks/photons.py`)."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What the pictures of a view will look like, and how much of their noise tracing may be.

    Args:
        looks: by lighting family, the look that a view is judged by.
        sensor: the camera.
        share: largest tracing error as a share of the noise's power, > 0; 0.5 adds 2 dB at most.
        most_spp: where to stop.
    """

    looks: Mapping[str, Look]
    sensor: SensorSettings
    share: float = 0.5
    most_spp: int = 32


def mean(first: Radiance, second: Radiance, weight: float = 0.5) -> Radiance:
    """Return the mean of two traces of one view; `weight` is the second one's. Depth and ids are the first one's."""
    a, b = np.float32(1 - weight), np.float32(weight)
    return replace(
        first,
        layers={group: a * layer + b * second.layers[group] for group, layer in first.layers.items()},
        albedo=a * first.albedo + b * second.albedo,
        normal=a * first.normal + b * second.normal,
    )


def error_share(first: Radiance, second: Radiance, viewpoint: Viewpoint, look: Look, sensor: SensorSettings) -> float:
    """Return the power of the tracing error of the mean of two traces, as a share of the picture's own noise."""
    one, other = (prepare(half, viewpoint) for half in (first, second))
    picture = _shown(one, look, sensor)
    traced = float(np.mean((picture - _shown(other, look, sensor)) ** 2)) / 4
    noise = float(np.mean((picture - _shown(one, look, sensor, noise_seed=look.seed + 1)) ** 2)) / 2
    return traced / max(noise, 1 / 12)  # quantisation is the least noise that 8 bits have


def needed_spp(share: float, spp: int, *, budget: Budget) -> int:
    """Return how many samples bring the error share of `spp` samples down to the budget's, at most `most_spp`."""
    wanted = spp * max(share / budget.share, 1.0) ** (1 / _DECAY)
    return int(min(np.ceil(wanted), budget.most_spp))


def _shown(view: View, look: Look, sensor: SensorSettings, *, noise_seed: int | None = None) -> NDArray[np.float32]:
    return develop(view, look, sensor, noise_seed=noise_seed).rgb.astype(np.float32)
