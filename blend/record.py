"""`blend.json`: what is in a blend, what was left out, what became of its targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blend import real as real_sets
from blend.composite.batch import Outcome
from blend.draft import Draft
from blend.formats import registry
from blend.picture import KINDS, Picture
from blend.plan_report import Line
from blend.split import Split
from blend.split import leaks as find_leaks


@dataclass(frozen=True, kw_only=True)
class BlendReport:
    """What a blend came to; `record` is `blend.json`, `written` what each format holds of it."""

    folder: Path
    why: str
    record: dict[str, Any]
    written: tuple[registry.Written, ...] = ()

    @property
    def line(self) -> str:
        """One line for the user."""
        counts, ratio = self.record["counts"], self.record["ratio"]
        return (
            f"{counts['real']} real, {counts['synthetic']} synthetic, {counts['augmented']} varied and "
            f"{counts['composite']} composite pictures; ratio {ratio['got']:.3f} of {ratio['wanted']:.3f} wanted "
            f"({self.why}); {len(self.record['duplicates']['removed'])} near-duplicates and "
            f"{len(self.record['left_out'])} faults left out; {Outcome(**self.record['composites'])}; "
            f"{self.record['leaks']} leaks"
        )


def record_of(draft: Draft, *, why: str, lines: Sequence[Line], schedule: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Describe a finished draft.

    Args:
        draft: with the weights of its pictures.
        why: what became of the ratio.
        lines: what became of the other targets.
        schedule: stages of a curriculum.
    """
    splits = draft.splits()
    leaks = find_leaks(draft.pictures, splits, draft.linked(draft.pictures))
    names = {picture.name for picture in draft.pictures}
    removed = sorted(draft.removed, key=lambda removal: (removal.name, removal.kept))
    real = [picture for picture in draft.pictures if picture.source == "real"]
    return {
        "schema": 3,
        "counts": {**_kind_counts(draft.pictures), "earlier": len(draft.earlier.pictures)},
        "ratio": {"wanted": draft.settings.ratio, "got": round(_drawn_share(draft.pictures, splits), 6), "why": why},
        "plan": {
            "strategy": draft.settings.strategy,
            "targets": [line.record() for line in lines],
            "gaps": [line.cell for line in lines if line.why],
            "schedule": list(schedule),
        },
        "composites": draft.composites.record(),
        "splits": _split_counts(draft.pictures, splits),
        "duplicates": {
            "removed": [{"file": r.name, "kept": r.kept, "why": r.why} for r in removed],
            "bound": [
                {"file": first, "with": second, "why": why}
                for (first, second), why in sorted(draft.bound.items())
                if {first, second} <= names
            ],
        },
        "leaks": len(leaks),
        "leak_lines": leaks,
        "left_out": [entry.record() for entry in draft.left_out],
        "real": {
            "found": draft.real_set.found,
            "clipped_boxes": draft.real_set.clipped,
            "unmapped_classes": dict(draft.real_set.unmapped),
            "relabelled": draft.mended,
        },
        "parents": {p.name: list(p.parents) for p in draft.pictures if p.parents},
        "licences": [draft.real_set.licence],
        "real_hash": real_sets.real_hash(draft.pictures),
        "real_pictures": sorted(picture.sha256 for picture in real),
    }


def _drawn_share(pictures: Sequence[Picture], splits: Sequence[Split]) -> float:
    """Return the synthetic share of what an epoch of training draws."""
    train = [picture for picture, split in zip(pictures, splits, strict=True) if split == "train"]
    total = sum(picture.weight for picture in train)
    return sum(picture.weight for picture in train if picture.source == "synthetic") / total if total else 0.0


def _kind_counts(pictures: Iterable[Picture]) -> dict[str, int]:
    found = Counter(picture.kind for picture in pictures)
    return {kind: found[kind] for kind in KINDS}


def _split_counts(pictures: Sequence[Picture], splits: Sequence[Split]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for name in ("train", "val", "test"):
        inside = [p for p, s in zip(pictures, splits, strict=True) if s == name]
        counts[name] = {
            **_kind_counts(inside),
            "groups": len({p.group for p in inside}),
            "boxes": sum(len(p.annotations) for p in inside if p.labelled),
        }
    return counts
