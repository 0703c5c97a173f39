"""Wheels: a tyre with shoulders and grooves, a rim in one of several designs, a brake disc, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.ontology import PARTS
from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Piece, Solid
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.pose import pose

WHEEL_SLOTS = ("rubber", "alloy", "dark", "steel")
RUBBER, ALLOY, DARK, STEEL = range(len(WHEEL_SLOTS))
_SEGMENTS = 48


@dataclass(frozen=True, kw_only=True)
class WheelStyle:
    """What a rim looks like.

    Args:
        design: "spokes", "twin" (pairs of spokes), "fork" (spokes that split), "turbine" (slanted) or "cap" (a
            hubcap over a steel wheel).
        spokes: how many spokes, slots or holes, 4 to 16.
        rim_share: rim radius as a share of the tyre's; 0.66 to 0.76.
        broad: width of spokes as a share of the room that they have.
        dish: how far the rim's face lies inside the tyre's, as a share of half the width.
    """

    design: str = "spokes"
    spokes: int = 5
    rim_share: float = 0.7
    broad: float = 0.45
    dish: float = 0.1


def draw_style(rng: np.random.Generator, *, plain: float = 0.25) -> WheelStyle:
    """Draw a passenger car's rim; `plain` is the share of hubcaps."""
    design = "cap" if rng.random() < plain else str(rng.choice(["spokes", "twin", "fork", "turbine"]))
    choices = {"spokes": (5, 6, 7, 10), "twin": (5, 6), "fork": (5, 7), "turbine": (9, 12, 15), "cap": (7, 9, 12)}
    return WheelStyle(
        design=design,
        spokes=int(rng.choice(choices[design])),
        rim_share=float(rng.uniform(0.66, 0.69) if design == "cap" else rng.uniform(0.68, 0.76)),
        broad=float(rng.uniform(0.34, 0.56)),
        dish=float(rng.uniform(0.05, 0.25)),
    )


def wheels(
    vehicle: Vehicle,
    *,
    axles_m: tuple[float, ...],
    radius_m: float,
    width_m: float,
    style: WheelStyle,
    inset_m: float = 0.025,
) -> list[Piece]:
    """Return one piece that stands on the ground at both ends of each axle, axle by axle, left before right.

    Args:
        vehicle: gives width_m, steer_deg (the first axle steers) and wheel_turn_deg.
        axles_m: x of the axles in the vehicle's frame, front first.
        radius_m: outer radius of the tyre.
        width_m: tyre width.
        style: of the rim.
        inset_m: how far the outer sidewall lies inside the vehicle's flank.
    """
    solid = wheel_solid(radius_m, width_m, style)
    outer = vehicle.width_m / 2 - width_m / 2 - inset_m
    return [Piece(solid=solid, matrices=_stands(vehicle, axles_m, outer, radius_m))]


def _stands(vehicle: Vehicle, axles_m: tuple[float, ...], offset_m: float, radius_m: float) -> tuple[Points, ...]:
    angle = np.deg2rad(vehicle.wheel_turn_deg)
    rolled = np.eye(4)
    rolled[0, 0] = rolled[2, 2] = np.cos(angle)
    rolled[0, 2], rolled[2, 0] = np.sin(angle), -np.sin(angle)
    return tuple(
        pose(axle_m, side * offset_m, radius_m, vehicle.steer_deg if number == 0 else 0.0)
        @ rolled
        @ pose(0.0, 0.0, 0.0, 0.0 if side > 0 else 180.0)
        for number, axle_m in enumerate(axles_m)
        for side in (1, -1)
    )


