"""Where somebody of a storyboard is on its road."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import degrees

from scenes.errors import InputError
from scenes.openscenario.document import Document, Node
from scenes.openscenario.road import PLAIN, Road


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place on a road: metres along it, the lane, metres left of the lane's middle, heading against the road's."""

    road: Road
    along_m: float
    lane: int
    aside_m: float = 0.0
    heading_deg: float | None = None


@dataclass(frozen=True, kw_only=True)
class Map:
    """The roads of a scenario, and the element in which each entity's position stands."""

    roads: Mapping[str, Road]
    positions: Mapping[str, Node]

    def road(self, name: str) -> Road | None:
        """Return a road; without a road file, all are one plain road."""
        return self.roads.get(name) if self.roads else PLAIN

    def spot(self, document: Document, entity: str, waiting: tuple[str, ...] = ()) -> Spot | None:
        """Return where an entity begins, or None if that was not understood.

        Raises:
            InputError: entities that are placed by each other in a circle, or a number that is none.
        """
        if entity in waiting:
            raise InputError(document.path, "entities must not be placed by each other", got=" -> ".join(waiting))
        at = self.positions.get(entity)
        if at is None:
            return None
        if (node := document.first(at, "LanePosition")) is not None:
            return self._on_lane(document, node)
        if (node := document.first(at, "RelativeLanePosition")) is not None:
            return self._beside(document, node, (*waiting, entity))
        if (node := document.first(at, "RoadPosition")) is not None:
            return self._on_road(document, node)
        node = document.first(at, "WorldPosition")
        return None if node is None else self._in_world(document, node)

    def _on_lane(self, document: Document, node: Node) -> Spot | None:
        road = self._told_road(document, node)
        lane, offset_m = int(document.number(node, "laneId")), document.number(node, "offset", 0.0)
        return Spot(road=road, along_m=document.number(node, "s"), lane=lane, aside_m=offset_m)

    def _on_road(self, document: Document, node: Node) -> Spot | None:
        road, across_m = self._told_road(document, node), document.number(node, "t")
        lane = road.lane_at(across_m)
        if lane is None:
            return None
        return Spot(road=road, along_m=document.number(node, "s"), lane=lane, aside_m=across_m - road.across_m(lane))

    def _told_road(self, document: Document, node: Node) -> Road:
        road = self.road(str(node.get("roadId")))
        if road is None:
            where = f"{document.path}: line {node.sourceline}: roadId"
            raise InputError(where, "there is no such road", got=node.get("roadId"))
        return road

    def _beside(self, document: Document, node: Node, waiting: tuple[str, ...]) -> Spot | None:
        other = self.spot(document, str(node.get("entityRef")), waiting)
        if other is None:
            return None
        gap_m = document.number(node, "ds", document.number(node, "dsLane", 0.0))
        lane = beside(other.lane, int(document.number(node, "dLane")))
        offset_m = document.number(node, "offset", 0.0)
        return Spot(road=other.road, along_m=other.along_m + gap_m, lane=lane, aside_m=offset_m)

    def _in_world(self, document: Document, node: Node) -> Spot | None:
        for road in self.roads.values():
            at = road.along(document.number(node, "x"), document.number(node, "y"))
            lane = None if at is None else road.lane_at(at[1])
            if at is not None and lane is not None and road.start is not None:
                turned = degrees(document.number(node, "h", road.start[2]) - road.start[2])
                return Spot(
                    road=road, along_m=at[0], lane=lane, aside_m=at[1] - road.across_m(lane), heading_deg=turned
                )
        document.note("WorldPosition on no straight road")
        return None


def beside(lane: int, steps: int) -> int:
    """Return the lane so many further left of another; the middle lane 0 does not count."""
    there = lane + steps
    return there + (1 if steps > 0 else -1) if lane * there <= 0 and steps else there
