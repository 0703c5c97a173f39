"""How a road shakes a camera that drives over it: height, pitch and roll as functions of the way.

Sources:
    ISO 8608:2016: power spectral density of a road's height, Gd(n) = Gd(n0) (n / n0)^-2 with n0 = 0.1 cycles/m; class A
    has 16e-6 m³ at n0, class B 64e-6 m³. A street in fair state lies between them: 32e-6 m³.
    Body on its springs: one degree of freedom, 1.3 Hz, damping ratio 0.3 (Wong, Theory of Ground Vehicles, chapter 7).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scenes.seeds import generator

_ROUGHNESS_M3, _REFERENCE_PER_M = 32e-6, 0.1
_WAVES_PER_M = np.geomspace(0.03, 3.0, 33)
_BODY_HZ, _DAMPING = 1.3, 0.3
_WHEELBASE_M, _TRACK_M = 2.7, 1.55


class Shake(NamedTuple):
    """What the road adds to a camera's pose."""

    height_m: float
    pitch_deg: float
    roll_deg: float


def shake(gone_m: float, speed_mps: float, *, seed: int) -> Shake:
    """Return what the road adds after a way, at a speed; nothing while the vehicle stands at the way's beginning."""
    now, first = _raw(gone_m, speed_mps, seed), _raw(0.0, speed_mps, seed)
    return Shake(*(value - begun for value, begun in zip(now, first, strict=True)))


def _raw(gone_m: float, speed_mps: float, seed: int) -> tuple[float, float, float]:
    waves = np.sqrt(_WAVES_PER_M[1:] * _WAVES_PER_M[:-1])
    density = _ROUGHNESS_M3 * (waves / _REFERENCE_PER_M) ** -2
    height_m = np.sqrt(2 * density * np.diff(_WAVES_PER_M)) * _carried(waves * speed_mps)
    phases = generator(seed, "vibration").uniform(0, 2 * np.pi, (2, len(waves)))
    angle = 2 * np.pi * waves * gone_m
    tilt = 2 * np.sin(np.pi * waves * _WHEELBASE_M) / _WHEELBASE_M
    lean = 2 * np.sin(np.pi * waves * _TRACK_M) / _TRACK_M
    return (
        float(np.sum(height_m * np.sin(angle + phases[0]))),
        float(np.rad2deg(np.sum(height_m * tilt * np.cos(angle + phases[0])))),
        float(np.rad2deg(np.sum(height_m * lean * np.cos(angle + phases[1])))),
    )


def _carried(hertz: np.ndarray) -> np.ndarray:
    """Return how much of the road's height the body takes over at a frequency."""
    ratio = hertz / _BODY_HZ
    damped = (2 * _DAMPING * ratio) ** 2
    return np.asarray(np.sqrt((1 + damped) / ((1 - ratio**2) ** 2 + damped)))
