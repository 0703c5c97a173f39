"""Houses far off: boxes with window grids, gables, halls and chimneys, in rings round a place."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.nature.leaves import tinted

WALL, ROOF, STEEL = range(3)
SLOTS = ("wall", "roof", "steel")
_TONES = np.array(
    [
        (0.32, 0.3, 0.27),
        (0.24, 0.17, 0.12),
        (0.2, 0.1, 0.07),
        (0.36, 0.35, 0.33),
        (0.28, 0.25, 0.19),
        (0.15, 0.15, 0.16),
    ]
)
_TILES = np.array([(0.15, 0.06, 0.04), (0.09, 0.05, 0.04), (0.06, 0.06, 0.065), (0.12, 0.1, 0.085)])
_LAMPS = np.array([(1.25, 0.95, 0.55), (1.1, 0.98, 0.8), (0.9, 1.03, 1.1)])
_QUAD = np.arange(4)


@dataclass(frozen=True, kw_only=True, eq=False)
class Plots:
    """Where houses stand: (N, 3) middle of the foot, (N,) heading in radians, (N, 3) size in metres."""

    feet: Points
    headings: Points
    sizes_m: Points

    def __len__(self) -> int:
        return len(self.feet)

    def corners(self) -> Points:
        """Return the foot's corners, counter-clockwise, (N, 4, 3)."""
        cos, sin = np.cos(self.headings)[:, None], np.sin(self.headings)[:, None]
        x = self.sizes_m[:, :1] / 2 * [1, 1, -1, -1]
        y = self.sizes_m[:, 1:2] / 2 * [-1, 1, 1, -1]
        flat = np.stack([cos * x - sin * y, sin * x + cos * y, 0 * x], axis=-1)
        return np.asarray(self.feet[:, None] + flat)


