"""Label files beside pictures: one a picture, with the same subfolder and stem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from blend.candidate import Candidate, Listing, RawBox, group_of
from blend.picture import LeftOut
from blend.readers.tree import PictureTree, files_below
from scenes.errors import InputError

Parse = Callable[[str, str, list[LeftOut]], list[RawBox]]
"""(text, name of the file in messages, list for its faults) -> boxes."""

NOT_LABELS = frozenset({"classes.txt", "obj.names", "train.txt", "val.txt", "test.txt", "readme.txt", "notes.txt"})
"""Lists and notes that tools put among label files."""


def read(tree: PictureTree, labels: Path, parse: Parse) -> Listing:
    """List pictures with their text files.

    An empty file means "nothing there"; a picture without a file counts as unlabelled. Label files of no picture, and
    pictures that share one file, are left out by name.

    Raises:
        InputError: the folder is missing, or no picture has a label file.
    """
    if not labels.is_dir():
        raise InputError("real.labels", "must be a folder that exists", got=str(labels))
    left_out = list(tree.left_out)
    texts = {path.relative_to(labels).with_suffix("").as_posix(): path for path in _texts(labels, left_out)}
    sharing: dict[str, list[str]] = defaultdict(list)
    for file in tree.files:
        sharing[PurePosixPath(file).with_suffix("").as_posix()].append(file)
    left_out += [
        LeftOut(file=path.name, reason="labels a picture that is not there", fault="no such picture")
        for stem, path in texts.items()
        if stem not in sharing
    ]
    candidates = []
    for stem, files in sharing.items():
        if stem in texts and len(files) > 1:
            reason = f"labels {len(files)} pictures: {', '.join(files[:3])}"
            left_out.append(LeftOut(file=texts[stem].name, reason=reason, fault="two of one name"))
            continue
        boxes = _boxes(texts.get(stem), parse, left_out)
        candidates += [_candidate(tree, file, boxes) for file in files]
    if not any(candidate.labelled for candidate in candidates):
        raise InputError("real.labels", "must hold a label file for at least one picture", got=f"none in {labels}")
    return Listing(candidates=tuple(candidates), left_out=tuple(left_out), file=labels.name)


def _texts(labels: Path, left_out: list[LeftOut]) -> list[Path]:
    return [path for path in files_below(labels, frozenset({".txt"}), left_out) if path.name.lower() not in NOT_LABELS]


def _boxes(path: Path | None, parse: Parse, left_out: list[LeftOut]) -> list[RawBox] | None:
    if path is None:
        return None
    return parse(path.read_text(encoding="utf-8", errors="replace"), path.name, left_out)


def _candidate(tree: PictureTree, file: str, boxes: list[RawBox] | None) -> Candidate:
    return Candidate(
        file=file, path=tree.files[file], group=group_of(file), boxes=tuple(boxes or ()), labelled=boxes is not None
    )
