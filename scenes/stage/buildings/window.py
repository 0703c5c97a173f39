"""Windows in depth: the wall around them, reveals, sills, frames and panes with a lit or a dark room behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.stage.buildings.fabric import Fabric, Rects, Side
from scenes.stage.buildings.plan import Plan
from scenes.stage.lamps import TRACE_GAIN
from scenes.stage.mesh import Points

ROOM_LIGHTS = np.array([(1.0, 0.62, 0.30), (1.0, 0.74, 0.45), (1.0, 0.86, 0.68), (0.86, 0.93, 1.0), (1.0, 0.5, 0.2)])
_CURTAINS = np.array([(0.62, 0.6, 0.56), (0.5, 0.46, 0.38), (0.4, 0.38, 0.37), (0.46, 0.3, 0.22), (0.3, 0.36, 0.42)])
_SOLID_BARS = 24
_HOME_CD_M2 = 45.0  # a living room of about 150 lux on walls of reflectance 0.5; lamps in view raise it


@dataclass(frozen=True, kw_only=True)
class WindowStyle:
    """How a building's windows are made.

    Args:
        recess_m: from wall to pane.
        bar_m: width of the frame's bars.
        mullions: upright bars between the two at the sides.
        transoms: heights of cross bars as shares of the window.
        sill_m: how far the sill stands out, 0 for none.
        surround: "none", "band", "hood" or "lintel".
        shutters: louvred leaves beside the window.
        roller: a drawn roller shutter in some windows.
        grille: burglar bars in front.
    """

    recess_m: float = 0.16
    bar_m: float = 0.06
    mullions: int = 1
    transoms: tuple[float, ...] = ()
    sill_m: float = 0.08
    surround: str = "none"
    shutters: bool = False
    roller: bool = False
    grille: bool = False


def grid(span: tuple[float, float], columns: int, size_m: tuple[float, float], floors: Rects) -> Rects:
    """Return windows of `size_m` in `columns` equal bays of a span, one row at each sill height in `floors`."""
    centres = span[0] + (np.arange(columns) + 0.5) * (span[1] - span[0]) / columns
    sills, centres = (part.ravel() for part in np.meshgrid(floors, centres, indexing="ij"))
    return np.stack([centres - size_m[0] / 2, centres + size_m[0] / 2, sills, sills + size_m[1]], axis=-1)


def wall(fabric: Fabric, where: Side, area: tuple[float, float, float, float], holes: Rects, slot: str) -> None:
    """Close a wall area (u0, u1, z0, z1) around holes that stand in rows.

    The wall's UVs say where water runs: 1 below a sill, fading to 0 down the wall.
    """
    u0, u1, z0, z1 = area
    holes = np.asarray(holes, dtype=float).reshape(-1, 4)
    heights = np.unique(np.round(holes[:, 2:], 4), axis=0)
    level = z0
    below: Rects | None = None
    for low, high in heights:
        row = holes[np.abs(holes[:, 2] - low) < 1e-3]
        row = row[np.argsort(row[:, 0])]
        _band(fabric, where, (u0, u1, level, low), (row, below), slot)
        edges = np.concatenate([[u0], row[:, :2].ravel(), [u1]]).reshape(-1, 2)
        piers = np.column_stack([edges, np.full(len(edges), low), np.full(len(edges), high)])
        fabric.rects(where, piers, 0.0, slot)
        level, below = high, row
    _band(fabric, where, (u0, u1, level, z1), (None, below), slot)


def _band(
    fabric: Fabric,
    where: Side,
    area: tuple[float, float, float, float],
    rows: tuple[Rects | None, Rects | None],
    slot: str,
) -> None:
    """Lay the wall between two rows of windows (above, below), stained under the upper row's sills."""
    above, below = rows
    u0, u1, z0, z1 = area
    if z1 - z0 < 1e-4:
        return
    row = above if above is not None else below
    edges = np.concatenate([[u0], row[:, :2].ravel() if row is not None else [], [u1]])
    edges = edges[np.concatenate([[True], np.diff(edges) > 1e-4])]
    strips = np.column_stack([edges[:-1], edges[1:], np.full(len(edges) - 1, z0), np.full(len(edges) - 1, z1)])
    uv = np.zeros((len(strips), 4, 2))
    if above is not None:
        uv[1::2, 2:, 1] = 1.0
        uv[1::2, :, 0] = (0.0, 1.0, 1.0, 0.0)
        uv[1::2, :2, 1] = max(0.0, 1.0 - (z1 - z0) / 1.6)
    fabric.rects(where, strips, 0.0, slot, uv=uv)


