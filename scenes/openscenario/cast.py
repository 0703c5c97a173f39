"""Everybody of a storyboard who has a place on the ego's road, as a script's actors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenes.errors import InputError
from scenes.openscenario.deed import Driving
from scenes.openscenario.document import Document
from scenes.openscenario.entity import Entity, entities
from scenes.openscenario.position import Map, Spot
from scenes.script import PERSON

_KMH = 3.6
_NEAREST_M, _FARTHEST_M = -35.0, 195.0
"""Of the point that is told, so that a vehicle's middle keeps to what a script allows, [-40, 200]."""
_EGOS = ("ego", "hero")


class Cast:
    """The actors, told from the front axle of the ego, which is who is called ego or hero, else the first vehicle.

    Args:
        document: the storyboard's.
        found: roads and positions.
        speeds_mps: at time 0, by name; who has none stands.

    Raises:
        InputError: there is no vehicle in a lane, or a position is broken.
    """

    def __init__(self, document: Document, found: Map, speeds_mps: Mapping[str, float]) -> None:
        self._document, self._speeds_mps = document, speeds_mps
        self._entities = entities(document)
        spots = {name: found.spot(document, name) for name in self._entities}
        self._spots = {name: spot for name, spot in spots.items() if spot is not None}
        for name in self._entities.keys() - self._spots.keys():
            document.note(f"place of {name}")
        self.ego = self._entities[self._leading()]
        self.origin = self._spots[self.ego.name]
        self.way = self.origin.road.way(self.origin.lane)
        actors = {name: self._actor(self._entities[name], spot) for name, spot in self._spots.items()}
        self.actors = {name: actor for name, actor in actors.items() if actor is not None}

    def drivers(self) -> dict[str, Driving]:
        """Return who can do something, as they are at time 0."""
        return {
            name: Driving(road=spot.road, lane=spot.lane, speed_mps=self._speeds_mps.get(name, 0.0))
            for name, spot in self._spots.items()
            if name in self.actors and not self._entities[name].on_foot
        }

    def seen(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return an event with its lane told from the ego's direction instead of the road's."""
        return {key: value * self.way if key == "to_lane" else value for key, value in event.items()}

    def _leading(self) -> str:
        able = [
            name
            for name, spot in self._spots.items()
            if not self._entities[name].on_foot and spot.road.order(spot.lane) is not None
        ]
        if not able:
            raise InputError(self._document.path, "must have a vehicle in a lane, which carries the camera", got="none")
        return next((name for name in able if name.lower().startswith(_EGOS)), able[0])

    def _actor(self, entity: Entity, spot: Spot) -> dict[str, Any] | None:
        if spot.road is not self.origin.road:
            self._document.note(f"place of {entity.name}, which is on another road than {self.ego.name}")
            return None
        if not _NEAREST_M <= self._ahead_m(spot, 0.0) <= _FARTHEST_M:
            self._document.note(f"place of {entity.name}, which is too far from {self.ego.name}")
            return None
        return self._person(entity, spot) if entity.on_foot else self._vehicle(entity, spot)

    def _vehicle(self, entity: Entity, spot: Spot) -> dict[str, Any] | None:
        order, own_way = spot.road.order(spot.lane), spot.road.way(spot.lane)
        if order is None:
            self._document.note(f"place of {entity.name}, which is in no lane for driving")
            return None
        if entity is self.ego and spot.aside_m:
            self._document.note(f"offset of {entity.name} in its lane")
        return {
            "kinds": entity.kinds,
            "lane": self.way * own_way * order,
            "ahead_m_range": _at(0.0 if entity is self.ego else self._ahead_m(spot, own_way * entity.middle_m)),
            "aside_m_range": _at(own_way * spot.aside_m),
            "speed_kmh_range": _at(self._speeds_mps.get(entity.name, 0.0) * _KMH),
        }

    def _person(self, entity: Entity, spot: Spot) -> dict[str, Any]:
        turned_deg = 0.0 if self.way > 0 else 180.0
        return {
            "kinds": (PERSON,),
            "ahead_m_range": _at(self._ahead_m(spot, 0.0)),
            "aside_m_range": _at(self.way * (spot.road.across_m(spot.lane) + spot.aside_m)),
            "heading_deg": 90.0 if spot.heading_deg is None else spot.heading_deg - turned_deg,
            "pose": "walking" if self._speeds_mps.get(entity.name, 0.0) > 0 else "standing",
        }

    def _ahead_m(self, spot: Spot, middle_m: float) -> float:
        return self.way * (spot.along_m + middle_m - self.origin.along_m) - self.ego.axle_m


def _at(value: float) -> tuple[float, float]:
    there = round(value, 3) + 0.0  # no -0.0
    return (there, there)
