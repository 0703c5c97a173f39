"""As many composites as are wanted of real training pictures, and why there are not more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.progress import track

from blend.composite.compositing import Sources, compose, name_of
from blend.composite.cutout import library
from blend.composite.instance import donors
from blend.composite.refusal import RefusalError
from blend.composite.settings import CompositeSettings
from blend.picture import Picture
from scenes.seeds import child_seed

_MOST_TRIED = 12
"""Pictures that are looked at for one composite that is wanted."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of the composites that were wanted; all zero where none were.

    Args:
        wanted: how many.
        made: how many there are.
        why: there are not more; empty where there are as many as wanted.
        refused: pictures that were refused for each reason.
    """

    wanted: int = 0
    made: int = 0
    why: str = ""
    refused: Mapping[str, int] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """Give the entry as it stands in `blend.json`."""
        return {"wanted": self.wanted, "made": self.made, "why": self.why, "refused": dict(self.refused)}

    def __str__(self) -> str:
        """Give the part of the line for the user."""
        return f"{self.made} composites of {self.wanted} wanted{self.why and ': '}{self.why}"


def composites(
    backgrounds: Sequence[Picture],
    folder: Path,
    images: Path,
    settings: CompositeSettings,
    *,
    held: Container[str],
    seed: int,
) -> tuple[list[Picture], Outcome]:
    """Composite into real training pictures, in an order that the seed draws.

    Args:
        backgrounds: real pictures of the training split; they are only read, and lend instances to each other.
        folder: library of cut-outs.
        images: where new pictures go.
        settings: how many and how.
        held: names that the blend has already; none is made again.
        seed: the run's.

    Returns:
        the composites, and what became of the wish.
    """
    wanted = wanted_of(backgrounds, settings)
    sources = Sources(cutouts=library(folder), donors=donors(backgrounds)) if wanted else Sources()
    refused: Counter[str] = Counter()
    made: list[Picture] = []
    fresh = [background for background in backgrounds if name_of(background, seed=seed) not in held]
    order = sorted(fresh, key=lambda picture: child_seed(seed, "composite-order", picture.name))
    usable = order[: _MOST_TRIED * wanted] if sources.cutouts or sources.donors else []
    for background in track(usable, description="composites", disable=not usable):
        if len(made) >= wanted:
            break
        try:
            made.append(compose(background, sources, images, settings, seed=seed))
        except RefusalError as reason:
            refused[str(reason)] += 1
    why = _why(wanted, len(made), usable, folder)
    return made, Outcome(wanted=wanted, made=len(made), why=why, refused=dict(refused.most_common()))


def wanted_of(backgrounds: Sequence[Picture], settings: CompositeSettings) -> int:
    """Return how many composites are wanted of so many real training pictures."""
    return round(settings.share * len(backgrounds))


def _why(wanted: int, made: int, usable: Sequence[Picture], folder: Path) -> str:
    if made >= wanted:
        return ""
    if not usable:
        return f"no cut-outs in {folder.name}, and no real instance with a mask"
    return f"{len(usable) - made} pictures were refused"
