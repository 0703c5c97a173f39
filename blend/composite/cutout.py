"""The library of cut-outs: traced actors with alpha and shade, as `render.cutouts` writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.composite.colour import Float32
from scenes.errors import InputError

SCHEMA = 1
_ARRAYS = ("ids", "overcast", "shade_overcast")


@dataclass(frozen=True, kw_only=True)
class Cutout:
    """One view of one actor, and of its rider.

    Args:
        name: of its scene and view.
        path: of its arrays.
        contact_px: pixel over which its middle stands on the ground.
        px_per_m: scale there.
        elevation_deg: how high the eye stands over the ground point.
        bearing_deg: from where it looks, counter-clockwise from the actor's front, [0, 360).
        objects: id in the arrays, category and kind of each part of it.
        size_m: length, width and height of the first.
        mirrored: seen in a mirror.
    """

    name: str
    path: Path
    contact_px: tuple[float, float]
    px_per_m: float
    elevation_deg: float
    bearing_deg: float
    objects: tuple[dict[str, Any], ...]
    size_m: tuple[float, float, float]
    mirrored: bool = False

    @property
    def category(self) -> str:
        """Class of the actor; a rider comes with the mount."""
        return str(self.objects[0]["category"])

    @property
    def scene(self) -> str:
        """The scene it was traced in, which other views show too."""
        return self.name.partition("-")[0]

    @property
    def is_vehicle(self) -> bool:
        """Whether it goes along roads."""
        return self.category not in {"person", "animal"}

    def mirror(self) -> Cutout:
        """Return the same in a mirror."""
        return replace(self, mirrored=not self.mirrored, bearing_deg=-self.bearing_deg % 360)


@dataclass(frozen=True, kw_only=True)
class Sprite:
    """A cut-out at the scale of a picture.

    Args:
        actor: (h, w, 3) light in units of a white ground, times alpha.
        alpha: (h, w) in [0, 1].
        shade: (h, w) what is left of the ground's light, in [0, 1].
        shares: object id to its share of each pixel, (h, w).
        contact_px: pixel over which the actor's middle stands.
    """

    actor: Float32
    alpha: Float32
    shade: Float32
    shares: dict[int, Float32]
    contact_px: tuple[float, float]


def library(folder: Path) -> list[Cutout]:
    """List the cut-outs of a folder, sorted by name.

    Raises:
        InputError: a record is broken.
    """
    return [_listed(path) for path in sorted(folder.glob("*-*.json"))]


def _listed(path: Path) -> Cutout:
    try:
        told = json.loads(path.read_text())
        if told["schema"] != SCHEMA:
            raise InputError(path, f"must be of schema {SCHEMA}", got=told["schema"], fix="make the cut-outs again")
        x, y = told["contact_px"]
        length, width, height = told["objects"][0]["box3d"]["size_m"]
        return Cutout(
            name=told["cutout"],
            path=path.with_suffix(".npz"),
            contact_px=(x, y),
            px_per_m=told["px_per_m"],
            elevation_deg=told["elevation_deg"],
            bearing_deg=told["bearing_deg"],
            objects=tuple(told["objects"]),
            size_m=(length, width, height),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as broken:
        raise InputError(path, "must be the record of a cut-out", got=f"{type(broken).__name__}: {broken}") from broken


def load(cutout: Cutout) -> dict[str, NDArray[Any]]:
    """Read the arrays of a cut-out, mirrored if it is.

    Raises:
        InputError: they are missing or broken.
    """
    try:
        with np.load(cutout.path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in _ARRAYS}
    except (OSError, ValueError, KeyError) as broken:
        raise InputError(cutout.path, "must hold the arrays of a cut-out", got=str(broken)) from broken
    return {name: np.ascontiguousarray(array[:, ::-1]) if cutout.mirrored else array for name, array in arrays.items()}


def sprite(cutout: Cutout, scale: float) -> Sprite:
    """Shrink a cut-out.

    Args:
        cutout: of the library.
        scale: picture px per px of the cut-out, in (0, 1].
    """
    arrays = load(cutout)
    ids = arrays["ids"]
    height, width = ids.shape
    size = max(2, round(width * scale)), max(2, round(height * scale))

    def shrunk(image: NDArray[Any]) -> Float32:
        return np.asarray(cv2.resize(image.astype(np.float32), size, interpolation=cv2.INTER_AREA), dtype=np.float32)

    shares = {int(told["instance"]): shrunk(ids == told["instance"]) for told in cutout.objects}
    x, y = cutout.contact_px
    x = width - 1 - x if cutout.mirrored else x
    return Sprite(
        actor=shrunk(arrays["overcast"].astype(np.float32) * (ids > 0)[..., None]),
        alpha=shrunk(ids > 0),
        shade=shrunk(arrays["shade_overcast"]),
        shares=shares,
        contact_px=((x + 0.5) * size[0] / width - 0.5, (y + 0.5) * size[1] / height - 0.5),
    )
