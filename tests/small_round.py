"""A small round on disk, for tests of report and review: two scenes, two looks, six real pictures."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from pycocotools import mask as rle_masks

SIZE_WH = (96, 64)
CATEGORIES = [{"id": 1, "name": "car"}, {"id": 7, "name": "person"}]
SCENES = {"aaaaaaaaaaaa": "night_rear_end", "bbbbbbbbbbbb": "low_sun_traffic"}
LOOKS = {"111111": "street_night", "222222": "unlit <night>"}
CRASH = {"delta_v_mps": 7.5, "pdof_deg": 12.0, "crush_m": 0.2, "closing_speed_mps": 14.0, "phase": "after"}


def write_round(out: Path) -> Path:
    """Write a whole round; every file as its stage writes it."""
    images, boxes, rows = [], [], []
    for scene, scenario in SCENES.items():
        for look, look_name in LOOKS.items():
            frame = f"{scene}-0-{look}"
            _picture(out / "images" / f"{frame}.jpg", len(images))
            facts = {
                "frame": frame,
                "scene": scene,
                "look_name": look_name,
                "scenario": scenario,
                "source": "synthetic",
            }
            images.append(_image(len(images), f"images/{frame}.jpg", **facts, lighting="night", view="0"))
            boxes.append(_box(len(images) - 1, instance=1, crash=CRASH if "rear" in scenario else None))
            rows.append(_row("frame", frame, len(rows)))
            sentence = "One car has run into another."
            _json(out / "frames" / f"{frame}.json", {"frame": frame, "sentence": sentence, "develop": {"ev100": 3.5}})
    _json(out / "annotations.json", {"images": images, "annotations": boxes, "categories": CATEGORIES})
    _write_blend(out, rows)
    _write_eval(out, rows)
    config = {"command": "run", "sha256": "0" * 64, "config": {"seed": 7}}
    _json(out / "round.json", {"schema": 1, "seed": 7, "tool": {"name": "rareblend"}, "configs": [config]})
    (out / "timings.jsonl").write_text('{"stage":"trace","cpu_s":20.5}\n{"stage":"tra')
    return out


def _write_blend(out: Path, rows: list[dict[str, object]]) -> None:
    images, boxes = [], []
    for number in range(6):
        name = f"images/real-{number}.jpg"
        _picture(out / "blend" / name, 40 + number)
        split = ("train", "val", "test")[number % 3]
        images.append(
            _image(number, name, frame=f"real-{number}", source="real", split=split, original=f"r{number}.png")
        )
        boxes.append({**_box(number, instance=0, crash=None), "segmentation": []})
        rows.append(_row("blend", name, len(rows)))
    augment = {"pipeline": "light", "seed": 3, "applied": [{"name": "HorizontalFlip"}], "dropped": 0}
    facts = {"source": "synthetic", "split": "train", "parents": ["aaaaaaaaaaaa-0-111111"], "augment": augment}
    _picture(out / "blend" / "images" / "variety.jpg", 3)
    images.append(_image(6, "images/variety.jpg", frame="variety", scenario="night_rear_end", **facts))
    boxes.append(_box(6, instance=1, crash=CRASH))
    _json(out / "blend" / "annotations.json", {"images": images, "annotations": boxes, "categories": CATEGORIES})
    removed = [{"file": "copy.jpg", "kept": "real-0", "why": "correlation 0.99"}]
    record = {"counts": {"real": 6, "synthetic": 0, "augmented": 1}, "ratio": {"got": 0.2, "why": "all were wanted"}}
    left_out = [{"file": "cut.jpg", "reason": "truncated"}]
    lists = {"duplicates": {"removed": removed}, "left_out": left_out, "leaks": 0, "splits": {"train": {"real": 2}}}
    _json(out / "blend" / "blend.json", {"schema": 1, **record, **lists, "licences": ["MIT"], "real_hash": "f" * 64})


def _write_eval(out: Path, rows: list[dict[str, object]]) -> None:
    score = {"name": "kid", "condition": "all", "value": 0.2328, "interval": [0.142, 0.3235], "n": {"real": 6}}
    absent = {"name": "drift", "condition": "all", "value": None, "not_measured": "needs an earlier round"}
    why = {"definition": "squared discrepancy", "encoder": "lite0@abc", "null": {"value": 0.01, "interval": [0, 0.02]}}
    _json(out / "eval" / "scores.json", {"schema": 1, "scores": [{**score, **why}, {**absent, "definition": "change"}]})
    gate = {"gate": "close to the real set", "score": "kid", "condition": "all", "rule": "<= 0.5", "why": "0.3 <= 0.5"}
    _json(out / "eval" / "verdicts.json", {"schema": 1, "exit_code": 0, "verdicts": [{**gate, "verdict": "pass"}]})
    _json(out / "eval" / "images.json", {"schema": 1, "images": rows})
    keys = np.array([row["key"] for row in rows])
    embedding = np.random.default_rng(0).normal(size=(len(rows), 8)).astype(np.float32)
    np.savez(out / "eval" / "features.npz", keys=keys, embedding=embedding, cosine=np.array(0.97))


def _row(stage: str, key: str, number: int) -> dict[str, object]:
    near = {"nearest_real": "images/real-1.jpg", "nearest_real_cosine": 0.6 + number / 100}
    where = {"uniqueness": 0.2, "luminance": 40.0 + number, "contrast": 20.0, "xy": [number / 3, number % 4]}
    return {"stage": stage, "key": key, "source": "real" if stage == "blend" else "synthetic", **near, **where}


def _image(number: int, name: str, **facts: object) -> dict[str, object]:
    size = {"width": SIZE_WH[0], "height": SIZE_WH[1]}
    return {"id": number, "file_name": name, "labelled": True, "parents": [], "augment": None, **size, **facts}


def _box(image: int, *, instance: int, crash: object) -> dict[str, object]:
    inside = np.zeros((SIZE_WH[1], SIZE_WH[0]), np.uint8, order="F")
    inside[20:40, 30:60] = 1
    rle = rle_masks.encode(inside)
    geometry = {"bbox": [30, 20, 30, 20], "area": 600, "segmentation": {**rle, "counts": rle["counts"].decode()}}
    labels = {"instance": instance, "occlusion": 0.25, "truncation": 0.0, "distance_m": 12.5, "crash": crash}
    return {"id": image + 1, "image_id": image, "category_id": 1, "iscrowd": 0, **geometry, **labels}


def _picture(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rgb = np.random.default_rng(seed).integers(0, 255, (SIZE_WH[1], SIZE_WH[0], 3), dtype=np.uint8)
    assert cv2.imwrite(str(path), rgb)


def _json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
