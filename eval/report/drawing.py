"""Pictures for the page: small JPEGs as data URIs, and boxes as SVG over them, which stay sharp."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.picture import decode_mask

Rgb = NDArray[np.uint8]

CLASS_HEX = MappingProxyType(
    {
        "car": "#3fb6ff",
        "truck": "#ff9f40",
        "bus": "#ffd23f",
        "motorcycle": "#c792ff",
        "bicycle": "#57e0a4",
        "three_wheeler": "#ff7ac6",
        "person": "#9dff57",
    }
)
"""Box colour of each class: light enough for a night frame, apart for the common kinds of colour blindness."""

CRASH_HEX = "#ff4d4d"
_OTHER_HEX = "#ffffff"
_JPEG_QUALITY = 82  # above it, size grows faster than what a screen shows
_GOLDEN_DEG = 137.50776  # neighbours in number lie far apart in hue


@dataclass(frozen=True, kw_only=True)
class Outline:
    """One box over a picture, px of the original.

    Args:
        x, y, width, height: of the box.
        colour: of its class, or of a crash party.
        title: what a pointer over it tells.
    """

    x: float
    y: float
    width: float
    height: float
    colour: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One picture on the page.

    Args:
        uri: the JPEG as a data URI, "" where the file could not be read.
        width, height: of the original, px: the frame of the outlines.
        outlines: boxes to draw over it.
        alt: what it shows, for those who do not see it.
    """

    uri: str
    width: int
    height: int
    outlines: tuple[Outline, ...] = ()
    alt: str = ""


def read_rgb(path: Path) -> Rgb | None:
    """Read a picture as RGB, None where it cannot be decoded."""
    try:
        bgr = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error):
        return None
    return None if bgr is None else np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def figure(rgb: Rgb | None, *, width_px: int, boxes: Sequence[Mapping[str, Any]] = (), alt: str = "") -> Figure:
    """Shrink a picture to a width and wrap it for the page."""
    if rgb is None:
        return Figure(uri="", width=16, height=9, alt=f"{alt} (the file cannot be read)")
    height, width = rgb.shape[:2]
    outlines = tuple(outline(box) for box in boxes)
    return Figure(uri=data_uri(_shrunk(rgb, width_px)), width=width, height=height, outlines=outlines, alt=alt)


def outline(box: Mapping[str, Any]) -> Outline:
    """Make the outline of one COCO annotation that carries its class name."""
    x, y, width, height = (float(value) for value in box["bbox"])
    colour = CRASH_HEX if box.get("crash") else CLASS_HEX.get(box["category"], _OTHER_HEX)
    return Outline(x=x, y=y, width=width, height=height, colour=colour, title=told(box))


def told(box: Mapping[str, Any]) -> str:
    """Tell the labels of one object in a line."""
    parts = [str(box["category"]).replace("_", " ")]
    if box.get("distance_m") is not None:
        parts.append(f"{box['distance_m']:.1f} m away")
    if box.get("occlusion"):
        parts.append(f"{box['occlusion']:.0%} hidden")
    if crash := box.get("crash"):
        parts.append(f"crash: delta-v {crash['delta_v_mps']:.1f} m/s, PDOF {crash['pdof_deg']:.0f}°")
    return ", ".join(parts)


def masked(rgb: Rgb, boxes: Sequence[Mapping[str, Any]]) -> Rgb:
    """Dim a picture and paint each instance mask in a colour of its own."""
    painted = (rgb.astype(np.float32) * 0.35).astype(np.uint8)
    for number, box in enumerate(boxes):
        inside = instance_mask(box, (rgb.shape[0], rgb.shape[1]))
        if inside is not None:
            colour = _hue_rgb(number)
            painted[inside] = (0.3 * rgb[inside] + 0.7 * colour).astype(np.uint8)
    return painted


def instance_mask(box: Mapping[str, Any], shape_hw: tuple[int, int]) -> NDArray[np.bool_] | None:
    """Decode the mask of one annotation, None where it has none or one of another size."""
    rle = box.get("segmentation")
    if not isinstance(rle, dict) or tuple(rle.get("size", ())) != shape_hw:
        return None
    return decode_mask(rle)


def data_uri(rgb: Rgb) -> str:
    """Encode a picture as a JPEG data URI."""
    done, content = cv2.imencode(
        ".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    )
    assert done, "cv2 encodes every uint8 picture"
    return "data:image/jpeg;base64," + base64.b64encode(content.tobytes()).decode()


def _shrunk(rgb: Rgb, width_px: int) -> Rgb:
    height, width = rgb.shape[:2]
    if width <= width_px:
        return rgb
    size = (width_px, max(1, round(height * width_px / width)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _hue_rgb(number: int) -> NDArray[np.float32]:
    hsv = np.array([[[(200 + number * _GOLDEN_DEG) % 360, 0.65, 1.0]]], dtype=np.float32)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0] * 255, dtype=np.float32)
