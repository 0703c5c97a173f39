"""The ground: carriageway with markings, kerbs, pavements, skid marks and what lies on it."""

from __future__ import annotations

import numpy as np

from scenes.spec import SceneSpec, Street
from scenes.stage.materials import base as materials
from scenes.stage.materials.nodes import Nodes
from scenes.stage.mesh import MeshBuilder

BEHIND_M, AHEAD_M = -40.0, 190.0
SIDE_ROAD_HALF_M = 4.2
SIDE_REACH_M = 70.0
_PAINT_LIFT_M = 0.004
_CROSSING_REACH_M = 4.6


def build_road(spec: SceneSpec) -> None:
    """Build the street's ground from kerb to kerb and beyond, with marks and debris-free surface."""
    street = spec.street
    rng = np.random.default_rng(street.seed)
    ground = MeshBuilder()
    half = street.road_half_width_m
    ground.quad([[BEHIND_M, -half, 0], [AHEAD_M, -half, 0], [AHEAD_M, half, 0], [BEHIND_M, half, 0]])
    if street.feature_x_m is not None:
        _side_road(street, ground)
    tone = rng.uniform(0.045, 0.085)
    asphalt = materials.wet_ground(
        "asphalt", (tone, tone, tone * 1.04), wetness=street.wetness, puddles=street.puddles, grain_m=0.012, patchy=0.3
    )
    ground.build("road", [asphalt], smooth=True)
    _pavements(street, rng)
    _markings(street)
    _skid_marks(spec)


def _side_road(street: Street, ground: MeshBuilder) -> None:
    centre, half = street.feature_x_m or 0.0, street.road_half_width_m
    for side in (1, -1):
        y0, y1 = side * half, side * (half + SIDE_REACH_M)
        x0, x1 = centre - SIDE_ROAD_HALF_M, centre + SIDE_ROAD_HALF_M
        corners = np.array([[x0, y0, 0], [x1, y0, 0], [x1, y1, 0], [x0, y1, 0]])
        ground.quad(corners if side > 0 else corners[::-1])


def stretches(street: Street) -> list[tuple[float, float]]:
    """Return the x ranges of the street that no side street crosses."""
    if street.feature_x_m is None:
        return [(BEHIND_M, AHEAD_M)]
    return [(BEHIND_M, street.feature_x_m - SIDE_ROAD_HALF_M), (street.feature_x_m + SIDE_ROAD_HALF_M, AHEAD_M)]


def _pavements(street: Street, rng: np.random.Generator) -> None:
    half, high = street.road_half_width_m, street.kerb_height_m
    builder = MeshBuilder()
    reach = street.sidewalk_width_m + 30.0
    for start, end in stretches(street):
        for side in (1, -1):
            low, far = side * half, side * (half + 0.16)
            builder.box((start, min(low, far), -0.3), (end, max(low, far), high), 1)
            edge = side * (half + reach)
            builder.box((start, min(far, edge), -0.3), (end, max(far, edge), high - 0.004), 0)
    tone = rng.uniform(0.16, 0.26)
    stone = materials.wet_ground(
        "pavement",
        (tone, tone * 0.97, tone * 0.92),
        wetness=0.55 * street.wetness,
        puddles=0.3 * street.puddles,
        grain_m=0.03,
        patchy=0.25,
    )
    kerb = materials.wet_ground(
        "kerb", (0.3, 0.29, 0.28), wetness=0.7 * street.wetness, puddles=0.0, grain_m=0.02, patchy=0.2
    )
    builder.build("pavement", [stone, kerb])


def _markings(street: Street) -> None:
    """Paint centre line, lane lines and edge lines: 3 m dashes with 6 m gaps, 0.12 m wide (urban practice)."""
    builder = MeshBuilder()
    lanes, width = street.lanes_per_direction, street.lane_width_m

    def stripe(x0: float, x1: float, y: float, wide: float = 0.12) -> None:
        z = _PAINT_LIFT_M
        builder.quad([[x0, y - wide / 2, z], [x1, y - wide / 2, z], [x1, y + wide / 2, z], [x0, y + wide / 2, z]])

    clear_m = _CROSSING_REACH_M if street.feature_x_m is not None else 0.0
    for near, far in stretches(street):
        start, end = near + clear_m, far - clear_m  # lines end before the zebra crossing
        for x in np.arange(start + 2, end - 3, 9.0):
            for lane in range(1, lanes):
                for side in (1, -1):
                    stripe(x, x + 3, side * lane * width)
            if lanes == 1:
                stripe(x, x + 3, 0.0)
        if lanes > 1:
            stripe(start, end, 0.1)
            stripe(start, end, -0.1)
        for side in (1, -1):
            stripe(start, end, side * (lanes * width - 0.12))
    if street.feature_x_m is not None:
        _crossing(street, builder)
    nodes = Nodes("road paint")
    worn = nodes.ramp(nodes.noise(9.0, detail=6.0, roughness=0.7), 0.36, 0.5)
    fade = nodes.ramp(nodes.noise(0.7), 0.3, 0.6, (0.35, 1.0))
    tone = nodes.mix(nodes.math("MULTIPLY", worn, fade), (0.06, 0.06, 0.06), (0.62, 0.61, 0.57))
    shader = nodes.principled(
        {"Base Color": tone, "Roughness": 0.6, "Coat Weight": street.wetness, "Coat IOR": 1.33, "Coat Roughness": 0.12}
    )
    builder.build("road markings", [nodes.finish(shader)])


def _crossing(street: Street, builder: MeshBuilder) -> None:
    """Paint a zebra crossing and stop lines on both sides of the junction."""
    centre, half = street.feature_x_m or 0.0, street.road_half_width_m
    for side in (-1, 1):
        near = centre + side * (SIDE_ROAD_HALF_M + 1.0)
        far = near + side * 3.0
        x0, x1 = min(near, far), max(near, far)
        for y in np.arange(-half + 0.5, half - 0.5, 1.0):
            z = 2 * _PAINT_LIFT_M
            builder.quad([[x0, y, z], [x1, y, z], [x1, y + 0.5, z], [x0, y + 0.5, z]])


def _skid_marks(spec: SceneSpec) -> None:
    builder = MeshBuilder()
    for mark in spec.skid_marks:
        path = np.array(mark.points_m)
        if len(path) < 2:
            continue
        along = np.gradient(path, axis=0)
        along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
        across = np.stack([-along[:, 1], along[:, 0]], axis=-1) * mark.width_m / 2
        edges = np.stack([path - across, path + across], axis=1)
        lifted = np.concatenate([edges, np.full((*edges.shape[:2], 1), 3 * _PAINT_LIFT_M)], axis=-1)
        builder.grid(lifted[:, ::-1])
    if not builder:
        return
    nodes = Nodes("rubber")
    dark = nodes.principled({"Base Color": (0.008, 0.008, 0.008), "Roughness": 0.55})
    clear = nodes.node("ShaderNodeBsdfTransparent").outputs[0]
    share = nodes.ramp(nodes.noise(11.0, detail=5.0), 0.3, 0.6, (0.25, 0.85))
    builder.build(
        "skid marks", [nodes.finish(nodes.node("ShaderNodeMixShader", {0: share, 1: clear, 2: dark}).outputs[0])]
    )
