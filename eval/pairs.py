"""Inner products of all pairs of rows, a tile at a time: no matrix over all pairs is ever held."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]
Consumer = Callable[[slice, slice, Singles], None]
"""Takes the places of a tile's rows and columns, and its inner products, which it must not change."""

TILE = 1024


def sweep(rows: Singles, *consumers: Consumer, tile: int = TILE) -> None:
    """Show every pair of rows once: tiles on and above the diagonal.

    Args:
        rows: N x d.
        consumers: each sees each tile.
        tile: rows at a time; changes no result beyond rounding.
    """
    for first, second in tiles(len(rows), tile=tile):
        _show(rows[first], rows[second], (first, second), consumers)


def tiles(count: int, *, tile: int = TILE) -> Iterator[tuple[slice, slice]]:
    """Yield the places of the rows and columns of each tile on and above the diagonal of a count x count matrix."""
    for first in _slices(count, tile):
        for second in _slices(count, tile, first.start):
            yield first, second


def sweep_between(left: Singles, right: Singles, *consumers: Consumer, tile: int = TILE) -> None:
    """Show every pair of a left row (n x d) and a right row (m x d) once."""
    for first in _slices(len(left), tile):
        for second in _slices(len(right), tile):
            _show(left[first], right[second], (first, second), consumers)


def _show(left: Singles, right: Singles, place: tuple[slice, slice], consumers: tuple[Consumer, ...]) -> None:
    inner = left @ right.T
    for consumer in consumers:
        consumer(*place, inner)


def _slices(count: int, tile: int, start: int = 0) -> Iterator[slice]:
    for low in range(start, count, tile):
        yield slice(low, min(low + tile, count))
