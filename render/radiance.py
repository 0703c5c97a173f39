"""The radiance bundle of one view: a light layer per group, and what the geometry alone decides.

On disk it is one multilayer OpenEXR file. Channels are `<layer>.R/.G/.B` for the light groups, `albedo.*`, `normal.*`
(stored as R, G, B), `depth.Z`, `ids.Y` and `stuff.Y`. A layer is stored as half where its values allow it, the others
never. Older bundles have no `stuff.Y`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from render import durable
from scenes.errors import InputError

Float32 = npt.NDArray[np.float32]
SKY_DEPTH_M = 1e10
"""Depth that Cycles gives to rays that hit nothing."""
HALF_MAX = 60000.0
"""A layer that reaches this stays 32-bit: half saturates at 65504, and the sun in the lens is far above."""
HALF_MIN_PEAK = 0.05
"""A layer whose peak lies below this stays 32-bit too: half loses precision under 6e-5."""
_GUIDES = ("albedo", "normal")
_SINGLE = ("depth", "ids", "stuff")
_META_PREFIX = "rareblend."


@dataclass(frozen=True, kw_only=True)
class Radiance:
    """What one trace of one view gives.

    Args:
        layers: light group to HxWx3 float32 linear Rec. 709 in cd/m² (`sun` and `sky` per lux, see `LIGHT_GROUPS`).
        albedo: HxWx3 float32 in [0, 1], denoising guide.
        normal: HxWx3 float32, world frame, denoising guide.
        depth_m: HxW float32, distance along the optical axis; `SKY_DEPTH_M` where nothing is hit.
        ids: HxW uint16 instance ids, 0 for everything that is no actor.
        meta: strings that travel with the file.
        stuff: HxW uint8 class of what is no actor (`scenes.ontology.STUFF`), 0 for actors; None in old bundles.
    """

    layers: Mapping[str, Float32]
    albedo: Float32
    normal: Float32
    depth_m: Float32
    ids: npt.NDArray[np.uint16]
    meta: Mapping[str, str] = field(default_factory=dict)
    stuff: npt.NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        if not self.layers:
            raise InputError("radiance.layers", "must hold at least one light group")
        shape = self.ids.shape
        images = {**self.layers, "albedo": self.albedo, "normal": self.normal}
        for name, image in images.items():
            if image.shape != (*shape, 3):
                raise InputError(f"radiance.{name}", f"must have shape {(*shape, 3)}", got=image.shape)
        for name, single in (("depth_m", self.depth_m), ("stuff", self.stuff)):
            if single is not None and single.shape != shape:
                raise InputError(f"radiance.{name}", f"must have shape {shape}", got=single.shape)

    @property
    def resolution_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height_px, width_px = self.ids.shape
        return width_px, height_px


def relit(radiance: Radiance, weights: Mapping[str, Any]) -> Float32:
    """Sum the layers under new light; exact, because light adds up.

    Args:
        radiance: the bundle.
        weights: group to a factor or an RGB triple of factors; a group that is not named is off.

    Returns:
        HxWx3 float32 linear radiance in cd/m².
    """
    total = np.zeros_like(radiance.albedo)
    for group, layer in radiance.layers.items():
        weight = np.asarray(weights.get(group, 0.0), dtype=np.float32)
        if np.any(weight):
            total += layer * weight
    return total


def write(path: Path, radiance: Radiance) -> None:
    """Write a bundle atomically: the file is whole or not there.

    Raises:
        InputError: it cannot be written.
    """
    import OpenEXR  # noqa: PLC0415  # readers of labels need no EXR library

    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    header |= {_META_PREFIX + key: str(text) for key, text in radiance.meta.items()}
    with durable.replacing(path) as temporary:
        try:
            OpenEXR.File(header, _channels(radiance)).write(str(temporary))
        except RuntimeError as refused:  # OpenEXR's own name for a full disk or a folder without permission
            raise OSError(str(refused)) from refused


def read(path: Path) -> Radiance:
    """Read a bundle written by `write`.

    Raises:
        InputError: the file is missing, no EXR, or lacks a channel.
    """
    import OpenEXR  # noqa: PLC0415

    try:
        with OpenEXR.File(str(path), separate_channels=True) as file:
            channels = {name: np.array(channel.pixels) for name, channel in file.channels().items()}
            meta = {
                key.removeprefix(_META_PREFIX): str(text)
                for key, text in file.header().items()
                if key.startswith(_META_PREFIX)
            }
        return _assembled(channels, meta)
    except (OSError, RuntimeError, ValueError, KeyError) as broken:
        raise InputError(path, "must be a radiance bundle", got=str(broken) or type(broken).__name__) from broken


def _channels(radiance: Radiance) -> dict[str, npt.NDArray[Any]]:
    images = {**radiance.layers, "albedo": radiance.albedo, "normal": radiance.normal}
    channels: dict[str, npt.NDArray[Any]] = {}
    for name, image in images.items():
        stored = image.astype(np.float16) if _fits_half(image) else image.astype(np.float32)
        channels |= {f"{name}.{axis}": np.ascontiguousarray(stored[..., i]) for i, axis in enumerate("RGB")}
    channels["depth.Z"] = np.ascontiguousarray(radiance.depth_m, dtype=np.float32)
    channels["ids.Y"] = np.ascontiguousarray(radiance.ids, dtype=np.uint32)
    if radiance.stuff is not None:
        channels["stuff.Y"] = np.ascontiguousarray(radiance.stuff, dtype=np.uint32)
    return channels


def _fits_half(image: Float32) -> bool:
    peak = float(np.max(np.abs(image), initial=0.0))
    return peak == 0.0 or HALF_MIN_PEAK <= peak < HALF_MAX


def _assembled(channels: Mapping[str, npt.NDArray[Any]], meta: Mapping[str, str]) -> Radiance:
    names = sorted({name.rpartition(".")[0] for name in channels})
    images = {
        name: np.stack([channels[f"{name}.{axis}"] for axis in "RGB"], axis=-1).astype(np.float32)
        for name in names
        if name not in _SINGLE
    }
    return Radiance(
        layers={name: image for name, image in images.items() if name not in _GUIDES},
        albedo=images["albedo"],
        normal=images["normal"],
        depth_m=channels["depth.Z"].astype(np.float32),
        ids=channels["ids.Y"].astype(np.uint16),
        meta=dict(meta),
        stuff=channels["stuff.Y"].astype(np.uint8) if "stuff.Y" in channels else None,
    )
