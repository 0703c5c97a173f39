"""Tell whether one picture lies in another: cropped, shifted, scaled or mirrored, and with something pasted over it.

Corners are matched, a similarity is fitted to them (RANSAC), and the aligned pictures must then agree block by block.
A strip that two films share, as a bonnet or a title, aligns but does not agree; a pasted object disagrees in a few
blocks only.

Sources: Rublee et al., ORB, ICCV 2011; Fischler and Bolles, Random Sample Consensus, CACM 1981.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from blend.picture import decode_rgb

Grey = NDArray[np.uint8]
Align = Literal["squeeze", "corners"]
Move = NDArray[np.float64]
"""Takes x, y, 1 in px of one picture to x, y in px of another, (2, 3)."""

GREY_SIDE_PX = 320
SAME_SHARE = 0.5
_SAME_NCC, _BLOCK_PX, _BLUR_PX, _TEXTURE = 0.97, 16, 1.5, 4.0
_LEAST_BLOCKS, _LEAST_OVERLAP = 16, 0.3
_CORNERS, _MOST_CODE_BITS = 300, 56
_LEAST_INLIERS, _MOST_OFF_PX = 12, 3.0
_SCALES, _MOST_TURN_RAD = (0.5, 2.0), 0.1


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """A picture small enough to be aligned in milliseconds.

    Args:
        grey: uint8 (H, W), longer side 320 px.
    """

    grey: Grey

    @cached_property
    def mirrored(self) -> Look:
        """The same, left to right."""
        return Look(grey=np.ascontiguousarray(self.grey[:, ::-1]))

    @cached_property
    def smooth(self) -> Grey:
        """The same without the finest detail, which does not survive a shift by a fraction of a pixel."""
        return np.asarray(cv2.GaussianBlur(self.grey, (0, 0), _BLUR_PX), dtype=np.uint8)

    @cached_property
    def corners(self) -> tuple[NDArray[np.float32], Grey]:
        """At most 300 corners: their x and y in px (n, 2), and ORB's codes, uint8 (n, 32)."""
        orb = cv2.ORB.create(nfeatures=_CORNERS, nlevels=5, edgeThreshold=15, patchSize=25, fastThreshold=6)
        found, codes = orb.detectAndCompute(self.grey, None)
        at_px = np.array([corner.pt for corner in found], dtype=np.float32).reshape(-1, 2)
        return at_px, np.asarray(codes if found else np.zeros((0, 32)), dtype=np.uint8)


def look(rgb: NDArray[np.uint8]) -> Look:
    """Shrink a picture, uint8 RGB (H, W, 3)."""
    return _shrunk(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8))


def read(path: Path) -> Look:
    """Read a picture that is known to be whole; a JPEG is decoded no larger than needed."""
    with Image.open(path) as image:
        if image.format == "JPEG" and image.mode in {"RGB", "L"}:
            image.draft("L", (GREY_SIDE_PX, GREY_SIDE_PX))
            return _shrunk(np.asarray(ImageOps.exif_transpose(image).convert("L")))
    return look(decode_rgb(path))


def _shrunk(grey: Grey) -> Look:
    scale = GREY_SIDE_PX / max(grey.shape)
    size_wh = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return Look(grey=np.asarray(cv2.resize(grey, size_wh, interpolation=how), dtype=np.uint8))


def shared(one: Look, other: Look, align: Align) -> float:
    """Return how much of two pictures is the same, once they are aligned, mirrored or not.

    Args:
        one: a picture.
        other: another.
        align: squeeze one frame to the other, or go by corners, as one may be cropped, shifted or scaled.

    Returns:
        share of the textured blocks of their overlap, [0, 1]; 0 where nothing aligns. Half (`SAME_SHARE`) is enough
        to call one a copy of the other with something pasted over it.
    """
    fit = _squeeze if align == "squeeze" else _similarity
    best = 0.0
    for side in (other, other.mirrored):
        move = fit(one, side)
        best = max(best, 0.0 if move is None else _same_blocks(one.smooth, side.smooth, move))
        if best >= SAME_SHARE:
            break
    return best


def _squeeze(one: Look, other: Look) -> Move:
    """Take the frame of `other` to that of `one`."""
    down, across = (mine / theirs for mine, theirs in zip(one.grey.shape, other.grey.shape, strict=True))
    return np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2]])


def _similarity(one: Look, other: Look) -> Move | None:
    """Fit what takes corners of `other` to `one`; None where too few follow it, or it turns or scales too much."""
    (target_px, target_codes), (source_px, source_codes) = one.corners, other.corners
    if min(len(target_px), len(source_px)) < _LEAST_INLIERS:
        return None
    matches = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(source_codes, target_codes)
    near = [match for match in matches if match.distance <= _MOST_CODE_BITS]
    if len(near) < _LEAST_INLIERS:
        return None
    move, inliers = cv2.estimateAffinePartial2D(
        source_px[[match.queryIdx for match in near]],
        target_px[[match.trainIdx for match in near]],
        method=cv2.RANSAC,
        ransacReprojThreshold=_MOST_OFF_PX,
        maxIters=1000,
        confidence=0.99,
    )
    if int(inliers.sum()) < _LEAST_INLIERS:  # none where nothing was fitted, and `move` is None then
        return None
    scale, turn_rad = np.hypot(move[0, 0], move[1, 0]), np.arctan2(move[1, 0], move[0, 0])
    plain = _SCALES[0] <= scale <= _SCALES[1] and abs(turn_rad) <= _MOST_TURN_RAD
    return np.asarray(move, dtype=np.float64) if plain else None


def _same_blocks(one: Grey, other: Grey, move: Move) -> float:
    height, width = one.shape
    moved = cv2.warpAffine(other, move, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.full_like(other, 255), move, (width, height), flags=cv2.INTER_LINEAR)
    covered = _blocks(inside).min(axis=1, initial=255) > 0
    first, second = (_centred(_blocks(grey)[covered]) for grey in (one, moved))
    lengths = np.linalg.norm(first, axis=1), np.linalg.norm(second, axis=1)
    textured = np.maximum(*lengths) >= _TEXTURE * _BLOCK_PX
    if textured.sum() < _LEAST_BLOCKS or covered.mean() < _LEAST_OVERLAP:
        return 0.0
    same = (first * second).sum(axis=1) >= _SAME_NCC * lengths[0] * lengths[1]
    return float(same[textured].mean())


def _blocks(grey: NDArray[Any]) -> NDArray[np.float32]:
    """Cut a picture into whole blocks, (blocks, pixels)."""
    rows, columns = (side // _BLOCK_PX for side in grey.shape)
    whole = grey[: rows * _BLOCK_PX, : columns * _BLOCK_PX].astype(np.float32)
    return whole.reshape(rows, _BLOCK_PX, columns, _BLOCK_PX).swapaxes(1, 2).reshape(rows * columns, _BLOCK_PX**2)


def _centred(blocks: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(blocks - blocks.mean(axis=1, keepdims=True), dtype=np.float32)
