"""What sticks to a windscreen: drops and runs of water, snow, dirt, salt, breath, and what wipers leave of them.

The glass is so near that a camera focused on the road sees all of it as blurred as its pupil is wide.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop.droplets import Layer, blots, refracted, runs
from scenes.errors import InputError

Image = NDArray[np.float32]

_HIGHEST = {"drops": 0.7, "crumbs": 0.7, "runs": 20, "wiper": 1.0, "smear": 1.0, "spots": 1.0}
_HIGHEST |= {"dirt": 1.0, "haze": 1.0, "fog": 1.0}
_SIZES = ((2.1, 0.35), (1.0, 0.4), (0.5, 0.25))  # of drops against the middle size, and their shares of the cover
_SALT_SHARE, _SMEAR_SHARE, _FOG_SHARE = 0.3, 0.3, 0.9  # of the light that each scatters at its thickest


@dataclass(frozen=True, kw_only=True)
class Windscreen:
    """What sticks to the glass; as it stands it is clean.

    Args:
        dirt: contrast of the film that glare lights up, in [0, 1].
        drops: share of unwiped glass under drops, 0.02 drizzle to 0.4 cloudburst.
        drop_mm: middle diameter of drops on the glass, 1 to 5.
        runs: threads of water that run down.
        crumbs: share of unwiped glass under snow.
        wiper: how far the wiper is through its stroke, in (0, 1]; 0 leaves the glass unwiped.
        smear: what the wiper leaves behind it, in [0, 1].
        spots: mud and insects, in [0, 1].
        haze: dried salt or dust, in [0, 1].
        fog: breath on the inside, in [0, 1]; it comes from below and from the sides.
        glass_m: from lens to glass; the nearer, the larger and softer its drops.
    """

    dirt: float = 0.0
    drops: float = 0.0
    drop_mm: float = 2.0
    runs: int = 0
    crumbs: float = 0.0
    wiper: float = 0.0
    smear: float = 0.0
    spots: float = 0.0
    haze: float = 0.0
    fog: float = 0.0
    glass_m: float = 0.12
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        for name, highest in _HIGHEST.items():
            if not 0 <= getattr(self, name) <= highest:
                raise InputError(f"windscreen.{name}", f"must lie in [0, {highest:g}]", got=getattr(self, name))
        for name, low, high in (("drop_mm", 0.3, 12.0), ("glass_m", 0.03, 2.0)):
            if not low <= getattr(self, name) <= high:
                raise InputError(f"windscreen.{name}", f"must lie in [{low:g}, {high:g}]", got=getattr(self, name))

    @property
    def clean(self) -> bool:
        """Whether nothing but the film is on it."""
        touched = {item.name for item in fields(self)} - {"dirt", "drop_mm", "wiper", "glass_m"}
        return not any(getattr(self, name) for name in touched)


def drop_share(rate_mm_h: float, speed_mps: float, since_wipe_s: float) -> float:
    """Return the share of the glass that rain covers with drops in the time since it was wiped.

    Drops of Marshall and Palmer spread to 1.8 times their size on a pane that leans back by half.
    """
    if rate_mm_h <= 0 or since_wipe_s <= 0:
        return 0.0
    area_per_m = np.pi / 4 * 8000 * 2 / (4.1 * rate_mm_h**-0.21) ** 3 * 1e-6
    swept_mps = 0.5 * 6.0 + 0.85 * max(speed_mps, 0.0)
    return float(min(0.6 * (1 - np.exp(-area_per_m * 1.8**2 * swept_mps * since_wipe_s / 0.6)), 0.6))


def through_windscreen(
    rgb_linear: Image, glass: Windscreen, *, focal_px: float, rng: np.random.Generator, aperture_mm: float = 2.0
) -> Image:
    """Return the picture as it is seen through the glass, HxWx3 cd/m².

    Args:
        rgb_linear: HxWx3, cd/m².
        glass: what is on it; its film is left to `film`.
        focal_px: focal length.
        rng: draws drops and dirt.
        aperture_mm: entrance pupil of the lens.
    """
    if glass.clean:
        return rgb_linear
    shape = (rgb_linear.shape[0], rgb_linear.shape[1])
    near, wide = _surroundings(rgb_linear)
    age = _since_wiped(shape, glass.wiper, rng)
    image = rgb_linear
    scatter = _scatter(shape, glass, age, rng)[..., None]
    if glass.haze or glass.smear or glass.fog:
        spread = np.float32(0.6) * near + np.float32(0.4) * wide
        image = np.asarray(image * (1 - scatter) + spread * scatter, np.float32)
    px_per_mm = focal_px * 1e-3 / glass.glass_m
    shown, cover = np.zeros_like(rgb_linear), np.zeros(shape, np.float32)
    layers = _stuck(rgb_linear, glass, age, px_per_mm, focal_px=focal_px, wide=wide, rng=rng)
    for layer, seen in layers:
        own = layer.cover * (1 - cover.ravel()[layer.at])
        shown.reshape(-1, 3)[layer.at] += seen * own[:, None]
        cover.ravel()[layer.at] += own
    if not layers:
        return image
    disc = _disc(aperture_mm * px_per_mm)
    light, veiled = (cv2.filter2D(part, -1, disc, borderType=cv2.BORDER_REFLECT) for part in (shown, cover))
    return np.asarray(np.maximum(image * (1 - veiled[..., None]) + light, 0), np.float32)


def _stuck(
    rgb_linear: Image,
    glass: Windscreen,
    age: Image,
    px_per_mm: float,
    *,
    focal_px: float,
    wide: Image,
    rng: np.random.Generator,
) -> list[tuple[Layer, Image]]:
    """Return the layers of what sticks to the glass with the light that each shows, the uppermost first."""
    shape = age.shape
    found = []
    if glass.spots:
        mud = blots(shape, 1.1 * px_per_mm, np.full(shape, 0.012 * glass.spots, np.float32), rng)
        behind, around = rgb_linear.reshape(-1, 3)[mud.at], wide.reshape(-1, 3)[mud.at]
        found.append((mud, np.asarray(np.float32(0.12) * behind + np.float32(0.1) * around, np.float32)))
    if glass.crumbs:
        low = np.linspace(0.5, 1.5, shape[0], dtype=np.float32)[:, None]
        snow = [blots(shape, size * px_per_mm, glass.crumbs * 0.5 * age * low, rng) for size in (4.0, 1.8)]
        found += [(layer, np.float32(0.75) * wide.reshape(-1, 3)[layer.at]) for layer in snow]
    water = [runs(shape, glass.runs, glass.drop_mm * px_per_mm, rng)] if glass.runs else []
    for size, share in _SIZES if glass.drops else ():
        water.append(blots(shape, glass.drop_mm * size * px_per_mm, glass.drops * share * age, rng))
    return found + [(layer, refracted(rgb_linear, layer, focal_px)) for layer in water]


def _surroundings(rgb_linear: Image) -> tuple[Image, Image]:
    """Return the light around each pixel, near and wide, HxWx3."""
    rows, columns = rgb_linear.shape[:2]
    small = cv2.resize(rgb_linear, (max(columns // 8, 4), max(rows // 8, 4)), interpolation=cv2.INTER_AREA)
    blurred = (cv2.GaussianBlur(small, (0, 0), small.shape[1] * share) for share in (0.03, 0.2))
    near, wide = (np.asarray(cv2.resize(light, (columns, rows)), np.float32) for light in blurred)
    return near, wide


def _since_wiped(shape: tuple[int, int], phase: float, rng: np.random.Generator) -> Image:
    """Return the share of a wiper's cycle that has passed since it crossed each pixel, HxW in [0, 1]; 1 if unwiped."""
    radius, angle = _about_pivot(shape, rng)
    if phase <= 0:
        return np.ones(shape, np.float32)
    stroke = (angle + np.float32(1.2)) / np.float32(2.4)
    ragged = np.interp(radius.ravel(), np.arange(0, int(radius.max()) + 2), 0.012 * _groove_profile(radius, rng))
    age = np.mod(np.float32(phase) - stroke + ragged.reshape(shape).astype(np.float32), 1)
    reach = 0.97 * float(radius.max())
    return np.asarray(np.where(radius < reach, age, 1), np.float32)


