"""Places where roads meet: crossroads, T-junctions and roundabouts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scenes.places import section
from scenes.places.draft import Draft, Edge
from scenes.places.dressing import KERBSIDE_M, lamps, line_edges
from scenes.places.paint import arrows, paint, stop_across
from scenes.places.roads import Spans, frontages, town_spine, whole
from scenes.places.spine import Line, Spine, spine
from scenes.road import half_width_m

SIDE_LANE_M = 3.3
_DEPTH_M = 15.0
_ARC = np.linspace(0.0, np.pi / 2, 7)
_ZEBRA_M = 3.2


@dataclass(frozen=True, eq=False)
class Arm:
    """A road that leaves a junction: its spine runs outwards with station 0 in the middle; `half_m` to its kerb."""

    line: Spine
    half_m: float
    main: bool


def crossroads(draft: Draft) -> None:
    """Two streets that cross between signals."""
    _junction(draft, sides=(1, -1), signals=True)


def t_junction(draft: Draft) -> None:
    """A street that another one joins from one side."""
    _junction(draft, sides=(1,) if draft.rng.random() < 0.5 else (-1,), signals=draft.street.seed % 5 == 0)


def _junction(draft: Draft, *, sides: tuple[int, ...], signals: bool) -> None:
    middle, half = draft.street.feature_x_m or 0.0, half_width_m(draft.street)
    line = town_spine(draft, max(150.0, middle + 90.0))
    radius = 5.0 if draft.street.surroundings == "city" else 7.0
    side_half = SIDE_LANE_M + (2.2 if draft.street.parking_lane and draft.street.surroundings == "city" else 0.1)
    arms = {0: Arm(line.moved(middle), half, main=True), 180: Arm(line.turned_back(middle), half, main=True)}
    for side in sides:
        arms[90 * side % 360] = Arm(_side_spine(draft, middle, side), side_half, main=False)
    section.lanes(draft, line)
    draft.ribbon(line, half, -half)
    draft.spine(line, half + 16.0)
    mouth = side_half + radius
    for heading, arm in arms.items():
        if not arm.main:
            _side_road(draft, arm, half, radius, heading, signals=signals)
    _corners(draft, arms, (middle, 0.0), radius, signals=signals, mouth=mouth)
    if len(sides) == 1:
        _far_side(draft, line, -sides[0])
    low, high = whole(line)
    clear = mouth + (_ZEBRA_M + 2.2 if signals else 0.0)
    spans = [(low, middle - clear), (middle + clear, high)]
    paint(draft, line, spans if signals else [(low, middle - mouth + 2), (middle + mouth - 2, high)], solid_ends=True)
    section.parking(draft, line, [(-50.0, middle - clear - 8), (middle + clear + 8, 140.0)])
    lamps(draft, line, [(low, middle - mouth - 1.5), (middle + mouth + 1.5, high)])
    line_edges(draft)
    if signals:
        _signals(draft, line, middle, mouth, spans)


def _side_spine(draft: Draft, middle: float, side: int) -> Spine:
    bend = float(draft.rng.uniform(40, 60)) * (1 if draft.rng.random() < 0.5 else -1)
    return spine((middle, 0.0), 90.0 * side, [(52, 0), (48, bend), (30, 0)])


def _side_road(draft: Draft, arm: Arm, half: float, radius: float, heading: int, *, signals: bool) -> None:
    """Draw a side road from the main kerb outwards."""
    begin = half + radius
    line = arm.line.part(half, float(arm.line.stations_m[-1]))
    outer = line.part(begin, float(line.stations_m[-1]))
    for side in (-1, 1):
        lane = line.offset(side * SIDE_LANE_M / 2)
        draft.lane(lane[::-side], SIDE_LANE_M, "crossing")
        left, right = (SIDE_LANE_M, 0.0) if side > 0 else (0.0, -SIDE_LANE_M)
        draft.paved("lane", outer.offset(left), outer.offset(right), lateral_m=(SIDE_LANE_M / 2, -SIDE_LANE_M / 2))
        if arm.half_m > SIDE_LANE_M:
            left, right = (arm.half_m, SIDE_LANE_M) if side > 0 else (-SIDE_LANE_M, -arm.half_m)
            draft.paved("shoulder", outer.offset(left), outer.offset(right))
    draft.ribbon(line, arm.half_m, -arm.half_m)
    apron, wide = arm.line.part(half - 0.5, begin), arm.half_m + radius
    draft.paved("apron", apron.offset(wide), apron.offset(-wide), z_m=-0.004)
    draft.spine(arm.line.part(half + 18.0, float(arm.line.stations_m[-1])), arm.half_m + 16.0)
    stop = begin + (_ZEBRA_M + 1.6 if signals else -radius + 1.2)
    if signals:
        draft.zebra(arm.line, begin + 0.4 + _ZEBRA_M / 2, arm.half_m, _ZEBRA_M, striped=draft.street.seed % 2 == 0)
        draft.stop(arm.line.at([stop], 0.1)[0], arm.line.at([stop], SIDE_LANE_M)[0])
    else:
        draft.line(np.vstack([arm.line.at([stop], 0.2), arm.line.at([stop], SIDE_LANE_M)]), 0.4, 0.5, 0.3)
        where = arm.line.at([stop + 3.5], SIDE_LANE_M / 2)[0]
        draft.symbol("give_way", float(where[0]), float(where[1]), heading + 180.0)
        sign = arm.line.at([stop + 0.6], arm.half_m + 1.8)[0]
        draft.item("give_way", sign, float(heading), 0, draft.street.kerb_height_m)
    end = float(line.stations_m[-1])
    draft.line(arm.line.part(stop + 0.3, stop + 16.0).offset(0.0))
    draft.line(arm.line.part(stop + 17.0, end).offset(0.0), 0.12, 3.0, 6.0)
    lamps_along(draft, arm, begin)
    reach = arm.half_m + section.front_m(draft.street) + 8
    draft.frontage(arm.line.at([end], reach)[0], arm.line.at([end], -reach)[0], 14.0)


def lamps_along(draft: Draft, arm: Arm, begin_m: float) -> None:
    """Stand lamps on one side of a side road."""
    if not draft.dressed:
        return
    spacing = draft.street.lamp_spacing_m
    if spacing <= 0:
        return
    stations = np.arange(begin_m + 14, float(arm.line.stations_m[-1]), spacing)
    feet, headings = arm.line.at(stations, arm.half_m + KERBSIDE_M), arm.line.headings_deg(stations)
    for foot, heading in zip(feet, headings, strict=True):
        draft.lamp(foot, heading - 90, z_m=draft.street.kerb_height_m)


def _corners(
    draft: Draft, arms: dict[int, Arm], middle: tuple[float, float], radius: float, *, signals: bool, mouth: float
) -> None:
    """Draw the blocks between neighbouring arms."""
    profile = section.lined(draft.street)
    walk = section.KERB_M + 0.55 * section.pavement_m(draft.street)
    front = section.front_m(draft.street)
    for heading, arm in arms.items():
        following = arms.get((heading + 90) % 360)
        if following is None:
            continue
        far = front + 0.4 if not signals else max(front + 0.4, radius)
        edge = _corner(draft, arm, following, middle, heading, radius, far)
        draft.carriageway(
            np.vstack(
                [
                    edge.row(0.0)[edge.corner[0] : edge.corner[1] + 1],
                    [_at(middle, heading, following.half_m, arm.half_m)],
                ]
            )
        )  # type: ignore[index]
        draft.bands(edge, profile)
        draft.walk(edge, walk)
        skip = (0.0, 0.0)
        frontages_of_corner(draft, edge, front, arm, skip)


def frontages_of_corner(draft: Draft, edge: Edge, into_m: float, arm: Arm, skip: tuple[float, float]) -> None:
    """Line both legs of a corner; the house at the corner belongs to the main road."""
    if not draft.dressed:
        return
    track = edge.track(into_m)
    corner = edge.corner or (0, 0)
    at_m = float(track.stations_m[corner[0]])
    before = Edge(lambda into: edge.row(into)[: corner[0] + 1], edge.drops[: corner[0] + 1])
    after = Edge(lambda into: edge.row(into)[corner[1] :], edge.drops[corner[1] :])
    if arm.main:
        frontages(draft, before, into_m, (skip[0], _DEPTH_M))
        frontages(draft, after, into_m)
    else:
        frontages(draft, before, into_m)
        frontages(draft, after, into_m, (_DEPTH_M, skip[1]))
    del at_m


def _at(middle: tuple[float, float], heading_deg: int, ahead_m: float, left_m: float) -> Line:
    """Return a point in a frame that stands at the junction's middle and looks along a heading."""
    angle = np.deg2rad(heading_deg)
    ahead = np.array([np.cos(angle), np.sin(angle)])
    return np.asarray(middle) + ahead * ahead_m + np.array([-ahead[1], ahead[0]]) * left_m


