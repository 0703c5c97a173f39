"""What one drives and walks on: asphalt of every age, concrete, paving, soil; dry, wet, under snow, ice or leaves."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, NamedTuple

from scenes.stage.materials.nodes import Colour, Nodes

_SNOW = (0.78, 0.80, 0.83)
_SLUSH = (0.30, 0.29, 0.28)
_SAND = (0.42, 0.31, 0.19)
_LEAF_M = 0.11  # a fallen leaf of a plane or maple
_LEAF_RGB = ((0.10, 0.045, 0.016), (0.42, 0.27, 0.04))
_WHEEL_M = 0.76  # half of a car's track
_SLAB_M = 5.0


def ground(
    name: str,
    colour: Colour,
    *,
    make: str = "plain",
    wetness: float = 0.0,
    puddles: float = 0.0,
    snow: float = 0.0,
    ice: float = 0.0,
    leaves: float = 0.0,
    sand: float = 0.0,
    grain_m: float = 0.012,
    patchy: float = 0.3,
    lane_m: float = 0.0,
    half_m: float = 0.0,
) -> Any:
    """Return a ground under what lies on it; all patterns are noise or joints in world space.

    Args:
        name: of the material.
        colour: dry and clean, linear.
        make: "plain", "worn" (wheel tracks, oil), "cracked", "concrete" (slabs of 5 m) or "paving" (slabs of 0.4 m).
        wetness: 0 dry, 1 a closed film. Water fills the pores (darker, Lekner and Dorf 1988) and smooths the surface.
        puddles: share of the surface under standing water.
        snow: share of the surface that is covered; traffic keeps its tracks barer.
        ice: share of the surface under a glaze.
        leaves: share of the surface under fallen leaves.
        sand: share of the surface under drifts of sand; wheels keep their tracks barer of both.
        grain_m: size of the stones.
        patchy: contrast of stains.
        lane_m: lane width, for wheel tracks along x; 0 for none.
        half_m: half of the road's width.
    """
    nodes = Nodes(name)
    where = nodes.node("ShaderNodeNewGeometry").outputs["Position"]
    axes = nodes.node("ShaderNodeSeparateXYZ", {0: where}).outputs
    stretched = nodes.node("ShaderNodeMapping", {"Vector": where, "Scale": (0.35, 1.0, 1.0)}).outputs[0]
    stains = nodes.noise(0.55, where=stretched, detail=3.0)
    grain = nodes.noise(1.0 / grain_m, detail=1.0, roughness=0.7)
    low, high = ([v * (1 + sign * patchy) for v in colour] for sign in (-1, 1))
    tone = nodes.mix(nodes.ramp(stains, 0.3, 0.7), low, high)
    tone = nodes.mix(nodes.ramp(grain, 0.35, 0.7, (0.0, 0.35)), tone, (0.25, 0.24, 0.23))
    tracks: Any = 0.0
    if lane_m > 0 and make != "plain":
        tracks, oil = _tracks(nodes, axes[1], lane_m, half_m)
        polish = nodes.math("ADD", nodes.math("MULTIPLY", tracks, 0.20), nodes.math("MULTIPLY", oil, 0.16))
        tone = nodes.mix(polish, tone, (0.018, 0.018, 0.019))
    tone = _joints(nodes, make, tone, where, axes)
    patterns = _Patterns(grain, grain_m, stretched, stains, tracks)
    tone = _strewn(nodes, tone, patterns, where, (leaves, sand))
    return nodes.finish(_under(nodes, tone, patterns, _Weather(wetness, puddles, snow, ice)))


class _Patterns(NamedTuple):
    grain: Any
    grain_m: float
    stretched: Any
    stains: Any
    tracks: Any


class _Weather(NamedTuple):
    wetness: float
    puddles: float
    snow: float
    ice: float


def _tracks(nodes: Nodes, y: Any, lane_m: float, half_m: float) -> tuple[Any, Any]:
    """Return how much wheels and dripping oil have marked a place, from its distance to the lane's middle."""
    across = nodes.math("ABSOLUTE", y)
    middle = nodes.math(
        "ABSOLUTE", nodes.math("SUBTRACT", nodes.math("FRACT", nodes.math("DIVIDE", across, lane_m)), 0.5)
    )
    aside = nodes.math("MULTIPLY", middle, lane_m)
    wheel = nodes.ramp(nodes.math("ABSOLUTE", nodes.math("SUBTRACT", aside, _WHEEL_M)), 0.42, 0.05)
    inside = nodes.ramp(across, half_m + 0.05, half_m)
    oil = nodes.math("MULTIPLY", nodes.ramp(aside, 0.35, 0.0), inside)
    return nodes.math("MULTIPLY", wheel, inside), oil


