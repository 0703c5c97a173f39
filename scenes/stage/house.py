"""Houses: which styles there are, their geometry, and what their faces show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from scenes.errors import InputError
from scenes.stage import block, flats, hall, high_street, homestead, house_finish
from scenes.stage.asset import Asset
from scenes.stage.fabric import Fabric
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.plan import Plan
from scenes.stage.surface import Surface

STYLES: Mapping[str, Callable[[Fabric, Plan], None]] = MappingProxyType(
    {
        "terrace": block.terrace,
        "apartment": flats.apartment,
        "office": block.office,
        "shop_house": high_street.shop_house,
        "detached": homestead.detached,
        "farm": homestead.farm,
        "industrial": hall.industrial,
        "warehouse": hall.warehouse,
    }
)
"""Style to its builder."""


def geometry(  # noqa: PLR0917  # the six things that a house is told
    style: str, width_m: float, depth_m: float, height_m: float, model: int, lit_share: float
) -> Asset:
    """Return a house: its front lies in the plane x = 0 and looks along +x, the house runs back to x = -depth_m.

    Args:
        style: one of `STYLES`.
        width_m: along y, centred on y = 0; walls keep to it, eaves and signs stand out by up to 1.5 m.
        depth_m: of the house.
        height_m: from the ground to the eaves or the parapet; roofs rise above it.
        model: draws the shape.
        lit_share: share of windows with light behind them.

    Raises:
        InputError: no such style, or sizes that are no house.
    """
    if style not in STYLES:
        raise InputError("house.style", f"must be one of {', '.join(STYLES)}", got=style)
    if min(width_m, depth_m) < 3 or height_m < 2.4 or not 0 <= lit_share <= 1:
        raise InputError(
            "house", "width and depth >= 3 m, height >= 2.4 m, lit_share in [0, 1]", got=(width_m, depth_m)
        )
    rng = np.random.default_rng([list(STYLES).index(style), model])
    fabric = Fabric()
    plan = Plan(width_m=width_m, depth_m=depth_m, height_m=height_m, lit_share=lit_share, rng=rng)
    STYLES[style](fabric, plan)
    return fabric.asset(f"{style} house")


def finish(style: str, model: int) -> dict[str, Surface]:
    """Return what each slot of a house shows."""
    return house_finish.finish(style, model)


Frame = Points
_WALLS = (
    (0.42, 0.36, 0.28),
    (0.5, 0.47, 0.42),
    (0.30, 0.12, 0.08),
    (0.22, 0.2, 0.19),
    (0.46, 0.3, 0.18),
    (0.55, 0.52, 0.45),
)
_ROOM_LIGHTS = ((1.0, 0.62, 0.30), (1.0, 0.74, 0.45), (1.0, 0.86, 0.68), (0.86, 0.93, 1.0), (1.0, 0.5, 0.2))
_SIGNS = ((1.0, 0.08, 0.05), (0.1, 0.5, 1.0), (0.15, 0.9, 0.35), (1.0, 0.75, 0.1), (1.0, 1.0, 1.0), (0.9, 0.15, 0.7))
WALL, GLASS, FRAME, STONE = range(4)


@dataclass
class House:
    """One house under construction: its own walls, and the street's lit panes."""

    rng: np.random.Generator
    lit: MeshBuilder
    lit_share: float
    mesh: MeshBuilder = field(default_factory=MeshBuilder)

    def __post_init__(self) -> None:
        self.floor_m = self.rng.uniform(2.9, 3.6)
        self.bay_m = self.rng.uniform(2.2, 3.6)
        self.window_m = (self.bay_m * self.rng.uniform(0.38, 0.62), self.floor_m * self.rng.uniform(0.48, 0.66))
        self.recess_m = self.rng.uniform(0.14, 0.28)
        self.balcony_share = self.rng.choice([0.0, 0.0, 0.25, 0.5])
        self.shop = bool(self.rng.random() < 0.6)

    def facade(self, origin: Points, along: Points, outward: Points, width_m: float, height_m: float) -> None:
        """Build one side: a ground floor, floors of windows, and a cornice."""
        bays = max(1, int(width_m // self.bay_m))
        bay = width_m / bays
        ground = 3.8
        floors = max(1, int((height_m - ground - 0.6) // self.floor_m))
        up = np.array([0.0, 0.0, 1.0])
        frame = np.stack([along, up, outward])
        for index in range(bays):
            self._shop(origin + along * index * bay, frame, bay, ground)
            for floor in range(floors):
                corner = origin + along * index * bay + up * (ground + floor * self.floor_m)
                self._bay(corner, frame, bay, self.floor_m)
        top = ground + floors * self.floor_m
        self._slab(origin + up * top, frame, (width_m, height_m - top), 0.0, WALL)
        self._slab(origin + up * (height_m - 0.35), frame, (width_m, 0.35), 0.28, STONE)
        self._slab(origin + up * (ground - 0.3), frame, (width_m, 0.22), 0.12, STONE)

    def _rect(
        self,
        origin: Points,
        frame: Frame,
        size: tuple[float, float, float, float],
        depth: float,
        slot: int,
    ) -> None:
        x0, x1, z0, z1 = size
        self.mesh.quad(
            origin + np.array([[x0, z0, depth], [x1, z0, depth], [x1, z1, depth], [x0, z1, depth]]) @ frame, slot
        )

    def _slab(self, origin: Points, frame: Frame, size_m: tuple[float, float], depth: float, slot: int) -> None:
        along, up, outward = frame
        width, height = size_m
        self._rect(origin, frame, (0, width, 0, height), depth, slot)
        if depth > 0:
            low, high = np.array([origin, origin + along * width]), np.array([origin + along * width, origin])
            self.mesh.quad(np.array([low[0], low[1], low[1] + outward * depth, low[0] + outward * depth])[::-1], slot)
            raised = up * height
            self.mesh.quad(
                np.array([high[1], high[0], high[0] + outward * depth, high[1] + outward * depth]) + raised, slot
            )

    def _opening(
        self,
        origin: Points,
        frame: Frame,
        cell: tuple[float, float],
        hole: tuple[float, float, float, float],
    ) -> None:
        """Wall around a hole, and the hole's reveals."""
        (width, height), (x0, x1, z0, z1) = cell, hole
        for size in ((0, width, 0, z0), (0, width, z1, height), (0, x0, z0, z1), (x1, width, z0, z1)):
            self._rect(origin, frame, size, 0.0, WALL)
        along, up, outward = frame
        ring = [origin + along * x + up * z for x, z in ((x0, z0), (x1, z0), (x1, z1), (x0, z1))]
        for start, end in zip(ring, ring[1:] + ring[:1], strict=True):
            self.mesh.quad(
                np.array([start, end, end - outward * self.recess_m, start - outward * self.recess_m]), STONE
            )

    def _pane(
        self,
        origin: Points,
        frame: Frame,
        hole: tuple[float, float, float, float],
        luminance: float,
        share: float,
    ) -> None:
        x0, x1, z0, z1 = hole
        along, up, outward = frame
        depth = -self.recess_m
        if self.rng.random() < share:
            corners = [
                origin + along * x + up * z + outward * depth for x, z in ((x0, z0), (x1, z0), (x1, z1), (x0, z1))
            ]
            colour = _ROOM_LIGHTS[int(self.rng.integers(len(_ROOM_LIGHTS)))]
            level = luminance * float(self.rng.lognormal(0, 0.7))
            self.lit.quad(np.array(corners), 0, tint=(*colour, level))
        else:
            self._rect(origin, frame, hole, depth, GLASS)
        bar = 0.05
        middle = (x0 + x1) / 2
        for size in (
            (middle - bar / 2, middle + bar / 2, z0, z1),
            (x0, x1, z1 - (z1 - z0) * 0.3, z1 - (z1 - z0) * 0.3 + bar),
            (x0, x0 + bar, z0, z1),
            (x1 - bar, x1, z0, z1),
            (x0, x1, z0, z0 + bar),
            (x0, x1, z1 - bar, z1),
        ):
            self._rect(origin, frame, size, depth + 0.04, FRAME)

    def _bay(self, origin: Points, frame: Frame, bay: float, floor: float) -> None:
        wide, high = min(self.window_m[0], bay - 0.5), self.window_m[1]
        hole = ((bay - wide) / 2, (bay + wide) / 2, 0.28 * floor, 0.28 * floor + high)
        self._opening(origin, frame, (bay, floor), hole)
        self._pane(origin, frame, hole, 60.0, self.lit_share)
        along, up, _ = frame
        if self.rng.random() < self.balcony_share:
            self._slab(origin + along * 0.2 + up * 0.02, frame, (bay - 0.4, 0.16), 0.9, STONE)
            self._rect(origin + along * 0.2 + up * 0.18, frame, (0, bay - 0.4, 0, 0.06), 0.88, FRAME)
            for step in np.arange(0, bay - 0.4, 0.16):
                self._rect(origin + along * 0.2 + up * 0.18, frame, (step, step + 0.025, 0, 0.9), 0.88, FRAME)
            self._rect(origin + along * 0.2 + up * 1.06, frame, (0, bay - 0.4, 0, 0.06), 0.88, FRAME)
        else:
            self._slab(origin + along * (hole[0] - 0.08) + up * (hole[2] - 0.1), frame, (wide + 0.16, 0.09), 0.1, STONE)

    def _shop(self, origin: Points, frame: Frame, bay: float, ground: float) -> None:
        if not self.shop:
            door = self.rng.random() < 0.3
            hole = (bay * 0.3, bay * 0.7, 0.06 if door else 1.1, 2.5)
            self._opening(origin, frame, (bay, ground), hole)
            self._pane(origin, frame, hole, 40.0, self.lit_share * 0.7)
            return
        hole = (0.18, bay - 0.18, 0.35, 2.75)
        self._opening(origin, frame, (bay, ground), hole)
        self._pane(origin, frame, hole, 160.0, min(0.9, 1.6 * self.lit_share))
        along, up, outward = frame
        if self.rng.random() < 0.35:
            colour = _SIGNS[int(self.rng.integers(len(_SIGNS)))]
            x0, z0 = 0.15 * bay, 2.92
            corners = [(x0, z0), (0.85 * bay, z0), (0.85 * bay, z0 + 0.42), (x0, z0 + 0.42)]
            face = np.array([origin + along * x + up * z + outward * 0.14 for x, z in corners])
            self.lit.quad(face, 1, tint=(*colour, 220.0 * float(self.rng.lognormal(0, 0.4))))
        else:
            self._slab(origin + along * 0.1 + up * 2.85, frame, (bay - 0.2, 0.5), 0.12, FRAME)

    def finish(self, name: str) -> None:
        """Make the Blender object."""
        from scenes.stage.materials import base as materials

        colour = np.array(_WALLS[int(self.rng.integers(len(_WALLS)))]) * self.rng.uniform(0.7, 1.15)
        surfaces = [
            materials.wall(f"{name} wall", colour.tolist(), brick=bool(colour[0] > 1.8 * colour[2])),
            materials.glass(f"{name} glass"),
            materials.plain(f"{name} frame", [float(self.rng.choice([0.02, 0.1, 0.5]))] * 3, roughness=0.5),
            materials.plain(f"{name} stone", (colour * 0.8 + 0.05).tolist(), roughness=0.85),
        ]
        self.mesh.build(name, surfaces)


def build_house(
    name: str, low: tuple[float, float], high: tuple[float, float], height_m: float, *, house: House, sides: str
) -> None:
    """Stand a house on the ground rectangle `low` to `high`.

    Args:
        name: of the Blender object.
        low: corner of least x and y on the ground, metres.
        high: the opposite corner.
        height_m: to the eaves.
        house: its style and generator.
        sides: which compass sides have a facade, of `south north west east` (south looks along -y).
    """
    (x0, y0), (x1, y1) = low, high
    base = -0.1
    faces = {
        "south": ((x0, y0), (1, 0), (0, -1), x1 - x0),
        "north": ((x1, y1), (-1, 0), (0, 1), x1 - x0),
        "west": ((x0, y1), (0, -1), (-1, 0), y1 - y0),
        "east": ((x1, y0), (0, 1), (1, 0), y1 - y0),
    }
    for side in sides.split():
        corner, along, outward, width = faces[side]
        house.facade(
            np.array([*corner, base], dtype=float), np.array([*along, 0.0]), np.array([*outward, 0.0]), width, height_m
        )
    house.mesh.quad([[x0, y0, height_m], [x1, y0, height_m], [x1, y1, height_m], [x0, y1, height_m]], STONE)
    house.mesh.box((x0 + 2, y0 + 2, height_m), (x0 + 4.5, y0 + 4.5, height_m + 2.2), STONE)
    house.finish(name)
