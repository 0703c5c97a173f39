"""The user's scene script: a Python file whose `build(bproc, spec, rng)` adds BlenderProc objects to a scene."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from scenes.errors import TraceError
from scenes.ontology import CATEGORIES, STUFF_INDEX
from scenes.own import Placed
from scenes.seeds import generator
from scenes.spec.living import Animal, Person
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle

PROPERTY = "category"
"""Custom property that names an object's class; objects without one are scenery and get no label."""


def run(script: Path, spec: SceneSpec) -> tuple[Placed, ...]:
    """Call the script and number what it made.

    Args:
        script: defines `build(bproc, spec, rng)`, which returns the BlenderProc mesh objects to label, or None.
        spec: the scene; the script may read it.

    Returns:
        One entry for each object that names a class.

    Raises:
        TraceError: the script raised, has no `build`, or names a class that we do not have.
    """
    import blenderproc as bproc

    build = _build_of(script)
    try:
        made: Iterable[Any] = build(bproc, spec, _generator(spec)) or ()
        objects = list(made)
    except Exception as fault:
        raise TraceError(f"{script.name} raised {type(fault).__name__}: {fault}") from fault
    taken: list[Vehicle | Person | Animal] = [*spec.vehicles, *spec.people, *spec.animals]
    first = max((actor.actor_id for actor in taken), default=0) + 1
    return tuple(_labelled(script, item, number) for number, item in enumerate(_with_class(objects), start=first))


def _generator(spec: SceneSpec) -> np.random.Generator:
    return generator(spec.seed, "script", spec.scene_id)


def _build_of(script: Path) -> Callable[..., Any]:
    described = importlib.util.spec_from_file_location(f"scene_script_{script.stem}", script)
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    try:
        described.loader.exec_module(module)
    except Exception as fault:
        raise TraceError(f"{script.name} raised {type(fault).__name__}: {fault}") from fault
    build: Callable[..., Any] | None = getattr(module, "build", None)
    if not callable(build):
        raise TraceError(f"{script.name} must define build(bproc, spec, rng)")
    return build


def _with_class(objects: Iterable[Any]) -> list[Any]:
    return [item for item in objects if PROPERTY in item.blender_obj]


def _labelled(script: Path, item: Any, actor_id: int) -> Placed:
    if actor_id >= STUFF_INDEX:
        raise TraceError(f"{script.name}: a scene has at most {STUFF_INDEX - 1} labelled objects")
    category = str(item.blender_obj[PROPERTY])
    if category not in CATEGORIES:
        raise TraceError(f"{script.name}: {item.get_name()} has category {category}; ours are {', '.join(CATEGORIES)}")
    item.blender_obj.pass_index = actor_id
    return Placed(actor_id=actor_id, category=category, name=item.get_name())
