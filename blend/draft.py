"""A blend in the making: pictures, their splits, what was removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from blend import alignment, duplicates
from blend.accumulate import Earlier
from blend.composite.batch import Outcome
from blend.duplicates import Fingerprint, Pair
from blend.picture import LeftOut, Picture, decode_rgb
from blend.real import RealSet
from blend.removal import Removal, removals
from blend.settings import BlendSettings
from blend.split import Split

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[Path]], Vectors]
"""Gives the embedding of each picture file, (n, d)."""
_MOST_LOOKS = 4096


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
        origins: split of each real picture that was read, be it in or not, as something may be made from it.
        bound: pairs of names that share a part, and so their split, with the reason.
        prints: fingerprint of each name, taken once.
        composites: what became of the composites that were wanted.
        mended: real pictures of earlier rounds whose boxes have changed.
        embed: adds candidates for near-duplicates; None for those by hash only.
        embeddings: of each name, taken once.
        parts: share that is the same of each pair of names, by how they were aligned, taken once.
    """

    real_set: RealSet
    frames: list[Picture]
    earlier: Earlier
    left_out: list[LeftOut]
    settings: BlendSettings
    pictures: list[Picture] = field(default_factory=list)
    removed: list[Removal] = field(default_factory=list)
    split_of: dict[str, Split] = field(default_factory=dict)
    origins: dict[str, Split] = field(default_factory=dict)
    bound: dict[tuple[str, str], str] = field(default_factory=dict)
    prints: dict[str, Fingerprint] = field(default_factory=dict)
    composites: Outcome = field(default_factory=Outcome)
    mended: int = 0
    embed: Embed | None = None
    embeddings: dict[str, Vectors] = field(default_factory=dict)
    parts: dict[tuple[str, str, alignment.Align], float] = field(default_factory=dict)

    def linked(self, pictures: Sequence[Picture]) -> list[Pair]:
        """Find near-duplicate pairs among pictures, each of which is fingerprinted once."""
        for picture in pictures:
            if picture.name not in self.prints:
                self.prints[picture.name] = duplicates.fingerprint(decode_rgb(picture.path))
        look = lru_cache(_MOST_LOOKS)(lambda place: alignment.read(pictures[place].path))

        def shared(first: int, second: int, align: alignment.Align) -> float:
            names = pictures[first].name, pictures[second].name, align
            if names not in self.parts:
                self.parts[names] = alignment.shared(look(first), look(second), align)
            return self.parts[names]

        found = duplicates.pairs(
            [self.prints[picture.name] for picture in pictures],
            phash_max_bits=self.settings.phash_max_bits,
            correlation_min=self.settings.correlation_min,
            embeddings=self._embeddings(pictures),
            cosine_min=self.settings.cosine_min,
            groups=[picture.group for picture in pictures],
            shared=shared,
        )
        return [*found, *duplicates.identical(pictures)]

    def _embeddings(self, pictures: Sequence[Picture]) -> Vectors | None:
        if self.embed is None or not pictures:
            return None
        fresh = [picture for picture in pictures if picture.name not in self.embeddings]
        if fresh:
            vectors = self.embed([picture.path for picture in fresh])
            self.embeddings.update(zip((picture.name for picture in fresh), vectors, strict=True))
        return np.stack([self.embeddings[picture.name] for picture in pictures])

    def thin(self, pictures: list[Picture]) -> tuple[list[Picture], list[Pair]]:
        """Leave out the lesser copies among pictures; return the rest, and all pairs by place in `pictures`."""
        linked = self.linked(pictures)
        parts = (pair for pair in linked if pair.part is not None)
        self.bound |= {(pictures[pair.first].name, pictures[pair.second].name): pair.why for pair in parts}
        prints = [self.prints[picture.name] for picture in pictures]
        gone = removals(pictures, prints, linked, held=self.earlier.pictures.keys())
        self.removed += gone.values()
        return [picture for place, picture in enumerate(pictures) if place not in gone], linked

    def split(self, picture: Picture) -> Split:
        """Give the split of a picture: synthetic ones are for training."""
        return self.split_of[picture.group] if picture.source == "real" else "train"

    def splits(self) -> list[Split]:
        """Give the split of each picture."""
        return [self.split(picture) for picture in self.pictures]
