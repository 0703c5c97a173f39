"""What a camera sees of the vehicle that carries it: a rider's tank, grips and mirrors, a roof rack's bonnet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera
from scenes.stage.library import Library
from scenes.stage.place import place_asset
from scenes.stage.pose import pose
from scenes.stage.vehicle import FAMILIES, model_of, parameters
from scenes.station import stand_of
from scenes.vehicle import draw_body

_SEEN = {"helmet": "motorcycle", "roof": "sedan"}
"""Station to the kind of its vehicle; others see nothing of theirs, as they stand at its edge."""


def build_carrier(camera: Camera, seed: int, library: Library) -> None:
    """Build the vehicle below a camera, if it is seen; it is no actor, and its lamps are the camera's own beams.

    Args:
        camera: of the view.
        seed: draws the vehicle.
        library: where meshes are kept.
    """
    kind = _SEEN.get(camera.station)
    if kind is None:
        return
    body = draw_body(kind, np.random.default_rng([seed % 2**32, 71]))
    vehicle = Vehicle(actor_id=1, x_m=0.0, y_m=0.0, heading_deg=0.0, **body)
    key, asset = library.meshes.get(kind, parameters(vehicle), lambda: model_of(vehicle))
    where = pose(camera.x_m + stand_of(camera).middle_m, camera.y_m, 0.0, 0.0)
    bare = replace(asset, keypoints=(), beams=())
    place_asset("carrier", key, bare, FAMILIES[kind].finish(vehicle), where, stuff="other", lit=False)