def _corner(
    draft: Draft, arm: Arm, following: Arm, middle: tuple[float, float], heading: int, radius: float, far: float
) -> Edge:
    """Return the kerb that comes in along the next arm's right and leaves along this arm's left."""
    angle = np.deg2rad(heading)
    ahead = np.array([np.cos(angle), np.sin(angle)])
    left = np.array([-ahead[1], ahead[0]])
    out, back = (
        _leg(leg, other.half_m + max(radius, far) + 0.3, other.half_m + radius)
        for leg, other in ((arm, following), (following, arm))
    )

    def row(into: float) -> Line:
        bend = max(radius - into, 0.05)
        corner = np.asarray(middle) + ahead * (following.half_m + into) + left * (arm.half_m + into)
        arc = corner + bend * (ahead + left) - bend * (np.outer(np.cos(_ARC), ahead) + np.outer(np.sin(_ARC), left))
        return np.vstack([back[0].offset(-(following.half_m + into))[::-1], arc, out[0].offset(arm.half_m + into)])

    drops = np.concatenate([back[1][::-1], np.ones(len(_ARC)), out[1]])
    first = len(back[1])
    return Edge(row, drops, (first, first + len(_ARC) - 1))


def _leg(arm: Arm, begin_m: float, mouth_m: float) -> tuple[Spine, Line]:
    """Return the stretch of an arm outside the corner, with points where its kerb is dropped for a crossing."""
    low = mouth_m + 0.4
    cuts = np.array([low - 0.6, low + 0.1, low + _ZEBRA_M - 0.1, low + _ZEBRA_M + 0.6])
    cuts = cuts[cuts > begin_m + 0.05]
    stations = arm.line.stations_m[arm.line.stations_m > max(begin_m, low + _ZEBRA_M + 0.7)]
    stations = np.concatenate([[begin_m], cuts, stations])
    line = arm.line.resampled(stations)
    inside = (stations > low) & (stations < low + _ZEBRA_M)
    return line, np.where(inside, 0.0, 1.0)


