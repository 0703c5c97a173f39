"""A FiftyOne dataset as JSON: paths, boxes, masks and polygons; a program, so that FiftyOne ends with it.

    python -m blend.readers.fiftyone_dump TARGET DATASET [--zoo] [--field FIELD] [--split SPLIT]

It writes one line to stderr and ends with 1 where it cannot.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from blend.decode import decode
from blend.picture import encode_mask
from blend.readers.coco import TAKE_FIELDS

LABELS = {"Detections": "detections", "Polylines": "polylines"}
"""Types of fields that hold objects, and the name of their list."""


def main() -> int:
    """Write the samples of a dataset to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    parser.add_argument("dataset")
    parser.add_argument("--zoo", action="store_true")
    parser.add_argument("--field")
    parser.add_argument("--split")
    options = parser.parse_args()
    try:
        samples = _samples(_load(options), options.field)
    except Exception as error:  # noqa: BLE001 - whatever FiftyOne raises is one line for the user
        told = " ".join(str(error).split()) or type(error).__name__
        print(f"{options.dataset}: {told}", file=sys.stderr)
        return 1
    options.target.write_text(json.dumps(samples), encoding="utf-8")
    return 0


def _load(options: argparse.Namespace) -> Any:
    import fiftyone as fo
    from fiftyone import zoo

    fo.config.show_progress_bars = False
    if not options.zoo:
        if options.dataset not in (known := fo.list_datasets()):
            raise ValueError(f"there is no such dataset; the database has {', '.join(known) or 'none'}")
        return fo.load_dataset(options.dataset)
    if options.dataset not in zoo.list_zoo_datasets():
        raise ValueError("there is no such dataset in FiftyOne's zoo")
    try:
        return zoo.load_zoo_dataset(options.dataset, split=options.split, progress=False)
    except Exception as error:
        told = " ".join(str(error).split())[:120]
        raise ValueError(f"cannot be downloaded or loaded; is there a network? ({told})") from error


def _samples(dataset: Any, field: str | None) -> list[dict[str, Any]]:
    if dataset.media_type != "image":
        raise ValueError(f"must hold pictures, holds media of type {dataset.media_type}; for videos: real=video")
    field = field or _first_field(dataset)
    return [_sample(sample, field) for sample in dataset.iter_samples()]


def _first_field(dataset: Any) -> str:
    import fiftyone as fo

    kinds = {name: _kind(fo, each) for name, each in dataset.get_field_schema().items()}
    found = [name for name, kind in kinds.items() if kind in LABELS]
    if not found:
        raise ValueError(f"has no field of boxes or polygons; its fields are {', '.join(kinds)}")
    return "ground_truth" if "ground_truth" in found else found[0]


def _kind(fo: Any, field: Any) -> str:
    return field.document_type.__name__ if isinstance(field, fo.EmbeddedDocumentField) else ""


def _sample(sample: Any, field: str) -> dict[str, Any]:
    if not sample.has_field(field):
        raise ValueError(f"has no field {field!r}; its fields are {', '.join(sample.field_names)}")
    labels = sample[field]
    kind = type(labels).__name__
    if labels is not None and kind not in LABELS:
        raise ValueError(f"field {field!r} must hold Detections or Polylines, holds {kind}")
    objects = [] if labels is None else getattr(labels, LABELS[kind])
    fields = {name: sample[name] for name in TAKE_FIELDS if name in sample.field_names}
    return {
        "path": sample.filepath,
        "labelled": labels is not None,
        "fields": {name: value for name, value in fields.items() if isinstance(value, str | int)},
        "objects": [_object(entry, sample) for entry in objects or ()],
    }


def _object(entry: Any, sample: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"label": str(entry.label)}
    if hasattr(entry, "points"):
        return {**told, "polygons": [[float(v) for point in shape for v in point] for shape in entry.points]}
    told["xywh"] = [float(value) for value in entry.bounding_box]
    if not entry.has_mask:
        return told
    whole = entry.to_segmentation(frame_size=_size_wh(sample), target=1).mask
    return {**told, "rle": encode_mask(np.asarray(whole) > 0)}


def _size_wh(sample: Any) -> tuple[int, int]:
    if sample.metadata is not None and sample.metadata.width:
        return sample.metadata.width, sample.metadata.height
    height, width = decode(Path(sample.filepath)).rgb.shape[:2]
    return width, height


if __name__ == "__main__":
    sys.exit(main())
