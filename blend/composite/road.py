"""Where the free road is in a real picture."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.composite.horizon import GroundCamera
from blend.composite.refusal import RefusalError
from blend.picture import Annotation

_LEAST_SHARE = 0.45
"""Of the wedge before the camera that must look like one road."""
_L_BAND, _AB_BAND = (14.0, 34.0), (6.0, 14.0)
_TEXTURE = 9.0
Mask = NDArray[np.bool_]


def road_mask(rgb: NDArray[np.uint8], camera: GroundCamera, boxes: Iterable[Annotation]) -> Mask:
    """Return which pixels below the horizon look like the road before the camera, and are in no box.

    The road is what has the lightness, colour and calm of the wedge from the middle of the lower edge to where the road
    vanishes, and is connected with it.

    Args:
        rgb: uint8 (H, W, 3).
        camera: of the picture.
        boxes: real objects.

    Raises:
        RefusalError: the wedge shows no one surface.
    """
    height, width = rgb.shape[:2]
    free = ~taken(boxes, height, width)
    wedge = _wedge(camera, height, width) & free
    lab = cv2.cvtColor(cv2.GaussianBlur(rgb, (0, 0), 1.5), cv2.COLOR_RGB2LAB).astype(np.float32)
    if wedge.sum() < 0.01 * wedge.size:
        raise RefusalError("no free road: objects fill it")
    tone = np.median(lab[wedge], axis=0)
    spread = 1.4826 * np.median(np.abs(lab[wedge] - tone), axis=0)
    band = np.clip(3 * spread, (_L_BAND[0], _AB_BAND[0], _AB_BAND[0]), (_L_BAND[1], _AB_BAND[1], _AB_BAND[1]))
    alike = (np.abs(lab - tone) < band).all(axis=-1) & (_texture(lab[..., 0]) < _TEXTURE) & free
    alike[: max(0, int(camera.horizon_px) + 2)] = False
    alike = cv2.morphologyEx(alike.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)) > 0
    if (alike & wedge).sum() < _LEAST_SHARE * wedge.sum():
        raise RefusalError("no free road: what lies before the camera is not one surface")
    _, labels = cv2.connectedComponents(alike.astype(np.uint8))
    counts = np.bincount(labels[wedge & alike].ravel())
    counts[0] = 0
    return np.asarray((labels == int(np.argmax(counts))) & free)


def taken(boxes: Iterable[Annotation], height: int, width: int) -> Mask:
    """Return which pixels some box covers, (height, width)."""
    covered = np.zeros((height, width), dtype=bool)
    for box in boxes:
        x, y, w, h = box.xywh
        covered[int(y) : int(np.ceil(y + h)), int(x) : int(np.ceil(x + w))] = True
    return covered


def _wedge(camera: GroundCamera, height: int, width: int) -> Mask:
    top = camera.horizon_px + 0.12 * (height - camera.horizon_px)
    apex = float(np.clip(camera.vanish_x_px, 0.2 * width, 0.8 * width))
    corners = [
        (0.25 * width, 0.9 * height),
        (0.75 * width, 0.9 * height),
        (apex + 0.04 * width, top),
        (apex - 0.04 * width, top),
    ]
    wedge = np.zeros((height, width), dtype=np.uint8)
    cv2.fillConvexPoly(wedge, np.round(corners).astype(np.int32), 1)
    return wedge > 0


def _texture(lightness: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the spread of lightness around each pixel."""
    mean = cv2.blur(lightness, (7, 7))
    return np.sqrt(np.maximum(cv2.blur(lightness * lightness, (7, 7)) - mean * mean, 0.0)).astype(np.float32)
