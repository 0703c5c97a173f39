"""Where labels go so that none covers another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
_RING_STEP_PX = 18
_RINGS = 28
_DIRECTIONS = 24
_COVERS = 0.6  # px of distance that one px² of another object's box under a tag is worth, over the tag's height


@dataclass
class Placement:
    """The places that are taken on a picture of `size_wh`, and the boxes that had better not be covered.

    `inside` says whether a label may stand in its own box.
    """

    size_wh: tuple[int, int]
    avoid: Sequence[Box] = ()
    inside: bool = True
    taken: list[Box] = field(default_factory=list)

    def place(self, size_wh: tuple[int, int], box: Box) -> Box | None:
        """Take a free place for a label as near to its box as can be; None if there is none.

        Args:
            size_wh: of the label.
            box: what it belongs to.
        """
        free = [spot for spot in self._spots(size_wh, box) if self._inside(spot) and not self._hits(spot)]
        if not free:
            return None
        best = min(free, key=lambda spot: self._cost(spot, box))
        self.taken.append(best)
        return best

    def _spots(self, size_wh: tuple[int, int], box: Box) -> Iterator[Box]:
        width, height = size_wh
        x0, y0, x1, y1 = box
        corners = [
            (x0 - 1, y0 - height - 2),
            (x1 + 1 - width, y0 - height - 2),
            (x0 - 1, y1 + 2),
            (x1 + 1 - width, y1 + 2),
            (x1 + 3, y0),
            (x0 - width - 3, y0),
        ]
        if self.inside and width + 4 <= x1 - x0 and height + 4 <= y1 - y0:
            corners.append((x0 + 2, y0 + 2))
        middle_x, middle_y = (x0 + x1 - width) / 2, (y0 + y1 - height) / 2
        for ring in range(1, _RINGS + 1):
            radius = ring * _RING_STEP_PX
            for step in range(_DIRECTIONS):
                angle = 2 * math.pi * step / _DIRECTIONS
                corners.append((middle_x + 1.6 * radius * math.cos(angle), middle_y - radius * math.sin(angle)))
        for x, y in corners:
            left = min(max(x, 0.0), self.size_wh[0] - width)
            top = min(max(y, 0.0), self.size_wh[1] - height)
            yield left, top, left + width, top + height

    def _inside(self, spot: Box) -> bool:
        return spot[0] >= 0 and spot[1] >= 0 and spot[2] <= self.size_wh[0] and spot[3] <= self.size_wh[1]

    def _hits(self, spot: Box) -> bool:
        return any(overlap(spot, other) > 0 for other in self.taken)

    def _cost(self, spot: Box, box: Box) -> float:
        covered = sum(overlap(spot, other) for other in self.avoid if other != box or not self.inside)
        return gap(spot, box) + _COVERS * covered / (spot[3] - spot[1])


def overlap(first: Box, second: Box) -> float:
    """Return the area that two boxes share."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    return max(width, 0.0) * max(height, 0.0)


def gap(first: Box, second: Box) -> float:
    """Return the distance between two boxes, 0 where they touch."""
    aside = max(first[0] - second[2], second[0] - first[2], 0.0)
    upright = max(first[1] - second[3], second[1] - first[3], 0.0)
    return math.hypot(aside, upright)


def nearest_point(box: Box, x: float, y: float) -> tuple[float, float]:
    """Return the point of a box that is nearest to a place."""
    return min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
