"""The meshes of one heavy vehicle while it is being built: slots, bevelled boxes, rods, tanks and discs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, auto

import numpy as np
from numpy.typing import NDArray

from scenes.ontology import PARTS
from scenes.stage.asset import Asset, Beam, Piece, Solid
from scenes.stage.mesh import MeshBuilder, Points

CREASE_DEG = 32.0
"""Chamfers of 45 degrees stay crisp, lofted curves of up to 30 degrees a step are smooth."""


class Slot(IntEnum):
    """What a face shows; the finish knows the slots by their names in lower case."""

    PAINT = 0
    PAINT_SECOND = auto()
    GLASS = auto()
    GLASS_DARK = auto()
    DARK = auto()
    RUBBER = auto()
    ALLOY = auto()
    CHROME = auto()
    LENS = auto()
    LENS_RED = auto()
    LAMP_HEAD = auto()
    LAMP_TAIL = auto()
    LAMP_BRAKE = auto()
    LAMP_INDICATOR_LEFT = auto()
    LAMP_INDICATOR_RIGHT = auto()
    LAMP_REVERSING = auto()
    LIGHT_BAR = auto()
    PLATE = auto()
    INTERIOR = auto()
    SEAT = auto()
    SKIN_DRIVER = auto()
    CLOTH_DRIVER = auto()
    CARGO = auto()
    STEEL = auto()
    LOAD = auto()
    CURTAIN = auto()
    TARPAULIN = auto()
    TIMBER = auto()
    GRAVEL = auto()
    DECAL = auto()
    CONTOUR = auto()
    MARKER = auto()
    REFLECTOR = auto()
    SIGN = auto()
    SALOON_LAMP = auto()


SLOT_NAMES = tuple(slot.name.lower() for slot in Slot)
Point = Sequence[float] | NDArray[np.float64]
_CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float64)


def _bevel_faces() -> list[tuple[int, ...]]:
    """Return the faces of a chamfered box over 24 points: corner c gives 3c, 3c+1, 3c+2 on its x, y and z face."""
    faces: list[tuple[int, ...]] = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for sign in (-1, 1):
            order = [(-1, -1), (1, -1), (1, 1), (-1, 1)][::sign]
            faces.append(tuple(3 * _corner({axis: sign, u: a, v: b}) + axis for a, b in order))
        for a, b in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
            low, high = _corner({axis: -1, u: a, v: b}), _corner({axis: 1, u: a, v: b})
            edge = (3 * low + u, 3 * high + u, 3 * high + v, 3 * low + v)
            faces.append(edge if a * b < 0 else edge[::-1])
    for corner, signs in enumerate(_CORNERS):
        tip = (3 * corner, 3 * corner + 1, 3 * corner + 2)
        faces.append(tip if signs.prod() > 0 else tip[::-1])
    return faces


def _corner(signs: dict[int, int]) -> int:
    return sum((signs[axis] > 0) << (2 - axis) for axis in range(3))


_BEVEL = _bevel_faces()


class Coachwork:
    """Collects the meshes of a vehicle by name, and its beams.

    What glows goes to `lit(group)`, so that each light group has one solid.
    """

    def __init__(self) -> None:
        self.builders: dict[str, MeshBuilder] = {}
        self.wheels: list[Piece] = []
        self.beams: list[Beam] = []

    def part(self, part: str, mesh: str = "body") -> MeshBuilder:
        """Return the mesh called `mesh`, ready for faces of a part."""
        builder = self.builders.setdefault(mesh, MeshBuilder())
        builder.part = PARTS[part]
        return builder

    def lit(self, group: str, part: str) -> MeshBuilder:
        """Return the mesh of everything that glows in a light group."""
        return self.part(part, f"lit {group}")

    def asset(self) -> Asset:
        """Return what has been built."""
        pieces = [Piece(solid=_solid(name, made)) for name, made in self.builders.items() if made]
        return Asset(pieces=(*pieces, *self.wheels), beams=tuple(self.beams))


def _solid(name: str, builder: MeshBuilder) -> Solid:
    """Name only the slots that a mesh shows, so that its finish costs no unused material."""
    slots = np.concatenate(builder.slots)
    shown, compact = np.unique(slots, return_inverse=True)
    builder.slots = [compact.ravel()]
    group = name.removeprefix("lit ") if name.startswith("lit ") else ""
    names = [SLOT_NAMES[number] for number in shown]
    return builder.solid(name, names, smooth=True, crease_deg=CREASE_DEG, light_group=group)


def solid_of(name: str, builder: MeshBuilder) -> Solid:
    """Return a mesh of its own, for pieces that stand in several places."""
    return _solid(name, builder)


def bevel_box(
    builder: MeshBuilder,
    low: Point,
    high: Point,
    slot: int,
    *,
    bevel_m: float = 0.02,
    tint: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0),
) -> None:
    """Add a box with chamfered edges; the corners may come in any order."""
    corners = np.sort(np.array([low, high], dtype=np.float64), axis=0)
    middle, reach = corners.mean(axis=0), np.maximum((corners[1] - corners[0]) / 2, 1e-4)
    cut = min(bevel_m, 0.45 * float(reach.min()))
    inner = np.repeat(_CORNERS[:, None, :] * (reach - cut), 3, axis=1)
    inner[:, range(3), range(3)] = _CORNERS * reach
    builder.add(middle + inner.reshape(-1, 3), _BEVEL, int(slot), tint=tint)


def rod(builder: MeshBuilder, path: Sequence[Point] | Points, radius_m: float, slot: int, *, segments: int = 7) -> None:
    """Add a round bar along a path."""
    points = np.asarray(path, dtype=np.float64)
    builder.tube(points, [radius_m] * len(points), segments=segments, slot=int(slot))


def tank(
    builder: MeshBuilder, start: Point, end: Point, radius_m: float, slot: int, *, segments: int = 20, dome: float = 0.3
) -> None:
    """Add a cylinder with domed ends; `dome` is the depth of an end as a share of the radius."""
    first, last = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    axis = (last - first) / np.linalg.norm(last - first)
    angles = np.linspace(0, np.pi / 2, 6)
    ends = first + np.outer(radius_m * dome * (1 - np.sin(angles)), axis)
    others = last - np.outer(radius_m * dome * (1 - np.sin(angles)), axis)
    radii = np.concatenate([radius_m * np.sin(angles), radius_m * np.sin(angles)[::-1]])
    builder.tube(np.concatenate([ends, others[::-1]]), np.maximum(radii, 1e-3).tolist(), segments=segments, slot=slot)


def disc(builder: MeshBuilder, centre: Point, normal: Point, radius_m: float, slot: int, *, sides: int = 16) -> None:
    """Add a flat disc that faces along `normal`."""
    axis = np.asarray(normal, dtype=np.float64)
    axis = axis / np.linalg.norm(axis)
    helper = np.array([0.0, 0.0, 1.0]) if abs(axis[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    across = np.cross(helper, axis)
    across /= np.linalg.norm(across)
    angles = np.linspace(0, 2 * np.pi, sides, endpoint=False)[:, None]
    rim = np.cos(angles) * across + np.sin(angles) * np.cross(axis, across)
    builder.add(np.asarray(centre) + radius_m * rim, [tuple(range(sides))], int(slot))


def prism(builder: MeshBuilder, profile_xz: Points, y_m: tuple[float, float], slot: int) -> None:
    """Add a (K, 2) outline in x and z, counter-clockwise seen from the right, drawn out between two y."""
    count = len(profile_xz)
    points = np.array([[x, y, z] for y in sorted(y_m) for x, z in profile_xz])
    ends = [tuple(range(count)), tuple(range(2 * count - 1, count - 1, -1))]
    walls = [(i, i + count, (i + 1) % count + count, (i + 1) % count) for i in range(count)]
    builder.add(points, [*ends, *walls], int(slot))


def moved(point: Points, x_m: float, y_m: float, z_m: float) -> Points:
    """Return points that lie further along the axes."""
    return np.asarray(point + np.array([x_m, y_m, z_m]))
