"""A passenger car's outer surface as grids with slots: lower shell, bonnet and boot lid, glazed cabin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.spec import Vehicle
from scenes.stage.mesh import Points

PAINT, GLASS, DARK, LENS, TAIL, FRIT, CHROME, PLATE = range(8)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Stations of the side profile as shares of length from the nose, and heights as shares of body height."""

    screen_base: float
    screen_top: float
    roof_end: float
    cabin_end: float
    nose_m: float
    belt_front: float
    belt_rear: float
    deck_rear: float
    tumble_deg: float
    pillars: tuple[float, ...]


SHAPES = {
    "sedan": Shape(
        screen_base=0.27,
        screen_top=0.44,
        roof_end=0.71,
        cabin_end=0.87,
        nose_m=0.70,
        belt_front=0.63,
        belt_rear=0.67,
        deck_rear=0.70,
        tumble_deg=21,
        pillars=(0.535, 0.745),
    ),
    "hatchback": Shape(
        screen_base=0.24,
        screen_top=0.41,
        roof_end=0.86,
        cabin_end=0.985,
        nose_m=0.73,
        belt_front=0.62,
        belt_rear=0.67,
        deck_rear=0.68,
        tumble_deg=18,
        pillars=(0.55, 0.79),
    ),
    "estate": Shape(
        screen_base=0.26,
        screen_top=0.42,
        roof_end=0.92,
        cabin_end=0.985,
        nose_m=0.70,
        belt_front=0.62,
        belt_rear=0.65,
        deck_rear=0.66,
        tumble_deg=18,
        pillars=(0.52, 0.73),
    ),
    "suv": Shape(
        screen_base=0.25,
        screen_top=0.39,
        roof_end=0.90,
        cabin_end=0.985,
        nose_m=0.92,
        belt_front=0.61,
        belt_rear=0.65,
        deck_rear=0.66,
        tumble_deg=15,
        pillars=(0.54, 0.76),
    ),
    "van": Shape(
        screen_base=0.13,
        screen_top=0.28,
        roof_end=0.975,
        cabin_end=0.995,
        nose_m=0.95,
        belt_front=0.54,
        belt_rear=0.54,
        deck_rear=0.54,
        tumble_deg=6,
        pillars=(0.42,),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Body:
    """A vehicle's shape in metres, in its own frame."""

    vehicle: Vehicle
    shape: Shape
    style: np.random.Generator

    def station_m(self, share: float) -> float:
        """Return the x of a share of length from the nose."""
        return self.vehicle.length_m * (0.5 - share)

    @property
    def sill_m(self) -> float:
        """Height of the lower edge."""
        return 0.13 * self.vehicle.height_m

    @property
    def tyre_radius_m(self) -> float:
        """Outer tyre radius, about 22 % of a car's height (0.32 m for 195/65 R15)."""
        return float(np.clip(0.222 * self.vehicle.height_m, 0.30, 0.40))

    @property
    def axles_m(self) -> tuple[float, float]:
        """Stations of the front and rear axle."""
        offset = 0.01 * self.vehicle.length_m
        return self.vehicle.wheelbase_m / 2 + offset, -self.vehicle.wheelbase_m / 2 + offset

    def belt_m(self, x: Points) -> Points:
        """Return the height of the shell's upper edge along x."""
        high, shape = self.vehicle.height_m, self.shape
        xs = [self.station_m(s) for s in (1.0, 0.985, shape.cabin_end, shape.screen_base, 0.08, 0.02, 0.0)]
        tail = shape.deck_rear * high
        rear = shape.belt_rear * high
        zs = [
            tail - 0.05,
            tail,
            max(rear, tail - 0.01),
            shape.belt_front * high,
            shape.nose_m + 0.05,
            shape.nose_m,
            shape.nose_m - 0.05,
        ]
        fine = np.linspace(xs[0], xs[-1], 400)
        kernel = np.hanning(41) / np.hanning(41).sum()
        smooth = np.convolve(np.pad(np.interp(fine, xs, zs), 20, mode="edge"), kernel, mode="valid")
        return np.interp(x, fine, smooth)

    def outline(self) -> tuple[Points, Points]:
        """Return the plan outline, counter-clockwise from the tail, and its outward normals, both (N, 2)."""
        a, b = self.vehicle.length_m / 2, self.vehicle.width_m / 2
        t = np.linspace(0, 2 * np.pi, 20001)[:-1]
        power = np.where(np.cos(t) > 0, 4.2, 5.2) if self.shape.tumble_deg > 10 else np.full_like(t, 7.0)
        x = a * np.sign(np.cos(t)) * np.abs(np.cos(t)) ** (2 / power)
        y = b * np.sign(np.sin(t)) * np.abs(np.sin(t)) ** (2 / power)
        ring = np.stack([x, y], axis=-1)
        steps = np.linalg.norm(np.diff(ring, axis=0, append=ring[:1]), axis=1)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        wanted = np.linspace(0, along[-1], 380, endpoint=False)
        closed = np.vstack([ring, ring[:1]])
        ring = np.stack([np.interp(wanted, along, closed[:, i]) for i in (0, 1)], axis=-1)
        tangent = np.roll(ring, -1, axis=0) - np.roll(ring, 1, axis=0)
        normal = np.stack([tangent[:, 1], -tangent[:, 0]], axis=-1)
        return ring, normal / np.linalg.norm(normal, axis=1, keepdims=True)


def shell(body: Body) -> tuple[Points, Points]:
    """Return the wall as a (ring, rows, 3) grid, and v in [0, 1] (sill to belt) for each vertex."""
    ring, normal = body.outline()
    top = body.belt_m(ring[:, 0])
    bottom = np.full(len(ring), body.sill_m)
    arch_m = body.tyre_radius_m * 1.14
    for axle in body.axles_m:
        reach = arch_m**2 - (ring[:, 0] - axle) ** 2
        arch = body.tyre_radius_m + np.sqrt(np.clip(reach, 0, None))
        bottom = np.where((reach > 0) & (np.abs(normal[:, 1]) > 0.5), np.maximum(bottom, arch), bottom)
    rows = np.linspace(0, 1, 30)
    z = bottom[:, None] + (top - bottom)[:, None] * rows
    v = (z - body.sill_m) / (top - body.sill_m)[:, None]
    ends = normal[:, :1] ** 2
    upper = np.where(normal[:, :1] > 0, 0.17, 0.08) * ends + 0.075 * (1 - ends)
    inset = 0.07 * np.clip(1 - v / 0.33, 0, 1) ** 2 + upper * np.clip((v - 0.62) / 0.38, 0, 1) ** 2.2
    inset += 0.018 * np.exp(-(((v - 0.47) / 0.07) ** 2)) * (1 - ends)
    flare = sum(np.exp(-(((ring[:, 0] - axle) / (1.15 * arch_m)) ** 6)) for axle in body.axles_m)
    inset -= (0.022 * flare * (1 - ends[:, 0]))[:, None] * np.exp(-(((v - 0.38) / 0.3) ** 2))
    points = np.empty((*z.shape, 3))
    points[..., :2] = ring[:, None, :] - inset[..., None] * normal[:, None, :]
    points[..., 2] = z
    return points, v


def wall_slots(body: Body, points: Points, v: Points) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Say for each wall face what it is made of, from its place on the front, flank or tail."""
    closed = np.concatenate([points, points[:1]])
    centre = (closed[:-1, :-1] + closed[1:, :-1] + closed[1:, 1:] + closed[:-1, 1:]) / 4
    height = (v[:, :-1] + v[:, 1:]) / 2
    share = np.abs(centre[..., 1]) / (body.vehicle.width_m / 2)
    front = centre[..., 0] > body.vehicle.length_m * 0.385
    rear = centre[..., 0] < -body.vehicle.length_m * 0.405
    slots = np.full(height.shape, PAINT)
    slots[(height < 0.10) | ((front | rear) & (height < 0.2))] = DARK
    slim = body.style.uniform(0.62, 0.70)
    inner = body.style.uniform(0.48, 0.60)
    lamp = front & (share > inner) & (height > slim + 0.10 * (1 - share)) & (height < 0.90)
    slots[lamp & (centre[..., 0] > body.vehicle.length_m * 0.415)] = LENS
    slots[front & (share < inner - 0.06) & (height > 0.52) & (height < 0.80)] = DARK
    slots[front & (share < 0.72) & (height > 0.16) & (height < 0.36)] = DARK
    low, high = body.style.uniform(0.60, 0.66), body.style.uniform(0.84, 0.90)
    slots[rear & (share > body.style.uniform(0.5, 0.62)) & (height > low) & (height < high)] = TAIL
    slots[rear & (share < 0.3) & (height > 0.5) & (height < 0.72)] = FRIT
    return slots


def deck(points: Points) -> Points:
    """Return bonnet and boot lid: a crowned (stations, columns, 3) grid between the shell's upper edges."""
    edge = points[:, -1]
    left = edge[edge[:, 1] > 0]
    left = left[np.argsort(left[:, 0])]
    across = np.linspace(1, -1, 21)
    grid = np.repeat(left[:, None, :], len(across), axis=1)
    grid[..., 1] = left[:, None, 1] * across
    grid[..., 2] += 0.055 * (1 - across**2) * np.clip(left[:, None, 1] / left[:, 1].max(), 0, 1) ** 2
    return grid[:, ::-1]


def cabin(body: Body, shell: Points) -> tuple[Points, np.ndarray[Any, np.dtype[np.int64]]]:
    """Return the greenhouse as a (stations, columns, 3) grid, and its faces' slots."""
    high, shape = body.vehicle.height_m, body.shape
    front, rear = body.station_m(shape.screen_base), body.station_m(shape.cabin_end)
    base_front, base_rear = (float(body.belt_m(np.array([x]))[0]) for x in (front, rear))
    roof_mid = body.station_m((shape.screen_top + shape.roof_end) / 2 - 0.03)
    xs = [front, body.station_m(shape.screen_top), roof_mid, body.station_m(shape.roof_end), rear]
    drop = 0.035 if shape.tumble_deg > 10 else 0.012
    zs = [base_front - 0.01, high - drop * 1.1, high, high - drop * 1.6, base_rear - 0.01]
    fine_x = np.linspace(front, rear, 600)
    kernel = np.hanning(49) / np.hanning(49).sum()
    fine_z = np.interp(-fine_x, -np.array(xs), zs)
    smooth = np.convolve(np.pad(fine_z, 24, mode="reflect", reflect_type="odd"), kernel, mode="valid")
    steps = np.hypot(np.diff(fine_x), np.diff(smooth))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], 96)
    x, z = np.interp(wanted, along, fine_x), np.interp(wanted, along, smooth)
    edge = shell[:, -1]
    left = edge[edge[:, 1] > 0]
    left = left[np.argsort(left[:, 0])]
    base_y = np.interp(x, left[:, 0], left[:, 1]) - 0.02
    base_z = np.minimum(body.belt_m(x) - 0.012, z)
    lean = np.tan(np.deg2rad(shape.tumble_deg))
    half = base_y - lean * (z - base_z)
    side = np.linspace(0, 1, 13)
    curve = np.deg2rad([15, 40, 65])
    corner = np.minimum(0.09, 0.5 * np.clip(z - base_z, 0, None))
    columns_y = [
        base_y[:, None] + (half - base_y)[:, None] * side * (1 - corner / np.maximum(z - base_z, 1e-6))[:, None]
    ]
    columns_z = [base_z[:, None] + (z - base_z - corner)[:, None] * side]
    columns_y.append(half[:, None] - corner[:, None] * (1 - np.cos(curve)))
    columns_z.append((z - corner)[:, None] + corner[:, None] * np.sin(curve))
    across = np.linspace(1, 0, 9)
    flat = (half - corner)[:, None] * across
    columns_y.append(flat)
    columns_z.append(z[:, None] + 0.028 * (1 - across**2))
    y, zz = np.concatenate(columns_y, axis=1), np.concatenate(columns_z, axis=1)
    ratio = np.clip(y / np.maximum(half, 0.1)[:, None], 0, 1)
    slope = np.clip((high - z) / (high - base_front), 0, 1)[:, None] ** 0.5
    bow = np.where(x[:, None] > roof_mid, 0.16, -0.10) * slope * (1 - ratio**2)
    half_grid = np.stack([np.broadcast_to(x[:, None], y.shape) + bow, y, zz], axis=-1)
    grid = np.concatenate([half_grid, half_grid[:, -2::-1] * np.array([1.0, -1.0, 1.0])], axis=1)
    return grid, _cabin_slots(body, grid)


