"""A piece of street furniture under construction: patches that know their slot, their part and their light group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.asset import Asset, Beam, Piece
from scenes.stage.mesh import Indices, MeshBuilder, Points
from scenes.stage.pose import turn

CREASE_DEG = 35.0
_WHITE = (1.0, 1.0, 1.0, 1.0)
Outline = Sequence[Sequence[float]] | Points


@dataclass
class Patchwork(MeshBuilder):
    """A mesh whose next faces show the slot and have the part chosen last, moved by `frame`."""

    names: list[str] = field(default_factory=list)
    slot: int = 0
    frame: Points = field(default_factory=lambda: np.eye(4))

    def add(
        self,
        points: Points,
        faces: Sequence[Sequence[int]] | Indices,
        slot: int | Indices = 0,  # noqa: ARG002  # the chosen slot counts
        *,
        uv: Points | None = None,
        tint: tuple[float, float, float, float] = _WHITE,
        part: int | Indices | None = None,
    ) -> None:
        """Add a patch in the chosen slot; see `MeshBuilder.add`."""
        points = np.asarray(points, dtype=np.float64).reshape(-1, 3)
        super().add(points @ self.frame[:3, :3].T + self.frame[:3, 3], faces, self.slot, uv=uv, tint=tint, part=part)

    def loft(self, rings: Points, *, caps: bool = True) -> None:
        """Join (levels, K, 3) rings, counter-clockwise about the direction in which they follow each other."""
        self.grid(np.swapaxes(np.asarray(rings, dtype=np.float64), 0, 1), closed=True)
        if caps:
            corners = list(range(rings.shape[1]))
            self.add(rings[0], [corners[::-1]])
            self.add(rings[-1], [corners])

    def extrude(self, outline: Outline, low_m: float, high_m: float, *, axis: str = "x", bevel_m: float = 0.0) -> None:
        """Make a prism of a (K, 2) outline, counter-clockwise as seen against the axis.

        Args:
            outline: (y, z) for axis x, (z, x) for y, (x, y) for z.
            low_m: where it starts along the axis.
            high_m: where it ends.
            axis: "x", "y" or "z".
            bevel_m: width by which both ends are drawn in.
        """
        flat = np.asarray(outline, dtype=np.float64)
        drawn = inset(flat, bevel_m) if bevel_m else flat
        rows = [(drawn, low_m), (flat, low_m + bevel_m), (flat, high_m - bevel_m), (drawn, high_m)]
        self.loft(np.stack([on_axis(ring, level, axis) for ring, level in (rows if bevel_m else rows[::3])]))

    def face(self, outline: Outline, at_m: float, *, axis: str = "x", uv: bool = False) -> None:
        """Add one polygon that looks along the axis; UVs run over its extent once if asked."""
        flat = np.asarray(outline, dtype=np.float64)
        span = (flat - flat.min(axis=0)) / np.maximum(np.ptp(flat, axis=0), 1e-9)
        self.add(on_axis(flat, at_m, axis), [tuple(range(len(flat)))], uv=span if uv else None)

    def block(self, low: Sequence[float], high: Sequence[float], bevel_m: float = 0.01, corners: int = 1) -> None:
        """Add a box with rounded upright edges and bevelled top and bottom."""
        flat = rounded_box(low[0], high[0], low[1], high[1], bevel_m, corners)
        self.extrude(flat, low[2], high[2], axis="z", bevel_m=min(bevel_m, (high[2] - low[2]) / 3))

    def bar(
        self, start: Sequence[float] | Points, end: Sequence[float] | Points, radius_m: float, *, segments: int = 8
    ) -> None:
        """Add a round bar with closed ends."""
        self.pipe(np.array([start, end], dtype=np.float64), radius_m, segments=segments)

    def pipe(self, path: Outline, radius_m: float | Sequence[float], *, segments: int = 8) -> None:
        """Sweep a circle along a (K, 3) path and close its ends."""
        line = np.asarray(path, dtype=np.float64)
        radii = np.broadcast_to(np.asarray(radius_m, dtype=np.float64), len(line))
        around = np.linspace(0, 2 * np.pi, segments, endpoint=False)[:, None]
        side, up = _frames(line)
        self.loft(
            np.stack(
                [
                    at + r * (np.cos(around) * s + np.sin(around) * u)
                    for at, r, s, u in zip(line, radii, side, up, strict=True)
                ]
            )
        )

    def strip(self, start: Sequence[float], end: Sequence[float], width_m: float, depth_m: float) -> None:
        """Add a bar of rectangular section; the width lies level, the depth across it."""
        line = np.array([start, end], dtype=np.float64)
        side, up = _frames(line)
        corner = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) / 2 * (width_m, depth_m)
        self.loft(np.stack([at + corner[:, :1] * side[0] + corner[:, 1:] * up[0] for at in line]))

    def turned(self, profile: Outline, *, segments: int = 12) -> None:
        """Turn a (K, 2) profile of (radius, height), listed upwards, about the vertical axis."""
        self.lathe(np.asarray(profile, dtype=np.float64), segments=segments)


@dataclass
class Draft:
    """Collects one piece of furniture, a mesh for each light group."""

    works: dict[str, Patchwork] = field(default_factory=dict)
    frame: Points = field(default_factory=lambda: np.eye(4))
    beams: list[Beam] = field(default_factory=list)

    def use(self, slot: str, part: str = "body", group: str = "") -> Patchwork:
        """Return the mesh of a light group, set to a slot and a part."""
        work = self.works.setdefault(group, Patchwork())
        if slot not in work.names:
            work.names.append(slot)
        work.slot, work.part, work.frame = work.names.index(slot), PARTS[part], self.frame
        return work

    @contextmanager
    def moved(self, x_m: float = 0.0, y_m: float = 0.0, z_m: float = 0.0, heading_deg: float = 0.0) -> Iterator[None]:
        """Build everything that is chosen inside at another place."""
        before, local = self.frame, np.eye(4)
        local[:3, :3], local[:3, 3] = turn(heading_deg), (x_m, y_m, z_m)
        self.frame = before @ local
        yield
        self.frame = before

    @contextmanager
    def tilted(self, degrees: float, axis: str = "y") -> Iterator[None]:
        """Turn everything that is chosen inside about the local x or y axis."""
        before, local = self.frame, np.eye(4)
        cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
        local[:3, :3] = (
            [[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]] if axis == "y" else [[1, 0, 0], [0, cos, -sin], [0, sin, cos]]
        )
        self.frame = before @ local
        yield
        self.frame = before

    def asset(self, name: str) -> Asset:
        """Return the finished furniture."""
        pieces = [
            Piece(
                solid=work.solid(
                    f"{name} {group}".strip(), work.names, smooth=True, crease_deg=CREASE_DEG, light_group=group
                )
            )
            for group, work in self.works.items()
            if work
        ]
        return Asset(pieces=tuple(pieces), beams=tuple(self.beams))


def opaque(rgb: Points | Sequence[float]) -> tuple[float, float, float, float]:
    """Return a colour as a face's tint."""
    return float(rgb[0]), float(rgb[1]), float(rgb[2]), 1.0


