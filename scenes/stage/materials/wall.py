"""Walls and roofs: plaster, brick, stone, concrete, boards, sheet metal, tiles; soiled by rain and splashes.

Patterns lie in the object's own space, on any upright or sloped plane; colour varies by noise, so nothing repeats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from scenes.stage.materials.nodes import Colour, Nodes


class _Plane(NamedTuple):
    """Metric coordinates on a face: along it, up its slope; its height and how level it is; the object's space."""

    along: Any
    up: Any
    height: Any
    level: Any
    local: Any


class _Coat(NamedTuple):
    """What a kind of wall adds to its colour: tone, relief in [0, 1], the relief's depth, roughness, metallic."""

    tone: Any
    relief: Any
    depth_m: float
    roughness: Any = 0.85
    metallic: float = 0.0


def wall(name: str, colour: Colour, *, kind: str, dirt: float = 0.4, second: Colour = (0.35, 0.33, 0.3)) -> Any:
    """Return a wall or a roof.

    Args:
        name: of the material.
        colour: of plaster, bricks or sheet.
        kind: a key of `KINDS`.
        dirt: how far rain streaks, patches and splashes show, in [0, 1].
        second: of mortar, or of the battens of a two-tone sheet.
    """
    nodes = Nodes(name)
    plane = _plane(nodes)
    patches = nodes.noise(0.45, where=plane.local, detail=3.0)
    coat = KINDS[kind](nodes, plane, colour, second)
    tone = nodes.mix(nodes.ramp(patches, 0.3, 0.7, (0.0, 0.35)), coat.tone, [value * 0.55 for value in colour])
    tone = nodes.mix(_soil(nodes, plane, dirt), tone, (0.045, 0.04, 0.034))
    return nodes.finish(
        nodes.principled(
            {
                "Base Color": tone,
                "Roughness": coat.roughness,
                "Metallic": coat.metallic,
                "Normal": nodes.bump(coat.relief, coat.depth_m, 0.7),
            }
        )
    )


def _plane(nodes: Nodes) -> _Plane:
    coords = nodes.node("ShaderNodeTexCoord").outputs
    x, y, z = nodes.axes(coords["Object"])
    nx, ny, nz = nodes.axes(coords["Normal"])
    square = nodes.math("ADD", nodes.math("MULTIPLY", nx, nx), nodes.math("MULTIPLY", ny, ny))
    flat = nodes.math("SQRT", nodes.math("MAXIMUM", square, 0.01))
    across = nodes.math("SUBTRACT", nodes.math("MULTIPLY", y, nx), nodes.math("MULTIPLY", x, ny))
    return _Plane(nodes.math("DIVIDE", across, flat), nodes.math("DIVIDE", z, flat), z, nz, coords["Object"])


def _soil(nodes: Nodes, plane: _Plane, dirt: float) -> Any:
    """Return how soiled a wall is: streaks everywhere, more below sills (where the UVs rise to 1), and a dirty foot."""
    hung = nodes.node("ShaderNodeMapping", {"Vector": plane.local, "Scale": (1.0, 1.0, 0.06)}).outputs[0]
    run = nodes.ramp(nodes.noise(3.2, where=hung, detail=3.0, roughness=0.65), 0.42, 0.75)
    uv = nodes.node("ShaderNodeTexCoord").outputs["UV"]
    u, v, _ = nodes.axes(uv)
    ends = nodes.ramp(nodes.math("ABSOLUTE", nodes.math("SUBTRACT", u, 0.5)), 0.28, 0.5, (0.55, 1.0))
    below = nodes.math("MULTIPLY", nodes.math("MULTIPLY", v, v), ends)
    foot = nodes.ramp(plane.height, 0.9, 0.0, (0.0, 0.5))
    much = nodes.math(
        "ADD", nodes.math("MULTIPLY", run, nodes.math("ADD", 0.35, below)), nodes.math("MULTIPLY", below, 0.2)
    )
    return nodes.math("MULTIPLY", nodes.math("ADD", much, foot), dirt, clamp=True)


def _shades(nodes: Nodes, share: Any, colour: Colour, low: float, high: float) -> Any:
    return nodes.mix(share, [value * low for value in colour], [min(1.0, value * high) for value in colour])


def _fraction(nodes: Nodes, value: Any, period_m: float) -> Any:
    return nodes.math("FRACT", nodes.math("DIVIDE", value, period_m))


def _chance(nodes: Nodes, value: Any, period_m: float) -> Any:
    """Return white noise that is constant over each period."""
    index = nodes.math("FLOOR", nodes.math("DIVIDE", value, period_m))
    return nodes.node("ShaderNodeTexWhiteNoise", {"W": index}, noise_dimensions="1D").outputs["Value"]


