"""Light, haze, sharpness and noise of a real picture, where an actor is to stand."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.composite.colour import Float32, luminance
from blend.composite.refusal import RefusalError

GROUND_ALBEDO = 0.18
"""Reflectance of the ground that cut-outs stand on, and taken for the road."""
_DARK = 0.018
_BRIGHT = 0.4
"""A road of this display-linear level is lit by the sun, or burnt out: under cloud it is exposed to 0.1 to 0.3."""
_HARD = 2.6
_GAP_PX = 31
"""Shadows on the road that are narrower belong to it."""
_TINT = 0.7
"""Share of the road's colour that is taken for the light's: roads have a colour of their own."""
_HAZE_MOST = 0.45
_OPERATOR_PX = 0.7
"""Spread that the gradient operator and the pixel grid add to an edge."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Light:
    """What a real picture says of the light at a place.

    Args:
        white: linear RGB that a white surface on the ground would have, >= 0; may pass 1.
        haze: linear RGB that a black surface has there: air and stray light.
        blur_px: spread of the picture's edges.
        noise: standard deviation in display values, [0, 255].
    """

    white: tuple[float, float, float]
    haze: tuple[float, float, float]
    blur_px: float
    noise: float

    def record(self) -> dict[str, object]:
        """Return what the composite's record says of it."""
        return {
            key: [round(part, 4) for part in told] if isinstance(told, tuple) else round(told, 3)
            for key, told in asdict(self).items()
        }


def check_soft(linear: Float32, road: Mask, free: Mask) -> None:
    """Refuse pictures whose light no cut-out has: night, and hard shadows, whose direction nobody has measured.

    Args:
        linear: (H, W, 3) in [0, 1].
        road: pixels of free road.
        free: pixels that no real object's box covers.

    Raises:
        RefusalError: it is too dark, or the road has a lit and a shaded part.
    """
    middle = float(np.median(luminance(linear[road])))
    if middle < _DARK:
        raise RefusalError("light: too dark for a cut-out without lamps")
    if middle > _BRIGHT:
        raise RefusalError("light: the road lies in the sun, whose direction is not known")
    whole = cv2.morphologyEx(road.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((_GAP_PX, _GAP_PX), np.uint8)) > 0
    low, high = np.percentile(luminance(linear[whole & free]), (8, 92))
    if high > _HARD * max(float(low), 1e-4):
        raise RefusalError("light: hard shadows, or patches of sun or of headlights, on the road")


def light_at(linear: Float32, rgb: NDArray[np.uint8], road: Mask, xyxy: tuple[int, int, int, int]) -> Light:
    """Measure the light around a place.

    Args:
        linear: (H, W, 3) in [0, 1].
        rgb: the same in display values, uint8.
        road: pixels of free road.
        xyxy: where the actor is going to be in the picture.

    Raises:
        RefusalError: there is no road around it.
    """
    near = _around(road, xyxy)
    if near.sum() < 30:
        raise RefusalError("off the road")
    ground = np.median(linear[near], axis=0)
    grey = float(luminance(ground[None])[0])
    tinted = grey * (ground / max(grey, 1e-4)) ** _TINT
    haze = np.minimum(_haze(linear, xyxy), _HAZE_MOST * ground)
    white = (tinted - haze) / GROUND_ALBEDO
    r, g, b = (float(part) for part in np.maximum(white, 0.0))
    return Light(
        white=(r, g, b),
        haze=(float(haze[0]), float(haze[1]), float(haze[2])),
        blur_px=edge_spread_px(rgb),
        noise=noise_of(rgb, road),
    )


def _around(road: Mask, xyxy: tuple[int, int, int, int]) -> Mask:
    """Return road beside the lower part of a box."""
    x0, y0, x1, y1 = xyxy
    wide, tall = x1 - x0, y1 - y0
    near = np.zeros_like(road)
    top, bottom = max(0, int(y1 - 0.35 * tall)), int(y1 + 0.25 * tall) + 3
    near[top:bottom, max(0, int(x0 - 0.6 * wide)) : int(x1 + 0.6 * wide)] = True
    return np.asarray(near & road)


def _haze(linear: Float32, xyxy: tuple[int, int, int, int]) -> NDArray[np.float64]:
    """Return the darkest colour in the rows of a box: what lies at its depth has black parts too."""
    _, y0, _, y1 = xyxy
    band = linear[max(0, y0) : max(y1, y0 + 4)].reshape(-1, 3)
    level = luminance(band)
    return np.asarray(band[level <= np.percentile(level, 0.7)].mean(axis=0), dtype=np.float64)


def edge_spread_px(rgb: NDArray[np.uint8]) -> float:
    """Return the spread of the sharpest edges, as a Gaussian's sigma in px.

    A second blur of 1 px lowers the gradient of an edge of spread s by sqrt(1 + 1 / s²).

    Source:
        Zhuo and Sim, "Defocus map estimation from a single image" (Pattern Recognition 2011).
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    sharp, soft = _gradient(grey), _gradient(cv2.GaussianBlur(grey, (0, 0), 1.0).astype(np.float32))
    strong = sharp >= max(float(np.percentile(sharp, 98)), 8.0)
    if not strong.any():
        return 1.5
    ratio = np.maximum(sharp[strong] / np.maximum(soft[strong], 1e-3), 1.01)
    spread = float(np.median(1 / np.sqrt(ratio**2 - 1)))
    return float(np.clip(np.sqrt(max(spread**2 - _OPERATOR_PX**2, 0.0)), 0.3, 3.0))


def _gradient(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    dx, dy = cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=0.25)
    return np.asarray(np.hypot(dx, dy), dtype=np.float32)


def noise_of(rgb: NDArray[np.uint8], road: Mask) -> float:
    """Return the spread of noise on the calm half of the road, in display values.

    Source:
        Immerkær, "Fast noise variance estimation" (CVIU 1996), with a median in place of the mean.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
    found = np.abs(cv2.filter2D(grey, -1, kernel))[road]
    return float(1.4826 * np.median(found) / 6.0) if found.size else 0.0
