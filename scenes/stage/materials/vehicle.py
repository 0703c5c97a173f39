"""What passenger cars are made of: clear-coated paint with dirt and rust, tinted glass, lamp covers, number plates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes, passed

_ROAD_DIRT = (0.085, 0.075, 0.06)
_BARE = (0.2, 0.19, 0.18)
_RUST = (0.12, 0.042, 0.014)
_LINING = (0.016, 0.016, 0.017)
_PANE_INDEX = 1.75


def car_paint(
    name: str,
    colour: Colour,
    *,
    dirt: float = 0.3,
    rust: float = 0.0,
    flakes: float = 0.3,
    scuffs: float = 0.0,
    axles_m: Sequence[float] = (),
    seams_x_m: Sequence[float] = (),
) -> Any:
    """Return clear-coated paint; its inner side is the dark lining of the cabin.

    Args:
        name: of the material.
        colour: base colour.
        dirt: in [0, 1]; road spray gathers at the sills and behind the axles.
        rust: in [0, 1]; it eats from the lower edges.
        flakes: share of metal flakes, 0 for solid colours.
        scuffs: above 0, paint is scraped where the faces' tint says so (its fourth value: 1 whole, 0 bare).
        axles_m: x of the axles in the object's frame, for the spray.
        seams_x_m: not used; shut lines are faces of their own.
    """
    del seams_x_m
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    axes = nodes.node("ShaderNodeSeparateXYZ", {0: local}).outputs
    cloud = nodes.noise(3.2, where=local, detail=3.0)
    splash = nodes.ramp(nodes.math("ADD", axes[2], nodes.math("MULTIPLY", cloud, -0.5)), 0.42, -0.12)
    for axle in axles_m:
        behind = nodes.math("ABSOLUTE", nodes.math("SUBTRACT", axes[0], axle - 0.55))
        spray = nodes.math("MULTIPLY", nodes.ramp(behind, 0.55, 0.05), nodes.ramp(axes[2], 0.85, 0.2))
        splash = nodes.math("MAXIMUM", splash, nodes.math("MULTIPLY", spray, nodes.ramp(cloud, 0.3, 0.7)))
    film = nodes.ramp(cloud, 0.4, 0.8, (0.0, 0.16))
    grime = nodes.math("MULTIPLY", nodes.math("MAXIMUM", splash, film), min(1.0, 0.08 + 1.05 * dirt), clamp=True)
    base: Any = nodes.mix(grime, colour, _ROAD_DIRT)
    if rust > 0:
        spots = nodes.noise(9.0, where=local, detail=3.0, roughness=0.65)
        low = nodes.ramp(axes[2], 0.85, 0.2, (0.0, 0.12))
        level = 0.80 - 0.22 * rust
        eaten = nodes.ramp(nodes.math("ADD", spots, low), level, level + 0.03)
        base, grime = nodes.mix(eaten, base, _RUST), nodes.math("MAXIMUM", grime, eaten)
    if scuffs > 0:
        bare = _scraped(nodes, local)
        base, grime = nodes.mix(bare, base, _BARE), nodes.math("MAXIMUM", grime, nodes.math("MULTIPLY", bare, 0.7))
    clean = nodes.math("SUBTRACT", 1.0, grime, clamp=True)
    outside = nodes.principled(
        {
            "Base Color": base,
            "Metallic": nodes.math("MULTIPLY", clean, 0.7 * flakes),
            "Roughness": nodes.math("ADD", 0.34, nodes.math("MULTIPLY", grime, 0.45), clamp=True),
            "Coat Weight": clean,
            "Coat Roughness": 0.02,
        }
    )
    return nodes.finish(_lined(nodes, outside))


def _scraped(nodes: Nodes, local: Any) -> Any:
    """Return where paint is gone: long scratches that thicken as the tint's fourth value falls."""
    whole = nodes.node("ShaderNodeAttribute", attribute_name="tint").outputs["Alpha"]
    along = nodes.node("ShaderNodeMapping", {"Vector": local, "Scale": (3.0, 3.0, 26.0)}).outputs[0]
    lines = nodes.noise(3.0, where=along, detail=3.0)
    worn = nodes.math("ADD", lines, nodes.math("MULTIPLY", nodes.math("SUBTRACT", 1.0, whole), 0.32))
    return nodes.ramp(worn, 0.72, 0.78)


def _lined(nodes: Nodes, outside: Any) -> Any:
    back = nodes.node("ShaderNodeNewGeometry").outputs["Backfacing"]
    lining = nodes.node("ShaderNodeBsdfDiffuse", {"Color": _LINING}).outputs[0]
    return nodes.node("ShaderNodeMixShader", {0: back, 1: outside, 2: lining}).outputs[0]


