"""What a round holds: the commit protocol of views and frames, and their compaction to two files.

A view exists if and only if `scenes/<scene>/<view>.json` does, a frame if and only if `frames/<frame>.json` does; both
are written last, by rename. `manifest.parquet` and `annotations.json` can be rebuilt from them at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from render import coco, durable, radiance
from render.radiance import Radiance
from render.semantic import semantic_map
from scenes.errors import InputError

Record = dict[str, Any]
_MAP_FOLDERS = {"mask": "masks", "parts": "parts", "semantic": "semantic"}
_PLAIN_COLUMNS = (
    "frame scene view scenario lighting sentence image mask width height sha256 seed".split()  # noqa: SIM905  # a row
)


def commit_view(out: Path, bundle: Radiance, labels: Record, parts: npt.NDArray[np.uint8] | None = None) -> None:
    """Store a traced view; its label file comes last.

    Raises:
        InputError: a file cannot be written.
    """
    scene, view = labels["scene"], labels["view"]
    radiance.write(out / "scenes" / scene / f"{view}.exr", bundle)
    write_maps(out, f"{scene}-{view}", labels["objects"], ids=bundle.ids, stuff=bundle.stuff, parts=parts)
    durable.write_json(view_path(out, scene, view), labels)


def write_maps(
    out: Path,
    name: str,
    objects: Sequence[Record],
    *,
    ids: npt.NDArray[np.uint16],
    stuff: npt.NDArray[np.uint8] | None,
    parts: npt.NDArray[np.uint8] | None,
) -> dict[str, str]:
    """Store what each pixel shows and return where: instance ids as 16-bit PNG, classes and parts, if known, as 8-bit.

    Raises:
        InputError: a file cannot be written.
    """
    maps: dict[str, npt.NDArray[Any]] = {"mask": ids}
    if parts is not None:
        maps["parts"] = parts
    if stuff is not None:
        maps["semantic"] = semantic_map(ids, stuff, objects)
    for key, values in maps.items():
        write_map(out / _MAP_FOLDERS[key] / f"{name}.png", values)
    return {key: f"{_MAP_FOLDERS[key]}/{name}.png" for key in maps}


def map_files(out: Path, scene: str, view: str) -> dict[str, str]:
    """Return which maps a traced view has, as `write_maps` does."""
    files = {key: f"{folder}/{scene}-{view}.png" for key, folder in _MAP_FOLDERS.items()}
    return {key: file for key, file in files.items() if (out / file).is_file()}


def read_map(out: Path, file: str | None) -> npt.NDArray[Any] | None:
    """Read a map that `map_files` told of; None for none.

    Raises:
        InputError: it is no picture.
    """
    if file is None:
        return None
    values = cv2.imread(str(out / file), cv2.IMREAD_UNCHANGED)
    if values is None:
        raise InputError(out / file, "must be a PNG", fix="delete the view's labels and run: rareblend render")
    return np.asarray(values)


def write_map(path: Path, values: npt.NDArray[Any]) -> None:
    """Store a map of whole numbers, 8 or 16 bits, as a PNG.

    Raises:
        InputError: it cannot be written.
    """
    done, png = cv2.imencode(".png", values)
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
    path = frame_path(out, record["frame"])
    durable.write_json(path, record)
    return path


def is_committed(out: Path, frame: str, **told: Any) -> bool:
    """Say whether a frame exists, and was made as is told: what its record says of these keys does not differ."""
    try:
        record = read_record(frame_path(out, frame))
    except InputError:
        return False
    return all(
        durable.canonical_json(record.get(key, value)) == durable.canonical_json(value) for key, value in told.items()
    )


def withdraw_frame(out: Path, frame: str) -> bool:
    """Take back a frame that is to be made otherwise: record, picture, maps of its own; say whether it was there."""
    record = frame_path(out, frame)
    there = record.is_file()
    maps = (out / folder / f"{frame}.png" for folder in _MAP_FOLDERS.values())
    for path in (record, out / "images" / f"{frame}.jpg", *maps):
        path.unlink(missing_ok=True)
    return there


def frame_path(out: Path, frame: str) -> Path:
    """Where the record of a frame stands."""
    return out / "frames" / f"{frame}.json"


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
    durable.write_json(out / "annotations.json", coco.document(out, frames))
    return len(frames)


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
