"""Runs inside its own process: builds parts of the stage with Blender and prints what a test wants to know, as JSON."""

import hashlib
import json
import sys

import numpy as np

from render.blender import bootstrap

bootstrap.start()

import bpy  # noqa: E402

from render.blender import devices, passes  # noqa: E402
from render.settings import RenderSettings  # noqa: E402
from scenes.scenario import sample  # noqa: E402
from scenes.spec import Camera, Sun, Vehicle  # noqa: E402
from scenes.stage import beams, lamps, sky, stage  # noqa: E402
from scenes.stage.library import Library  # noqa: E402
from scenes.stage.materials import base as materials  # noqa: E402
from scenes.stage.mesh import MeshBuilder  # noqa: E402
from scenes.vehicle import FLEET, draw_body  # noqa: E402

TINY = RenderSettings(resolution=(160, 96), spp=16)


def world_points(actor_id):
    return np.concatenate(
        [
            np.array([item.matrix_world @ vertex.co for vertex in item.data.vertices])
            for item in bpy.data.objects
            if item.type == "MESH" and item.pass_index == actor_id
        ]
    )


def mesh_digest():
    digest = hashlib.sha256()
    for item in bpy.data.objects:
        if item.type == "MESH":
            digest.update(np.array([vertex.co for vertex in item.data.vertices], dtype=np.float32).tobytes())
    return digest.hexdigest()


def vehicles():
    sizes = {}
    for kind in FLEET:
        bootstrap.empty_scene()
        body = draw_body(kind, np.random.default_rng(4))
        stage.build_vehicle(Vehicle(actor_id=7, x_m=3.0, y_m=1.0, heading_deg=0.0, **body), Library())
        bpy.context.view_layer.update()
        points = world_points(7)
        low, high = points.min(axis=0), points.max(axis=0)
        sizes[kind] = {
            "wanted": [body["length_m"], body["height_m"]],
            "got": [float(high[0] - low[0]), float(high[2])],
            "lowest": float(low[2]),
            "centre_x": float((low[0] + high[0]) / 2),
            "finite": bool(np.isfinite(points).all()),
        }
    return sizes


def photometry():
    """A grey wall of albedo 0.5 ahead, lit in turn by a 20,000 cd beam at 10 m, the sun at 1 lux and the sky."""
    bootstrap.empty_scene()
    wall = MeshBuilder()
    wall.quad([[10, 8, -8], [10, -8, -8], [10, -8, 8], [10, 8, 8]])
    grey = materials.plain("grey", (0.5, 0.5, 0.5), roughness=1.0)
    grey.node_tree.nodes["Principled BSDF"].inputs["Specular IOR Level"].default_value = 0.0
    wall.build("wall", [grey])
    beams.add_beam(np.zeros(3), 0.0, lamps.HEAD_CD_M2, (1.0, 1.0, 1.0), "ego")
    behind = Sun(elevation_deg=30.0, azimuth_deg=180.0)
    sky.add_sun(behind)
    sky.add_sky(behind, 1)
    camera = Camera(name="test", x_m=0, y_m=0, z_m=0, yaw_deg=0, pitch_deg=0, roll_deg=0, hfov_deg=20)
    stage._aim(camera, TINY.resolution)
    layers = passes.trace(TINY, gains=lamps.TRACE_GAIN, seed=1, threads=1, device=devices.choose("cpu")).radiance.layers
    beam = layers["ego"][..., 1]
    return {
        "beam": float(beam.max()),
        "sun": float(layers["sun"][20:40, 40:120, 1].mean()),
        "above_cutoff": float(beam[:40].mean()),
        "below_cutoff": float(beam[56:70].mean()),
    }


def scene(people_dir):
    bootstrap.empty_scene()
    spec = sample("night_rear_end", seed=5, index=0)
    stage.build(spec, 0, resolution_wh=TINY.resolution, library=Library(people_dir=people_dir))
    first = mesh_digest()
    groups = sorted({item.lightgroup for item in bpy.data.objects if item.lightgroup})
    bootstrap.empty_scene()
    stage.build(spec, 0, resolution_wh=TINY.resolution, library=Library(people_dir=people_dir))
    return {"same": first == mesh_digest(), "groups": groups}


def main():
    from packs import fetch

    print("RESULT" + json.dumps({"vehicles": vehicles(), "photometry": photometry(), "scene": scene(fetch("people"))}))
    sys.stdout.flush()
    bootstrap.finish(0)


main()
