"""The pictures below a folder, and which of them a record means."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from blend.picture import LeftOut
from scenes.errors import InputError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


@dataclass(frozen=True, kw_only=True)
class PictureTree:
    """Picture files below a folder.

    Args:
        files: path relative to the folder, with slashes, to the file; sorted.
        left_out: links that lead nowhere or round in a circle.
    """

    folder: Path
    files: Mapping[str, Path]
    left_out: tuple[LeftOut, ...]

    @cached_property
    def _of_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for file in self.files:
            found[PurePosixPath(file).name].append(file)
        return found

    @cached_property
    def of_stem(self) -> Mapping[str, list[str]]:
        """Files by their name without folder and suffix."""
        found: dict[str, list[str]] = defaultdict(list)
        for file in self.files:
            found[PurePosixPath(file).stem].append(file)
        return found

    def find(self, name: str) -> str:
        """Return the file that a record names: its path, a tail of its path, or a name that only one picture has.

        Raises:
            ValueError: it is not there, is not the only one, or climbs out of the folder; the text says which.
        """
        path = PurePosixPath(name.replace("\\", "/"))
        if ".." in path.parts:
            raise ValueError("climbs out of the folder of pictures")
        parts = path.parts[1:] if path.is_absolute() else path.parts
        for start in range(len(parts)):
            if (tail := "/".join(parts[start:])) in self.files:
                return tail
        same = self._of_name.get(path.name, []) if len(parts) == 1 else []
        if len(same) > 1:
            raise ValueError(f"is the name of {len(same)} pictures: {', '.join(same[:3])}")
        if not same:
            raise ValueError("is not among the pictures")
        return same[0]


def scan(folder: Path, key: str) -> PictureTree:
    """List the pictures below a folder; linked folders are followed, each once.

    Raises:
        InputError: the folder is missing or holds no picture.
    """
    if not folder.is_dir():
        raise InputError(key, "must be a folder that exists", got=str(folder))
    left_out: list[LeftOut] = []
    files = {path.relative_to(folder).as_posix(): path for path in _walk(folder, SUFFIXES, left_out)}
    if not files:
        raise InputError(key, f"must hold pictures ({' '.join(sorted(SUFFIXES))})", got=f"none in {folder}")
    return PictureTree(folder=folder, files=dict(sorted(files.items())), left_out=tuple(left_out))


def files_below(folder: Path, suffixes: frozenset[str], left_out: list[LeftOut]) -> list[Path]:
    """List files with one of the suffixes below a folder, sorted; what cannot be followed goes to `left_out`."""
    return sorted(_walk(folder, suffixes, left_out))


def _walk(top: Path, suffixes: frozenset[str], left_out: list[LeftOut]) -> Iterator[Path]:
    """Walk plain folders first, then linked ones, so that what two ways lead to is found on the plain one."""
    seen: set[tuple[int, int]] = set()
    plain, linked = [top], list[Path]()
    while plain or linked:
        folder = plain.pop() if plain else linked.pop(0)
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            name = folder.relative_to(top).as_posix()
            left_out.append(
                LeftOut(file=name, reason="is a link to a folder that has been read", fault="no such picture")
            )
            continue
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = folder / entry.name
                if path.is_dir():
                    (linked if entry.is_symlink() else plain).append(path)
                elif path.suffix.lower() in suffixes and path.is_file():
                    yield path
                elif entry.is_symlink() and not path.exists():
                    name = path.relative_to(top).as_posix()
                    left_out.append(LeftOut(file=name, reason="is a link that leads nowhere", fault="no such picture"))
