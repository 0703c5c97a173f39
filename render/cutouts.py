"""Cut-outs: an actor alone, with its light by group, its alpha and the shade that it throws on level ground.

`cutouts/<scene>-<view>.npz` holds `overcast`, `sky` and `sun` (HxWx3 float16, radiance in units of a white open ground
under that light), `shade_overcast`, `shade_sky`, `shade_sun` (HxW float16, radiance of the ground over that of open
ground, in [0, 1]) and `ids` (HxW uint8, 0 for the ground). `cutouts/<scene>-<view>.json`, written last, says how it was
seen: see `view_record`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import ConfigDict
from scipy import ndimage

from render import durable, manifest
from render.develop.denoise import clean_guides, denoise
from render.farm import trace
from render.radiance import Float32, Radiance, read
from render.settings import RenderSettings
from scenes.cutouts import cutout_specs
from scenes.errors import InputError
from scenes.ontology import STUFF
from scenes.spec.scene import SceneSpec, loads

STAGE = "scenes.stage.cutout"
LIGHTS = ("overcast", "sky", "sun")
SCHEMA = 1
_GROUND_ALBEDO = 0.18
"""Of `scenes.stage.cutout`, which only Blender can load."""
_RIM_SHARE = 0.1
"""Shade fades out over this share of the frame's sides, so that its end is not seen."""
_REACH_PX = 4
"""A rim pixel takes the colour of the inside from at most so far; what is thinner keeps its own."""
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class CutoutSettings:
    """The `cutouts` section of the config.

    Args:
        count: scenes of the library, each with two views; 0 for no library.
        resolution: width and height in px of a view.
        spp: paths a pixel.
    """

    count: int = 0
    resolution: tuple[int, int] = (320, 256)
    spp: int = 16
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if self.count < 0:
            raise InputError("cutouts.count", "must not be negative", got=self.count)
        _ = self.tracing

    @property
    def tracing(self) -> RenderSettings:
        """How the views are traced."""
        return RenderSettings(resolution=self.resolution, spp=self.spp)


def make(out: Path, settings: CutoutSettings, *, seed: int, workers: int, device: str) -> str:
    """Trace a library into `<out>/cutouts` and cut its actors out, except what is there; say in a line what became."""
    folder = out / "cutouts"
    specs = cutout_specs(settings.count, seed=seed)
    done = trace(specs, folder, settings=settings.tracing, workers=workers, device=device, stage=STAGE)
    left_out = "".join(f"; left out: {view.name}: {view.reason}" for view in (*done.unfit, *done.failed))
    return f"cutouts: {write_all(folder)} in {folder}, {done.traced} traced{left_out}"


def write_all(out: Path) -> int:
    """Cut out every traced view of a folder that is not yet; return how many there are."""
    views = manifest.traced_views(out)
    for labels in views:
        path = out / f"{labels['scene']}-{labels['view']}.json"
        if not path.is_file():
            spec_path = out / "scenes" / labels["scene"] / "spec.json"
            bundle = read(manifest.view_path(out, labels["scene"], labels["view"]).with_suffix(".exr"))
            write(path, bundle, labels, loads(spec_path.read_text(), where=str(spec_path)))
    return len(views)


def write(path: Path, bundle: Radiance, labels: Mapping[str, Any], spec: SceneSpec) -> None:
    """Write one cut-out, its record last."""
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **cut(bundle))
    durable.write_bytes(path.with_suffix(".npz"), packed.getvalue())
    durable.write_json(path, view_record(labels, spec))


