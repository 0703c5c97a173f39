"""A class map suggested for the names of a set: equal names, synonyms, last words, similar spelling."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from blend.class_names import plain
from scenes.errors import InputError
from scenes.ontology import CATEGORIES

SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "car": (
            *("auto", "automobile", "van", "minivan", "taxi", "cab", "suv", "sedan", "hatchback", "jeep"),
            *("passenger_car", "light_vehicle", "ambulance"),
        ),
        "truck": (
            *("lorry", "pickup", "pick_up", "cargo_vehicle", "heavy_vehicle", "medium_vehicle", "large_vehicle"),
            *("semi", "tanker"),
        ),
        "bus": ("coach", "minibus", "microbus"),
        "motorcycle": ("motorbike", "motor", "motor_cycle", "scooter", "moped", "two_wheeler"),
        "bicycle": ("bike", "cycle", "pushbike", "push_bike", "cyclist", "bicyclist"),
        "three_wheeler": (
            *("autorickshaw", "auto_rickshaw", "rickshaw", "tuktuk", "tuk_tuk", "cng", "tricycle", "easybike"),
            *("easy_bike", "3_wheeler"),
        ),
        "person": (
            *("pedestrian", "people", "human", "man", "woman", "child", "boy", "girl", "rider", "adult", "walker"),
            *("person_sitting", "ped"),
        ),
        "animal": (
            *("dog", "cat", "cow", "horse", "sheep", "deer", "goat", "bird", "camel", "buffalo", "elephant", "moose"),
            *("kangaroo", "bear", "pig"),
        ),
    }
)
"""Names that labelled driving sets use for our classes, in plain form."""

NO_CLASS = frozenset(
    (
        *(
            "dontcare",
            "misc",
            "ignore",
            "ignored",
            "background",
            "other",
            "unknown",
            "train",
            "tram",
            "trailer",
            "boat",
        ),
        *("airplane", "traffic_light", "traffic_sign", "sign", "stop_sign", "traffic_cone", "cone", "pole", "lane"),
        *("road", "sky", "building", "vegetation", "fire_hydrant", "parking_meter", "license_plate", "wheelchair"),
        "stroller",
    )
)
"""Names that mean none of our classes, though some are spelt like one (train, trailer)."""

SIMILAR = 0.8
"""Least ratio of equal letters (difflib) at which a name counts as another spelling."""


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What a class of theirs may be called here.

    Args:
        ours: our name; None to leave the class out.
        why: the rule that found it.
    """

    theirs: str
    boxes: int
    ours: str | None
    why: str


def suggest(counts: Mapping[str, int]) -> list[Suggestion]:
    """Suggest our name for each of theirs, most boxes first.

    Args:
        counts: boxes by their name.
    """
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    found = [(name, boxes, *_found(plain(name))) for name, boxes in ordered]
    return [Suggestion(theirs=name, boxes=boxes, ours=ours, why=why) for name, boxes, ours, why in found]


def _found(name: str) -> tuple[str | None, str]:
    known = {word: ours for ours, words in SYNONYMS.items() for word in words} | {ours: ours for ours in CATEGORIES}
    singular = name.removesuffix("s")
    if name in CATEGORIES:
        return name, "same name"
    if name in NO_CLASS or singular in NO_CLASS:
        return None, "none of ours"
    for word, why in ((name, "synonym"), (singular, "plural"), (name.rsplit("_", 1)[-1], "last word")):
        if word in known:
            return known[word], why
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=SIMILAR)
    return (known[near[0]], f"spelt like {near[0]}") if near else (None, "nothing like it: please choose")


def write(path: Path, suggestions: Sequence[Suggestion], kind: str) -> Path:
    """Write a class map that is ready to be edited and given as `real.classes_map`.

    Raises:
        InputError: there is a file already, which may have been edited.
    """
    if path.exists():
        raise InputError(path, "must not be there yet, since it may have been edited", fix="remove it, or give out=DIR")
    lines = [
        f"# Class map of real={kind}: their name: our name, or null to leave the class out.",
        f"# Ours: {', '.join(CATEGORIES)}.",
        f"# Use it with real.classes_map={path}",
        *(
            f"{json.dumps(entry.theirs, ensure_ascii=False)}: {entry.ours or 'null'} # {entry.boxes} boxes; {entry.why}"
            for entry in suggestions
        ),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def table(suggestions: Sequence[Suggestion]) -> list[str]:
    """Return the suggestions as lines for the terminal."""
    width = max((len(entry.theirs) for entry in suggestions), default=0)
    return [f"{e.theirs:{width}}  {e.boxes:8}  {e.ours or '-':13}  {e.why}" for e in suggestions]