def _joints(nodes: Nodes, make: str, tone: Any, where: Any, axes: Any) -> Any:
    if make == "cracked":
        shift = nodes.noise(1.3, where=where, detail=3.0, roughness=0.7)
        wander = nodes.math("MULTIPLY", nodes.math("SUBTRACT", shift, 0.5), 2.4)
        bent = nodes.node(
            "ShaderNodeCombineXYZ",
            {
                0: nodes.math("MULTIPLY", nodes.math("ADD", axes[0], wander), 0.16),
                1: nodes.math("MULTIPLY", nodes.math("SUBTRACT", axes[1], wander), 0.42),
            },
        ).outputs[0]
        edges = {"feature": "DISTANCE_TO_EDGE"}
        cracks = nodes.node("ShaderNodeTexVoronoi", {"Vector": bent, "Randomness": 1.0}, **edges).outputs["Distance"]
        some = nodes.ramp(shift, 0.40, 0.52)
        line = nodes.math("MULTIPLY", nodes.ramp(cracks, 0.009, 0.002), some)
        return nodes.mix(line, tone, (0.012, 0.012, 0.012))
    if make in ("concrete", "paving"):
        pitch = _SLAB_M if make == "concrete" else 0.4
        joint_m = 0.012 if make == "concrete" else 0.006
        gap: Any = 0.0
        for axis in (axes[0], axes[1]):
            part = nodes.math("MULTIPLY", nodes.math("FRACT", nodes.math("DIVIDE", axis, pitch)), pitch)
            gap = nodes.math("MAXIMUM", gap, nodes.ramp(part, joint_m, 0.4 * joint_m))
        cells = nodes.node("ShaderNodeVectorMath", {0: where, 1: (1 / pitch, 1 / pitch, 0.0)}, operation="MULTIPLY")
        cell = nodes.node("ShaderNodeVectorMath", {0: cells.outputs[0]}, operation="FLOOR").outputs[0]
        shade = nodes.node("ShaderNodeTexWhiteNoise", {"Vector": cell}).outputs["Value"]
        tone = nodes.mix(nodes.math("MULTIPLY", shade, 0.22), tone, (0.05, 0.05, 0.05))
        return nodes.mix(nodes.math("MULTIPLY", gap, 0.8), tone, (0.02, 0.02, 0.02))
    return tone


def _strewn(nodes: Nodes, tone: Any, patterns: _Patterns, where: Any, shares: tuple[float, float]) -> Any:
    """Return a tone under sand, which drifts in sheets, and under leaves, each of which has a colour of its own."""
    leaves, sand = shares
    if sand > 0:
        sheets = nodes.noise(0.5, where=patterns.stretched, detail=4.0, roughness=0.7)
        barer = nodes.math("MULTIPLY", patterns.tracks, 0.04)
        level = _exceeded(sand, 0.512, 0.055)
        cover = nodes.ramp(nodes.math("SUBTRACT", sheets, barer), level - 0.03, level + 0.03, (0.0, 0.92))
        tone = nodes.mix(cover, tone, _SAND)
    if leaves > 0:
        scale = (1 / _LEAF_M, 1 / _LEAF_M, 0.0)
        flat = nodes.node("ShaderNodeVectorMath", {0: where, 1: scale}, operation="MULTIPLY").outputs[0]
        cells = nodes.node("ShaderNodeTexVoronoi", {"Vector": flat, "Scale": 1.0, "Randomness": 1.0}).outputs
        heaps = nodes.noise(0.7, where=where, detail=3.0, roughness=0.6)
        barer = nodes.math("MULTIPLY", patterns.tracks, 0.06)
        level = _exceeded(leaves, 0.472, 0.08)
        reach = nodes.ramp(nodes.math("SUBTRACT", heaps, barer), level - 0.07, level + 0.07, (0.0, 0.75))
        lies = nodes.math("LESS_THAN", cells["Distance"], reach)
        own = nodes.node("ShaderNodeSeparateColor", {0: cells["Color"]}).outputs[0]
        tone = nodes.mix(lies, tone, nodes.mix(own, *_LEAF_RGB))
    return tone


