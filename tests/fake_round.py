"""A round's folder and real sets in miniature, painted instead of traced."""

import hashlib
import json

import cv2
import numpy as np

from blend.picture import encode_mask, stable_id, tight_xywh
from scenes.ontology import CATEGORIES

WIDTH, HEIGHT = 160, 96


def backdrop(seed, width=WIDTH, height=HEIGHT):
    """Paint blotches that no other seed has, uint8 RGB."""
    blotches = np.random.default_rng(seed).integers(30, 220, (8, 12, 3), dtype=np.uint8)
    return cv2.resize(blotches, (width, height), interpolation=cv2.INTER_CUBIC)


def save(path, rgb, quality=92):
    path.parent.mkdir(parents=True, exist_ok=True)
    data = cv2.imencode(path.suffix, rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def masks_of(seed):
    """Paint an ellipse and a bar that do not touch."""
    ellipse, bar = np.zeros((2, HEIGHT, WIDTH), np.uint8)
    x = 30 + seed % 20
    cv2.ellipse(ellipse, (x, 50), (18, 11), 20, 0, 360, 1, -1)
    cv2.rectangle(bar, (110, 40), (131, 69), 1, -1)
    return [ellipse.astype(bool), bar.astype(bool)]


def write_round(out, scenes=6, looks=2, first_seed=0):
    """Write `annotations.json` and pictures as the develop stage does."""
    images, annotations = [], []
    for number in range(scenes):
        scene = hashlib.sha256(str(first_seed + number).encode()).hexdigest()[:12]
        base = backdrop(10_000 + first_seed + number)
        masks = masks_of(number)
        for mask, colour in zip(masks, ((230, 20, 20), (20, 20, 230)), strict=True):
            base[mask] = colour
        for look in range(looks):
            frame = f"{scene}-0-{look:06x}"
            rgb = (255 * (base / 255) ** (1 + 0.8 * look)).astype(np.uint8)
            sha256 = save(out / "images" / f"{frame}.jpg", rgb)
            images.append(
                {
                    "id": stable_id(frame), "file_name": f"images/{frame}.jpg", "width": WIDTH, "height": HEIGHT,
                    "frame": frame, "scene": scene, "view": "0", "look": f"{look:06x}", "look_name": f"look{look}",
                    "scenario": ("night", "low_sun")[number % 2], "lighting": "night", "sha256": sha256,
                    "source": "synthetic", "mask": f"masks/{scene}-0.png",
                }
            )  # fmt: skip
            annotations += [_annotation(frame, instance, mask) for instance, mask in enumerate(masks, 1)]
    categories = [{"id": number, "name": name} for name, number in CATEGORIES.items()]
    document = {"images": images, "annotations": annotations, "categories": categories}
    (out / "annotations.json").write_text(json.dumps(document))
    return out


def _annotation(frame, instance, mask):
    return {
        "id": stable_id(f"{frame}/{instance}"), "image_id": stable_id(frame), "category_id": 1,
        "bbox": list(tight_xywh(mask)), "area": int(mask.sum()), "segmentation": encode_mask(mask), "iscrowd": 0,
        "instance": instance, "occlusion": 0.0, "truncation": 0.0, "distance_m": 12.0, "crash": None,
    }  # fmt: skip


def write_coco(folder, count=24, boxes=None, categories=("car", "tram")):
    """Write a labelled real set: takes of three pictures, one box each unless given."""
    images, annotations = [], []
    for number in range(count):
        file = f"take{number // 3}-{number}.jpg"
        save(folder / "images" / file, backdrop(number))
        images.append({"id": number, "file_name": file, "width": WIDTH, "height": HEIGHT, "clip": f"c{number // 3}"})
        for box in [[20, 20, 30, 20]] if boxes is None else boxes.get(number, []):
            annotations.append({"id": len(annotations), "image_id": number, "category_id": 0, "bbox": box})
    document = {
        "images": images,
        "annotations": annotations,
        "categories": [{"id": place, "name": name} for place, name in enumerate(categories)],
    }
    (folder / "annotations.json").write_text(json.dumps(document))
    return folder / "images", folder / "annotations.json"


def edit(path, change):
    """Change a JSON file in place."""
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
