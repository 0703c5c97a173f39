"""Pictures on their way to a device and back: rows x columns x 3 for NumPy, 3 planes of rows x columns for torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Image = NDArray[np.float32]


def sent(image: NDArray[Any], device: torch.device) -> Tensor:
    """Return an HxW or HxWx3 array as HxW or 3xHxW on a device; on the CPU it may share the array's memory."""
    tensor = torch.from_numpy(np.require(image, requirements=("C", "W"))).to(device)
    return tensor.permute(2, 0, 1) if image.ndim == 3 else tensor


def fetched(planes: Tensor) -> NDArray[Any]:
    """Return HxW or 3xHxW of a device as an HxW or HxWx3 array."""
    return np.asarray((planes.permute(1, 2, 0) if planes.ndim == 3 else planes).contiguous().cpu().numpy())


def colour(rgb: Any, like: Tensor) -> Tensor:
    """Return three numbers, or one a channel, as 3x1x1 that planes can be multiplied with."""
    return torch.tensor(np.asarray(rgb, np.float32).tolist(), device=like.device).reshape(-1, 1, 1)


def centres(length: int, middle: float, device: torch.device) -> Tensor:
    """Return how far the centres of pixels lie from a place along a side, (length,) float64."""
    return torch.arange(length, dtype=torch.float64, device=device) + (0.5 - middle)
