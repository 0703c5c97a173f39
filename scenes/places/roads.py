"""Places along one road: streets, dual carriageways, country roads, tunnels, bridges, road works, level crossings."""

from __future__ import annotations

import numpy as np

from scenes.places import section
from scenes.places.draft import Draft, Edge
from scenes.places.dressing import KERBSIDE_M, lamps, line_edges, median_lamps, row
from scenes.places.paint import paint, stop_across
from scenes.places.section import Profile
from scenes.places.spine import Spine, joined, spine
from scenes.road import half_width_m

BEHIND_M, AHEAD_M = 60.0, 150.0
_FRONT_DEPTH_M = 14.0
Spans = list[tuple[float, float]]


def town_spine(draft: Draft, ahead_m: float = AHEAD_M) -> Spine:
    """Lay a road that is straight about the ego and bends away between houses at both ends."""
    rng = draft.rng
    side, back = (1.0 if flip else -1.0 for flip in rng.random(2) < 0.5)
    bends = rng.uniform(45, 70, 2)
    ahead = spine((0, 0), 0.0, [(ahead_m + float(rng.uniform(0, 30)), 0), (70, side * float(bends[0])), (45, 0)])
    behind = spine((0, 0), 180.0, [(BEHIND_M, 0), (55, back * float(bends[1])), (40, 0)])
    return joined(behind, ahead)


def country_spine(draft: Draft, straight_m: float) -> Spine:
    """Lay a road that is straight about the ego and winds gently beyond."""
    rng = draft.rng
    turns = rng.uniform(12, 32, 3) * np.where(rng.random(3) < 0.5, 1, -1)
    ahead = [(straight_m, 0), (120, float(turns[0])), (60, 0), (130, -0.8 * float(turns[0])), (120, float(turns[1]))]
    behind = [(45.0, 0.0), (110.0, float(turns[2])), (90.0, float(turns[2]))]
    return joined(spine((0, 0), 180.0, behind), spine((0, 0), 0.0, ahead))


def spine_of(draft: Draft, straight_m: float) -> Spine:
    """Lay the road that suits the surroundings."""
    if draft.street.surroundings == "rural" or draft.street.kind in ("rural_road", "dual_carriageway"):
        return country_spine(draft, straight_m)
    return town_spine(draft, max(straight_m, AHEAD_M))


def whole(line: Spine) -> tuple[float, float]:
    """Return the stations of both ends."""
    return float(line.stations_m[0]), float(line.stations_m[-1])


def frontages(draft: Draft, edge: Edge, into_m: float, skip_m: tuple[float, float] = (0.0, 0.0)) -> None:
    """Line an edge with house fronts, straight by straight; `skip_m` is left out at its start and end."""
    if not draft.dressed:
        return
    track = edge.track(into_m)
    low, high = skip_m[0], track.length_m - skip_m[1]
    steps = np.diff(track.points_m, axis=0)
    angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    breaks = np.flatnonzero(np.abs(np.diff(angles)) > 1e-3) + 1
    cuts = np.clip(np.concatenate([[0.0], track.stations_m[breaks], [track.length_m]]), low, high)
    ends, _ = track.at(cuts)
    for start, end, length in zip(ends, ends[1:], np.diff(cuts), strict=False):
        if length > 4.0:
            draft.frontage(start, end, _FRONT_DEPTH_M)


def sides(draft: Draft, line: Spine, profile: Profile, *, fronts: bool, walk: bool = True) -> list[Edge]:
    """Draw the land on both sides of a stretch of road; people walk along its second strip."""
    made = []
    for side in (-1, 1):
        edge = section.along(line, side, half_width_m(draft.street))
        draft.bands(edge, profile)
        if walk:
            draft.walk(edge, profile[0][1] + 0.55 * profile[1][1])
        if fronts:
            frontages(draft, edge, section.front_m(draft.street))
        made.append(edge)
    return made


def _closing(draft: Draft, line: Spine) -> None:
    """Put houses across both ends of the road."""
    if not draft.dressed:
        return
    reach = half_width_m(draft.street) + section.front_m(draft.street) + 8
    for station, way in zip(whole(line), (-1, 1), strict=True):
        across = line.at([station], reach)[0], line.at([station], -reach)[0]
        draft.frontage(*across[::way], _FRONT_DEPTH_M)


def street(draft: Draft) -> None:
    """A street between houses."""
    line = spine_of(draft, AHEAD_M)
    road(draft, line, closed=0)
    span = whole(line)
    paint(draft, line, [span])
    section.parking(draft, line, [(-50.0, 140.0)])
    lamps(draft, line, [span])
    town_sides(draft, line)
    line_edges(draft)


