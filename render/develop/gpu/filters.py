"""OpenCV's blurs, resizes, extremes and remaps on a torch device.

A blur or resize acts on rows and columns apart and is linear, so what OpenCV makes of an identity matrix is its matrix:
borders, sizes of kernels and half pixels are OpenCV's own, and a filter is two matrix products.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

Shape = tuple[int, int]
_BLURS_KEPT, _SIZES_KEPT = 32, 64  # matrices that stay on the device: a look needs about 14 and 30
_STEPS_A_PIXEL = 32  # OpenCV's `remap` rounds places to this


def _identity(length: int) -> NDArray[np.float32]:
    return np.eye(length, dtype=np.float32)


@lru_cache(maxsize=_BLURS_KEPT)
def _gaussian(length: int, sigma_px: float, border: int, device: torch.device) -> Tensor:
    matrix = cv2.GaussianBlur(_identity(length), (0, 1), sigma_px, borderType=border)
    return torch.from_numpy(matrix).to(device)


@lru_cache(maxsize=_SIZES_KEPT)
def _resize(length: int, wanted: int, interpolation: int, device: torch.device) -> Tensor:
    return torch.from_numpy(cv2.resize(_identity(length), (wanted, length), interpolation=interpolation)).to(device)


@lru_cache(maxsize=_SIZES_KEPT)
def _scale(length: int, factor: float, device: torch.device) -> Tensor:
    matrix = cv2.resize(_identity(length), None, fx=factor, fy=1, interpolation=cv2.INTER_AREA)
    return torch.from_numpy(matrix).to(device)


def blurred(planes: Tensor, sigma_px: float, border: int = cv2.BORDER_DEFAULT) -> Tensor:
    """Return `cv2.GaussianBlur(image, (0, 0), sigma_px, borderType=border)`."""
    rows, columns = (_gaussian(side, float(sigma_px), border, planes.device) for side in planes.shape[-2:])
    return rows.T @ planes @ columns


def resized(planes: Tensor, shape: Shape, interpolation: int = cv2.INTER_LINEAR) -> Tensor:
    """Return `cv2.resize(image, (shape[1], shape[0]), interpolation=interpolation)`; INTER_AREA only to shrink."""
    rows, columns = (
        _resize(side, wanted, interpolation, planes.device)
        for side, wanted in zip(planes.shape[-2:], shape, strict=True)
    )
    return rows.T @ planes @ columns


def scaled(planes: Tensor, factor: float) -> Tensor:
    """Return `cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)`."""
    rows, columns = (_scale(side, factor, planes.device) for side in planes.shape[-2:])
    return rows.T @ planes @ columns


def box(plane: Tensor, width: int) -> Tensor:
    """Return `cv2.blur(image, (width, width))` of HxW; summed in float64, as OpenCV does."""
    return functional.avg_pool2d(mirrored(plane, width // 2)[None].double(), width, 1)[0].to(plane.dtype)


def mirrored(planes: Tensor, reach: int) -> Tensor:
    """Return planes with a border as of cv2.BORDER_REFLECT_101, however wide."""
    rows, columns = (
        torch.from_numpy(np.pad(np.arange(side), reach, mode="reflect")).to(planes.device) for side in planes.shape[-2:]
    )
    return planes[..., rows[:, None], columns]


def highest(plane: Tensor, width: int) -> Tensor:
    """Return `cv2.dilate` of HxW with a square of ones."""
    return functional.max_pool2d(plane[None], width, 1, width // 2)[0]


def lowest(plane: Tensor, width: int) -> Tensor:
    """Return `cv2.erode` of HxW with a square of ones."""
    return -highest(-plane, width)


def at_nearest(planes: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Return `cv2.remap(image, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)`."""
    return _at(planes, x.round().long(), y.round().long())


def at_linear(planes: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Return `cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)`."""
    x, y = ((place * _STEPS_A_PIXEL).round() / _STEPS_A_PIXEL for place in (x, y))
    left, top = x.floor().long(), y.floor().long()
    right_share, low_share = x - x.floor(), y - y.floor()
    upper, lower = (
        torch.lerp(_at(planes, left, row), _at(planes, left + 1, row), right_share) for row in (top, top + 1)
    )
    return torch.lerp(upper, lower, low_share)


def _at(planes: Tensor, column: Tensor, row: Tensor) -> Tensor:
    rows, columns = planes.shape[-2:]
    flat = row.clamp(0, rows - 1) * columns + column.clamp(0, columns - 1)
    return planes.reshape(*planes.shape[:-2], -1)[..., flat]
