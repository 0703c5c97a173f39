"""Runs in its own process: traces grey ground under skies, and real streets from above by their lamps; prints JSON."""

import json
import sys
from dataclasses import replace

import numpy as np

from render.blender import bootstrap

bootstrap.start()

from render.blender import devices, passes  # noqa: E402
from render.settings import RenderSettings  # noqa: E402
from scenes.atlas import Pair, shipped  # noqa: E402
from scenes.ontology import STUFF  # noqa: E402
from scenes.scenario import sample  # noqa: E402
from scenes.spec.view import Camera  # noqa: E402
from scenes.stage import lamps, sky, stage  # noqa: E402
from scenes.stage.library import Library  # noqa: E402
from scenes.stage.materials import base as materials  # noqa: E402
from scenes.stage.materials.recipes import RECIPES  # noqa: E402
from scenes.stage.mesh import MeshBuilder  # noqa: E402
from scenes.street_light import mean_lux  # noqa: E402

PLATE = RenderSettings(resolution=(48, 32), spp=16)
ROAD = RenderSettings(resolution=(160, 96), spp=4)
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
ALBEDO = 0.5
STREETS = ("street_lit_night", "failing_lamp", "car_park_neon", "tunnel_exit")


def trace(settings):
    return passes.trace(settings, gains=lamps.TRACE_GAIN, seed=1, threads=1, device=devices.choose("cpu")).radiance


def above(x_m, height_m, hfov_deg):
    where = {"x_m": x_m, "y_m": 0.0, "z_m": height_m}
    return Camera(name="above", **where, yaw_deg=0, pitch_deg=-90, roll_deg=0, hfov_deg=hfov_deg)


def scene(name):
    return sample("day_traffic", seed=11, index=0, pair=Pair(lighting=shipped().lightings[name]))


def plate(spec):
    """Illuminance of open level ground, RGB by light group, for a look of weight 1."""
    bootstrap.empty_scene()
    ground = MeshBuilder()
    ground.quad([[-40, -40, 0], [40, -40, 0], [40, 40, 0], [-40, 40, 0]])
    grey = materials.plain("grey", (ALBEDO,) * 3, roughness=1.0)
    grey.node_tree.nodes["Principled BSDF"].inputs["Specular IOR Level"].default_value = 0.0
    ground.build("ground", [grey])
    sky.add_sky(spec.sun, spec.seed % 2**32)
    sky.add_overcast()
    sky.add_sun(spec.sun)
    stage._aim(above(0.0, 3.0, 60.0), PLATE.resolution)
    layers = trace(PLATE).layers
    return {group: (np.pi / ALBEDO * layers[group].mean(axis=(0, 1))).tolist() for group in ("sun", "sky", "overcast")}


def road(spec):
    """Mean illuminance of a dry carriageway by street lamps, as it is traced and as it is stated."""
    bare = {"tree_spacing_m": 0.0, "wetness": 0.0, "puddles": 0.0, "clutter": 0.0}
    street = replace(spec.street, **bare)
    camera = above(10.0, 4.3, 110.0) if street.kind == "tunnel" else above(38.0, 45.0, 67.4)
    spec = replace(spec, street=street, vehicles=(), people=(), animals=(), cameras=(camera,))
    bootstrap.empty_scene()
    stage.build(spec, 0, resolution_wh=ROAD.resolution, library=Library())
    seen = trace(ROAD)
    on_road = (seen.stuff == STUFF["road"]) & (seen.albedo @ LUMINANCE > 0.02)
    lux = np.pi * (seen.layers["street"] @ LUMINANCE)[on_road] / (seen.albedo @ LUMINANCE)[on_road]
    return {"traced": float(lux.mean()), "stated": mean_lux(street), "share": float(on_road.mean())}


def strewn(**lying):
    """Mean colour of asphalt under what lies loose on it, RGB."""
    bootstrap.empty_scene()
    ground = MeshBuilder()
    ground.quad([[-40, -40, 0], [40, -40, 0], [40, 40, 0], [-40, 40, 0]])
    ground.build("ground", [RECIPES["ground"]("asphalt", (0.06, 0.06, 0.062), **lying)])
    sky.add_overcast()
    stage._aim(above(0.0, 30.0, 60.0), PLATE.resolution)
    return trace(PLATE).albedo.mean(axis=(0, 1)).tolist()


def main():
    open_ground = [item.name for item in shipped().lightings.values() if item.lux.of == "open_ground"]
    loose = {"bare": strewn()}
    loose |= {f"{what} {share}": strewn(**{what: share}) for what in ("leaves", "sand") for share in (0.3, 0.6, 1.0)}
    found = {
        "strewn": loose,
        "plate": {name: plate(scene(name)) for name in open_ground},
        "road": {name: road(scene(name)) for name in STREETS},
    }
    print("RESULT" + json.dumps(found))
    sys.stdout.flush()
    bootstrap.finish(0)


main()
