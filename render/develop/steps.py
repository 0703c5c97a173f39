"""Who computes the dear steps of a frame: the CPU, or a GPU that is told to do the same.

A step is a pure function with NumPy arrays in and out, so the chain neither knows nor cares where one runs. Only steps
that pay are here; see `benchmarks/develop.py`. The twins for a GPU stand in `render/develop/gpu/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from render.develop import atmosphere, denoise, isp, lens, motion, precipitation

Image = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Steps:
    """One function a step, each with the arguments and results of the CPU's, which says what it does.

    Args:
        device: the GPU's name, which records repeat; empty for the CPU, whose records need none.
        clean_guides, denoise: `denoise.clean_guides`, `denoise.denoise`.
        through_air: `atmosphere.through_air`.
        blur_along: `motion.blur_along`.
        cover: `precipitation.cover`.
        through_lens: `lens.through_lens`.
        picture: `isp.picture`.
    """

    device: str
    clean_guides: Callable[[Image, Image], tuple[Image, Image]]
    denoise: Callable[..., Image]
    through_air: Callable[..., Image]
    blur_along: Callable[[Image, Image, Image], Image]
    cover: Callable[..., tuple[Image, Image]]
    through_lens: Callable[..., Image]
    picture: Callable[..., NDArray[np.uint8]]


CPU = Steps(
    device="",
    clean_guides=denoise.clean_guides,
    denoise=denoise.denoise,
    through_air=atmosphere.through_air,
    blur_along=motion.blur_along,
    cover=precipitation.cover,
    through_lens=lens.through_lens,
    picture=isp.picture,
)
