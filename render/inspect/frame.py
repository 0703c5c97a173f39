"""A developed frame of a round with all that is known of it: record, picture, ids, geometry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from render import manifest
from render.inspect.colours import Rgb
from render.inspect.geometry import Geometry, geometry_of
from render.inspect.projection import Projection, projection_of
from render.inspect.record import check
from scenes.errors import InputError
from scenes.spec.scene import SceneSpec, loads

Record = dict[str, Any]
Ids = NDArray[np.uint16]
_LISTED = 4


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What is drawn and told.

    Args:
        out: the round's folder.
        record: of the frame.
        rgb: HxWx3, the picture.
        ids: HxW instance ids in the picture.
        projection: from the world into the picture.
        geometry: what was traced beside light, as it lies in the picture.
        spec: the scene; None where the round has none, or one of an older version.
    """

    out: Path
    record: Record
    rgb: Rgb
    ids: Ids
    projection: Projection
    geometry: Geometry
    spec: SceneSpec | None

    @property
    def objects(self) -> list[Record]:
        """The labelled objects, the farthest first, so that the near ones are drawn over them."""
        return sorted(self.record["objects"], key=lambda labelled: -float(labelled.get("distance_m", 0.0)))

    @property
    def lanes(self) -> list[Record]:
        """Lane polylines; none in an older record."""
        return list(self.record.get("lanes") or ())


def ignored(labelled: Mapping[str, Any]) -> bool:
    """Say whether an object cannot be told from its background in this look."""
    return bool((labelled.get("visibility") or {}).get("ignore", False))


def find(out: Path, name: str) -> Path:
    """Return the path of a frame's record.

    Args:
        out: the round's folder.
        name: of the frame, the beginning of a name that only one has, or a path to a record.

    Raises:
        InputError: there is no such frame, or more than one.
    """
    if name.endswith(".json") or "/" in name:
        if not Path(name).is_file():
            raise InputError(name, "must be the record of a frame, <out>/frames/<frame>.json", got="no such file")
        return Path(name)
    folder = out / "frames"
    frames = sorted(path.stem for path in folder.glob("*.json"))
    matching = [name] if name in frames else [frame for frame in frames if frame.startswith(name)]
    if not frames:
        raise InputError(folder, "must hold developed frames", got="none", fix="run: rareblend develop")
    if len(matching) == 1:
        return folder / f"{matching[0]}.json"
    told = _some(matching or frames)
    if not matching:
        raise InputError(f"frame {name}", f"must be a frame in {folder}, or its beginning", fix=f"there are {told}")
    raise InputError(f"frame {name}", "must begin only one frame's name", got=told, fix="give more of the name")


def read(path: Path) -> Frame:
    """Read a frame from its record in `<out>/frames/`.

    Raises:
        InputError: the record, the picture, the mask or a file of the trace is broken, or one of the first three is
            not there.
    """
    record, out = manifest.read_record(path), path.resolve().parent.parent
    check(path, record)
    size = (int(record["width"]), int(record["height"]))
    rgb = _picture(out / record["image"], cv2.IMREAD_COLOR, size, fix=_DEVELOP)
    ids = _picture(out / record["mask"], cv2.IMREAD_UNCHANGED, size, fix="run again: rareblend render and develop")
    if ids.ndim != 2:
        raise InputError(out / record["mask"], "must have one channel of instance ids", got=f"{ids.shape[2]}")
    spec = _spec(out, record["scene"])
    projection = projection_of(record["camera"], size, _traced_focal_px(out, record))
    return Frame(
        out=out,
        record=record,
        rgb=np.asarray(cv2.cvtColor(rgb.astype(np.uint8), cv2.COLOR_BGR2RGB), np.uint8),
        ids=ids.astype(np.uint16),
        projection=projection,
        geometry=geometry_of(out, record, projection.lens),
        spec=spec,
    )


_DEVELOP = "delete the record and run: rareblend develop"


def _picture(path: Path, flags: int, size: tuple[int, int], *, fix: str) -> NDArray[Any]:
    try:
        pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), flags)
    except (OSError, cv2.error):
        pixels = None
    if pixels is None:
        raise InputError(path, "must be a picture", got="unreadable" if path.exists() else "no such file", fix=fix)
    if (pixels.shape[1], pixels.shape[0]) != size:
        told = f"{pixels.shape[1]}x{pixels.shape[0]}"
        raise InputError(path, f"must be {size[0]}x{size[1]} as its record says", got=told, fix=fix)
    return np.asarray(pixels)


def _spec(out: Path, scene: str) -> SceneSpec | None:
    """Return what the picture shows; None where the round does not have it, or an older rareblend wrote it."""
    path = out / "scenes" / scene / "spec.json"
    try:
        return loads(path.read_text(encoding="utf-8"), where=str(path))
    except (OSError, InputError):
        return None


def _traced_focal_px(out: Path, record: Record) -> float | None:
    path = manifest.view_path(out, record["scene"], record["view"])
    return float(manifest.read_record(path)["camera"]["K"][0][0]) if path.is_file() else None


def _some(names: Iterable[str]) -> str:
    told = list(names)
    more = f" and {len(told) - _LISTED} more" if len(told) > _LISTED else ""
    return ", ".join(told[:_LISTED]) + more