def tinted_glass(name: str, *, through: float = 0.55, dirt: float = 0.2) -> Any:
    """Return a thin pane: `through` is the share of light that one pass leaves, the rest is mirrored or swallowed.

    Source: UNECE R43 asks for 70 % through windscreen and front side windows, anything behind them; laminated panes of
    a slanted screen look darker, since the cabin behind swallows most of the light.
    """
    nodes = Nodes(name)
    colour = (0.93 * through, through, 0.96 * through)
    clear = nodes.node("ShaderNodeBsdfTransparent", {"Color": colour}).outputs[0]
    mirror = nodes.node("ShaderNodeBsdfGlossy", {"Color": (1.0, 1.0, 1.0), "Roughness": 0.0}).outputs[0]
    weight = nodes.node("ShaderNodeFresnel", {"IOR": _PANE_INDEX}).outputs[0]  # two faces reflect nearly twice as much
    made = nodes.node("ShaderNodeMixShader", {0: weight, 1: clear, 2: mirror}).outputs[0]
    if dirt > 0:
        local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
        veil = nodes.ramp(nodes.noise(2.0, where=local, detail=2.0), 0.35, 0.9, (0.0, 0.07 * dirt))
        dust = nodes.node("ShaderNodeBsdfDiffuse", {"Color": (0.09, 0.09, 0.09)}).outputs[0]
        made = nodes.node("ShaderNodeMixShader", {0: veil, 1: made, 2: dust}).outputs[0]
    return nodes.finish(made, passes=passed(colour, _PANE_INDEX))


def lamp_lens(name: str, colour: Colour) -> Any:
    """Return a coloured lamp cover with the ribs and chambers of the optics below its smooth face."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    axes = nodes.node("ShaderNodeSeparateXYZ", {0: local}).outputs
    rib = nodes.math("FRACT", nodes.math("MULTIPLY", axes[1], 90.0))
    level = nodes.math("FRACT", nodes.math("MULTIPLY", axes[2], 22.0))
    tone = nodes.math("MULTIPLY", nodes.ramp(rib, 0.0, 0.5, (0.7, 1.0)), nodes.ramp(level, 0.0, 0.25, (0.5, 1.0)))
    facing = nodes.node("ShaderNodeLayerWeight", {"Blend": 0.4}).outputs["Facing"]
    base = nodes.mix(tone, [0.35 * value for value in colour], colour)
    base = nodes.mix(nodes.math("MULTIPLY", facing, 0.6), base, [0.3 * value for value in colour])
    inputs = {"Base Color": base, "Roughness": 0.3, "Metallic": 0.25, "Coat Weight": 1.0, "Coat Roughness": 0.015}
    return nodes.finish(nodes.principled(inputs))


def number_plate(name: str, *, ground: Colour, ink: Colour, number: float) -> Any:
    """Return a plate with a row of blocky signs that spell nothing; the plate's UVs run over it once.

    Seven signs of 3 x 5 dots each are drawn from `number`, so no real region's pattern can appear.
    """
    nodes = Nodes(name)
    uv = nodes.node("ShaderNodeSeparateXYZ", {0: nodes.node("ShaderNodeTexCoord").outputs["UV"]}).outputs
    u = nodes.math("MULTIPLY", nodes.math("SUBTRACT", uv[0], 0.06), 8.0)
    column = nodes.math("MULTIPLY", nodes.math("FRACT", u), 4.0)
    row = nodes.math("MULTIPLY", nodes.math("SUBTRACT", uv[1], 0.2), 8.4)
    cell = [nodes.math("FLOOR", value) for value in (u, column, row)]
    where = nodes.node("ShaderNodeCombineXYZ", {0: nodes.math("MULTIPLY", cell[0], 7.0), 1: cell[1], 2: cell[2]})
    random = nodes.node("ShaderNodeTexWhiteNoise", {"Vector": where.outputs[0], "W": number}, noise_dimensions="4D")
    inked = nodes.math("LESS_THAN", random.outputs["Value"], 0.62)
    for value, low, high in ((column, 0.0, 3.0), (row, 0.0, 5.0), (u, 0.0, 7.0)):
        inked = nodes.math("MULTIPLY", inked, nodes.math("GREATER_THAN", value, low))
        inked = nodes.math("MULTIPLY", inked, nodes.math("LESS_THAN", value, high))
    return nodes.finish(nodes.principled({"Base Color": nodes.mix(inked, ground, ink), "Roughness": 0.35}))


def tyre_rubber(name: str, *, dirt: float = 0.3) -> Any:
    """Return tyre rubber, greyed by dust."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    dust = nodes.ramp(nodes.noise(7.0, where=local, detail=2.0), 0.3, 0.75, (0.05, 0.15 + 0.5 * dirt))
    tone = nodes.mix(dust, (0.011, 0.011, 0.012), (0.06, 0.055, 0.048))
    return nodes.finish(nodes.principled({"Base Color": tone, "Roughness": 0.72}))
