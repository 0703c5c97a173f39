"""Compare pairs of grey thumbnails, thousands at a time: as a whole, block by block, and one inside the other.

All thumbnails are uint8 (n, 64, 64), the whole picture squeezed; pairs are places (m, 2). A thumbnail without contrast
is like no other.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE_PX = 64
_BLOCK_PX, _LEAST_BLOCKS, _TEXTURE, _SAME_NCC = 8, 12, 3.0, 0.9
_WINDOW_SCALES, _WINDOW_STEP_PX, _CELLS = (1.0, 0.95, 0.9, 0.85, 0.8), 2.2, 16
_FLAT, _CHUNK = 0.5, 4096

Thumbs = NDArray[np.uint8]
Places = NDArray[np.int64]
Shares = NDArray[np.float32]


def thumbnail(grey: NDArray[np.uint8]) -> Thumbs:
    """Squeeze a grey picture (H, W) to (64, 64)."""
    return np.asarray(cv2.resize(grey, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def flat(thumbs: Thumbs) -> NDArray[np.bool_]:
    """Tell which thumbnails have no contrast, (n,)."""
    return np.asarray(thumbs.reshape(len(thumbs), -1).std(axis=1) <= _FLAT)


def correlations(thumbs: Thumbs, pairs: Places) -> Shares:
    """Correlate each pair, mirrored or not, whichever is nearer, (m,) in [-1, 1]; 0 where one is flat."""
    return _chunked(thumbs, pairs, _correlations)


def level_differences(thumbs: Thumbs, pairs: Places) -> Shares:
    """Return the mean absolute difference of each pair in 8-bit levels, (m,)."""
    return _chunked(thumbs, pairs, _level_differences)


def same_blocks(thumbs: Thumbs, pairs: Places) -> Shares:
    """Return the share of textured blocks in which each pair agrees, mirrored or not, (m,) in [0, 1]."""
    return _chunked(thumbs, pairs, _same_blocks)


def window_correlations(thumbs: Thumbs, pairs: Places) -> tuple[Shares, Shares]:
    """Correlate each whole with windows of the other, 80 to 100 % of its sides, mirrored or not.

    Returns:
        of wholes with each other, (m,), and of the best window, (m,), both after shrinking to 16 x 16 cells.
    """
    both = np.concatenate([pairs, pairs[:, ::-1]])
    whole, best = np.zeros((2, len(both)), np.float32)
    order = np.argsort(both[:, 0], kind="stable")
    starts = np.flatnonzero(np.diff(both[order, 0], prepend=-1))
    for rows in np.split(order, starts[1:]) if len(order) else ():
        found = _whole_and_mirrored(thumbs[both[rows, 1]]) @ _windows(thumbs[both[rows[0], 0]]).T
        sides = found.reshape(2, len(rows), -1)
        whole[rows], best[rows] = sides[..., 0].max(axis=0), sides.max(axis=(0, 2))
    return whole[: len(pairs)], np.maximum(*best.reshape(2, -1))


def _chunked(thumbs: Thumbs, pairs: Places, compare: Callable[[NDArray[np.float32], Places], Shares]) -> Shares:
    """Compare chunk by chunk, so that memory stays bounded; each chunk knows only the thumbnails that it needs."""
    parts = [np.empty(0, np.float32)]
    for start in range(0, len(pairs), _CHUNK):
        places, inside = np.unique(pairs[start : start + _CHUNK], return_inverse=True)
        parts.append(compare(thumbs[places].astype(np.float32), inside.reshape(-1, 2)))
    return np.concatenate(parts)


def _level_differences(levels: NDArray[np.float32], pairs: Places) -> Shares:
    first, second = pairs.T
    return np.asarray(np.abs(levels[first] - levels[second]).mean(axis=(1, 2)), dtype=np.float32)


def _correlations(levels: NDArray[np.float32], pairs: Places) -> Shares:
    first, second = pairs.T
    plain, mirrored = (_unit(side.reshape(len(levels), -1), _FLAT) for side in (levels, levels[..., ::-1]))
    best = np.maximum(*(np.einsum("ij,ij->i", plain[first], side[second]) for side in (plain, mirrored)))
    return np.asarray(best, dtype=np.float32)


def _same_blocks(levels: NDArray[np.float32], pairs: Places) -> Shares:
    first, second = pairs.T
    plain, mirrored = _blocks(levels), _blocks(levels[..., ::-1])
    one = plain[first]
    return np.maximum(*(_agreeing(one, side[second]) for side in (plain, mirrored)))


def _agreeing(one: NDArray[np.float32], other: NDArray[np.float32]) -> Shares:
    """Return the share of blocks that agree among those with texture; blocks (m, 64, 64), unit length or 0."""
    textured = one.any(axis=2) | other.any(axis=2)
    same = np.einsum("ijk,ijk->ij", one, other) >= _SAME_NCC
    count = textured.sum(axis=1)
    return np.asarray(np.where(count >= _LEAST_BLOCKS, same.sum(axis=1) / np.maximum(count, 1), 0), dtype=np.float32)


def _blocks(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    side = SIDE_PX // _BLOCK_PX
    cut = levels.reshape(-1, side, _BLOCK_PX, side, _BLOCK_PX).swapaxes(2, 3)
    return _unit(cut.reshape(len(levels), side * side, -1), _TEXTURE)


def _unit(levels: NDArray[np.float32], least_spread: float) -> NDArray[np.float32]:
    """Take the mean off the last axis and give it unit length; 0 where the standard deviation is too small."""
    centred = levels - levels.mean(axis=-1, keepdims=True)
    length = np.linalg.norm(centred, axis=-1, keepdims=True)
    least = least_spread * np.sqrt(levels.shape[-1])
    return np.asarray(np.where(length > least, centred / np.maximum(length, 1e-6), 0), dtype=np.float32)


def _whole_and_mirrored(thumbs: Thumbs) -> NDArray[np.float32]:
    """Shrink whole thumbnails to (2n, 256): first all as they are, then all mirrored."""
    step = SIDE_PX // _CELLS
    small = thumbs.astype(np.float32).reshape(-1, _CELLS, step, _CELLS, step).mean(axis=(2, 4))
    return _unit(np.concatenate([small, small[..., ::-1]]).reshape(2 * len(thumbs), -1), _FLAT)


def _windows(thumb: Thumbs) -> NDArray[np.float32]:
    """Cut windows of all scales and places out of one thumbnail, (windows, 256)."""
    cut = [rows @ thumb.astype(np.float32) @ columns for rows, columns in _CUTS]
    return _unit(np.concatenate([windows.reshape(-1, _CELLS**2) for windows in cut]), _FLAT)


def _cuts(scale: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what cuts 16 rows out of 64 at every place, (k, 1, 16, 64), and what cuts columns, (1, k, 64, 16)."""
    slack = SIDE_PX * (1 - scale)
    starts = np.linspace(0, slack, int(np.ceil(slack / _WINDOW_STEP_PX)) + 1 if slack else 1)
    edges = starts[:, None] + np.linspace(0, SIDE_PX * scale, _CELLS + 1)
    pixels = np.arange(SIDE_PX)
    low, high = (np.clip(edges[:, side, None] - pixels, 0, 1) for side in (slice(None, -1), slice(1, None)))
    mean = ((high - low) / (SIDE_PX * scale / _CELLS)).astype(np.float32)
    return mean[:, None], mean.transpose(0, 2, 1)[None]


_CUTS = [_cuts(scale) for scale in _WINDOW_SCALES]
