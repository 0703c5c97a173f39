"""Writes one small dataset into the database and, by FiftyOne's exporters, in the formats of others.

python fiftyone_writer.py FOLDER
"""

import json
import sys
from pathlib import Path

import fiftyone as fo
import numpy as np
from fake_round import HEIGHT, WIDTH, backdrop, masks_of, save

from blend.picture import tight_xywh

FORMATS = {
    "coco": fo.types.COCODetectionDataset,
    "yolo": fo.types.YOLOv5Dataset,
    "voc": fo.types.VOCDetectionDataset,
    "kitti": fo.types.KITTIDetectionDataset,
    "bdd100k": fo.types.BDDDataset,
    "cvat": fo.types.CVATImageDataset,
}


def shares(xywh):
    return [value / side for value, side in zip(xywh, (WIDTH, HEIGHT) * 2, strict=True)]


def sample_of(folder, number):
    path = folder / "pictures" / f"picture{number}.png"
    save(path, backdrop(number))
    sample = fo.Sample(str(path), clip=f"c{number}")
    detections, truth = [], []
    for label, mask in zip(("car", "tram"), masks_of(number), strict=True):
        x, y, w, h = map(int, tight_xywh(mask))
        detections.append(fo.Detection(label=label, bounding_box=shares((x, y, w, h)), mask=mask[y : y + h, x : x + w]))
        truth.append({"label": label, "xywh": [x, y, w, h], "area_px": int(mask.sum())})
    corner = [(0.5, 0.25), (0.75, 0.25), (0.75, 0.5)]
    sample["ground_truth"] = fo.Detections(detections=detections)
    sample["outlines"] = fo.Polylines(
        polylines=[fo.Polyline(label="person", points=[corner], closed=True, filled=True)]
    )
    return sample, truth


def main(folder):
    made = [sample_of(folder, number) for number in range(3)]
    dataset = fo.Dataset("small", persistent=True)
    dataset.add_samples([sample for sample, _ in made])
    dataset.compute_metadata()
    for name, kind in FORMATS.items():
        dataset.export(str(folder / name), dataset_type=kind, label_field="ground_truth")
    dataset.export(str(folder / "coco_masks"), dataset_type=FORMATS["coco"], label_field="outlines")
    dataset.export(str(folder / "cvat_outlines"), dataset_type=FORMATS["cvat"], label_field="outlines")
    dataset.export(str(folder / "bdd_outlines"), dataset_type=FORMATS["bdd100k"], label_field="outlines")
    (folder / "truth.json").write_text(json.dumps([truth for _, truth in made]))
    assert np.isfinite(len(dataset))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
