"""A picture to draw on: lines between pixels, boxes whose edges lie exactly where they should, and text.

Places are in pixel edges of the canvas: its first pixel covers [0, 1].
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import cv2
import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from render.inspect.colours import INK, PAPER, Colour, Rgb

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]
Weight = Literal["plain", "bold"]
TEXT_PX = 13
TAG_PAD_PX = 3
_FONTS = {"plain": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}
_FRACTION_BITS = 4
_FARTHEST_PX = 30_000.0
_DASH_PX, _GAP_PX = 7, 5


class Canvas:
    """An RGB picture, `rgb` HxWx3 uint8, that is drawn on in place."""

    def __init__(self, rgb: Rgb) -> None:
        """Draw on a picture; it is not copied."""
        self.rgb = np.ascontiguousarray(rgb)

    @classmethod
    def blank(cls, width: int, height: int, colour: Colour = PAPER) -> Canvas:
        """Return an empty one."""
        return cls(np.full((height, width, 3), colour, np.uint8))

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.rgb.shape[1], self.rgb.shape[0]

    def fill(self, xyxy: Box, colour: Colour, share: float = 1.0) -> None:
        """Fill the whole pixels nearest to a box."""
        left, top, right, low = (max(round(edge), 0) for edge in xyxy)
        area = self.rgb[top:low, left:right]
        area[...] = np.rint(area * (1 - share) + np.array(colour) * share).astype(np.uint8)

    def box(self, xyxy: Box, colour: Colour, *, thick: int = 2, dashed: bool = False) -> None:
        """Draw a box with its line centred on the edges."""
        x0, y0, x1, y1 = (round(edge) for edge in xyxy)
        before = thick // 2
        after = thick - before
        for y in (y0, y1):
            for start, end in _dashes(x0 - before, x1 + after, dashed=dashed):
                self.fill((start, y - before, end, y + after), colour)
        for x in (x0, x1):
            for start, end in _dashes(y0 - before, y1 + after, dashed=dashed):
                self.fill((x - before, start, x + after, end), colour)

    def line(self, points: Floats, colour: Colour, *, thick: int = 1) -> None:
        """Draw a polyline (N, 2)."""
        cv2.polylines(self.rgb, [_fixed(points)], False, colour, thick, cv2.LINE_AA, _FRACTION_BITS)

    def face(self, points: Floats, colour: Colour, share: float) -> None:
        """Fill a convex shape (N, 2), letting the picture through."""
        over = self.rgb.copy()
        cv2.fillConvexPoly(over, _fixed(points), colour, cv2.LINE_AA, _FRACTION_BITS)
        self.rgb[...] = cv2.addWeighted(over, share, self.rgb, 1 - share, 0)

    def dot(self, x: float, y: float, radius: float, colour: Colour, *, filled: bool = True) -> None:
        """Draw a disc, or a ring, with a dark rim so that it stands out anywhere."""
        centre = tuple(_fixed(np.array([[x, y]]))[0].tolist())
        scaled = round(radius * 2**_FRACTION_BITS)
        rim = round((radius + 1) * 2**_FRACTION_BITS)
        if filled:
            cv2.circle(self.rgb, centre, rim, PAPER, -1, cv2.LINE_AA, _FRACTION_BITS)
            cv2.circle(self.rgb, centre, scaled, colour, -1, cv2.LINE_AA, _FRACTION_BITS)
        else:
            cv2.circle(self.rgb, centre, scaled, PAPER, 3, cv2.LINE_AA, _FRACTION_BITS)
            cv2.circle(self.rgb, centre, scaled, colour, 1, cv2.LINE_AA, _FRACTION_BITS)

    def arrow(self, start: Floats, end: Floats, colour: Colour, *, thick: int = 2) -> None:
        """Draw an arrow from one point to another."""
        self.line(np.stack([start, end]), colour, thick=thick)
        along = end - start
        length = float(np.hypot(*along))
        if length < 1:
            return
        ahead = along / length * min(8.0, length)
        aside = np.array([-ahead[1], ahead[0]]) * 0.5
        self.line(np.stack([end - ahead + aside, end, end - ahead - aside]), colour, thick=thick)

    def text(
        self, x: float, y: float, words: str, colour: Colour = INK, *, px: int = TEXT_PX, weight: Weight = "plain"
    ) -> float:
        """Write a line with its upper left corner at (x, y); returns where it ends."""
        alpha = _glyphs(words, px, weight)
        left, top = round(x), round(y)
        area = self.rgb[max(top, 0) : top + alpha.shape[0], max(left, 0) : left + alpha.shape[1]]
        cut = alpha[max(-top, 0) :, max(-left, 0) :][: area.shape[0], : area.shape[1], None]
        area[...] = np.rint(area * (1 - cut) + np.array(colour, np.float32) * cut).astype(np.uint8)
        return float(x + alpha.shape[1])

    def tag(self, x: float, y: float, words: str, colour: Colour, *, px: int = TEXT_PX) -> None:
        """Write a line on a dark plate with a bar in its colour; see `tag_size`."""
        width, height = tag_size(words, px=px)
        self.fill((x, y, x + width, y + height), PAPER, 0.82)
        self.fill((x, y, x + TAG_PAD_PX, y + height), colour)
        self.text(x + 2 * TAG_PAD_PX, y + 1, words, INK, px=px)


def text_size(words: str, *, px: int = TEXT_PX, weight: Weight = "plain") -> tuple[int, int]:
    """Return width and height of a line of text."""
    alpha = _glyphs(words, px, weight)
    return alpha.shape[1], alpha.shape[0]


def tag_size(words: str, *, px: int = TEXT_PX) -> tuple[int, int]:
    """Return width and height of a tag."""
    width, height = text_size(words, px=px)
    return width + 3 * TAG_PAD_PX, height + 2


def wrapped(words: str, width_px: float, *, px: int = TEXT_PX) -> list[str]:
    """Break text into lines that are at most so wide."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_size(longer, px=px)[0] <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _dashes(start: int, end: int, *, dashed: bool) -> list[tuple[int, int]]:
    if not dashed:
        return [(start, end)]
    return [(first, min(first + _DASH_PX, end)) for first in range(start, max(end, start + 1), _DASH_PX + _GAP_PX)]


def _fixed(points: Floats) -> NDArray[np.int32]:
    """Turn edges into OpenCV's fixed-point numbers, whose whole values are pixel centres."""
    bounded = np.clip(np.asarray(points, np.float64) - 0.5, -_FARTHEST_PX, _FARTHEST_PX)
    return np.asarray(np.rint(bounded * 2**_FRACTION_BITS), np.int32)


@lru_cache(maxsize=16)
def _font(px: int, weight: Weight) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / _FONTS[weight]), px)


@lru_cache(maxsize=2048)
def _glyphs(words: str, px: int, weight: Weight) -> NDArray[np.float32]:
    """Return how much of each pixel a line of text covers, in [0, 1]; all lines of one size are equally high."""
    font = _font(px, weight)
    ascent, descent = font.getmetrics()
    plate = Image.new("L", (max(round(font.getlength(words)) + 1, 1), ascent + descent))
    ImageDraw.Draw(plate).text((0, 0), words, fill=255, font=font)
    covered = np.asarray(plate, np.float32) / np.float32(255)
    covered.setflags(write=False)
    return covered
