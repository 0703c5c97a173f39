"""What each cell of a feature map shows: the classes of the boxes that lie there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats32 = NDArray[np.float32]


def cell_labels(
    boxes_xyxy: NDArray[np.float64],
    classes: NDArray[np.int64],
    *,
    size_wh: tuple[int, int],
    grid_wh: tuple[int, int],
    class_count: int,
) -> Bools:
    """Return which classes each cell shows.

    A cell shows a class if its centre lies in a box of it, or if the centre of such a box lies in the cell, so that a
    box smaller than a cell counts once.

    Args:
        boxes_xyxy: B x 4, px of the picture.
        classes: B, in [0, class_count).
        size_wh: of the picture, px.
        grid_wh: cells of the map; the whole picture is squeezed onto it.
        class_count: columns of the result.

    Returns:
        (rows * columns) x class_count, rows first.
    """
    columns, rows = grid_wh
    scale = np.array([columns / size_wh[0], rows / size_wh[1]] * 2)
    shown = np.zeros((rows, columns, class_count), dtype=bool)
    for (x0, y0, x1, y1), label in zip(np.reshape(boxes_xyxy, (-1, 4)) * scale, classes, strict=True):
        shown[_cells(y0, y1, rows), _cells(x0, x1, columns), label] = True
        row, column = int((y0 + y1) / 2), int((x0 + x1) / 2)
        shown[min(max(row, 0), rows - 1), min(max(column, 0), columns - 1), label] = True
    return shown.reshape(rows * columns, class_count)


def cell_features(middle: Floats32, deep: Floats32) -> Floats32:
    """Return one row per cell: features at stride 16, those at stride 32 that lie over it, and a 1 for the offset.

    Args:
        middle: C x rows x columns.
        deep: D x rows/2 x columns/2.
    """
    over = deep.repeat(2, axis=1).repeat(2, axis=2)
    ones = np.ones((1, *middle.shape[1:]), dtype=np.float32)
    stacked = np.concatenate([middle, over, ones])
    return np.ascontiguousarray(stacked.reshape(len(stacked), -1).T)


def _cells(low: float, high: float, count: int) -> slice:
    first = int(np.ceil(low - 0.5))
    after = int(np.floor(high - 0.5)) + 1
    return slice(min(max(first, 0), count), min(max(after, 0), count))
