"""An actor laid into a real picture: its light, its shade on the ground, edges and noise like the picture's."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.composite.colour import Float32, shoulder, to_display
from blend.composite.cutout import Sprite
from blend.composite.light import GROUND_ALBEDO, Light

_OWN_BLUR_PX = 0.45
"""Spread of a sprite's edges: that of a box over one pixel, and the cut-out's own, smaller by the scale."""
_GRAIN_PX = 0.6
_CONTRAST, _SHADE_CONTRAST = 1.3, 1.6
"""A camera's picture has more contrast than sRGB's curve says of the scene: its own is steeper in the middle tones.
Light is raised to the first power about the ground; shade to the second, as what is dark is pressed further."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """A picture with an actor in it.

    Args:
        rgb: uint8 (H, W, 3); pixels that neither actor nor shade reaches are the picture's.
        masks: object id to its visible pixels, (H, W).
        hidden: share of the actor that is hidden.
    """

    rgb: NDArray[np.uint8]
    masks: dict[int, Mask]
    hidden: float


def paste(
    rgb: NDArray[np.uint8],
    linear: Float32,
    sprite: Sprite,
    *,
    foot_px: tuple[float, float],
    light: Light,
    nearer: Mask,
    rng: np.random.Generator,
) -> Pasted:
    """Lay an actor into a picture.

    Args:
        rgb: uint8 (H, W, 3), not changed.
        linear: the same, linear in [0, 1].
        sprite: the actor at the picture's scale.
        foot_px: where its contact goes.
        light: of the place.
        nearer: pixels of real objects that stand before it.
        rng: draws the noise.
    """
    height, width = rgb.shape[:2]
    left, top = (round(foot - own) for foot, own in zip(foot_px, sprite.contact_px, strict=True))
    into, out_of = _windows(left, top, sprite.alpha.shape, (height, width))
    free = 1.0 - nearer[into].astype(np.float32)
    alpha, colour = _lit(sprite, light)
    alpha, shade = alpha[out_of] * free, 1.0 - (1.0 - sprite.shade[out_of]) * free
    haze = np.array(light.haze, dtype=np.float32)
    behind = linear[into]
    ground = np.minimum(behind, haze) + np.maximum(behind - haze, 0.0) * shade[..., None] ** _SHADE_CONTRAST
    mixed = ground + alpha[..., None] * (colour[out_of] - ground)
    touched = (alpha > 0.004) | (shade < 0.99)
    made = rgb.copy()
    made[into][touched] = _developed(mixed, alpha, light, rng)[touched]
    masks = {}
    for number, share in sprite.shares.items():
        mask = np.zeros((height, width), dtype=bool)
        mask[into] = (share[out_of] * free) >= 0.5
        masks[number] = mask
    whole = float((sprite.alpha >= 0.5).sum())
    seen = float(sum(mask.sum() for mask in masks.values()))
    return Pasted(rgb=made, masks=masks, hidden=max(0.0, 1.0 - seen / max(whole, 1.0)))


def _windows(left: int, top: int, shape: tuple[int, ...], size: tuple[int, int]) -> tuple[tuple[slice, slice], ...]:
    """Return the part of the picture that a sprite falls on, and the part of the sprite that falls on it."""
    rows = max(0, top), min(size[0], top + shape[0])
    columns = max(0, left), min(size[1], left + shape[1])
    into = slice(rows[0], max(rows)), slice(columns[0], max(columns))
    out_of = slice(rows[0] - top, max(rows) - top), slice(columns[0] - left, max(columns) - left)
    return into, out_of


def _lit(sprite: Sprite, light: Light) -> tuple[Float32, Float32]:
    """Return alpha and colour under the picture's light, as sharp as the picture."""
    spread = float(np.sqrt(max(light.blur_px**2 - _OWN_BLUR_PX**2, 0.0)))
    alpha = sprite.alpha
    tone = sprite.actor / (np.maximum(alpha, 1e-3)[..., None] * GROUND_ALBEDO)
    lit = shoulder(tone**_CONTRAST * (GROUND_ALBEDO * np.array(light.white, dtype=np.float32)))
    lit = (lit + np.array(light.haze, dtype=np.float32)) * alpha[..., None]
    if spread > 0.2:
        alpha, lit = (cv2.GaussianBlur(image, (0, 0), spread).astype(np.float32) for image in (alpha, lit))
    return alpha, np.asarray(lit / np.maximum(alpha, 1e-3)[..., None], dtype=np.float32)


def _developed(mixed: Float32, alpha: Float32, light: Light, rng: np.random.Generator) -> NDArray[np.uint8]:
    grain = cv2.GaussianBlur(rng.normal(size=alpha.shape).astype(np.float32), (0, 0), _GRAIN_PX)
    strength = light.noise / max(float(grain.std()), 1e-6)
    display = to_display(mixed) + (strength * grain * alpha)[..., None]
    return np.clip(np.rint(display), 0, 255).astype(np.uint8)
