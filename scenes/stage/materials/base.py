"""Surfaces as Cycles node trees; every texture is noise in object or world space, so nothing tiles."""

from __future__ import annotations

from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes


def plain(name: str, colour: Colour, *, roughness: float = 0.6, metallic: float = 0.0, coat: float = 0.0) -> Any:
    """Return a uniform surface."""
    nodes = Nodes(name)
    inputs = {"Base Color": colour, "Roughness": roughness, "Metallic": metallic, "Coat Weight": coat}
    return nodes.finish(nodes.principled({**inputs, "Coat Roughness": 0.04}))


def glass(name: str) -> Any:
    """Return tinted glazing: a dark mirror, since daylight inside a car is a hundredth of that outside."""
    nodes = Nodes(name)
    tone = nodes.mix(nodes.noise(2.5, detail=2.0), (0.004, 0.005, 0.006), (0.02, 0.022, 0.024))
    return nodes.finish(
        nodes.principled({"Base Color": tone, "Roughness": 0.03, "IOR": 1.52, "Specular IOR Level": 0.6})
    )


def lens(name: str, colour: Colour) -> Any:
    """Return a lamp's clear cover over a bright reflector."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    cells = nodes.node("ShaderNodeTexVoronoi", {"Vector": local, "Scale": 22.0}).outputs["Distance"]
    tone = nodes.mix(nodes.ramp(cells, 0.1, 0.6), colour, [value * 0.25 for value in colour])
    inputs = {"Base Color": tone, "Metallic": 0.55, "Roughness": 0.22, "Coat Weight": 1.0, "Coat Roughness": 0.02}
    return nodes.finish(nodes.principled(inputs))


def emission(name: str, colour: Colour, luminance_cd_m2: float, *, narrow: float = 0.0) -> Any:
    """Return a lamp face; `narrow` > 0 throws its light forward as cos^narrow."""
    nodes = Nodes(name)
    strength: Any = luminance_cd_m2
    if narrow > 0:
        normal = nodes.node("ShaderNodeNewGeometry")
        cosine = nodes.node(
            "ShaderNodeVectorMath",
            {0: normal.outputs["Normal"], 1: normal.outputs["Incoming"]},
            operation="DOT_PRODUCT",
        ).outputs["Value"]
        ahead = nodes.math("MAXIMUM", cosine, 0.0)  # smooth normals may look away from a visible face
        strength = nodes.math("MULTIPLY", nodes.math("POWER", ahead, narrow), luminance_cd_m2)
    lit = nodes.node("ShaderNodeEmission", {"Color": colour, "Strength": strength}).outputs[0]
    front = nodes.node("ShaderNodeNewGeometry").outputs["Backfacing"]
    dark = nodes.node("ShaderNodeBsdfDiffuse", {"Color": (0.02, 0.02, 0.02)}).outputs[0]
    return nodes.finish(nodes.node("ShaderNodeMixShader", {0: front, 1: lit, 2: dark}).outputs[0])


def cloud_cover(name: str, zenith_cd_m2: float, *, below: float) -> Any:
    """Return a CIE overcast sky that glows in front of what is behind it; `below` of the horizon's light from below."""
    nodes = Nodes(name)
    _, _, down = nodes.axes(nodes.node("ShaderNodeNewGeometry").outputs["Incoming"])
    up = nodes.math("MAXIMUM", nodes.math("MULTIPLY", down, -1.0), 0.0)
    above = nodes.math("MULTIPLY", nodes.math("ADD", nodes.math("MULTIPLY", up, 2.0), 1.0), zenith_cd_m2 / 3)
    strength = nodes.math("MULTIPLY", above, nodes.ramp(down, -0.002, 0.002, (1.0, below)))
    glow = nodes.node("ShaderNodeEmission", {"Color": (1.0, 1.0, 1.0), "Strength": strength}).outputs[0]
    behind = nodes.node("ShaderNodeBsdfTransparent").outputs[0]
    return nodes.finish(nodes.node("ShaderNodeAddShader", {0: glow, 1: behind}).outputs[0], sampling="NONE", passes=1.0)