def cut(bundle: Radiance) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of a cut-out."""
    mask = bundle.ids > 0
    ground = ~mask if bundle.stuff is None else np.asarray(bundle.stuff == STUFF["road"])
    albedo, normal = clean_guides(bundle.albedo, bundle.normal)
    arrays: dict[str, npt.NDArray[Any]] = {"ids": bundle.ids.astype(np.uint8)}
    for light in LIGHTS:
        layer = denoise(bundle.layers[light], albedo, normal)
        open_ground = float(np.median(_border(layer.mean(axis=-1))[_border(ground)]))
        arrays[light] = (_without_fringe(layer, mask) * (_GROUND_ALBEDO / open_ground)).astype(np.float16)
        arrays[f"shade_{light}"] = _shade(layer, ground, mask, open_ground).astype(np.float16)
    return arrays


def _border(image: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the outermost rows and columns, flat."""
    return np.concatenate([image[-4:].ravel(), image[:, :4].ravel(), image[:, -4:].ravel()])


def _without_fringe(layer: Float32, mask: Mask) -> Float32:
    """Give the rim of an actor, and what lies outside, the colour inside: rim pixels hold some of the ground."""
    inside = ndimage.binary_erosion(mask)
    away, (rows, columns) = ndimage.distance_transform_edt(~inside, return_indices=True)
    return np.where((mask & (away > _REACH_PX))[..., None], layer, layer[rows, columns]).astype(np.float32)


def _shade(layer: Float32, ground: Mask, mask: Mask, open_ground: float) -> Float32:
    """Return how much darker the ground is than open ground; under the actor as beside it, 1 where no ground is."""
    ratio = np.clip(layer.mean(axis=-1) / open_ground, 0.0, 1.0)
    _, (rows, columns) = ndimage.distance_transform_edt(~(ground & ~ndimage.binary_dilation(mask)), return_indices=True)
    beyond = ndimage.binary_dilation(~(ground | mask), iterations=2)  # pixels of the skyline hold some of the sky
    filled = np.where(beyond & ~mask, 1.0, ratio[rows, columns])
    smooth = cv2.GaussianBlur(filled.astype(np.float32), (0, 0), 0.7)
    return np.asarray(1.0 - (1.0 - smooth) * _rim(mask.shape), dtype=np.float32)


def _rim(shape: Sequence[int]) -> Float32:
    """Return weights that are 1 inside and fall to 0 at the sides of a frame."""
    ramps = [np.clip(np.minimum(np.arange(n), np.arange(n)[::-1]) / (_RIM_SHARE * n), 0, 1) for n in shape]
    return np.asarray(np.outer(*ramps), dtype=np.float32)


def view_record(labels: Mapping[str, Any], spec: SceneSpec) -> dict[str, Any]:
    """Return what a cut-out's record says.

    `contact_px` is where the ground below the actor's middle is seen (pixel centres at whole numbers), `px_per_m` the
    scale there; `elevation_deg` how high the eye stands over it; `bearing_deg` from where it looks, counter-clockwise
    from the actor's front; `sun_azimuth_deg` counter-clockwise from where the camera looks.
    """
    camera = spec.cameras[int(labels["view"])]
    K, pose = np.array(labels["camera"]["K"]), np.array(labels["camera"]["world_to_camera"])
    x, y, z = (K @ pose[:3, 3]).tolist()
    away = hypot(camera.x_m, camera.y_m)
    kept = ("instance", "category", "kind", "keypoints")
    return {
        "schema": SCHEMA,
        "cutout": f"{labels['scene']}-{labels['view']}",
        "width": labels["width"],
        "height": labels["height"],
        "contact_px": [round(x / z, 3), round(y / z, 3)],
        "px_per_m": round(float(K[0, 0]) / z, 4),
        "elevation_deg": round(degrees(atan2(camera.z_m, away)), 3),
        "bearing_deg": round(degrees(atan2(camera.y_m, camera.x_m)) % 360, 3),
        "sun_azimuth_deg": round((spec.sun.azimuth_deg - camera.yaw_deg) % 360, 3),
        "sun_elevation_deg": spec.sun.elevation_deg,
        "objects": [{key: told[key] for key in kept} | {"box3d": told["box3d"]} for told in labels["objects"]],
    }
