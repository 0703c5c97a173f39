"""Tubes, turned parts, sheets and rounded bodies: what two- and three-wheelers are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.asset import Array, Piece, Solid
from scenes.stage.mesh import MeshBuilder, Points

Vector = Sequence[float] | Points
Path = Sequence[Vector] | Points
Profile = Sequence[Sequence[float]] | Points
_CREASE_DEG = 38.0


@dataclass
class Workpiece(MeshBuilder):
    """A mesh under construction whose next faces show the slot and have the part chosen by `use`."""

    names: list[str] = field(default_factory=list)
    slot: int = 0

    def use(self, slot: str, part: str) -> Workpiece:
        """Choose slot and part of what comes next."""
        if slot not in self.names:
            self.names.append(slot)
        self.slot, self.part = self.names.index(slot), PARTS[part]
        return self

    def finished(self, name: str, *, light_group: str = "") -> Solid:
        """Return the solid, smooth up to a crease."""
        return self.solid(name, self.names, smooth=True, crease_deg=_CREASE_DEG, light_group=light_group)

    def pieces(self, name: str, *matrices: Array, light_group: str = "") -> tuple[Piece, ...]:
        """Return the piece, or nothing if nothing was added."""
        if not self:
            return ()
        return (Piece(solid=self.finished(name, light_group=light_group), matrices=matrices or (np.eye(4),)),)


def rod(work: Workpiece, start: Vector, end: Vector, radius_m: float, *, segments: int = 8) -> None:
    """Add a straight round bar with flat ends."""
    pipe(work, [start, end], radius_m, segments=segments, bends=1)


def pipe(work: Workpiece, path: Path, radius_m: float | Sequence[float], *, segments: int = 8, bends: int = 3) -> None:
    """Add a bent tube with flat ends.

    Args:
        work: what it belongs to.
        path: (K, 3) points that it passes, K >= 2.
        radius_m: one, or one for each point.
        segments: corners of its section.
        bends: pieces between two points; 1 keeps sharp corners.
    """
    knots = np.asarray(path, dtype=np.float64)
    radii = np.broadcast_to(np.asarray(radius_m, dtype=np.float64), len(knots))
    segments = min(segments, 4 + int(radii.max() / 0.005))  # thin tubes need few corners
    centres = spline(np.column_stack([knots, radii]), bends)
    rings = _rings(centres[:, :3], np.maximum(centres[:, 3], 1e-4), segments)
    _skin(work, rings)


def spline(knots: Points, bends: int) -> Points:
    """Return a Catmull-Rom curve through (K, D) points with `bends` pieces between two of them."""
    if bends == 1 or len(knots) == 2:
        return knots
    before, after = 2 * knots[0] - knots[1], 2 * knots[-1] - knots[-2]
    padded = np.vstack([before, knots, after])
    t = np.linspace(0, 1, bends, endpoint=False)[None, :, None]
    p0, p1, p2, p3 = (padded[index : len(padded) - 3 + index, None] for index in range(4))
    curve = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    return np.asarray(np.vstack([curve.reshape(-1, knots.shape[1]), knots[-1:]]))


def _rings(centres: Points, radii: Points, segments: int) -> Points:
    tangents = np.gradient(centres, axis=0)
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True) + 1e-12
    normal = np.cross(tangents[:-1], tangents[1:]).sum(axis=0)
    if np.linalg.norm(normal) < 1e-3:
        normal = np.eye(3)[np.argmin(np.abs(tangents).sum(axis=0))]
    side = normal - (tangents @ normal)[:, None] * tangents
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-12
    up = np.cross(tangents, side)
    angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    around = np.cos(angles)[None, :, None] * side[:, None] + np.sin(angles)[None, :, None] * up[:, None]
    return np.asarray(centres[:, None] + radii[:, None, None] * around)


def _skin(work: Workpiece, rings: Points, *, capped: bool = True) -> None:
    """Cover (K, N, 3) rings that run counter-clockwise about their direction of travel."""
    work.grid(rings.transpose(1, 0, 2), work.slot, closed=True)
    if capped:
        count = rings.shape[1]
        work.add(rings[0], np.arange(count)[None, ::-1], work.slot)
        work.add(rings[-1], np.arange(count)[None], work.slot)


def turned(
    work: Workpiece,
    centre: Vector,
    profile: Profile,
    *,
    axis: Vector = (0.0, 1.0, 0.0),
    segments: int = 24,
    capped: bool = False,
) -> None:
    """Add a body of revolution.

    Args:
        work: what it belongs to.
        centre: the axis' origin.
        profile: (K, 2) radius and place along the axis, in the axis' direction for a solid body.
        axis: its direction.
        segments: around.
        capped: whether flat discs close both ends.
    """
    along = np.asarray(axis, dtype=np.float64) / np.linalg.norm(axis)
    helper = np.eye(3)[np.argmin(np.abs(along))]
    side = np.cross(along, helper)
    side /= np.linalg.norm(side)
    up = np.cross(along, side)
    angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    around = np.cos(angles)[:, None] * side + np.sin(angles)[:, None] * up
    shape = np.asarray(profile, dtype=np.float64)
    rings = np.asarray(centre) + shape[:, None, 1:] * along + shape[:, None, :1] * around
    _skin(work, rings, capped=capped)


def drum(
    work: Workpiece,
    centre: Vector,
    radius_m: float,
    half_m: float,
    *,
    axis: Vector = (0.0, 1.0, 0.0),
    segments: int = 20,
) -> None:
    """Add a disc with rounded edges."""
    edge = min(0.15 * radius_m, 0.6 * half_m)
    profile = [(radius_m - edge, -half_m), (radius_m, -half_m + edge), (radius_m, half_m - edge)]
    segments = min(segments, 8 + round(radius_m / 0.012))
    turned(work, centre, [*profile, (radius_m - edge, half_m)], axis=axis, segments=segments, capped=True)


def hull(work: Workpiece, stations: Profile, *, y_m: float = 0.0, segments: int = 20, pieces: int = 16) -> None:
    """Add a rounded body along x.

    Args:
        work: what it belongs to.
        stations: (K, 6), back to front: x, z of the widest line, half width, height above it, depth below it, and how
            square the section is (2 an ellipse, 4 a rounded box).
        y_m: where its middle is.
        segments: corners of a section.
        pieces: sections that are lofted.
    """
    knots = np.asarray(stations, dtype=np.float64)
    curve = spline(knots, max(1, round(pieces / (len(knots) - 1))))
    x, z, half, above, below, square = curve.T[:, :, None]
    angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)[None]
    cos, sin = np.cos(angles), np.sin(angles)
    across = np.sign(cos) * np.abs(cos) ** (2 / square)
    up = np.sign(sin) * np.abs(sin) ** (2 / square)
    half, above, below = (np.maximum(size, 0.002) for size in (half, above, below))
    rings = np.stack([x + 0 * cos, y_m + half * across, z + np.where(up > 0, above, below) * up], axis=-1)
    _skin(work, rings)


def prism(work: Workpiece, outline: Profile, low_y_m: float, high_y_m: float) -> None:
    """Add a flat part: a (K, 2) outline in x and z, between two y."""
    flat = np.asarray(outline, dtype=np.float64)
    following = np.roll(flat, -1, axis=0)
    if (flat[:, 0] * following[:, 1] - flat[:, 1] * following[:, 0]).sum() > 0:
        flat = flat[::-1]
    near, far = (np.column_stack([flat[:, 0], np.full(len(flat), y), flat[:, 1]]) for y in (low_y_m, high_y_m))
    _skin(work, np.stack([near, far]))


def sheet(work: Workpiece, points: Points, thick_m: float = 0.0) -> None:
    """Add an open (rows, columns, 3) surface, or a plate of some thickness along its normals."""
    if not thick_m:
        work.grid(points, work.slot)
        return
    rows, columns = np.gradient(points, axis=0), np.gradient(points, axis=1)
    normals = np.cross(rows, columns)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True) + 1e-12
    outer = points + 0.5 * thick_m * normals
    inner = points - 0.5 * thick_m * normals
    shell = np.concatenate([outer, inner[::-1]], axis=0)
    work.grid(shell, work.slot, closed=True)
    work.grid(np.stack([outer[:, 0], inner[:, 0]]), work.slot)
    work.grid(np.stack([inner[:, -1], outer[:, -1]]), work.slot)


def guard(
    work: Workpiece,
    centre_xz: tuple[float, float],
    radius_m: float,
    degrees: tuple[float, float],
    half_m: float,
    *,
    crown_m: float = 0.02,
    y_m: float = 0.0,
    pieces: int = 15,
) -> None:
    """Add a mudguard: an arc about an axle, from one angle to the other (0 ahead, 90 above), with a curved section."""
    angles = np.deg2rad(np.linspace(*degrees, pieces))[:, None]
    across = np.linspace(-1, 1, 6)[None]
    radius = radius_m + crown_m * (1 - across**2)
    points = np.stack(
        [
            centre_xz[0] + radius * np.cos(angles),
            y_m + half_m * across + 0 * angles,
            centre_xz[1] + radius * np.sin(angles),
        ],
        axis=-1,
    )
    sheet(work, points, 0.003)


def block(work: Workpiece, low: Vector, high: Vector, *, edge_m: float = 0.006) -> None:
    """Add a box with chamfered long edges."""
    lo, hi = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    edge = min(edge_m, 0.4 * float((hi - lo).min()))
    corner = [(lo[1] + edge, lo[2]), (hi[1] - edge, lo[2]), (hi[1], lo[2] + edge), (hi[1], hi[2] - edge)]
    corner += [(hi[1] - edge, hi[2]), (lo[1] + edge, hi[2]), (lo[1], hi[2] - edge), (lo[1], lo[2] + edge)]
    section = np.array(corner)
    middle = section.mean(axis=0)
    inset = middle + (section - middle) * (1 - edge / np.maximum(np.abs(section - middle).max(), 1e-6))
    ends = ((lo[0], inset), (lo[0] + edge, section), (hi[0] - edge, section), (hi[0], inset))
    _skin(work, np.stack([np.column_stack([np.full(8, x), flat]) for x, flat in ends]))


def ball(work: Workpiece, centre: Vector, radii: Vector, *, segments: int = 10) -> None:
    """Add an ellipsoid."""
    polar = np.linspace(-0.5 * np.pi, 0.5 * np.pi, segments // 2 + 1)[:, None]
    angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)[None]
    around = np.maximum(np.cos(polar), 1e-3)
    unit = np.stack([around * np.cos(angles), around * np.sin(angles), np.sin(polar) + 0 * angles], axis=-1)
    _skin(work, np.asarray(centre) + unit * np.asarray(radii), capped=False)
