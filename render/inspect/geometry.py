"""What was traced beside light, moved as the frame's pixels were: depth, normals, surfaces, parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render import manifest
from render.develop.distortion import Lens
from render.develop.motion import roll
from render.develop.optics import Moving
from render.develop.sampling import Sampling
from render.develop.traced import read_source, read_view
from render.radiance import read as read_bundle
from scenes.errors import InputError

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Geometry:
    """Maps of the frame's size; None for one that the round does not have.

    Args:
        depth_m: HxW float32 along the optical axis.
        normal: HxWx3 float32 in the world's frame.
        semantic: HxW uint8, class of every pixel, see `render.semantic`.
        parts: HxW uint8, part of an actor, + 128 where it is damaged.
        rolled: how the rolling shutter moved the pixels; None if it did not.
    """

    depth_m: NDArray[np.float32] | None = None
    normal: NDArray[np.float32] | None = None
    semantic: NDArray[np.uint8] | None = None
    parts: NDArray[np.uint8] | None = None
    rolled: Sampling | None = None


def geometry_of(out: Path, record: Record, lens: Lens | None) -> Geometry:
    """Read the maps of a frame's view and move them like its pixels.

    Args:
        out: the round's folder.
        record: of the frame.
        lens: that bends the picture; None for none.

    Raises:
        InputError: a file is there and cannot be read.
    """
    scene, view = record["scene"], record["view"]
    bundle_path = manifest.view_path(out, scene, view).with_suffix(".exr")
    parts, semantic = _map(out, record, "parts"), _map(out, record, "semantic")
    if not bundle_path.is_file():
        return Geometry(parts=parts, semantic=semantic)
    rolled = _rolled(out, record) if record["mask"] != f"masks/{scene}-{view}.png" else None
    moves = [*([rolled] if rolled else []), *([lens.sampling()] if lens else [])]
    bundle = read_bundle(bundle_path)
    size = (int(record["width"]), int(record["height"]))
    if bundle.resolution_wh != size:
        raise InputError(bundle_path, f"must be {size[0]}x{size[1]} as its frame is", got=bundle.resolution_wh)
    return Geometry(
        depth_m=_moved(bundle.depth_m, moves),
        normal=_moved(bundle.normal, moves),
        semantic=semantic,
        parts=parts,
        rolled=rolled,
    )


def _moved(values: NDArray[Any], moves: list[Sampling]) -> NDArray[Any]:
    for sampling in moves:
        values = sampling.nearest(values)
    return values


def _map(out: Path, record: Record, name: str) -> NDArray[np.uint8] | None:
    """Return a map that the record names; None where it names none."""
    file = (record.get("maps") or {}).get(name)
    if file is None:
        return None
    pixels = manifest.read_map(out, file)
    if pixels is None or pixels.dtype != np.uint8 or pixels.shape != (record["height"], record["width"]):
        raise InputError(out / file, f"must be an 8-bit map of {record['width']}x{record['height']} pixels")
    return np.asarray(pixels, np.uint8)


def _rolled(out: Path, record: Record) -> Sampling | None:
    """Return how the rolling shutter moved the pixels, as developing the frame has done it."""
    readout_s = float(record.get("sensor", {}).get("lens", {}).get("readout_s", 0.0))
    if readout_s == 0:
        return None
    source = read_source(out, record["scene"], record["view"])
    view = read_view(out, record["scene"], record["view"], source)
    moving = Moving(view.radiance.depth_m, view.radiance.ids, view.viewpoint, view.instance_mps, readout_s)
    return None if moving.still else roll(moving.flow_px(1.0), readout_s)
