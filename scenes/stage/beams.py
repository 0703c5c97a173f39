"""Lamps that throw a pattern, as Blender lights."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from scenes.stage.asset import Array, Beam
from scenes.stage.lamps import DIPPED_PEAK, TRACE_GAIN
from scenes.stage.pose import Points


def add_lamp(beam: Beam, matrix: Array) -> None:
    """Add a beam of an asset that stands at a (4, 4) world matrix."""
    where = matrix @ np.array([*beam.where_m, 1.0])
    ahead = matrix[:3, :3] @ np.array([np.cos(np.deg2rad(beam.heading_deg)), np.sin(np.deg2rad(beam.heading_deg)), 0.0])
    heading_deg = float(np.rad2deg(np.arctan2(ahead[1], ahead[0])))
    if beam.pattern == "all":
        _add_bulb(where[:3], beam)
    else:
        add_beam(where[:3], heading_deg, beam.candela, beam.rgb, beam.light_group, high=beam.pattern == "high")


def _add_bulb(where: Array, beam: Beam) -> None:
    light = bpy.data.lights.new(f"bulb {beam.light_group}", "POINT")
    light.energy = 4 * np.pi * beam.candela * TRACE_GAIN[beam.light_group]
    light.color = beam.rgb
    light.shadow_soft_size = 0.05
    made = bpy.data.objects.new(light.name, light)
    made.location = tuple(float(value) for value in where)
    made.lightgroup = beam.light_group
    bpy.context.scene.collection.objects.link(made)


def add_beam(where: Points, heading_deg: float, candela: float, colour: Any, group: str, *, high: bool = False) -> None:
    """Add a lamp with the intensity pattern of a dipped beam for right-hand traffic, or of a main beam.

    The dipped beam's cut-off lies 0.57 degrees (1 %) down and rises by 15 degrees on the right (UNECE R112).
    """
    light = bpy.data.lights.new(f"beam {group}", "SPOT")
    light.energy = 4 * np.pi * candela * TRACE_GAIN[group]  # Blender spreads a lamp's watts over 4 pi sr
    light.color = colour
    light.shadow_soft_size = 0.035
    light.spot_size = np.deg2rad(140)
    light.spot_blend = 0.4
    light.use_nodes = True
    (_high_nodes if high else _low_nodes)(BeamNodes(light.node_tree))
    made = bpy.data.objects.new(light.name, light)
    made.location = tuple(float(value) for value in where)
    made.rotation_euler = (np.deg2rad(90), 0.0, np.deg2rad(heading_deg - 90))
    made.lightgroup = group
    bpy.context.scene.collection.objects.link(made)


class BeamNodes:
    """Math nodes over a lamp's own direction: x right, y up, z back."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        axes = tree.nodes.new("ShaderNodeSeparateXYZ")
        tree.links.new(tree.nodes.new("ShaderNodeTexCoord").outputs["Normal"], axes.inputs[0])
        ahead = self("MAXIMUM", self("MULTIPLY", axes.outputs[2], -1.0), 0.05)
        self.right = self("DIVIDE", axes.outputs[0], ahead)
        self.up = self("DIVIDE", axes.outputs[1], ahead)

    def __call__(self, operation: str, first: Any, second: Any = 0.0) -> Any:
        """Return a math node's output."""
        made = self.tree.nodes.new("ShaderNodeMath")
        made.operation = operation
        for index, value in enumerate((first, second)):
            if isinstance(value, float):
                made.inputs[index].default_value = value
            else:
                self.tree.links.new(value, made.inputs[index])
        return made.outputs[0]

    def gauss(self, value: Any, width: float) -> Any:
        """Return exp(-(value / width)²)."""
        return self("EXPONENT", self("MULTIPLY", self("POWER", self("DIVIDE", value, width), 2.0), -1.0))

    def finish(self, strength: Any) -> None:
        """Wire the lamp's strength."""
        self.tree.links.new(strength, self.tree.nodes["Emission"].inputs["Strength"])


def _low_nodes(math: BeamNodes) -> None:
    kink = math("MULTIPLY", math("MINIMUM", math("MAXIMUM", math.right, 0.0), 0.12), 0.268)
    over = math("SUBTRACT", math("ADD", math.up, 0.01), kink)
    below = math("DIVIDE", 1.0, math("ADD", 1.0, math("EXPONENT", math("MULTIPLY", over, 450.0))))
    depth = math("MAXIMUM", math("MULTIPLY", over, -1.0), 0.0)
    near = math("ADD", math.gauss(depth, 0.045), math("MULTIPLY", math.gauss(depth, 0.22), 0.10))
    wide = math("ADD", math.gauss(math.right, 0.16), math("MULTIPLY", math.gauss(math.right, 0.62), 0.16))
    beam = math("MULTIPLY", math("MULTIPLY", below, near), math("DIVIDE", wide, DIPPED_PEAK))  # peak 1
    stray = math("MULTIPLY", math.gauss(math.right, 0.5), math("MULTIPLY", math.gauss(math.up, 0.5), 0.012))
    math.finish(math("ADD", beam, stray))


def _high_nodes(math: BeamNodes) -> None:
    core = math("MULTIPLY", math.gauss(math.right, 0.10), math.gauss(math.up, 0.045))
    wide = math("MULTIPLY", math.gauss(math.right, 0.40), math("MULTIPLY", math.gauss(math.up, 0.12), 0.15))
    math.finish(math("DIVIDE", math("ADD", core, wide), 1.15))  # peak 1
