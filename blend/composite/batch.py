"""As many composites as are wanted of real training pictures, and why there are not more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
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


def composites(
    backgrounds: Sequence[Picture],
    folder: Path,
    images: Path,
    settings: CompositeSettings,
    *,
    held: Container[str],
    seed: int,
) -> tuple[list[Picture], dict[str, Any]]:
    """Composite into real training pictures, in an order that the seed draws.

    Args:
        backgrounds: real pictures of the training split; they are only read, and lend instances to each other.
        folder: library of cut-outs.
        images: where new pictures go.
        settings: how many and how.
        held: names that the blend has already; none is made again.
        seed: the run's.

    Returns:
        the composites, and their entry in `blend.json`: how many were wanted and made, why not more, and how many
        pictures were refused for each reason.
    """
    wanted = round(settings.share * len(backgrounds))
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
    return made, {
        "wanted": wanted,
        "made": len(made),
        "why": _why(wanted, len(made), usable, folder),
        "refused": dict(refused.most_common()),
    }


def _why(wanted: int, made: int, usable: Sequence[Picture], folder: Path) -> str:
    if made >= wanted:
        return ""
    if not usable:
        return f"no cut-outs in {folder.name}, and no real instance with a mask"
    return f"{len(usable) - made} pictures were refused"
