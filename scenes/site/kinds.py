"""The kinds of places: how each one's plan is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from scenes.site.draft import Draft
from scenes.site.junctions import crossroads, roundabout, t_junction
from scenes.site.plan import (
    AHEAD_M,
    BEHIND_M,
    BRIDGE_M,
    HARD_STRIP_M,
    MEDIAN_M,
    OPEN_DASH_M,
    OPEN_ROAD_M,
    SIDE_REACH_M,
    TUNNEL_M,
    WORKS_M,
    Lane,
    Pose,
    Road,
    Role,
    Row,
    Stripe,
    Structure,
    centre_line,
    offset,
    straight,
)
from scenes.site.section import (
    dashes,
    guard_rails,
    lanes,
    markings,
    stop_line,
    through_road,
    walks,
)
from scenes.spec.place import PlaceKind

_BESIDE_KERB_M = 0.65
_ZEBRA_SHARE = 0.35  # of straight streets without parked cars
_TRACK_HALF_M = 3.2
_BEYOND_TUNNEL_M = 120.0
_WORKS_SIGN = 5  # the variant of the warning sign that shows it
_BAY_LENGTH_M, _BAY_WIDTH_M, _AISLE_HALF_M = 5.0, 2.5, 3.0


def street(draft: Draft) -> None:
    """Draw a straight town street from end to end."""
    at = float(draft.rng.uniform(16.0, 60.0))
    if draft.street.parking_lane or draft.rng.random() > _ZEBRA_SHARE:
        through_road(draft, BEHIND_M, AHEAD_M)
        return
    draft.roads.append(Road(path_m=straight(BEHIND_M, AHEAD_M, 0.0), half_width_m=draft.half_m))
    lanes(draft, BEHIND_M, AHEAD_M)
    walks(draft, BEHIND_M, AHEAD_M)
    markings(draft, BEHIND_M, at - 3.0)
    markings(draft, at + 3.0, AHEAD_M)
    _zebra(draft, at)
    for way in (1, -1):
        stop_line(draft, at - way * 2.8, way)
        draft.item("sign_info", at - way * 2.2, -way * (draft.half_m + _BESIDE_KERB_M), 90.0 + 90.0 * way, variant=1)


def _zebra(draft: Draft, x: float) -> None:
    """Paint a zebra crossing of 3 m across the main road."""
    half = draft.half_m
    for y in np.arange(-half + 0.5, half - 0.5, 1.0).tolist():
        draft.quad(x - 1.5, y, x + 1.5, y + 0.5)
    draft.crossings.append(((x, -half - 1.0), (x, half + 1.0)))


def dual_carriageway(draft: Draft) -> None:
    """Draw two carriageways with a median, hard strips and guard rails, that bend away."""
    lanes, width = draft.street.lanes_per_direction, draft.street.lane_width_m
    centre, wide = centre_line(draft.street), lanes * width
    behind = straight(-OPEN_ROAD_M, BEHIND_M + 1.0, 0.0)
    for shift, way in ((0.0, -1), (MEDIAN_M, 1)):
        edge = shift + wide
        middle = offset(centre, way * (shift + wide / 2 + HARD_STRIP_M / 4))
        draft.roads.append(Road(path_m=middle, half_width_m=wide / 2 + HARD_STRIP_M * 0.75))
        back = offset(behind, way * (shift + wide / 2 + HARD_STRIP_M / 4))
        draft.roads.append(Road(path_m=back, half_width_m=wide / 2 + HARD_STRIP_M * 0.75))
        for lane in range(lanes):
            path = offset(centre, way * (shift + (lane + 0.5) * width))
            role: Role = "same" if way < 0 else "oncoming"
            draft.lanes.append(Lane(path_m=path if way < 0 else path[::-1], width_m=width, role=role))
        for lane in range(1, lanes):
            for line in (centre, behind):
                draft.stripes.append(dashes(offset(line, way * (shift + lane * width)), OPEN_DASH_M))
        for y in (shift + 0.05, edge - 0.05):
            draft.stripes += [Stripe(path_m=offset(line, way * y), width_m=0.15) for line in (centre, behind)]
    guard_rails(draft, offset(centre, -(wide + HARD_STRIP_M + 0.5)), 180.0)
    guard_rails(draft, offset(centre, MEDIAN_M + wide + HARD_STRIP_M + 0.5), 0.0)
    guard_rails(draft, offset(centre, MEDIAN_M / 2 - 0.25), 0.0)
    guard_rails(draft, offset(centre, MEDIAN_M / 2 + 0.25), 180.0)
    draft.item("sign_direction", float(draft.rng.uniform(35, 90)), -(wide + HARD_STRIP_M + 3.2), 180.0)
    draft.item("kilometre_post", float(draft.rng.uniform(10, 40)), -(wide + HARD_STRIP_M + 1.4), 180.0)
    draft.open_ended = True


def rural_road(draft: Draft) -> None:
    """Draw a country road without lamps or kerbs that bends away, with posts and a line of poles."""
    centre, width = centre_line(draft.street), draft.street.lane_width_m
    behind = straight(-OPEN_ROAD_M, BEHIND_M + 1.0, 0.0)
    draft.roads += [Road(path_m=line, half_width_m=width + 0.35) for line in (centre, behind)]
    draft.lanes.append(Lane(path_m=offset(centre, -width / 2), width_m=width, role="same"))
    draft.lanes.append(Lane(path_m=offset(centre, width / 2)[::-1], width_m=width, role="oncoming"))
    draft.stripes += [dashes(line, OPEN_DASH_M) for line in (centre, behind)]
    for side in (1, -1):
        for line in (centre, behind):
            draft.stripes.append(Stripe(path_m=offset(line, side * (width - 0.1)), width_m=0.12))
        post = Lane(path_m=offset(centre, side * (width + 1.1)), width_m=1, role="same")
        for along in np.arange(70.0, 400.0, 50.0):
            x, y, heading = post.at(float(along))
            draft.item("delineator_post", x, y, heading + 180.0, variant=int(side > 0))
    side = 1 if draft.rng.random() < 0.5 else -1
    poles = Lane(path_m=offset(centre, side * (width + 4.5)), width_m=1, role="same")
    for along in np.arange(18.0, 520.0, 42.0):
        x, y, heading = poles.at(float(along))
        draft.item("utility_pole", x, y, heading, variant=draft.street.seed % 4)
    draft.item("sign_warning", float(draft.rng.uniform(30, 80)), -(width + 1.6), 180.0)
    draft.open_ended = True


def tunnel(draft: Draft) -> None:
    """Draw a road into a tunnel whose portal stands at the feature; before x = 0, the ego is inside."""
    c = draft.feature_m
    through_road(draft, BEHIND_M, c + TUNNEL_M + _BEYOND_TUNNEL_M)
    draft.walks.clear()
    size = {"half_width_m": draft.half_m, "height_m": 4.9}
    draft.structures.append(Structure(name="tunnel", x_m=c, length_m=TUNNEL_M, **size))
    draft.structures.append(Structure(name="portal", x_m=c, **size))
    draft.structures.append(Structure(name="portal", x_m=c + TUNNEL_M, heading_deg=180.0, **size))
    draft.item("sign_warning", c - 22.0, -(draft.half_m + 1.0), 180.0)
    draft.open_ended = True


def bridge(draft: Draft) -> None:
    """Draw a street that a bridge carries over a river."""
    through_road(draft, BEHIND_M, AHEAD_M)
    draft.structures.append(
        Structure(name="bridge", x_m=draft.feature_m, length_m=BRIDGE_M, half_width_m=_walled_half_m(draft))
    )


def car_park(draft: Draft) -> None:
    """Draw an open car park: bays on both sides of three aisles."""
    pitch = 2 * (_AISLE_HALF_M + _BAY_LENGTH_M)
    draft.roads.append(Road(path_m=straight(-12.0, 62.0, 0.0), half_width_m=1.5 * pitch + 1.0))
    for aisle in (-1, 0, 1):
        middle = aisle * pitch
        for way in (1, -1):
            path = straight(-10.0, 60.0, middle - way * _AISLE_HALF_M / 2)
            role: Role = "same" if way > 0 else "oncoming"
            draft.lanes.append(Lane(path_m=path if way > 0 else path[::-1], width_m=_AISLE_HALF_M, role=role))
        for side in (1, -1):
            inner, outer = middle + side * _AISLE_HALF_M, middle + side * (_AISLE_HALF_M + _BAY_LENGTH_M)
            for x in np.arange(5.0, 56.0, _BAY_WIDTH_M):
                draft.stripes.append(Stripe(path_m=((x, inner), (x, outer)), width_m=0.1))
                heading = side * 90.0 + (180.0 if draft.rng.random() < 0.3 else 0.0)
                draft.bays.append(Pose(float(x) + _BAY_WIDTH_M / 2, (inner + outer) / 2, heading))
            draft.walks.append(straight(6.0, 50.0, inner - side * 0.8))
    for x, y in ((20.0, 1.5 * pitch + 2), (38.0, -1.5 * pitch - 2), (8.0, -1.5 * pitch - 2)):
        draft.item(str(draft.rng.choice(["shopping_trolley", "parking_meter", "recycling_container"])), x, y, 90.0)


def road_works(draft: Draft) -> None:
    """Draw a street with an outermost lane dug up behind cones: the oncoming one, or the ego's if another is left."""
    through_road(draft, BEHIND_M, AHEAD_M)
    c, half, lanes = draft.feature_m, draft.half_m, draft.street.lanes_per_direction
    side = -1 if lanes > 1 and draft.rng.random() < 0.5 else 1
    inner = (lanes - 1) * draft.street.lane_width_m + 0.5
    end, middle = c + WORKS_M, (inner + half) / 2
    _blocked(draft, side, (c - 6.0, inner - 0.2, end + 6.0, half + 0.3))
    _cones(draft, side, inner, half)
    draft.stripes.append(
        Stripe(path_m=straight(c - 24.0, end + 10.0, side * (inner - 0.25)), width_m=0.15, yellow=True)
    )
    for name, x, y, heading in (
        ("works_barrier", c - 1.0, middle, 180.0),
        ("works_barrier", end + 1.0, middle, 0.0),
        ("works_lamp", c - 1.6, inner + 0.4, 180.0),
        ("excavator", c + 0.45 * WORKS_M, middle + 0.3, float(draft.rng.normal(0.0, 8.0))),
        ("sand_heap", c + 0.8 * WORKS_M, middle + 0.6, 0.0),
        ("trench_plates", c + 0.18 * WORKS_M, middle, 0.0),
        ("portable_toilet", c + 0.62 * WORKS_M, half + 1.6, -90.0),
        ("sign_warning", c - 14.0, half + 0.7, 180.0),
    ):
        look = {"variant": _WORKS_SIGN} if name == "sign_warning" else {}
        draft.item(name, x, side * y, heading if heading in (0.0, 180.0) else side * heading, **look)
    _blocked(draft, side, (c + 0.62 * WORKS_M - 1.0, half + 0.6, c + 0.62 * WORKS_M + 1.0, half + 2.6))
    draft.item("sign_warning", c - 14.0, -side * (half + 0.7), 180.0, variant=_WORKS_SIGN)
    draft.rows.append(Row(name="site_fence", path_m=straight(c + 1, end - 1, side * (half + 0.5)), step_m=3.6))


