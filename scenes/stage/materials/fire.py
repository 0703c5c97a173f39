"""Flames: sheets that shine and hide nothing."""

from __future__ import annotations

from typing import Any

from scenes.stage.lamps import kelvin_rgb
from scenes.stage.materials.nodes import Nodes


def flame(name: str, luminance_cd_m2: float, seed: float) -> Any:
    """Return tongues of fire over a sheet's UVs: bright roots, ragged tips, see-through; seen, never sampled.

    Args:
        name: of the material.
        luminance_cd_m2: of the root; the tips fall to nothing.
        seed: moves the noise.
    """
    nodes = Nodes(name)
    side, up, _ = nodes.axes(nodes.node("ShaderNodeTexCoord").outputs["UV"])
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    stretched = nodes.node("ShaderNodeVectorMath", {0: local, 1: (2.6, 2.6, 0.9)}, operation="MULTIPLY").outputs[
        "Vector"
    ]
    moved = nodes.node("ShaderNodeVectorMath", {0: stretched, 1: (seed, 0.0, 0.0)}, operation="ADD").outputs["Vector"]
    cloud = nodes.noise(1.0, where=moved, detail=4.0, roughness=0.6)
    rim = nodes.math("MULTIPLY", nodes.math("ABSOLUTE", nodes.math("SUBTRACT", side, 0.5)), 0.9)
    worn = nodes.math("ADD", nodes.math("MULTIPLY", up, 0.42), nodes.math("MULTIPLY", rim, rim))
    body = nodes.math("SUBTRACT", cloud, nodes.math("ADD", worn, 0.22))
    thick = nodes.math("MULTIPLY", nodes.ramp(body, 0.0, 0.30), nodes.ramp(up, 0.0, 0.12))
    colour = nodes.mix(thick, kelvin_rgb(1300.0), kelvin_rgb(1900.0))
    path = nodes.node("ShaderNodeLightPath").outputs  # a rough road that met them by chance would sparkle
    seen = nodes.math("MAXIMUM", path["Is Camera Ray"], path["Is Singular Ray"])
    strength = nodes.math("MULTIPLY", nodes.math("MULTIPLY", thick, seen), luminance_cd_m2)
    lit = nodes.node("ShaderNodeEmission", {"Color": colour, "Strength": strength}).outputs[0]
    clear = nodes.node("ShaderNodeBsdfTransparent").outputs[0]
    return nodes.finish(nodes.node("ShaderNodeAddShader", {0: clear, 1: lit}).outputs[0], sampling="NONE", passes=1.0)
