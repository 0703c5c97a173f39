"""Words for signs and posters in a plain stroke alphabet of our own; no real names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from scenes.stage.mesh import Points

_STROKES = {
    "A": "00 24 40,12 32",
    "B": "00 04 34 43 32 02,32 41 30 00",
    "D": "00 04 24 43 41 20 00",
    "E": "40 00 04 44,02 32",
    "F": "00 04 44,02 32",
    "G": "43 34 14 03 01 10 30 41 42 22",
    "H": "00 04,40 44,02 42",
    "I": "20 24",
    "K": "00 04,44 02 40",
    "L": "04 00 40",
    "M": "00 04 22 44 40",
    "N": "00 04 40 44",
    "O": "10 01 03 14 34 43 41 30 10",
    "P": "00 04 34 43 32 02",
    "R": "00 04 34 43 32 02,22 40",
    "S": "01 10 30 41 32 12 03 14 34 43",
    "T": "04 44,24 20",
    "U": "04 01 10 30 41 44",
    "V": "04 20 44",
    "W": "04 10 22 30 44",
    "0": "10 01 03 14 34 43 41 30 10",
    "1": "03 24 20",
    "2": "03 14 34 43 32 00 40",
    "3": "04 44 22 32 41 30 10 01",
    "4": "30 34 01 41",
    "5": "44 04 02 32 41 30 10 01",
    "6": "34 14 03 01 10 30 41 32 02",
    "7": "04 44 10",
    "8": "12 03 14 34 43 32 12 01 10 30 41 32",
    "9": "10 30 41 43 34 14 03 12 42",
}
_OPEN, _CLOSE = (
    ("B", "D", "F", "G", "H", "K", "L", "M", "N", "P", "R", "S", "T", "V", "W"),
    ("N", "R", "L", "S", "M", ""),
)
_PITCH = 1.32


def word(rng: np.random.Generator, syllables: int = 2) -> str:
    """Return an invented word."""
    return "".join(
        str(rng.choice(_OPEN)) + str(rng.choice(("A", "E", "I", "O", "U"))) + str(rng.choice(_CLOSE))
        for _ in range(syllables)
    )


def width(text: str, height_m: float) -> float:
    """Return how wide a line of text is."""
    return (_PITCH * len(text) - 0.32) * 0.72 * height_m


def strokes(text: str, height_m: float, weight: float = 0.19) -> Iterator[Points]:
    """Yield quads (4, 2) of a line of text, counter-clockwise, centred on the origin."""
    wide = 0.72 * height_m
    for number, letter in enumerate(text):
        for line in _STROKES.get(letter, "").split(",") if letter in _STROKES else ():
            at = np.array([[int(c) / 4 for c in pair] for pair in line.split()]) * (wide, height_m)
            at += (number * _PITCH * wide - width(text, height_m) / 2, -height_m / 2)
            yield from _line(at, weight * height_m)


def _line(path: Points, thick_m: float) -> Iterator[Points]:
    for start, end in pairwise(path):
        ahead = (end - start) / np.linalg.norm(end - start)
        side = np.array([-ahead[1], ahead[0]]) * thick_m / 2
        first, last = start - ahead * thick_m / 2.4, end + ahead * thick_m / 2.4
        yield np.array([first - side, last - side, last + side, first + side])
