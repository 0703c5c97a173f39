"""How things come to stand along a street: each finds free ground, and equal things share their meshes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from scenes.site.plan import Item, Pose
from scenes.spec.place import Street
from scenes.stage.asset import Finish
from scenes.stage.furniture.catalogue import FURNITURE
from scenes.stage.library import Library
from scenes.stage.place import place_asset
from scenes.stage.pose import pose
from scenes.stage.stuff import classed


@dataclass
class Lining:
    """Places assets along a street; everything of one kind and variant shares its meshes."""

    street: Street
    library: Library
    rng: np.random.Generator
    taken: list[tuple[float, float, float]] = field(default_factory=list)

    def free(self, x_m: float, y_m: float, radius_m: float) -> bool:
        """Take a circle of ground if nothing stands in it."""
        if any(np.hypot(x_m - x, y_m - y) < radius_m + r for x, y, r in self.taken):
            return False
        self.taken.append((x_m, y_m, radius_m))
        return True

    def stand(
        self,
        family: str,
        told: tuple[Any, ...],
        build: Any,
        finish: Finish,
        where: Pose,
        *,
        z_m: float = 0.0,
        mirrored: bool = False,
    ) -> None:
        """Place an asset that `build` makes and the cache remembers under `told`."""
        key, asset = self.library.meshes.get(family, told, lambda: classed(build(), family))
        matrix = pose(where.x_m, where.y_m, z_m, where.heading_deg)
        place_asset(family, key, asset, finish, matrix @ np.diag([1.0, -1.0, 1.0, 1.0]) if mirrored else matrix)

    def furnish(self, item: Item, level_m: float) -> None:
        """Place a piece of the catalogue."""
        piece = FURNITURE[item.name]
        variant = item.variant % piece.variants
        finish = piece.finish(variant, item.state) if item.state else piece.finish(variant)
        where = Pose(item.x_m, item.y_m, item.heading_deg)
        z = item.z_m or level_m
        build = partial(piece.geometry, variant)
        self.stand(item.name, (variant,), build, finish, where, z_m=z, mirrored=item.mirrored)
