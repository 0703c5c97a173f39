"""What is seen in windows: dark panes with curtains, lit rooms, shop displays and lit signs.

All read the face's `tint`; UVs run over a pane once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from scenes.stage.materials.nodes import Colour, Nodes


class _Pane(NamedTuple):
    u: Any
    v: Any
    colour: Any
    level: Any
    where: Any


def _pane(nodes: Nodes) -> _Pane:
    tint = nodes.node("ShaderNodeAttribute", attribute_name="tint").outputs
    coords = nodes.node("ShaderNodeTexCoord").outputs
    u, v, _ = nodes.axes(coords["UV"])
    return _Pane(u, v, tint["Color"], tint["Alpha"], coords["Object"])


def window(name: str, *, tinted: float = 0.0) -> Any:
    """Return a dark pane: it mirrors; behind it hang curtains or a blind of the tint's colour, or all is dark.

    Args:
        name: of the material.
        tinted: 0 for house windows to 1 for solar glass, whose mirror is stronger and whose rooms are not seen.

    The tint's fourth value, in [0, 1], says how far curtains are drawn; above 0.8 a blind hangs down.
    """
    nodes = Nodes(name)
    pane = _pane(nodes)
    aside = nodes.math("ABSOLUTE", nodes.math("SUBTRACT", pane.u, 0.5))
    open_to = nodes.math("SUBTRACT", 0.5, nodes.math("MULTIPLY", pane.level, 0.32))
    hung = nodes.math("GREATER_THAN", pane.level, 0.12)
    curtain = nodes.math("MULTIPLY", nodes.math("GREATER_THAN", aside, open_to), hung)
    hem = nodes.math("MULTIPLY", nodes.math("SUBTRACT", 1.0, pane.level), 4.0)
    lowered = nodes.math("GREATER_THAN", pane.level, 0.8)
    blind = nodes.math("MULTIPLY", lowered, nodes.math("GREATER_THAN", pane.v, hem))
    slats = nodes.ramp(nodes.math("FRACT", nodes.math("MULTIPLY", pane.v, 26.0)), 0.0, 0.9, (0.35, 1.0))
    pattern = nodes.node("ShaderNodeMix", {0: blind, 2: _folds(nodes, pane.u), 3: slats}).outputs[0]
    shown = nodes.math("MULTIPLY", nodes.math("MAXIMUM", curtain, blind), pattern)
    shown = nodes.math("MULTIPLY", shown, 0.55 * (1 - tinted))
    return nodes.finish(nodes.principled(_glazing(nodes, pane, shown, tinted)))


def _folds(nodes: Nodes, u: Any) -> Any:
    wave = nodes.math("SINE", nodes.math("MULTIPLY", u, 75.0))
    return nodes.ramp(wave, -1.0, 1.0, (0.45, 1.0))


def _glazing(nodes: Nodes, pane: _Pane, shown: Any, tinted: float) -> dict[str, Any]:
    """Return a pane's inputs; `shown` is how much of the tint's colour is seen behind it."""
    dim = nodes.ramp(nodes.noise(2.3, where=pane.where, detail=2.0), 0.35, 0.65)
    room = nodes.mix(
        dim, (0.004, 0.005, 0.006), (0.022 - 0.016 * tinted, 0.021 - 0.014 * tinted, 0.019 - 0.011 * tinted)
    )
    return {
        "Base Color": nodes.mix(shown, room, pane.colour),
        "Roughness": 0.02,
        "IOR": 1.52 + 0.5 * tinted,
        "Specular IOR Level": 0.75,
        "Normal": nodes.bump(nodes.noise(1.1, where=pane.where, detail=1.0), 0.012, 0.3),
    }


def lit_window(name: str, *, tinted: float = 0.0) -> Any:
    """Return a lit room seen through its window: curtains, a lamp-lit wall and dark furniture.

    The face's `tint` gives colour in rgb and luminance in cd/m² in its fourth value; `tinted` is that of `window`,
    so that by day lit and dark panes mirror alike.
    """
    nodes = Nodes(name)
    pane = _pane(nodes)
    deep, chance = _room(nodes, pane)
    things = nodes.ramp(nodes.noise(2.6, where=deep, detail=2.0), 0.46, 0.52, (1.0, 0.3))
    z = nodes.node("ShaderNodeSeparateXYZ", {0: deep}).outputs[2]
    low = nodes.ramp(nodes.math("FRACT", nodes.math("DIVIDE", z, 3.1)), 0.2, 0.45, (0.3, 1.0))
    glow = nodes.ramp(nodes.noise(0.5, where=deep, detail=1.0), 0.3, 0.7, (0.5, 1.3))
    wall = nodes.math("MULTIPLY", nodes.math("MULTIPLY", things, low), glow)
    aside = nodes.math("ABSOLUTE", nodes.math("SUBTRACT", pane.u, 0.5))
    edge = nodes.math("ADD", 0.12, nodes.math("MULTIPLY", chance, 0.38))
    drawn = nodes.ramp(aside, edge, nodes.math("ADD", edge, 0.02))
    folds = nodes.ramp(_folds(nodes, pane.u), 0.45, 1.0, (0.3, 0.54))
    curtain = nodes.math("MULTIPLY", folds, nodes.ramp(pane.v, 0.0, 1.0, (0.6, 1.1)))
    behind = nodes.math("MULTIPLY", nodes.math("SUBTRACT", 1.0, drawn), wall)
    level = nodes.math("ADD", nodes.math("MULTIPLY", drawn, curtain), behind)
    inputs = _glazing(nodes, pane, nodes.math("MULTIPLY", drawn, 0.3 * (1 - tinted)), tinted)
    inputs["Emission Color"] = pane.colour
    inputs["Emission Strength"] = nodes.math("MULTIPLY", level, pane.level)
    return nodes.finish(nodes.principled(inputs), sampling="FRONT")


def _room(nodes: Nodes, pane: _Pane) -> tuple[Any, Any]:
    """Return where the view meets a plane 3 m behind the pane, and a chance of its own for each window."""
    ray = nodes.node("ShaderNodeNewGeometry").outputs["Incoming"]
    local = nodes.node(
        "ShaderNodeVectorTransform", {0: ray}, vector_type="VECTOR", convert_from="WORLD", convert_to="OBJECT"
    )
    deep = nodes.node("ShaderNodeVectorMath", {0: local.outputs[0], "Scale": -3.0}, operation="SCALE").outputs[0]
    where = nodes.node("ShaderNodeVectorMath", {0: pane.where, 1: deep}, operation="ADD").outputs[0]
    chance = nodes.node("ShaderNodeTexWhiteNoise", {"W": pane.level}, noise_dimensions="1D").outputs["Value"]
    return where, chance


def goods(name: str, *, sampled: bool = False) -> Any:
    """Return a shop's inside: faces of their own colour; the tint's fourth value is what they glow with, in cd/m².

    Only a `sampled` one is a lamp to the light sampler: hundreds of dim boxes would cost more than they light.
    """
    nodes = Nodes(name)
    pane = _pane(nodes)
    tone = pane.colour if sampled else _items(nodes, pane)
    glow = nodes.math("MULTIPLY", pane.level, nodes.ramp(pane.v, 0.0, 1.0, (0.5, 1.0)))
    inputs = {"Base Color": tone, "Roughness": 0.6, "Emission Color": tone, "Emission Strength": glow}
    return nodes.finish(nodes.principled(inputs), sampling="FRONT" if sampled else "NONE")


def _items(nodes: Nodes, pane: _Pane) -> Any:
    """Return goods in rows: cells of 14 by 22 cm, each of a tone of its own, with dark gaps between the rows."""
    cells = nodes.node("ShaderNodeVectorMath", {0: pane.where, 1: (7.1, 7.1, 4.5)}, operation="MULTIPLY").outputs[0]
    index = nodes.node("ShaderNodeVectorMath", {0: cells}, operation="FLOOR").outputs[0]
    each = nodes.node("ShaderNodeTexWhiteNoise", {"Vector": index}, noise_dimensions="3D").outputs
    dark = nodes.mix(each["Value"], (0.4, 0.4, 0.4), (1.05, 1.05, 1.05))
    tone = nodes.node(
        "ShaderNodeMix", {0: 1.0, 6: pane.colour, 7: dark}, data_type="RGBA", blend_type="MULTIPLY"
    ).outputs[2]
    tone = nodes.mix(0.07, tone, each["Color"])
    height = nodes.node("ShaderNodeSeparateXYZ", {0: cells}).outputs[2]
    gap = nodes.ramp(nodes.math("FRACT", height), 0.14, 0.04, (0.0, 0.7))
    return nodes.mix(gap, tone, (0.015, 0.014, 0.013))


def shop_sign(name: str, *, ground: Colour, ink: Colour, luminance_cd_m2: float = 0.0) -> Any:
    """Return a fascia with a line of strokes that read as letters of no script.

    UVs run in letter heights along and 0 to 1 up. A sign with a luminance is lit from within.
    """
    nodes = Nodes(name)
    pane = _pane(nodes)
    strokes = _strokes(nodes, pane)
    tone = nodes.mix(strokes, ground, ink)
    inputs: dict[str, Any] = {"Base Color": tone, "Roughness": 0.45}
    if luminance_cd_m2:
        inputs |= {"Emission Color": tone, "Emission Strength": luminance_cd_m2}
    return nodes.finish(nodes.principled(inputs))


def _strokes(nodes: Nodes, pane: _Pane) -> Any:
    """Return 1 where a letter's stroke is: stems, bars and bowls drawn by chance, a gap between words now and then."""
    pitch = 0.62
    cell = nodes.math("FLOOR", nodes.math("DIVIDE", pane.u, pitch))
    s = nodes.math("DIVIDE", nodes.math("FRACT", nodes.math("DIVIDE", pane.u, pitch)), 0.78)
    t = nodes.math("ADD", nodes.math("DIVIDE", nodes.math("SUBTRACT", pane.v, 0.5), 0.56), 0.5)
    seed = nodes.math("ADD", cell, nodes.math("MULTIPLY", pane.level, 97.0))
    drawn = nodes.node("ShaderNodeTexWhiteNoise", {"W": seed}, noise_dimensions="1D").outputs
    red, green, blue = nodes.axes(drawn["Color"])
    x, y = nodes.math("SUBTRACT", s, 0.5), nodes.math("SUBTRACT", t, 0.5)
    round_ = nodes.math("SQRT", nodes.math("ADD", nodes.math("MULTIPLY", x, x), nodes.math("MULTIPLY", y, y)))
    bowl = _near(nodes, round_, 0.4, 0.095)
    cut = nodes.math("GREATER_THAN", nodes.math("ADD", nodes.math("ABSOLUTE", y), nodes.math("SUBTRACT", 0.15, x)), 0.0)
    bowl = nodes.math("MULTIPLY", bowl, nodes.math("MAXIMUM", cut, nodes.math("GREATER_THAN", green, 0.5)))
    left, right = _near(nodes, s, 0.12, 0.105), _near(nodes, s, 0.88, 0.105)
    right = nodes.math("MULTIPLY", right, nodes.math("GREATER_THAN", green, 0.55))
    stems = nodes.math("MAXIMUM", left, right)
    for at, chance, share in ((0.93, blue, 0.45), (0.5, green, 0.3), (0.07, drawn["Value"], 0.5)):
        bar = nodes.math("MULTIPLY", _near(nodes, t, at, 0.08), nodes.math("GREATER_THAN", chance, share))
        stems = nodes.math("MAXIMUM", stems, bar)
    curved = nodes.math("LESS_THAN", red, 0.36)
    stroke = nodes.math(
        "ADD", nodes.math("MULTIPLY", curved, bowl), nodes.math("MULTIPLY", nodes.math("SUBTRACT", 1.0, curved), stems)
    )
    inside = nodes.math("MULTIPLY", _near(nodes, s, 0.5, 0.5), _near(nodes, t, 0.5, 0.5))
    word = nodes.math("GREATER_THAN", nodes.math("FRACT", nodes.math("MULTIPLY", blue, 7.0)), 0.14)
    return nodes.math("MULTIPLY", nodes.math("MULTIPLY", stroke, word), inside)


def _near(nodes: Nodes, value: Any, at: float, reach: float) -> Any:
    return nodes.math("LESS_THAN", nodes.math("ABSOLUTE", nodes.math("SUBTRACT", value, at)), reach)


def luminaire(name: str, colour: Colour, *, gain: float) -> Any:
    """Return a lamp's face; the tint's fourth value is its luminance in cd/m², which `gain` scales."""
    nodes = Nodes(name)
    pane = _pane(nodes)
    inputs = {"Color": colour, "Strength": nodes.math("MULTIPLY", pane.level, gain)}
    return nodes.finish(nodes.node("ShaderNodeEmission", inputs).outputs[0])
