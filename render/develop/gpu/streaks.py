"""`precipitation.cover` on a torch device, in float64 as on the CPU."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from render.develop.gpu.lens import convolved
from render.develop.gpu.tensors import Image, fetched, sent
from render.develop.precipitation import ABOVE_CUT_OFF, CUT_OFF_RAD, LAMPS_AHEAD_M, LAMPS_ASIDE_M, LAMPS_BELOW_M
from render.develop.streaks import DEPTHS_M, DISCS_PX, Eye, Flights, spot, steps_of

_GRAIN = 2.0**44  # whole numbers add up to the same in any order, floating ones do not


@dataclass(frozen=True)
class Points:
    """As `streaks.Streaks`: place, depth, pixels' worth of exposure, and disc in pixels; all (N,)."""

    x: Tensor
    y: Tensor
    z: Tensor
    weight: Tensor
    disc_px: Tensor


def cover(falling: Flights, eye: Eye, depth_m: Image, *, lit: bool, device: torch.device) -> tuple[Image, Image]:
    """Return `precipitation.cover` of the same arguments."""
    points = hidden(followed(falling, eye, device), sent(depth_m, device))
    covered = splat(points, points.weight, eye.shape)
    light = splat(points, points.weight * headlight(points, eye), eye.shape) if lit else torch.zeros_like(covered)
    return fetched(covered), fetched(light)


def followed(falling: Flights, eye: Eye, device: torch.device) -> Points:
    """Return `streaks.followed`."""
    numbers = sent(steps_of(falling, eye), device)
    place, velocity = (torch.from_numpy(part).to(device) for part in (falling.place_m, falling.velocity_mps))
    which = torch.repeat_interleave(torch.arange(len(numbers), device=device), numbers)
    diameter_mm, wobble_hz, phase_rad, depth = (
        sent(part, device)[which] for part in (falling.diameter_mm, falling.wobble_hz, falling.phase_rad, falling.depth)
    )
    first = numbers.cumsum(0) - numbers
    part = (torch.arange(len(which), device=device) - first[which] + 0.5).double() / numbers[which] - 0.5
    x, y, z = place[:, which] + velocity[:, which] * (eye.shutter_s * part)
    seen, z = z > float(DEPTHS_M[0]), z.clamp(min=float(DEPTHS_M[0]))
    wobble = 1 + depth * torch.cos(phase_rad + 2 * math.pi * (wobble_hz * eye.shutter_s) * part)
    scale = eye.focal_px / z
    return Points(
        x * scale + eye.shape[1] / 2,
        y * scale + eye.shape[0] / 2,
        z,
        math.pi / 4 * (diameter_mm * 1e-3 * scale) ** 2 / numbers[which] * wobble * seen,
        torch.sqrt(diameter_mm**2 + eye.aperture_mm**2) * 1e-3 * scale,
    )


def hidden(points: Points, depth_m: Tensor) -> Points:
    """Return `streaks.hidden`."""
    rows, columns = depth_m.shape
    x, y = points.x, points.y
    inside = (x >= 0) & (y >= 0) & (x < columns) & (y < rows) & (points.weight > 0)
    at = y.long().clamp(0, rows - 1) * columns + x.long().clamp(0, columns - 1)
    kept = (inside & (points.z < depth_m.flatten()[at])).nonzero()[:, 0]
    return Points(x[kept], y[kept], points.z[kept], points.weight[kept], points.disc_px[kept])


def headlight(points: Points, eye: Eye) -> Tensor:
    """Return `precipitation.headlight`."""
    ahead = (points.z - LAMPS_AHEAD_M).clamp(min=1.0)
    aside = ((points.x - eye.shape[1] / 2).abs() / eye.focal_px * points.z - LAMPS_ASIDE_M).clamp(min=0) / ahead
    below = ((points.y - eye.shape[0] / 2) / eye.focal_px * points.z - LAMPS_BELOW_M) / ahead
    low = ABOVE_CUT_OFF + (1 - ABOVE_CUT_OFF) / (1 + torch.exp(((CUT_OFF_RAD - below) / 0.006).clamp(-40, 40)))
    fade = torch.exp(-((aside / 0.4) ** 2) - (below.clamp(min=0) / 0.18) ** 2)
    return low * fade / ahead**2 * (points.z > LAMPS_AHEAD_M)


def splat(points: Points, weight: Tensor, shape: tuple[int, int]) -> Tensor:
    """Return `streaks.splat`."""
    bounds = torch.from_numpy(np.sqrt(DISCS_PX[1:] * DISCS_PX[:-1])).to(weight.device)
    sizes = torch.searchsorted(bounds, points.disc_px)
    total = torch.zeros(shape, dtype=torch.float64, device=weight.device)
    for size, diameter_px in enumerate(DISCS_PX.tolist()):
        of_size = (sizes == size).nonzero()[:, 0]
        if len(of_size):
            dots = _dots(points.x[of_size], points.y[of_size], weight[of_size], shape)
            total += _widened(dots, spot(diameter_px)) if size else dots
    return total.float()


def _dots(x: Tensor, y: Tensor, weight: Tensor, shape: tuple[int, int]) -> Tensor:
    rows, columns = shape[0] + 2, shape[1] + 2
    left, top = torch.floor(x + 0.5), torch.floor(y + 0.5)
    right_share, low_share = x + 0.5 - left, y + 0.5 - top
    corner = (top * columns + left).long()
    total = torch.zeros(rows * columns, dtype=torch.int64, device=weight.device)
    for step, share in (
        (0, (1 - right_share) * (1 - low_share)),
        (1, right_share * (1 - low_share)),
        (columns, (1 - right_share) * low_share),
        (columns + 1, right_share * low_share),
    ):
        total.scatter_add_(0, corner + step, (weight * share * _GRAIN).round().long())
    return total.reshape(rows, columns)[1:-1, 1:-1] / _GRAIN


def _widened(dots: Tensor, disc: Image) -> Tensor:
    """Return `cv2.filter2D(dots, -1, disc, borderType=cv2.BORDER_CONSTANT)` for a symmetric disc."""
    reach = disc.shape[0] // 2
    padded = functional.pad(dots, (reach,) * 4)
    spread = torch.zeros_like(padded)
    spread[: disc.shape[0], : disc.shape[1]] = sent(disc, dots.device)
    return convolved(padded, spread)[2 * reach :, 2 * reach :].clamp(min=0)