def _exceeded(share: float, mean: float, spread: float) -> float:
    """Return the level that fractal noise, which is nearly normal, exceeds on a share of the surface."""
    return mean - spread * NormalDist().inv_cdf(min(max(share, 0.01), 0.99))


def _under(nodes: Nodes, tone: Any, patterns: _Patterns, weather: _Weather) -> Any:
    """Return the shader of a dry tone under water, ice and snow."""
    grain, grain_m, stretched, stains, tracks = patterns
    wetness, puddles, snow, ice = weather
    inputs: dict[str, Any] = {"Roughness": 0.88, "Normal": nodes.bump(grain, grain_m * 0.6, 0.5)}
    lying = max(weather) > 0
    low = nodes.noise(0.16, where=stretched, detail=3.0, roughness=0.6) if lying else 0.0
    if wetness > 0:
        level = 0.72 - 0.42 * puddles
        pool = nodes.ramp(low, level, level + 0.05, (0.0, min(1.0, 4 * wetness)))
        film = nodes.math("MAXIMUM", pool, nodes.ramp(low, level - 0.35, level, (0.35 * wetness, wetness)))
        tone = nodes.mix(nodes.math("MULTIPLY", film, 0.62), tone, (0.0, 0.0, 0.0))
        rough = nodes.math("MULTIPLY", nodes.math("SUBTRACT", 1.0, pool), nodes.ramp(stains, 0.2, 0.8, (0.10, 0.26)))
        inputs |= {"Coat Weight": film, "Coat IOR": 1.33, "Coat Roughness": nodes.math("ADD", rough, 0.012)}
        inputs["Coat Normal"] = nodes.bump(nodes.noise(4.0, detail=1.0), 0.003, 0.5)
    if ice > 0:
        sheet = nodes.ramp(low, 0.62 - 0.35 * ice, 0.66 - 0.35 * ice)
        tone = nodes.mix(nodes.math("MULTIPLY", sheet, 0.35), tone, (0.35, 0.38, 0.42))
        inputs |= {"Coat Weight": sheet, "Coat IOR": 1.31, "Coat Roughness": 0.06}
    if snow > 0:
        barer = nodes.math("MULTIPLY", tracks, 0.30)
        cover = nodes.ramp(nodes.math("SUBTRACT", low, barer), 0.60 - 0.55 * snow, 0.66 - 0.55 * snow)
        white = nodes.mix(nodes.ramp(stains, 0.35, 0.7, (0.0, 0.5)), _SNOW, _SLUSH)
        tone = nodes.mix(cover, tone, white)
        dull = nodes.math("SUBTRACT", 1.0, cover)
        inputs["Coat Weight"] = nodes.math("MULTIPLY", dull, inputs["Coat Weight"]) if "Coat Weight" in inputs else 0.0
    return nodes.principled({"Base Color": tone, **inputs})


def road_paint(name: str, *, wetness: float = 0.0, wear: float = 0.5, yellow: bool = False) -> Any:
    """Return thermoplastic marking that traffic has worn off in places.

    Args:
        name: of the material.
        wetness: of the road.
        wear: in [0, 1].
        yellow: for works and old markings.
    """
    nodes = Nodes(name)
    worn = nodes.ramp(nodes.noise(9.0, detail=3.0, roughness=0.7), 0.30 + 0.12 * wear, 0.46 + 0.08 * wear)
    fade = nodes.ramp(nodes.noise(0.7, detail=2.0), 0.3, 0.6, (0.75 - 0.5 * wear, 1.0))
    bright = (0.55, 0.38, 0.04) if yellow else (0.62, 0.61, 0.57)
    tone = nodes.mix(nodes.math("MULTIPLY", worn, fade), (0.06, 0.06, 0.06), bright)
    coat = {"Coat Weight": wetness, "Coat IOR": 1.33, "Coat Roughness": 0.12}
    return nodes.finish(nodes.principled({"Base Color": tone, "Roughness": 0.6, **coat}))


def tyre_mark(name: str, *, strength: float = 0.8) -> Any:
    """Return rubber on the road; it lets the road through where it is thin."""
    nodes = Nodes(name)
    dark = nodes.principled({"Base Color": (0.008, 0.008, 0.008), "Roughness": 0.55})
    clear = nodes.node("ShaderNodeBsdfTransparent").outputs[0]
    share = nodes.ramp(nodes.noise(11.0, detail=3.0), 0.3, 0.6, (0.3 * strength, strength))
    return nodes.finish(nodes.node("ShaderNodeMixShader", {0: share, 1: clear, 2: dark}).outputs[0])
