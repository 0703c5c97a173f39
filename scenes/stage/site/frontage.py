"""Where houses stand: plots along the edge of roads and pavements, each with a house from the place's own pool."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from scenes.site.plan import Layout, Pose
from scenes.spec.place import Street
from scenes.stage.mesh import Points
from scenes.stage.site.polygons import Ground, boundaries

_POOL = 14
_FARTHEST_M = 300.0
_GAP_M = 2.0  # half of the widest gap that counts as built: a median has no houses on it, nor any that face it


class Plot(NamedTuple):
    """A house and where it stands: the middle of its front, and the way that the front looks."""

    where: Pose
    style: str
    width_m: float
    depth_m: float
    height_m: float
    model: int


class _Habit(NamedTuple):
    """How one builds somewhere: styles with shares, widths, depths, setbacks and gaps in metres."""

    styles: tuple[tuple[str, float], ...]
    width_m: tuple[float, float]
    depth_m: tuple[float, float]
    setback_m: tuple[float, float]
    gap_m: tuple[float, float]


_HABITS = MappingProxyType(
    {
        "city": _Habit(
            (("terrace", 0.5), ("shop_house", 0.22), ("apartment", 0.18), ("office", 0.10)),
            (10, 20),
            (11, 15),
            (0.0, 0.4),
            (0.0, 0.0),
        ),
        "suburb": _Habit((("detached", 0.85), ("apartment", 0.15)), (9, 15), (8, 11), (4.0, 8.0), (3.5, 8.0)),
        "industrial": _Habit((("industrial", 0.6), ("warehouse", 0.4)), (18, 36), (14, 22), (5.0, 14.0), (5.0, 16.0)),
        "rural": _Habit((("farm", 0.6), ("detached", 0.4)), (10, 18), (8, 11), (14.0, 34.0), (60.0, 170.0)),
    }
)


def plots(street: Street, plan: Layout, ground: Ground) -> Iterator[Plot]:
    """Yield the houses of a place; none overlaps another, a road, a pavement, a track or a tunnel.

    Args:
        street: the place; `seed` draws the pool.
        plan: its plan.
        ground: its polygons.
    """
    rng = np.random.default_rng([street.seed, 23])
    habit = _HABITS[street.surroundings]
    pool = [_draw(street, habit, rng) for _ in range(_POOL)]
    built = ground.built.buffer(_GAP_M, join_style="mitre").buffer(-_GAP_M, join_style="mitre")
    kept_free: list[BaseGeometry] = [built.buffer(-0.05), ground.river, *_tracks(plan)]
    free = shapely.union_all(kept_free)
    houses: list[BaseGeometry] = []
    for ring in boundaries(built):
        for start, end in pairwise(ring):
            for plot in _along(street, habit, pool, np.array([start, end]), rng):
                foot = _footprint(plot)
                inside_tunnel = street.kind == "tunnel" and plot.where.x_m > (street.feature_x_m or 0.0) - 14
                if inside_tunnel or foot.intersection(free).area > 0.5:
                    continue
                if any(foot.intersects(other) and foot.intersection(other).area > 0.5 for other in houses):
                    continue
                houses.append(foot)
                yield plot


def _draw(street: Street, habit: _Habit, rng: np.random.Generator) -> Plot:
    styles, shares = zip(*habit.styles, strict=True)
    style = str(rng.choice(styles, p=shares))
    height = street.houses_height_m * float(rng.uniform(0.7, 1.35))
    return Plot(
        where=Pose(0.0, 0.0, 0.0),
        style=style,
        width_m=round(float(rng.uniform(*habit.width_m)), 1),
        depth_m=round(float(rng.uniform(*habit.depth_m)), 1),
        height_m=round(max(3.0, height if style != "detached" else min(height, 6.5)), 1),
        model=int(rng.integers(8)),
    )


def _along(street: Street, habit: _Habit, pool: list[Plot], edge: Points, rng: np.random.Generator) -> Iterator[Plot]:
    """Yield plots side by side along one straight edge; the area's inside lies to its left."""
    length = float(np.linalg.norm(edge[1] - edge[0]))
    if length < min(habit.width_m) * 0.8 or (street.kind == "bridge" and length > 1e9):
        return
    along = (edge[1] - edge[0]) / length
    inward = np.array([-along[1], along[0]])
    facing = float(np.rad2deg(np.arctan2(inward[1], inward[0])))
    setback = float(rng.uniform(*habit.setback_m))
    done = float(rng.uniform(0, habit.gap_m[1]))
    while True:
        plot = pool[int(rng.integers(len(pool)))]
        if done + plot.width_m > length + 1.0:
            fitting = [other for other in pool if done + other.width_m <= length + 1.0]
            if not fitting:
                return
            plot = fitting[0]
        front = edge[0] + along * (done + plot.width_m / 2) - inward * (setback + float(rng.choice([0.0, 0.0, 0.3])))
        if np.linalg.norm(front) < _FARTHEST_M:
            yield plot._replace(where=Pose(float(front[0]), float(front[1]), facing))
        done += plot.width_m + float(rng.uniform(*habit.gap_m))


def _footprint(plot: Plot) -> BaseGeometry:
    angle = np.deg2rad(plot.where.heading_deg)
    ahead, left = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    front = np.array([plot.where.x_m, plot.where.y_m])
    half = plot.width_m / 2 - 0.05
    corners = [front + left * half, front - left * half]
    back = [corner - ahead * plot.depth_m for corner in corners]
    return shapely.Polygon([corners[0], corners[1], back[1], back[0]])


def _tracks(plan: Layout) -> list[BaseGeometry]:
    return [
        shapely.box(item.x_m - 8, -item.length_m, item.x_m + 8, item.length_m)
        for item in plan.structures
        if item.name == "railway_track"
    ]
