"""A passenger car's outer surface as sheets: the wall around it, bonnet and boot lid, and the glazed cabin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.cars.car_shape import Shape
from scenes.stage.cars.car_slots import Slot
from scenes.stage.cars.sheet import Sheet
from scenes.stage.mesh import Indices, Points

_ROWS = 12
_ROUND_DEG = np.array([22.0, 44.0, 66.0, 86.0])


@dataclass(frozen=True, kw_only=True)
class Wall:
    """The wall from sill to belt: a closed (ring, rows, 3) grid, nose first, then the left flank.

    Args:
        points: the grid.
        around_m: (ring,) signed length along the outline from the nose, positive on the left.
        length_m: of the outline from nose to tail.
        height: (ring, rows) from 0 at the lower edge to 1 at the belt.
        normal: (ring, 2) outward, in plan.
    """

    points: Points
    around_m: Points
    length_m: float
    height: Points
    normal: Points

    def at(self, around_m: Points, z_m: Points, *, tail: bool = False) -> Points:
        """Return points (K, 3) on the wall, by length along the outline from the nose (or the tail) and height.

        At the tail, positive lengths lie on the left as well.
        """
        around, wanted = np.asarray(around_m, dtype=np.float64), np.asarray(z_m, dtype=np.float64)
        if tail:
            around = np.where(around >= 0, self.length_m - around, -self.length_m - around)
        order = np.argsort(self.around_m)
        ring = self.around_m[order]
        right = np.clip(np.searchsorted(ring, around), 1, len(ring) - 1)
        share: Points = ((around - ring[right - 1]) / (ring[right] - ring[right - 1]))[:, None]
        before, after = self._column(order[right - 1], wanted), self._column(order[right], wanted)
        return np.asarray(before + share * (after - before))

    def _column(self, index: Indices, z_m: Points) -> Points:
        made = np.empty((len(index), 3))
        for row, (number, z) in enumerate(zip(index, z_m, strict=True)):
            column = self.points[number]
            made[row] = [np.interp(z, column[:, 2], column[:, axis]) for axis in range(3)]
        return made

    def sheet(self) -> Sheet:
        """Return the wall as a sheet with `front` and `tail` (unsigned lengths from nose and tail) and normals."""
        front = np.abs(self.around_m)[:, None]
        attrs = {
            "front": front,
            "tail": self.length_m - front,
            "height": self.height,
            "nx": self.normal[:, :1],
            "ny": self.normal[:, 1:],
        }
        return Sheet.of_grid(self.points, attrs, slot=Slot.PAINT, part=PARTS["body"], closed=True)


def wall_of(shape: Shape) -> Wall:
    """Return the wall of a shape."""
    ring, normal, around, length = _outline(shape)
    top = shape.belt_m(ring[:, 0])
    ahead, behind = np.clip(normal[:, 0], 0, 1) ** 2, np.clip(-normal[:, 0], 0, 1) ** 2
    flank = normal[:, 1] ** 2
    bottom = shape.sill_m * (1 + 0.25 * behind - 0.06 * ahead)
    shoulder = 1 / (1 + np.exp((ring[:, 0] - shape.screen_base_m) / 0.12))
    side_in = 0.03 if shape.boxed else 0.045 + 0.5 * (shape.edge_m - 0.045)
    inward = flank * (shoulder * side_in + (1 - shoulder) * (side_in + shape.edge_m))
    inward += ahead * min(0.05 + 1.1 * shape.edge_m, 0.55 * shape.corner_m) + behind * (
        0.05 if not shape.boxed else 0.03
    )
    down = flank * 0.05 + ahead * (0.03 + 0.9 * shape.edge_m) + behind * 0.045
    straight = bottom[:, None] + (top - down - bottom)[:, None] * np.linspace(0, 1, _ROWS)
    angle = np.deg2rad(_ROUND_DEG)
    rounded = (top - down)[:, None] + down[:, None] * np.sin(angle)
    z = np.concatenate([straight, rounded], axis=1)
    height = (z - bottom[:, None]) / (top - bottom)[:, None]
    inset = np.concatenate([np.zeros_like(straight), inward[:, None] * (1 - np.cos(angle))], axis=1)
    inset += _profile(shape, ring, normal, height, z)
    points = np.concatenate([ring[:, None, :] - inset[..., None] * normal[:, None, :], z[..., None]], axis=-1)
    points[..., 0] -= (
        _rake_m(shape)
        * _smooth((points[..., 0] - shape.nose_x_m + 0.62) / 0.5)
        * (np.clip((height - 0.45) / 0.55, 0, 1) ** 1.4)
    )
    points[..., 1] *= shape.half_m / np.abs(points[..., 1]).max()
    reach = points[..., 0].max(), points[..., 0].min()
    points[..., 0] = np.interp(points[..., 0], reach[::-1], (-shape.nose_x_m, shape.nose_x_m))
    return Wall(points=points, around_m=around, length_m=length, height=height, normal=normal)


def _rake_m(shape: Shape) -> float:
    """Return how far the bonnet's edge lies behind the bumper."""
    if shape.boxed:
        return 0.16
    return 0.03 if shape.kind in ("suv", "pickup") else 0.075 - 0.04 * shape.boxy


