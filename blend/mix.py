"""The blend: all real pictures, synthetic scenes up to a share of the training set, no leak between splits."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict
from rich.progress import track

from blend import duplicates, export, synthetic
from blend import real as real_sets
from blend.augment import AugmentSettings, drawn, vary
from blend.duplicates import Fingerprint, Pair, Removal
from blend.formats import registry
from blend.formats.blended import Blended
from blend.picture import LeftOut, Picture, decode_rgb
from blend.real import RealSet, RealSettings
from blend.split import Split, assign, joined_groups
from blend.split import leaks as find_leaks
from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class BlendSettings:
    """How real and synthetic pictures are mixed.

    Args:
        ratio: share of synthetic pictures (varieties included) among the training pictures, [0, 1).
        val_share: share of real groups for validation.
        test_share: share of real groups for the test set, which is real only.
        link: how pictures get into the folder, see `export.Link`.
        formats: what it is written in, names out of `formats.registry.FORMATS`; COCO is always written.
        phash_max_bits: near-duplicate candidates differ by at most this many of 64 bits.
        correlation_min: and are verified by thumbnails that correlate at least so much.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    ratio: float = 0.15
    val_share: float = 0.1
    test_share: float = 0.25
    link: export.Link = "hardlink"
    formats: tuple[str, ...] = ("coco", "yolo")
    phash_max_bits: int = duplicates.PHASH_MAX_BITS
    correlation_min: float = duplicates.CORRELATION_MIN

    def __post_init__(self) -> None:
        if not 0 <= self.ratio < 1:
            raise InputError("blend.ratio", "must lie in [0, 1)", got=self.ratio)
        for key in ("val_share", "test_share"):
            if not 0 <= getattr(self, key) < 1:
                raise InputError(f"blend.{key}", "must lie in [0, 1)", got=getattr(self, key))
        if self.val_share + self.test_share >= 1:
            got = self.val_share + self.test_share
            raise InputError("blend.test_share", "must leave a share for training with val_share", got=got)
        registry.check("blend.formats", self.formats)
        if not 0 <= self.phash_max_bits <= 64:
            raise InputError("blend.phash_max_bits", "must lie in [0, 64]", got=self.phash_max_bits)
        if not 0 < self.correlation_min <= 1:
            raise InputError("blend.correlation_min", "must lie in (0, 1]", got=self.correlation_min)


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
            f"{counts['real']} real, {counts['synthetic']} synthetic and {counts['augmented']} varied pictures; "
            f"ratio {ratio['got']:.3f} of {ratio['wanted']:.3f} wanted ({self.why}); "
            f"{len(self.record['duplicates']['removed'])} near-duplicates and {len(self.record['left_out'])} faults "
            f"left out; {self.record['leaks']} leaks"
        )


def build(out: Path, *, real: RealSettings, blend: BlendSettings, augment: AugmentSettings, seed: int) -> BlendReport:
    """Blend a round with the real set into `out/blend`, whole or not at all; same inputs, same bytes.

    Raises:
        InputError: the round or the real set cannot be used.
        OSError: the folder cannot be written; an earlier blend is still there then.
    """
    frames, left_out = synthetic.read(out)
    real_set = real_sets.read(real, seed=seed)
    with _folder(out / "blend") as folder:
        draft = _Draft(real_set=real_set, frames=frames, left_out=[*real_set.left_out, *left_out], settings=blend)
        _add_real(draft)
        _add_synthetic(draft, folder, augment, seed)
        record = _record(draft)
        for picture in draft.pictures:
            export.place(picture.path, folder / picture.file_name, blend.link)
        pictures, splits = tuple(draft.pictures), tuple(draft.splits())
        blended = Blended(folder=folder, pictures=pictures, splits=splits, round_folder=out, link=blend.link)
        written = registry.write(blended, ("coco", *blend.formats))
        export.write_json(folder / "blend.json", record)
    return BlendReport(folder=out / "blend", why=draft.why, record=record, written=tuple(written))


