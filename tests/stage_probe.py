"""Runs inside its own process: builds parts of the stage with Blender and prints what a test wants to know, as JSON."""

import hashlib
import json
import sys

import numpy as np

from render.blender import bootstrap

bootstrap.start()

import bpy  # noqa: E402

from render.blender import devices, geometry, passes  # noqa: E402
from render.settings import RenderSettings  # noqa: E402
from scenes.ontology import PARTS, STUFF, STUFF_INDEX  # noqa: E402
from scenes.scenario import sample  # noqa: E402
from scenes.spec.view import Camera, Sun  # noqa: E402
from scenes.stage import beams, lamps, sky, stage  # noqa: E402
from scenes.stage.asset import Beam  # noqa: E402
from scenes.stage.library import Library  # noqa: E402
from scenes.stage.materials import base as materials  # noqa: E402
from scenes.stage.materials.recipes import RECIPES  # noqa: E402
from scenes.stage.mesh import MeshBuilder  # noqa: E402

TINY = RenderSettings(resolution=(160, 96), spp=16)
SMALL = RenderSettings(resolution=(96, 64), spp=256)


def mesh_digest():
    digest = hashlib.sha256()
    for item in bpy.data.objects:
        if item.type == "MESH":
            digest.update(np.array([vertex.co for vertex in item.data.vertices], dtype=np.float32).tobytes())
    return digest.hexdigest()


def actors():
    """What is wrong with the meshes of everything that carries an id."""
    faults = []
    for item in (item for item in bpy.data.objects if item.type == "MESH" and item.pass_index < STUFF_INDEX):
        mesh = item.data
        parts = np.zeros(len(mesh.polygons), dtype=np.int32)
        mesh.attributes["part"].data.foreach_get("value", parts)
        normals = np.zeros(3 * len(mesh.polygons), dtype=np.float32)
        mesh.polygons.foreach_get("normal", normals)
        if (parts <= 0).any():
            faults.append(f"{item.name}: faces without a part")
        if not np.isfinite(normals).all():
            faults.append(f"{item.name}: normals that are no numbers")
        if any(slot.material is None for slot in item.material_slots):
            faults.append(f"{item.name}: a slot without a material")
    return faults


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


def relighting():
    """A box on grey ground under sun, sky, a beam and a bulb: relit from its groups, and traced again in that light."""
    bootstrap.empty_scene()
    grey = materials.plain("grey", (0.5, 0.5, 0.5), roughness=1.0)
    grey.node_tree.nodes["Principled BSDF"].inputs["Specular IOR Level"].default_value = 0.0
    built = MeshBuilder()
    built.quad([[-40, -40, 0], [60, -40, 0], [60, 40, 0], [-40, 40, 0]])
    built.box((9, -1, 0), (11, 1, 1.5))
    built.build("ground and box", [grey])
    high = Sun(elevation_deg=30.0, azimuth_deg=120.0)
    sky.add_sun(high)
    sky.add_sky(high, 1)
    sky.add_overcast()
    beams.add_beam(np.array([0.0, 0.0, 0.7]), 0.0, lamps.HEAD_CD_M2 / 2000, (1.0, 0.9, 0.8), "ego")
    bulb = Beam(
        where_m=(8.0, 4.0, 5.0), heading_deg=0.0, pattern="all", candela=30.0, rgb=(1, 0.7, 0.4), light_group="street"
    )
    beams.add_lamp(bulb, np.eye(4))
    camera = Camera(name="test", x_m=0, y_m=-3, z_m=3, yaw_deg=15, pitch_deg=-12, roll_deg=0, hfov_deg=50)
    stage._aim(camera, SMALL.resolution)
    traced = passes.trace(SMALL, gains=lamps.TRACE_GAIN, seed=1, threads=1, device=devices.choose("cpu"))
    lit = traced.radiance.layers["sun"][..., 1] * np.pi / 0.5
    covered = traced.radiance.layers["overcast"][..., 1] * np.pi / 0.5
    weights = {"sun": 0.5, "sky": 2.0, "ego": 0.0, "street": 3.0}
    bpy.data.objects.remove(bpy.data.objects["overcast"])
    relit = sum(weights.get(group, 0.0) * layer for group, layer in traced.groups.items())
    for item in (item for item in bpy.data.objects if item.type == "LIGHT"):
        item.data.energy *= weights[item.lightgroup]
    background = bpy.context.scene.world.node_tree.nodes["Background"]
    background.inputs["Strength"].default_value *= weights["sky"]
    again = passes.trace(SMALL, gains=lamps.TRACE_GAIN, seed=2, threads=1, device=devices.choose("cpu")).combined
    peak = float(np.quantile(again, 0.999))
    error = float(np.mean((np.minimum(relit, peak) - np.minimum(again, peak)) ** 2))
    lux = {"ground_lux": float(np.median(lit[-12:])), "covered_lux": float(np.median(covered[-12:]))}
    return {"psnr_db": 10 * np.log10(peak**2 / error), **lux}


def scene(people_dir):
    bootstrap.empty_scene()
    spec = sample("night_rear_end", seed=5, index=0)
    stage.build(spec, 0, resolution_wh=TINY.resolution, library=Library(people_dir=people_dir))
    first = mesh_digest()
    faults = actors()
    groups = sorted({item.lightgroup for item in bpy.data.objects if item.lightgroup})
    bootstrap.empty_scene()
    stage.build(spec, 0, resolution_wh=TINY.resolution, library=Library(people_dir=people_dir))
    return {"same": first == mesh_digest(), "groups": groups, "faults": faults, "labels": labels(spec)}