def _smooth(value: Points) -> Points:
    """Return a smooth step from 0 to 1."""
    share = np.clip(value, 0, 1)
    return np.asarray(share * share * (3 - 2 * share))


def _profile(shape: Shape, ring: Points, normal: Points, height: Points, z: Points) -> Points:
    """Return how far the section lies inside the outline: sill tuck, shoulder crease, flares, bumpers, rake."""
    ahead, behind = np.clip(normal[:, :1], 0, 1) ** 2, np.clip(-normal[:, :1], 0, 1) ** 2
    flank = normal[:, 1:] ** 2
    tuck = 0.055 * np.clip(1 - height / 0.30, 0, 1) ** 2
    crease_at = shape.crease_at + 0.05 * (-ring[:, :1] / shape.nose_x_m)
    below = (crease_at - height) / 0.22
    crease = shape.crease_m * np.clip(1 - below, 0, 1) * np.clip(below * 8, 0, 1)
    lean = 0.03 * np.clip((height - 0.55) / 0.45, 0, 1) ** 1.5
    far = [np.hypot(ring[:, :1] - axle, z - shape.tyre_m) / shape.arch_m for axle in shape.axles_m]
    near = sum(np.exp(-(np.clip((value - 1.0) / 0.22, 0, None) ** 2)) for value in far)
    side = tuck + crease + lean + shape.flare_m * (1 - near)
    bumper = 0.012 + 0.022 * shape.boxy
    step = 1 / (1 + np.exp(-(height - 0.56 - 0.04 * shape.boxy) / 0.02))
    nose = 0.06 * np.clip(1 - height / 0.32, 0, 1) ** 2 + bumper * step
    rear_step = 1 / (1 + np.exp(-(height - 0.50) / 0.02))
    tail = 0.05 * np.clip(1 - height / 0.32, 0, 1) ** 2 + (0.03 + 0.02 * shape.boxy) * rear_step
    return np.asarray(side * flank + nose * ahead + tail * behind)


