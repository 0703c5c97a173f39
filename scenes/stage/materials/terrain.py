"""Land beside roads, and what stands behind the houses: fields, lawns, yards, facades and woods from some way off."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes

_SNOW = (0.78, 0.80, 0.83)
_PALETTES = MappingProxyType(
    {
        "fields": (
            (0.075, 0.105, 0.03),
            (0.15, 0.125, 0.05),
            (0.055, 0.085, 0.022),
            (0.085, 0.06, 0.04),
            (0.1, 0.13, 0.035),
            (0.19, 0.155, 0.075),
        ),
        "lawn": ((0.05, 0.078, 0.02), (0.065, 0.088, 0.027), (0.042, 0.066, 0.02)),
        "yard": ((0.11, 0.108, 0.105), (0.16, 0.152, 0.14), (0.075, 0.075, 0.076), (0.13, 0.12, 0.1)),
    }
)
_CELLS_PER_M = MappingProxyType({"fields": 0.009, "lawn": 0.03, "yard": 0.05})


def terrain(name: str, *, make: str = "fields", snow: float = 0.0, wetness: float = 0.0) -> Any:
    """Return open ground in patches, which cells in world space part.

    Args:
        name: of the material.
        make: "fields" (meadow, crops, plough), "lawn" or "yard" (old concrete, gravel).
        snow: share of the ground that is covered.
        wetness: 0 dry, 1 soaked and so darker.
    """
    nodes = Nodes(name)
    where = nodes.node("ShaderNodeNewGeometry").outputs["Position"]
    pull = (0.6 if make == "fields" else 1.0, 1.0, 0.0)
    flat = nodes.node("ShaderNodeMapping", {"Vector": where, "Scale": pull, "Rotation": (0.0, 0.0, 0.4)}).outputs[0]
    cells = nodes.node("ShaderNodeTexVoronoi", {"Vector": flat, "Scale": _CELLS_PER_M[make]}, voronoi_dimensions="2D")
    pick = nodes.node("ShaderNodeSeparateXYZ", {0: cells.outputs["Color"]}).outputs[0]
    tone = nodes.pick(pick, _PALETTES[make])
    blotches = nodes.noise(0.06, where=flat, detail=3.0, roughness=0.6)
    tone = nodes.mix(nodes.ramp(blotches, 0.35, 0.7, (0.0, 0.45)), tone, [value * 0.5 for value in _PALETTES[make][0]])
    grain = nodes.noise(2.2, where=where, detail=3.0, roughness=0.7)
    dark = nodes.node("ShaderNodeVectorMath", {0: tone, 1: (0.6, 0.62, 0.55)}, operation="MULTIPLY").outputs[0]
    tone = nodes.mix(nodes.ramp(grain, 0.35, 0.68), dark, tone)
    if wetness > 0:
        tone = nodes.mix(0.4 * wetness, tone, (0.0, 0.0, 0.0))
    if snow > 0:
        cover = nodes.ramp(grain, 0.75 - 0.75 * snow, 0.85 - 0.75 * snow)
        tone = nodes.mix(cover, tone, _SNOW)
    relief = nodes.bump(grain, 0.006 if make == "yard" else 0.06, 0.6)
    return nodes.finish(nodes.principled({"Base Color": tone, "Roughness": 0.95, "Normal": relief}))


def skyline_facade(name: str, *, snow: float = 0.0) -> Any:
    """Return a wall with a grid of windows over its UVs, which are metres; each face's `tint` is its plaster.

    The tint's fourth value is the share of the wall that windows take. Roofs have no UVs and so no windows.

    Args:
        name: of the material.
        snow: share of what faces up that is covered.
    """
    nodes = Nodes(name)
    tint = nodes.node("ShaderNodeAttribute", attribute_name="tint").outputs
    u, v, _ = nodes.axes(nodes.node("ShaderNodeTexCoord").outputs["UV"])
    share: Any = 1.0
    cells = []
    for axis, pitch_m, least in ((u, 2.7, 0.12), (v, 3.1, 0.2)):
        cell = nodes.math("DIVIDE", axis, pitch_m)
        cells.append(nodes.math("FLOOR", cell))
        aside = nodes.math("ABSOLUTE", nodes.math("SUBTRACT", nodes.math("FRACT", cell), 0.5))
        reach = nodes.math("ADD", least, nodes.math("MULTIPLY", tint["Alpha"], 0.3))
        share = nodes.math("MULTIPLY", share, nodes.math("LESS_THAN", aside, reach))
    share = nodes.math("MULTIPLY", share, nodes.math("GREATER_THAN", tint["Alpha"], 0.01))
    pane = nodes.node("ShaderNodeCombineXYZ", {0: cells[0], 1: cells[1]}).outputs[0]
    drawn = nodes.node("ShaderNodeTexWhiteNoise", {"Vector": pane}, noise_dimensions="2D").outputs["Value"]
    glass = nodes.mix(nodes.math("POWER", drawn, 3.0), (0.015, 0.018, 0.022), (0.16, 0.16, 0.15))
    stains = nodes.ramp(nodes.noise(0.12, detail=2.0), 0.3, 0.7, (0.72, 1.05))
    wall = nodes.node("ShaderNodeVectorMath", {0: tint["Color"], "Scale": stains}, operation="SCALE").outputs[0]
    if snow > 0:
        wall = nodes.mix(_facing_up(nodes, snow), wall, _SNOW)
    rough = nodes.ramp(share, 0.0, 1.0, (0.8, 0.12))
    return nodes.finish(nodes.principled({"Base Color": nodes.mix(share, wall, glass), "Roughness": rough}))


def far_wood(name: str, *, colour: Colour = (0.04, 0.06, 0.022), snow: float = 0.0) -> Any:
    """Return crowns seen from far: lit tops over dark gaps; each face's `tint` multiplies the colour.

    Args:
        name: of the material.
        colour: albedo of the leaves.
        snow: share of what faces up that is covered.
    """
    nodes = Nodes(name)
    tint = nodes.node("ShaderNodeAttribute", attribute_name="tint").outputs["Color"]
    clumps = nodes.noise(0.55, detail=3.0, roughness=0.7)
    tone = nodes.mix(nodes.ramp(clumps, 0.4, 0.66), [value * 0.25 for value in colour], [v * 1.35 for v in colour])
    tone = nodes.node("ShaderNodeVectorMath", {0: tone, 1: tint}, operation="MULTIPLY").outputs[0]
    if snow > 0:
        tone = nodes.mix(nodes.math("MULTIPLY", _facing_up(nodes, snow), nodes.ramp(clumps, 0.4, 0.6)), tone, _SNOW)
    relief = nodes.bump(clumps, 1.6, 1.0)
    return nodes.finish(nodes.principled({"Base Color": tone, "Roughness": 1.0, "Normal": relief}))


def far_window(name: str, *, gain: float = 1.0) -> Any:
    """Return lit windows seen from far; `tint` gives colour, and its fourth value luminance in cd/m².

    Args:
        name: of the material.
        gain: of the light group in the trace.
    """
    nodes = Nodes(name)
    tint = nodes.node("ShaderNodeAttribute", attribute_name="tint").outputs
    strength = nodes.math("MULTIPLY", tint["Alpha"], gain)
    shown = nodes.node("ShaderNodeEmission", {"Color": tint["Color"], "Strength": strength}).outputs[0]
    return nodes.finish(shown, sampling="NONE")  # too far to light anything


def _facing_up(nodes: Nodes, snow: float) -> Any:
    normal = nodes.node("ShaderNodeNewGeometry").outputs["Normal"]
    up = nodes.node("ShaderNodeSeparateXYZ", {0: normal}).outputs[2]
    return nodes.ramp(up, 0.9 - 0.6 * snow, 1.0 - 0.5 * snow)