def _cabin_slots(body: Body, grid: Points) -> np.ndarray[Any, np.dtype[np.int64]]:
    centre = (grid[:-1, :-1] + grid[1:, :-1] + grid[1:, 1:] + grid[:-1, 1:]) / 4
    column = np.minimum(np.arange(grid.shape[1] - 1), grid.shape[1] - 2 - np.arange(grid.shape[1] - 1))[None, :]
    x, z = centre[..., 0], centre[..., 2]
    shape, length, high = body.shape, body.vehicle.length_m, body.vehicle.height_m
    share = 0.5 - x / length
    slots = np.full(x.shape, PAINT)
    windows = (column >= 1) & (column <= 10)
    last = shape.cabin_end - (0.05 if shape.roof_end < 0.8 else 0.045)
    if shape.tumble_deg <= 10:
        last = shape.pillars[0]
    slots[windows & (share > shape.screen_base + 0.02) & (share < last)] = GLASS
    for pillar in shape.pillars:
        slots[(column <= 10) & (np.abs(share - pillar) < 0.011)] = FRIT
    slots[(column == 0) & (share < last)] = CHROME if body.style.random() < 0.4 else FRIT
    above = column >= 14
    screen = above & (share < shape.screen_top + 0.03) & (z < high - 0.055)
    back = above & (share > shape.roof_end - 0.01) & (z < high - 0.09) & (shape.tumble_deg > 10)
    slots[screen | back] = GLASS
    slots[screen & (column <= 14)] = FRIT
    if body.style.random() < 0.2:
        slots[above & ~screen & ~back & (column >= 15)] = FRIT
    return slots