def windows(fabric: Fabric, plan: Plan, where: Side, holes: Rects, style: WindowStyle) -> None:
    """Fill holes in a wall with windows."""
    if not len(holes):
        return
    reveals(fabric, where, holes, style.recess_m, "reveal")
    panes(fabric, plan, where, holes, -style.recess_m)
    frames(fabric, where, holes, style)
    if style.sill_m:
        u0, u1, z0, _ = holes.T
        fabric.block(where, np.stack([u0 - 0.06, u1 + 0.06, z0 - 0.07, z0], axis=-1), (0.0, style.sill_m), "stone")
        slope = np.stack([u0, u1, z0, z0 + 0.015], axis=-1)
        fabric.block(where, slope, (-style.recess_m, 0.0), "stone", skip=("back", "left", "right", "bottom"))
    _surrounds(fabric, where, holes, style)
    _leaves(fabric, plan, where, holes, style)


def reveals(fabric: Fabric, where: Side, holes: Rects, depth_m: float, slot: str) -> None:
    """Line holes with their four inner faces."""
    u0, u1, z0, z1 = holes.T
    ring = np.stack([np.stack(c, axis=-1) for c in ((u0, z0), (u1, z0), (u1, z1), (u0, z1))], axis=1)
    after = np.roll(ring, -1, axis=1)
    front, back = np.zeros((*ring.shape[:2], 1)), np.full((*ring.shape[:2], 1), -depth_m)
    corners = np.stack(
        [
            np.concatenate([ring, front], axis=-1),
            np.concatenate([after, front], axis=-1),
            np.concatenate([after, back], axis=-1),
            np.concatenate([ring, back], axis=-1),
        ],
        axis=2,
    )
    fabric.quads(where, corners, slot)


def panes(
    fabric: Fabric,
    plan: Plan,
    where: Side,
    holes: Rects,
    out_m: float,
    *,
    luminance_cd_m2: float = _HOME_CD_M2,
) -> None:
    """Glaze holes; each pane sits a hair askew, so that no two mirror the same piece of sky."""
    rng, count = plan.rng, len(holes)
    lit = rng.random(count) < plan.lit_share
    curtains = _CURTAINS[rng.integers(len(_CURTAINS), size=count)] * rng.uniform(0.5, 1.1, (count, 1))
    drawn = np.where(rng.random(count) < 0.3, 0.0, rng.random(count))
    lamps = ROOM_LIGHTS[rng.integers(len(ROOM_LIGHTS), size=count)]
    level = luminance_cd_m2 * TRACE_GAIN["windows"] * rng.lognormal(0, 0.6, count)
    corners = _askew(holes, out_m, rng)
    fabric.quads(where, corners[~lit], "window", uv="once", tint=np.column_stack([curtains, drawn])[~lit])
    fabric.quads(where, corners[lit], "lit", uv="once", tint=np.column_stack([lamps, level])[lit], group="windows")


