"""A road's cross-section as parts of a plan: lanes, markings, walks, stop lines, arrows, rails."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenes.site.draft import Draft
from scenes.site.plan import (
    TOWN_DASH_M,
    Lane,
    Path,
    Road,
    Row,
    Stripe,
    straight,
)

_KERB_BAY_M = 6.0


def through_road(draft: Draft, start: float, end: float, *, gap_m: tuple[float, float] | None = None) -> None:
    """Draw a road along x with its cross-section; paint and walks leave out `gap_m`."""
    draft.roads.append(Road(path_m=straight(start, end, 0.0), half_width_m=draft.half_m))
    if gap_m is None:
        cross_section(draft, start, end)
        return
    lanes(draft, start, end)
    markings(draft, start, gap_m[0] - 2.6)
    markings(draft, gap_m[1] + 2.6, end)
    walks(draft, start, gap_m[0] - 2)
    walks(draft, gap_m[1] + 2, end)


def cross_section(
    draft: Draft, start: float, end: float, *, walk_from: float | None = None, walk_to: float | None = None
) -> None:
    """Draw lanes, paint and walks from start to end; walks may begin and end elsewhere."""
    lanes(draft, start, end)
    markings(draft, start, end)
    walks(draft, start if walk_from is None else walk_from, end if walk_to is None else walk_to)


def lanes(draft: Draft, start: float, end: float) -> None:
    """Draw the lanes of both directions along x."""
    width = draft.street.lane_width_m
    for lane in range(draft.street.lanes_per_direction):
        y = (lane + 0.5) * width
        draft.lanes.append(Lane(path_m=straight(start, end, -y), width_m=width, role="same"))
        draft.lanes.append(Lane(path_m=straight(end, start, y), width_m=width, role="oncoming"))


def markings(draft: Draft, start: float, end: float) -> None:
    """Paint lane lines, the middle of the road, and the edge of parking lanes."""
    lanes, width = draft.street.lanes_per_direction, draft.street.lane_width_m
    for lane in range(1, lanes):
        for side in (1, -1):
            draft.stripes.append(dashes(straight(start, end, side * lane * width), TOWN_DASH_M))
    yellow = draft.street.seed % 4 == 0
    if lanes == 1:
        draft.stripes.append(replace(dashes(straight(start, end, 0.0), TOWN_DASH_M), yellow=yellow))
    else:
        draft.stripes += [Stripe(path_m=straight(start, end, y), yellow=yellow) for y in (0.1, -0.1)]
    if draft.street.parking_lane and draft.street.seed % 3:
        ends = [(side, x) for side in (1, -1) for x in np.arange(start + 3.0, end, _KERB_BAY_M).tolist()]
        inner, outer = lanes * width, draft.half_m - 0.1
        draft.stripes += [Stripe(path_m=((x, side * inner), (x, side * outer)), width_m=0.1) for side, x in ends]
    if draft.street.parking_lane:
        draft.stripes += [Stripe(path_m=straight(start, end, side * (lanes * width - 0.06))) for side in (1, -1)]


def walks(draft: Draft, start: float, end: float) -> None:
    """Draw two lines on which people walk on either pavement."""
    wide = draft.street.sidewalk_width_m
    for side in (1, -1):
        for share in (0.45, 0.7):
            draft.walks.append(straight(start, end, side * (draft.half_m + share * wide)))


def stop_line(draft: Draft, x: float, way: int) -> None:
    """Paint a stop line across the lanes of one direction (1 the ego's)."""
    reach = draft.street.lanes_per_direction * draft.street.lane_width_m
    draft.quad(x - 0.2, -way * 0.15, x + 0.2, -way * reach)


def turn_arrows(draft: Draft, end_m: float, sides: tuple[int, ...]) -> None:
    """Paint arrows on the ego's lanes before a junction: each lane shows where it may go."""
    lanes, width = draft.street.lanes_per_direction, draft.street.lane_width_m
    if lanes == 1 and draft.street.seed % 3:
        return
    for lane in range(lanes):
        allowed = {0} | ({1} if lane == 0 else set()) | ({-1} if lane == lanes - 1 else set())
        turns = tuple(turn for turn in sorted(allowed) if turn == 0 or turn in sides)
        for back in (4.5, 24.0):
            draft.arrow(end_m - back, -(lane + 0.5) * width, 1, turns)


def dashes(path: Path, dash_m: tuple[float, float]) -> Stripe:
    """Return a broken line of (dash, gap) along a path."""
    return Stripe(path_m=path, dash_m=dash_m[0], gap_m=dash_m[1])


def guard_rails(draft: Draft, path: Path, turn_deg: float) -> None:
    """Stand guard rails of 4 m along a path; they face its left, turned by `turn_deg`."""
    draft.rows.append(Row(name="guard_rail", path_m=path, step_m=4.0, turn_deg=turn_deg))
