"""What a round holds: the commit protocol of views and frames, and their compaction to Parquet and COCO.

A view exists if and only if `scenes/<scene>/<view>.json` does, a frame if and only if `frames/<frame>.json` does; both
are written last, by rename. `manifest.parquet` and `annotations.json` can be rebuilt from them at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from render import durable, radiance
from render.radiance import Radiance
from scenes.errors import InputError
from scenes.ontology import CATEGORIES

Record = dict[str, Any]
_PLAIN_COLUMNS = (
    "frame scene view scenario lighting sentence image mask width height sha256 seed".split()  # noqa: SIM905  # a row
)


def commit_view(out: Path, bundle: Radiance, labels: Record) -> None:
    """Store a traced view; its label file comes last.

    Raises:
        InputError: a file cannot be written.
    """
    scene, view = labels["scene"], labels["view"]
    radiance.write(out / "scenes" / scene / f"{view}.exr", bundle)
    write_mask(mask_path(out, scene, view), bundle.ids)
    durable.write_json(view_path(out, scene, view), labels)


def write_mask(path: Path, ids: npt.NDArray[np.uint16]) -> None:
    """Store instance ids as a 16-bit PNG.

    Raises:
        InputError: it cannot be written.
    """
    done, png = cv2.imencode(".png", ids)
    if not done:
        raise InputError(path, "must be encodable as PNG")
    durable.write_bytes(path, png.tobytes())


def view_path(out: Path, scene: str, view: str) -> Path:
    """Where the labels of a view stand."""
    return out / "scenes" / scene / f"{view}.json"


def mask_path(out: Path, scene: str, view: str) -> Path:
    """Where the instance ids of a view stand."""
    return out / "masks" / f"{scene}-{view}.png"


def is_traced(out: Path, scene: str, view: str) -> bool:
    """Say whether a view is whole: labels, mask and radiance."""
    labels = view_path(out, scene, view)
    return labels.is_file() and labels.with_suffix(".exr").is_file() and mask_path(out, scene, view).is_file()


def traced_views(out: Path) -> list[Record]:
    """Return the labels of every traced view, sorted by scene and view."""
    found = (read_record(path) for path in sorted(out.glob("scenes/*/[0-9]*.json")))
    return [labels for labels in found if is_traced(out, labels["scene"], labels["view"])]


def commit_frame(out: Path, record: Mapping[str, Any]) -> Path:
    """Make a frame exist; its image must be on disk.

    Raises:
        InputError: the image is not there, or the record cannot be written.
    """
    if not (out / record["image"]).is_file():
        raise InputError(out / record["image"], "must be written before its frame is committed")
    path = out / "frames" / f"{record['frame']}.json"
    durable.write_json(path, record)
    return path


def is_committed(out: Path, frame: str) -> bool:
    """Say whether a frame exists."""
    return (out / "frames" / f"{frame}.json").is_file()


def records(out: Path) -> list[Record]:
    """Return the record of every frame, sorted by name."""
    return [read_record(path) for path in sorted((out / "frames").glob("*.json"))]


def read_record(path: Path) -> Record:
    """Read one record.

    Raises:
        InputError: the file is no JSON object.
    """
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError) as broken:
        raise InputError(path, "must be a JSON record", got=str(broken)) from broken
    if not isinstance(record, dict):
        raise InputError(path, "must be a JSON object", got=type(record).__name__)
    return record


def compact(out: Path) -> int:
    """Rebuild `manifest.parquet` and `annotations.json` from the records; return the number of frames.

    Raises:
        InputError: a record or mask is broken, or a file cannot be written.
    """
    durable.sweep(out)
    frames = records(out)
    _write_parquet(out / "manifest.parquet", frames)
    durable.write_json(out / "annotations.json", coco(out, frames))
    return len(frames)


def coco(out: Path, frames: Sequence[Record]) -> Record:
    """Return frames as a COCO document with run-length masks and ids that never change."""
    masks = _Masks(out)
    return {
        "info": {"description": "rareblend synthetic frames", "schema": 1},
        "images": [_coco_image(frame) for frame in frames],
        "annotations": [
            _coco_annotation(frame, labelled, masks.encoded(frame["mask"], labelled["instance"]))
            for frame in frames
            for labelled in frame["objects"]
        ],
        "categories": [
            {"id": number, "name": name, "supercategory": "road user"} for name, number in CATEGORIES.items()
        ],
    }


def stable_id(name: str) -> int:
    """Return a 52-bit id from a name, safe in every JSON reader."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:13], 16)


class _Masks:
    """Run-length masks of a round; the looks of one view share theirs."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._known: dict[tuple[str, int], Record] = {}
        self._ids: tuple[str, npt.NDArray[np.uint16]] | None = None

    def encoded(self, mask: str, instance: int) -> Record:
        if (mask, instance) not in self._known:
            self._known[mask, instance] = _run_length(self._instance_ids(mask) == instance)
        return self._known[mask, instance]

    def _instance_ids(self, mask: str) -> npt.NDArray[np.uint16]:
        if self._ids is None or self._ids[0] != mask:
            ids = cv2.imread(str(self._out / mask), cv2.IMREAD_UNCHANGED)
            if ids is None:
                raise InputError(self._out / mask, "must be a 16-bit PNG of instance ids")
            self._ids = (mask, ids.astype(np.uint16))
        return self._ids[1]


def _run_length(mask: npt.NDArray[np.bool_]) -> Record:
    from pycocotools import mask as coco_mask  # noqa: PLC0415  # only compaction needs it

    encoded = coco_mask.encode(np.asfortranarray(mask, dtype=np.uint8))
    return {"size": [int(side) for side in encoded["size"]], "counts": encoded["counts"].decode("ascii")}


def _coco_image(frame: Record) -> Record:
    copied = ("width", "height", "frame", "scene", "view", "scenario", "lighting", "sha256", "mask")
    return {
        "id": stable_id(frame["frame"]),
        "file_name": frame["image"],
        "look": frame["look"]["id"],
        "look_name": frame["look"]["name"],
        "source": "synthetic",
        **{key: frame[key] for key in copied},
    }


def _coco_annotation(frame: Record, labelled: Record, segmentation: Record) -> Record:
    x0, y0, x1, y1 = labelled["bbox_xyxy"]
    copied = ("instance", "occlusion", "truncation", "distance_m", "crash")
    return {
        "id": stable_id(f"{frame['frame']}/{labelled['instance']}"),
        "image_id": stable_id(frame["frame"]),
        "category_id": CATEGORIES[labelled["category"]],
        "bbox": [x0, y0, x1 - x0, y1 - y0],
        "area": labelled["area_px"],
        "segmentation": segmentation,
        "iscrowd": 0,
        **{key: labelled[key] for key in copied},
    }


def _write_parquet(path: Path, frames: Sequence[Record]) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pa.Table.from_pydict({name: list(column) for name, column in _columns(frames)})
    with durable.replacing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def _columns(frames: Sequence[Record]) -> Iterator[tuple[str, Iterator[Any]]]:
    for name in _PLAIN_COLUMNS:
        yield name, (frame[name] for frame in frames)
    yield "look", (frame["look"]["id"] for frame in frames)
    yield "look_name", (frame["look"]["name"] for frame in frames)
    yield "objects", (len(frame["objects"]) for frame in frames)
    yield "record", (durable.canonical_json(frame) for frame in frames)