def town_sides(draft: Draft, line: Spine) -> None:
    """Line a whole road as its surroundings ask."""
    built = draft.street.surroundings != "rural"
    sides(draft, line, section.lined(draft.street), fronts=True)
    if built:
        _closing(draft, line)


def road(draft: Draft, line: Spine, *, closed: int) -> None:
    """Draw the carriageway of the ego's road."""
    half = half_width_m(draft.street)
    section.lanes(draft, line, closed=closed)
    draft.ribbon(line, half, -half)
    draft.spine(line, half + 16.0)


def dual_carriageway(draft: Draft) -> None:
    """Two carriageways with a median between guard rails."""
    line = country_spine(draft, 130.0)
    road(draft, line, closed=0)
    inner = section.median_half_m(draft.street)
    strip = inner - section.shoulder_m(draft.street) / 3
    draft.island(np.vstack([line.offset(-strip), line.offset(strip)[::-1]]), 0.1, "grass")
    paint(draft, line, [whole(line)])
    median_lamps(draft, line)
    edges = sides(draft, line, section.sloped(), fronts=False, walk=False)
    near = line.part(-75.0, 330.0)
    barrier = draft.street.seed % 3 == 0
    for side in (-1, 1):
        rail = section.along(near, side, 0.0)
        if barrier and side > 0:
            row(draft, "concrete_barrier", rail.track(0.0), 4.0, z_m=0.1)
        elif not barrier:
            row(draft, "guard_rail", rail.track(0.45), 4.0, z_m=0.1, front=1)
        outer = section.along(near, side, half_width_m(draft.street))
        row(draft, "guard_rail", outer.track(0.7), 4.0, front=-1)
    _roadside(draft, line, post_m=33.0, into_m=1.1)
    _boards(draft, line)
    for edge in edges:
        wild(draft, edge, 12.0, 30.0)


def _boards(draft: Draft, line: Spine) -> None:
    """Stand direction boards beside the ego's carriageway."""
    if not draft.dressed:
        return
    for station in draft.dress_rng.uniform(45, 160, 2):
        where = line.at([station], -(half_width_m(draft.street) + 2.6))[0]
        draft.item("sign_direction", where, float(line.headings_deg([station])[0]) + 180, int(station))


def _roadside(draft: Draft, line: Spine, *, post_m: float, into_m: float) -> None:
    """Stand marker posts on both sides (every 50 m, closer in bends: HLB) and a few signs."""
    if not draft.dressed:
        return
    reach = half_width_m(draft.street) + into_m
    stations = np.arange(-70, 330, post_m)
    headings = line.headings_deg(stations)
    for side in (-1, 1):
        turned = 180.0 if side < 0 else 0.0
        for where, heading in zip(line.at(stations, side * reach), headings, strict=True):
            draft.item("delineator_post", where, float(heading) + turned)
    for station in draft.dress_rng.uniform(20, 150, 2):
        side = 1 if draft.dress_rng.random() < 0.4 else -1
        where, heading = line.at([station], side * (reach + 0.5))[0], line.headings_deg([station])[0]
        name = "sign_warning" if draft.dress_rng.random() < 0.6 else "sign_order"
        draft.item(name, where, float(heading) + (180 if side < 0 else 0), int(draft.dress_rng.integers(8)))


def wild(draft: Draft, edge: Edge, near_m: float, far_m: float) -> None:
    """Scatter trees and bushes beyond an edge."""
    if not draft.dressed:
        return
    rng, track = draft.dress_rng, edge.track(0.0)
    many = rng.poisson(track.length_m / 11.0)
    stations = rng.uniform(0, track.length_m, many)
    points, headings = track.at(stations)
    into = near_m + (far_m - near_m) * rng.random(many) ** 1.5
    normals = np.deg2rad(headings + 90.0)
    where = points + into[:, None] * np.stack([np.cos(normals), np.sin(normals)], axis=-1)
    for point, scale, seed in zip(where, rng.uniform(0.6, 1.15, many), rng.integers(0, 2**16, many), strict=True):
        role = "bush" if seed % 3 == 0 else "wild"
        draft.tree(point, float(scale), int(seed), role, 0.0)


def rural_road(draft: Draft) -> None:
    """A country road: no kerbs, ditches, trees, and poles with wires."""
    line = country_spine(draft, float(draft.rng.uniform(75, 120)))
    road(draft, line, closed=0)
    paint(draft, line, [whole(line)])
    edges = sides(draft, line, section.unkerbed(), fronts=False, walk=False)
    for edge in edges:
        draft.walk(edge, 1.3)
        if draft.street.tree_spacing_m > 0:
            _avenue(draft, edge)
        wild(draft, edge, 7.0, 32.0)
    _roadside(draft, line, post_m=50.0, into_m=0.9)
    _poles(draft, line)
    _chevrons(draft, line)