def _far_side(draft: Draft, line: Spine, side: int) -> None:
    """Draw the side of a T-junction that nobody joins."""
    edge = section.along(line, side, half_width_m(draft.street))
    draft.bands(edge, section.lined(draft.street))
    draft.walk(edge, section.KERB_M + 0.55 * section.pavement_m(draft.street))
    frontages(draft, edge, section.front_m(draft.street))


def _signals(draft: Draft, line: Spine, middle: float, mouth: float, spans: Spans) -> None:
    """Paint crossings and stop lines over the main road and stand its signals, and those of the side roads."""
    half, high = half_width_m(draft.street), draft.street.kerb_height_m
    striped = draft.street.seed % 2 == 0
    for toward in (1, -1):
        zebra = middle - toward * (mouth + 0.4 + _ZEBRA_M / 2)
        draft.zebra(line, zebra, half, _ZEBRA_M, striped=striped)
        stop = spans[0][1] if toward > 0 else spans[1][0]
        stop_across(draft, line, stop, toward=toward)
        heading = 180.0 if toward > 0 else 0.0
        variant = draft.street.seed % 4
        x = stop + toward * 0.6
        draft.item("traffic_signal", (x, -toward * (half + 0.7)), heading, variant, high)
        far = middle + toward * (mouth + _ZEBRA_M + 1.3)
        draft.item("traffic_signal", (far, toward * (half + 0.7)), heading, variant, high)
    if draft.street.lanes_per_direction > 1:
        arrows(draft, line, [spans[0][1] - 6.0, spans[0][1] - 28.0], (True, True))
    for side in (1, -1):
        for aside in (1, -1):
            x = middle + aside * (mouth - 1.0 + section.pavement_m(draft.street) * 0.5)
            draft.item("traffic_signal", (x, side * (half + 1.4)), 90.0 * side, 1, high)


