"""Trace the current Blender scene once and read every pass in memory: light groups, guides, depth, ids.

Nothing goes through the compositor or a file: Cycles' own render call is wrapped, and the result is read while the
engine still holds it. The same moment gives the depsgraph that was rendered, so labels see exactly the rendered meshes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from render.blender.devices import Device
from render.radiance import SKY_DEPTH_M, Float32, Radiance
from render.settings import RenderSettings
from scenes.errors import TraceError
from scenes.ontology import LIGHT_GROUPS, STUFF, STUFF_INDEX

OPAQUE_FROM = 0.25
"""Ids and depth are those of the first surface that swallows at least this share of the light: tinted car glass is the
car's, clear glass and the gaps of a mesh fence show what is behind them."""
SUM_TOLERANCE = 1e-4
"""Relative gap between combined image and light groups above which a light is in no group (rounding gives 1e-7)."""
Probe = Callable[[Any], None]


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One traced view: the bundle in cd/m², and Cycles' own combined image in trace units with its group layers."""

    radiance: Radiance
    combined: Float32
    groups: Mapping[str, Float32]

    @property
    def group_gap(self) -> float:
        """Largest difference between combined image and sum of groups, relative to the largest pixel."""
        total = np.sum(np.stack(list(self.groups.values())), axis=0, dtype=np.float64)
        return float(np.max(np.abs(total - self.combined)) / max(float(np.max(self.combined)), 1e-12))


def trace(settings: RenderSettings, *, gains: Mapping[str, float], seed: int, threads: int, device: Device) -> Trace:
    """Render the current scene; see `trace_with` for the meshes that were rendered."""
    return trace_with(lambda _depsgraph: None, settings, gains=gains, seed=seed, threads=threads, device=device)


def trace_with(
    probe: Probe, settings: RenderSettings, *, gains: Mapping[str, float], seed: int, threads: int, device: Device
) -> Trace:
    """Render the current scene with one layer per light group.

    Args:
        probe: called with the depsgraph that is being rendered, for reading evaluated meshes.
        settings: resolution, samples and bounces.
        gains: light group to trace units per cd/m²; a group that is not named has 1.
        seed: of Cycles' sampler.
        threads: CPU threads of Cycles.
        device: where to trace.

    Raises:
        TraceError: Cycles gave no result.
    """
    _configure(settings, seed=seed, threads=threads, device=device)
    passes = _rendered(probe)
    groups = {group: passes[f"Combined_{group}"] for group in LIGHT_GROUPS}
    depth_m = passes["Depth"][..., 0]
    ids, stuff = told_apart(passes["IndexOB"][..., 0], depth_m)
    radiance = Radiance(
        layers={group: layer / np.float32(gains.get(group, 1.0)) for group, layer in groups.items()},
        albedo=passes["Denoising Albedo"],
        normal=_to_world(passes["Denoising Normal"]),
        depth_m=depth_m,
        ids=ids,
        stuff=stuff,
    )
    return Trace(radiance=radiance, combined=passes["Combined"][..., :3], groups=groups)


def _configure(settings: RenderSettings, *, seed: int, threads: int, device: Device) -> None:
    import bpy

    scene, layer = bpy.context.scene, bpy.context.view_layer
    _configure_image(scene, settings, threads)
    _configure_sampling(scene.cycles, settings, seed)
    scene.cycles.device = device.kind
    for name in ("use_pass_combined", "use_pass_z", "use_pass_object_index"):
        setattr(layer, name, True)
    layer.pass_alpha_threshold = OPAQUE_FROM
    layer.cycles.denoising_store_passes = True
    for group in LIGHT_GROUPS:
        if group not in layer.lightgroups:
            layer.lightgroups.add(name=group)
    scene.update_tag()


def _configure_image(scene: Any, settings: RenderSettings, threads: int) -> None:
    render = scene.render
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = settings.resolution
    render.resolution_percentage = 100
    render.use_compositing = render.use_sequencer = render.use_motion_blur = False
    render.use_border = render.film_transparent = False
    render.threads_mode, render.threads = "FIXED", threads
    scene.use_nodes = False


