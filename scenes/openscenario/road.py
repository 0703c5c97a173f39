"""What of an OpenDRIVE road a scene can take over: lanes, the side of traffic, whether it is straight, junctions."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin
from typing import Literal

import numpy as np

from scenes.openscenario.document import Document, Node
from scenes.spec.place import PlaceKind

_PLAIN_WIDTH_M = 3.5
_DRIVEN = ("driving", "entry", "exit", "onRamp", "offRamp", "bidirectional")


@dataclass(frozen=True, kw_only=True)
class RoadLane:
    """A lane: its number (right of the reference line < 0), type and width at the road's start."""

    number: int
    kind: str
    width_m: float


@dataclass(frozen=True, kw_only=True)
class Road:
    """A road of constant lanes.

    Args:
        name: its id.
        lanes: of the first lane section.
        drive_on: side of traffic.
        kinds: the nearest kinds of place.
        start: x, y and heading (m, rad) where it is one straight line, else None.
        known: whether a road file told all this.
    """

    name: str
    lanes: tuple[RoadLane, ...]
    drive_on: Literal["right", "left"] = "right"
    kinds: tuple[PlaceKind, ...] = ("street",)
    start: tuple[float, float, float] | None = None
    known: bool = True

    def way(self, number: int) -> int:
        """Return 1 for a lane whose traffic goes on with the road's length, -1 for the others."""
        return 1 if (number < 0) == (self.drive_on == "right") else -1

    def order(self, number: int) -> int | None:
        """Return the number of a lane for driving, 1 beside the middle of the road; None for other lanes."""
        same = sorted(abs(lane.number) for lane in self._driven() if lane.number * number > 0)
        return same.index(abs(number)) + 1 if abs(number) in same else None

    def across_m(self, number: int) -> float:
        """Return how far left of the reference line a lane's middle is; 0 for a lane that there is not."""
        inner = [lane for lane in self.lanes if lane.number * number > 0 and abs(lane.number) <= abs(number)]
        own = [lane.width_m / 2 for lane in inner if lane.number == number]
        return float(np.sign(number)) * (sum(lane.width_m for lane in inner) - sum(own))

    def lane_at(self, across_m: float) -> int | None:
        """Return the lane that is so far left of the reference line."""
        for lane in self.lanes:
            if abs(across_m - self.across_m(lane.number)) <= lane.width_m / 2:
                return lane.number
        return None

    def along(self, x_m: float, y_m: float) -> tuple[float, float] | None:
        """Return how far along and left of a straight road a point is; None on a road that bends."""
        if self.start is None:
            return None
        x, y, heading = self.start
        east, north = x_m - x, y_m - y
        return east * cos(heading) + north * sin(heading), north * cos(heading) - east * sin(heading)

    def lanes_per_direction(self) -> int:
        """Return how many lanes for driving the busier direction has."""
        sides = [lane.number > 0 for lane in self._driven()]
        return max(sum(sides), len(sides) - sum(sides), 1)

    def mean_width_m(self) -> float:
        """Return the mean width of the lanes for driving."""
        return float(np.mean([lane.width_m for lane in self._driven()] or [_PLAIN_WIDTH_M]))

    def _driven(self) -> list[RoadLane]:
        return [lane for lane in self.lanes if lane.kind in _DRIVEN]


PLAIN = Road(
    name="",
    lanes=tuple(RoadLane(number=at, kind="driving", width_m=_PLAIN_WIDTH_M) for at in (-3, -2, -1, 1, 2, 3)),
    known=False,
)
"""What is taken where a scenario names no road file."""


def roads(document: Document) -> dict[str, Road]:
    """Return the roads of a file that belong to no junction, by id."""
    found = [node for node in document.every("OpenDRIVE", "road") if node.get("junction", "-1") == "-1"]
    within = [node for node in document.root.findall("road") if node.get("junction", "-1") != "-1"]
    for _ in within:
        document.note("road inside a junction")
    document.first(document.root, "header")
    arms: dict[str, int] = {}
    for node in found:
        for junction in _junctions(document, node):
            arms[junction] = arms.get(junction, 0) + 1
    return {str(node.get("id")): _road(document, node, arms) for node in found}


def _road(document: Document, node: Node, arms: dict[str, int]) -> Road:
    section = document.first(node, "lanes/laneSection")
    lanes = [] if section is None else [*_lanes(document, section, "left"), *_lanes(document, section, "right")]
    if section is not None:
        document.every(section, "center/lane")
    here = max((arms[junction] for junction in _junctions(document, node)), default=0)
    road = Road(
        name=str(node.get("id")),
        lanes=tuple(lanes),
        drive_on="left" if node.get("rule") == "LHT" else "right",
        start=_start(document, node),
    )
    return Road(**{**vars(road), "kinds": (_kind(document, node, here, road.lanes_per_direction()),)})


def _lanes(document: Document, section: Node, side: str) -> list[RoadLane]:
    found = []
    for node in document.every(section, f"{side}/lane"):
        width = document.first(node, "width")
        if width is not None and any(document.number(width, key, 0.0) for key in "bcd"):
            document.note("width of a lane that changes")
        wide_m = _PLAIN_WIDTH_M if width is None else document.number(width, "a")
        found.append(RoadLane(number=int(document.number(node, "id")), kind=node.get("type", "none"), width_m=wide_m))
    return found


def _start(document: Document, node: Node) -> tuple[float, float, float] | None:
    pieces = node.findall("planView/geometry")
    if len(pieces) != 1 or pieces[0].find("line") is None:
        document.note("road that is not one straight line")
        return None
    only = document.first(node, "planView/geometry")
    document.first(only, "line")
    return (document.number(only, "x"), document.number(only, "y"), document.number(only, "hdg"))


def _kind(document: Document, node: Node, arms: int, lanes: int) -> PlaceKind:
    """Return the nearest kind of place: a junction's if the road leads to one, else by the road's type and lanes."""
    told = document.first(node, "type")
    kind = "" if told is None else told.get("type", "")
    if arms >= 3:
        return "crossroads" if arms > 3 else "t_junction"
    if kind.startswith("motorway") or lanes >= 3 or (kind == "rural" and lanes > 1):
        return "dual_carriageway"
    return "rural_road" if kind == "rural" else "street"


def _junctions(document: Document, node: Node) -> list[str]:
    ends = [document.first(node, f"link/{end}") for end in ("predecessor", "successor")]
    return [str(end.get("elementId")) for end in ends if end is not None and end.get("elementType") == "junction"]
