"""Wheels of a wreck: pushed with the body, taken off, without air, or burnt down to their rims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from scenes.spec import Vehicle
from scenes.stage.asset import Array, Piece, Solid

SINK_FLAT_M = 0.055
"""How far a wheel without air comes down."""
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
    axles_m = _axles_m(wheels)
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


def _axles_m(wheels: Sequence[Piece]) -> list[float]:
    """Return where the axles are, front first."""
    axles: list[float] = []
    for x in sorted((float(matrix[0, 3]) for piece in wheels for matrix in piece.matrices), reverse=True):
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
    return kept(solid, solid.slots != solid.slot_names.index("rubber")) or solid


def _flattened(solid: Solid, matrix: Array) -> Solid:
    """Return a wheel in the vehicle's frame that stands on its rim, its tyre spread on the ground."""
    points = solid.vertices.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    points[:, 2] -= SINK_FLAT_M
    squeezed = np.clip(0.08 - points[:, 2], 0, None)
    middle = matrix[1, 3]
    points[:, 1] = middle + (points[:, 1] - middle) * (1 + 1.6 * squeezed)
    points[:, 2] = np.maximum(points[:, 2], 0.0)
    return replace(solid, vertices=points.astype(np.float32))


def kept(solid: Solid, keep: Array) -> Solid | None:
    """Return the solid with the kept faces alone, None if nothing is left."""
    if not keep.any():
        return None
    if keep.all():
        return solid
    corners = np.repeat(keep, solid.sizes)
    used, loops = np.unique(solid.loops[corners], return_inverse=True)
    return replace(
        solid,
        vertices=solid.vertices[used],
        uvs=solid.uvs[used],
        loops=loops.astype(np.int32),
        sizes=solid.sizes[keep],
        slots=solid.slots[keep],
        parts=solid.parts[keep],
        tints=solid.tints[keep],
    )
