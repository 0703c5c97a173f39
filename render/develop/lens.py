"""What lens and windscreen do to light before it reaches the sensor: glare, ghosts, dirt, vignette, softness.

Glare is a point-spread function of total 1, so it moves light and makes none: a needle (what is imaged sharply),
a bloom, a wide veil, the star of the aperture blades and the streak that worn wipers leave across every lamp.
Source of the shape: Vos, CIE 135/1 (1999), glare falls as the inverse square of the angle between 1 and 30 degrees;
McCann and Rizzi, Journal of the SID 15 (2007), 721, for the share that cameras scatter (a few per cent).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from render.develop import sun_disc
from render.develop.viewpoint import Viewpoint

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]

BLOOM_RAD = 0.0045
VEIL_RAD = 0.02
SPIKE_RAD = 0.022
SPIKE_WIDTH_RAD = 0.0011
WIPER_RAD = 0.05
WIPER_WIDTH_RAD = 0.0035
DIFFRACTION = (1.12, 1.0, 0.86)  # diffraction grows with wavelength: 610, 545, 470 nm
GHOSTS = ((-0.72, 0.07, (0.6, 1.0, 0.9)), (-0.34, 0.035, (1.0, 0.8, 0.9)))  # scale about the axis, blur rad, coating


@dataclass(frozen=True, kw_only=True)
class Glare:
    """Shares of the light that each part of the point-spread function carries, and its orientation.

    Args:
        veil, bloom, spikes, wiper, ghosts: shares in [0, 1), sum < 1.
        lines: lines of the star; n lines make 2n spikes.
        star_rad, wiper_rad: orientation of star and wiper streak.
    """

    veil: float = 0.0
    bloom: float = 0.0
    spikes: float = 0.0
    wiper: float = 0.0
    ghosts: float = 0.0
    lines: int = 3
    star_rad: float = 0.3
    wiper_rad: float = 1.4

    @property
    def spread(self) -> float:
        """Share that the point-spread function takes from the needle."""
        return self.veil + self.bloom + self.spikes + self.wiper

    @property
    def scattered(self) -> float:
        """Share of the light that does not go where it should."""
        return self.spread + self.ghosts


def _ray(x: Image, y: Image, angle_rad: float, width_rad: float) -> Image:
    """Return the cross-section of a streak through the origin that widens slowly outwards."""
    cosine, sine = np.float32(np.cos(angle_rad)), np.float32(np.sin(angle_rad))
    across = x * sine - y * cosine
    width = width_rad + 0.012 * np.abs(x * cosine + y * sine)
    return np.asarray(np.exp(-((across / width) ** 2)) * (width_rad / width), np.float32)


def _parts(x: Image, y: Image, glare: Glare, pixel_rad: float) -> list[tuple[float, Image]]:
    """Return (share, unnormalised shape, HxWx1 or HxWx3) of every part at angles x, y from the source."""
    squared = np.asarray(x * x + y * y, np.float32)
    width = max(SPIKE_WIDTH_RAD, 0.6 * pixel_rad)
    star = np.zeros((*squared.shape, 3), np.float32)
    for line in range(glare.lines if glare.spikes else 0):
        angle = glare.star_rad + np.pi * line / glare.lines + 0.06 * np.sin(7.0 * line + glare.star_rad)
        streak = _ray(x, y, angle, width)
        for channel, scale in enumerate(DIFFRACTION):
            star[..., channel] += streak * (1 + squared / (SPIKE_RAD * scale) ** 2) ** -1.25
    streak = _ray(x, y, glare.wiper_rad, max(WIPER_WIDTH_RAD, pixel_rad))
    return [
        (glare.veil, (1 / (1 + squared / VEIL_RAD**2))[..., None]),
        (glare.bloom, ((1 + squared / max(BLOOM_RAD, pixel_rad) ** 2) ** -1.75)[..., None]),
        (glare.spikes, star),
        (glare.wiper, (streak / (1 + squared / WIPER_RAD**2))[..., None]),
    ]


@dataclass(frozen=True)
class Spread:
    """A point-spread function on a grid of twice the picture, each part normalised to its share.

    Args:
        glare: shares.
        shape: picture that it serves, height and width in grid cells.
        pixel_rad: angle of a grid cell.
    """

    glare: Glare
    shape: tuple[int, int]
    pixel_rad: float

    def _angles(self, y: Image, x: Image) -> tuple[Image, Image]:
        return np.asarray(x * np.float32(self.pixel_rad), np.float32), np.asarray(
            y * np.float32(self.pixel_rad), np.float32
        )

    def kernel(self) -> tuple[Image, list[Image]]:
        """Return the kernel, 2H x 2W x 3 with its origin at [0, 0] and sum `glare.spread`, and each part's norm."""
        rows, columns = (fft.next_fast_len(2 * size, real=True) for size in self.shape)
        y = (fft.fftfreq(rows).astype(np.float32) * rows)[:, None] + np.zeros((1, columns), np.float32)
        x = (fft.fftfreq(columns).astype(np.float32) * columns)[None, :] + np.zeros((rows, 1), np.float32)
        total = np.zeros((rows, columns, 3), np.float32)
        norms: list[Image] = []
        for share, form in _parts(*self._angles(y, x), self.glare, self.pixel_rad):
            norms.append(np.asarray(share / np.maximum(form.sum(axis=(0, 1), dtype=np.float64), 1e-12), np.float32))
            total += norms[-1] * form
        return total, norms

    def point(self, x: float, y: float, norms: list[Image]) -> Image:
        """Return what a source of flux 1 at cell (x, y), in or out of the frame, adds to the picture, HxWx3."""
        rows, columns = self.shape
        dy = (np.arange(rows, dtype=np.float32) + np.float32(0.5 - y))[:, None] + np.zeros((1, columns), np.float32)
        dx = (np.arange(columns, dtype=np.float32) + np.float32(0.5 - x))[None, :] + np.zeros((rows, 1), np.float32)
        total = np.zeros((rows, columns, 3), np.float32)
        for norm, (_, form) in zip(norms, _parts(*self._angles(dy, dx), self.glare, self.pixel_rad), strict=True):
            total += norm * form
        return total


