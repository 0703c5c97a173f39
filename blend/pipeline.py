"""Augmentation pipelines as files in Albumentations' own serialisation: read, checked, put together.

The named ones lie in `conf/augment/pipeline/`. A user's own is what `albumentations.save` writes, as JSON or YAML.
Boxes and keypoints are this project's task: `bbox_params` and `keypoint_params` of a file are not used.
"""

from __future__ import annotations

import difflib
import hashlib
import inspect
import json
import os
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from scenes.errors import InputError

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # it asks the network for a newer version at import otherwise
import albumentations as alb
from albumentations.core.composition import BaseCompose
from albumentations.core.serialization import SERIALIZABLE_REGISTRY

from blend.effects import EFFECTS
from blend.lens import Lens

VERSION = str(alb.__version__)
CHOICES = frozenset({"Sequential", "OneOf", "SomeOf", "RandomOrder", "OneOrOther"})
MOST_BYTES, MOST_STEPS, MOST_DEPTH = 1_000_000, 200, 8
"""A pipeline by hand is far below; more is a mistake or an attack."""
_OWN = {kind.__name__: kind.get_class_fullname() for kind in (*EFFECTS, Lens)}
_NOT_USED = frozenset({"bbox_params", "keypoint_params", "additional_targets", "is_check_shapes", "seed", "strict"})


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """A pipeline that has been read.

    Args:
        name: what records call it.
        text: its transforms as canonical JSON, which is all that it does.
    """

    name: str
    text: str

    @property
    def sha256(self) -> str:
        """Hash of what it does, whatever its file's layout."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def names() -> list[str]:
    """Return the names of the shipped pipelines."""
    folder = resources.files("conf").joinpath("augment", "pipeline")
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))


@lru_cache(maxsize=32)
def named(name: str) -> Pipeline:
    """Read a shipped pipeline.

    Raises:
        InputError: there is none of this name.
    """
    if name not in names():
        raise InputError("augment.pipeline", f"must be one of {', '.join(names())}", got=name)
    file = resources.files("conf").joinpath("augment", "pipeline", f"{name}.yaml")
    return parsed(file.read_text(encoding="utf-8"), name=name, where=f"conf/augment/pipeline/{name}.yaml")


def read(path: Path) -> Pipeline:
    """Read a user's own pipeline.

    Raises:
        InputError: the file cannot be read, or a transform in it cannot be made.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(path, f"must be a pipeline of at most {MOST_BYTES} bytes", got=path.stat().st_size)
        return parsed(path.read_text(encoding="utf-8"), name=path.stem, where=str(path))
    except (OSError, UnicodeDecodeError) as error:
        fix = "write it with albumentations.save(transform, path)"
        raise InputError(
            "augment.file", "must be a JSON or YAML file that can be read", got=repr(error), fix=fix
        ) from None


def parsed(text: str, *, name: str, where: str) -> Pipeline:
    """Check the text of a pipeline's file; every transform in it is made once.

    Raises:
        InputError: the first broken rule, with its place.
    """
    try:
        document = yaml.safe_load(text)  # every JSON document that Albumentations writes is YAML
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(where, "must be JSON or YAML", got=str(error).partition("\n")[0]) from None
    top = document.get("transform") if isinstance(document, Mapping) else None
    if not isinstance(top, Mapping) or top.get("__class_fullname__") != "Compose":
        fix = "write it with albumentations.save(albumentations.Compose([...]), path)"
        raise InputError(where, "must hold a Compose under 'transform'", fix=fix)
    used = {key: value for key, value in top.items() if key not in _NOT_USED}
    _made(used, where, "transform", 0)
    if (count := sum(1 for _ in _nodes(used))) > MOST_STEPS:
        raise InputError(where, f"must have at most {MOST_STEPS} transforms", got=count)
    return Pipeline(name=name, text=json.dumps(used, sort_keys=True, separators=(",", ":"), allow_nan=False))


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for inner in node.get("transforms", ()):
        yield from _nodes(inner)


