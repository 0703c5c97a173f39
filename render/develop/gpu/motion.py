"""`motion.blur_along` on a torch device."""

from __future__ import annotations

import torch
from torch import Tensor

from render.develop.gpu.filters import at_linear, at_nearest
from render.develop.gpu.tensors import Image, fetched, sent
from render.develop.motion import LEAST_PX, NEARER, NEAREST_M, led


def blur_along(rgb_linear: Image, depth_m: Image, flow: Image, *, device: torch.device) -> Image:
    """Return `motion.blur_along(rgb_linear, depth_m, flow)`."""
    paths = led(flow)
    if paths is None:
        return rgb_linear
    lead, reach, speed = (sent(part, device) for part in (paths.lead, paths.reach, paths.speed))
    scene, depth = sent(rgb_linear, device), sent(depth_m, device)
    near = torch.stack([1 / depth.clamp(min=NEAREST_M), speed])
    x, y = (torch.arange(side, dtype=torch.float32, device=device) for side in (scene.shape[2], scene.shape[1]))
    total, weights = torch.zeros_like(scene), torch.zeros_like(speed)
    for step in paths.steps.tolist():
        there_x, there_y = x + step * lead[0], y[:, None] + step * lead[1]
        weight = _weight(at_nearest(near, there_x, there_y), near, abs(step) * reach)
        total += at_linear(scene, there_x, there_y) * weight
        weights += weight
    blurred = total / weights.clamp(min=1e-6)
    return fetched(torch.where((reach > LEAST_PX) & (weights > 0), blurred, scene))


def _weight(there: Tensor, near: Tensor, gone_px: Tensor) -> Tensor:
    """Return how much a sample counts: by its own path if it is in front, by the pixel's if it is behind."""
    own, mine = ((speed / 2 - gone_px + 0.5).clamp(0, 1) for speed in (there[1], near[1]))
    weight = torch.where(there[0] * NEARER > near[0], own, torch.maximum(own, mine))
    return torch.where(there[0] < near[0] * NEARER, mine, weight)
