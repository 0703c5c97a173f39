"""Skin, lips and hair."""

from __future__ import annotations

from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes


def skin(name: str, colour: Colour) -> Any:
    """Return skin: mottled, redder where blood shows, with a broken sheen of sebum."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    patches = nodes.noise(14.0, where=local, detail=2.0)
    pores = nodes.noise(420.0, where=local, detail=1.0)
    red, green, blue = colour
    warm = (min(1.0, red * 1.12), green * 0.84, blue * 0.80)
    pale = (red * 0.93, green * 0.98, blue * 1.0)
    tone = nodes.mix(nodes.ramp(patches, 0.32, 0.68), pale, warm)
    inputs = {
        "Base Color": tone,
        "Roughness": nodes.ramp(pores, 0.3, 0.7, (0.42, 0.56)),
        "Specular IOR Level": 0.42,
        "Sheen Weight": 0.08,
        "Sheen Roughness": 0.4,
    }
    return nodes.finish(nodes.principled(inputs))


def hair(name: str, colour: Colour, coarse: float = 1.0) -> Any:
    """Return hair: streaks along the fall of the strands that split the highlight, and lighter ends."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    along = nodes.node("ShaderNodeMapping", {"Vector": local, "Scale": (1.0, 1.0, 0.09)}).outputs[0]
    fine = nodes.noise(430.0 * coarse, where=along, detail=1.0)
    locks = nodes.noise(70.0 * coarse, where=along, detail=2.0)
    dark, light = [value * 0.35 for value in colour], [min(1.0, value * 1.9 + 0.004) for value in colour]
    height = nodes.math("ADD", nodes.math("MULTIPLY", fine, 0.45), locks)
    tone = nodes.mix(nodes.ramp(height, 0.45, 1.0), dark, light)
    inputs = {
        "Base Color": tone,
        "Roughness": 0.62,
        "Specular IOR Level": 0.25,
        "Anisotropic": 0.6,
        "Normal": nodes.bump(height, 0.008, 0.9),
    }
    return nodes.finish(nodes.principled(inputs))
