"""Pictures as the detector sees them: fitted into one size, or cut into crops of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.picture import decode_rgb
from eval.parity.detector import MULTIPLE
from scenes.errors import InputError

Rgb = NDArray[np.uint8]
Boxes = NDArray[np.float32]
Bools = NDArray[np.bool_]
GREY = 127  # what the body takes for zero
SEEN_SHARE, LEAST_SIDE_PX = 0.3, 2.0
"""A cut box is kept with so much of its area, and so many px."""
AT_AN_OBJECT = 0.7
"""Chance that a crop is placed so that it holds the middle of an object."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """Where a crop lies in a picture, and which boxes it shows.

    Args:
        corner: left and top, px of the picture.
        scale: px of the crop over px of the picture.
        mirrored: left and right are exchanged.
        xyxy: boxes that are kept, n x 4, px of the crop.
        kept: which of the picture's boxes they are.
    """

    corner: tuple[int, int]
    scale: float
    mirrored: bool
    xyxy: Boxes
    kept: Bools


def load(file: Path) -> Rgb:
    """Read a picture, uint8 RGB (H, W, 3).

    Raises:
        InputError: it cannot be decoded.
    """
    try:
        return decode_rgb(file)
    except (ValueError, OSError) as error:
        raise InputError(file, "must be a picture that can be decoded", got=str(error)) from error


def canvas_wh(sizes_wh: list[tuple[int, int]], long_side_px: int) -> tuple[int, int]:
    """Return the size on which pictures of these sizes fit at a long side, rounded up for the body."""
    scaled = np.array([np.multiply(size, long_side_px / max(size)) for size in sizes_wh])
    width, height = (int(-(-np.round(side) // MULTIPLE) * MULTIPLE) for side in np.quantile(scaled, 0.9, axis=0))
    return width, height


def fitted(rgb: Rgb, size_wh: tuple[int, int]) -> tuple[Rgb, float]:
    """Scale a picture to fit and fill the rest to the right and below with grey; returns it and the scale."""
    height, width = rgb.shape[:2]
    scale = min(size_wh[0] / width, size_wh[1] / height)
    inside = max(1, round(width * scale)), max(1, round(height * scale))
    canvas = np.full((size_wh[1], size_wh[0], 3), GREY, dtype=np.uint8)
    canvas[: inside[1], : inside[0]] = _resized(rgb, inside, scale)
    return canvas, scale


def window(
    picture_wh: tuple[int, int], xyxy: Boxes, *, size_wh: tuple[int, int], scale: float, rng: np.random.Generator
) -> Window:
    """Place a crop, as often as not at an object, mirrored in half of the cases.

    Args:
        picture_wh: px.
        xyxy: boxes, n x 4, px of the picture.
        size_wh: of the crop, px.
        scale: px of the crop over px of the picture.
        rng: places it.
    """
    corner = _corner(picture_wh, xyxy, np.array(size_wh) / scale, rng)
    left, top = (int(side) for side in np.maximum(np.round(corner), 0))
    inside = _inside((left, top), picture_wh, size_wh, scale)
    whole = (xyxy - np.array([left, top, left, top])) * scale
    cut_off = np.clip(whole, 0, np.array([*inside, *inside]))
    kept = (_area(cut_off) >= SEEN_SHARE * _area(whole)) & (
        (cut_off[:, 2:] - cut_off[:, :2]).min(axis=1) >= LEAST_SIDE_PX
    )
    flip = bool(rng.random() < 0.5)
    shown = (mirrored(cut_off, size_wh[0]) if flip else cut_off)[kept].astype(np.float32)
    return Window(corner=(left, top), scale=scale, mirrored=flip, xyxy=shown, kept=kept)


def cut(rgb: Rgb, window: Window, size_wh: tuple[int, int], rng: np.random.Generator) -> Rgb:
    """Cut a crop out of a picture, grey beyond its edges, and change its light and colour a little.

    Args:
        rgb: uint8 (H, W, 3).
        window: where.
        size_wh: of the crop, px.
        rng: draws light and colour.
    """
    (left, top), scale = window.corner, window.scale
    part = rgb[top : top + _taken(size_wh[1], scale), left : left + _taken(size_wh[0], scale)]
    inside = _inside(window.corner, (rgb.shape[1], rgb.shape[0]), size_wh, scale)
    canvas = np.full((size_wh[1], size_wh[0], 3), GREY, dtype=np.uint8)
    canvas[: inside[1], : inside[0]] = _tinted(_resized(part, inside, scale), rng)
    return np.ascontiguousarray(canvas[:, ::-1] if window.mirrored else canvas)


def _taken(side: int, scale: float) -> int:
    return max(1, round(side / scale))


def _inside(
    corner: tuple[int, int], picture_wh: tuple[int, int], size_wh: tuple[int, int], scale: float
) -> tuple[int, int]:
    """Return how much of a crop the picture fills, px from its left and its top."""
    width, height = (
        min(size, max(1, round(min(_taken(size, scale), side - at) * scale)))
        for size, side, at in zip(size_wh, picture_wh, corner, strict=True)
    )
    return width, height


def mirrored(xyxy: Boxes, width: float) -> Boxes:
    """Return boxes of a picture seen in a mirror."""
    return np.asarray(np.stack([width - xyxy[:, 2], xyxy[:, 1], width - xyxy[:, 0], xyxy[:, 3]], axis=1))


def _corner(
    picture_wh: tuple[int, ...], xyxy: Boxes, wanted_wh: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    free = np.maximum(np.array(picture_wh) - wanted_wh, 0)
    if len(xyxy) and rng.random() < AT_AN_OBJECT:
        box = xyxy[rng.integers(len(xyxy))]
        middle = (box[:2] + box[2:]) / 2
        return np.asarray(np.clip(middle - rng.random(2) * wanted_wh, 0, free))
    return np.asarray(rng.random(2) * free)


def _area(xyxy: Boxes) -> NDArray[np.float64]:
    return np.asarray((xyxy[:, 2:] - xyxy[:, :2]).prod(axis=1), dtype=np.float64)


def _resized(rgb: Rgb, size_wh: tuple[int, int], scale: float) -> Rgb:
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(rgb, size_wh, interpolation=how), dtype=np.uint8)


def _tinted(rgb: Rgb, rng: np.random.Generator) -> Rgb:
    gain = rng.uniform(0.7, 1.3) * rng.uniform(0.94, 1.06, 3)
    return np.clip(rgb * gain, 0, 255).astype(np.uint8)