def on_axis(flat: Points, level_m: float, axis: str) -> Points:
    """Return a (K, 2) outline as (K, 3) points in the plane across an axis."""
    order = {"x": (2, 0, 1), "y": (1, 2, 0), "z": (0, 1, 2)}[axis]
    return np.column_stack([flat, np.full(len(flat), level_m)])[:, order]


def inset(outline: Points, width_m: float) -> Points:
    """Return a convex counter-clockwise outline drawn in by a width."""
    ahead = np.roll(outline, -1, axis=0) - outline
    normal = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    both = normal + np.roll(normal, 1, axis=0)
    both /= np.maximum((both * both).sum(axis=1, keepdims=True) / 2, 0.2)
    return outline + width_m * both


def rounded_box(  # noqa: PLR0917  # a rectangle reads as four numbers
    x0: float, x1: float, y0: float, y1: float, radius_m: float, corners: int = 3
) -> Points:
    """Return the outline of a rectangle with round corners, counter-clockwise; no `corners` leaves them square."""
    radius = min(radius_m, (x1 - x0) / 2.01, (y1 - y0) / 2.01)
    if corners == 0:
        return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    middles = [
        (x1 - radius, y0 + radius, -90),
        (x1 - radius, y1 - radius, 0),
        (x0 + radius, y1 - radius, 90),
        (x0 + radius, y0 + radius, 180),
    ]
    arcs = []
    for x, y, start in middles:
        angle = np.deg2rad(np.linspace(start, start + 90, corners + 1))
        arcs.append(np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)]))
    return np.concatenate(arcs)


def regular(count: int, radius_m: float, start_deg: float = 90.0, centre: Sequence[float] = (0.0, 0.0)) -> Points:
    """Return the corners of a regular polygon, counter-clockwise."""
    angle = np.deg2rad(start_deg) + np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.column_stack([centre[0] + radius_m * np.cos(angle), centre[1] + radius_m * np.sin(angle)])


def rounded(outline: Outline, radius_m: float, corners: int = 3) -> Points:
    """Return a convex counter-clockwise outline with its corners rounded."""
    points = np.asarray(outline, dtype=np.float64)
    made = []
    for before, at, after in zip(np.roll(points, 1, axis=0), points, np.roll(points, -1, axis=0), strict=True):
        first, second = before - at, after - at
        first, second = first / np.linalg.norm(first), second / np.linalg.norm(second)
        reach = radius_m / np.tan(np.arccos(np.clip(first @ second, -1, 1)) / 2)
        share = np.linspace(0, 1, corners + 1)[:, None]
        made.append(
            (1 - share) ** 2 * (at + reach * first) + 2 * share * (1 - share) * at + share**2 * (at + reach * second)
        )
    return np.concatenate(made)


def _frames(line: Points) -> tuple[Points, Points]:
    """Return unit vectors across a path, carried along it without twist; side x up is the way ahead."""
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-12
    helper = np.array([0.0, 1.0, 0.0]) if abs(tangent[0, 2]) > 0.9 else np.array([0.0, 0.0, 1.0])
    side = [np.cross(helper, tangent[0])]
    for ahead in tangent[1:]:
        side.append(side[-1] - (side[-1] @ ahead) * ahead)
    across = np.stack(side)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    return across, np.cross(tangent, across)
