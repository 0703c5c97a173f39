"""A FiftyOne dataset on disk: `fo.Dataset.from_dir(..., dataset_type=fo.types.FiftyOneDataset)` reads it.

It is written without FiftyOne, which would start a database for it. Layout: `metadata.json`, `samples.json`, `data/`
(voxel51.com/docs, "FiftyOneDataset").
"""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from blend.export import write_json
from blend.formats.blended import Blended, LeftOut
from blend.formats.coco import annotation, facts
from blend.picture import Annotation, Picture, decode_mask, stable_id
from blend.split import Split

CANNOT_HOLD = ("pixels of a mask outside of its box",)
VERSION = "1.22.1"
"""Of FiftyOne whose layout this is; later ones migrate it when they read."""
FIELDS = "fiftyone.core.fields"
PLAIN = {
    "filepath": "StringField", "frame": "StringField", "source": "StringField", "split": "StringField",
    "group": "StringField", "sha256": "StringField", "labelled": "BooleanField", "weight": "FloatField",
    "facts": "DictField", "augment": "DictField",
}  # fmt: skip
TEXTS = ("tags", "parents")


def write(blended: Blended, folder: Path) -> LeftOut:
    """Write pictures, samples and the description of their fields."""
    (folder / "data").mkdir(parents=True)
    samples = [sample(picture, split, blended.put(picture, folder / "data")) for picture, split in blended]
    write_json(folder / "samples.json", {"samples": samples})
    write_json(folder / "metadata.json", metadata())
    return {}


def metadata() -> dict[str, Any]:
    """Describe the dataset; what FiftyOne can fill in itself is left out."""
    listed = {name: _field(name, "ListField", subfield=f"{FIELDS}.StringField") for name in TEXTS}
    labels = _field("ground_truth", "EmbeddedDocumentField", document="fiftyone.core.labels.Detections")
    return {
        "name": "rareblend",
        "slug": "rareblend",
        "version": VERSION,
        "media_type": "image",
        "sample_fields": [
            _field("id", "ObjectIdField", db_field="_id"),
            _field("metadata", "EmbeddedDocumentField", document="fiftyone.core.metadata.ImageMetadata"),
            *(_field(name, kind) for name, kind in PLAIN.items()),
            *listed.values(),
            {**labels, "fields": [_detections()]},
        ],
    }


def _field(name: str, kind: str, *, subfield: str | None = None, document: str | None = None, **more: str) -> Any:
    typed = {"ftype": f"{FIELDS}.{kind}", "subfield": subfield, "embedded_doc_type": document}
    return {"name": name, "db_field": name, **typed, "fields": [], **more}


def _detections() -> Any:
    kind, document = f"{FIELDS}.EmbeddedDocumentField", "fiftyone.core.labels.Detection"
    held = [
        _field("id", "ObjectIdField", db_field="_id"),
        _field("label", "StringField"),
        _field("bounding_box", "ListField", subfield=f"{FIELDS}.FloatField"),
        _field("mask", "ArrayField"),
        _field("tags", "ListField", subfield=f"{FIELDS}.StringField"),
        _field("key", "StringField"),
        _field("area", "FloatField"),
        _field("iscrowd", "IntField"),
        _field("facts", "DictField"),
    ]
    return {**_field("detections", "ListField", subfield=kind, document=document), "fields": held}


def sample(picture: Picture, split: Split, file: str) -> dict[str, Any]:
    """Return the document of a picture; one that nobody has labelled has no `ground_truth`."""
    boxes = [_detection(picture, box) for box in picture.annotations]
    return {
        "_id": _object_id(picture.name),
        "filepath": f"data/{file}",
        "_media_type": "image",
        "_rand": stable_id(picture.name) / 16**13,
        "metadata": {"_cls": "ImageMetadata", "width": picture.width, "height": picture.height},
        "tags": [split, picture.source],
        "frame": picture.name,
        "source": picture.source,
        "split": split,
        "group": picture.group,
        "sha256": picture.sha256,
        "labelled": picture.labelled,
        "weight": float(picture.facts.get("weight", 1.0)),
        "parents": list(picture.parents),
        "facts": facts(picture),
        "augment": picture.augment,
        "ground_truth": {"_cls": "Detections", "detections": boxes} if picture.labelled else None,
    }


def _detection(picture: Picture, box: Annotation) -> dict[str, Any]:
    x, y, w, h = box.xywh
    told = annotation(picture, box)
    return {
        "_id": _object_id(f"{picture.name}/{box.key}"),
        "_cls": "Detection",
        "attributes": {},
        "tags": [],
        "label": box.category,
        "bounding_box": [x / picture.width, y / picture.height, w / picture.width, h / picture.height],
        **({"mask": _mask(box)} if box.rle is not None else {}),
        "key": box.key,
        "area": float(told["area"]),
        "iscrowd": told["iscrowd"],
        "facts": dict(box.facts),
    }


def _mask(box: Annotation) -> Mapping[str, Any]:
    """Pack the part of a mask inside its box as FiftyOne stores arrays: NumPy's format, compressed."""
    assert box.rle is not None
    x, y, w, h = (round(value) for value in box.xywh)
    data = io.BytesIO()
    np.save(data, decode_mask(box.rle)[y : y + max(h, 1), x : x + max(w, 1)])
    return {"$binary": {"base64": base64.b64encode(zlib.compress(data.getvalue())).decode(), "subType": "00"}}


def _object_id(text: str) -> dict[str, str]:
    return {"$oid": f"{stable_id(text):024x}"}