def _outline(shape: Shape) -> tuple[Points, Points, Points, float]:
    """Return the plan outline (ring, 2), its normals, the signed length from the nose and the length to the tail."""
    half, nose = shape.half_m, shape.nose_x_m
    rear_corner = (0.10 if shape.boxed else 0.18) + 0.14 * (1 - shape.boxy) * (0.3 if shape.boxed else 1.0)
    rear_bow = 0.03 if shape.boxed else 0.04 + 0.05 * (1 - shape.boxy)
    turn = np.linspace(0, np.pi / 2, 200)
    power = 2 / (2.15 + 0.5 * shape.boxy)
    front_in = 0.75 * shape.corner_m
    front = np.stack(
        [
            nose - shape.bow_m - shape.corner_m * (1 - np.cos(turn) ** power),
            half - front_in * (1 - np.sin(turn) ** power),
        ],
        axis=-1,
    )
    rear = np.stack(
        [
            -nose + rear_bow + rear_corner * (1 - np.cos(turn) ** power),
            half - 0.7 * rear_corner * (1 - np.sin(turn) ** power),
        ],
        axis=-1,
    )[::-1]
    flank = np.stack([np.linspace(front[-1, 0], rear[0, 0], 400)[1:-1], np.full(398, half)], axis=-1)
    faces = [np.stack([np.full(200, end[0]), np.linspace(0, end[1], 200)], axis=-1) for end in (front[0], rear[-1])]
    line = np.concatenate([faces[0][:-1], front, flank, rear, faces[1][::-1][1:]])
    bow = np.where(line[:, 0] > 0, shape.bow_m, -rear_bow) * np.clip(2 * np.abs(line[:, 0]) / nose - 1, 0, 1)
    line[:, 0] += bow * (1 - (line[:, 1] / half) ** 2)
    line[:, 1] *= 1 - (0.012 if shape.boxed else 0.03) * np.abs(line[:, 0] / nose) ** 3
    step = np.linalg.norm(np.diff(line, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(step)])
    tangent = np.gradient(line, axis=0)
    level = np.abs(tangent[:, 0]) / np.linalg.norm(tangent, axis=1)
    pace = 1 / np.interp(level, [0.8, 1.0], [0.052, 0.10])
    paced = np.concatenate([[0.0], np.cumsum((pace[1:] + pace[:-1]) / 2 * step)])
    wanted = np.interp(np.linspace(0, paced[-1], int(paced[-1]) + 1), paced, along)
    left = np.stack([np.interp(wanted, along, line[:, axis]) for axis in (0, 1)], axis=-1)
    left[[0, -1], 1] = 0.0
    ring = np.concatenate([left, left[-2:0:-1] * (1.0, -1.0)])
    around = np.concatenate([wanted, -wanted[-2:0:-1]])
    direction = np.roll(ring, -1, axis=0) - np.roll(ring, 1, axis=0)
    normal = np.stack([direction[:, 1], -direction[:, 0]], axis=-1)
    return ring, normal / np.linalg.norm(normal, axis=1, keepdims=True), around, float(along[-1])


def edge_of(wall: Wall) -> Points:
    """Return the left upper edge of the wall as (K, 3), sorted by x, one point for each station."""
    edge = wall.points[:, -1]
    left = edge[edge[:, 1] >= 0]
    left = left[np.argsort(left[:, 0], kind="stable")]
    rising = np.concatenate([[True], np.diff(np.maximum.accumulate(left[:, 0])) > 1e-4])
    return np.asarray(left[rising])


def deck_of(shape: Shape, wall: Wall, low_m: float, high_m: float) -> Sheet:
    """Return the crowned lid between the wall's upper edges from x = low_m to high_m, with `across` in [-1, 1]."""
    edge = edge_of(wall)
    inside = edge[(edge[:, 0] > low_m) & (edge[:, 0] < high_m)]
    spent = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(inside[:, :2], axis=0).T))])
    inside = inside[np.unique(np.floor(spent / 0.04), return_index=True)[1], 0]
    ends = np.clip([low_m, high_m], edge[0, 0], edge[-1, 0])
    stations = np.unique([ends[0], *inside, ends[1]])
    y, z = (np.interp(stations, edge[:, 0], edge[:, axis]) for axis in (1, 2))
    across = np.sin(np.linspace(-1, 1, 19) * np.pi / 2 * 0.8) / np.sin(np.pi / 2 * 0.8)
    crown = (0.075 if shape.kind in ("suv", "pickup", "van", "minibus") else 0.065) * (1 - 0.3 * shape.boxy)
    grown = crown * np.clip(y / y.max(), 0, 1)[:, None] ** 2 * (1 - across**2)
    ridge = 0.012 * shape.crease_m / 0.016 * np.exp(-(((np.abs(across) - 0.55) / 0.12) ** 2))
    points = np.stack(
        [
            np.broadcast_to(stations[:, None], grown.shape),
            y[:, None] * across,
            z[:, None] + grown + ridge * (y / y.max())[:, None] ** 2,
        ],
        axis=-1,
    )
    attrs = {"across": np.broadcast_to(across, grown.shape), "edge": np.broadcast_to(y[:, None], grown.shape)}
    return Sheet.of_grid(points, attrs, slot=Slot.PAINT, part=PARTS["body"])
