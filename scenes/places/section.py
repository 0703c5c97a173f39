"""Cross-sections: what lies beside a road, by what surrounds it, and where its lanes run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenes.places.draft import Draft, Edge
from scenes.places.parts import BandKind, Role
from scenes.places.spine import Spine
from scenes.road import half_width_m, median_half_m, shoulder_m
from scenes.spec import Street

Profile = Sequence[tuple[BandKind, float, float]]
KERB_M = 0.15
PARKING_M = 2.3
BAY_M = 6.2
_SKIRT_Z_M = -0.9
"""The outermost strip dips below the land that meets it."""


def pavement_m(street: Street) -> float:
    """Return the width of the pavement behind its kerb."""
    return max(street.sidewalk_width_m - KERB_M, 1.0)


def front_m(street: Street) -> float:
    """Return the distance from the kerb to the house fronts."""
    gardens = {"city": 0.0, "suburb": 4.5, "industrial": 6.0, "rural": 7.0}[street.surroundings]
    return KERB_M + pavement_m(street) + gardens


def lined(street: Street) -> Profile:
    """Return the strips along a road that has kerbs and pavements."""
    high, wide = street.kerb_height_m, pavement_m(street)
    top = high + 0.02 * wide
    near: Profile = (("kerb", KERB_M, high), ("pavement", wide, top))
    behind: dict[str, Profile] = {
        "city": (("yard", 15.0, top + 0.03),),
        "suburb": (("garden", 4.5, top + 0.05), ("garden", 18.0, top + 0.1)),
        "industrial": (("verge", 1.6, top + 0.03), ("yard", 26.0, top + 0.03)),
        "rural": (("verge", 2.5, top), ("field", 16.0, top + 0.1)),
    }
    return (*near, *behind[street.surroundings], ("field", 8.0, _SKIRT_Z_M))


def unkerbed() -> Profile:
    """Return the strips along a country road: gravel, verge, ditch and field."""
    return (
        ("shoulder", 0.5, -0.01),
        ("verge", 1.6, 0.02),
        ("ditch", 0.9, -0.42),
        ("ditch", 0.9, 0.0),
        ("field", 9.0, 0.12),
        ("field", 8.0, _SKIRT_Z_M),
    )


def sloped() -> Profile:
    """Return the strips along a fast road: a verge that falls to a drain and rises again."""
    return (
        ("verge", 2.4, 0.0),
        ("verge", 3.0, -0.45),
        ("verge", 4.5, 0.25),
        ("field", 10.0, 0.4),
        ("field", 8.0, _SKIRT_Z_M),
    )


def along(line: Spine, side: int, reach_m: float) -> Edge:
    """Return the kerb line on the left (1) or right (-1) of a spine, `reach_m` from its middle."""
    full = np.ones(len(line.points_m))
    if side > 0:
        return Edge(lambda into: line.offset(reach_m + into), full)
    return Edge(lambda into: line.offset(-(reach_m + into))[::-1], full)


def lanes(draft: Draft, line: Spine, *, ego: bool = True, closed: int = 0) -> None:
    """Draw a road's lanes both ways along a spine, its parking lanes and shoulders.

    Args:
        draft: what to draw on.
        line: the middle of the road, in the ego's direction.
        ego: whether the ego drives here; else all lanes are crossing ones.
        closed: number of the ego direction's lane that is closed, 0 for none.
    """
    street, width = draft.street, draft.street.lane_width_m
    inner = median_half_m(street)
    for number in range(1, street.lanes_per_direction + 1):
        near = inner + (number - 1) * width
        for side in (-1, 1):
            role: Role = "crossing" if not ego else "oncoming" if side > 0 else "ego" if number == 1 else "same"
            middle = line.offset(side * (near + width / 2))
            draft.lane(middle[::-side], width, role, closed=side < 0 and number == closed)
            left, right = (near + width, near) if side > 0 else (-near, -near - width)
            draft.paved("lane", line.offset(left), line.offset(right), lateral_m=(width / 2, -width / 2))
    edge, half = inner + street.lanes_per_direction * width, half_width_m(street)
    for side in (-1, 1):
        if half > edge:
            left, right = (half, edge) if side > 0 else (-edge, -half)
            draft.paved("shoulder", line.offset(left), line.offset(right))
        if inner > 0:
            strip = (inner, inner - shoulder_m(street) / 3) if side > 0 else (-inner + shoulder_m(street) / 3, -inner)
            draft.paved("shoulder", line.offset(strip[0]), line.offset(strip[1]))


def parking(draft: Draft, line: Spine, spans: Sequence[tuple[float, float]]) -> None:
    """Mark the bays of both parking lanes along stretches of a spine."""
    if not draft.street.parking_lane:
        return
    middle = half_width_m(draft.street) - 1.15
    for start, end in spans:
        stations = np.arange(start + BAY_M / 2, end - BAY_M / 2, BAY_M)
        headings = line.headings_deg(stations)
        for side in (-1, 1):
            turned = 0.0 if side < 0 else 180.0
            for (x, y), heading in zip(line.at(stations, side * middle), headings, strict=True):
                draft.bay(float(x), float(y), float(heading) + turned, BAY_M, 2.2)
