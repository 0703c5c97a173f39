"""What only wrecks show: crazed laminated glass and burnt sheet metal."""

from __future__ import annotations

from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes


def cracked_glass(name: str) -> Any:
    """Return a laminated screen after a blow: a white web of cracks that thins out, over dark glass."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    coarse = nodes.node("ShaderNodeTexVoronoi", {"Vector": local, "Scale": 14.0}, feature="DISTANCE_TO_EDGE").outputs[
        "Distance"
    ]
    fine = nodes.node("ShaderNodeTexVoronoi", {"Vector": local, "Scale": 60.0}, feature="DISTANCE_TO_EDGE").outputs[
        "Distance"
    ]
    hurt = nodes.ramp(nodes.noise(2.2, where=local, detail=1.0), 0.35, 0.6)
    web = nodes.math(
        "MAXIMUM", nodes.ramp(coarse, 0.016, 0.002), nodes.math("MULTIPLY", nodes.ramp(fine, 0.10, 0.0), hurt)
    )
    white = nodes.principled({"Base Color": (0.55, 0.57, 0.57), "Roughness": 0.6})
    dark = nodes.principled({"Base Color": (0.01, 0.012, 0.012), "Roughness": 0.04})
    return nodes.finish(nodes.node("ShaderNodeMixShader", {0: web, 1: dark, 2: white}).outputs[0])


def burnt(name: str, colour: Colour, *, amount: float) -> Any:
    """Return metal after a fire: paint left in places, soot, orange scale where it was hottest, white ash.

    Args:
        name: of the material.
        colour: of the paint before.
        amount: in [0, 1]; 1 leaves no paint.
    """
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    cloud = nodes.noise(1.6, where=local, detail=3.0)
    grain = nodes.noise(11.0, where=local, detail=2.0)
    soot = nodes.mix(nodes.ramp(grain, 0.3, 0.7), (0.012, 0.011, 0.010), (0.05, 0.045, 0.04))
    scale = nodes.mix(grain, (0.16, 0.055, 0.02), (0.28, 0.16, 0.10))
    hot = nodes.ramp(cloud, 0.70 - 0.30 * amount, 0.78 - 0.30 * amount)
    ash = nodes.math("MULTIPLY", nodes.ramp(nodes.math("MULTIPLY", cloud, grain), 0.30, 0.38), amount)
    tone = nodes.mix(ash, nodes.mix(hot, soot, scale), (0.38, 0.36, 0.34))
    left = nodes.ramp(cloud, 0.60 - 0.75 * amount, 0.52 - 0.75 * amount)
    return nodes.finish(nodes.principled({"Base Color": nodes.mix(left, tone, colour), "Roughness": 0.92}))


def spilt(name: str, *, through: Colour, roughness: float, ior: float) -> Any:
    """Return a film of liquid on asphalt: the ground shows through, darker, below a broken gloss.

    Args:
        name: of the material.
        through: share of the ground's colour that is left; wet asphalt has less than half of the dry one's.
        roughness: of the gloss; stones that stand out of the film make it rougher in places.
        ior: index of refraction, for the gloss.
    """
    nodes = Nodes(name)
    grain = nodes.noise(55.0, detail=2.0)
    thick = nodes.ramp(nodes.noise(2.3, detail=3.0), 0.35, 0.62)
    tone = nodes.mix(thick, tuple(0.6 * share + 0.4 for share in through), through)
    below = nodes.node("ShaderNodeBsdfTransparent", {"Color": tone}).outputs[0]
    rough = nodes.math("ADD", nodes.ramp(grain, 0.4, 0.7, (0.0, 0.22)), roughness)
    bump = nodes.bump(grain, 0.002, 0.4)
    gloss = nodes.node("ShaderNodeBsdfGlossy", {"Color": (1.0, 1.0, 1.0), "Roughness": rough, "Normal": bump}).outputs[
        0
    ]
    facing = nodes.node("ShaderNodeFresnel", {"IOR": ior}).outputs[0]
    share = nodes.math("MULTIPLY", facing, nodes.ramp(thick, 0.0, 1.0, (0.35, 0.9)))
    return nodes.finish(nodes.node("ShaderNodeMixShader", {0: share, 1: below, 2: gloss}).outputs[0])
