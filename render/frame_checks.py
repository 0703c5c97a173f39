"""What makes a view or frame unfit for training, and what a round's check says of its labels.

A view is checked by rays in the process that traced it, where the meshes are at hand; what is unfit goes to
`quarantine.jsonl` with its reason, never into the set, and every check is noted in `checks/<scene>-<view>.json`. A
round's files can be checked again at any time without meshes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from render import durable, manifest
from render.checks.bound import error_bound
from render.checks.fault import Fault
from render.checks.pictures import picture_fault
from render.checks.statistics import Statistics, statistics
from render.checks.stored import coco_document_faults, frame_record_faults, view_record_faults
from render.label_checks import check_labels
from render.radiance import Radiance
from render.silhouette import Mesh, View
from scenes.errors import InputError

REPORT_SCHEMA = 1
_EXAMPLES = 3


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """What the check says of a round.

    Args:
        views, frames, annotations: what the round holds; annotations are those of its views.
        checked: annotations of these whose view passed the check by rays.
        share: `checked` of `annotations`, in [0, 1]; 0 for an empty round.
        tested, wrong: annotations that were checked by rays at all, and those of them with a fault; their views are
            left out of the round.
        wrong_at_most: 95 % upper bound of the share of wrong labels as they are made, from `wrong` of `tested`.
        kept_wrong_at_most: likewise of the labels that passed, as far as the check can see: from 0 of `checked`.
        by_rays: faults by name that rays found.
        by_files: faults by name that the round's files have now.
        examples: a few lines for each name of `by_files`.
        labels: what the labels of the views are.
    """

    views: int
    frames: int
    annotations: int
    checked: int
    share: float
    tested: int
    wrong: int
    wrong_at_most: float
    kept_wrong_at_most: float
    by_rays: Mapping[str, int]
    by_files: Mapping[str, int]
    examples: Mapping[str, tuple[str, ...]]
    labels: Statistics

    @property
    def line(self) -> str:
        """The report in a line."""
        faults = sum(self.by_files.values())
        names = f" ({', '.join(f'{name} {count}' for name, count in self.by_files.items())})" if faults else ""
        return (
            f"{self.checked} of {self.annotations} labels of {self.views} views checked by rays, so at most "
            f"{self.kept_wrong_at_most:.2%} are wrong (95 %); {faults} faults in the files of {self.frames} frames"
            f"{names}"
        )


def view_fault(radiance: Radiance, objects: Sequence[Mapping[str, Any]]) -> str | None:
    """Return why a traced view is unfit, or None."""
    for name, layer in (*radiance.layers.items(), ("albedo", radiance.albedo), ("depth", radiance.depth_m)):
        if not np.isfinite(layer).all():
            return f"{int(np.count_nonzero(~np.isfinite(layer)))} values of {name} are not finite"
    if not any(np.any(layer) for layer in radiance.layers.values()):
        return "no light reaches the camera"
    labelled = {labelled["instance"] for labelled in objects}
    missing = sorted({int(instance) for instance in np.unique(radiance.ids)} - labelled - {0})
    if missing:
        return f"instances {missing} are seen and have no label"
    return None if labelled else "no actor is seen"


def view_checks(
    labels: Mapping[str, Any],
    bundle: Radiance,
    meshes: Mapping[int, Mesh],
    view: View,
    *,
    parts: npt.NDArray[np.uint8] | None = None,
) -> list[Fault]:
    """Check the labels of a view in the process that traced it; causes come first.

    Args:
        labels: the view record.
        bundle: what was traced.
        meshes: instance id to the mesh that was rendered.
        view: the camera that was rendered.
        parts: HxW part ids, if there are.
    """
    check = check_labels(labels, ids=bundle.ids, depth_m=bundle.depth_m, meshes=meshes, view=view, parts=parts)
    return list(check.faults)


def frame_fault(rgb: npt.NDArray[np.uint8], objects: Sequence[Mapping[str, Any]]) -> str | None:
    """Return why a developed frame is unfit, or None.

    Args:
        rgb: HxWx3 display image.
        objects: its labels.
    """
    if not objects:
        return "it has no label"
    fault = picture_fault(rgb)
    return fault.text if fault else None


def journal(out: Path, name: str, annotations: int, faults: Sequence[Fault]) -> None:
    """Note that a view (`<scene>-<view>`) was checked by rays, and what was found."""
    told = [asdict(fault) for fault in faults]
    durable.write_json(out / "checks" / f"{name}.json", {"name": name, "annotations": annotations, "faults": told})


def checked(out: Path, *, pictures: bool = True) -> CheckReport:
    """Check a round's files, put that beside what rays found while it was traced, and store it as `checks.json`.

    Args:
        out: the round's folder.
        pictures: whether to look at the developed pictures too.

    Raises:
        InputError: the round holds no view, or the report cannot be written.
    """
    paths = _view_paths(out)
    if not paths:
        raise InputError(out / "scenes", "must hold traced views", got="none", fix="run: rareblend render")
    records = {f"{path.parent.name}-{path.stem}": _read(path) for path in paths}
    counts = {name: len(_objects(record)) for name, record in records.items()}
    notes = {path.stem: manifest.read_record(path) for path in sorted((out / "checks").glob("*.json"))}
    passed = sum(count for name, count in counts.items() if name in notes and not notes[name]["faults"])
    tested, wrong = sum(note["annotations"] for note in notes.values()), sum(map(_wrong, notes.values()))
    found = round_checks(out, pictures=pictures)
    names = Counter(fault.name for _, fault in found)
    report = CheckReport(
        views=len(records),
        frames=len(list((out / "frames").glob("*.json"))),
        annotations=sum(counts.values()),
        checked=passed,
        share=passed / sum(counts.values()) if sum(counts.values()) else 0.0,
        tested=tested,
        wrong=wrong,
        wrong_at_most=error_bound(wrong, tested),
        kept_wrong_at_most=error_bound(0, passed),
        by_rays=dict(sorted(Counter(fault["name"] for note in notes.values() for fault in note["faults"]).items())),
        by_files=dict(sorted(names.items())),
        examples={
            name: tuple(f"{where}: {fault}" for where, fault in found if fault.name == name)[:_EXAMPLES]
            for name in sorted(names)
        },
        labels=statistics({"objects": _objects(record)} for record in records.values()),
    )
    durable.write_json(out / "checks.json", {"schema": REPORT_SCHEMA, **asdict(report)})
    return report


def round_checks(out: Path, *, pictures: bool = True) -> list[tuple[str, Fault]]:
    """Check what needs no meshes: records, masks, pictures, and the COCO document; say where each fault stands.

    Nothing is written. A hand-edited record, an id without an object, an unknown class and a record of another version
    are told, each by its file.

    Args:
        out: the round's folder.
        pictures: whether to look at the developed pictures too.
    """
    found: list[tuple[str, Fault]] = []
    for path in _view_paths(out):
        found += [(str(path.relative_to(out)), fault) for fault in view_record_faults(out, path)]
    for path in sorted((out / "frames").glob("*.json")):
        faults = frame_record_faults(out, path, pictures=pictures)
        found += [(str(path.relative_to(out)), fault) for fault in faults]
    document = out / "annotations.json"
    return found + (list(coco_document_faults(document)) if document.is_file() else [])


def quarantine(out: Path, name: str, reason: str) -> None:
    """Write down that a view (`<scene>-<view>`) or frame is left out; a second time changes nothing."""
    entry = {"name": name, "reason": reason}
    if entry not in quarantined(out):
        durable.append_line(out / "quarantine.jsonl", entry)


def quarantined(out: Path) -> list[dict[str, str]]:
    """Return what is left out, with reasons."""
    return durable.lines(out / "quarantine.jsonl")


def _view_paths(out: Path) -> list[Path]:
    return sorted(out.glob("scenes/*/[0-9]*.json"))


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return manifest.read_record(path)
    except InputError:
        return {}  # round_checks tells it by name


def _objects(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    objects = record.get("objects")
    return [told for told in objects if isinstance(told, Mapping)] if isinstance(objects, list) else []


def _wrong(note: Mapping[str, Any]) -> int:
    """Return how many annotations of a view are wrong; a fault of the view as a whole spoils them all."""
    instances = {fault["instance"] for fault in note["faults"]}
    annotations = int(note["annotations"])
    return annotations if 0 in instances else min(len(instances), annotations)
