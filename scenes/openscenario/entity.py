"""The vehicles and people of a storyboard, as kinds that the stage can build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scenes.ontology import KIND_CATEGORY
from scenes.openscenario.document import Document, Node
from scenes.script import PERSON

_CAR = ("sedan", "hatchback", "estate", "suv")
_OF_CATEGORY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "car": _CAR,
        "van": ("van",),
        "truck": ("truck",),
        "semitrailer": ("articulated_truck",),
        "bus": ("bus",),
        "motorbike": ("motorcycle",),
        "bicycle": ("bicycle",),
    }
)
"""`vehicleCategory` of OpenSCENARIO 1.x to ours; trailers, trains and trams are not built."""
_AXLE_M, _MIDDLE_M = 2.7, 1.4
"""From the rear axle, where OpenSCENARIO measures, to a car's front axle and middle, if the file does not say."""


@dataclass(frozen=True, kw_only=True)
class Entity:
    """Somebody: kinds to draw from, and how far its front axle and its middle are before the point that is told."""

    name: str
    kinds: tuple[str, ...]
    axle_m: float = 0.0
    middle_m: float = 0.0

    @property
    def on_foot(self) -> bool:
        """Whether it is a person."""
        return PERSON in self.kinds


def entities(document: Document) -> dict[str, Entity]:
    """Return the entities that were understood, by name; the others are noted."""
    found = {}
    for node in document.every("OpenSCENARIO", "Entities/ScenarioObject"):
        name = str(node.get("name"))
        kinds, body = _kinds(document, node)
        if not kinds:
            document.note(f"ScenarioObject {name}")
        elif PERSON in kinds:
            found[name] = Entity(name=name, kinds=kinds)
        else:
            found[name] = Entity(
                name=name, kinds=kinds, axle_m=_axle_m(document, body), middle_m=_middle_m(document, body)
            )
    return found


def _kinds(document: Document, node: Node) -> tuple[tuple[str, ...], Node | None]:
    if (body := node.find("Vehicle")) is not None:
        kinds = _named(body.get("name", "")) or _OF_CATEGORY.get(body.get("vehicleCategory", ""), ())
        return kinds, document.first(node, "Vehicle") if kinds else None
    if (body := node.find("Pedestrian")) is not None and body.get("pedestrianCategory", "") in ("pedestrian", ""):
        document.first(node, "Pedestrian")
        return (PERSON,), None
    if (body := node.find("CatalogReference")) is not None:  # the catalogue stays shut, its entry's name may tell
        kinds = _named(body.get("entryName", ""))
        return kinds, None
    return (), None


def _named(name: str) -> tuple[str, ...]:
    """Return the kind that a name tells: `truck_yellow` is a truck, `car_white` a car."""
    words = name.lower().replace("-", "_").split("_")
    for kind in KIND_CATEGORY:
        if kind == name.lower() or kind in words:
            return (kind,)
    if "pedestrian" in words:
        return (PERSON,)
    return next((_OF_CATEGORY[word] for word in words if word in _OF_CATEGORY), ())


def _axle_m(document: Document, body: Node | None) -> float:
    axle = None if body is None else document.first(body, "Axles/FrontAxle")
    return _AXLE_M if axle is None else document.number(axle, "positionX", _AXLE_M)


def _middle_m(document: Document, body: Node | None) -> float:
    middle = None if body is None else document.first(body, "BoundingBox/Center")
    return _MIDDLE_M if middle is None else document.number(middle, "x", _MIDDLE_M)
