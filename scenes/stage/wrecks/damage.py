"""Dents: metal moved along the solved direction of force, with folds where it was crushed."""

from __future__ import annotations

import numpy as np

from scenes.spec.party import Dent
from scenes.spec.vehicle import Vehicle
from scenes.stage.mesh import Points

_FOLD_WAVES = 14


class Deformation:
    """Moves points of an undamaged body, in the vehicle's frame, to where the impact left them."""

    def __init__(self, vehicle: Vehicle) -> None:
        self.dents = vehicle.dents
        rng = np.random.default_rng(vehicle.seed + 1)
        lengths_m = rng.uniform(0.06, 0.45, _FOLD_WAVES)
        directions = rng.normal(size=(_FOLD_WAVES, 3))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        self.waves = directions * (2 * np.pi / lengths_m)[:, None]
        self.phases = rng.uniform(0, 2 * np.pi, _FOLD_WAVES)
        self.weights = lengths_m / lengths_m.sum()

    def __call__(self, points: Points) -> Points:
        """Return the damaged positions of (N, 3) points."""
        for dent in self.dents:
            points = points + self._push(points, dent)
        return points

    def _push(self, points: Points, dent: Dent) -> Points:
        direction = np.asarray(dent.direction)
        offset = points - np.asarray(dent.point_m)
        behind = offset @ direction
        across = offset - behind[:, None] * direction
        sideways = np.hypot(across[:, 0], across[:, 1]) / (0.5 * dent.width_m)
        upward = np.abs(across[:, 2]) / (0.5 * dent.height_m)
        patch = 1 / (1 + np.maximum(sideways, 1e-6) ** 5) / (1 + np.maximum(upward, 1e-6) ** 5)
        reach = np.clip(1 - np.clip(behind, 0, None) / (2.6 * dent.depth_m + 0.25), 0, 1)
        crushed = patch * reach * np.where(behind < -0.6, 0.0, 1.0)
        folds = np.sin(points @ self.waves.T + self.phases) @ self.weights
        depth = dent.depth_m * crushed * (1 + 0.55 * folds)
        buckle = 0.35 * dent.depth_m * crushed * (np.sin(points @ self.waves.T + 1.7 * self.phases) @ self.weights)
        bulge = np.stack([0 * buckle, 0.5 * buckle, buckle], axis=-1)
        return np.asarray(depth[:, None] * direction + bulge)
