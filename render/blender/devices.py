"""Which processor Cycles traces on, chosen aloud.

Cycles falls back to the CPU in silence, and setting a backend that the build lacks raises TypeError. So every backend
is tried in turn, devices are switched on one by one, and the choice comes back with its reason.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from typing import Any, Literal, get_args

from scenes.errors import InputError, MissingPieceError

DeviceWish = Literal["auto", "cpu", "gpu"]
_BACKENDS = ("METAL",) if sys.platform == "darwin" else ("OPTIX", "CUDA", "HIP", "ONEAPI")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Device:
    """What Cycles will trace on: `kind` for the scene, `names` for people, and why."""

    kind: Literal["CPU", "GPU"]
    names: tuple[str, ...]
    why: str


def choose(wish: str) -> Device:
    """Pick and enable the devices, and log the choice.

    Args:
        wish: `auto` takes a GPU if there is one, `gpu` demands it, `cpu` never asks.

    Raises:
        InputError: the wish is none of the three.
        MissingPieceError: a GPU is demanded and none is usable.
    """
    if wish not in get_args(DeviceWish):
        raise InputError("device", "must be auto, cpu or gpu", got=wish)
    device = _cpu("device=cpu") if wish == "cpu" else _best(demanded=wish == "gpu")
    _log.info("tracing on %s (%s): %s", device.kind, ", ".join(device.names), device.why)
    return device


def _best(*, demanded: bool) -> Device:
    tried: list[str] = []
    for backend in _BACKENDS:
        names = _enabled(backend)
        if names:
            return Device(kind="GPU", names=names, why=f"{backend} offers it")
        tried.append(backend)
    reason = f"no device under {', '.join(tried)}"
    if demanded:
        raise MissingPieceError("a GPU", reason, "device=cpu, or a driver for one of these")
    return _cpu(reason)


def _cpu(why: str) -> Device:
    preferences = _preferences()
    preferences.compute_device_type = "NONE"
    return Device(kind="CPU", names=("CPU",), why=why)


def _enabled(backend: str) -> tuple[str, ...]:
    preferences = _preferences()
    try:
        preferences.compute_device_type = backend
    except TypeError:  # this build of Blender does not know the backend
        return ()
    preferences.refresh_devices()
    devices = [device for device in preferences.devices if device.type != "CPU"]
    for device in preferences.devices:
        device.use = device.type == backend
    return tuple(sorted(device.name for device in devices if device.type == backend))


def _preferences() -> Any:
    import bpy

    return bpy.context.preferences.addons["cycles"].preferences


def main() -> None:
    """End with code 1 and the reason in a line where Blender finds no GPU."""
    try:
        choose("gpu")
    except MissingPieceError as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
