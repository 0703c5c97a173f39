"""Keypoints of a wreck: they go where the part that they lie on went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.asset import Array, Keypoint, Solid


@dataclass(frozen=True, kw_only=True, eq=False)
class Bent:
    """A solid that a blow moved.

    Args:
        solid: after the blow, in the vehicle's frame.
        before: (N, 3) where its vertices were.
        pushed_m: (N,) how far sheet metal moved.
    """

    solid: Solid
    before: Array
    pushed_m: Array

    def of_part(self, part: int) -> tuple[Array, Array]:
        """Return where the vertices of a part were, and where they are, (K, 3) each."""
        solid = self.solid
        own = np.unique(solid.loops[np.repeat(solid.parts == part, solid.sizes)])
        return self.before[own], solid.vertices[own].astype(np.float64)


def part_of(name: str) -> int:
    """Return the id of the part that a keypoint's name begins with: that of "plate" for "plate_rear_top_left".

    Raises:
        KeyError: it begins with none.
    """
    words = name.split("_")
    heads = ("_".join(words[:count]) for count in range(len(words), 0, -1))
    return next((PARTS[head] for head in heads if head in PARTS), 0) or PARTS[name]


def follow(keypoints: Iterable[Keypoint], bodies: Sequence[Bent]) -> list[Keypoint]:
    """Return keypoints moved as the vertex of their part is that was nearest to them."""
    made = []
    for point in keypoints:
        several = [body.of_part(part_of(point.name)) for body in bodies]
        before, after = (np.concatenate(points) for points in zip(*several, strict=True))
        nearest = int(np.linalg.norm(before - point.where_m, axis=1).argmin())
        x, y, z = (float(value) for value in point.where_m + after[nearest] - before[nearest])
        made.append(replace(point, where_m=(x, y, z)))
    return made
