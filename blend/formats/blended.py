"""A blend whose pictures are in their folder, as every format takes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from blend.export import Link, place
from blend.picture import Picture
from blend.split import Split
from scenes.errors import InputError

LeftOut = dict[str, str]
"""Name of a picture that a format leaves out, to the reason."""
UNLABELLED = "nobody has labelled it"
SPLITS: tuple[Split, ...] = ("train", "val", "test")


@dataclass(frozen=True, kw_only=True)
class Blended:
    """Pictures, their splits and where they are.

    Args:
        folder: the blend's folder, which holds every picture at its `file_name`.
        pictures: in any order; names are unique.
        splits: of each picture.
        round_folder: the round that the synthetic pictures are from, with `frames/` and maps.
        link: how a format that wants pictures in a folder of its own gets them.
    """

    folder: Path
    pictures: tuple[Picture, ...]
    splits: tuple[Split, ...]
    round_folder: Path
    link: Link = "hardlink"

    def __post_init__(self) -> None:
        if len(self.splits) != len(self.pictures):
            raise InputError("splits", f"must be {len(self.pictures)}, one a picture", got=len(self.splits))
        names = [picture.name for picture in self.pictures]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError("pictures", "must have names of their own", got=f"{twice} twice")

    def __iter__(self) -> Iterator[tuple[Picture, Split]]:
        """Give pictures and splits by name."""
        return iter(sorted(zip(self.pictures, self.splits, strict=True), key=lambda entry: entry[0].name))

    def path(self, picture: Picture) -> Path:
        """Return where a picture is in the blend."""
        return self.folder / picture.file_name

    def put(self, picture: Picture, folder: Path, stem: str = "") -> str:
        """Place a picture in a format's folder, which is on one level with `images/`; return its file name there.

        A symlink leads to the blend's own picture by a relative path, so the blend's folder can be moved.
        """
        target = folder / f"{stem or picture.name}{self.path(picture).suffix}"
        if self.link == "symlink":
            target.symlink_to(os.path.relpath(self.path(picture), target.parent))
        else:
            place(self.path(picture), target, self.link)
        return target.name


def stem(picture: Picture) -> str:
    """Return a picture's name without dots, for readers that cut a file's name at the first one."""
    return picture.name.replace(".", "_")


def write_lines(path: Path, lines: list[str]) -> None:
    """Write a text file, one line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
