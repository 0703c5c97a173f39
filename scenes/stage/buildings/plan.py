"""What a building is asked to be: its outer sizes, its generator, and how much of it is lit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.stage.buildings.fabric import Side, side


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """The brief of a building.

    Args:
        width_m, depth_m: of the ground plan.
        height_m: to the eaves or parapet.
        lit_share: share of windows that are lit.
        rng: draws its shape.
    """

    width_m: float
    depth_m: float
    height_m: float
    lit_share: float
    rng: np.random.Generator

    def side(self, name: str) -> Side:
        """Return a wall of the ground plan: "front", "right", "back" or "left"."""
        return side(name, self.width_m, self.depth_m)

    def chance(self, share: float) -> bool:
        """Return True in `share` of the models."""
        return bool(self.rng.random() < share)

    def pick(self, low: float, high: float) -> float:
        """Return a number between two."""
        return float(self.rng.uniform(low, high))
