"""A material's node tree that reads like a formula.

Blender takes 0.2 ms to make a node and hardly longer to copy a whole tree. So a recipe only tells its nodes; `finish`
makes them once for each shape of tree, and every further material of that shape is a copy with other numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy

from scenes.stage.surface import PASSES

Colour = Sequence[float]
Shape = tuple[Any, ...]
Values = dict[tuple[int, Any], Any]


def passed(colour: Colour, index: float) -> float:
    """Return the share of light that passes a thin pane head-on: its mean colour, less what Fresnel's law mirrors."""
    return sum(colour) / len(colour) * (1 - ((index - 1) / (index + 1)) ** 2)


@dataclass(frozen=True)
class Socket:
    """An output of a node that will be made."""

    node: int
    key: str | int


@dataclass(frozen=True)
class Outputs:
    """The outputs of a node that will be made, by name or number."""

    node: int

    def __getitem__(self, key: str | int) -> Socket:
        """Return one of them."""
        return Socket(self.node, key)


@dataclass(frozen=True)
class Node:
    """A node that will be made."""

    outputs: Outputs


@dataclass(frozen=True)
class Told:
    """What a recipe said of one node: its kind, settings and links decide the tree's shape, its values do not."""

    kind: str
    settings: Mapping[str, Any]
    inputs: Mapping[Any, Any]
    palette: tuple[Colour, ...] = ()

    @property
    def shape(self) -> Shape:
        """Return what materials must share to be copies of one tree."""
        wired = tuple((key, value if isinstance(value, Socket) else None) for key, value in self.inputs.items())
        return (self.kind, tuple(self.settings.items()), wired, self.palette)


@dataclass
class Templates:
    """The first material of each shape; copies are made from it while it is in the scene."""

    first: dict[Shape, tuple[str, Values]] = field(default_factory=dict)

    def find(self, shape: Shape) -> tuple[Any, Values] | None:
        """Return a material of this shape and its values."""
        name, values = self.first.get(shape, ("", {}))
        material = bpy.data.materials.get(name) if name else None
        return (material, values) if material else None


_TEMPLATES = Templates()


class Nodes:
    """A node tree that reads like a formula: each call tells a node with its inputs and returns an output."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._told: list[Told] = []

    def node(self, kind: str, inputs: Mapping[Any, Any] | None = None, **settings: Any) -> Node:
        """Tell a node; inputs are values or outputs of other nodes."""
        return self._add(Told(kind, settings, dict(inputs or {})))

    def _add(self, told: Told) -> Node:
        self._told.append(told)
        return Node(Outputs(len(self._told) - 1))

    def math(self, operation: str, first: Any, second: Any = 0.0, *, clamp: bool = False) -> Socket:
        """Return a math node's output."""
        return self.node("ShaderNodeMath", {0: first, 1: second}, operation=operation, use_clamp=clamp).outputs[0]

    def axes(self, vector: Any) -> tuple[Socket, Socket, Socket]:
        """Return the three parts of a vector or colour."""
        parts = self.node("ShaderNodeSeparateXYZ", {0: vector}).outputs
        return parts[0], parts[1], parts[2]

    def noise(self, scale: float, *, where: Any = None, detail: float = 4.0, roughness: float = 0.55) -> Socket:
        """Return fractal noise in [0, 1] over world coordinates."""
        where = where if where is not None else self.node("ShaderNodeNewGeometry").outputs["Position"]
        inputs = {"Vector": where, "Scale": scale, "Detail": detail, "Roughness": roughness}
        return self.node("ShaderNodeTexNoise", inputs).outputs["Fac"]

    def ramp(self, value: Any, low: Any, high: Any, out: tuple[float, float] = (0.0, 1.0)) -> Socket:
        """Return a smooth step of `value` between `low` and `high`, numbers or outputs."""
        inputs = {"Value": value, "From Min": low, "From Max": high, "To Min": out[0], "To Max": out[1]}
        return self.node("ShaderNodeMapRange", inputs, interpolation_type="SMOOTHSTEP").outputs[0]

    def mix(self, share: Any, first: Any, second: Any) -> Socket:
        """Return the blend of two colours."""
        return self.node("ShaderNodeMix", {0: share, 6: first, 7: second}, data_type="RGBA").outputs[2]

    def pick(self, value: Any, palette: Sequence[Colour]) -> Socket:
        """Return one of the colours: equal parts of [0, 1] take one each."""
        return self._add(Told("ShaderNodeValToRGB", {}, {0: value}, tuple(tuple(one) for one in palette))).outputs[0]

    def bump(self, height: Any, distance_m: float, strength: float = 1.0) -> Socket:
        """Return a normal bent by a height in [0, 1] times `distance_m`."""
        inputs = {"Height": height, "Distance": distance_m, "Strength": strength}
        return self.node("ShaderNodeBump", inputs).outputs[0]

    def principled(self, inputs: Mapping[Any, Any]) -> Socket:
        """Return a Principled BSDF."""
        return self.node("ShaderNodeBsdfPrincipled", inputs).outputs[0]

    def finish(self, shader: Any, *, sampling: str = "AUTO", passes: float = 0.0) -> Any:
        """Wire the surface and return the material.

        Args:
            shader: of the surface.
            sampling: whether its light is sampled as a lamp's is: `AUTO`, `FRONT` or `NONE`, for what is only seen.
            passes: share of the light that goes straight through a face met head-on, wherever it is met.
        """
        self.node("ShaderNodeOutputMaterial", {"Surface": shader})
        shape = (sampling, *(told.shape for told in self._told))
        values = {
            (number, key): value
            for number, told in enumerate(self._told)
            for key, value in told.inputs.items()
            if not isinstance(value, Socket)
        }
        found = _TEMPLATES.find(shape)
        made = found[0].copy() if found else _made(self._told)
        made.cycles.emission_sampling = sampling
        _set(made, values, found[1] if found else {})
        made.name = self.name
        made[PASSES] = passes
        if not found:
            _TEMPLATES.first[shape] = (made.name, values)
        return made


def _made(tree: Sequence[Told]) -> Any:
    material = bpy.data.materials.new("material")
    material.use_nodes = True
    material.node_tree.nodes.clear()
    nodes = [material.node_tree.nodes.new(told.kind) for told in tree]
    for node, told in zip(nodes, tree, strict=True):
        for setting, chosen in told.settings.items():
            setattr(node, setting, chosen)
        if told.palette:
            _paint(node.color_ramp, told.palette)
        for key, value in told.inputs.items():
            if isinstance(value, Socket):
                material.node_tree.links.new(nodes[value.node].outputs[value.key], node.inputs[key])
    return material


def _paint(ramp: Any, palette: Sequence[Colour]) -> None:
    ramp.interpolation = "CONSTANT"
    for number, colour in enumerate(palette):
        element = ramp.elements[number] if number < 2 else ramp.elements.new(number / len(palette))
        element.position = number / len(palette)
        element.color = (*colour, 1.0)


def _set(material: Any, values: Values, had: Values) -> None:
    nodes = material.node_tree.nodes.values()
    for (number, key), value in values.items():
        if (number, key) not in had or had[number, key] != value:
            socket = nodes[number].inputs[key]
            socket.default_value = (*value, 1.0) if socket.type == "RGBA" and len(value) == 3 else value