def _askew(holes: Rects, out_m: float, rng: np.random.Generator) -> Points:
    u0, u1, z0, z1 = holes.T
    lean = rng.normal(0, 0.0025, (2, len(holes)))
    outs = [out_m + lean[0] * du + lean[1] * dz for du, dz in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    ring = ((u0, z0), (u1, z0), (u1, z1), (u0, z1))
    return np.stack([np.stack([*c, out], axis=-1) for c, out in zip(ring, outs, strict=True)], axis=1)


def frames(fabric: Fabric, where: Side, holes: Rects, style: WindowStyle, slot: str = "frame") -> None:
    """Put the frame, mullions and transoms in front of the panes."""
    u0, u1, z0, z1 = holes.T
    bar, out = style.bar_m, (-style.recess_m, -style.recess_m + 0.05)
    rims = [np.stack(part, axis=-1) for part in ((u0, u0 + bar, z0, z1), (u1 - bar, u1, z0, z1))]
    fabric.block(where, rims[0], out, slot, skip=("back", "left", "top", "bottom"))
    fabric.block(where, rims[1], out, slot, skip=("back", "right", "top", "bottom"))
    ends = ("back", "left", "right")
    fabric.block(where, np.stack([u0 + bar, u1 - bar, z1 - bar, z1], axis=-1), out, slot, skip=(*ends, "top"))
    fabric.block(where, np.stack([u0 + bar, u1 - bar, z0, z0 + bar], axis=-1), out, slot, skip=(*ends, "bottom"))
    for number in range(style.mullions):
        middle = u0 + (u1 - u0) * (number + 1) / (style.mullions + 1)
        rect = np.stack([middle - 0.5 * bar, middle + 0.5 * bar, z0 + bar, z1 - bar], axis=-1)
        fabric.block(where, rect, out, slot, skip=("back", "top", "bottom"))
    inner = (out[0], out[1] - 0.008)  # behind the mullions' faces, so that the two never share a plane
    for share in style.transoms:
        at = z0 + (z1 - z0) * share
        rect = np.stack([u0 + bar, u1 - bar, at - 0.4 * bar, at + 0.4 * bar], axis=-1)
        fabric.block(where, rect, inner, slot, skip=ends)


def _surrounds(fabric: Fabric, where: Side, holes: Rects, style: WindowStyle) -> None:
    u0, u1, z0, z1 = holes.T
    if style.surround in ("band", "hood"):
        wide = 0.14
        for low, high in ((u0 - wide, u0), (u1, u1 + wide)):
            fabric.block(where, np.stack([low, high, z0, z1], axis=-1), (0.0, 0.04), "stone", skip=("back", "top"))
        fabric.block(where, np.stack([u0 - wide, u1 + wide, z1, z1 + wide], axis=-1), (0.0, 0.045), "stone")
    if style.surround == "hood":
        fabric.block(where, np.stack([u0 - 0.22, u1 + 0.22, z1 + 0.26, z1 + 0.34], axis=-1), (0.0, 0.17), "stone")
        fabric.block(where, np.stack([u0 - 0.16, u1 + 0.16, z1 + 0.14, z1 + 0.26], axis=-1), (0.0, 0.08), "stone")
    if style.surround == "lintel":
        fabric.block(where, np.stack([u0 - 0.15, u1 + 0.15, z1, z1 + 0.22], axis=-1), (0.0, 0.02), "stone")


def _leaves(fabric: Fabric, plan: Plan, where: Side, holes: Rects, style: WindowStyle) -> None:
    rng = plan.rng
    u0, u1, z0, z1 = holes.T
    if style.shutters:
        half = (u1 - u0) / 2
        for low, high in ((u0 - half - 0.03, u0 - 0.03), (u1 + 0.03, u1 + half + 0.03)):
            fabric.block(where, np.stack([low, high, z0, z1], axis=-1), (0.01, 0.05), "shutter")
    if style.roller:
        some = rng.random(len(holes)) < 0.45
        drop = (z1 - z0) * rng.choice([0.15, 0.35, 0.55, 1.0], len(holes))
        rect = np.stack([u0 + 0.01, u1 - 0.01, z1 - drop, z1], axis=-1)[some]
        fabric.block(where, rect, (-style.recess_m + 0.052, -style.recess_m + 0.075), "roller", skip=("back", "top"))
    if style.grille:
        fences(fabric, where, holes[rng.random(len(holes)) < 0.4], 0.05, spacing_m=0.16)


def fences(fabric: Fabric, where: Side, rects: Rects, out_m: float, *, spacing_m: float, slot: str = "metal") -> None:
    """Fill rectangles with thin upright bars between a lower and an upper rail; many bars are flat to save faces."""
    rects = np.asarray(rects, dtype=float).reshape(-1, 4)
    if not len(rects):
        return
    rows = [(np.arange(u0, u1, spacing_m), z0, z1) for u0, u1, z0, z1 in rects]
    bars = np.concatenate([np.column_stack([u, u + 0.018, 0 * u + z0, 0 * u + z1]) for u, z0, z1 in rows])
    if len(bars) > _SOLID_BARS:
        fabric.rects(where, bars, out_m + 0.009, slot)
    else:
        fabric.block(where, bars, (out_m, out_m + 0.018), slot, skip=("back", "top", "bottom"))
    u0, u1, z0, z1 = rects.T
    ends = ("left", "right")
    fabric.block(where, np.stack([u0, u1, z1 - 0.045, z1], axis=-1), (out_m - 0.01, out_m + 0.03), slot, skip=ends)
    fabric.rects(where, np.stack([u0, u1, z0 + 0.05, z0 + 0.085], axis=-1), out_m + 0.01, slot)
