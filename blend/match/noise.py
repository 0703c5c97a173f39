"""Noise of flat patches brought to a real picture's: what is lacking is added, and nothing where a sensor is clipped.

Source: Immerkær, Fast Noise Variance Estimation, Computer Vision and Image Understanding 64 (1996), 300.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from blend.match.display import Lab, Picture, Plane, lab_of, rgb_of

_MASK = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_PATCH_PX = 8
_FLAT_SHARE = 0.2
_CLIPPED = (2.0, 97.0)
"""L* beyond which clipping hides noise."""
_GRAIN_PX = 0.6
"""Width of grain that demosaicing and a codec have smoothed."""
_ENDS = ((0.5, 5.0, 95.0, 99.5), (0.0, 1.0, 1.0, 0.0))


def grain(lab: Lab) -> tuple[float, float]:
    """Return the noise deviation in flat patches of L*, and of a* and b* together."""
    lightness = np.ascontiguousarray(lab[..., 0])
    smooth = cv2.GaussianBlur(lightness, (0, 0), 1.5)
    slope = _patches(np.abs(cv2.Sobel(smooth, -1, 1, 0)) + np.abs(cv2.Sobel(smooth, -1, 0, 1)))
    mean = _patches(lightness)
    seen = (mean > _CLIPPED[0]) & (mean < _CLIPPED[1])
    seen = seen if seen.any() else np.ones_like(seen)
    flat = seen & (slope <= np.quantile(slope[seen], _FLAT_SHARE))
    of_l, of_a, of_b = (float(np.median(_deviation(lab[..., channel])[flat])) for channel in range(3))
    return of_l, (of_a + of_b) / 2


def noisy(rgb: Picture, grain_wanted: Sequence[float], strength: float, rng: np.random.Generator) -> Picture:
    """Add the noise that is lacking.

    Args:
        rgb: display RGB (H, W, 3) in [0, 1].
        grain_wanted: as `grain` measures it on the real picture.
        strength: share of the way, [0, 1].
        rng: draws the noise.
    """
    lab = lab_of(rgb)
    lacks = np.sqrt(np.maximum(np.square(grain_wanted) - np.square(grain(lab)), 0))
    ends = np.interp(lab[..., 0], *_ENDS).astype(np.float32)
    for channel, lack in enumerate((lacks[0], lacks[1], lacks[1])):
        lab[..., channel] += np.float32(strength * lack) * ends * _grain(ends.shape, rng)
    lab[..., 0] = np.clip(lab[..., 0], 0, 100)
    return rgb_of(lab)


def _grain(shape: tuple[int, ...], rng: np.random.Generator) -> Plane:
    """Return smoothed normal noise that the mask measures as deviation 1."""
    white = np.asarray(cv2.GaussianBlur(rng.standard_normal(shape, np.float32), (0, 0), _GRAIN_PX), np.float32)
    return white / np.float32(max(float(_deviation(white).mean()), 1e-6))


def _deviation(plane: Plane) -> Plane:
    """Return the noise deviation of every patch, (H // 8, W // 8)."""
    answer = np.abs(cv2.filter2D(np.ascontiguousarray(plane), -1, _MASK, borderType=cv2.BORDER_REFLECT_101))
    return _patches(answer) * np.float32(np.sqrt(np.pi / 2) / 6)


def _patches(plane: Plane) -> Plane:
    rows, columns = (side // _PATCH_PX for side in plane.shape)
    whole = plane[: rows * _PATCH_PX, : columns * _PATCH_PX]
    return np.asarray(whole.reshape(rows, _PATCH_PX, columns, _PATCH_PX).mean(axis=(1, 3)), np.float32)