def labels(spec):
    """What the current scene tells labels: classes of pixels, parts, damage, clear faces and keypoints of actors."""
    found = {}

    def probe(depsgraph):
        found["meshes"], found["keypoints"] = geometry.actor_meshes(depsgraph), geometry.actor_keypoints(depsgraph)

    settings = RenderSettings(resolution=(160, 96), spp=4)
    traced = passes.trace_with(
        probe, settings, gains=lamps.TRACE_GAIN, seed=1, threads=1, device=devices.choose("cpu")
    ).radiance
    names = {number: name for name, number in STUFF.items()}
    meshes = found["meshes"]
    outside = [
        f"{actor} {name}"
        for actor, points in found["keypoints"].items()
        for name, where in points.items()
        if (np.array(where) < meshes[actor].vertices_m.min(axis=0) - 0.02).any()
        or (np.array(where) > meshes[actor].vertices_m.max(axis=0) + 0.02).any()
    ]
    ids = {vehicle.actor_id: vehicle for vehicle in spec.vehicles}
    lens = meshes[min(set(ids) & set(meshes))]
    return {
        "stuff": {names[int(number)]: int((traced.stuff == number).sum()) for number in np.unique(traced.stuff)},
        "both": int(((traced.ids > 0) & (traced.stuff > 0)).sum()),
        "neither": int(((traced.ids == 0) & (traced.stuff == 0)).sum()),
        "sky_far": bool((traced.stuff[traced.depth_m > 1e9] == STUFF["sky"]).all()),
        "strangers": sorted(set(np.unique(traced.ids).tolist()) - {0, *meshes}),
        "without_keypoints": sorted(set(meshes) - set(found["keypoints"])),
        "outside": outside,
        "wheels_off_m": wheels_off_m(found["keypoints"], ids),
        "parts": bool(all((mesh.parts % 128 > 0).all() for mesh in meshes.values())),
        "damaged": sorted(actor for actor, mesh in meshes.items() if (mesh.parts >= 128).any()),
        "struck": sorted(vehicle.actor_id for vehicle in spec.vehicles if vehicle.dents),
        "clear_parts": sorted(set((lens.parts[lens.clear] % 128).tolist())),
        "lamps": sorted(PARTS[name] for name in ("headlamp", "tail_lamp", "indicator")),
    }


def panes():
    """Which panes, clearer and darker, hide what stands behind them: by the trace's ids, and by what geometry says."""
    bootstrap.empty_scene()
    through = (0.95, 0.88, 0.8, 0.5)
    wall = MeshBuilder()
    wall.quad([[9, 8, -8], [9, -8, -8], [9, -8, 8], [9, 8, 8]])
    wall.build("wall", [materials.plain("grey", (0.5, 0.5, 0.5), roughness=1.0)], actor_id=9)
    for number, share in enumerate(through, start=1):
        pane, left = MeshBuilder(), 4.0 - 2 * (number - 1)
        pane.quad([[8, left, -2], [8, left - 1.8, -2], [8, left - 1.8, 2], [8, left, 2]])
        pane.build("pane", [RECIPES["tinted_glass"](f"pane {number}", through=share, dirt=0.0)], actor_id=number)
    sky.add_sun(Sun(elevation_deg=30.0, azimuth_deg=180.0))
    camera = Camera(name="test", x_m=0, y_m=0, z_m=0, yaw_deg=0, pitch_deg=0, roll_deg=0, hfov_deg=50)
    stage._aim(camera, SMALL.resolution)
    found = {}
    probe = lambda depsgraph: found.update(geometry.actor_meshes(depsgraph))  # noqa: E731
    settings = RenderSettings(resolution=SMALL.resolution, spp=4)
    traced = passes.trace_with(
        probe, settings, gains=lamps.TRACE_GAIN, seed=1, threads=1, device=devices.choose("cpu")
    ).radiance
    columns = [int(48 - (4.9 - 2 * n) / 8 * 48 / np.tan(np.deg2rad(25))) for n in range(1, 5)]
    shown = [int(traced.ids[32, column]) for column in columns]
    return {"behind": [actor == 9 for actor in shown], "clear": [bool(found[n].clear.all()) for n in range(1, 5)]}


def wheels_off_m(keypoints, vehicles):
    """By how much the distance between the axles of whole vehicles differs from the spec's, at most."""
    off = [0.0]
    for actor, vehicle in vehicles.items():
        points = keypoints[actor]
        ends = [next(p for name, p in points.items() if name.startswith(f"wheel_{end}")) for end in ("front", "rear")]
        if not vehicle.dents:
            ahead = np.array([np.cos(np.deg2rad(vehicle.heading_deg)), np.sin(np.deg2rad(vehicle.heading_deg))])
            apart = (np.array(ends[0]) - np.array(ends[1]))[:2] @ ahead
            off.append(abs(float(apart) - vehicle.wheelbase_m))
    return max(off)


def main():
    from packs import fetch

    found = {"photometry": photometry(), "relighting": relighting(), "panes": panes(), "scene": scene(fetch("people"))}
    print("RESULT" + json.dumps(found))
    sys.stdout.flush()
    bootstrap.finish(0)


main()
