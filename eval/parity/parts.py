"""Which pictures of a blend train, choose and test, and whether they are enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.parity import pictures
from eval.parity.pictures import Picture


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The pictures of a blend by what a study does with them; `added` are synthetic, varied or composite."""

    real: Sequence[Picture]
    added: Sequence[Picture]
    val: Sequence[Picture]
    test: Sequence[Picture]

    @property
    def train(self) -> list[Picture]:
        """What arms draw from."""
        return [*self.real, *self.added]


def parts_of(read: Sequence[Picture]) -> Parts:
    """Sort the pictures of a blend."""
    train = [picture for picture in read if picture.split == "train"]
    return Parts(
        real=[picture for picture in train if picture.real],
        added=[picture for picture in train if not picture.real],
        val=[picture for picture in read if picture.split == "val" and picture.real],
        test=[picture for picture in read if picture.split == "test" and picture.real],
    )


def scored_classes(parts: Parts, which: Sequence[Picture], min_boxes: int) -> list[str]:
    """Return the classes of the real training pictures that have boxes enough among `which`."""
    counts, taught = pictures.box_counts(which), pictures.box_counts(parts.real)
    return sorted(name for name in taught if counts[name] >= min_boxes)


def shortage(parts: Parts, min_boxes: int) -> str | None:
    """Return why nothing can be judged, None where it can."""
    for name in ("real", "added", "test"):
        if not getattr(parts, name):
            return f"insufficient: 0 labelled {name} pictures"
    if not pictures.box_counts(parts.real):
        return "the real training pictures have no boxes"
    if len({picture.group for picture in parts.test}) < 2:
        return "insufficient: 1 of 2 groups of real test pictures"
    if not scored_classes(parts, parts.test, min_boxes):
        most = max(pictures.box_counts(parts.test).values(), default=0)
        return f"insufficient: {most} of {min_boxes} test boxes in the largest class"
    return None