def roundabout(draft: Draft) -> None:
    """Four roads that meet at a ring."""
    middle = draft.street.feature_x_m or 0.0
    half = half_width_m(draft.street)
    ring_lane = 4.6 if draft.street.lanes_per_direction == 1 else 7.6
    outer = max(13.5, half + 6.0) + ring_lane * 0.6
    inner = outer - ring_lane
    line = town_spine(draft, max(150.0, middle + 100.0))
    side_half = SIDE_LANE_M + 0.3
    arms = {0: Arm(line.moved(middle), half, main=True), 180: Arm(line.turned_back(middle), half, main=True)}
    for side in (1, -1):
        arms[90 * side % 360] = Arm(_side_spine(draft, middle, side), side_half, main=False)
    _ring(draft, (middle, 0.0), inner, outer)
    radius = 9.0
    for heading, arm in arms.items():
        _approach(draft, arm, outer, heading, radius, middle)
        following = arms[(heading + 90) % 360]
        edge = _ring_corner(arm, following, (middle, 0.0), heading, radius, outer, section.front_m(draft.street) + 1.0)
        draft.bands(edge, section.lined(draft.street))
        draft.walk(edge, section.KERB_M + 0.55 * section.pavement_m(draft.street))
        _ring_fronts(draft, edge)
    draft.spine(line, half + 16.0)
    low, high = whole(line)
    lamps(draft, line, [(low, middle - outer - 8), (middle + outer + 8, high)])
    section.parking(draft, line, [(-50.0, middle - outer - 30), (middle + outer + 30, 140.0)])
    line_edges(draft)
    for angle in (20.0, 110.0, 200.0, 290.0):
        where = _at((middle, 0.0), int(angle), inner - 2.0, 0.0)
        draft.item("chevron_board", where, angle - 20.0 + 10.0, 0, 0.2)


def _circle(middle: tuple[float, float], radius: float, count: int = 48) -> Line:
    angles = np.linspace(0, 2 * np.pi, count + 1)
    return np.asarray(middle) + radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def _ring(draft: Draft, middle: tuple[float, float], inner: float, outer: float) -> None:
    wide = outer - inner
    draft.lane(_circle(middle, (inner + outer) / 2), wide, "ring")
    draft.paved("ring", _circle(middle, inner), _circle(middle, outer), lateral_m=(wide / 2, -wide / 2))
    draft.carriageway(_circle(middle, outer)[:-1])
    draft.island(_circle(middle, inner)[:-1], 0.14, "mound")
    draft.line(_circle(middle, inner + 0.25), 0.12)


def _approach(draft: Draft, arm: Arm, outer: float, heading: int, radius: float, middle: float) -> None:
    """Draw an arm up to the ring: lanes, splitter island, give-way line, zebra."""
    street = draft.street
    width, count = (street.lane_width_m, street.lanes_per_direction) if arm.main else (SIDE_LANE_M, 1)
    meets = float(np.sqrt(outer**2 - arm.half_m**2))
    begin = meets + radius
    line = arm.line.part(meets, float(arm.line.stations_m[-1]))
    far = line.part(begin, float(line.stations_m[-1]))
    for number in range(1, count + 1):
        for side in (-1, 1):
            lane = line.offset(side * (number - 0.5) * width)
            role = _role(arm, heading, side, number)
            draft.lane(lane[::-side], width, role)  # type: ignore[arg-type]
            near, out = (number - 1) * width, number * width
            left, right = (out, near) if side > 0 else (-near, -out)
            draft.paved("lane", far.offset(left), far.offset(right), lateral_m=(width / 2, -width / 2))
    for side in (-1, 1):
        if arm.half_m > count * width:
            left, right = (arm.half_m, count * width) if side > 0 else (-count * width, -arm.half_m)
            draft.paved("shoulder", far.offset(left), far.offset(right))
    draft.ribbon(line, arm.half_m, -arm.half_m)
    apron, wide = arm.line.part(outer * 0.72, begin), arm.half_m + radius
    draft.paved("apron", apron.offset(wide), apron.offset(-wide), z_m=-0.004)
    if not arm.main:
        draft.spine(arm.line.part(outer + 6, float(arm.line.stations_m[-1])), arm.half_m + 16.0)
        lamps_along(draft, arm, begin)
        end, reach = float(line.stations_m[-1]), arm.half_m + section.front_m(street) + 8
        draft.frontage(arm.line.at([end], reach)[0], arm.line.at([end], -reach)[0], 14.0)
    give = outer + 0.35
    draft.line(np.vstack([arm.line.at([give], 0.9), arm.line.at([give], arm.half_m * 0.98)]), 0.4, 0.5, 0.3)
    _splitter(draft, arm, outer, heading)
    tail = arm.line.part(outer + 13.0, float(line.stations_m[-1]))
    draft.line(tail.offset(0.0), 0.12, 3.0, 6.0)
    draft.item(
        "give_way", arm.line.at([outer + 1.2], arm.half_m + radius * 0.55)[0], float(heading), 0, street.kerb_height_m
    )
    zebra = begin + 0.4 + _ZEBRA_M / 2
    draft.zebra(arm.line, zebra, arm.half_m, _ZEBRA_M, striped=True)
    del middle


