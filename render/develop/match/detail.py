"""Detail, edges and grain of a finished picture, each brought to what a real picture measures, within bounds."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
from numpy.typing import NDArray

from render.develop.match import sharpness
from render.develop.match.noise_level import LEVELS, noise

Plane = NDArray[np.float32]
Planes = tuple[Plane, Plane, Plane]

_OCTAVE_GAINS = (0.5, 1.5)  # beyond them the detail of busy streets would be put on empty ones
_ENVELOPE_PX = 3.0
_FLAT, _STRONG = 0.5, 2.0  # multiples of an octave's mean magnitude
_SOFT_PX = 1.0
_EDGE_SHARES = (-0.8, 0.9)  # of the way to a blurred edge; below 0 it is sharpened
_EDGE_QUANTILE = 0.96
_CALM_PX = 1.4
_CALM_MOST = 0.9
_GRAIN_PX = 0.6  # width of grain that demosaicing and codec have smoothed
_CHROMA_GRAIN_PX = 1.2
_CLIPPING = (0.5, 5.0, 95.0, 99.5)  # L*: noise of what is clipped at either end is clipped with it
_GRAIN_REMAINS = (0.45, 0.25)  # share of grain of those widths that passes the mask of the noise level


def detailed(lightness: Plane, octaves: tuple[float, ...], strength: float) -> Plane:
    """Bring the three finest octaves to given mean magnitudes.

    What is lacking is added to texture: flat patches would get noise of it, and strong edges halos. What is too much
    is taken from all.
    """
    *layers, rest = sharpness.octaves(lightness)
    for layer, wanted in zip(layers, octaves, strict=True):
        own = max(sharpness.energy(layer), 1e-3)
        where = np.ones_like(layer) if wanted < own else _texture(layer, own)
        change = (wanted - own) / max(sharpness.energy(layer * where), 1e-3)
        gain = np.clip(change, _OCTAVE_GAINS[0] - 1, _OCTAVE_GAINS[1] - 1)
        rest = rest + layer * (1 + np.float32(strength * gain) * where)
    return np.asarray(rest, np.float32)


def edged(lightness: Plane, ratio: float, strength: float) -> Plane:
    """Soften or sharpen the strongest edges until they are as steep as a given `sharpness.edge_ratio`; 0 is off."""
    if not ratio:
        return lightness
    soft = np.asarray(cv2.GaussianBlur(lightness, (0, 0), _SOFT_PX), np.float32)
    own, softest = sharpness.edge_ratio(lightness), sharpness.edge_ratio(soft)
    share = np.clip((own - ratio) / max(own - softest, 1e-3), *_EDGE_SHARES)
    coarse = cv2.GaussianBlur(lightness, (0, 0), 2 * _SOFT_PX)
    slope = np.square(cv2.Sobel(coarse, -1, 1, 0)) + np.square(cv2.Sobel(coarse, -1, 0, 1))
    edge = slope / (slope + np.quantile(slope[::2, ::2], _EDGE_QUANTILE) / 2 + 1e-6)
    return np.asarray(lightness + np.float32(strength * share) * edge * (soft - lightness), np.float32)


def grained(
    planes: Planes, grain: tuple[float, ...], chroma_grain: float, *, strength: float, rng: np.random.Generator
) -> Planes:
    """Give flat patches of L*, a*, b* a given noise deviation: calm them where they have more, add where they lack.

    Args:
        planes: L*, a*, b*, HxW each.
        grain: of L* in dark, mid and bright patches.
        chroma_grain: of a* and b*.
        strength: share of the way, [0, 1].
        rng: draws the grain.
    """
    lightness, a, b = planes
    own, in_a, in_b = noise(lightness, a, b)
    centres = [(low + high) / 2 for low, high in itertools.pairwise(LEVELS)]
    ends = np.interp(lightness, _CLIPPING, (0.0, 1.0, 1.0, 0.0)).astype(np.float32)
    calm = np.interp(lightness, centres, [strength * _excess(*pair) for pair in zip(own, grain, strict=True)])
    lacks = [strength * _lack(*pair) / _GRAIN_REMAINS[0] for pair in zip(own, grain, strict=True)]
    deviation = np.interp(lightness, centres, lacks).astype(np.float32)
    lightness = _calmed(lightness, calm.astype(np.float32)) + ends * deviation * _grain(lightness.shape, _GRAIN_PX, rng)
    has = float(np.mean([*in_a, *in_b]))
    share, lack = strength * _excess(has, chroma_grain), strength * _lack(has, chroma_grain) / _GRAIN_REMAINS[1]
    a, b = (
        plane
        + np.float32(share) * (cv2.GaussianBlur(plane, (0, 0), _CALM_PX) - plane)
        + np.float32(lack) * ends * _grain(plane.shape, _CHROMA_GRAIN_PX, rng)
        for plane in (a, b)
    )
    return lightness, a, b


def _calmed(lightness: Plane, share: Plane) -> Plane:
    """Blur flat patches by a share."""
    if not share.any():
        return lightness
    smooth = cv2.GaussianBlur(lightness, (0, 0), _CALM_PX)
    layer = sharpness.octaves(lightness)[1]
    busy = np.square(cv2.GaussianBlur(np.abs(layer), (0, 0), _ENVELOPE_PX) / np.float32(sharpness.energy(layer) + 1e-6))
    return np.asarray(lightness + share / (1 + busy / _FLAT**2) * (smooth - lightness), np.float32)


def _texture(layer: Plane, own: float) -> Plane:
    """Return how much a pixel lies in texture, [0, 1]: neither flat nor at a strong edge, against the mean."""
    squared = np.square(cv2.GaussianBlur(np.abs(layer), (0, 0), _ENVELOPE_PX) / np.float32(own))
    return np.asarray(squared / (squared + _FLAT**2) / (1 + squared / _STRONG**2), np.float32)


def _lack(has: float, wants: float) -> float:
    return float(np.sqrt(max(wants**2 - has**2, 0.0)))


def _excess(has: float, wants: float) -> float:
    """Return the share of a blur that brings noise down; the blur leaves a tenth of it."""
    return float(np.clip((1 - wants / max(has, 1e-6)) / 0.9, 0.0, _CALM_MOST))


def _grain(shape: tuple[int, ...], width_px: float, rng: np.random.Generator) -> Plane:
    """Return smoothed normal noise of deviation 1."""
    white = cv2.GaussianBlur(rng.standard_normal(shape, np.float32), (0, 0), width_px)
    return np.asarray(white / np.float32(white.std()), np.float32)
