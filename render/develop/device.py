"""Where frames are developed: on the CPU, or on a GPU through torch where there is one.

Importing torch takes seconds, so it is asked only if the driver says that there is a GPU, or if one is demanded.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from functools import cache
from typing import Literal

from render.develop.steps import CPU, Steps
from scenes.errors import MissingPieceError

Wish = Literal["auto", "cpu", "gpu"]
Place = Literal["cpu", "cuda"]
_DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
_log = logging.getLogger(__name__)


def choose(wish: Wish) -> Place:
    """Say where to develop, and log it.

    Args:
        wish: `auto` takes a GPU if there is one, `gpu` demands it, `cpu` never asks.

    Raises:
        MissingPieceError: a GPU is demanded and none is usable.
    """
    place: Place = "cuda" if wish == "gpu" or (wish == "auto" and has_driver()) else "cpu"
    if place == "cuda" and not _torch_sees_one():
        if wish == "gpu":
            why = "torch finds none to develop on"
            raise MissingPieceError("a GPU", why, "a driver for it, or let each stage take what it can: device=auto")
        place = "cpu"
    _log.info("developing on %s", place)
    return place


def has_driver() -> bool:
    """Tell whether the driver of an NVIDIA card is loaded and has a card, without torch."""
    try:
        driver = ctypes.CDLL(_DRIVER)
    except OSError:
        return False
    count = ctypes.c_int(0)
    return driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0 and count.value > 0


def _torch_sees_one() -> bool:
    import torch

    return torch.cuda.is_available()


@cache
def steps(place: Place) -> Steps:
    """Return who computes at a place; in a worker's first call this imports torch."""
    if place == "cpu":
        return CPU
    import torch

    from render.develop.gpu import twins

    return twins.on(torch.device(place), torch.cuda.get_device_name(0))
