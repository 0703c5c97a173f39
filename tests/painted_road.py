"""A road in perspective, boxes on it and a library of one cut-out, painted instead of traced."""

import json

import cv2
import numpy as np
from fake_round import save

from blend.picture import Annotation, Picture, encode_mask, sha256_of, tight_xywh

WIDTH, HEIGHT = 640, 360
HORIZON, CAMERA_M = 140.0, 1.4
FOCAL = 0.5 * WIDTH / np.tan(np.deg2rad(65) / 2)


def road_picture(seed=0, horizon=HORIZON, vanish_x=WIDTH / 2):
    """Paint sky, verges, a grey road and its white lines, uint8 RGB, with a little noise."""
    rgb = np.full((HEIGHT, WIDTH, 3), (150, 165, 185), np.uint8)
    rgb[int(horizon) :] = (70, 110, 60)
    apex = (vanish_x, horizon)
    cv2.fillPoly(rgb, [np.array([apex, (-260, HEIGHT), (900, HEIGHT)], np.int32)], (96, 95, 94))
    for foot in (-250, 890):
        cv2.line(rgb, tuple(map(int, apex)), (foot, HEIGHT), (215, 215, 215), 3, cv2.LINE_AA)
    noise = np.random.default_rng(seed).normal(0, 1.5, rgb.shape)
    return np.clip(rgb + noise, 0, 255).astype(np.uint8)


def box_at(depth_m, aside_m, height_m=1.52, width_m=1.8, *, camera_m=CAMERA_M, horizon=HORIZON, key="", rle=False):
    """Return the label of a car-sized board on the ground."""
    scale = FOCAL / depth_m
    foot, x = horizon + camera_m * scale, WIDTH / 2 + aside_m * scale
    xywh = (x - width_m / 2 * scale, foot - height_m * scale, width_m * scale, height_m * scale)
    if not rle:
        return Annotation(category="car", xywh=xywh, area_px=xywh[2] * xywh[3], key=key or f"{depth_m}")
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[int(xywh[1]) : round(xywh[1] + xywh[3]), int(xywh[0]) : round(xywh[0] + xywh[2])] = True
    told = {"category": "car", "key": key or f"{depth_m}", "area_px": float(mask.sum())}
    return Annotation(**told, xywh=tight_xywh(mask), rle=encode_mask(mask))


def boxes(**given):
    return [box_at(d, a, **given) for d, a in ((9.0, 3.8), (14.0, -5.0), (22.0, 4.5), (35.0, -4.0), (50.0, 3.0))]


def picture(folder, seed=0, name="", annotations=None, rgb=None):
    """Write a real picture of the painted road, its cars painted dark."""
    annotations = boxes() if annotations is None else annotations
    rgb = road_picture(seed) if rgb is None else rgb
    for box in annotations:
        x, y, w, h = (round(edge) for edge in box.xywh)
        rgb[max(y, 0) : y + h, max(x, 0) : x + w] = (40 + 5 * (seed % 30), 30, 60)
    name = name or f"real-{seed}"
    sha256 = save(folder / f"{name}.jpg", rgb)
    path = folder / f"{name}.jpg"
    assert sha256 == sha256_of(path)
    told = {"source": "real", "group": f"real/{name}", "width": WIDTH, "height": HEIGHT, "sha256": sha256}
    return Picture(name=name, path=path, annotations=tuple(annotations), **told)


def write_library(folder, categories=("car",), size=(256, 320), px_per_m=80.0):
    """Write a cut-out of a red board 1.6 m wide and 1.5 m high for each class, seen from behind."""
    folder.mkdir(parents=True, exist_ok=True)
    foot, middle = 200, size[1] // 2
    ids = np.zeros(size, np.uint8)
    ids[foot - int(1.5 * px_per_m) : foot, middle - int(0.8 * px_per_m) : middle + int(0.8 * px_per_m)] = 1
    shade = np.ones(size, np.float16)
    shade[foot : foot + 12, middle - 70 : middle + 70] = 0.4
    light = np.full((*size, 3), (0.5, 0.05, 0.05), np.float16)
    for place, category in enumerate(categories):
        for elevation in (4.0, 9.0):
            name = f"{place:012x}-{elevation:.0f}"
            np.savez_compressed(folder / f"{name}.npz", ids=ids, overcast=light, shade_overcast=shade)
            told = {
                "schema": 1, "cutout": name, "contact_px": [middle - 0.5, foot - 0.5], "px_per_m": px_per_m,
                "elevation_deg": elevation, "bearing_deg": 180.0,
                "objects": [{"instance": 1, "category": category, "kind": "board",
                             "box3d": {"size_m": [1.6, 1.6, 1.5]}}],
            }  # fmt: skip
            (folder / f"{name}.json").write_text(json.dumps(told))
    return folder
