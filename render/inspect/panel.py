"""One panel of the sheet: a title, a picture, and a legend below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from render.inspect.canvas import Canvas, text_size, wrapped
from render.inspect.colours import DAMAGE, DIM, INK, LINE, NOTHING, PAPER, Colour, Rgb

TITLE_PX = 26
ROW_PX = 19
_SWATCH_PX = 12
_GAP_PX = 14
_MARGIN_PX = 8


@dataclass(frozen=True, kw_only=True)
class Key:
    """One entry of a legend: a colour and what it stands for; `mark` says how it is drawn."""

    colour: Colour
    words: str
    mark: str = "plain"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What is laid on the sheet; `rgb` HxWx3 has the panel's size already."""

    title: str
    rgb: Rgb
    keys: Sequence[Key] = ()
    note: str = ""

    def drawn(self, width_px: int) -> Rgb:
        """Return title, picture and legend under each other, `width_px` wide."""
        rows = _legend_rows(self.keys, width_px)
        notes = wrapped(self.note, width_px - 2 * _MARGIN_PX)
        height = TITLE_PX + self.rgb.shape[0] + (len(rows) + len(notes)) * ROW_PX + 10
        canvas = Canvas.blank(width_px, height)
        canvas.text(_MARGIN_PX, 5, self.title, weight="bold")
        left = (width_px - self.rgb.shape[1]) // 2
        canvas.rgb[TITLE_PX : TITLE_PX + self.rgb.shape[0], left : left + self.rgb.shape[1]] = self.rgb
        y = TITLE_PX + self.rgb.shape[0] + 4
        for row in rows:
            for x, key in row:
                _draw_key(canvas, x, y, key)
            y += ROW_PX
        for line in notes:
            canvas.text(_MARGIN_PX, y, line, DIM)
            y += ROW_PX
        return canvas.rgb


def fitted(rgb: Rgb, width_px: int, *, tallest_px: int, smooth: bool = False) -> tuple[Rgb, float]:
    """Return a picture enlarged or reduced into a panel, and the scale.

    Args:
        rgb: HxWx3.
        width_px: as wide as it may be.
        tallest_px: as high as it may be.
        smooth: whether colours may be mixed; label maps may not.
    """
    height, width = rgb.shape[:2]
    scale = min(width_px / width, tallest_px / height)
    size = (round(width * scale), round(height * scale))
    how = cv2.INTER_NEAREST if not smooth else cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, size, interpolation=how), np.uint8), scale


def absent(rgb: Rgb, words: str) -> Rgb:
    """Return a panel's picture that says what is not there, over the dimmed frame."""
    grey = cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    canvas = Canvas(np.asarray(grey // 4 + 20, np.uint8))
    lines = wrapped(words, canvas.size_wh[0] - 40)
    for number, line in enumerate(lines):
        width, height = text_size(line)
        x = (canvas.size_wh[0] - width) / 2
        y = canvas.size_wh[1] / 2 + (number - len(lines) / 2) * (height + 2)
        canvas.text(x, y, line, INK)
    return canvas.rgb


def hatched(canvas: Canvas, xyxy: tuple[float, float, float, float], colour: Colour) -> None:
    """Fill a box with slanted lines."""
    x0, y0, x1, y1 = (round(edge) for edge in xyxy)
    rows, columns = np.mgrid[y0:y1, x0:x1]
    canvas.rgb[y0:y1, x0:x1][(rows + columns) % 5 < 2] = colour


def _legend_rows(keys: Sequence[Key], width_px: int) -> list[list[tuple[float, Key]]]:
    rows: list[list[tuple[float, Key]]] = []
    x = float(width_px)
    for key in keys:
        width = _SWATCH_PX + 5 + text_size(key.words)[0] + _GAP_PX
        if not rows or x + width > width_px:
            rows.append([])
            x = _MARGIN_PX
        rows[-1].append((x, key))
        x += width
    return rows


def _draw_key(canvas: Canvas, x: float, y: float, key: Key) -> None:
    top, side = y + 2, _SWATCH_PX
    middle = top + side / 2
    ends = np.array([[x, middle], [x + side, middle]])
    if key.mark == "outline":
        canvas.box((x + 1, top + 1, x + side - 1, top + side - 1), key.colour)
    elif key.mark == "dashed":
        for start in (0, 8):
            canvas.fill((x + start, middle - 1, x + start + 5, middle + 1), key.colour)
    elif key.mark == "line":
        canvas.line(ends, key.colour, thick=2)
    elif key.mark == "arrow":
        canvas.arrow(ends[0], ends[1], key.colour, thick=1)
    elif key.mark in ("dot", "ring"):
        canvas.dot(x + side / 2, middle, 4, key.colour, filled=key.mark == "dot")
    else:
        canvas.fill((x, top, x + side, top + side), key.colour)
        if key.mark == "damaged":
            hatched(canvas, (x, top, x + side, top + side), DAMAGE)
        if key.colour in (PAPER, NOTHING):
            canvas.box((x, top, x + side, top + side), LINE, thick=1)
    canvas.text(x + side + 5, y, key.words)
