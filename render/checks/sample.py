"""Which pixels a check looks at: some on masks and their edges, some beside, and a lattice over each actor's box."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from render.checks.footprint import Footprint
from render.silhouette import View

Int64 = npt.NDArray[np.int64]
Ids = npt.NDArray[np.uint16]
PIXELS = 400
"""How many pixels are drawn over the whole picture, half of them on masks."""
INSIDE, OUTSIDE, UNLABELLED = 324, 162, 81
"""Pixels of the lattice over an actor's box inside and outside of the picture, and over that of one without label."""
RING_PX = 3
_NONE = np.zeros((0, 2), np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Lattice:
    """Pixels over one actor's box, (N, 2) column and row, and how many pixels each stands for."""

    inside: Int64
    inside_px: int
    outside: Int64
    outside_px: int


def lattices(
    footprints: Mapping[int, Footprint],
    view: View,
    labelled: Collection[int],
    rng: np.random.Generator,
    *,
    most: int = INSIDE,
) -> dict[int, Lattice]:
    """Lay a lattice over every actor that may be seen; all pixels of small boxes.

    Args:
        footprints: of every actor.
        view: the camera.
        labelled: who has a label; others get fewer pixels, and none outside of the picture.
        rng: shifts the lattices.
        most: about how many pixels a box gets inside the picture.
    """
    return {
        actor: _lattice(seen, view, rng, most if actor in labelled else UNLABELLED, outside=actor in labelled)
        for actor, seen in footprints.items()
        if seen.xyxy is not None and (actor in labelled or seen.within((0.0, 0.0), view.resolution_wh))
    }


def scattered(ids: Ids, rng: np.random.Generator, count: int = PIXELS) -> Int64:
    """Draw (N, 2) pixels: a half on masks with their edges, a half beside and between them; two or more on each."""
    quarter = count // 4
    masks, edges = ids > 0, _edges(ids)
    beside = _grown(masks, RING_PX) & ~masks
    drawn = [_draw(pool, quarter, rng) for pool in (masks, edges, beside, ~masks)]
    return np.unique(np.concatenate([*drawn, _two_of_each(ids, rng)]), axis=0)


def _lattice(seen: Footprint, view: View, rng: np.random.Generator, most: int, *, outside: bool) -> Lattice:
    width, height = view.resolution_wh
    low, high = _whole(seen, (-width, -height), (2 * width, 2 * height))
    inner_low, inner_high = np.clip(low, 0, (width, height)), np.clip(high, 0, (width, height))
    inside, inside_px = _spread(inner_low, inner_high, most, rng)
    if not outside or ((low >= 0).all() and (high <= (width, height)).all()):
        return Lattice(inside=inside, inside_px=inside_px, outside=_NONE, outside_px=1)
    everywhere, outside_px = _spread(low, high, OUTSIDE * most // INSIDE, rng)
    beyond = ((everywhere < 0) | (everywhere >= (width, height))).any(axis=1)
    return Lattice(inside=inside, inside_px=inside_px, outside=everywhere[beyond], outside_px=outside_px)


def _whole(seen: Footprint, low: tuple[int, int], high: tuple[int, int]) -> tuple[Int64, Int64]:
    """Return the box in whole pixels; the near plane may have hidden how far a cut one reaches."""
    if seen.cut or seen.xyxy is None:
        return np.array(low), np.array(high)
    edges = np.clip(seen.xyxy, np.tile(low, 2), np.tile(high, 2))
    return np.floor(edges[:2]).astype(np.int64), np.ceil(edges[2:]).astype(np.int64)


def _spread(low: Int64, high: Int64, most: int, rng: np.random.Generator) -> tuple[Int64, int]:
    """Draw one pixel of every cell of a grid: a straight lattice would miscount edges that run along it."""
    size = np.maximum(high - low, 0)
    if not size.all():
        return _NONE, 1
    step = max(int(np.ceil(np.sqrt(size.prod() / most))), 1)
    columns, rows = (np.arange(low[i] - rng.integers(step), high[i], step) for i in range(2))
    cells = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    pixels = cells + rng.integers(0, step, cells.shape)
    return pixels[((pixels >= low) & (pixels < high)).all(axis=1)], step * step


def _edges(ids: Ids) -> npt.NDArray[np.bool_]:
    padded = np.pad(ids, 1, mode="edge")
    neighbours = (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:])
    return np.asarray((ids > 0) & np.any([neighbour != ids for neighbour in neighbours], axis=0))


def _grown(mask: npt.NDArray[np.bool_], by_px: int) -> npt.NDArray[np.bool_]:
    import cv2  # noqa: PLC0415  # slow to load

    side = 2 * by_px + 1
    return cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0


def _draw(pool: npt.NDArray[np.bool_], count: int, rng: np.random.Generator) -> Int64:
    flat = np.flatnonzero(pool)
    rows, columns = np.divmod(
        rng.permutation(flat)[:count] if len(flat) < 4 * count else rng.choice(flat, count), pool.shape[1]
    )
    return np.stack([columns, rows], axis=-1)


def _two_of_each(ids: Ids, rng: np.random.Generator) -> Int64:
    flat = np.flatnonzero(ids)
    if not len(flat):
        return _NONE
    shuffled = rng.permutation(flat)
    order = shuffled[np.argsort(ids.ravel()[shuffled], kind="stable")]
    _, starts, counts = np.unique(ids.ravel()[order], return_index=True, return_counts=True)
    picked = np.concatenate([order[starts], order[starts[counts > 1] + 1]])
    rows, columns = np.divmod(picked, ids.shape[1])
    return np.stack([columns, rows], axis=-1)