@lru_cache(maxsize=8)
def composed(pipeline: Pipeline) -> Any:
    """Put a pipeline together, once a process; whoever calls it seeds it first."""
    points = {"format": "xy", "remove_invisible": False}
    top = json.loads(pipeline.text)
    steps = [_made(step, pipeline.name, "transform", 1) for step in top["transforms"]]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Got processor for keypoints")  # no transform moves any, none is lost
        return alb.Compose(steps, p=top.get("p", 1.0), keypoint_params=points, save_applied_params=True)


def spatial(transform: Any) -> Iterator[Any]:
    """Return every transform inside that moves, hides or resizes what the picture shows."""
    if isinstance(transform, alb.DualTransform):
        yield transform
    for inner in parts(transform):
        yield from spatial(inner)


def parts(transform: Any) -> list[Any]:
    """Return the transforms that a composition chooses from; others have none."""
    return list(transform.transforms) if isinstance(transform, BaseCompose) else []


def _made(node: object, where: str, place: str, depth: int) -> Any:
    """Make one transform and those inside it, or tell in one line which of them is at fault and why."""
    if not isinstance(node, Mapping) or not isinstance(node.get("__class_fullname__"), str):
        raise InputError(where, f"{place} must be a mapping with __class_fullname__", got=repr(node)[:80])
    name = str(node["__class_fullname__"])
    _check_node(node, name, where, place, depth)
    values = {key: value for key, value in node.items() if key != "__class_fullname__"}
    if "transforms" in values or depth == 0 or name in CHOICES:
        inner = values.get("transforms")
        if not isinstance(inner, list):
            raise InputError(where, f"{place} ({name}) must hold a list of transforms", got=repr(inner)[:80])
        values["transforms"] = [_made(one, where, f"{place}.{number}", depth + 1) for number, one in enumerate(inner)]
    else:
        values.setdefault("p", 0.5)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _of_kind(_kind(name), values)
    except Exception as error:  # noqa: BLE001 - each transform checks its parameters in its own way
        raise InputError(where, f"{place} ({name}) must have parameters that it takes", got=_short(error)) from None


def _of_kind(kind: Any, values: Mapping[str, Any]) -> Any:
    """Make a transform; what only its serialisation names (it takes some names from base classes) is passed over."""
    taken = {key: value for key, value in values.items() if key in inspect.signature(kind.__init__).parameters}
    made = kind(**taken)
    if unknown := sorted(values.keys() - taken.keys() - made.to_dict_private().keys()):
        raise ValueError(f"it has no {', '.join(unknown)}")
    return made


def _check_node(node: Mapping[str, Any], name: str, where: str, place: str, depth: int) -> None:
    if depth > MOST_DEPTH:
        raise InputError(where, f"must nest at most {MOST_DEPTH} deep", got=place)
    if _kind(name) is None or (depth and name in {"Compose", "ReplayCompose", "SelectiveChannelTransform"}):
        known = [*SERIALIZABLE_REGISTRY, *_OWN]
        near = difflib.get_close_matches(name, known, n=1)
        fix = f"did you mean {near[0]}?" if near and near[0] != name else ""
        raise InputError(where, f"{place} must be a transform of albumentations {VERSION}", got=name, fix=fix)
    chance = node.get("p", 0.5)
    if isinstance(chance, bool) or not isinstance(chance, int | float) or not 0 <= chance <= 1:
        raise InputError(where, f"{place}.p ({name}) must lie in [0, 1]", got=chance)


def _kind(name: str) -> Any:
    return SERIALIZABLE_REGISTRY.get(_OWN.get(name, name).removeprefix("albumentations."))


def _short(error: Exception) -> str:
    """Put a fault in one line; of pydantic's several, the parameter and its first rule."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    picked = lines[1:3] if len(lines) > 2 and "validation error" in lines[0] else lines[:1]
    return ": ".join(picked)[:200].partition(" [type=")[0] or type(error).__name__
