"""The rope by which one car tows another."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.asset import Asset, Finish, Piece
from scenes.stage.mesh import MeshBuilder
from scenes.stage.surface import surface

ROPE_FINISH: Finish = MappingProxyType(
    {
        "rope": surface("plain", colour=(0.75, 0.36, 0.01), roughness=0.8),
        "flag": surface("plain", colour=(0.6, 0.012, 0.012), roughness=0.85),
    }
)
_RADIUS_M, _SAG_M, _FLAG_M = 0.018, 0.07, 0.2


def rope(start_m: tuple[float, float, float], end_m: tuple[float, float, float]) -> Asset:
    """Return a strap between two points in the world, which sags, with the red flag that hangs from its middle."""
    share = np.linspace(0.0, 1.0, 13)[:, None]
    path = np.array(start_m) * (1 - share) + np.array(end_m) * share
    path[:, 2] -= _SAG_M * 4 * (share * (1 - share))[:, 0]
    builder = MeshBuilder(part=PARTS["load"])
    builder.tube(path, [_RADIUS_M] * len(path), slot=0)
    along = (path[7] - path[5]) / np.linalg.norm(path[7] - path[5]) * _FLAG_M / 2
    middle, down = path[6], np.array([0.0, 0.0, _FLAG_M])
    corners = [middle - along - down, middle + along - down, middle + along, middle - along]
    builder.quad(corners, 1)
    builder.quad(corners[::-1], 1)
    return Asset(pieces=(Piece(solid=builder.solid("rope", ("rope", "flag"), smooth=True, crease_deg=40.0)),))