def _plaster(nodes: Nodes, plane: _Plane, colour: Colour, second: Colour) -> _Coat:  # noqa: ARG001  # one signature for all kinds
    grain = nodes.noise(22.0, where=plane.local, detail=3.0)
    return _Coat(_shades(nodes, grain, colour, 0.86, 1.1), grain, 0.006, 0.9)


def _courses(
    width_m: float, height_m: float, joint_m: float, depth_m: float, *, darkest: float = 0.45, **bond: float
) -> Callable[..., _Coat]:
    """Return a kind of wall laid in courses, the darkest at that share of the colour; `bond` is offset and squash."""

    def coat(nodes: Nodes, plane: _Plane, colour: Colour, second: Colour) -> _Coat:
        flat = nodes.node("ShaderNodeCombineXYZ", {0: plane.along, 1: plane.up}).outputs[0]
        grain = nodes.noise(30.0, where=plane.local, detail=2.0)
        inputs = {
            "Vector": flat,
            "Color1": _shades(nodes, grain, colour, 0.9, 0.9 + 0.35 * (1.45 - darkest)),
            "Color2": _shades(nodes, grain, colour, darkest, 0.55 + 0.5 * darkest),
            "Mortar": second,
            "Scale": 1.0,
            "Mortar Size": joint_m,
            "Mortar Smooth": 0.25,
            "Bias": -0.25,
            "Brick Width": width_m,
            "Row Height": height_m,
        }
        laid = nodes.node("ShaderNodeTexBrick", inputs, **bond).outputs
        proud = nodes.math("SUBTRACT", 1.0, laid["Fac"])
        relief = nodes.math("ADD", nodes.math("MULTIPLY", proud, 0.7), nodes.math("MULTIPLY", grain, 0.3))
        return _Coat(laid["Color"], relief, depth_m)

    return coat


def _concrete(nodes: Nodes, plane: _Plane, colour: Colour, second: Colour) -> _Coat:
    slabs = _courses(3.0, 2.7, 0.012, 0.008, darkest=0.82, offset=0.0)(
        nodes, plane, colour, [value * 0.4 for value in second]
    )
    pores = nodes.noise(9.0, where=plane.local, detail=3.0)
    return slabs._replace(tone=nodes.mix(nodes.ramp(pores, 0.5, 0.75, (0.0, 0.3)), slabs.tone, (0.2, 0.19, 0.17)))


def _boards(nodes: Nodes, plane: _Plane, colour: Colour, *, upright: bool) -> _Coat:
    run, across = (plane.up, plane.along) if upright else (plane.along, plane.up)
    pitch = 0.16
    where = nodes.node("ShaderNodeCombineXYZ", {0: run, 1: nodes.math("MULTIPLY", across, 14.0)}).outputs[0]
    grain = nodes.noise(1.6, where=where, detail=3.0)
    tone = nodes.mix(
        _chance(nodes, across, pitch), _shades(nodes, grain, colour, 0.5, 1.0), _shades(nodes, grain, colour, 0.8, 1.25)
    )
    lap = _fraction(nodes, across, pitch)
    gap = nodes.ramp(lap, 0.93, 0.98)
    tone = nodes.mix(gap, tone, [value * 0.12 for value in colour])
    slope = nodes.math("SUBTRACT", nodes.math("SUBTRACT", 1.0, lap) if not upright else 1.0, gap)
    return _Coat(tone, slope, 0.014, 0.7)


def _timber(nodes: Nodes, plane: _Plane, colour: Colour, second: Colour) -> _Coat:  # noqa: ARG001
    return _boards(nodes, plane, colour, upright=False)


def _planks(nodes: Nodes, plane: _Plane, colour: Colour, second: Colour) -> _Coat:  # noqa: ARG001
    return _boards(nodes, plane, colour, upright=True)


def _sheet(nodes: Nodes, plane: _Plane, colour: Colour, second: Colour) -> _Coat:
    """Trapezoidal sheet: 250 mm pitch, 35 mm deep; laps of about 6 m rust first."""
    wave = nodes.math(
        "ABSOLUTE", nodes.math("SUBTRACT", nodes.math("MULTIPLY", _fraction(nodes, plane.along, 0.25), 2.0), 1.0)
    )
    relief = nodes.ramp(wave, 0.35, 0.6)
    blotch = nodes.noise(1.1, where=plane.local, detail=3.0, roughness=0.7)
    tone = nodes.mix(nodes.math("MULTIPLY", relief, 0.25), _shades(nodes, blotch, colour, 0.8, 1.15), second)
    tone = nodes.mix(nodes.ramp(blotch, 0.62, 0.72, (0.0, 0.6)), tone, (0.13, 0.055, 0.025))
    return _Coat(tone, relief, 0.035, 0.45, 0.35)


