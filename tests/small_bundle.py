"""A bundle, a scene and a traced view that are small enough for tests without Blender."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml
from pydantic import TypeAdapter

from render import manifest
from render.develop.camera import SensorSettings
from render.develop.preset import LookSettings
from render.develop.viewpoint import Viewpoint
from render.radiance import Radiance
from scenes.ontology import LIGHT_GROUPS
from scenes.spec import scene as spec

CONF = Path(__file__).parents[1] / "conf"
HEIGHT, WIDTH = 48, 80
VIEWPOINT = Viewpoint(focal_px=70.0, center_px=(40.0, 24.0), sun=(0.05, -0.2, 0.97))


def settings():
    looks = yaml.safe_load((CONF / "look" / "standard.yaml").read_text(encoding="utf-8"))
    sensor = yaml.safe_load((CONF / "sensor" / "dashcam.yaml").read_text(encoding="utf-8"))
    return (
        TypeAdapter(LookSettings).validate_python(looks),
        TypeAdapter(SensorSettings).validate_python(sensor),
    )


def bundle(scale=1.0) -> Radiance:
    rng = np.random.default_rng(1)
    albedo = 0.2 + 0.3 * rng.random((HEIGHT, WIDTH, 3), np.float32)
    depth, ids = np.full((HEIGHT, WIDTH), 20.0, np.float32), np.zeros((HEIGHT, WIDTH), np.uint16)
    depth[:20], albedo[:20], ids[26:34, 30:46] = 1e10, 0, 1
    layers = {group: (scale * albedo).astype(np.float32) for group in LIGHT_GROUPS}
    layers["sky"][:20] = 0.3
    layers["head"][28:30, 32:34] = 2e5 * scale
    return Radiance(layers=layers, albedo=albedo, normal=np.zeros_like(albedo), depth_m=depth, ids=ids)


def scene(lighting="night") -> spec.SceneSpec:
    street = {
        "lanes_per_direction": 1, "lane_width_m": 3.2, "sidewalk_width_m": 2, "kerb_height_m": 0.1, "wetness": 0,
        "parking_lane": False, "feature_x_m": None, "puddles": 0, "lamp_spacing_m": 30, "lamp_height_m": 8,
        "lamp_lm": 8000, "lamp_kelvin": 2700, "lit_window_share": 0.2, "tree_spacing_m": 0, "houses_height_m": 12,
        "seed": 1,
    }  # fmt: skip
    camera = {"name": "front", "x_m": 0, "y_m": 0, "z_m": 1.3, "yaw_deg": 0, "pitch_deg": 0, "roll_deg": 0}
    told = {
        "scenario": "test", "sentence": "A test.", "seed": 1, "lighting": lighting, "street": street,
        "sun": {"elevation_deg": 8, "azimuth_deg": 0}, "cameras": [{**camera, "hfov_deg": 60}],
    }  # fmt: skip
    return spec.loads(json.dumps(told))


def traced(out: Path, lighting="night", seed=1) -> str:
    described = replace(scene(lighting), seed=seed)
    name = described.scene_id
    labels = {
        "schema": 1, "scene": name, "view": "0", "width": WIDTH, "height": HEIGHT,
        "camera": {
            "K": [[70, 0, 40], [0, 70, 24], [0, 0, 1]], "hfov_deg": 60,
            "world_to_camera": [[0, -1, 0, 0], [0, 0, -1, 1.3], [1, 0, 0, 0], [0, 0, 0, 1]],
        },
        "objects": [{
            "instance": 1, "category": "car", "kind": "sedan", "bbox_xyxy": [30, 26, 46, 34],
            "amodal_xyxy": [30, 26, 46, 34], "area_px": 128, "occlusion": 0, "truncation": 0, "distance_m": 20,
            "box3d": {"center_m": [20, 0, 1], "size_m": [4, 2, 1.5], "heading_deg": 0}, "crash": None,
        }],
    }  # fmt: skip
    (out / "scenes" / name).mkdir(parents=True)
    (out / "scenes" / name / "spec.json").write_text(spec.dumps(described), encoding="utf-8")
    manifest.commit_view(out, bundle(), labels)
    return name
