"""What grows and what lies below it: leaves, bark, grass, soil, rock and water."""

from __future__ import annotations

from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes

_SNOW = (0.82, 0.84, 0.88)


def foliage(name: str, colour: Colour) -> Any:
    """Return leaves that let a third of the light through."""
    return leaf(name, colour, [value * 1.3 for value in colour])


def leaf(name: str, colour: Colour, second: Colour, *, snow: float = 0.0) -> Any:
    """Return leaves: waxy above, and a third of the light comes through yellower.

    Each face's `tint` multiplies the colour, and its fourth value says how far it lies towards `second`. About as
    much light comes through a leaf as comes back (Jacquemoud & Baret 1990).

    Args:
        name: of the material.
        colour: albedo of fresh leaves.
        second: of old ones.
        snow: share of the upward surface that is covered.
    """
    nodes = Nodes(name)
    tint = nodes.node("ShaderNodeAttribute", attribute_name="tint").outputs
    tone = nodes.mix(tint["Alpha"], colour, second)
    tone = nodes.node("ShaderNodeVectorMath", {0: tone, 1: tint["Color"]}, operation="MULTIPLY").outputs[0]
    through = nodes.node("ShaderNodeVectorMath", {0: tone, 1: (1.5, 1.3, 0.6)}, operation="MULTIPLY").outputs[0]
    share: Any = 0.42
    if snow > 0:
        cover = _snow_cover(nodes, snow)
        tone = nodes.mix(cover, tone, _SNOW)
        share = nodes.math("MULTIPLY", nodes.math("SUBTRACT", 1.0, cover), share)
    front = nodes.principled({"Base Color": tone, "Roughness": 0.5, "Specular IOR Level": 0.2})
    back = nodes.node("ShaderNodeBsdfTranslucent", {"Color": through}).outputs[0]
    return nodes.finish(nodes.node("ShaderNodeMixShader", {0: share, 1: front, 2: back}).outputs[0])


def bark(name: str, colour: Colour, *, style: str = "furrowed", snow: float = 0.0) -> Any:
    """Return bark in the tree's own frame.

    Args:
        name: of the material.
        colour: mean albedo.
        style: "furrowed" (oak, lime), "flaking" (plane), "white" (birch), "ringed" (palm).
        snow: share of the upward surface that is covered.
    """
    nodes = Nodes(name)
    where = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    stretch, scale = {
        "furrowed": ((1.0, 1.0, 0.16), 16.0),
        "flaking": ((1.0, 1.0, 0.7), 7.0),
        "white": ((0.25, 0.25, 3.0), 7.0),
        "ringed": ((0.15, 0.15, 2.0), 9.0),
    }[style]
    pulled = nodes.node("ShaderNodeMapping", {"Vector": where, "Scale": stretch}).outputs[0]
    grain = nodes.noise(scale, where=pulled, detail=3.0, roughness=0.65)
    dark = {"white": (0.03, 0.027, 0.025), "flaking": (0.105, 0.095, 0.065)}.get(style, [v * 0.3 for v in colour])
    edges = {"white": (0.6, 0.68), "flaking": (0.48, 0.52)}.get(style, (0.3, 0.62))
    share = nodes.ramp(grain, *edges, (1.0, 0.0)) if style in ("furrowed", "ringed") else nodes.ramp(grain, *edges)
    tone = nodes.mix(share, [v * 1.1 for v in colour], dark)
    moss = nodes.math("MULTIPLY", nodes.ramp(nodes.noise(1.1, where=where, detail=2.0), 0.45, 0.75), 0.45)
    tone = nodes.mix(moss, tone, [colour[0] * 0.75, colour[1] * 0.95, colour[2] * 0.6])
    if snow > 0:
        tone = nodes.mix(_snow_cover(nodes, snow), tone, _SNOW)
    depth = {"furrowed": 0.022, "ringed": 0.02}.get(style, 0.004)
    return nodes.finish(
        nodes.principled({"Base Color": tone, "Roughness": 0.9, "Normal": nodes.bump(grain, depth, 0.9)})
    )


def _snow_cover(nodes: Nodes, snow: float) -> Any:
    facing = nodes.node("ShaderNodeNewGeometry").outputs["Normal"]
    up = nodes.node("ShaderNodeSeparateXYZ", {0: facing}).outputs[2]
    return nodes.ramp(up, 0.9 - 0.8 * snow, 1.05 - 0.75 * snow)
