"""The pictures that a blend may train on, as columns: a million of them are counted in a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blend.picture import Picture
from scenes.ontology import CATEGORIES

Bools = NDArray[np.bool_]
Cell = tuple[str, str]
"""A factor and one of its values, such as ("class", "bicycle") or ("light", "night")."""

CLASS, SOURCE = "class", "source"


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Pictures of the training split, n of them.

    Args:
        synthetic: (n,) whether a picture was made by us, varieties and composites included.
        composite: (n,) whether it is a composite; none is planned, they come in afterwards.
        held: (n,) whether it is in the blend whatever is planned: real, or of an earlier round.
        unit: (n,) number of the scene or take it belongs to; pictures of one unit come in together.
        order: (n,) place of its unit in the turn by which scenes are taken where nothing else decides.
        tags: for each cell, (n,) whether a picture is in it. A picture has one value of a factor at most, but for
            classes, of which it has as many as it shows.
    """

    synthetic: Bools
    composite: Bools
    held: Bools
    unit: NDArray[np.int64]
    order: NDArray[np.int64]
    tags: Mapping[Cell, Bools]

    def __len__(self) -> int:
        """Count the pictures."""
        return len(self.synthetic)

    def __getitem__(self, rows: Bools) -> Pool:
        """Return some of the pictures."""
        return Pool(
            synthetic=self.synthetic[rows],
            composite=self.composite[rows],
            held=self.held[rows],
            unit=self.unit[rows],
            order=self.order[rows],
            tags={cell: inside[rows] for cell, inside in self.tags.items()},
        )

    def inside(self, where: Mapping[str, str]) -> Bools:
        """Return which pictures have all of some values; a value that no picture has is in none."""
        found = np.ones(len(self), np.bool_)
        for cell in where.items():
            found &= self.tags.get(cell, np.False_)
        return found


def pool_of(pictures: Sequence[Picture], held: Sequence[bool], turn: Mapping[str, int]) -> Pool:
    """Put pictures into columns.

    Args:
        pictures: of the training split.
        held: whether each is in the blend whatever is planned.
        turn: place of each group in the turn, 0 first; held groups need none.
    """
    numbers = {group: number for number, group in enumerate(dict.fromkeys(p.group for p in pictures))}
    rows: dict[Cell, list[int]] = {}
    for row, picture in enumerate(pictures):
        for cell in cells_of(picture):
            rows.setdefault(cell, []).append(row)
    return Pool(
        synthetic=np.array([p.source == "synthetic" for p in pictures], np.bool_),
        composite=np.array([p.kind == "composite" for p in pictures], np.bool_),
        held=np.array(held, np.bool_),
        unit=np.array([numbers[p.group] for p in pictures], np.int64),
        order=np.array([turn.get(p.group, 0) for p in pictures], np.int64),
        tags={cell: _mask(inside, len(pictures)) for cell, inside in sorted(rows.items())},
    )


def _mask(rows: Sequence[int], count: int) -> Bools:
    found = np.zeros(count, np.bool_)
    found[rows] = True
    return found


def cells_of(picture: Picture) -> set[Cell]:
    """Return the cells that a picture is in: its source, its classes, and its conditions as far as they are known.

    One whose objects nobody has labelled teaches no class, though actors that were put into it are known.
    """
    conditions = picture.facts.get("conditions") or {}
    told = {(str(factor), str(value)) for factor, value in conditions.items() if value not in {None, ""}}
    shown = {(CLASS, box.category) for box in picture.annotations if picture.labelled}
    return told | {(SOURCE, picture.source)} | shown


def known_values(pool: Pool) -> dict[str, list[str]]:
    """Return for each factor the values that may be named in a target: all classes, and what pictures have."""
    values: dict[str, list[str]] = {CLASS: list(CATEGORIES)}
    for factor, value in pool.tags:
        if factor != CLASS:
            values.setdefault(factor, []).append(value)
    return values
