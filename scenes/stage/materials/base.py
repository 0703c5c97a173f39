"""Surfaces as Cycles node trees; every texture is noise in object or world space, so nothing tiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes


def plain(name: str, colour: Colour, *, roughness: float = 0.6, metallic: float = 0.0, coat: float = 0.0) -> Any:
    """Return a uniform surface."""
    nodes = Nodes(name)
    inputs = {"Base Color": colour, "Roughness": roughness, "Metallic": metallic, "Coat Weight": coat}
    return nodes.finish(nodes.principled({**inputs, "Coat Roughness": 0.04}))


def car_paint(name: str, colour: Colour, seams_x_m: Sequence[float], *, dirt: float) -> Any:
    """Return clear-coated paint with flakes, door seams at the given stations and road dirt towards the sills."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    axes = nodes.node("ShaderNodeSeparateXYZ", {0: local}).outputs
    seam: Any = 0.0
    for station in seams_x_m:
        away = nodes.math("ABSOLUTE", nodes.math("SUBTRACT", axes[0], station))
        seam = nodes.math("MAXIMUM", seam, nodes.ramp(away, 0.012, 0.004))
    flank = nodes.node("ShaderNodeTexCoord").outputs["Normal"]
    flat = nodes.math("ABSOLUTE", nodes.node("ShaderNodeSeparateXYZ", {0: flank}).outputs[1])
    below = nodes.ramp(axes[2], 1.02, 0.95)
    seam = nodes.math("MULTIPLY", nodes.math("MULTIPLY", seam, nodes.ramp(flat, 0.5, 0.7)), below)
    grime = nodes.math("MULTIPLY", nodes.ramp(axes[2], 0.75, 0.15), nodes.noise(6.0, where=local))
    grime = nodes.math("MULTIPLY", grime, dirt, clamp=True)
    base = nodes.mix(nodes.math("MAXIMUM", seam, 0.0), nodes.mix(grime, colour, (0.09, 0.08, 0.065)), (0.004,) * 3)
    clean = nodes.math("SUBTRACT", 1.0, nodes.math("MAXIMUM", grime, seam), clamp=True)
    return nodes.finish(
        nodes.principled(
            {
                "Base Color": base,
                "Metallic": 0.25,
                "Roughness": nodes.math("ADD", 0.32, nodes.math("MULTIPLY", grime, 0.4)),
                "Coat Weight": clean,
                "Coat Roughness": 0.03,
            }
        )
    )


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
        strength = nodes.math("MULTIPLY", nodes.math("POWER", nodes.math("MAXIMUM", cosine, 0.0), narrow), luminance_cd_m2)
    lit = nodes.node("ShaderNodeEmission", {"Color": colour, "Strength": strength}).outputs[0]
    front = nodes.node("ShaderNodeNewGeometry").outputs["Backfacing"]
    dark = nodes.node("ShaderNodeBsdfDiffuse", {"Color": (0.02, 0.02, 0.02)}).outputs[0]
    return nodes.finish(nodes.node("ShaderNodeMixShader", {0: front, 1: lit, 2: dark}).outputs[0])


def wet_ground(
    name: str, colour: Colour, *, wetness: float, puddles: float, grain_m: float, patchy: float = 0.5
) -> Any:
    """Return a rough ground under a water film.

    Water fills the pores (darker, Lekner & Dorf 1988), smooths the surface, and stands level in puddles.
    """
    nodes = Nodes(name)
    where = nodes.node("ShaderNodeNewGeometry").outputs["Position"]
    stretched = nodes.node("ShaderNodeMapping", {"Vector": where, "Scale": (0.35, 1.0, 1.0)}).outputs[0]
    grain = nodes.noise(1.0 / grain_m, detail=2.0, roughness=0.7)
    stains = nodes.noise(0.55, where=stretched, detail=4.0)
    tone = nodes.mix(
        nodes.ramp(stains, 0.3, 0.7), [v * (1 - patchy) for v in colour], [v * (1 + patchy) for v in colour]
    )
    tone = nodes.mix(nodes.ramp(grain, 0.35, 0.7), tone, nodes.mix(0.35, tone, (0.25, 0.24, 0.23)))
    low = nodes.noise(0.16, where=stretched, detail=4.0, roughness=0.6)
    level = 0.72 - 0.42 * puddles
    pool = nodes.ramp(low, level, level + 0.05, (0.0, min(1.0, 4 * wetness)))
    damp = nodes.ramp(low, level - 0.35, level, (0.35 * wetness, wetness))
    film = nodes.math("MAXIMUM", pool, damp)
    tone = nodes.mix(nodes.math("MULTIPLY", film, 0.62), tone, (0.0, 0.0, 0.0))
    ripple = nodes.noise(4.0, detail=2.0)
    rough = nodes.math("MULTIPLY", nodes.math("SUBTRACT", 1.0, pool), nodes.ramp(stains, 0.2, 0.8, (0.10, 0.26)))
    return nodes.finish(
        nodes.principled(
            {
                "Base Color": tone,
                "Roughness": 0.88,
                "Normal": nodes.bump(grain, grain_m * 0.6, 0.5),
                "Coat Weight": film,
                "Coat IOR": 1.33,
                "Coat Roughness": nodes.math("ADD", rough, 0.012),
                "Coat Normal": nodes.bump(ripple, 0.003, 0.5),
            }
        )
    )
