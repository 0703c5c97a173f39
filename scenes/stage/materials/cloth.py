"""Woven and knitted cloth with folds, leather, and retroreflective tape."""

from __future__ import annotations

from typing import Any

from scenes.stage.materials.nodes import Colour, Nodes

_STRIPES_PER_M, _CHECKS_PER_M = 26.0, 17.0


def cloth(
    name: str, colour: Colour, second: Colour, *, pattern: str = "plain", weave_m: float = 0.0012, folds: float = 1.0
) -> Any:
    """Return cloth whose creases run across the pull, with a plain, striped or checked colour.

    Args:
        name: of the material.
        colour: main colour.
        second: of stripes, checks or the lighter wear of denim.
        pattern: plain, stripes, checks or denim.
        weave_m: size of the threads' relief.
        folds: how deep the creases are.
    """
    nodes = Nodes(name)
    coordinates = nodes.node("ShaderNodeTexCoord")
    local = coordinates.outputs["Object"]
    bent = nodes.node("ShaderNodeMapping", {"Vector": local, "Rotation": (0.6, 0.5, 0.3), "Scale": (1.0, 0.75, 1.35)})
    creases = nodes.noise(6.5, where=bent.outputs[0], detail=2.0, roughness=0.5)
    ridge = nodes.math("SUBTRACT", 1.0, nodes.math("ABSOLUTE", nodes.math("SUBTRACT", creases, 0.5)))
    thread = nodes.noise(1.0 / weave_m, where=local, detail=0.0)
    height = nodes.math("ADD", nodes.ramp(ridge, 0.72, 1.0), nodes.math("MULTIPLY", thread, 0.05))
    tone = _patterned(nodes, coordinates.outputs["UV"], colour, second, pattern, creases)
    shade = nodes.mix(nodes.ramp(thread, 0.3, 0.7), [0.86] * 3, [1.0] * 3)
    tone = nodes.node("ShaderNodeMix", {0: 1.0, 6: tone, 7: shade}, data_type="RGBA", blend_type="MULTIPLY").outputs[2]
    inputs = {
        "Base Color": tone,
        "Roughness": 0.88,
        "Specular IOR Level": 0.18,
        "Sheen Weight": 0.10,
        "Normal": nodes.bump(height, 0.016 * folds, 0.75),
    }
    return nodes.finish(nodes.principled(inputs))


def _patterned(  # noqa: PLR0917
    nodes: Nodes, uv: Any, colour: Colour, second: Colour, pattern: str, worn: Any
) -> Any:
    if pattern == "denim":
        return nodes.mix(nodes.ramp(worn, 0.35, 0.75), colour, second)
    if pattern == "plain":
        return nodes.mix(nodes.ramp(worn, 0.3, 0.7), [value * 0.9 for value in colour], colour)
    axes = nodes.node("ShaderNodeSeparateXYZ", {0: uv}).outputs
    down = _band(nodes, axes[1], _STRIPES_PER_M if pattern == "stripes" else _CHECKS_PER_M)
    if pattern == "stripes":
        return nodes.mix(down, colour, second)
    across = _band(nodes, axes[0], _CHECKS_PER_M)
    return nodes.mix(nodes.math("MULTIPLY", nodes.math("ADD", down, across), 0.5), colour, second)


def _band(nodes: Nodes, along: Any, per_m: float) -> Any:
    wave = nodes.math("SINE", nodes.math("MULTIPLY", along, per_m * 6.2832))
    return nodes.ramp(wave, 0.15, 0.35)


def leather(name: str, colour: Colour, *, polish: float = 0.4) -> Any:
    """Return leather or synthetic hide with creases and scuffs; `polish` 0 dull to 1 shining."""
    nodes = Nodes(name)
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    grain = nodes.noise(160.0, where=local, detail=1.0)
    scuffs = nodes.noise(22.0, where=local, detail=2.0)
    tone = nodes.mix(nodes.ramp(scuffs, 0.5, 0.8), colour, [value * 0.6 + 0.03 for value in colour])
    rough = nodes.ramp(scuffs, 0.3, 0.8, (0.62 - 0.35 * polish, 0.85 - 0.3 * polish))
    inputs = {"Base Color": tone, "Roughness": rough, "Normal": nodes.bump(grain, 0.0015, 0.4)}
    return nodes.finish(nodes.principled(inputs))


def retroreflective(name: str, colour: Colour) -> Any:
    """Return tape that throws light back to where it came from: a mirror that always faces the viewer.

    The lamps of the car that carries the camera lie close to the line of sight, so a lobe around it is what they see.
    """
    nodes = Nodes(name)
    geometry = nodes.node("ShaderNodeNewGeometry")
    local = nodes.node("ShaderNodeTexCoord").outputs["Object"]
    cells = nodes.noise(260.0, where=local, detail=0.0)
    tone = nodes.mix(cells, [value * 0.75 for value in colour], colour)
    back = nodes.node(
        "ShaderNodeBsdfGlossy", {"Color": tone, "Roughness": 0.28, "Normal": geometry.outputs["Incoming"]}
    ).outputs[0]
    plain = nodes.principled({"Base Color": tone, "Roughness": 0.45})
    return nodes.finish(nodes.node("ShaderNodeMixShader", {0: 0.35, 1: plain, 2: back}).outputs[0])
