"""Pictures for a page that stands alone: small JPEG data URIs, and boxes as numbers for an SVG on top."""

from __future__ import annotations

import base64
import colorsys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scenes.errors import InputError

JPEG_QUALITY = 82  # below it the sensor noise of night pictures turns into blocks
_GOLDEN_ANGLE = 0.618034  # neighbouring ids get far hues


def thumbnail(path: Path, *, width_px: int) -> str:
    """Return a picture as a JPEG data URI, shrunk to a width and never enlarged.

    Raises:
        InputError: the file cannot be read or is no picture.
    """
    return _uri(_shrunk(_read(path, cv2.IMREAD_COLOR), width_px))


def coloured_mask(mask: Path, picture: Path, *, width_px: int) -> str:
    """Return instance ids as colours over the dim grey picture, as a JPEG data URI.

    Args:
        mask: 16-bit PNG, 0 where no instance is.
        picture: of the same size.
        width_px: width to shrink to.

    Raises:
        InputError: a file cannot be read, or the sizes differ.
    """
    ids, bgr = _read(mask, cv2.IMREAD_UNCHANGED), _read(picture, cv2.IMREAD_COLOR)
    if ids.shape[:2] != bgr.shape[:2]:
        raise InputError(mask.name, "must have the size of its picture", got=ids.shape[:2])
    grey = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)
    painted = np.repeat((grey * 0.45 + 18)[..., None], 3, axis=2)
    for instance in np.unique(ids[ids > 0]).tolist():
        inside = ids == instance
        shade = 0.72 + 0.28 * grey[inside, None] / 255
        painted[inside] = np.array(_colour_bgr(int(instance))) * shade
    return _uri(_shrunk(painted.astype(np.uint8), width_px))


def rectangles(boxes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return COCO boxes as x, y, width, height in px with their class and whether they took part in a crash."""
    return [{**_xywh(box["bbox"]), "category": box["category"], "crash": box.get("crash") is not None} for box in boxes]


def _xywh(bbox: Iterable[float]) -> dict[str, float]:
    return dict(zip(("x", "y", "width", "height"), (round(float(value), 1) for value in bbox), strict=True))


def _colour_bgr(instance: int) -> tuple[float, float, float]:
    red, green, blue = colorsys.hsv_to_rgb(instance * _GOLDEN_ANGLE % 1, 0.62, 1.0)
    return 255 * blue, 255 * green, 255 * red


def _read(path: Path, flag: int) -> NDArray[Any]:
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise InputError(path.name, "must be readable", got=error.strerror) from error
    image = cv2.imdecode(data, flag) if data.size else None
    if image is None:
        raise InputError(path.name, "must be a picture", got=f"{data.size} bytes that are none")
    return np.asarray(image)


def _shrunk(image: NDArray[Any], width_px: int) -> NDArray[Any]:
    height, width = image.shape[:2]
    if width <= width_px:
        return image
    return np.asarray(
        cv2.resize(image, (width_px, max(1, round(height * width_px / width))), interpolation=cv2.INTER_AREA)
    )


def _uri(image: NDArray[Any]) -> str:
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    assert done
    return f"data:image/jpeg;base64,{base64.b64encode(data.tobytes()).decode()}"
