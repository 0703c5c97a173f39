"""What an impact leaves on the road: shards, broken trim, and the cones that rescuers set out."""

from __future__ import annotations

import numpy as np

from scenes.spec import Debris
from scenes.stage.materials import base as materials
from scenes.stage.mesh import MeshBuilder, turn

_SLOT = {"glass": 0, "plastic": 1, "trim": 2}


def build_debris(pieces: tuple[Debris, ...]) -> None:
    """Lay all loose pieces on the road as one mesh, and stand up the cones."""
    shards, cones = MeshBuilder(), MeshBuilder()
    for piece in pieces:
        if piece.kind == "cone":
            _cone(cones, piece)
        else:
            _shard(shards, piece)
    if shards:
        shards.build(
            "debris",
            [
                materials.plain("shard glass", (0.35, 0.4, 0.4), roughness=0.05, coat=1.0),
                materials.plain("shard plastic", (0.015, 0.015, 0.016), roughness=0.45),
                materials.plain("shard trim", (0.4, 0.4, 0.42), roughness=0.25, metallic=0.6),
            ],
        )
    if cones:
        orange = materials.plain("cone", (0.8, 0.13, 0.02), roughness=0.45)
        band = materials.plain("cone band", (0.8, 0.8, 0.8), roughness=0.3)
        cones.build("cones", [orange, band, materials.plain("cone foot", (0.02, 0.02, 0.02))], smooth=True)


def _shard(builder: MeshBuilder, piece: Debris) -> None:
    rng = np.random.default_rng(piece.seed)
    count = int(rng.integers(4, 7))
    angles = np.sort(rng.uniform(0, 2 * np.pi, count))
    radii = piece.size_m * rng.uniform(0.3, 0.7, count)
    top = np.stack([radii * np.cos(angles), radii * np.sin(angles) * rng.uniform(0.3, 1.0), np.zeros(count)], axis=-1)
    tilt = rng.normal(size=2) * 0.25
    top[:, 2] = 0.012 + piece.size_m * 0.08 + top[:, :2] @ tilt
    top[:, 2] -= min(0.0, float(top[:, 2].min()) - 0.012)
    points = np.concatenate([top, top * (1, 1, 0) + (0, 0, 0.002)]) @ turn(piece.heading_deg).T
    sides = [(i, i + count, (i + 1) % count + count, (i + 1) % count) for i in range(count)]
    where = np.array([piece.x_m, piece.y_m, 0.0])
    builder.add(points + where, [tuple(range(count)), *sides], _SLOT[piece.kind])


def _cone(builder: MeshBuilder, piece: Debris) -> None:
    high = piece.size_m
    profile = np.array(
        [(0.0, high), (0.035, high), (0.06, high * 0.78), (0.09, high * 0.52), (0.145, high * 0.06), (0.145, 0.03)]
    )
    builder.lathe(profile[::-1] * (high / 0.75, 1.0), segments=20, slot=[0, 0, 1, 0, 0])
    builder.vertices[-1] = builder.vertices[-1] + (piece.x_m, piece.y_m, 0.0)
    foot = high / 0.75 * 0.2
    builder.box(
        (piece.x_m - foot, piece.y_m - foot, 0.0),
        (piece.x_m + foot, piece.y_m + foot, 0.035),
        2,
        heading_deg=piece.heading_deg,
    )
