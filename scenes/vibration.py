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


def shake(gone_m: float, speed_mps: float, *, seed: int, body_hz: float = _BODY_HZ, damping: float = _DAMPING) -> Shake:
    """Return what the road adds after a way, at a speed; nothing while the vehicle stands at the way's beginning."""
    springs = (body_hz, damping)
    now, first = _raw(gone_m, speed_mps, seed, springs), _raw(0.0, speed_mps, seed, springs)
    return Shake(*(value - begun for value, begun in zip(now, first, strict=True)))


def sway(time_s: float, *, seed: int, sway_deg: float, sway_hz: float) -> Shake:
    """Return how wind moves what stands or hovers: two waves about its own frequency; nothing at time 0.

    Args:
        time_s: since the scene's moment.
        seed: draws phases and frequencies.
        sway_deg: largest angle of pitch; roll has half of it.
        sway_hz: own frequency.
    """
    rng = generator(seed, "sway")
    hertz, phases = sway_hz * rng.uniform(0.7, 1.3, 2), rng.uniform(0, 2 * np.pi, (2, 2))
    now, first = (np.sin(2 * np.pi * hertz * time + phases).mean(axis=1) for time in (time_s, 0.0))
    pitch, roll = now - first
    return Shake(height_m=0.0, pitch_deg=float(sway_deg * pitch), roll_deg=float(sway_deg / 2 * roll))


def _raw(gone_m: float, speed_mps: float, seed: int, springs: tuple[float, float]) -> tuple[float, float, float]:
    waves = np.sqrt(_WAVES_PER_M[1:] * _WAVES_PER_M[:-1])
    density = _ROUGHNESS_M3 * (waves / _REFERENCE_PER_M) ** -2
    height_m = np.sqrt(2 * density * np.diff(_WAVES_PER_M)) * _carried(waves * speed_mps, *springs)
    phases = generator(seed, "vibration").uniform(0, 2 * np.pi, (2, len(waves)))
    angle = 2 * np.pi * waves * gone_m
    tilt = 2 * np.sin(np.pi * waves * _WHEELBASE_M) / _WHEELBASE_M
    lean = 2 * np.sin(np.pi * waves * _TRACK_M) / _TRACK_M
    return (
        float(np.sum(height_m * np.sin(angle + phases[0]))),
        float(np.rad2deg(np.sum(height_m * tilt * np.cos(angle + phases[0])))),
        float(np.rad2deg(np.sum(height_m * lean * np.cos(angle + phases[1])))),
    )


def _carried(hertz: np.ndarray, body_hz: float, damping: float) -> np.ndarray:
    """Return how much of the road's height the body takes over at a frequency."""
    ratio = hertz / body_hz
    damped = (2 * damping * ratio) ** 2
    return np.asarray(np.sqrt((1 + damped) / ((1 - ratio**2) ** 2 + damped)))
