"""A script from an OpenSCENARIO 1.x file: who is where on the ego's road, what happens when, and what was left over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenes.openscenario.cast import Cast
from scenes.openscenario.deed import initial_speed_mps
from scenes.openscenario.document import Document
from scenes.openscenario.position import Map
from scenes.openscenario.road import Road, roads
from scenes.openscenario.storyboard import Storyboard
from scenes.script import NARROWEST_M, WIDEST_M, Script, checked

SUFFIX = ".xosc"


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A script, and how often what was not understood, by the file it stands in and the element's name."""

    script: Script
    missed: dict[str, int]

    @property
    def lines(self) -> tuple[str, ...]:
        """What was not understood, a line each."""
        return tuple(f"not understood: {what} ({times})" for what, times in self.missed.items())


def read(path: Path) -> Imported:
    """Read an OpenSCENARIO file and the OpenDRIVE file that it names.

    Times and places are those of the file; the moment of the picture is drawn while its events last. Attributes that
    an understood element has beyond what is used here are passed over.

    Raises:
        InputError: a file is missing or broken, or what it tells breaks a rule of scripts; one line.
    """
    document = Document(path, "OpenSCENARIO")
    road_file = _road_file(document)
    found = Map(roads=roads(road_file) if road_file else {}, positions=_positions(document))
    script = _script(document, found)
    missed = Counter({f"{path.name}: {what}": times for what, times in document.missed().items()})
    if road_file:
        missed.update({f"{road_file.path.name}: {what}": times for what, times in road_file.missed().items()})
    return Imported(script=script, missed=dict(sorted(missed.items())))


def _road_file(document: Document) -> Document | None:
    node = document.first(document.root, "RoadNetwork/LogicFile")
    if node is None or not node.get("filepath"):
        document.note("no road file: plain lanes are taken")
        return None
    return Document(document.path.parent / node.get("filepath"), "OpenDRIVE")


def _positions(document: Document) -> dict[str, Any]:
    found = {}
    document.every("OpenSCENARIO", "Storyboard/Init/Actions/GlobalAction")  # so that what lies in it is what is named
    for private in document.every("OpenSCENARIO", "Storyboard/Init/Actions/Private"):
        for at in document.every(private, "PrivateAction/TeleportAction/Position"):
            found[str(private.get("entityRef"))] = at
    return found


def _script(document: Document, found: Map) -> Script:
    cast = Cast(document, found, _speeds(document))
    story = Storyboard(document=document, everybody=cast.drivers())
    story.read()
    told = {
        "sentence": _sentence(document),
        "ego": cast.ego.name,
        "actors": cast.actors,
        "events": {name: cast.seen(event) for name, event in story.events.items()},
        "place": _place(document, cast.origin.road),
        "moment_s_range": story.moment_s(),
        "crowd": {"oncoming": 0, "ahead": 0, "parked_share": 0.0, "people": 0},
    }
    return checked(document.path, told)


def _place(document: Document, road: Road) -> dict[str, Any]:
    told: dict[str, Any] = {"kinds": road.kinds, "drive_on": road.drive_on}
    if not road.known:
        return told
    wide_m = min(max(road.mean_width_m(), NARROWEST_M), WIDEST_M)
    if wide_m != road.mean_width_m():
        document.note(f"lanes outside {NARROWEST_M:g} to {WIDEST_M:g} m: held there")
    return {**told, "lanes": road.lanes_per_direction(), "lane_width_m": wide_m}


def _speeds(document: Document) -> dict[str, float]:
    privates = document.every("OpenSCENARIO", "Storyboard/Init/Actions/Private")
    told = {str(private.get("entityRef")): initial_speed_mps(document, private) for private in privates}
    return {name: speed for name, speed in told.items() if speed is not None}


def _sentence(document: Document) -> str:
    header = document.first(document.root, "FileHeader")
    told = "" if header is None else " ".join(header.get("description", "").split())
    return told or f"What the storyboard {document.path.name} tells."
