"""Coats of animals: short hair over patches, with the pale and dark places that the mesh's UVs mark."""

from __future__ import annotations

from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes


def fur(
    name: str,
    colour: Colour,
    second: Colour,
    *,
    patches: float,
    pale: float,
    dark: float,
    seed: float,
    hair_m: float,
) -> Any:
    """Return short fur.

    Args:
        name: of the material.
        colour: of most of the coat.
        second: of patches and of the pale underside.
        patches: share of the coat in patches of the second colour; -1 for rows of pale spots.
        pale: how far the underside (the UVs' first value) takes the second colour.
        dark: how far legs and muzzle (the UVs' second value) darken.
        seed: moves the patches.
        hair_m: length of a tuft.
    """
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    marks = nodes.node("ShaderNodeSeparateXYZ", {0: nodes.node("ShaderNodeTexCoord").outputs["UV"]}).outputs
    shifted = nodes.node("ShaderNodeMapping", {"Vector": local, "Location": (seed * 3.7, seed * 1.3, 0.0)}).outputs[0]
    tufts = nodes.noise(
        1.0 / hair_m,
        where=nodes.node("ShaderNodeMapping", {"Vector": local, "Scale": (0.35, 1.0, 0.8)}).outputs[0],
        detail=2.0,
    )
    broad = nodes.noise(2.2, where=shifted, detail=3.0, roughness=0.4)
    tone: Any = colour
    if patches > 0:
        edge = nodes.math("ADD", broad, nodes.math("MULTIPLY", tufts, 0.03))
        level = 0.515 + 0.25 * (0.5 - patches)
        tone = nodes.mix(nodes.ramp(edge, level, level + 0.025), tone, second)
    elif patches < 0:
        cells = nodes.node("ShaderNodeTexVoronoi", {"Vector": local, "Scale": 13.0, "Randomness": 0.6}).outputs[
            "Distance"
        ]
        spots = nodes.math("MULTIPLY", nodes.ramp(cells, 0.24, 0.16), nodes.ramp(marks[1], 0.1, 0.05))
        tone = nodes.mix(spots, tone, second)
    below = nodes.math(
        "MULTIPLY", nodes.ramp(nodes.math("ADD", marks[0], nodes.math("MULTIPLY", tufts, 0.3)), 0.45, 0.95), pale
    )
    tone = nodes.mix(below, tone, second)
    tone = nodes.mix(nodes.math("MULTIPLY", marks[1], max(dark, 0.25)), tone, (0.015, 0.012, 0.01))
    shade = nodes.math("ADD", nodes.ramp(tufts, 0.3, 0.7, (0.0, 0.45)), nodes.ramp(broad, 0.35, 0.65, (0.0, 0.15)))
    tone = nodes.mix(shade, tone, nodes.mix(0.6, tone, (0.012, 0.009, 0.006)))
    return nodes.finish(
        nodes.principled(
            {
                "Base Color": tone,
                "Roughness": 0.62,
                "Specular IOR Level": 0.25,
                "Sheen Weight": 0.1,
                "Sheen Roughness": 0.4,
                "Normal": nodes.bump(tufts, hair_m * 0.6, 0.55),
            }
        )
    )