def convolve(image: Image, kernel: Image) -> Image:
    """Convolve a picture HxWx3 with a kernel of at least twice its size; light that leaves the frame is gone."""
    rows, columns = kernel.shape[:2]
    out = np.empty_like(image)
    for channel in range(3):
        spectrum = fft.rfft2(image[..., channel], (rows, columns)) * fft.rfft2(kernel[..., channel])
        out[..., channel] = fft.irfft2(spectrum, (rows, columns))[: image.shape[0], : image.shape[1]]
    return np.maximum(out, 0.0)


def halve(image: Image) -> Image:
    """Average 2x2 pixels; the glare is smooth enough to be computed there."""
    return np.asarray(cv2.resize(image, (image.shape[1] // 2, image.shape[0] // 2), interpolation=cv2.INTER_AREA))


def enlarge(image: Image, shape: tuple[int, int]) -> Image:
    """Bring a smooth picture back to full size."""
    return np.asarray(cv2.resize(image, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR))


def pupil(radius: int) -> Image:
    """Return a soft-edged disc of sum 1: the aperture that an out-of-focus reflection shows."""
    y, x = np.ogrid[-radius - 1 : radius + 2, -radius - 1 : radius + 2]
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    return np.asarray(disc / disc.sum(), np.float32)


def ghosts(image: Image, share: float, pixel_rad: float) -> Image:
    """Return reflections between lens surfaces: faint, blurred, tinted copies mirrored about the axis."""
    total = np.zeros_like(image)
    rows, columns = image.shape[:2]
    for scale, blur_rad, coating in GHOSTS if share else ():
        height, width = round(rows * -scale), round(columns * -scale)
        small = cv2.resize(image[::-1, ::-1], (width, height), interpolation=cv2.INTER_AREA)
        mirrored = np.zeros_like(image)
        top, left = (rows - height) // 2, (columns - width) // 2
        mirrored[top : top + height, left : left + width] = small * np.float32(rows * columns / (height * width))
        copy = cv2.filter2D(mirrored, -1, pupil(max(1, round(blur_rad / pixel_rad / 2))))
        total += copy * (np.asarray(coating, np.float32) * np.float32(share / len(GHOSTS) / max(coating)))
    return total


def vignette(image: Image, focal_px: float, strength: float) -> Image:
    """Darken the corners as cos^(4·strength) of the field angle; strength 1 is the natural law, 0 none."""
    y, x = np.ogrid[: image.shape[0], : image.shape[1]]
    squared = ((x + 0.5 - image.shape[1] / 2) ** 2 + (y + 0.5 - image.shape[0] / 2) ** 2) / focal_px**2
    return np.asarray(image * ((1 + squared) ** (-2 * strength)).astype(np.float32)[..., None], np.float32)


def soften(image: Image, sigma_px: float) -> Image:
    """Blur as a moulded lens and the sensor's low-pass filter do."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px), np.float32) if sigma_px > 0 else image


def through_lens(
    rgb_linear: Image,
    glare: Glare,
    *,
    eye: Viewpoint,
    sun_rgb_lux: Image,
    sky: Mask,
    film: Image,
    corners: float,
    soften_px: float,
) -> Image:
    """Return the light on the sensor, still as scene luminance, HxWx3 cd/m².

    Args:
        rgb_linear: HxWx3, cd/m², without the sun's disc.
        glare: what scatters, and how much.
        eye: of the camera; tells where the sun stands.
        sun_rgb_lux: (3,) illuminance at normal incidence of what the lens sees of the sun.
        sky: HxW, what is sky.
        film: how much the glass scatters, half as high and wide, mean 1.
        corners: strength of the vignette.
        soften_px: standard deviation of the last blur.
    """
    shape, half, pixel_rad = rgb_linear.shape[:2], halve(rgb_linear), 2.0 / eye.focal_px
    spread = Spread(glare, half.shape[:2], pixel_rad)
    kernel, norms = spread.kernel()
    scattered = convolve(half, kernel)
    position, disc = eye.sun_px, np.float32(sun_disc.DISC_CD_M2_PER_LUX)
    if position is not None and sun_rgb_lux.any():
        flux = sun_rgb_lux / np.float32(pixel_rad**2)
        scattered += spread.point(position[0] / 2, position[1] / 2, norms) * flux
        half += sun_disc.coverage(eye, half.shape[:2], 0.5)[..., None] * sun_rgb_lux * disc
    scattered += ghosts(half, glare.ghosts, pixel_rad)
    scattered *= film[..., None]
    sharp = np.float32(1 - glare.scattered)
    image = rgb_linear * sharp + enlarge(scattered, shape)
    if position is not None and sun_rgb_lux.any():
        image += (sun_disc.coverage(eye, shape, 1.0) * sky)[..., None] * sun_rgb_lux * (sharp * disc)
    return soften(vignette(image, eye.focal_px, corners), soften_px)
