"""What a round knows of its frames beyond COCO, for the painted round of `fake_round`: records, maps, depth."""

import json

import cv2
import numpy as np
from fake_round import HEIGHT, WIDTH, masks_of

from render import radiance
from render.radiance import Radiance

K = [[150.0, 0.0, 79.5], [0.0, 150.0, 47.5], [0.0, 0.0, 1.0]]
SKY_ROWS = 20
UNSEEN = 3
"""Instance that is in maps and records and marked `ignore`, so it is no annotation."""


def camera(pitch_deg=8.0, roll_deg=3.0, yaw_deg=-20.0, eye_m=(1.0, 2.0, 1.5)):
    """Look along +x turned by yaw, tilted; world x ahead, y left, z up."""
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    ahead = np.array([np.cos(yaw) * np.cos(pitch), np.sin(yaw) * np.cos(pitch), -np.sin(pitch)])
    right = np.cross(ahead, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    down = np.cross(ahead, right)
    right, down = np.cos(roll) * right + np.sin(roll) * down, np.cos(roll) * down - np.sin(roll) * right
    turned = np.stack([right, down, ahead])
    out = np.eye(4)
    out[:3, :3], out[:3, 3] = turned, -turned @ np.array(eye_m)
    return {"K": K, "world_to_camera": out.tolist(), "hfov_deg": 56.0}


def write_frames(out):
    """Add `frames/`, `masks/`, `semantic/` and `scenes/` to a round of `write_round`, all as `develop` does."""
    document = json.loads((out / "annotations.json").read_text())
    scenes = sorted({image["scene"] for image in document["images"]}, key=lambda s: _order(document, s))
    for number, scene in enumerate(scenes):
        _write_maps(out, scene, masks_of(number))
    for image in document["images"]:
        boxes = [a for a in document["annotations"] if a["image_id"] == image["id"]]
        record = {
            **{key: image[key] for key in ("frame", "scene", "view", "width", "height", "mask")},
            "maps": {"mask": image["mask"], "semantic": image["mask"].replace("masks", "semantic")},
            "camera": camera(),
            "objects": [
                *(_object(a["instance"], a["bbox"]) for a in boxes),
                _object(UNSEEN, [60, 22, 4, 4], ignore=True),
            ],
        }
        path = out / "frames" / f"{image['frame']}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(record))
    return out


def _order(document, scene):
    return [image["scene"] for image in document["images"]].index(scene)


def _write_maps(out, scene, masks):
    ids = np.zeros((HEIGHT, WIDTH), np.uint16)
    ids[22:26, 60:64] = UNSEEN
    for instance, mask in enumerate(masks, 1):
        ids[mask] = instance
    stuff = np.full((HEIGHT, WIDTH), 2, np.uint8)
    stuff[:SKY_ROWS] = 1
    for folder, values in (("masks", ids), ("semantic", np.where(ids > 0, 101, stuff).astype(np.uint8))):
        (out / folder).mkdir(exist_ok=True)
        cv2.imwrite(str(out / folder / f"{scene}-0.png"), values)
    black = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    depth_m = np.linspace(5, 80, HEIGHT * WIDTH, dtype=np.float32).reshape(HEIGHT, WIDTH)
    bundle = Radiance(layers={"sky": black}, albedo=black, normal=black, depth_m=depth_m, ids=ids, stuff=stuff)
    radiance.write(out / "scenes" / scene / "0.exr", bundle)


def _object(instance, xywh, *, ignore=False):
    x, y, w, h = xywh
    return {
        "instance": instance,
        "category": "car",
        "kind": "van" if instance == 2 else "sedan",
        "bbox_xyxy": [x, y, x + w, y + h],
        "occlusion": 0.0,
        "truncation": 0.0,
        "box3d": {"center_m": [12.0, -2.5 * instance, 0.75], "size_m": [4.4, 1.8, 1.5], "heading_deg": 30.0 * instance},
        "visibility": {"contrast_to_noise": 1.0 if ignore else 9.0, "ignore": ignore},
    }
