"""A material's node tree that reads like a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import bpy

Colour = Sequence[float]


class Nodes:
    """A node tree that reads like a formula: each call makes a node, wires its inputs and returns an output."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()

    def node(self, kind: str, inputs: Mapping[Any, Any] | None = None, **settings: Any) -> Any:
        """Make a node; inputs are values or sockets."""
        made = self.tree.nodes.new(kind)
        for setting, chosen in settings.items():
            setattr(made, setting, chosen)
        for key, value in (inputs or {}).items():
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, made.inputs[key])
            else:
                made.inputs[key].default_value = _padded(value, made.inputs[key])
        return made

    def math(self, operation: str, first: Any, second: Any = 0.0, *, clamp: bool = False) -> Any:
        """Return a math node's output."""
        return self.node("ShaderNodeMath", {0: first, 1: second}, operation=operation, use_clamp=clamp).outputs[0]

    def noise(self, scale: float, *, where: Any = None, detail: float = 4.0, roughness: float = 0.55) -> Any:
        """Return fractal noise in [0, 1] over world coordinates."""
        where = where if where is not None else self.node("ShaderNodeNewGeometry").outputs["Position"]
        inputs = {"Vector": where, "Scale": scale, "Detail": detail, "Roughness": roughness}
        return self.node("ShaderNodeTexNoise", inputs).outputs["Fac"]

    def ramp(self, value: Any, low: float, high: float, out: tuple[float, float] = (0.0, 1.0)) -> Any:
        """Return a smooth step of `value` between `low` and `high`."""
        inputs = {"Value": value, "From Min": low, "From Max": high, "To Min": out[0], "To Max": out[1]}
        return self.node("ShaderNodeMapRange", inputs, interpolation_type="SMOOTHSTEP").outputs[0]

    def mix(self, share: Any, first: Any, second: Any) -> Any:
        """Return the blend of two colours."""
        made = self.node("ShaderNodeMix", data_type="RGBA")
        for index, value in ((0, share), (6, first), (7, second)):
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, made.inputs[index])
            else:
                made.inputs[index].default_value = _padded(value, made.inputs[index])
        return made.outputs[2]

    def bump(self, height: Any, distance_m: float, strength: float = 1.0) -> Any:
        """Return a normal bent by a height in [0, 1] times `distance_m`."""
        inputs = {"Height": height, "Distance": distance_m, "Strength": strength}
        return self.node("ShaderNodeBump", inputs).outputs[0]

    def principled(self, inputs: Mapping[Any, Any]) -> Any:
        """Return a Principled BSDF."""
        return self.node("ShaderNodeBsdfPrincipled", inputs).outputs[0]

    def finish(self, shader: Any) -> Any:
        """Wire the surface and return the material."""
        self.node("ShaderNodeOutputMaterial", {"Surface": shader})
        return self.material


def _padded(value: Any, socket: Any) -> Any:
    return (*value, 1.0) if socket.type == "RGBA" and len(value) == 3 else value