def wheel_solid(radius_m: float, width_m: float, style: WheelStyle) -> Solid:
    """Return a wheel about the y axis, its outer face towards +y, centred on the origin."""
    builder = MeshBuilder(part=PARTS["wheel"])
    rim, half = radius_m * style.rim_share, width_m / 2
    section, slots = _section(radius_m, rim, half)
    builder.lathe(section, segments=_SEGMENTS, slot=slots, axis="y")
    face = half * (1 - style.dish)
    _brake(builder, rim, half)
    if style.design == "cap":
        _hubcap(builder, rim, face, style)
    else:
        builder.add(*_spokes(rim, face, style), ALLOY)
        hub = np.array([(0.0, -face - 0.004), (0.14 * rim, -face - 0.002), (0.2 * rim, -face + 0.012)])
        builder.lathe(np.vstack([hub, [(0.22 * rim, -0.35 * half)]]), segments=16, slot=(DARK, ALLOY, ALLOY), axis="y")
        _bolts(builder, 0.155 * rim, face, 5)
    return builder.solid("wheel", WHEEL_SLOTS, smooth=True, crease_deg=32.0)


def _section(radius: float, rim: float, half: float) -> tuple[Points, list[int]]:
    """Return the closed section of tyre and rim as (radius, -y), from the outer lip over the tread and back inside."""
    wall = radius - rim
    tyre = [(rim, 0.90), (rim + 0.10 * wall, 0.97), (rim + 0.45 * wall, 1.0), (rim + 0.78 * wall, 0.95)]
    shoulder = [(radius - 0.06 * wall, 0.84), (radius - 0.006, 0.74)]
    groove = 0.045
    tread: list[tuple[float, float]] = []
    for centre in (0.42, 0.0, -0.42):
        deep = ((radius - 0.007, centre + groove * 0.8), (radius - 0.007, centre - groove * 0.8))
        tread += [(radius, centre + groove), *deep, (radius, centre - groove)]
    back = [(r, -y) for r, y in reversed(tyre + shoulder)]
    barrel = [(rim - 0.012, -0.90), (rim - 0.05 * rim, -0.5), (rim - 0.09 * rim, 0.5), (rim - 0.035, 0.78)]
    lip = [(rim - 0.020, 0.90), (rim - 0.006, 0.945), (rim + 0.006, 0.945), (rim, 0.90)]
    points = np.array([*tyre, *shoulder, *tread, *back, *barrel, *lip])
    rubber = len(tyre) * 2 + len(shoulder) * 2 + len(tread) - 1
    slots = [RUBBER] * rubber + [DARK] * 3 + [ALLOY] * (len(points) - 1 - rubber - 3)
    return points * (1.0, -half), slots


def _brake(builder: MeshBuilder, rim: float, half: float) -> None:
    """Add the dark plate behind the spokes, the brake disc and its calliper."""
    plate = np.array([(0.0, 0.25 * half), (0.95 * rim, 0.25 * half)])
    builder.lathe(plate, segments=24, slot=DARK, axis="y")
    disc = np.array([(0.30 * rim, -0.12 * half), (0.74 * rim, -0.12 * half), (0.74 * rim, 0.1 * half)])
    builder.lathe(disc, segments=32, slot=STEEL, axis="y")
    angles = np.linspace(-0.45, 0.45, 6)
    ring = np.stack([-np.cos(angles), np.sin(angles)], axis=-1)
    block = np.empty((len(angles), 4, 3))
    for column, (radius, y) in enumerate(((0.84, -0.1), (0.84, 0.42), (0.56, 0.42), (0.56, -0.1))):
        block[:, column, 0], block[:, column, 2] = (ring * radius * rim).T
        block[:, column, 1] = y * half
    builder.grid(block, DARK)


def _bolts(builder: MeshBuilder, radius: float, face: float, count: int) -> None:
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    hexagon = np.linspace(0, 2 * np.pi, 6, endpoint=False)
    centres = np.stack([np.cos(angles), np.sin(angles)], axis=-1) * radius
    corners = centres[:, None] + 0.009 * np.stack([np.cos(hexagon), -np.sin(hexagon)], axis=-1)
    points = np.stack([corners[..., 0], np.full(corners.shape[:2], face + 0.005), corners[..., 1]], axis=-1)
    builder.add(points, np.arange(count * 6).reshape(count, 6), STEEL)


