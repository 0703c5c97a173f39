"""Liquids on the road: a pool that creeps downhill, a runnel from it, and drips on the way to it.

Source: an unconfined spill on smooth concrete is 0.7 mm deep in the mean (Mealy, Benfer and Gottuk, Fire Dynamics and
Forensic Analysis of Liquid Fuel Fires, 2011, from memory); asphalt holds another half millimetre in its texture
(assumed).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from scenes.spec.remains import Spill
from scenes.spec.scene import SceneSpec
from scenes.stage.mesh import MeshBuilder
from scenes.stage.place import material_of
from scenes.stage.site.markings import PAINT_LIFT_M
from scenes.stage.site.polygons import Ground, has_kerbs, lay
from scenes.stage.surface import Surface, surface

_DEEP_M = 0.0012
_LONG = 1.7
"""Length of a pool along the fall over its width."""
_WAVES = 7
_RUNNEL_M, _MOST_RUNNEL_M = (0.02, 0.06), 3.5
_DRIP_M = (0.012, 0.05)
_LIQUIDS: dict[str, Surface] = {
    "coolant": surface("spilt", through=(0.42, 0.45, 0.42), roughness=0.14, ior=1.38),
    "oil": surface("spilt", through=(0.14, 0.12, 0.10), roughness=0.10, ior=1.47),
    "fuel": surface("spilt", through=(0.5, 0.49, 0.47), roughness=0.2, ior=1.42),
}


def build_spills(spec: SceneSpec, ground: Ground) -> None:
    """Lay what has run out on the carriageway and on pavements."""
    levels = [(ground.carriageway, 0.0)]
    if has_kerbs(spec.street):
        levels.append((ground.pavement, spec.street.kerb_height_m - 0.004))
    for number, spill in enumerate(spec.spills):
        area, builder = outline(spill), MeshBuilder()
        for part, level in levels:
            lay(builder, part.intersection(area), level + (3.4 + 0.1 * number) * PAINT_LIFT_M)
        if builder:
            builder.build(f"{spill.liquid} of {spill.actor_id}", [material_of(_LIQUIDS[spill.liquid])], stuff="road")


def outline(spill: Spill) -> BaseGeometry:
    """Return the wetted area in the world; its pool holds what has run out."""
    rng = np.random.default_rng(spill.seed)
    angle = np.deg2rad(spill.downhill_deg)
    down, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    radius = float(np.sqrt(1e-3 * spill.litres / _DEEP_M / np.pi / _LONG))
    at = np.array([spill.x_m, spill.y_m])
    middle = at + down * radius * (_LONG - 0.8)
    blobs = [_blob(middle, radius, down, across, rng)]
    for _ in range(int(rng.integers(3, 7))):  # tongues and splashes at its rim
        own = radius * float(rng.uniform(0.12, 0.45))
        off = rng.normal(0, 0.75, 2) * radius
        blobs.append(_blob(middle + off[0] * across + _LONG * off[1] * down, own, down, across, rng))
    blobs.append(_runnel(middle + down * radius * _LONG * 0.8, radius, down, across, rng))
    blobs += _drips(spill, rng)
    return shapely.union_all([blob.buffer(0) for blob in blobs])


def _blob(middle: Any, radius: float, down: Any, across: Any, rng: np.random.Generator) -> BaseGeometry:
    """Return a blot with a wavy rim."""
    turn = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    waves = np.arange(2, 2 + _WAVES)
    rim = 1 + (rng.normal(0, 0.16, _WAVES) / np.sqrt(waves)) @ np.cos(
        waves[:, None] * turn + rng.uniform(0, 2 * np.pi, (_WAVES, 1))
    )
    points = middle + radius * rim[:, None] * (_LONG * np.cos(turn)[:, None] * down + np.sin(turn)[:, None] * across)
    return shapely.Polygon(points)


def _runnel(start: Any, radius: float, down: Any, across: Any, rng: np.random.Generator) -> BaseGeometry:
    """Return a thread that runs from the pool to the gutter."""
    long = min(radius * float(rng.uniform(1.0, 3.0)), _MOST_RUNNEL_M)
    share = np.linspace(0, 1, 24)
    aside = np.cumsum(rng.normal(0, 0.025, 24))
    path = start + long * share[:, None] * down + aside[:, None] * across
    wide = float(rng.uniform(*_RUNNEL_M)) * (1.6 - share + 0.3 * rng.random(24))
    edges = np.concatenate([path + wide[:, None] * across, (path - wide[:, None] * across)[::-1]])
    return shapely.Polygon(edges)


def _drips(spill: Spill, rng: np.random.Generator) -> list[BaseGeometry]:
    """Return spots along the way, denser and larger towards its end."""
    made: list[BaseGeometry] = []
    for number, point in enumerate(spill.trail_m):
        near = (number + 1) / len(spill.trail_m)
        for _ in range(int(rng.poisson(0.6 + 1.6 * near))):
            where = np.array(point) + rng.normal(0, 0.12 + 0.1 * near, 2)
            own = float(rng.uniform(*_DRIP_M)) * (0.6 + near)
            made.append(_blob(where, own, np.array([1.0, 0.0]), np.array([0.0, 0.8]), rng))
    return made
