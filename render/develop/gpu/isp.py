"""`isp.picture` on a torch device."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from render.develop.gpu.colours import converted, luminance
from render.develop.gpu.filters import blurred, highest, resized, scaled
from render.develop.gpu.tensors import Image, colour, fetched, sent
from render.develop.isp import PEDESTAL, ROOT_NOISE, IspSettings, smear_px, tone_table
from render.develop.noise_reduction import COARSE_TRUST, LEVEL_NOISE, LEVELS
from render.develop.sensor import BAYER, SITES


def picture(
    raw: Image, gains: Image, isp: IspSettings, *, bayer: str, noise: float, dark: float, device: torch.device
) -> NDArray[np.uint8]:
    """Return `isp.picture` of the same arguments."""
    rgb = calm_fringes(demosaic(sent(raw, device), gains, bayer))
    if any(isp.shadow_cast) and dark > 0:
        rgb = rgb + colour(isp.shadow_cast, rgb) * dark
    display = tone(lift_shadows(reduce_noise(rgb, noise, isp), isp.shadow_lift), isp)
    luma = luminance(display)
    display = luma + isp.saturation_at(dark) * (display - luma)
    display = sharpen(display, isp.sharpen_at(dark), isp.sharpen_px, isp.halo)
    return fetched((display.clamp(0, 1) * 255).round().to(torch.uint8))


def demosaic(raw: Tensor, gains: Image, bayer: str) -> Tensor:
    """Return `isp.demosaic`, with OpenCV's rule: green along the direction that changes less, colours by neighbours."""
    channel = torch.empty(raw.shape, dtype=torch.int8, device=raw.device)
    for (row, column), of_site in zip(SITES, BAYER[bayer], strict=True):
        channel[row::2, column::2] = of_site
    balanced = raw * torch.tensor(gains.tolist(), device=raw.device)[channel.int()]
    coded = (((balanced + PEDESTAL) / (1 + PEDESTAL)).clamp(0, 1) * 65535).round().int()
    across, along, diagonal, green = _neighbours(coded)
    planes = []
    for wanted in (0, 1, 2):
        in_row = (channel == wanted).any(dim=1, keepdim=True)
        other = green if wanted == 1 else torch.where(channel == 1, torch.where(in_row, across, along), diagonal)
        planes.append(torch.where(channel == wanted, coded, other))
    inner = torch.stack(planes)[:, 1:-1, 1:-1].float()
    return functional.pad(inner, (1, 1, 1, 1), mode="replicate") * ((1 + PEDESTAL) / 65535) - PEDESTAL


def _neighbours(coded: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return rounded means of neighbours: left and right, above and below, diagonal, and those that differ less."""
    padded = functional.pad(coded.float()[None], (1, 1, 1, 1), mode="replicate")[0].int()
    left, right, above, below = padded[1:-1, :-2], padded[1:-1, 2:], padded[:-2, 1:-1], padded[2:, 1:-1]
    across, along = (left + right + 1) >> 1, (above + below + 1) >> 1
    diagonal = (padded[:-2, :-2] + padded[:-2, 2:] + padded[2:, :-2] + padded[2:, 2:] + 2) >> 2
    return across, along, diagonal, torch.where((left - right).abs() > (above - below).abs(), along, across)


def calm_fringes(rgb: Tensor) -> Tensor:
    """Return `isp.calm_fringes`."""
    ring = highest((rgb.amin(dim=0) >= 0.97).float(), 5)
    return rgb + 0.85 * ring * (luminance(rgb) - rgb)


def reduce_noise(rgb: Tensor, noise: float, isp: IspSettings) -> Tensor:
    """Return `isp.reduce_noise`."""
    coded = converted(rgb.clamp(min=0).sqrt(), cv2.COLOR_RGB2YCrCb)
    luma = clean_luma(coded[0], noise * ROOT_NOISE, isp.luma_denoise)
    colours = smear_colour(coded[1:], smear_px(isp, noise))
    root = converted(torch.cat([luma[None], colours]), cv2.COLOR_YCrCb2RGB)
    return root.clamp(0, 1).square()


def _smaller(planes: Tensor) -> Tensor:
    rows, columns = planes.shape[-2:]
    return resized(planes, (max(rows // 2, 1), max(columns // 2, 1)), cv2.INTER_AREA)


def _larger(planes: Tensor, like: Tensor) -> Tensor:
    return resized(planes, (like.shape[-2], like.shape[-1]))


def clean_luma(luma: Tensor, noise: float, strength: float) -> Tensor:
    """Return `noise_reduction.clean_luma`."""
    if strength <= 0 or noise <= 0:
        return luma
    bands, base = [], luma
    for _ in range(LEVELS):
        small = _smaller(base)
        bands.append(base - _larger(small, base))
        base = small
    for band, left, trust in reversed(list(zip(bands, LEVEL_NOISE, COARSE_TRUST, strict=True))):
        squared, threshold = band.square(), 2.0 * strength * trust * noise * left
        base = _larger(base, band) + band * (squared / (squared + threshold**2))
    return base


def smear_colour(planes: Tensor, width_px: float) -> Tensor:
    """Return `noise_reduction.smear_colour` of each plane."""
    if width_px <= 0:
        return planes
    return blurred(planes, width_px) if width_px < 2 else _larger(blurred(_smaller(planes), width_px / 2), planes)


def lift_shadows(rgb: Tensor, strength: float) -> Tensor:
    """Return `isp.lift_shadows`."""
    if strength <= 0:
        return rgb
    luma = luminance(rgb)
    small = scaled(luma, 0.125)
    wide = _larger(blurred(small.clamp(min=0).sqrt(), max(small.shape) / 14), luma).square().clamp(0, 1)
    gain = ((0.2 / (wide + 0.02)) ** (0.35 * strength)).clamp(0.8, 2.2)
    return rgb * (1 + (gain - 1) * (1 - luma).clamp(0, 1))


def tone(rgb: Tensor, isp: IspSettings) -> Tensor:
    """Return `isp.tone`."""
    table = sent(tone_table(isp.contrast, isp.black_lift), rgb.device)
    return table[(rgb.clamp(0, 1).sqrt() * (len(table) - 1)).round().long()]


def sharpen(display: Tensor, amount: float, radius_px: float, halo: float) -> Tensor:
    """Return `isp.sharpen`."""
    if amount <= 0:
        return display
    luma = luminance(display)
    return display + amount * (luma - blurred(luma, radius_px)).clamp(-halo, halo)
