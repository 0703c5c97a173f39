"""Runs inside its own process: a mirror ahead, a red car behind the camera; prints what ids say where red is seen."""

import json
import sys

import numpy as np

from render.blender import bootstrap

bootstrap.start()

from render.blender import devices, passes  # noqa: E402
from render.settings import RenderSettings  # noqa: E402
from scenes.ontology import STUFF  # noqa: E402
from scenes.spec.view import Camera, Sun  # noqa: E402
from scenes.stage import lamps, sky, stage  # noqa: E402
from scenes.stage.furniture.catalogue import FURNITURE  # noqa: E402
from scenes.stage.materials import base  # noqa: E402
from scenes.stage.mesh import MeshBuilder  # noqa: E402
from scenes.stage.place import place_asset  # noqa: E402
from scenes.stage.pose import pose  # noqa: E402
from scenes.stage.stuff import classed  # noqa: E402


def main():
    kind = sys.argv[1]
    bootstrap.empty_scene()
    item = FURNITURE[kind]
    high = 1.2 if kind == "mirror_front" else 2.5
    place_asset(kind, kind, classed(item.geometry(0), kind), item.finish(0), pose(6.0, 0.0, 0.0, 180.0))
    car = MeshBuilder()
    car.box((-6.0, -2.5, 0.0), (-3.0, 2.5, 4.0))
    car.build("car", [base.plain("red", (0.8, 0.02, 0.02))], actor_id=1)
    sky.add_sun(Sun(elevation_deg=35.0, azimuth_deg=20.0))
    camera = Camera(name="test", x_m=0, y_m=0, z_m=high, yaw_deg=0, pitch_deg=0, roll_deg=0, hfov_deg=30)
    settings = RenderSettings(resolution=(96, 64), spp=16)
    stage._aim(camera, settings.resolution)
    traced = passes.trace(settings, gains=lamps.TRACE_GAIN, seed=1, threads=1, device=devices.choose("cpu")).radiance
    sun = traced.layers["sun"]
    red = (sun[..., 0] > 4 * sun[..., 1]) & (sun[..., 0] > 0.02)
    names = {number: name for name, number in STUFF.items()}
    found = {
        "red_px": int(red.sum()),
        "car_px": int((traced.ids == 1).sum()),
        "stuff_where_red": sorted({names[int(number)] for number in np.unique(traced.stuff[red])}),
    }
    print("RESULT" + json.dumps(found))
    sys.stdout.flush()
    bootstrap.finish(0)


main()
