"""What street furniture is made of: retroreflective sheeting, zinc, enamel, plastic, cast concrete, prints, wire."""

from __future__ import annotations

from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes

_GRIME = (0.07, 0.062, 0.052)
_RUST = (0.14, 0.045, 0.014)


def sheeting(name: str, colour: Colour) -> Any:
    """Return retroreflective sheeting: paint by day; it throws headlights back to where they came from.

    A microfacet mirror whose normal is the direction to the viewer reflects back along the view; its width, Beckmann
    slope 0.08, gives about 4 cd/lx/m² at small observation angles. Source: EN 12899-1 asks class RA1 white for 50 at
    12' and 5 at 2 degrees; ours keeps the order at 2 degrees, where a driver's eye stands at 30 m.
    """
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    tone = nodes.mix(nodes.ramp(nodes.noise(3.0, where=local, detail=3.0), 0.35, 0.8, (0.0, 0.28)), colour, _GRIME)
    day = nodes.principled({"Base Color": tone, "Roughness": 0.42, "Sheen Weight": 0.15, "Sheen Roughness": 0.6})
    viewer = nodes.node("ShaderNodeNewGeometry").outputs["Incoming"]
    back = nodes.node("ShaderNodeBsdfGlossy", {"Color": tone, "Roughness": 0.28, "Normal": viewer}).outputs[0]
    return nodes.finish(nodes.node("ShaderNodeMixShader", {0: 0.3, 1: day, 2: back}).outputs[0])


def galvanised(name: str, *, dirt: float, bright: float = 0.5) -> Any:
    """Return zinc or bare aluminium with a spangle, water marks and dirt towards the ground."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    spangle = nodes.node("ShaderNodeTexVoronoi", {"Vector": local, "Scale": 60.0}).outputs["Color"]
    flake = nodes.node("ShaderNodeSeparateXYZ", {0: spangle}).outputs[0]
    marks = nodes.noise(4.0, where=_hung(nodes, local), detail=3.0)
    tone = nodes.mix(flake, (bright * 0.82,) * 3, (bright, bright * 1.01, bright * 1.03))
    grime = nodes.math("MULTIPLY", nodes.math("ADD", nodes.ramp(marks, 0.4, 0.8), _low(nodes, local)), dirt, clamp=True)
    inputs = {
        "Base Color": nodes.mix(grime, tone, _GRIME),
        "Metallic": nodes.math("SUBTRACT", 0.75, grime, clamp=True),
        "Roughness": nodes.math("ADD", 0.38, nodes.math("MULTIPLY", marks, 0.3)),
    }
    return nodes.finish(nodes.principled(inputs))


def enamel(name: str, colour: Colour, *, wear: float, dirt: float) -> Any:
    """Return painted metal: chips that rust where `wear` is high, streaks, and splashes towards the ground."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    streaks = nodes.noise(3.5, where=_hung(nodes, local), detail=3.0)
    chips = nodes.noise(11.0, where=local, detail=3.0, roughness=0.65)
    grime = nodes.math(
        "MULTIPLY", nodes.math("ADD", nodes.ramp(streaks, 0.42, 0.8), _low(nodes, local)), dirt, clamp=True
    )
    bare = nodes.ramp(chips, 0.76 - 0.22 * wear, 0.79 - 0.22 * wear)
    tone = nodes.mix(bare, nodes.mix(grime, colour, _GRIME), _RUST)
    inputs = {
        "Base Color": tone,
        "Roughness": nodes.math("ADD", 0.3, nodes.math("MULTIPLY", nodes.math("MAXIMUM", grime, bare), 0.5)),
        "Coat Weight": nodes.math("SUBTRACT", 0.4, grime, clamp=True),
        "Coat Roughness": 0.12,
    }
    return nodes.finish(nodes.principled(inputs))


