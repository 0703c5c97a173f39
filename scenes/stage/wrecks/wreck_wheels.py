"""Wheels of a wreck: pushed with the body, taken off, without air, or burnt down to their rims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Array, Keypoint, Piece, Solid

SINK_FLAT_M = 0.055
"""How far a wheel without air comes down."""
NO_TYRES_BURNT = 0.75
"""Tyres are gone above this share of `burnt`."""
_MOST_PUSHED_M = 0.25
_ONE_AXLE_M, _IN_THE_MIDDLE_M = 0.12, 0.08


def hurt_wheels(
    wheels: Sequence[Piece], vehicle: Vehicle, deform: Callable[[Array], Array], *, tyres: bool
) -> list[Piece]:
    """Return what is left of a vehicle's wheels, and where.

    Args:
        wheels: all of them; axles are told apart by where they stand.
        vehicle: `lost` and `flat_tyres` say what happened.
        deform: moves points with the body.
        tyres: False if they have burnt.
    """
    axles_m = axles_of([float(matrix[0, 3]) for piece in wheels for matrix in piece.matrices])
    made: list[Piece] = []
    for piece in wheels:
        solid = piece.solid if tyres else _rim(piece.solid)
        round_ones = []
        for matrix in piece.matrices:
            if _is_one_of(matrix, axles_m, _lost(vehicle, len(axles_m))):
                continue
            pushed = _pushed(matrix, deform)
            if tyres and _is_one_of(matrix, axles_m, vehicle.flat_tyres):
                made.append(Piece(solid=_flattened(solid, pushed)))
            else:
                round_ones.append(pushed)
        if round_ones:
            made.append(Piece(solid=solid, matrices=tuple(round_ones)))
    return made


def hurt_hubs(hubs: Sequence[Keypoint], vehicle: Vehicle, deform: Callable[[Array], Array]) -> list[Keypoint]:
    """Return the centres of the wheels that are left, where `hurt_wheels` leaves them."""
    axles_m = axles_of([hub.where_m[0] for hub in hubs])
    made = []
    for hub in hubs:
        matrix = np.eye(4)
        matrix[:3, 3] = hub.where_m
        if _is_one_of(matrix, axles_m, _lost(vehicle, len(axles_m))):
            continue
        x, y, z = (float(value) for value in _pushed(matrix, deform)[:3, 3])
        flat = vehicle.burnt <= NO_TYRES_BURNT and _is_one_of(matrix, axles_m, vehicle.flat_tyres)
        made.append(replace(hub, where_m=(x, y, z - SINK_FLAT_M if flat else z)))
    return made


def axles_of(wheels_x_m: Sequence[float]) -> list[float]:
    """Return where the axles are, front first, from where the wheels are."""
    axles: list[float] = []
    for x in sorted(wheels_x_m, reverse=True):
        if not axles or axles[-1] - x > _ONE_AXLE_M:
            axles.append(x)
    return axles


def _lost(vehicle: Vehicle, axles: int) -> tuple[tuple[int, int], ...]:
    return tuple(
        (0 if "front" in name else axles - 1, 1 if "left" in name else -1)
        for name in vehicle.lost
        if name.startswith("wheel")
    )


def _is_one_of(matrix: Array, axles_m: Sequence[float], wanted: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a wheel is named by axle and side; one in the middle of its axle is on both sides."""
    axle = int(np.argmin(np.abs(np.array(axles_m) - matrix[0, 3])))
    side = 0 if abs(matrix[1, 3]) < _IN_THE_MIDDLE_M else int(np.sign(matrix[1, 3]))
    return any(axle == number and side in (0, named) for number, named in wanted)


def _pushed(matrix: Array, deform: Callable[[Array], Array]) -> Array:
    pushed = matrix.copy()
    shift = (deform(matrix[None, :3, 3]) - matrix[None, :3, 3])[0]
    pushed[:2, 3] += np.clip(0.6 * shift[:2], -_MOST_PUSHED_M, _MOST_PUSHED_M)
    return pushed


def _rim(solid: Solid) -> Solid:
    if "rubber" not in solid.slot_names:
        return solid
    return solid.kept(solid.slots != solid.slot_names.index("rubber")) or solid


def _flattened(solid: Solid, matrix: Array) -> Solid:
    """Return a wheel in the vehicle's frame that stands on its rim, its tyre spread on the ground."""
    points = solid.vertices.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    points[:, 2] -= SINK_FLAT_M
    squeezed = np.clip(0.08 - points[:, 2], 0, None)
    middle = matrix[1, 3]
    points[:, 1] = middle + (points[:, 1] - middle) * (1 + 1.6 * squeezed)
    points[:, 2] = np.maximum(points[:, 2], 0.0)
    return replace(solid, vertices=points.astype(np.float32), damaged=np.ones(len(solid.sizes), dtype=bool))
