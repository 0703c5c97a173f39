"""Hugging Face's imagefolder: a folder of pictures and a `metadata.parquet` a split, for `datasets.load_dataset`.

Parquet and not JSON lines, because it states its types: a split without a box has the columns of the others.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType
from typing import Any

from blend.formats.blended import Blended, LeftOut
from blend.formats.coco import annotation, facts
from blend.picture import Picture

CANNOT_HOLD = ("labels beyond boxes, masks and classes as columns: they are JSON text in `facts`",)
FOLDERS = MappingProxyType({"train": "train", "val": "validation", "test": "test"})
COLUMNS = ("id", "bbox", "area", "iscrowd")


def write(blended: Blended, folder: Path) -> LeftOut:
    """Write `train/`, `validation/` and `test/`; a split without pictures has no folder."""
    import pyarrow as pa  # noqa: PLC0415  # no other format needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows: dict[str, list[dict[str, Any]]] = {}
    for picture, split in blended:
        own = folder / FOLDERS[split]
        own.mkdir(parents=True, exist_ok=True)
        rows.setdefault(FOLDERS[split], []).append({"file_name": blended.put(picture, own), **columns(picture)})
    for name, told in rows.items():
        pq.write_table(pa.Table.from_pylist(told, schema=_schema()), folder / name / "metadata.parquet")
    return {}


def _schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415

    text, texts, whole = pa.string(), pa.list_(pa.string()), pa.int64()
    boxes = {
        "id": pa.list_(whole),
        "bbox": pa.list_(pa.list_(pa.float64())),
        "area": pa.list_(pa.float64()),
        "iscrowd": pa.list_(whole),
        **dict.fromkeys(("key", "category", "rle", "facts"), texts),
    }
    return pa.schema(
        {
            **dict.fromkeys(("file_name", "name", "source", "group", "sha256", "facts"), text),
            **dict.fromkeys(("width", "height"), whole),
            "labelled": pa.bool_(),
            "weight": pa.float64(),
            "parents": texts,
            "objects": pa.struct(boxes),
        }
    )


def columns(picture: Picture) -> dict[str, Any]:
    """Return the row of a picture; `objects` is a list a column, a box without a mask has an empty `rle`."""
    entries = [annotation(picture, box) for box in picture.annotations]
    others = [{key: value for key, value in box.facts.items() if key not in COLUMNS} for box in picture.annotations]
    return {
        "name": picture.name,
        "width": picture.width,
        "height": picture.height,
        "source": picture.source,
        "group": picture.group,
        "labelled": picture.labelled,
        "weight": float(picture.facts.get("weight", 1.0)),
        "parents": list(picture.parents),
        "sha256": picture.sha256,
        "facts": json.dumps({"image": facts(picture), "augment": picture.augment}, ensure_ascii=False),
        "objects": {
            **{key: [entry[key] for entry in entries] for key in COLUMNS},
            "key": [box.key for box in picture.annotations],
            "category": [box.category for box in picture.annotations],
            "rle": [box.rle["counts"] if box.rle else "" for box in picture.annotations],
            "facts": [json.dumps(other, ensure_ascii=False) for other in others],
        },
    }