def _arms(style: WheelStyle, room: float) -> Points:
    """Return for each arm: angle at the hub, angle at the rim, width at the hub, width at the rim (shares of room)."""
    base = np.linspace(0, 2 * np.pi, style.spokes, endpoint=False)
    wide = style.broad
    if style.design == "twin":
        return np.concatenate([np.stack([base + s * 0.06, base + s * 0.2 * room, 0.22 * wide + 0 * base,
                                         0.45 * wide + 0 * base], axis=-1) for s in (1, -1)])  # fmt: skip
    if style.design == "fork":
        return np.concatenate([np.stack([base, base + s * 0.27 * room, 0.5 * wide + 0 * base,
                                         0.42 * wide + 0 * base], axis=-1) for s in (1, -1)])  # fmt: skip
    slant = 0.45 * room if style.design == "turbine" else 0.0
    return np.stack([base, base + slant, 0.45 * wide + 0 * base, wide + 0 * base], axis=-1)


def _spokes(rim: float, face: float, style: WheelStyle) -> tuple[Points, Any]:
    """Return all arms as ridged beams from hub to rim: points (N, 3) and quads."""
    room = 2 * np.pi / style.spokes
    arms = _arms(style, room)
    share = np.linspace(0, 1, 4)
    radius = (0.14 + share * 0.84) * rim
    angle = arms[:, :1] + (arms[:, 1:2] - arms[:, :1]) * share**1.2
    width = (arms[:, 2:3] + (arms[:, 3:4] - arms[:, 2:3]) * share) * room * 0.5 * radius
    across = np.array([-1.0, -0.82, 0.0, 0.82, 1.0])
    depth = np.array([0.030, 0.006, 0.0, 0.006, 0.030])
    bow = face - 0.018 * np.sin(np.pi * share) + 0.004 * share
    points = np.empty((len(arms), 4, 5, 3))
    aside = width[:, :, None] * across
    cos, sin = np.cos(angle)[..., None], np.sin(angle)[..., None]
    points[..., 0] = radius[None, :, None] * cos - aside * sin
    points[..., 2] = radius[None, :, None] * sin + aside * cos
    points[..., 1] = bow[None, :, None] - depth
    index = np.arange(20).reshape(4, 5)
    quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1).reshape(-1, 4)[:, ::-1]
    return points.reshape(-1, 3), (quads + 20 * np.arange(len(arms))[:, None, None]).reshape(-1, 4)


def _hubcap(builder: MeshBuilder, rim: float, face: float, style: WheelStyle) -> None:
    """Add a disc with dark slots near the rim."""
    bell = np.array([(0.0, 0.02), (0.2, 0.02), (0.3, 0.0), (0.55, -0.16), (0.66, -0.16), (0.9, -0.1), (0.985, 0.0)])
    points = bell * (rim, -0.5 * rim * 0.5)
    points[:, 1] -= face
    builder.lathe(points, segments=32, slot=[ALLOY] * 6, axis="y")
    hole = np.linspace(0, 2 * np.pi, style.spokes, endpoint=False)[:, None]
    wide = 0.26 * 2 * np.pi / style.spokes
    corner = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    low, high = 0.70, 0.88
    radius = rim * ((low + high) / 2 + (high - low) / 2 * np.sin(corner))
    angle = hole + wide * np.cos(corner)
    depth = np.interp(radius / rim, bell[:, 0], bell[:, 1]) * 0.25 * rim + face + 0.003
    flat = [radius * np.cos(angle), np.broadcast_to(depth, angle.shape), radius * np.sin(angle)]
    faces = np.arange(angle.size).reshape(-1, 10)[:, ::-1]
    builder.add(np.stack(flat, axis=-1), faces[:, ::-1], DARK)