@dataclass
class Skyline:
    """Collects houses, and windows with light behind them."""

    rng: np.random.Generator
    lit_share: float
    houses: MeshBuilder = field(default_factory=MeshBuilder)
    lights: MeshBuilder = field(default_factory=MeshBuilder)

    def blocks(self, plots: Plots) -> None:
        """Add flat-roofed blocks with a setback or a machine room on top."""
        tones = self._walls(plots, plots.sizes_m[:, 2])
        self._flat(plots, plots.sizes_m[:, 2], 0.6 * tones)
        top = Plots(
            feet=plots.feet + np.array([0, 0, 1.0]) * plots.sizes_m[:, 2:],
            headings=plots.headings,
            sizes_m=plots.sizes_m * self.rng.uniform((0.25, 0.3, 0.04), (0.7, 0.7, 0.16), plots.sizes_m.shape),
        )
        self._walls(top, top.sizes_m[:, 2], tones=0.85 * tones, windows=0.0)
        self._flat(top, top.sizes_m[:, 2], 0.5 * tones)

    def gables(self, plots: Plots) -> None:
        """Add houses with pitched roofs."""
        eaves = plots.sizes_m[:, 2] * 0.62
        tones = self._walls(plots, eaves)
        low = plots.corners() + np.array([0, 0, 1.0]) * eaves[:, None, None]
        ridge = np.stack([(low[:, 0] + low[:, 1]) / 2, (low[:, 2] + low[:, 3]) / 2], axis=1)
        ridge[..., 2] = (plots.feet[:, 2] + plots.sizes_m[:, 2])[:, None]
        slopes = [[low[:, 1], low[:, 2], ridge[:, 1], ridge[:, 0]], [low[:, 3], low[:, 0], ridge[:, 0], ridge[:, 1]]]
        rgb = _TILES[self.rng.integers(0, len(_TILES), len(plots))] * self.rng.uniform(0.8, 1.25, (len(plots), 1))
        for slope in slopes:
            self._faces(np.stack(slope, axis=1), rgb, ROOF)
        ends = [[low[:, 0], low[:, 1], ridge[:, 0]], [low[:, 2], low[:, 3], ridge[:, 1]]]
        for end in ends:
            self._faces(np.stack(end, axis=1), tones, ROOF)

    def halls(self, plots: Plots) -> None:
        """Add works' halls without windows, low-pitched."""
        tones = self._walls(plots, plots.sizes_m[:, 2], windows=0.12)
        self._flat(plots, plots.sizes_m[:, 2], 0.8 * tones)

    def chimney(self, foot: Points, radius_m: float, height_m: float, rgb: tuple[float, float, float]) -> None:
        """Add a chimney, silo or tank."""
        profile = np.array([(radius_m, -2.0), (0.72 * radius_m if height_m > 6 * radius_m else radius_m, height_m)])
        profile = np.concatenate([profile, [(0.01, height_m + 0.1 * radius_m)]])
        self.houses.lathe(profile, segments=12, slot=STEEL)
        self.houses.vertices[-1] = self.houses.vertices[-1] + foot
        tinted(self.houses, np.tile([*rgb, 1.0], (24, 1)))

    def _walls(self, plots: Plots, heights: Points, *, tones: Points | None = None, windows: float = 1.0) -> Points:
        low = plots.corners()
        if tones is None:
            picks = self.rng.integers(0, len(_TONES), len(plots))
            tones = _TONES[picks] * self.rng.uniform(0.7, 1.2, (len(plots), 1))
        glazed = self.rng.uniform(0.7, 1.3, len(plots)) * windows
        for side in range(4):
            a, b = low[:, side], low[:, (side + 1) % 4]
            up = np.array([0, 0, 1.0]) * heights[:, None]
            corners = np.stack([a - [0, 0, 3.0], b - [0, 0, 3.0], b + up, a + up], axis=1)
            wide = np.linalg.norm(b - a, axis=1)
            uv = np.zeros((len(plots), 4, 2))
            uv[:, 1:3, 0] = wide[:, None]
            uv[:, :2, 1], uv[:, 2:, 1] = -3.0, heights[:, None]
            self._faces(corners, tones, WALL, free=glazed, uv=uv)
            if windows > 0.5:
                self._light(a, b, heights)
        return np.asarray(tones)

    def _flat(self, plots: Plots, heights: Points, tones: Points) -> None:
        self._faces(plots.corners() + np.array([0, 0, 1.0]) * heights[:, None, None], tones, ROOF)

    def _faces(
        self, corners: Points, rgb: Points, slot: int, *, free: Points | None = None, uv: Points | None = None
    ) -> None:
        count, size = corners.shape[:2]
        flat = None if uv is None else uv.reshape(-1, 2)
        self.houses.add(corners.reshape(-1, 3), np.arange(count * size).reshape(count, size), slot, uv=flat)
        last = np.ones(count) if free is None else free
        tinted(self.houses, np.concatenate([rgb, last[:, None]], axis=1))

    def _light(self, first: Points, second: Points, heights: Points) -> None:
        """Put light behind some windows of the walls that look at the place."""
        along = second - first
        wide = np.linalg.norm(along, axis=1)
        along = along / wide[:, None]
        outward = np.stack([along[:, 1], -along[:, 0], 0 * wide], axis=1)
        facing = (outward * ((first + second) / 2 - [80.0, 0.0, 0.0])).sum(axis=1) < 0
        bays, storeys = (wide / 3.2).astype(int), (heights / 3.1).astype(int)
        wanted = self.rng.binomial(np.maximum(bays * storeys, 0), self.lit_share * 0.14) * facing
        wall = np.repeat(np.arange(len(wide)), wanted)
        if not len(wall):
            return
        x = 3.2 * (self.rng.random(len(wall)) * bays[wall]).astype(int) + 0.1
        z = 3.1 * (self.rng.random(len(wall)) * storeys[wall]).astype(int) + 0.45
        foot = first[wall] + along[wall] * x[:, None] + outward[wall] * 0.06
        step, up = along[wall] * 1.6, np.array([0, 0, 1.3])
        low = foot + np.array([0, 0, 1.0]) * z[:, None]
        self.lights.add(
            np.stack([low, low + step, low + step + up, low + up], axis=1).reshape(-1, 3),
            np.arange(4 * len(wall)).reshape(-1, 4),
        )
        rgb = _LAMPS[self.rng.choice(3, len(wall), p=[0.5, 0.35, 0.15])]
        tinted(self.lights, np.concatenate([rgb, self.rng.lognormal(2.8, 0.7, (len(wall), 1))], axis=1))
