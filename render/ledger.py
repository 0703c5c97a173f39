"""What a round covers: its scenes and frames counted over all conditions that are registered, in `coverage.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from render import durable, frame_checks, manifest
from scenes.camera import CameraSettings
from scenes.cells import frame_case, frame_space, scene_case, scene_space
from scenes.coverage import Impossible, Space, ledger
from scenes.errors import InputError
from scenes.scenario import SCENARIOS
from scenes.settings import compose, validated
from scenes.spec.scene import SceneSpec, loads

LEDGER_FILE = "coverage.json"
_SCHEMA = 1


@dataclass(frozen=True, kw_only=True)
class Held:
    """A scene of a round: `traced` where a view of it is there, `unfit` where all of them were left out for good."""

    spec: SceneSpec
    traced: bool
    unfit: bool


def held(out: Path) -> list[Held]:
    """Return the scenes whose specs a round stores, in a fixed order; none if there is no round yet."""
    unfit = {entry["name"].partition("-")[0] for entry in frame_checks.quarantined(out)} if out.is_dir() else set()
    found = []
    for path in sorted(out.glob("scenes/*/spec.json")):
        traced = any(path.parent.glob("[0-9]*.json"))
        spec = loads(path.read_text(encoding="utf-8"), where=str(path))
        found.append(Held(spec=spec, traced=traced, unfit=not traced and path.parent.name in unfit))
    return found


def families() -> tuple[str, ...]:
    """Return the families of looks that scenes may ask for."""
    return tuple(name for name, presets in compose("develop", ())["look"].items() if presets)


def all_cameras(own: CameraSettings | None = None) -> tuple[str, ...]:
    """Return the names of all rigs: those of `conf/camera`, and the user's."""
    ours = validated("camera", CameraSettings, compose("render", ("camera=mixed",))["camera"])
    return tuple(dict.fromkeys((*ours.rigs, *(own.rigs if own else ()))))


def spaces(rules: Sequence[Impossible], cameras: CameraSettings | None = None) -> tuple[Space, Space]:
    """Return the cells of scenes and those of frames, over all that is registered.

    Raises:
        InputError: a rule names an unknown factor, or leaves nothing possible.
    """
    rigs = all_cameras(cameras)
    return scene_space(SCENARIOS, rigs, families(), rules), frame_space(SCENARIOS, rigs, families(), rules)


def check(out: Path) -> None:
    """Refuse a folder whose `coverage.json` is somebody else's, which would be overwritten.

    Raises:
        InputError: it is.
    """
    path = out / LEDGER_FILE
    if not path.exists():
        return
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        ours = told["schema"] == _SCHEMA and "pairs" in told["scenes"]
    except (OSError, ValueError, KeyError, TypeError):
        ours = False
    if not ours:
        raise InputError(path, "must be the coverage of a round; move it away or name another out=DIR")


def write(out: Path, rules: Sequence[Impossible], *, cameras: CameraSettings | None = None) -> dict[str, Any]:
    """Count what a round holds, write `<out>/coverage.json`, and return it.

    Args:
        out: the round's folder.
        rules: of what is impossible.
        cameras: rigs of the user's own beside those of `conf/camera`.

    Raises:
        InputError: a spec is broken, the folder's `coverage.json` is none, or the ledger cannot be written.
    """
    check(out)
    specs = {scene.spec.scene_id: scene.spec for scene in held(out) if scene.traced}
    scenes, frames = spaces(rules, cameras)
    document: dict[str, Any] = {
        "schema": _SCHEMA,
        "scenes": ledger(scenes, [scene_case(spec, scenes) for spec in specs.values()]).told(),
    }
    cases = [frame_case(record, specs[record["scene"]], frames) for record in _records(out, specs)]
    if cases:
        document["frames"] = ledger(frames, cases).told()
    durable.write_json(out / LEDGER_FILE, document)
    return document


def line(told: Mapping[str, Any]) -> str:
    """Return a ledger in a line."""
    pairs, triples = told["pairs"], told["triples"]
    return (
        f"{pairs['covered']} of {pairs['possible']} possible pairs ({pairs['share']:.0%}) and "
        f"{triples['share']:.1%} of triples in {told['cases']} cases"
    )


def _records(out: Path, specs: Mapping[str, SceneSpec]) -> Iterator[Mapping[str, Any]]:
    for path in sorted((out / "frames").glob("*.json")):
        record = manifest.read_record(path)
        if record.get("scene") in specs:
            yield record