def _cones(draft: Draft, side: int, inner: float, outer: float) -> None:
    """Stand cones across the lane before and after the works, and cones and barrels in turn along them."""
    start, end = draft.feature_m, draft.feature_m + WORKS_M
    for share in np.linspace(0, 1, 6).tolist():
        y = side * (outer - 0.3 - share * (outer - 0.3 - inner))
        draft.item("cone", start - 6.0 + 6 * share, y, variant=0)
        draft.item("cone", end + 6.0 - 6 * share, y, variant=0)
    for number, x in enumerate(np.arange(start + 2.0, end, 3.0).tolist()):
        draft.item("cone" if number % 2 else "barrel", x, side * inner)


def _blocked(draft: Draft, side: int, box: tuple[float, float, float, float]) -> None:
    x0, y0, x1, y1 = box
    draft.blocked_m.append(box if side > 0 else (x0, -y1, x1, -y0))


def level_crossing(draft: Draft) -> None:
    """Draw a street that a railway crosses, with barriers up or down."""
    c, half = draft.feature_m, draft.half_m
    through_road(draft, BEHIND_M, AHEAD_M, gap_m=(c - _TRACK_HALF_M, c + _TRACK_HALF_M))
    draft.structures.append(
        Structure(name="railway_track", x_m=c, length_m=2 * SIDE_REACH_M + 60, half_width_m=half + 2.0)
    )
    down = bool(draft.rng.random() < 0.5)
    mirrored = -1 if draft.street.drive_on == "left" else 1
    for way in (1, -1):
        x = c - way * (_TRACK_HALF_M + 1.4)
        over_road_deg = 90.0 - 90.0 * way * mirrored  # the arm reaches along +y, and mirroring turns only headings
        draft.item("level_crossing_barrier", x, -way * (half + 0.4), over_road_deg, variant=0 if down else 1)
        state = "on" if down else "off"
        draft.item("level_crossing_lights", x - way * 0.8, -way * (half + 1.2), 90.0 + 90.0 * way, state=state)
        stop_line(draft, x - way * 1.2, way)
    if down:
        draft.blocked_m.append((c - _TRACK_HALF_M - 1, -half, c + _TRACK_HALF_M + 1, half))
    draft.item("railway_signal", c + 2.4, half + 14.0, 90.0)


def _walled_half_m(draft: Draft) -> float:
    return draft.half_m + draft.street.sidewalk_width_m


PLANS: Mapping[PlaceKind, Callable[[Draft], None]] = MappingProxyType(
    {
        "street": street,
        "crossroads": crossroads,
        "t_junction": t_junction,
        "roundabout": roundabout,
        "dual_carriageway": dual_carriageway,
        "rural_road": rural_road,
        "tunnel": tunnel,
        "bridge": bridge,
        "car_park": car_park,
        "road_works": road_works,
        "level_crossing": level_crossing,
    }
)
"""Kind of place to what draws its plan."""
