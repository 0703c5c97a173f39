"""What heavy vehicles and their loads are made of: paint on big panels, tinted panes, tarpaulin, timber, gravel."""

from __future__ import annotations

from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes, passed

_ROAD_DIRT = (0.085, 0.075, 0.06)
_RUST = (0.13, 0.045, 0.015)
_PANE_INDEX = 1.6


def coach_paint(
    name: str, colour: Colour, *, dirt: float, rust: float = 0.0, roughness: float = 0.3, tinted: bool = False
) -> Any:
    """Return lorry paint: clear coat over slightly wavy panels, spray from the road low down, streaks under edges.

    With `tinted`, the colour is each face's own tint.
    """
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    height = nodes.node("ShaderNodeSeparateXYZ", {0: local}).outputs[2]
    stretched = nodes.node("ShaderNodeMapping", {"Vector": local, "Scale": (3.0, 3.0, 0.35)}).outputs[0]
    streaks = nodes.noise(1.6, where=stretched, detail=3.0)
    base: Any = nodes.node("ShaderNodeAttribute", attribute_name="tint").outputs["Color"] if tinted else colour
    splash = nodes.ramp(nodes.math("ADD", height, nodes.math("MULTIPLY", streaks, -0.9)), 0.75, -0.15)
    grime = nodes.math("ADD", nodes.math("MULTIPLY", splash, 0.95), nodes.ramp(streaks, 0.45, 0.8, (0.03, 0.3)))
    grime = nodes.math("MULTIPLY", grime, min(1.0, 0.15 + 0.9 * dirt), clamp=True)
    tone = nodes.mix(grime, base, _ROAD_DIRT)
    if rust > 0:
        spots = nodes.noise(5.0, where=local, detail=3.0)
        low = nodes.ramp(height, 2.6, 0.3)
        eaten = nodes.ramp(
            nodes.math("ADD", spots, nodes.math("MULTIPLY", low, 0.12)), 0.72 - 0.2 * rust, 0.76 - 0.2 * rust
        )
        tone, grime = nodes.mix(eaten, tone, _RUST), nodes.math("MAXIMUM", grime, eaten)
    clean = nodes.math("SUBTRACT", 1.0, grime, clamp=True)
    inputs = {
        "Base Color": tone,
        "Roughness": nodes.math("ADD", roughness, nodes.math("MULTIPLY", grime, 0.45), clamp=True),
        "Coat Weight": nodes.math("MULTIPLY", clean, 0.8),
        "Coat Roughness": 0.05,
    }
    return nodes.finish(nodes.principled(inputs))


def pane(name: str, *, through: float) -> Any:
    """Return a thin tinted window: `through` is the share of light that passes; the rest it mirrors or swallows."""
    nodes = Nodes(name)
    colour = (0.94 * through, through, 0.97 * through)
    clear = nodes.node("ShaderNodeBsdfTransparent", {"Color": colour}).outputs[0]
    mirror = nodes.node("ShaderNodeBsdfGlossy", {"Color": (1.0, 1.0, 1.0), "Roughness": 0.01}).outputs[0]
    weight = nodes.node("ShaderNodeFresnel", {"IOR": _PANE_INDEX}).outputs[0]  # two faces reflect nearly twice as much
    made = nodes.node("ShaderNodeMixShader", {0: weight, 1: clear, 2: mirror}).outputs[0]
    return nodes.finish(made, passes=passed(colour, _PANE_INDEX))


def tarpaulin(name: str, colour: Colour, *, dirt: float, folds_m: float = 0.02) -> Any:
    """Return coated cloth that hangs in soft folds; its height bends the light by `folds_m`."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    hung = nodes.node("ShaderNodeMapping", {"Vector": local, "Scale": (1.0, 1.0, 0.3)}).outputs[0]
    waves = nodes.noise(1.5, where=hung, detail=2.0)
    stains = nodes.noise(0.9, where=hung, detail=3.0)
    tone = nodes.mix(nodes.ramp(stains, 0.4, 0.8, (0.0, 0.2 + 0.5 * dirt)), colour, _ROAD_DIRT)
    inputs = {"Base Color": tone, "Roughness": 0.45, "Normal": nodes.bump(waves, folds_m, 0.7)}
    return nodes.finish(nodes.principled(inputs))


def timber(name: str, colour: Colour) -> Any:
    """Return bark or sawn wood with grain along x; faces that look along x show rings' ends as lighter wood."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    grain = nodes.noise(
        9.0, where=nodes.node("ShaderNodeMapping", {"Vector": local, "Scale": (0.12, 1.0, 1.0)}).outputs[0]
    )
    ahead = nodes.node("ShaderNodeTexCoord").outputs["Normal"]
    ends = nodes.ramp(nodes.math("ABSOLUTE", nodes.node("ShaderNodeSeparateXYZ", {0: ahead}).outputs[0]), 0.8, 0.9)
    side = nodes.mix(nodes.ramp(grain, 0.35, 0.7), [0.55 * v for v in colour], colour)
    tone = nodes.mix(ends, side, (0.36, 0.24, 0.12))
    return nodes.finish(
        nodes.principled({"Base Color": tone, "Roughness": 0.85, "Normal": nodes.bump(grain, 0.012, 0.7)})
    )


def gravel(name: str, colour: Colour) -> Any:
    """Return a heap of stones or earth."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    stones = nodes.node("ShaderNodeTexVoronoi", {"Vector": local, "Scale": 26.0}).outputs
    tone = nodes.mix(nodes.ramp(stones["Distance"], 0.1, 0.7), colour, [0.3 * value for value in colour])
    height = nodes.math("SUBTRACT", 1.0, stones["Distance"])
    return nodes.finish(
        nodes.principled({"Base Color": tone, "Roughness": 0.95, "Normal": nodes.bump(height, 0.03, 0.8)})
    )