def moulded(name: str, colour: Colour, *, dirt: float) -> Any:
    """Return moulded plastic that sun has bleached and traffic has soiled."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    patches = nodes.noise(2.5, where=_hung(nodes, local), detail=3.0)
    pale = [0.9 * value + 0.02 for value in colour]
    grime = nodes.math(
        "MULTIPLY", nodes.math("ADD", nodes.ramp(patches, 0.45, 0.95, (0.0, 0.6)), _low(nodes, local)), dirt, clamp=True
    )
    tone = nodes.mix(grime, nodes.mix(nodes.ramp(patches, 0.3, 0.6), colour, pale), _GRIME)
    inputs = {"Base Color": tone, "Roughness": nodes.math("ADD", 0.36, nodes.math("MULTIPLY", grime, 0.4))}
    return nodes.finish(nodes.principled(inputs))


def cast_iron(name: str) -> Any:
    """Return iron that tyres keep bright on top and rust elsewhere."""
    nodes = Nodes(name)
    where = nodes.node("ShaderNodeNewGeometry").outputs["Position"]
    rust = nodes.ramp(nodes.noise(9.0, where=where, detail=3.0), 0.42, 0.66)
    inputs = {
        "Base Color": nodes.mix(rust, (0.06, 0.058, 0.055), (0.075, 0.04, 0.024)),
        "Metallic": nodes.math("SUBTRACT", 0.7, nodes.math("MULTIPLY", rust, 0.6)),
        "Roughness": nodes.ramp(rust, 0.0, 1.0, (0.42, 0.85)),
    }
    return nodes.finish(nodes.principled(inputs))


def cast_concrete(name: str, colour: Colour) -> Any:
    """Return cast concrete: pores, pale and dark clouds, streaks below edges and a dirty foot."""
    nodes = Nodes(name)
    where = nodes.node("ShaderNodeNewGeometry").outputs["Position"]
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    clouds = nodes.noise(1.6, where=_hung(nodes, where), detail=3.0)
    pores = nodes.noise(70.0, where=where, detail=2.0, roughness=0.7)
    tone = nodes.mix(nodes.ramp(clouds, 0.32, 0.72), [0.62 * v for v in colour], [1.1 * v for v in colour])
    tone = nodes.mix(nodes.ramp(pores, 0.62, 0.72, (0.0, 0.5)), tone, [0.4 * v for v in colour])
    tone = nodes.mix(nodes.math("MULTIPLY", _low(nodes, local), 0.6), tone, _GRIME)
    inputs = {"Base Color": tone, "Roughness": 0.9, "Normal": nodes.bump(pores, 0.004, 0.5)}
    return nodes.finish(nodes.principled(inputs))


def planks(name: str, colour: Colour) -> Any:
    """Return weathered boards with grain along their longest side: world noise stretched in the plane."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    grain = nodes.noise(
        34.0, where=nodes.node("ShaderNodeMapping", {"Vector": local, "Scale": (0.2, 0.2, 1.0)}).outputs[0], detail=2.0
    )
    boards = nodes.noise(5.0, where=local, detail=2.0)
    tone = nodes.mix(nodes.ramp(grain, 0.3, 0.7), [0.55 * v for v in colour], colour)
    tone = nodes.mix(nodes.ramp(boards, 0.35, 0.7, (0.0, 0.45)), tone, [0.5 * v + 0.05 for v in colour])
    inputs = {"Base Color": tone, "Roughness": 0.8, "Normal": nodes.bump(grain, 0.003, 0.4)}
    return nodes.finish(nodes.principled(inputs))


def heap(name: str, colour: Colour) -> Any:
    """Return loose sand or soil with damp patches."""
    nodes = Nodes(name)
    where = nodes.node("ShaderNodeNewGeometry").outputs["Position"]
    damp = nodes.ramp(nodes.noise(1.8, where=where, detail=3.0), 0.4, 0.65)
    grain = nodes.noise(55.0, where=where, detail=3.0, roughness=0.7)
    tone = nodes.mix(nodes.ramp(grain, 0.35, 0.7), [0.6 * v for v in colour], [1.15 * v for v in colour])
    tone = nodes.mix(damp, tone, [0.5 * v for v in colour])
    inputs = {"Base Color": tone, "Roughness": 0.95, "Normal": nodes.bump(grain, 0.02, 0.8)}
    return nodes.finish(nodes.principled(inputs))


def tinted(name: str, *, roughness: float) -> Any:
    """Return faces of their own colour, each a little uneven: litter, leaves, flowers."""
    nodes = Nodes(name)
    tint = nodes.node("ShaderNodeAttribute", attribute_name="tint").outputs["Color"]
    shade = nodes.ramp(nodes.noise(25.0, detail=2.0), 0.3, 0.7, (0.0, 0.4))
    return nodes.finish(
        nodes.principled({"Base Color": nodes.mix(shade, tint, (0.03, 0.025, 0.02)), "Roughness": roughness})
    )


