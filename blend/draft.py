"""A blend in the making: pictures, their splits, what was removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from blend import duplicates
from blend.accumulate import Earlier
from blend.duplicates import Fingerprint, Pair, Removal
from blend.picture import LeftOut, Picture, decode_rgb
from blend.real import RealSet
from blend.settings import BlendSettings
from blend.split import Split


@dataclass(kw_only=True)
class Draft:
    """A blend in the making.

    Args:
        real_set: the real pictures as they were read.
        frames: the round's, as they were developed.
        earlier: what earlier rounds hold.
        left_out: what was not taken, and why.
        pictures: what is in so far.
        removed: lesser copies.
        split_of: split of each group of real pictures.
        prints: fingerprint of each name, taken once.
        composites: what became of the composites that were wanted.
        mended: real pictures of earlier rounds whose boxes have changed.
    """

    real_set: RealSet
    frames: list[Picture]
    earlier: Earlier
    left_out: list[LeftOut]
    settings: BlendSettings
    pictures: list[Picture] = field(default_factory=list)
    removed: list[Removal] = field(default_factory=list)
    split_of: dict[str, Split] = field(default_factory=dict)
    prints: dict[str, Fingerprint] = field(default_factory=dict)
    composites: dict[str, Any] = field(default_factory=dict)
    mended: int = 0

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
        prints = [self.prints[picture.name] for picture in pictures]
        gone = duplicates.removals(pictures, prints, linked, held=self.earlier.pictures.keys())
        self.removed += gone.values()
        return [picture for place, picture in enumerate(pictures) if place not in gone], linked

    def split(self, picture: Picture) -> Split:
        """Give the split of a picture: synthetic ones are for training."""
        return self.split_of[picture.group] if picture.source == "real" else "train"

    def splits(self) -> list[Split]:
        """Give the split of each picture."""
        return [self.split(picture) for picture in self.pictures]

    def count(self, *, source: str, augmented: bool = False, split: str | None = None) -> int:
        """Count pictures of one source."""
        return sum(
            p.source == source and (p.augment is not None) == augmented and split in {None, s}
            for p, s in zip(self.pictures, self.splits(), strict=True)
        )
