"""Rounds add up: what earlier blends held stays, picture by picture, and their test set stays closed.

Replacing real pictures by generated ones lets a model collapse over generations; adding to them keeps its error
bounded. Source: Gerstgrasser et al., Is Model Collapse Inevitable?, arXiv 2404.01413 (2024).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from blend import stored
from blend.picture import Picture
from blend.split import Split
from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What earlier rounds hold.

    Args:
        pictures: real and synthetic, by name; a picture of several rounds is there once.
        splits: the split of each name.
    """

    pictures: Mapping[str, Picture] = field(default_factory=lambda: MappingProxyType({}))
    splits: Mapping[str, Split] = field(default_factory=lambda: MappingProxyType({}))

    def real(self) -> list[Picture]:
        """Return the real pictures."""
        return [picture for picture in self.pictures.values() if picture.source == "real"]

    def synthetic(self) -> list[Picture]:
        """Return the synthetic pictures, varieties included."""
        return [picture for picture in self.pictures.values() if picture.source != "real"]


def read(rounds: Sequence[str]) -> Earlier:
    """Read the blends of earlier rounds.

    Args:
        rounds: folders of rounds, the oldest first.

    Raises:
        InputError: a folder holds no blend, or two rounds disagree about the split of a picture.
    """
    pictures: dict[str, Picture] = {}
    splits: dict[str, Split] = {}
    for number, out in enumerate(rounds):
        where = f"blend.accumulate[{number}]"
        for picture, split in _read_one(Path(out).expanduser(), where):
            if splits.setdefault(picture.name, split) != split:
                got = f"{picture.name} is in {splits[picture.name]} and in {split}"
                raise InputError(where, "must give every picture the split that earlier rounds gave it", got=got)
            pictures[picture.name] = picture
    return Earlier(pictures=dict(sorted(pictures.items())), splits=splits)


def _read_one(out: Path, where: str) -> Iterator[tuple[Picture, Split]]:
    if not (out / "blend" / "annotations.json").is_file():
        raise InputError(where, "must be the folder of a round that holds a blend", got=str(out))
    for picture, split in stored.read(out):
        if not picture.path.is_file():
            raise InputError(picture.path, "must still be there, as later rounds build on it")
        yield picture, split


def check_kept(earlier: Earlier, pictures: Iterable[Picture]) -> int:
    """Make sure that a blend holds every picture of earlier rounds.

    Returns:
        how many of the real ones have other boxes than before, as labels may be mended.

    Raises:
        InputError: a picture is missing, or its bytes have changed.
    """
    now = {picture.name: picture for picture in pictures}
    changed = 0
    for name, before in earlier.pictures.items():
        if name not in now or now[name].sha256 != before.sha256:
            raise InputError("blend.accumulate", "must keep every picture of earlier rounds", got=f"{name} is missing")
        boxes = [sorted((box.category, box.xywh) for box in picture.annotations) for picture in (before, now[name])]
        changed += before.source == "real" and boxes[0] != boxes[1]
    return changed
