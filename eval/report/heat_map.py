"""The coverage ledger as one heat map: every two values of different factors, with the count of cases that have both.

The SVG is written by hand: matplotlib would need a path and a style for each of a thousand cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import log2
from typing import Any

from eval.report.wording import spoken

_CELL, _GROUP_GAP, _MARGIN = 17, 7, 128
_FAINTEST = 0.3
"""Opacity of a cell that one case meets; each doubling adds to it, up to full at the most frequent cell."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of the map: its corner, how often it is met (-1: it is impossible), and what a pointer over it tells."""

    x: int
    y: int
    count: int
    title: str


def svg(told: Mapping[str, Any]) -> str:
    """Draw the pairs of a ledger.

    Args:
        told: `factors` and `pair_counts` as `scenes.coverage.Ledger.told` gives them.

    Returns:
        An `<svg>` element.
    """
    factors = {factor["name"]: factor["values"] for factor in told["factors"]}
    names = list(factors)
    rows, columns = _places(factors, names[1:]), _places(factors, names[:-1])
    cells = list(_cells(told["pair_counts"], factors, rows, columns))
    most = max((cell.count for cell in cells), default=0)
    width = _MARGIN + max(columns.values(), default=0) + _CELL
    height = max(rows.values(), default=0) + _CELL + _MARGIN
    parts = [*(_drawn(cell, most) for cell in cells), *_labels(rows, columns)]
    return f'<svg class="cover" viewBox="0 0 {width} {height}" role="img">{"".join(parts)}</svg>'


def _places(factors: Mapping[str, Sequence[str]], names: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return where each value of some factors lies along an axis, px."""
    found, at = {}, 0
    for name in names:
        for value in factors[name]:
            found[name, value] = at
            at += _CELL
        at += _GROUP_GAP
    return found


def _cells(
    pairs: Sequence[Mapping[str, Any]],
    factors: Mapping[str, Sequence[str]],
    rows: Mapping[tuple[str, str], int],
    columns: Mapping[tuple[str, str], int],
) -> Iterator[Cell]:
    for pair in pairs:
        across, down = pair["factors"]
        for i, one in enumerate(factors[across]):
            for j, other in enumerate(factors[down]):
                count = int(pair["counts"][i][j])
                state = "impossible" if count < 0 else f"{count} case{'' if count == 1 else 's'}"
                title = f"{spoken(across)} {spoken(one)}, {spoken(down)} {spoken(other)}: {state}"
                yield Cell(x=_MARGIN + columns[across, one], y=rows[down, other], count=count, title=title)


def _drawn(cell: Cell, most: int) -> str:
    """Draw a cell: met ones in colour with their count, gaps as an empty frame, impossible ones grey and small."""
    size = _CELL - 2
    told = f"<title>{escape(cell.title)}</title>"
    if cell.count < 0:
        inset = size // 2 - 1
        at = f'x="{cell.x + inset}" y="{cell.y + inset}" width="3" height="3"'
        return f'<rect class="never" {at}>{told}</rect>'
    at = f'x="{cell.x}" y="{cell.y}" width="{size}" height="{size}"'
    if cell.count == 0:
        return f'<rect class="gap" {at}>{told}</rect>'
    strength = _FAINTEST + (1 - _FAINTEST) * (log2(cell.count) / log2(most) if most > 1 else 1.0)
    number = f"{cell.count}" if cell.count < 1000 else f"{cell.count // 1000}k"
    text = f'<text class="count" x="{cell.x + size / 2:g}" y="{cell.y + 10.5:g}">{number}</text>'
    return f'<g><rect class="met" {at} fill-opacity="{strength:.2f}">{told}</rect>{text}</g>'


def _labels(rows: Mapping[tuple[str, str], int], columns: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """Write the values left of the rows and below the columns; they carry their factor's name where it begins."""
    bottom = max(rows.values(), default=0) + _CELL + 3
    for (_, value), y in rows.items():
        yield f'<text class="row" x="{_MARGIN - 5}" y="{y + 11}">{escape(spoken(value))}</text>'
    for (_, value), x in columns.items():
        at = f"{_MARGIN + x + 11} {bottom}"
        yield f'<text class="column" transform="translate({at}) rotate(-90)">{escape(spoken(value))}</text>'
