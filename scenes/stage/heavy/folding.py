"""A combination that has folded: the tractor's meshes turned about the king pin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenes.articulation import TRACTOR_BEHIND_PIN_M, pin_m
from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Array, Asset, Beam, Keypoint, Piece


def folded(asset: Asset, vehicle: Vehicle) -> Asset:
    """Return the asset with all that belongs to the tractor turned; the same object if it is straight.

    Args:
        asset: a combination in its frame; the trailer's solid is called "trailer".
        vehicle: `articulation_deg` says how far.
    """
    if not vehicle.articulation_deg:
        return asset
    pin = pin_m(vehicle.length_m)
    turn, least = _about(pin, vehicle.articulation_deg), pin - TRACTOR_BEHIND_PIN_M - 0.3
    return Asset(
        pieces=tuple(part for piece in asset.pieces for part in _turned(piece, turn, least)),
        beams=tuple(_turned_beam(beam, turn, vehicle.articulation_deg) for beam in asset.beams),
        keypoints=tuple(_turned_point(point, turn, least) for point in asset.keypoints),
    )


def _about(pin_ahead_m: float, degrees: float) -> Array:
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    matrix = np.eye(4)
    matrix[:2, :2] = [[cos, -sin], [sin, cos]]
    matrix[:2, 3] = [pin_ahead_m * (1 - cos), -pin_ahead_m * sin]
    return matrix


def _turned(piece: Piece, turn: Array, least_m: float) -> list[Piece]:
    """Turn copies of wheels one by one, and of other solids what lies ahead: lamps are one solid for both units."""
    if piece.solid.name == "trailer":
        return [piece]
    if len(piece.matrices) > 1:
        matrices = tuple(turn @ matrix if matrix[0, 3] > least_m else matrix for matrix in piece.matrices)
        return [replace(piece, matrices=matrices)]
    points = piece.solid.vertices @ piece.matrices[0][:3, :3].T + piece.matrices[0][:3, 3]
    ahead = points[:, 0] > least_m
    points[ahead] = points[ahead] @ turn[:3, :3].T + turn[:3, 3]
    solid = replace(piece.solid, vertices=points.astype(piece.solid.vertices.dtype))
    return [replace(piece, solid=solid, matrices=(np.eye(4),))]


def _turned_beam(beam: Beam, turn: Array, degrees: float) -> Beam:
    x, y, z = (turn @ np.array([*beam.where_m, 1.0]))[:3].tolist()
    return replace(beam, where_m=(x, y, z), heading_deg=beam.heading_deg + degrees)


def _turned_point(point: Keypoint, turn: Array, least_m: float) -> Keypoint:
    if point.where_m[0] <= least_m:
        return point
    x, y, z = (turn @ np.array([*point.where_m, 1.0]))[:3].tolist()
    return replace(point, where_m=(x, y, z))