def _tiles(nodes: Nodes, plane: _Plane, colour: Colour, second: Colour) -> _Coat:
    """Interlocking pantiles, 0.21 by 0.33 m: each course lies on the one below; some have been replaced."""
    row, column = 0.33, 0.21
    course = nodes.math("SUBTRACT", 1.0, _fraction(nodes, plane.up, row))
    roll = nodes.math("SINE", nodes.math("MULTIPLY", plane.along, 6.2832 / column))
    index = nodes.math(
        "ADD",
        nodes.math("FLOOR", nodes.math("DIVIDE", plane.along, column)),
        nodes.math("MULTIPLY", nodes.math("FLOOR", nodes.math("DIVIDE", plane.up, row)), 371.0),
    )
    each = nodes.node("ShaderNodeTexWhiteNoise", {"W": index}, noise_dimensions="1D").outputs["Value"]
    moss = nodes.ramp(nodes.noise(1.4, where=plane.local, detail=3.0), 0.5, 0.75, (0.0, 0.55))
    tone = nodes.mix(moss, _shades(nodes, each, colour, 0.65, 1.2), second)
    shade = nodes.math("MULTIPLY", nodes.ramp(course, 0.12, 0.0), 0.75)
    tone = nodes.mix(shade, tone, [value * 0.15 for value in colour])
    relief = nodes.math("ADD", nodes.math("MULTIPLY", course, 0.5), nodes.math("MULTIPLY", roll, 0.35))
    return _Coat(tone, relief, 0.05, 0.8)


def _felt(nodes: Nodes, plane: _Plane, colour: Colour, second: Colour) -> _Coat:
    grain = nodes.noise(40.0, where=plane.local, detail=2.0)
    pools = nodes.ramp(nodes.noise(0.35, where=plane.local, detail=2.0), 0.45, 0.6)
    return _Coat(nodes.mix(pools, _shades(nodes, grain, colour, 0.7, 1.2), second), grain, 0.003, 0.9)


KINDS: Mapping[str, Callable[[Nodes, _Plane, Colour, Colour], _Coat]] = MappingProxyType(
    {
        "plaster": _plaster,
        "concrete": _concrete,
        "brick": _courses(0.225, 0.075, 0.01, 0.006),
        "english_brick": _courses(0.225, 0.075, 0.01, 0.006, squash=0.5, squash_frequency=2),
        "stack_brick": _courses(0.25, 0.065, 0.012, 0.006, offset=0.0),
        "block": _courses(0.44, 0.215, 0.01, 0.006),
        "ashlar": _courses(0.85, 0.36, 0.008, 0.01, darkest=0.7),
        "rustic": _courses(1.05, 0.45, 0.045, 0.035, darkest=0.75),
        "cladding": _courses(1.2, 0.6, 0.006, 0.006, darkest=0.9, offset=0.0),
        "timber": _timber,
        "planks": _planks,
        "sheet": _sheet,
        "tiles": _tiles,
        "slate": _courses(0.25, 0.2, 0.006, 0.012, darkest=0.6),
        "felt": _felt,
    }
)
"""Kind of wall or roof to what it adds to its colour."""


def slats(name: str, colour: Colour, *, pitch_m: float) -> Any:
    """Return a roller shutter of interlocking slats, scuffed and streaked."""
    nodes = Nodes(name)
    plane = _plane(nodes)
    profile = _fraction(nodes, plane.up, pitch_m)
    bulge = nodes.math("SINE", nodes.math("MULTIPLY", profile, 3.1416))
    scuffs = nodes.noise(2.2, where=plane.local, detail=3.0, roughness=0.7)
    tone = nodes.mix(
        nodes.ramp(bulge, 0.3, 0.0, (0.0, 0.75)), _shades(nodes, scuffs, colour, 0.6, 1.2), (0.02, 0.02, 0.02)
    )
    tone = nodes.mix(_soil(nodes, plane, 0.6), tone, (0.045, 0.04, 0.034))
    inputs = {"Base Color": tone, "Roughness": 0.5, "Metallic": 0.2, "Normal": nodes.bump(bulge, 0.02, 0.8)}
    return nodes.finish(nodes.principled(inputs))


def cloth_sheet(name: str, colour: Colour) -> Any:
    """Return an awning's cloth: faded, soiled by rain, and letting a quarter of the light through."""
    nodes = Nodes(name)
    plane = _plane(nodes)
    faded = nodes.noise(0.9, where=plane.local, detail=2.0)
    tone = nodes.mix(_soil(nodes, plane, 0.5), _shades(nodes, faded, colour, 0.7, 1.15), (0.08, 0.07, 0.06))
    through = nodes.node("ShaderNodeBsdfTranslucent", {"Color": tone}).outputs[0]
    matt = nodes.principled({"Base Color": tone, "Roughness": 0.9})
    return nodes.finish(nodes.node("ShaderNodeMixShader", {0: 0.25, 1: matt, 2: through}).outputs[0])
