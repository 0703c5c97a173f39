"""Places where roads meet: crossroads, T-junction and roundabout."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from scenes.site.draft import Draft
from scenes.site.plan import (
    AHEAD_M,
    BEHIND_M,
    SIDE_HALF_M,
    SIDE_REACH_M,
    TOWN_DASH_M,
    Lane,
    Path,
    Road,
    Stripe,
    straight,
)
from scenes.site.section import (
    cross_section,
    dashes,
    lanes,
    markings,
    stop_line,
    turn_arrows,
    walks,
)

_BESIDE_KERB_M = 0.65
_BESIDE_CORNER_M = 4.3  # from the kerb of the other road: there, the rounded corner has left the pavement
_CORNER_WALK_M = 2.6  # from the side road's kerb, the middle of the zebra: walks end there, before the rounded corner
_ZEBRA_M = (1.2, 4.0)  # before the side road's kerb, from and to
_RING_WIDTH_M = 6.5


def crossroads(draft: Draft) -> None:
    """Draw a street that another one crosses, with zebra crossings, and signals or signs on the side roads."""
    _junction(draft, sides=(1, -1))
    if not draft.street.signals:
        _signs(draft)
        return
    c, edge = draft.feature_m, draft.half_m + _BESIDE_KERB_M
    along, across = SIDE_HALF_M + _BESIDE_KERB_M, draft.half_m + _BESIDE_CORNER_M
    ego = str(draft.rng.choice(["red", "green", "amber"], p=[0.45, 0.45, 0.1]))
    other = "red" if ego != "red" else "green"
    near = SIDE_HALF_M + _BESIDE_CORNER_M
    draft.item("traffic_signal", c - near, -edge, 180.0, state=ego)
    draft.item("traffic_signal", c + near, edge, 0.0, state=ego)
    draft.item("traffic_signal", c - along, across, 90.0, state=other)
    draft.item("traffic_signal", c + along, -across, 270.0, state=other)
    if draft.street.lanes_per_direction > 1:
        draft.item("signal_gantry", c + near + 0.9, -edge - 0.2, 180.0, state=ego, mirrored=True)


def _signs(draft: Draft) -> None:
    sign = "sign_stop" if draft.rng.random() < 0.6 else "give_way"
    for side in (1, -1):
        x = draft.feature_m - side * (SIDE_HALF_M + 1.0)
        draft.item(sign, x, side * (draft.half_m + _BESIDE_CORNER_M), side * 90.0)


def t_junction(draft: Draft) -> None:
    """Draw a street that another one joins from one side and gives way."""
    side = 1 if draft.rng.random() < 0.5 else -1
    _junction(draft, sides=(side,))
    c, half = draft.feature_m, draft.half_m
    sign = "sign_stop" if draft.rng.random() < 0.4 else "give_way"
    draft.item(sign, c - side * (SIDE_HALF_M + 1.0), side * (half + _BESIDE_CORNER_M), side * 90.0)
    draft.item("sign_street_name", c + SIDE_HALF_M + _BESIDE_CORNER_M, side * (half + 1.0), 0.0)


def roundabout(draft: Draft) -> None:
    """Draw a compact roundabout with four arms."""
    c, inner = draft.feature_m, float(draft.rng.uniform(6.5, 10.5))
    middle, outer = inner + _RING_WIDTH_M / 2, inner + _RING_WIDTH_M
    half = draft.half_m
    cross_section(draft, BEHIND_M, c - outer - 1.0, walk_to=c - outer - 6)
    cross_section(draft, c + outer + 1.0, AHEAD_M, walk_to=AHEAD_M, walk_from=c + outer + 6)
    draft.roads.append(Road(path_m=straight(BEHIND_M, c - middle, 0.0), half_width_m=half))
    draft.roads.append(Road(path_m=straight(c + middle, AHEAD_M, 0.0), half_width_m=half))
    for side in (1, -1):
        _side_road(draft, side, start_m=middle, walk_m=outer + 6)
    ring = tuple((c + middle * cos(angle), middle * sin(angle)) for angle in np.linspace(0, 2 * pi, 49)[:-1])
    draft.roads.append(Road(path_m=ring, half_width_m=_RING_WIDTH_M / 2, closed=True))
    draft.lanes.append(Lane(path_m=(*ring, ring[0]), width_m=_RING_WIDTH_M - 1.0, role="ring"))
    draft.stripes.append(Stripe(path_m=_circle(c, outer - 0.2), width_m=0.3, dash_m=0.8, gap_m=0.8))
    draft.stripes.append(Stripe(path_m=_circle(c, inner + 0.3), width_m=0.15))
    draft.item("chevron_board", c - inner + 0.9, 0.0, 180.0)
    for angle, reach in ((180.0, half), (0.0, half), (90.0, SIDE_HALF_M), (270.0, SIDE_HALF_M)):
        along = np.array([cos(np.deg2rad(angle)), sin(np.deg2rad(angle))])
        right = np.array([-along[1], along[0]])
        x, y = np.array([c, 0.0]) + (outer + 1.6) * along + (reach + 0.9) * right
        draft.item("give_way", float(x), float(y), angle)
        tip, foot = np.array([c, 0.0]) + (outer + 9.0) * along, np.array([c, 0.0]) + (outer + 1.4) * along
        draft.islands.append(_points(tip, foot - 0.9 * right, foot + 0.9 * right))
        x, y = foot + 0.8 * along
        draft.item("traffic_island_bollard", float(x), float(y), angle, z_m=0.12)


def _junction(draft: Draft, sides: tuple[int, ...]) -> None:
    """Draw the main road and side roads, with stop lines and zebra crossings on the arms."""
    c, half = draft.feature_m, draft.half_m
    draft.roads.append(Road(path_m=straight(BEHIND_M, AHEAD_M, 0.0), half_width_m=half))
    lanes(draft, BEHIND_M, AHEAD_M)
    near, far = (SIDE_HALF_M + reach for reach in _ZEBRA_M)
    markings(draft, BEHIND_M, c - far - 1.0)
    markings(draft, c + far + 1.0, AHEAD_M)
    walks(draft, BEHIND_M, c - SIDE_HALF_M - _CORNER_WALK_M)
    walks(draft, c + SIDE_HALF_M + _CORNER_WALK_M, AHEAD_M)
    for way in (1, -1):
        for y in np.arange(-half + 0.5, half - 0.5, 1.0).tolist():
            draft.quad(c - way * far, y, c - way * near, y + 0.5)
        middle = c - way * (near + far) / 2
        draft.crossings.append(((middle, -half - 1.5), (middle, half + 1.5)))
        stop_line(draft, c - way * (far + 0.8), way)
    turn_arrows(draft, c - far - 4.0, sides)
    for side in sides:
        _side_road(draft, side, start_m=half, walk_m=half + max(draft.street.sidewalk_width_m, _CORNER_WALK_M))


def _side_road(draft: Draft, side: int, *, start_m: float, walk_m: float) -> None:
    """Draw an arm that leaves along y, with a lane each way; its walks begin at `walk_m`."""
    c, end = draft.feature_m, side * (draft.half_m + SIDE_REACH_M)
    start = side * start_m
    draft.roads.append(Road(path_m=((c, side * (start_m - 1.0)), (c, end)), half_width_m=SIDE_HALF_M))
    for way in (1, -1):
        x = c + side * way * SIDE_HALF_M / 2
        path = ((x, start), (x, end))
        draft.lanes.append(Lane(path_m=path if way > 0 else path[::-1], width_m=3.2, role="crossing"))
    gap = side * 6.5
    draft.stripes.append(dashes(((c, start + gap), (c, end)), TOWN_DASH_M))
    draft.quad(c - 0.2 * side, start + 0.5 * gap, c - side * (SIDE_HALF_M - 0.2), start + 0.56 * gap)
    for edge in (1, -1):
        x = c + edge * (SIDE_HALF_M + 0.5 * draft.street.sidewalk_width_m)
        draft.walks.append(((x, side * walk_m), (x, end)))


def _circle(centre_x_m: float, radius_m: float) -> Path:
    return tuple(
        (centre_x_m + radius_m * cos(angle), radius_m * sin(angle)) for angle in np.linspace(0, 2 * pi, 73).tolist()
    )


def _points(*rows: np.ndarray) -> Path:
    return tuple((float(x), float(y)) for x, y in rows)
