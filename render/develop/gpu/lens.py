"""`lens.through_lens` on a torch device."""

from __future__ import annotations

import math

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from torch import Tensor
from torch.nn import functional

from render.develop.gpu.filters import blurred, mirrored, resized
from render.develop.gpu.tensors import Image, centres, colour, fetched, sent
from render.develop.lens import (
    BLOOM_RAD,
    DIFFRACTION,
    GHOSTS,
    SPIKE_RAD,
    SPIKE_WIDTH_RAD,
    VEIL_RAD,
    WIPER_RAD,
    WIPER_WIDTH_RAD,
    Glare,
    pupil,
)
from render.develop.sun_disc import DISC_CD_M2_PER_LUX, radius_px
from render.develop.viewpoint import Viewpoint

Part = tuple[float, Tensor]


def through_lens(
    rgb_linear: Image,
    glare: Glare,
    *,
    eye: Viewpoint,
    sun_rgb_lux: Image,
    sky: NDArray[np.bool_],
    film: Image,
    corners: float,
    soften_px: float,
    device: torch.device,
) -> Image:
    """Return `lens.through_lens` of the same arguments."""
    scene, pixel_rad = sent(rgb_linear, device), 2.0 / eye.focal_px
    rows, columns = scene.shape[1:]
    half = resized(scene, (rows // 2, columns // 2), cv2.INTER_AREA)
    spread, norms = kernel(glare, half, pixel_rad)
    scattered = convolved(half, spread).clamp(min=0)
    sun = colour(sun_rgb_lux, scene) if eye.sun_px is not None and sun_rgb_lux.any() else None
    if sun is not None:
        scattered = scattered + sun_glare(eye, glare, norms, half, pixel_rad) * (sun / pixel_rad**2)
        half = half + coverage(eye, half, 0.5) * sun * DISC_CD_M2_PER_LUX
    scattered = (scattered + ghosts(half, glare.ghosts, pixel_rad)) * sent(film, device)
    image = scene * (1 - glare.scattered) + resized(scattered, (rows, columns))
    if sun is not None:
        disc = coverage(eye, scene, 1.0) * sent(sky, device)
        image = image + disc * sun * ((1 - glare.scattered) * DISC_CD_M2_PER_LUX)
    image = image * vignette(image, eye.focal_px, corners)
    return fetched(blurred(image, soften_px) if soften_px > 0 else image)


def _ray(x: Tensor, y: Tensor, angle_rad: float, width_rad: float) -> Tensor:
    cosine, sine = math.cos(angle_rad), math.sin(angle_rad)
    width = width_rad + 0.012 * (x * cosine + y * sine).abs()
    return torch.exp(-(((x * sine - y * cosine) / width) ** 2)) * (width_rad / width)


def _parts(x: Tensor, y: Tensor, glare: Glare, pixel_rad: float) -> list[Part]:
    """Return share and shape, planes x rows x columns, of every part of the glare at angles from the source."""
    squared = x * x + y * y
    width = max(SPIKE_WIDTH_RAD, 0.6 * pixel_rad)
    star = torch.zeros((3, *squared.shape), device=squared.device)
    for line in range(glare.lines if glare.spikes else 0):
        angle = glare.star_rad + math.pi * line / glare.lines + 0.06 * math.sin(7.0 * line + glare.star_rad)
        streak = _ray(x, y, angle, width)
        for channel, scale in enumerate(DIFFRACTION):
            star[channel] += streak * (1 + squared / (SPIKE_RAD * scale) ** 2) ** -1.25
    streak = _ray(x, y, glare.wiper_rad, max(WIPER_WIDTH_RAD, pixel_rad))
    return [
        (glare.veil, (1 / (1 + squared / VEIL_RAD**2))[None]),
        (glare.bloom, ((1 + squared / max(BLOOM_RAD, pixel_rad) ** 2) ** -1.75)[None]),
        (glare.spikes, star),
        (glare.wiper, (streak / (1 + squared / WIPER_RAD**2))[None]),
    ]


def kernel(glare: Glare, half: Tensor, pixel_rad: float) -> tuple[Tensor, list[Tensor]]:
    """Return the kernel and norms of `lens.Spread.kernel`, planes first."""
    y, x = (
        torch.fft.fftfreq(length, 1 / length, device=half.device) * pixel_rad
        for length in (next_fast_len(2 * side, real=True) for side in half.shape[1:])
    )
    down, right = torch.meshgrid(y, x, indexing="ij")
    parts = _parts(right, down, glare, pixel_rad)
    norms = [
        (share / form.sum(dim=(1, 2), dtype=torch.float64).clamp(min=1e-12)).float()[:, None, None]
        for share, form in parts
    ]
    total = torch.zeros((3, len(y), len(x)), device=half.device)
    for norm, (_, form) in zip(norms, parts, strict=True):
        total += norm * form
    return total, norms


def sun_glare(eye: Viewpoint, glare: Glare, norms: list[Tensor], half: Tensor, pixel_rad: float) -> Tensor:
    """Return what a sun of flux 1 adds to the picture of half the size: `lens.Spread.point`."""
    assert eye.sun_px is not None
    x, y = (
        centres(side, place / 2, half.device).float() * pixel_rad
        for side, place in zip((half.shape[2], half.shape[1]), eye.sun_px, strict=True)
    )
    total = torch.zeros_like(half)
    parts = _parts(x[None, :].expand(half.shape[1:]), y[:, None].expand(half.shape[1:]), glare, pixel_rad)
    for norm, (_, form) in zip(norms, parts, strict=True):
        total += norm * form
    return total


def convolved(planes: Tensor, spread: Tensor) -> Tensor:
    """Convolve planes with a kernel that has its origin at [0, 0] and is at least as large as what it must not wrap."""
    size = (spread.shape[-2], spread.shape[-1])
    spectrum = torch.fft.rfft2(planes, size) * torch.fft.rfft2(spread)
    whole: Tensor = torch.fft.irfft2(spectrum, size)
    return whole[..., : planes.shape[-2], : planes.shape[-1]]


def coverage(eye: Viewpoint, like: Tensor, scale: float) -> Tensor:
    """Return `sun_disc.coverage`; in float64, as a disc's edge is a billion times as bright as what it stands in."""
    assert eye.sun_px is not None
    x, y = (
        centres(side, place * scale, like.device)
        for side, place in zip((like.shape[2], like.shape[1]), eye.sun_px, strict=True)
    )
    radius = radius_px(eye) * scale
    full = (radius - torch.sqrt(x**2 + y[:, None] ** 2).float() + 0.5).clamp(0, 1)
    if radius >= 1:
        return full
    return full * (math.pi * radius**2 / full.sum().clamp(min=1e-6)).clamp(max=1)


def ghosts(half: Tensor, share: float, pixel_rad: float) -> Tensor:
    """Return `lens.ghosts`."""
    total = torch.zeros_like(half)
    rows, columns = half.shape[1:]
    for scale, blur_rad, coating in GHOSTS if share else ():
        height, width = round(rows * -scale), round(columns * -scale)
        small = resized(half.flip(1, 2), (height, width), cv2.INTER_AREA) * (rows * columns / (height * width))
        top, left = (rows - height) // 2, (columns - width) // 2
        mirrored = functional.pad(small, (left, columns - width - left, top, rows - height - top))
        copy = _filtered(mirrored, pupil(max(1, round(blur_rad / pixel_rad / 2))))
        total += copy * (colour(coating, half) * (share / len(GHOSTS) / max(coating)))
    return total


def _filtered(planes: Tensor, spot: Image) -> Tensor:
    """Return `cv2.filter2D(image, -1, spot)` for a symmetric spot."""
    reach = spot.shape[0] // 2
    padded = mirrored(planes, reach)
    spread = torch.zeros(padded.shape[1:], device=planes.device)
    spread[: spot.shape[0], : spot.shape[1]] = sent(spot, planes.device)
    return convolved(padded, spread)[:, 2 * reach :, 2 * reach :]


def vignette(planes: Tensor, focal_px: float, strength: float) -> Tensor:
    """Return the factor of `lens.vignette`, HxW."""
    across, down = (centres(side, side / 2, planes.device) for side in (planes.shape[2], planes.shape[1]))
    squared = (across**2 + down[:, None] ** 2) / focal_px**2
    return ((1 + squared) ** (-2 * strength)).float()