def _about_pivot(shape: tuple[int, int], rng: np.random.Generator) -> tuple[Image, Image]:
    """Return distance from the wiper's pivot and angle from upright, HxW."""
    rows, columns = shape
    pivot = np.array([columns * rng.uniform(0.2, 0.8), rows * rng.uniform(1.5, 2.2)], np.float32)
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    return np.hypot(x - pivot[0], y - pivot[1]), np.arctan2(x - pivot[0], pivot[1] - y)


def _scatter(shape: tuple[int, int], glass: Windscreen, age: Image, rng: np.random.Generator) -> Image:
    """Return the share of the light that salt, smears and breath scatter, HxW in [0, 1)."""
    rows, columns = shape
    share = np.zeros(shape, np.float32)
    if glass.haze:
        salt = 0.55 * _cloud(shape, (7, 11), rng) + 0.3 * _cloud(shape, (rows // 5, columns // 5), rng)
        share += np.float32(glass.haze * _SALT_SHARE) * np.exp(salt) * (np.float32(0.35) + np.float32(0.65) * age)
    if glass.smear:
        texture = film(shape, 1.0, rng)
        share += np.float32(glass.smear * _SMEAR_SHARE) * np.clip(texture - np.float32(0.8), 0, 1.5) * np.exp(-2 * age)
    if glass.fog:
        y, x = np.ogrid[:rows, :columns]
        edge = np.maximum(y / rows, np.abs(x / columns - 0.5) * 1.5).astype(np.float32)
        rise = edge + np.float32(0.12) * _cloud(shape, (4, 6), rng) - np.float32(1.15 - 1.2 * glass.fog)
        share += np.float32(_FOG_SHARE) / (1 + np.exp(-rise / np.float32(0.09)))
    return np.minimum(share, np.float32(0.95))


def _cloud(shape: tuple[int, int], cells: tuple[int, int], rng: np.random.Generator) -> Image:
    noise = rng.standard_normal((max(cells[0], 2), max(cells[1], 2))).astype(np.float32)
    return np.asarray(cv2.resize(noise, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _disc(diameter_px: float) -> Image:
    """Return the pupil as the blur that it gives, a soft-edged disc of sum 1."""
    half = int(np.ceil(diameter_px / 2 + 0.5))
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    soft = np.clip(diameter_px / 2 - np.hypot(x, y) + 0.5, 0, 1) + 1e-9
    return np.asarray(soft / soft.sum(), np.float32)


def film(shape: tuple[int, int], contrast: float, rng: np.random.Generator, *, wiped: bool = True) -> Image:
    """Return how much each pixel's piece of glass scatters, HxW, mean 1.

    Args:
        shape: height and width in pixels.
        contrast: 0 an even film, 1 a film of smears.
        rng: draws the smears.
        wiped: whether wipers have drawn their grooves into it.
    """
    if contrast <= 0:
        return np.ones(shape, np.float32)
    rows, columns = shape
    radius, _ = _about_pivot(shape, rng)
    grooves = np.interp(radius.ravel(), np.arange(0, int(radius.max()) + 2), _groove_profile(radius, rng)).reshape(
        shape
    )
    smears = cv2.resize(rng.standard_normal((5, 8)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
    grooves *= float(wiped)
    texture = np.exp(np.float32(contrast) * (0.14 * grooves.astype(np.float32) + 0.5 * smears))
    return np.asarray(texture / texture.mean(), np.float32)


def _groove_profile(radius: Image, rng: np.random.Generator) -> Image:
    """Return the depth of the wiper's grooves by distance from its pivot."""
    length = int(radius.max()) + 2
    fine = cv2.GaussianBlur(rng.standard_normal((1, length)).astype(np.float32), (0, 0), 0.8) * 1.4
    coarse = cv2.GaussianBlur(rng.standard_normal((1, length)).astype(np.float32), (0, 0), 18.0) * 3.0
    return np.asarray((fine + coarse)[0], np.float32)
