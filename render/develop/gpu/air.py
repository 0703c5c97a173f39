"""`atmosphere.through_air` on a torch device."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

from render.develop.atmosphere import (
    ALONE,
    BRIGHTER,
    CAMERA_M,
    CLEAR_AIR_M,
    HALO_RAD,
    HORIZON_M,
    OPEN,
    SKY_M,
    TWIG,
    Air,
    Rgb,
    beam_shells,
    level_rays,
    sun_through,
)
from render.develop.gpu.filters import blurred, box, highest, lowest, resized
from render.develop.gpu.tensors import Image, centres, colour, fetched, sent


def through_air(
    rgb_linear: Image,
    depth_m: Image,
    air: Air,
    *,
    sky_rgb: Image,
    sun_rgb_lux: Image,
    cos_sun: Image,
    focal_px: float,
    ego_rgb_cd: Rgb = (0.0, 0.0, 0.0),
    high_rgb_cd: Rgb = (0.0, 0.0, 0.0),
    rays: Image | None = None,
    device: torch.device,
) -> Image:
    """Return `atmosphere.through_air` of the same arguments."""
    if air.visibility_m >= CLEAR_AIR_M and not np.any(sun_rgb_lux):
        return rgb_linear
    aim = level_rays(depth_m.shape, focal_px) if rays is None else rays
    scene, depth = sent(rgb_linear, device), sent(depth_m, device)
    path = path_m(depth, air, focal_px, sent(aim, device))
    tau = air.extinction_per_m * path
    raw = torch.exp(-tau)
    kept, veil = unmixed(guided(raw, scene), raw, scene, depth >= SKY_M)
    tint = colour(air.tint_rgb, scene)
    airlight = tint * (colour(sky_rgb, scene) + sun_glow(air, sent(cos_sun, device)) * colour(sun_rgb_lux, scene))
    seen = scene * kept + airlight * veil
    excess = (scene - BRIGHTER * airlight).clamp(min=0)
    if bool(excess.any()):
        seen += halos(excess * tint, tau, air.asymmetry, focal_px)
    for candela, high in ((ego_rgb_cd, False), (high_rgb_cd, True)):
        if any(candela):
            seen += beam_glow(path, aim, air, high=high) * tint * colour(candela, scene)
    return fetched(seen)


def path_m(depth: Tensor, air: Air, focal_px: float, rays: Tensor) -> Tensor:
    """Return `atmosphere.path_m`."""
    across, down = (centres(side, side / 2, depth.device) / focal_px for side in reversed(depth.shape))
    slant = torch.sqrt(1 + across**2 + down[:, None] ** 2)
    rise = (-rays[1]).clamp(min=1e-6)
    leaves = ((air.layer_m - CAMERA_M) / rise).clamp(max=HORIZON_M)
    return torch.minimum(depth * slant, leaves).float()


def guided(kept: Tensor, scene: Tensor) -> Tensor:
    """Return `atmosphere.guided`."""
    low, high = lowest(kept, 5), highest(kept, 5)
    guide = torch.log(scene.mean(dim=0) + 1e-4)
    of_guide, of_kept, product, square = (box(part, 5) for part in (guide, kept, guide * kept, guide * guide))
    slope = (product - of_guide * of_kept) / (square - of_guide**2 + 0.01)
    fitted = box(slope, 5) * guide + box(of_kept - slope * of_guide, 5)
    mixed = ((high - low - 0.04) / 0.08).clamp(0, 1)
    return kept + mixed * (fitted.clamp(low, high) - kept)


def unmixed(kept: Tensor, raw: Tensor, scene: Tensor, sky: Tensor) -> tuple[Tensor, Tensor]:
    """Return `atmosphere.unmixed`."""
    open_sky = sky.float()
    rim = (highest(open_sky, 5) > 0) & (highest(1 - open_sky, 5) > 0)
    if not bool(rim.any()):
        return kept, 1 - kept
    light = scene.mean(dim=0)
    bright = highest(torch.where(sky, light, 0.0), 5)
    dark = torch.minimum(lowest(torch.where(sky, 3e38, light), 5), light)
    dark = torch.where(box(open_sky, 5) > ALONE, torch.minimum(dark, TWIG * bright), dark)
    share = ((light - dark) / (bright - dark).clamp(min=1e-6)).clamp(0, 1)
    surface = torch.where(sky, highest(torch.where(sky, 0.0, raw), 5), raw)
    beyond = lowest(raw, 5)
    leaf, behind = (1 - share) * dark, share * bright
    of_light = (leaf * surface + behind * beyond) / (leaf + behind).clamp(min=1e-6)
    of_air = 1 - (1 - share) * surface - share * beyond
    mixed = rim & (bright > 2 * dark) & (~sky | (share < OPEN))
    plain = torch.where(sky, torch.minimum(raw, kept), kept)
    return torch.where(mixed, of_light, plain), torch.where(mixed, of_air, 1 - plain)


def sun_glow(air: Air, cos_sun: Tensor) -> Tensor:
    """Return `atmosphere.sun_glow`."""
    g, through = sun_through(air)
    return (1 - g * g) / (4 * np.pi) / (1 + g * g - 2 * g * cos_sun) ** 1.5 * through


def halos(bright: Tensor, tau: Tensor, asymmetry: float, focal_px: float) -> Tensor:
    """Return what `atmosphere.through_air` adds around bright things."""
    rows, columns = tau.shape
    size = (max(rows // 4, 1), max(columns // 4, 1))
    through = 2 / (2 + (1 - asymmetry) * tau) - torch.exp(-tau)
    light = resized(bright * through, size, cv2.INTER_AREA)
    ratio = 1.5 + 0.5 * resized(tau.clamp(max=5), size, cv2.INTER_AREA)
    total = torch.zeros_like(light)
    for ring, sigma_rad in enumerate(HALO_RAD):
        part = light * (ratio**ring / (1 + ratio + ratio**2))
        total += blurred(part, sigma_rad * focal_px / 4, cv2.BORDER_CONSTANT)
    return resized(total, (rows, columns))


def beam_glow(path: Tensor, rays: Image, air: Air, *, high: bool) -> Tensor:
    """Return `atmosphere.beam_glow`; the shells of air are so coarse that the CPU lights them."""
    glow = torch.zeros_like(path)
    for near, far, back in beam_shells(rays, air, high=high):
        share = ((path - near) * (1 / (far - near))).clamp(0, 1)
        glow += share * resized(sent(back, path.device), (path.shape[0], path.shape[1]))
    return glow
