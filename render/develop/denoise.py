"""Remove path-tracing noise from the relit linear picture, guided by albedo and normals.

Open Image Denoise runs on the CPU with one thread, so that a frame has the same bytes whatever else runs, or through
its own CUDA kernels.
Source: Áfra, Intel Open Image Denoise (2019), through the `mitsuba-oidn` wheels.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from scenes.errors import MissingPieceError

Quality = Literal["fast", "balanced", "high"]
Image = NDArray[np.float32]


@cache
def _oidn() -> Any:
    try:
        return importlib.import_module("mitsuba_oidn")  # late: it loads a thread pool; by name: its stub does not parse
    except ImportError as missing:
        raise MissingPieceError("mitsuba-oidn", "denoising", "pip install mitsuba-oidn") from missing


def has_cuda() -> bool:
    """Tell whether Open Image Denoise can use a GPU: its wheels for x86 hold the CUDA library, others do not."""
    oidn = _oidn()
    return any(found.type == oidn.DeviceType.CUDA for found in oidn.physical_devices())


@cache
def _device(*, cuda: bool) -> Any:
    oidn = _oidn()
    if cuda:
        return oidn.Device.cuda(0)
    device = oidn.Device(oidn.DeviceType.CPU)
    device.num_threads = 1
    device.commit()
    return device


def _run(color: Image, quality: Quality, *, cuda: bool, **options: Any) -> Image:
    oidn, device = _oidn(), _device(cuda=cuda)
    level = getattr(oidn.Quality, quality.capitalize())
    result = oidn.denoise(np.ascontiguousarray(color, np.float32), device=device, quality=level, **options)
    return np.array(result, np.float32)


def clean_guides(albedo: Image, normal: Image, *, cuda: bool = False) -> tuple[Image, Image]:
    """Prefilter the guides, once a view: the noise of few samples would otherwise return through them."""
    upright = _run(np.clip(0.5 * normal + 0.5, 0, 1), "fast", cuda=cuda)
    return _run(np.clip(albedo, 0, 1), "fast", cuda=cuda), 2.0 * upright - 1.0


def denoise(rgb_linear: Image, albedo: Image, normal: Image, *, quality: Quality = "fast", cuda: bool = False) -> Image:
    """Denoise a picture with clean guides.

    Args:
        rgb_linear: HxWx3, cd/m², >= 0.
        albedo: HxWx3 in [0, 1], from `clean_guides`.
        normal: HxWx3 in [-1, 1], from `clean_guides`.
        quality: `fast` 0.3 s, `balanced` 0.65 s, `high` 1.4 s at 640x384 on one thread.
        cuda: on the GPU, in half precision (`tensorDataType` in its `devices/cuda/cuda_device.cpp`), so the result is
            near the CPU's and not the same.
    """
    if not rgb_linear.any():
        return rgb_linear
    guides = {"albedo": np.ascontiguousarray(albedo), "normal": np.ascontiguousarray(normal)}
    return np.maximum(_run(rgb_linear, quality, cuda=cuda, hdr=True, clean_aux=True, **guides), 0.0)
