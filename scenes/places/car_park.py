"""A car park: aisles between rows of marked bays, behind a hedge or a fence."""

from __future__ import annotations

import numpy as np

from scenes.places.draft import Draft
from scenes.places.dressing import row
from scenes.places.draft import Track
from scenes.places.spine import Line

BAY_LENGTH_M, BAY_WIDTH_M = 5.0, 2.5
"""Bays square to the aisle: 2.5 by 5 m beside an aisle of 6 m (EAR 05, table 4.1-2)."""
_START_M, _END_M = -40.0, 62.0
_CROSS_M = 6.5


def car_park(draft: Draft) -> None:
    """An open car park; the ego drives along its middle aisle."""
    aisle = 2 * draft.street.lane_width_m
    pitch = aisle + 2 * BAY_LENGTH_M
    aisles = (0.0, pitch, -pitch)
    reach = pitch * 1.5
    corners = _box(_START_M, _END_M, -reach, reach)
    draft.carriageway(corners)
    draft.paved("apron", corners[[0, 1]] + [0, 2 * reach], corners[[0, 1]])
    for number, y in enumerate(aisles):
        _aisle(draft, y, aisle, ego=number == 0)
    for end in (_START_M, _END_M - _CROSS_M):
        x = end + _CROSS_M / 2
        for way, offset in ((1, _CROSS_M / 4), (-1, -_CROSS_M / 4)):
            draft.lane(np.array([[x + offset, -way * reach], [x + offset, way * reach]]), _CROSS_M / 2, "aisle")
    for y in (pitch / 2, -pitch / 2):
        _middle_strip(draft, y)
    _border(draft, reach)
    draft.parts["spines"].append((draft.path([[_START_M, 0], [_END_M, 0]]), reach + 14))


def _box(x0: float, x1: float, y0: float, y1: float) -> Line:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def _aisle(draft: Draft, y: float, width: float, *, ego: bool) -> None:
    low, high = _START_M + _CROSS_M, _END_M - _CROSS_M
    for side in (-1, 1):
        path = np.array([[low, y + side * width / 4], [high, y + side * width / 4]])
        role = "aisle" if not ego else "ego" if side < 0 else "oncoming"
        draft.lane(path[::-side], width / 2, role)  # type: ignore[arg-type]
        edge = y + side * width / 2
        for x in np.arange(low + BAY_WIDTH_M / 2, high, BAY_WIDTH_M):
            middle = edge + side * BAY_LENGTH_M / 2
            draft.bay(float(x), middle, 90.0 * side, BAY_LENGTH_M, BAY_WIDTH_M)
        for x in np.arange(low, high + 0.1, BAY_WIDTH_M):
            draft.line([[x, edge], [x, edge + side * BAY_LENGTH_M]], 0.1)
        draft.line([[low, edge + side * BAY_LENGTH_M], [high, edge + side * BAY_LENGTH_M]], 0.1)
    for x in np.arange(low + 8, high, 22):
        draft.symbol("ahead", float(x), y - width / 4, 0.0)
        draft.symbol("ahead", float(x) + 4, y + width / 4, 180.0)


def _middle_strip(draft: Draft, y: float) -> None:
    """Raise islands with lamps and trees at intervals between rows that stand nose to nose."""
    spacing = draft.street.lamp_spacing_m or 24.0
    for number, x in enumerate(np.arange(_START_M + _CROSS_M + 12.5, _END_M - _CROSS_M, spacing / 2)):
        draft.island(_box(x - 0.55, x + 0.55, y - 0.55, y + 0.55), 0.13, "stone" if number % 2 else "grass")
        if number % 2 == 0 and draft.street.tree_spacing_m > 0:
            draft.tree((x, y), float(draft.rng.uniform(0.55, 0.8)), draft.street.seed, "street", 0.1)
        elif draft.street.lamp_spacing_m > 0:
            draft.lamp((x, y), 90.0, arms=2, z_m=0.13)


def _border(draft: Draft, reach: float) -> None:
    """Close the ground with a kerb, grass, a fence or hedge, and houses behind."""
    from scenes.places.draft import Edge
    from scenes.places.roads import wild

    high = draft.street.kerb_height_m
    corners = _box(_START_M, _END_M, -reach, reach)
    centre = corners.mean(axis=0)

    def ring(into: float) -> Line:
        grown = centre + np.sign(corners - centre) * (np.abs(corners - centre) + into)
        return np.vstack([grown, grown[:1]])[::-1]

    edge = Edge(ring, np.ones(5))
    draft.bands(
        edge,
        (
            ("kerb", 0.15, high),
            ("pavement", 1.6, high),
            ("verge", 3.0, high),
            ("yard", 18.0, high),
            ("field", 8.0, -0.9),
        ),
    )
    draft.walk(edge, 0.95)
    track = edge.track(2.6)
    fence = ("fence_chain_link", 3.0), ("fence_steel", 2.5), ("wall_low_brick", 3.0)
    name, pitch = fence[draft.street.seed % 3]
    for start, end in zip(track.points_m, track.points_m[1:], strict=False):
        row(draft, name, Track.of(np.array([start, end])), pitch, z_m=high, front=-1)
    for start, end in zip(ring(6.5), ring(6.5)[1:], strict=False):
        draft.frontage(start, end, 14.0)
    wild(draft, edge, 3.4, 5.0)
    for x, y, variant in ((_END_M - 9, reach + 0.8, 2), (0.0, -reach - 0.8, 2), (20.0, reach + 0.8, 2)):
        draft.item("sign_info", (x, y), 180.0, variant, high)