def _role(arm: Arm, heading: int, side: int, number: int) -> str:
    if not arm.main:
        return "crossing"
    ego_way = (heading == 180) == (side > 0)
    return "oncoming" if not ego_way else "ego" if number == 1 else "same"


def _splitter(draft: Draft, arm: Arm, outer: float, heading: int) -> None:
    """Stand a traffic island between entry and exit, with a lit bollard on its nose."""
    low, high = outer + 1.0, outer + 9.0
    rows = [(low, 0.75), (low + 0.3, 0.85), (high - 0.5, 0.35), (high, 0.1)]
    outline = [arm.line.at([s], y)[0] for s, y in rows] + [arm.line.at([s], -y)[0] for s, y in rows[::-1]]
    draft.island(np.array(outline)[::-1], 0.12, "stone")
    draft.item("traffic_island_bollard", arm.line.at([high - 1.2])[0], float(heading), 0, 0.12)
    draft.item("sign_order", arm.line.at([low + 1.0])[0], float(heading), 7, 0.12)


def _ring_corner(
    arm: Arm, following: Arm, middle: tuple[float, float], heading: int, radius: float, outer: float, far: float
) -> Edge:
    """Return the kerb between two arms of a roundabout: in along one, round the ring, out along the other."""
    angle = np.deg2rad(heading)
    ahead = np.array([np.cos(angle), np.sin(angle)])
    left = np.array([-ahead[1], ahead[0]])
    legs = [
        _leg(leg, _meets(leg.half_m, far, radius, outer), _meets(leg.half_m, 0.0, radius, outer))
        for leg in (arm, following)
    ]
    local: Callable[[Line], Line] = lambda p: np.asarray(middle) + np.outer(p[:, 0], ahead) + np.outer(p[:, 1], left)  # noqa: E731

    def row(into: float) -> Line:
        first = _flare(following.half_m, into, radius, outer)[:, ::-1]
        last = _flare(arm.half_m, into, radius, outer)[::-1]
        start, end = (np.arctan2(*point[::-1]) for point in (first[-1], last[0]))
        around = np.linspace(start, end, 8)[1:-1]
        ring = (outer + into) * np.stack([np.cos(around), np.sin(around)], axis=-1)
        return np.vstack(
            [
                legs[1][0].offset(-(following.half_m + into))[::-1],
                local(np.vstack([first, ring, last])),
                legs[0][0].offset(arm.half_m + into),
            ]
        )

    drops = np.concatenate([legs[1][1][::-1], np.ones(18), legs[0][1]])
    return Edge(row, drops, (len(legs[1][1]), len(legs[1][1]) + 17))


def _meets(half: float, into: float, radius: float, outer: float) -> float:
    """Return where along an arm the flare to the ring begins."""
    bend = max(radius - into, 0.05)
    return float(np.sqrt((outer + into + bend) ** 2 - (half + into + bend) ** 2)) + 0.05


def _flare(half: float, into: float, radius: float, outer: float) -> Line:
    """Return six points from an arm's straight kerb to the ring, the arm along +x with its kerb to the left."""
    bend = max(radius - into, 0.05)
    y = half + into + bend
    x = float(np.sqrt((outer + into + bend) ** 2 - y**2))
    turn = np.linspace(-np.pi / 2, np.arctan2(-y, -x), 6)
    return np.stack([x + bend * np.cos(turn), y + bend * np.sin(turn)], axis=-1)


def _ring_fronts(draft: Draft, edge: Edge) -> None:
    """Line both legs and set one house across the corner."""
    if not draft.dressed:
        return
    into = section.front_m(draft.street)
    first, last = edge.corner or (0, 0)
    before = Edge(lambda d: edge.row(d)[: first + 1], edge.drops[: first + 1])
    after = Edge(lambda d: edge.row(d)[last:], edge.drops[last:])
    frontages(draft, before, into, (0.0, 6.0))
    frontages(draft, after, into, (6.0, 0.0))
    row = edge.row(into + 1.0)
    draft.frontage(row[first + 6], row[last - 6], 14.0)
