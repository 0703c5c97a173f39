"""The real set: read, checked picture by picture, sampled evenly over takes, never changed."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict
from rich.progress import track

from blend.candidate import Candidate, Listing
from blend.class_names import ClassMap, ClassNames, check_map, read_map
from blend.picture import LeftOut, Picture
from blend.readers.registry import KINDS, PATHS
from blend.settle import settle
from scenes.errors import InputError
from scenes.seeds import child_seed


@dataclass(frozen=True, kw_only=True)
class RealSettings:
    """Where the real pictures are.

    Args:
        kind: a name in `readers.registry.KINDS`.
        images: folder of pictures, searched with its subfolders.
        annotations: COCO, CVAT or BDD100K file; folder of VOC or BDD100K files.
        labels: folder of label files (`yolo`, `kitti`).
        classes: `data.yaml` or a text file with one class name a line (`yolo`).
        videos: a video, or a folder of them (`video`).
        dataset: name of a FiftyOne dataset (`fiftyone`) or of one in its zoo (`zoo`).
        field: label field of a FiftyOne dataset; null takes the first that holds objects.
        part: split of a zoo dataset, such as `validation`; null takes all.
        count: most pictures to take, evenly over takes; null takes all.
        rename: their class name to ours, for names that differ; null leaves a class out.
        classes_map: file of such names; `rename` goes before it.
        licence: what the user says of the pictures; it goes into the blend's record.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    kind: str = "sample"
    images: str | None = None
    annotations: str | None = None
    labels: str | None = None
    classes: str | None = None
    videos: str | None = None
    dataset: str | None = None
    field: str | None = None
    part: str | None = None
    count: int | None = 200
    rename: dict[str, str | None] = dataclasses.field(default_factory=dict)
    classes_map: str | None = None
    licence: str = "not stated"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError("real.kind", f"must be one of {', '.join(KINDS)}", got=self.kind)
        if self.count is not None and self.count < 1:
            raise InputError("real.count", "must be at least 1, or null for all", got=self.count)
        for key in KINDS[self.kind].needs:
            if not getattr(self, key):
                value = "PATH" if key in PATHS else "NAME"
                raise InputError(f"real.{key}", f"must be given for real={self.kind}", fix=f"add real.{key}={value}")
        check_map("real.rename", self.rename)

    @property
    def labelled(self) -> bool:
        """Whether the set can have boxes."""
        return KINDS[self.kind].labelled

    @property
    def database(self) -> bool:
        """Whether it is read out of FiftyOne's database."""
        return KINDS[self.kind].database

    def class_map(self) -> ClassMap:
        """Return the user's class map, `classes_map` with `rename` over it.

        Raises:
            InputError: the file cannot be used.
        """
        in_file = read_map(Path(self.classes_map).expanduser()) if self.classes_map else {}
        return {**in_file, **self.rename}


@dataclass(frozen=True, kw_only=True)
class RealSet:
    """Real pictures that can be used, and what could not.

    Args:
        found: pictures that the reader listed, before `count`.
        clipped: boxes that stuck out of their picture and were cut to it.
        unmapped: boxes left out by class name that is not ours.
        classes: all boxes by their class name.
    """

    pictures: tuple[Picture, ...]
    left_out: tuple[LeftOut, ...]
    found: int
    clipped: int
    unmapped: Mapping[str, int]
    licence: str
    classes: Mapping[str, int] = dataclasses.field(default_factory=dict)


def read(settings: RealSettings, *, seed: int) -> RealSet:
    """Read the real set.

    Pictures are decoded to their end. One that cannot be is listed and left out, and the next in line takes its place.

    Raises:
        InputError: a folder or file is missing or empty, or no picture can be used.
    """
    names = ClassNames(given=settings.class_map())
    listing = list_candidates(settings, names)
    wanted = settings.count or len(listing.candidates)
    pictures, left_out, clipped = _take(even_order(listing.candidates, seed=seed), wanted)
    if not pictures:
        where = "real.images" if settings.images else "real"
        reason = (*left_out, *listing.left_out)[0].reason
        raise InputError(where, "must hold at least one picture that can be read", got=reason)
    return RealSet(
        pictures=tuple(sorted(pictures, key=lambda picture: picture.name)),
        left_out=(*listing.left_out, *names.lines(listing.file), *left_out),
        found=len(listing.candidates),
        clipped=clipped,
        unmapped=names.unmapped,
        licence=KINDS[settings.kind].licence or settings.licence,
        classes=dict(names.counts),
    )


def list_candidates(settings: RealSettings, names: ClassNames) -> Listing:
    """List what a set holds without decoding it; `names` counts its classes.

    Raises:
        InputError: a folder or file is missing or cannot be used.
    """
    kind = KINDS[settings.kind]
    given = {key: value for key in (*kind.needs, *kind.may) if (value := getattr(settings, key)) is not None}
    return kind.list(given, names)


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