@contextmanager
def _folder(target: Path) -> Iterator[Path]:
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "images").mkdir(parents=True)
    try:
        yield partial
        export.swap(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@dataclass(kw_only=True)
class _Draft:
    """A blend in the making."""

    real_set: RealSet
    frames: list[Picture]
    left_out: list[LeftOut]
    settings: BlendSettings
    pictures: list[Picture] = field(default_factory=list)
    removed: list[Removal] = field(default_factory=list)
    split_of: dict[str, Split] = field(default_factory=dict)
    prints: dict[str, Fingerprint] = field(default_factory=dict)
    wanted: float = 0.0
    why: str = ""

    def linked(self, pictures: Sequence[Picture]) -> list[Pair]:
        """Find near-duplicate pairs among pictures, each of which is fingerprinted once."""
        for picture in pictures:
            if picture.name not in self.prints:
                self.prints[picture.name] = duplicates.fingerprint(decode_rgb(picture.path))
        found = duplicates.pairs(
            [self.prints[picture.name] for picture in pictures],
            phash_max_bits=self.settings.phash_max_bits,
            correlation_min=self.settings.correlation_min,
        )
        return [*found, *duplicates.identical(pictures)]

    def thin(self, pictures: list[Picture]) -> tuple[list[Picture], list[Pair]]:
        """Leave out the lesser copies among pictures; return the rest, and all pairs by place in `pictures`."""
        linked = self.linked(pictures)
        gone = duplicates.removals(pictures, [self.prints[picture.name] for picture in pictures], linked)
        self.removed += gone.values()
        return [picture for place, picture in enumerate(pictures) if place not in gone], linked

    def splits(self) -> list[Split]:
        """Give the split of each picture."""
        return [self.split_of[p.group] if p.source == "real" else "train" for p in self.pictures]

    def count(self, *, source: str, augmented: bool = False, split: str | None = None) -> int:
        """Count pictures of one source."""
        return sum(
            p.source == source and (p.augment is not None) == augmented and split in {None, s}
            for p, s in zip(self.pictures, self.splits(), strict=True)
        )


def _add_real(draft: _Draft) -> None:
    """Thin the real pictures among themselves, join groups that share a near-duplicate, and split them."""
    everything = list(draft.real_set.pictures)
    kept, linked = draft.thin(everything)
    groups = dict(zip((p.name for p in everything), joined_groups(everything, linked), strict=True))
    draft.pictures = [replace(picture, group=groups[picture.name]) for picture in kept]
    shares = {"val_share": draft.settings.val_share, "test_share": draft.settings.test_share}
    draft.split_of = assign([picture.group for picture in draft.pictures], **shares)


def _add_synthetic(draft: _Draft, folder: Path, augment: AugmentSettings, seed: int) -> None:
    """Add whole scenes with their varieties to the training split until the ratio is met as nearly as can be."""
    usable = [p for p in draft.thin([*draft.pictures, *draft.frames])[0] if p.source == "synthetic"]
    varied = {p.name for p in usable if drawn(p.name, augment, seed=seed)}
    sizes = Counter(p.group for p in usable) + Counter(p.group for p in usable if p.name in varied)
    kinds = {p.group: str(p.facts.get("scenario")) for p in usable}
    ratio, train = draft.settings.ratio, draft.count(source="real", split="train")
    draft.wanted = ratio / (1 - ratio) * train
    scenes = set(synthetic.pick_scenes(sizes, kinds, wanted=draft.wanted, seed=seed))
    chosen = [p for p in usable if p.group in scenes]
    to_vary = [p for p in chosen if p.name in varied]
    varieties = [vary(p, folder / "images", augment, seed=seed) for p in track(to_vary, description="varieties")]
    draft.pictures = draft.thin([*draft.pictures, *chosen, *varieties])[0]
    for lost in {p.name: p for p in varieties}.keys() - {p.name for p in draft.pictures}:
        (folder / "images" / f"{lost}.jpg").unlink()
    draft.why = _why(draft, scenes=len(scenes), of=len(sizes))


def _why(draft: _Draft, *, scenes: int, of: int) -> str:
    count = draft.count(source="synthetic") + draft.count(source="synthetic", augmented=True)
    wanted = f"{draft.wanted:.1f} synthetic pictures were wanted"
    if draft.settings.ratio == 0:
        return "no synthetic pictures were asked for"
    if not of:
        return f"{wanted}, but the round has no frame that can be used"
    if scenes == of and count < draft.wanted:
        return f"{wanted}, but all {of} scenes together give {count}; render more scenes"
    return f"{wanted}, and {scenes} of {of} whole scenes come nearest with {count}"


def _record(draft: _Draft) -> dict[str, Any]:
    splits = draft.splits()
    leaks = find_leaks(draft.pictures, splits, draft.linked(draft.pictures))
    real, plain = draft.count(source="real"), draft.count(source="synthetic")
    augmented = draft.count(source="synthetic", augmented=True)
    train = splits.count("train")
    removed = sorted(draft.removed, key=lambda removal: (removal.name, removal.kept))
    return {
        "schema": 1,
        "counts": {"real": real, "synthetic": plain, "augmented": augmented},
        "ratio": {
            "wanted": draft.settings.ratio,
            "got": round((plain + augmented) / train, 6) if train else 0.0,
            "why": draft.why,
        },
        "splits": _split_counts(draft.pictures, splits),
        "duplicates": {"removed": [{"file": r.name, "kept": r.kept, "why": r.why} for r in removed]},
        "leaks": len(leaks),
        "leak_lines": leaks,
        "left_out": [entry.record() for entry in draft.left_out],
        "real": {
            "found": draft.real_set.found,
            "clipped_boxes": draft.real_set.clipped,
            "unmapped_classes": dict(draft.real_set.unmapped),
        },
        "parents": {p.name: list(p.parents) for p in draft.pictures if p.parents},
        "licences": [draft.real_set.licence],
        "real_hash": real_sets.real_hash(draft.pictures),
    }


def _split_counts(pictures: Sequence[Picture], splits: Sequence[Split]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for name in ("train", "val", "test"):
        inside = [p for p, s in zip(pictures, splits, strict=True) if s == name]
        counts[name] = {
            "real": sum(p.source == "real" for p in inside),
            "synthetic": sum(p.source == "synthetic" for p in inside),
            "groups": len({p.group for p in inside}),
            "boxes": sum(len(p.annotations) for p in inside),
        }
    return counts