def _avenue(draft: Draft, edge: Edge) -> None:
    if not draft.dressed:
        return
    track = edge.track(4.8)
    stations = np.arange(4.0, track.length_m, draft.street.tree_spacing_m)
    stations = stations[draft.dress_rng.random(len(stations)) > 0.25]
    points, _ = track.at(stations)
    for point, scale in zip(points, draft.dress_rng.uniform(0.8, 1.2, len(points)), strict=True):
        draft.tree(point, float(scale), draft.street.seed, "street", 0.0)


def _poles(draft: Draft, line: Spine) -> None:
    """Stand utility poles on one side, 45 m apart."""
    if not draft.dressed:
        return
    side = 1 if draft.dress_rng.random() < 0.5 else -1
    stations = np.arange(-70, 330, 45.0)
    variant = int(draft.dress_rng.choice([0, 2]))
    for where, heading in zip(
        line.at(stations, side * (half_width_m(draft.street) + 6.4)), line.headings_deg(stations), strict=True
    ):
        draft.item("utility_pole", where, float(heading), variant)


def _chevrons(draft: Draft, line: Spine) -> None:
    """Mark the outside of the first bend ahead."""
    if not draft.dressed:
        return
    headings = line.headings_deg(np.array([100.0, 220.0]))
    left = headings[1] > headings[0]
    side = -1 if left else 1
    stations = np.arange(150, 215, 20.0)
    points = line.at(stations, side * (half_width_m(draft.street) + 2.0))
    for where, heading in zip(points, line.headings_deg(stations), strict=True):
        draft.item("chevron_board", where, float(heading) + 180, 1 if left else 0)


def tunnel(draft: Draft) -> None:
    """A road that runs through a tunnel whose near portal stands at `feature_x_m`."""
    mouth, length = _feature(draft), float(draft.rng.uniform(150, 260))
    exit_m = mouth + length
    line = joined(
        spine((0, 0), 180.0, [(max(60.0, 40.0 - mouth), 0), (90, 35.0), (60, 0)]),
        spine((0, 0), 0.0, [(max(exit_m + 40, 60.0), 0), (120, float(draft.rng.choice([-30, 30]))), (120, 0)]),
    )
    road(draft, line, closed=0)
    paint(draft, line, [whole(line)])
    start, end = whole(line)
    outside = [line.part(start, mouth), line.part(exit_m, end)]
    sides(draft, line.part(mouth, exit_m), _tunnel_walk(draft), fronts=False)
    for part in outside:
        edges = sides(draft, part, section.lined(draft.street), fronts=False)
        for edge in edges:
            wild(draft, edge, 12.0, 26.0)
    lamps(draft, line, [(start, mouth - 4), (exit_m + 4, end)])
    draft.structure("tunnel", (mouth, 0.0), 0.0, length)


def _tunnel_walk(draft: Draft) -> Profile:
    return (("kerb", section.KERB_M, draft.street.kerb_height_m), ("pavement", 0.9, draft.street.kerb_height_m))


def _feature(draft: Draft) -> float:
    where = draft.street.feature_x_m
    return 40.0 if where is None else where


def bridge(draft: Draft) -> None:
    """A road across a river or a railway; its middle stands at `feature_x_m`."""
    middle, length = _feature(draft), float(draft.rng.uniform(36, 64))
    start, end = middle - length / 2, middle + length / 2
    line = spine_of(draft, max(end + 50, AHEAD_M))
    road(draft, line, closed=0)
    paint(draft, line, [whole(line)])
    low, high = whole(line)
    for part in (line.part(low, start), line.part(end, high)):
        sides(draft, part, section.lined(draft.street), fronts=False)
    rural = draft.street.surroundings == "rural"
    for edge in list(draft.edges):
        if rural:
            wild(draft, edge, 8.0, 26.0)
        else:
            frontages(draft, edge, section.front_m(draft.street), (12.0, 12.0))
    line_edges(draft)
    sides(draft, line.part(start, end), _deck(draft), fronts=False)
    lamps(draft, line, [(low, start - 2), (end + 2, high)])
    draft.structure("bridge", (start, 0.0), 0.0, length)


def _deck(draft: Draft) -> Profile:
    wide, high = section.pavement_m(draft.street), draft.street.kerb_height_m
    return (("kerb", section.KERB_M, high), ("pavement", wide, high))


