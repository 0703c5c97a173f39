"""Heavy vehicles' wheels: steel discs with hand holes and nuts, single in front and twin at the driven axle.

Sources:
    Sizes by ETRTO: 315/80 R22.5 has a diameter of 1.076 m, 275/70 R22.5 of 0.958 m, 245/70 R17.5 of 0.789 m;
    rims of 22.5 inches are 0.5715 m at the bead seat.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scenes.ontology import PARTS
from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Array, Piece
from scenes.stage.heavy.coachwork import Slot, moved, solid_of
from scenes.stage.mesh import MeshBuilder, Points

_SEGMENTS = 32


class Axle(NamedTuple):
    """One axle: station, twin tyres or single, and whether it steers."""

    x_m: float
    twin: bool = False
    steered: bool = False


def heavy_wheels(
    vehicle: Vehicle, axles: Sequence[Axle], *, radius_m: float, width_m: float, rim: Slot = Slot.STEEL
) -> list[Piece]:
    """Return the wheels of all axles as pieces that share their meshes.

    Args:
        vehicle: gives width, steering and how far the wheels have rolled.
        axles: from the front.
        radius_m: outer radius of the tyres.
        width_m: of one tyre.
        rim: steel or alloy.
    """
    pieces = []
    for twin in (False, True):
        chosen = [axle for axle in axles if axle.twin is twin]
        if not chosen:
            continue
        builder = MeshBuilder(part=PARTS["wheel"])
        wide = _twin(builder, radius_m, width_m, rim) if twin else _single(builder, radius_m, width_m, rim)
        track = vehicle.width_m / 2 - wide / 2 - 0.03
        matrices = [_stand(vehicle, axle, side, track, radius_m) for axle in chosen for side in (1, -1)]
        pieces.append(Piece(solid=solid_of("wheel", builder), matrices=tuple(matrices)))
    return pieces


def _stand(vehicle: Vehicle, axle: Axle, side: int, track_m: float, radius_m: float) -> Array:
    yaw = np.deg2rad((vehicle.steer_deg if axle.steered else 0.0) + (180.0 if side < 0 else 0.0))
    roll = np.deg2rad(side * vehicle.wheel_turn_deg)
    turn = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])
    spin = np.array([[np.cos(roll), 0, np.sin(roll)], [0, 1, 0], [-np.sin(roll), 0, np.cos(roll)]])
    matrix = np.eye(4)
    matrix[:3, :3] = turn @ spin
    matrix[:3, 3] = (axle.x_m, side * track_m, radius_m)
    return matrix


def _tyre(builder: MeshBuilder, radius: float, half: float, rim: float, y: float) -> None:
    """Add a tyre with rounded shoulders and four grooves round its tread."""
    tread = [(radius - 0.012, -half * 0.80), (radius, -half * 0.7)]
    for groove in (-0.3, 0.3):
        wide = 0.035 * half / 0.15
        at = groove * half
        tread += [
            (radius, at - wide),
            (radius - 0.012, at - wide / 2),
            (radius - 0.012, at + wide / 2),
            (radius, at + wide),
        ]
    tread += [(radius, half * 0.7), (radius - 0.012, half * 0.80)]
    inner = [(rim - 0.01, -half * 0.6), (rim + 0.02, -half * 0.86), (rim + 0.4 * (radius - rim), -half)]
    outer = [(rim + 0.4 * (radius - rim), half), (rim + 0.02, half * 0.86), (rim - 0.01, half * 0.6)]
    shoulders = [(radius - 0.045, -half * 0.93), (radius - 0.045, half * 0.93)]
    section = np.array([*inner, shoulders[0], *tread, shoulders[1], *outer])
    section[:, 1] += y
    builder.lathe(section, segments=_SEGMENTS, slot=int(Slot.RUBBER), axis="y")


def _single(builder: MeshBuilder, radius: float, width: float, rim_slot: Slot) -> float:
    half, rim = width / 2, 0.545 * radius
    _tyre(builder, radius, half, rim, 0.0)
    face = half * 0.62  # a front wheel's disc bulges out to its hub
    section = [(rim + 0.012, half * 0.84), (rim - 0.012, half * 0.86), (rim - 0.03, half * 0.35)]
    section += [(rim * 0.74, face), (rim * 0.42, face + 0.02), (rim * 0.40, face + 0.075), (0.0, face + 0.085)]
    _disc(builder, section, rim_slot)
    _holes(builder, rim * 0.86, half * 0.52, 0.032 * radius / 0.5)
    _nuts(builder, rim * 0.55, face + 0.012)
    _back(builder, rim, -half * 0.5)
    return width


def _twin(builder: MeshBuilder, radius: float, width: float, rim_slot: Slot) -> float:
    half, rim, gap = width / 2, 0.545 * radius, 0.05
    offset = half + gap / 2
    for y in (offset, -offset):
        _tyre(builder, radius, half, rim, y)
    lip = offset + half * 0.86
    depth = offset - half * 0.55  # the outer disc is dished in to the mounting face between the tyres
    section = [(rim + 0.012, lip), (rim - 0.012, lip + 0.004), (rim - 0.035, depth + 0.05), (rim * 0.8, depth)]
    section += [(rim * 0.5, depth - 0.005), (rim * 0.48, depth + 0.14), (rim * 0.36, depth + 0.17), (0.0, depth + 0.17)]
    _disc(builder, section, rim_slot)
    _nuts(builder, rim * 0.62, depth)
    _holes(builder, rim * 0.82, depth + 0.012, 0.034 * radius / 0.5)
    _back(builder, rim, -offset - half * 0.5)
    return 2 * width + gap


def _disc(builder: MeshBuilder, section: Sequence[tuple[float, float]], slot: Slot) -> None:
    builder.lathe(np.array(section), segments=_SEGMENTS, slot=int(slot), axis="y")


def _back(builder: MeshBuilder, rim: float, y: float) -> None:
    builder.lathe(np.array([(0.0, y), (rim + 0.02, y)]), segments=_SEGMENTS, slot=int(Slot.DARK), axis="y")


def _circle(radius: float, count: int) -> Points:
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([radius * np.cos(angles), 0 * angles, radius * np.sin(angles)], axis=-1)


def _holes(builder: MeshBuilder, ring_m: float, y: float, radius_m: float) -> None:
    """Add ten hand holes as dark ovals just before the disc."""
    shape = _circle(radius_m, 8)[::-1]
    for centre in _circle(ring_m, 10):
        builder.add(shape + centre + np.array([0.0, y + 0.012, 0.0]), [tuple(range(8))], int(Slot.DARK))


def _nuts(builder: MeshBuilder, ring_m: float, y: float) -> None:
    for centre in _circle(ring_m, 10):
        low, high = moved(centre, -0.014, y - 0.02, -0.014), moved(centre, 0.014, y + 0.022, 0.014)
        builder.box(low.tolist(), high.tolist(), int(Slot.CHROME))
