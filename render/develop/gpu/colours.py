"""Luminance, and OpenCV's luma and colour differences, on a torch device."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import torch
from torch import Tensor

from render.develop.colour import REC709_LUMA


def luminance(planes: Tensor) -> Tensor:
    """Return `colour.luminance`, HxW of 3xHxW."""
    red, green, blue = (float(share) for share in REC709_LUMA)
    return red * planes[0] + green * planes[1] + blue * planes[2]


@lru_cache(maxsize=8)
def _conversion(code: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return matrix and offset of a conversion that is linear, by asking OpenCV for each primary and for black."""
    asked = np.concatenate([np.eye(3, dtype=np.float32), np.zeros((1, 3), np.float32)])
    *primaries, black = cv2.cvtColor(asked[None], code)[0]
    matrix = np.stack(primaries, axis=1) - black[:, None]
    return torch.from_numpy(matrix).to(device), torch.from_numpy(black).to(device)


def converted(planes: Tensor, code: int) -> Tensor:
    """Return `cv2.cvtColor(image, code)` for a conversion of floats that is linear: RGB to YCrCb and back."""
    matrix, offset = _conversion(code, planes.device)
    return torch.einsum("oi,ihw->ohw", matrix, planes) + offset[:, None, None]
