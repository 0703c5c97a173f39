"""Lane markings by the class of a road.

Sources: RMS (Germany) part 1: dashes of 3 m with 6 m gaps in towns, 4 and 8 m on country roads, 6 and 12 m on
motorways; narrow lines 0.12 m, broad 0.25 m; stop lines 0.5 m. Warning lines before obstacles turn the ratio round.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenes.places.draft import Draft
from scenes.places.spine import Spine
from scenes.road import half_width_m, median_half_m

_YELLOW_SHARE = 0.2
_SOLID_M = 26.0
Spans = Sequence[tuple[float, float]]


def dashes_m(draft: Draft) -> tuple[float, float]:
    """Return length and gap of lane lines."""
    return {"rural_road": (4.0, 8.0), "dual_carriageway": (6.0, 12.0)}.get(draft.street.kind, (3.0, 6.0))


def paint(draft: Draft, line: Spine, spans: Spans, *, solid_ends: bool = False) -> None:
    """Paint a road's lines.

    Args:
        draft: what to draw on.
        line: the middle of the road.
        spans: stretches that lines run along; between them is a junction.
        solid_ends: whether the centre line is solid where two stretches face each other.
    """
    if not draft.dressed:
        return
    street, inner = draft.street, median_half_m(draft.street)
    width, count = street.lane_width_m, street.lanes_per_direction
    colour = "yellow" if street.seed % 100 < 100 * _YELLOW_SHARE else "white"
    for number, (start, end) in enumerate(spans):
        span = line.part(start, end)
        for lane in range(1, count):
            for side in (-1, 1):
                draft.line(span.offset(side * (inner + lane * width)), 0.12, *dashes_m(draft))
        if not inner:
            solid = (number > 0, number < len(spans) - 1) if solid_ends else (False, False)
            _centre(draft, line, (start, end), solid, colour)
        _edges(draft, span)


def _centre(draft: Draft, line: Spine, span: tuple[float, float], solid: tuple[bool, bool], colour: str) -> None:
    start, end = span
    if draft.street.lanes_per_direction > 1:
        for aside in (-0.11, 0.11):
            draft.line(line.part(start, end).offset(aside), colour=colour)
        return
    low = min(start + _SOLID_M, end) if solid[0] else start
    high = max(end - _SOLID_M, low) if solid[1] else end
    if low > start:
        draft.line(line.part(start, low).offset(0.0), colour=colour)
    if high < end:
        draft.line(line.part(high, end).offset(0.0), colour=colour)
    if high - low > 4:
        draft.line(line.part(low, high).offset(0.0), 0.12, *dashes_m(draft), colour=colour)


def _edges(draft: Draft, span: Spine) -> None:
    street, inner = draft.street, median_half_m(draft.street)
    outer = inner + street.lanes_per_direction * street.lane_width_m
    open_road = street.kind in ("rural_road", "dual_carriageway", "tunnel")
    for side in (-1, 1):
        if open_road:
            draft.line(span.offset(side * (outer - 0.02)), 0.15)
        elif street.parking_lane:
            draft.line(span.offset(side * outer), 0.12, 1.0, 1.0)
        elif street.lanes_per_direction > 1 or street.seed % 3 == 0:
            draft.line(span.offset(side * (outer - 0.3)), 0.12)
        if inner:
            draft.line(span.offset(side * (inner + 0.02)), 0.15)


def stop_across(draft: Draft, line: Spine, station_m: float, *, toward: int = 1) -> None:
    """Paint a stop line over the lanes that travel along the spine (1) or against it (-1)."""
    inner = median_half_m(draft.street) + 0.12
    outer = half_width_m(draft.street) - (2.3 if draft.street.parking_lane else 0.0) - 0.1
    draft.stop(
        *line.at([station_m] * 2, 0.0)
        + np.outer([-toward * inner, -toward * outer], line.at([station_m], 1.0)[0] - line.at([station_m])[0])
    )


def arrows(draft: Draft, line: Spine, stations_m: Sequence[float], turns: tuple[bool, bool]) -> None:
    """Paint lane arrows for the ego's direction: the inner lane may turn left, the outer right."""
    if not draft.dressed:
        return
    count = draft.street.lanes_per_direction
    for station in stations_m:
        for lane in range(1, count + 1):
            y = median_half_m(draft.street) + (lane - 0.5) * draft.street.lane_width_m
            where = line.at([station], -y)[0]
            inner, outer = lane == 1 and turns[0], lane == count and turns[1]
            kind = "ahead_left" if inner else "ahead_right" if outer else "ahead"
            draft.symbol(kind, float(where[0]), float(where[1]), float(line.headings_deg([station])[0]))  # type: ignore[arg-type]