def road_works(draft: Draft) -> None:
    """A street whose lane is closed by works that begin at `feature_x_m`."""
    begin = _feature(draft)
    line = spine_of(draft, AHEAD_M)
    number = draft.street.lanes_per_direction
    road(draft, line, closed=number)
    paint(draft, line, [whole(line)])
    section.parking(draft, line, [(-50.0, begin - 12), (begin + 62, 140.0)])
    lamps(draft, line, [whole(line)])
    town_sides(draft, line)
    line_edges(draft)
    _site(draft, line, begin, number)


def _site(draft: Draft, line: Spine, begin: float, lane: int) -> None:
    """Close the outer lane: signs, a taper of cones, barriers, and the works themselves."""
    width, rng = draft.street.lane_width_m, draft.dress_rng
    inner, outer = -(lane - 1) * width - 0.25, -half_width_m(draft.street)
    taper, long = 14.0, 38.0
    low, high = begin + taper, begin + taper + long
    outline = [(begin, outer), (high + 4, outer), (high + 4, inner), (low, inner)]
    draft.closed(outline)
    for share in np.linspace(0, 1, 8):
        draft.item("cone", (begin + taper * share, outer + 0.5 + (inner - 0.8 - outer) * share), 180.0, int(lane))
    for x in np.arange(low + 2.5, high, 3.0):
        name = ("cone", "barrel", "cone")[draft.street.seed % 3]
        draft.item(name, (float(x), inner - 0.3), 180.0, 1)
    middle = (inner + outer) / 2
    for y in np.arange(middle - 0.8, middle + 0.9, 1.65):
        draft.item("works_barrier", (low + 1.0, float(y)), 180.0, int(rng.integers(3)))
        draft.item("works_barrier", (high + 1.0, float(y)), 0.0, int(rng.integers(3)))
    draft.item("works_lamp", (low + 0.2, middle), 180.0)
    draft.item(
        "excavator",
        (low + 12.0, middle + 0.1),
        float(rng.choice([0.0, 180.0])) + float(rng.normal(0, 4)),
        int(rng.integers(6)),
    )
    draft.item("trench_plates", (low + 19.0, middle), 0.0, int(rng.integers(4)))
    draft.item("sand_heap", (low + 25.5, outer + 1.2), 0.0, int(rng.integers(6)))
    draft.item("portable_toilet", (high - 3.0, outer + 0.7), 90.0, int(rng.integers(4)))
    for back, name, variant in ((8.0, "sign_order", 5), (34.0, "sign_warning", 5), (58.0, "sign_order", 0)):
        where = line.at([begin - back], outer - KERBSIDE_M)[0]
        draft.item(name, where, 180.0, variant, draft.street.kerb_height_m)


def level_crossing(draft: Draft) -> None:
    """A road that crosses a railway at `feature_x_m`."""
    rails = _feature(draft)
    line = spine_of(draft, max(AHEAD_M, rails + 60))
    low, high = whole(line)
    road(draft, line, closed=0)
    spans = [(low, rails - 6.2), (rails + 6.2, high)]
    paint(draft, line, spans, solid_ends=True)
    for span, toward in zip(spans, (1, -1), strict=True):
        stop_across(draft, line, span[1] if toward > 0 else span[0], toward=toward)
        _gate(draft, rails, -toward, toward)
        part = line.part(*((span[0], span[1] + 2.2) if toward > 0 else (span[0] - 2.2, span[1])))
        sides(draft, part, section.lined(draft.street), fronts=False)
    for edge in draft.edges:
        skip = (14.0, 14.0)
        if draft.street.surroundings == "rural":
            wild(draft, edge, 8.0, 26.0)
        else:
            frontages(draft, edge, section.front_m(draft.street), skip)
    line_edges(draft)
    lamps(draft, line, [(low, rails - 9), (rails + 9, high)])
    draft.structure("railway_track", (rails, 0.0), 0.0, 260.0)


def _gate(draft: Draft, rails: float, along: int, toward: int) -> None:
    """Stand lights and a half barrier on the near right of the track, and a cross on the road before it."""
    half = half_width_m(draft.street)
    state = draft.street.seed % 2
    x, y = rails + along * 4.8, -toward * (half + 0.8)
    heading = 180.0 if toward > 0 else 0.0
    draft.item("level_crossing_barrier", (x, y), 0.0 if toward > 0 else 180.0, state, draft.street.kerb_height_m)
    draft.item("level_crossing_lights", (x + along * 0.9, y - toward * 0.3), heading, state, draft.street.kerb_height_m)
    draft.item("sign_warning", (rails + along * 75.0, y), heading, 2, draft.street.kerb_height_m)
    for lane in range(1, draft.street.lanes_per_direction + 1):
        offset = -toward * (lane - 0.5) * draft.street.lane_width_m
        draft.symbol("rail_cross", rails + along * 26.0, offset, 0.0 if toward > 0 else 180.0)
