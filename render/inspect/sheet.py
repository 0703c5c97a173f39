"""All panels of a frame on one sheet, 1920 px wide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from render.inspect.boxes import boxes_panel
from render.inspect.canvas import Canvas, wrapped
from render.inspect.close_up import close_up_panel
from render.inspect.colours import DIM, PAPER, Rgb
from render.inspect.frame import Frame
from render.inspect.maps import depth_panel, mask_panel, normals_panel, parts_panel, semantic_panel
from render.inspect.plan_view import plan_panel
from render.inspect.solids import solids_panel
from render.inspect.words import conditions

WIDTH_PX = 1920
COLUMN_PX = 640
_WIDE_PX = 2 * COLUMN_PX
_TALLEST_PX, _TALLEST_SMALL_PX = 900, 450
_PLAN_PX = 768


def sheet(frame: Frame) -> Rgb:
    """Return the sheet of a frame, HxWx3."""
    small = (COLUMN_PX, _TALLEST_SMALL_PX)
    boxes = boxes_panel(frame, _WIDE_PX, _TALLEST_PX).drawn(_WIDE_PX)
    plan = plan_panel(frame, COLUMN_PX, _PLAN_PX).drawn(COLUMN_PX)
    solids = solids_panel(frame, _WIDE_PX, _TALLEST_PX).drawn(_WIDE_PX)
    column = [depth_panel(frame, *small), normals_panel(frame, *small)]
    maps = [mask_panel(frame, *small), semantic_panel(frame, *small), parts_panel(frame, *small)]
    close_up = close_up_panel(frame, WIDTH_PX, _TALLEST_PX)
    return np.concatenate(
        [
            _head(frame),
            _row([boxes, plan]),
            *([close_up.drawn(WIDTH_PX)] if close_up else []),
            _row([solids, _column([panel.drawn(COLUMN_PX) for panel in column])]),
            _row([panel.drawn(COLUMN_PX) for panel in maps]),
        ]
    )


def _head(frame: Frame) -> Rgb:
    told = [line for text in conditions(frame) for line in wrapped(text, WIDTH_PX - 20)]
    canvas = Canvas.blank(WIDTH_PX, 40 + 18 * len(told))
    canvas.text(10, 8, f"{frame.record['frame']}   {frame.record.get('sentence', '')}", px=17, weight="bold")
    for number, line in enumerate(told):
        canvas.text(10, 32 + 18 * number, line, DIM)
    return canvas.rgb


def _row(cells: Sequence[Rgb]) -> Rgb:
    height = max(cell.shape[0] for cell in cells)
    return np.concatenate([_padded(cell, height) for cell in cells], axis=1)


def _column(cells: Sequence[Rgb]) -> Rgb:
    return np.concatenate(list(cells))


def _padded(cell: Rgb, height: int) -> Rgb:
    spare = np.full((height - cell.shape[0], cell.shape[1], 3), PAPER, np.uint8)
    return np.concatenate([cell, spare])