def _configure_sampling(cycles: Any, settings: RenderSettings, seed: int) -> None:
    values = {
        "samples": settings.spp,
        "seed": seed % 2**31,
        "use_adaptive_sampling": False,  # gained nothing at such counts
        "use_denoising": False,  # looks are denoised after relighting
        "use_light_tree": True,
        "light_sampling_threshold": 0.0,  # a weak lamp is not noise: a look may turn it up
        "max_bounces": settings.max_bounces,
        "diffuse_bounces": settings.diffuse_bounces,
        "glossy_bounces": settings.glossy_bounces,
        "transmission_bounces": settings.transmission_bounces,
        "volume_bounces": 0,
        "transparent_max_bounces": 8,
        "caustics_reflective": False,
        "caustics_refractive": False,
        "blur_glossy": settings.blur_glossy,
        "sample_clamp_direct": 0.0,
        "sample_clamp_indirect": settings.clamp_indirect,
        "film_exposure": 1.0,
        "pixel_filter_type": "BLACKMAN_HARRIS",
        "filter_width": 1.5,
        "use_auto_tile": False,
    }
    for name, value in values.items():
        setattr(cycles, name, value)


def _rendered(probe: Probe) -> dict[str, Float32]:
    import bpy

    passes: dict[str, Float32] = {}
    cycles = importlib.import_module("cycles")  # the add-on, on the path once bpy is loaded
    plain_render = cycles.CyclesRender.render

    def render_and_read(engine: Any, depsgraph: Any) -> None:
        probe(depsgraph)  # first: without a window, Cycles frees Blender's meshes as soon as it has its own
        plain_render(engine, depsgraph)
        passes.update(_read(engine))

    cycles.CyclesRender.render = render_and_read
    try:
        bpy.ops.render.render()
    finally:
        cycles.CyclesRender.render = plain_render
    if not passes:
        raise TraceError("Cycles ended without a result")
    return passes


def _read(engine: Any) -> dict[str, Float32]:
    result = engine.get_result()
    layer = result.layers[0]
    width_px, height_px = result.resolution_x, result.resolution_y
    channels = [render_pass.channels for render_pass in layer.passes]
    buffer = np.empty(width_px * height_px * sum(channels), dtype=np.float32)
    layer.passes.foreach_get("rect", buffer)
    ends = np.cumsum(channels) * (width_px * height_px)
    return {
        render_pass.name: part.reshape(height_px, width_px, -1)[::-1].copy()  # Blender's first row is the lowest
        for render_pass, part in zip(layer.passes, np.split(buffer, ends[:-1]), strict=True)
    }


def _to_world(normal_camera: Float32) -> Float32:
    import bpy

    rotation = np.array(bpy.context.scene.camera.matrix_world.to_3x3().normalized(), dtype=np.float32)
    forward_z = np.diag(np.array([1, 1, -1], dtype=np.float32))  # Cycles' camera looks along +z, Blender's along -z
    return np.ascontiguousarray(normal_camera @ forward_z @ rotation.T)


def told_apart(index: Float32, depth_m: Float32) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint8]]:
    """Split object indices into actors and stuff.

    Args:
        index: HxW, an actor's id, `STUFF_INDEX` + class, or 0 for what has neither.
        depth_m: HxW.

    Returns:
        HxW uint16 instance ids, 0 for stuff; HxW uint8 `STUFF`, 0 for actors.
    """
    whole = np.rint(index).astype(np.uint16)
    stuff = np.where(whole >= STUFF_INDEX, whole - np.uint16(STUFF_INDEX), np.uint16(0)).astype(np.uint8)
    stuff[whole == 0] = STUFF["other"]
    stuff[depth_m >= SKY_DEPTH_M] = STUFF["sky"]
    return np.where(whole < STUFF_INDEX, whole, np.uint16(0)), stuff
