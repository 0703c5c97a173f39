"""The steps of a frame on a torch device, each a twin of the CPU's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar

import torch

from render.develop import denoise
from render.develop.gpu import air, isp, lens, motion, streaks
from render.develop.steps import CPU, Steps
from scenes.errors import RareblendError

R = TypeVar("R")


def on(device: torch.device, name: str) -> Steps:
    """Return the steps on a torch device that records call by a name.

    Every array goes to the device and back at each step: at 640x384 a picture is 3 MB, a fraction of a millisecond.
    Open Image Denoise brings its own CUDA kernels; where its wheel has none it stays on the CPU.
    """
    torch.set_float32_matmul_precision("highest")  # TF32 would keep three digits
    cuda = device.type == "cuda" and denoise.has_cuda()
    return Steps(
        device=name,
        clean_guides=_told(partial(denoise.clean_guides, cuda=True), name) if cuda else CPU.clean_guides,
        denoise=_told(partial(denoise.denoise, cuda=True), name) if cuda else CPU.denoise,
        through_air=_told(partial(air.through_air, device=device), name),
        blur_along=_told(partial(motion.blur_along, device=device), name),
        cover=_told(partial(streaks.cover, device=device), name),
        through_lens=_told(partial(lens.through_lens, device=device), name),
        picture=_told(partial(isp.picture, device=device), name),
    )


def _told(step: Callable[..., R], name: str) -> Callable[..., R]:
    """Say in one line what a GPU refuses: most often it is out of memory."""

    @wraps(step)
    def run(*given: Any, **named: Any) -> R:
        try:
            return step(*given, **named)
        except RuntimeError as refused:  # torch's and Open Image Denoise's errors are all of this kind
            reason = str(refused).strip().splitlines()[0]
            raise RareblendError(f"{name} gave up: {reason}; take fewer workers, or device=cpu") from refused

    return run