def wire_mesh(name: str, colour: Colour, *, pitch_m: float, upright: bool = False) -> Any:
    """Return wire netting on a sheet in the object's xz plane: diamonds, or a welded upright grid."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    axes = nodes.node("ShaderNodeSeparateXYZ", {0: local}).outputs
    wires: Any = 0.0
    pairs = (
        ((axes[0], 2.0), (axes[2], 0.5))
        if upright
        else (
            (nodes.math("ADD", axes[0], axes[2]), 1.0),
            (nodes.math("SUBTRACT", axes[0], axes[2]), 1.0),
        )
    )
    for along, share in pairs:
        away = nodes.math("PINGPONG", along, pitch_m / share / 2)
        wires = nodes.math("MAXIMUM", wires, nodes.math("LESS_THAN", away, 0.0022))
    metal = nodes.principled({"Base Color": colour, "Metallic": 0.6, "Roughness": 0.45})
    clear = nodes.node("ShaderNodeBsdfTransparent").outputs[0]
    return nodes.finish(nodes.node("ShaderNodeMixShader", {0: wires, 1: clear, 2: metal}).outputs[0])


def poster(name: str, *, seed: float, luminance_cd_m2: float = 0.0) -> Any:
    """Return an advertisement of plain shapes over its UVs; one with a luminance is lit from behind.

    Args:
        name: of the material.
        seed: draws its colours and shapes.
        luminance_cd_m2: of white paper, times the trace's gain.
    """
    nodes = Nodes(name)
    uv = nodes.node("ShaderNodeTexCoord").outputs["UV"]
    axes = nodes.node("ShaderNodeSeparateXYZ", {0: uv}).outputs
    ground = nodes.mix(nodes.ramp(axes[1], 0.0, 1.0), _hue(seed), _hue(seed + 0.13, 0.75))
    cells = nodes.node("ShaderNodeMapping", {"Vector": uv, "Location": (seed * 7, seed * 3, 0), "Scale": (1.6, 1.1, 1)})
    blobs = nodes.node("ShaderNodeTexVoronoi", {"Vector": cells.outputs[0], "Scale": 1.4, "Randomness": 0.8}).outputs
    disc = nodes.ramp(blobs["Distance"], 0.42, 0.4)
    picture = nodes.mix(disc, ground, nodes.mix(0.65, blobs["Color"], _hue(seed + 0.45, 0.9)))
    lines = nodes.math("PINGPONG", nodes.math("MULTIPLY", axes[1], 22.0), 1.0)
    script = nodes.math(
        "GREATER_THAN",
        nodes.noise(
            1.0, where=nodes.node("ShaderNodeMapping", {"Vector": uv, "Scale": (34, 11, 1)}).outputs[0], detail=1.0
        ),
        0.5,
    )
    band = nodes.math("MULTIPLY", nodes.ramp(axes[1], 0.27, 0.26), nodes.ramp(axes[1], 0.05, 0.06))
    letters = nodes.math("MULTIPLY", nodes.math("MULTIPLY", script, nodes.math("GREATER_THAN", lines, 0.45)), band)
    tone = nodes.mix(nodes.ramp(axes[1], 0.3, 0.295), picture, (0.75, 0.74, 0.72))
    tone = nodes.mix(letters, tone, (0.02, 0.02, 0.025))
    inputs: dict[Any, Any] = {"Base Color": tone, "Roughness": 0.35}
    if luminance_cd_m2 > 0:
        inputs |= {"Emission Color": tone, "Emission Strength": luminance_cd_m2}
    return nodes.finish(nodes.principled(inputs))


def _hung(nodes: Nodes, where: Any) -> Any:
    """Return coordinates in which noise runs down like rain water."""
    return nodes.node("ShaderNodeMapping", {"Vector": where, "Scale": (1.0, 1.0, 0.15)}).outputs[0]


def _low(nodes: Nodes, local: Any) -> Any:
    """Return 1 at the ground, falling to 0 at half a metre."""
    return nodes.ramp(nodes.node("ShaderNodeSeparateXYZ", {0: local}).outputs[2], 0.5, 0.0, (0.0, 0.6))


def _hue(turn: float, light: float = 0.5) -> tuple[float, float, float]:
    import colorsys

    red, green, blue = colorsys.hsv_to_rgb(turn % 1.0, 0.75, light)
    return red**2.2, green**2.2, blue**2.2
