"""What grows and what lies below it: leaves, bark, grass, soil, rock and water."""

from __future__ import annotations

from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes

_SNOW = (0.82, 0.84, 0.88)


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


def field(name: str, colour: Colour, *, rows: str = "none", patchy: float = 0.35, snow: float = 0.0) -> Any:
    """Return open ground: soil, lawn, meadow or crops, mottled from a hand's width to tens of metres.

    Each face's `tint` multiplies the colour.

    Args:
        name: of the material.
        colour: mean albedo.
        rows: "none", or the world axis "x" or "y" along which it is sown, every 0.75 m.
        patchy: contrast.
        snow: share of the surface that is covered.
    """
    nodes = Nodes(name)
    where = nodes.node("ShaderNodeNewGeometry").outputs["Position"]
    tint = nodes.node("ShaderNodeAttribute", attribute_name="tint").outputs["Color"]
    coarse = nodes.noise(0.06, where=where, detail=3.0, roughness=0.6)
    fine = nodes.noise(3.5, where=where, detail=3.0, roughness=0.75)
    both = nodes.math("ADD", nodes.math("MULTIPLY", coarse, 0.5), nodes.math("MULTIPLY", fine, 0.5))
    low = [v * (1 - patchy) for v in colour]
    high = [colour[0] * (1 + 1.1 * patchy), colour[1] * (1 + patchy), colour[2] * (1 + 0.8 * patchy)]
    tone = nodes.mix(nodes.ramp(both, 0.36, 0.64), low, high)
    tone = nodes.node("ShaderNodeVectorMath", {0: tone, 1: tint}, operation="MULTIPLY").outputs[0]
    if rows != "none":
        across = nodes.node("ShaderNodeSeparateXYZ", {0: where}).outputs[1 if rows == "x" else 0]
        uneven = nodes.math("ADD", across, nodes.math("MULTIPLY", fine, 0.3))
        wave = nodes.math("SINE", nodes.math("MULTIPLY", uneven, 8.38))
        tone = nodes.mix(nodes.ramp(wave, -0.5, 0.9, (0.4, 0.0)), tone, (0.05, 0.036, 0.026))
    if snow > 0:
        tone = nodes.mix(nodes.ramp(both, 0.66 - 0.4 * snow, 0.7 - 0.4 * snow), tone, _SNOW)
    return nodes.finish(
        nodes.principled(
            {"Base Color": tone, "Roughness": 0.95, "Specular IOR Level": 0.15, "Normal": nodes.bump(fine, 0.05, 0.6)}
        )
    )


def water(name: str, colour: Colour, *, ripple_m: float = 0.5, flow: float = 0.35) -> Any:
    """Return a river's surface: dark below, mirrors the sky, ripples drawn out along y.

    Args:
        name: of the material.
        colour: what the depth scatters back.
        ripple_m: length of the waves.
        flow: below 1 for waves longer along y.
    """
    nodes = Nodes(name)
    where = nodes.node("ShaderNodeNewGeometry").outputs["Position"]
    drawn = nodes.node("ShaderNodeMapping", {"Vector": where, "Scale": (1.0, flow, 1.0)}).outputs[0]
    waves = nodes.noise(1.0 / ripple_m, where=drawn, detail=3.0, roughness=0.6)
    inputs = {"Base Color": colour, "Roughness": 0.06, "IOR": 1.333, "Normal": nodes.bump(waves, 0.06 * ripple_m, 1.0)}
    return nodes.finish(nodes.principled(inputs))


def far_facade(name: str, *, bay_m: float = 3.2, storey_m: float = 3.1, glazed: float = 0.55) -> Any:
    """Return a wall with rows of windows, for houses that stand 200 m away and more.

    UVs are metres along the wall and above the ground; each face's `tint` is the wall's albedo, and its fourth value
    varies the windows' share.

    Args:
        name: of the material.
        bay_m: from window to window; 0 for none.
        storey_m: from floor to floor.
        glazed: share of a bay that is window.
    """
    nodes = Nodes(name)
    tint = nodes.node("ShaderNodeAttribute", attribute_name="tint").outputs
    uv = nodes.node("ShaderNodeSeparateXYZ", {0: nodes.node("ShaderNodeTexCoord").outputs["UV"]}).outputs
    tone = tint["Color"]
    if bay_m > 0:
        column = nodes.math("FRACT", nodes.math("DIVIDE", uv[0], bay_m))
        row = nodes.math("FRACT", nodes.math("DIVIDE", uv[1], storey_m))
        wide = nodes.math("MULTIPLY", tint["Alpha"], glazed)
        inside = nodes.math("MULTIPLY", nodes.math("LESS_THAN", column, wide), nodes.math("LESS_THAN", row, 0.58))
        ground = nodes.math("GREATER_THAN", uv[1], 0.4)
        tone = nodes.mix(nodes.math("MULTIPLY", inside, ground), tone, (0.035, 0.04, 0.048))
    return nodes.finish(nodes.principled({"Base Color": tone, "Roughness": 0.8, "Specular IOR Level": 0.3}))


def far_light(name: str, gain: float) -> Any:
    """Return a lit window far off: `tint` gives its colour, and its luminance in cd/m² as the fourth value."""
    nodes = Nodes(name)
    tint = nodes.node("ShaderNodeAttribute", attribute_name="tint").outputs
    strength = nodes.math("MULTIPLY", tint["Alpha"], gain)
    lit = nodes.node("ShaderNodeEmission", {"Color": tint["Color"], "Strength": strength}).outputs[0]
    back = nodes.node("ShaderNodeNewGeometry").outputs["Backfacing"]
    dark = nodes.node("ShaderNodeBsdfDiffuse", {"Color": (0.03, 0.03, 0.03)}).outputs[0]
    shown = nodes.node("ShaderNodeMixShader", {0: back, 1: lit, 2: dark}).outputs[0]
    return nodes.finish(shown, sampling="NONE")  # too far to light anything
