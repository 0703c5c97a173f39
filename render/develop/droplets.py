"""Drops, runs and blots on a pane of glass: where they lie, and which way each point of them bends the view.

A drop is a strong lens: it shows a wide piece of the scene upside down and small.
Source: von Bernuth, Volk and Bringmann, ITSC 2019, "Simulating photo-realistic snow and fog", and ITSC 2018,
"Rendering physically correct raindrops on windshields", for drops as spherical caps that a camera sees out of focus.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
Floats = NDArray[np.float64]

_BEND_RAD = 0.7  # the steepest that a cap with a contact angle of some 50 degrees bends light
_SMALL = 8  # what a drop shows is so small that an eighth of the picture's resolution is plenty


@dataclass(frozen=True)
class Layer:
    """Blots of about one size on the glass, told only where they lie.

    Args:
        at: (N,) flat index of the pixels.
        cover: (N,) in [0, 1].
        right, down: (N,) place within a blot in units of its radius, in [-1, 1].
        radius_px: middle radius.
    """

    at: NDArray[np.intp]
    cover: Image
    right: Image
    down: Image
    radius_px: float


def blots(shape: tuple[int, int], diameter_px: float, density: Image, rng: np.random.Generator) -> Layer:
    """Strew uneven round blots over the glass; where two meet they share a border.

    Args:
        shape: height and width.
        diameter_px: middle of their sizes, which spread by a third.
        density: HxW, the share of the glass that they would cover if none overlapped.
        rng: draws places, sizes and outlines.
    """
    rows, columns = shape
    radius_px = max(diameter_px, 1.0) / 2
    area_px = np.pi * radius_px**2 * 1.22  # the mean square of a log-normal of a third
    most = float(density.max(initial=0.0))
    number = rng.poisson(most * rows * columns / area_px) if most > 0 else 0
    x, y = rng.random(number) * columns, rng.random(number) * rows
    kept = rng.random(number) * most < density[y.astype(np.intp), x.astype(np.intp)]
    x, y = x[kept], y[kept]
    if not x.size:
        nothing = np.zeros(0, np.float32)
        return Layer(np.zeros(0, np.intp), nothing, nothing, nothing, radius_px)
    radius = radius_px * np.exp(0.33 * rng.standard_normal(x.size))
    places, outline = np.array([x, y, radius], np.float32), rng.random((4, x.size), np.float32)
    return _placed(shape, places, outline, radius_px)


def _placed(shape: tuple[int, int], places: Image, outline: Image, radius_px: float) -> Layer:
    """Give each pixel within a blot its place in the nearest one."""
    at, blot = _nearest(shape, places)
    right = (at % shape[1]).astype(np.float32) + np.float32(0.5) - places[0, blot]
    down = (at // shape[1]).astype(np.float32) + np.float32(0.5) - places[1, blot]
    distance = np.maximum(np.hypot(right, down), np.float32(1e-3))
    radius = places[2, blot] * _wavy(right / distance, down / distance, outline[:, blot])
    cover = np.clip((1 - distance / radius) * radius + np.float32(0.5), 0, 1)
    some = np.flatnonzero(cover)
    right, down = (np.clip(part[some] / radius[some], -1, 1) for part in (right, down))
    return Layer(at[some], cover[some], right, down, radius_px)


def _nearest(shape: tuple[int, int], places: Image) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pixels that may lie in a blot, and the blot whose middle is nearest to each."""
    column, row = places[0].astype(np.intp), places[1].astype(np.intp)
    free = np.full(shape, 255, np.uint8)
    free[row, column] = 0
    distance, labels = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
    blot_of_label = np.zeros(int(labels.max()) + 1, np.intp)
    blot_of_label[labels[row, column]] = np.arange(column.size)
    at = np.flatnonzero(distance.ravel() < 1.45 * float(places[2].max()) + 1)
    blot = blot_of_label[labels.ravel()[at]]
    close = distance.ravel()[at] < 1.45 * places[2, blot] + 1
    return at[close], blot[close]


def _wavy(cosine: Image, sine: Image, outline: Image) -> Image:
    """Return the outline of a blot in a direction, as a multiple of its radius; Fourier terms 2 and 3."""
    twice = cosine * cosine - sine * sine, 2 * sine * cosine
    thrice = twice[0] * cosine - twice[1] * sine, twice[1] * cosine + twice[0] * sine
    turn, turn3 = outline[1] * np.float32(2 * np.pi), outline[3] * np.float32(2 * np.pi)
    oval = (np.float32(0.05) + np.float32(0.22) * outline[0]) * (np.cos(turn) * twice[0] + np.sin(turn) * twice[1])
    uneven = np.float32(0.16) * outline[2] * (np.cos(turn3) * thrice[0] + np.sin(turn3) * thrice[1])
    return np.asarray(1 + oval + uneven, np.float32)


def runs(shape: tuple[int, int], number: int, width_px: float, rng: np.random.Generator) -> Layer:
    """Let water run down the glass in a few winding threads, each with a thick head."""
    rows, columns = shape
    cover, right = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    y, x = np.arange(rows, dtype=np.float32)[:, None], np.arange(columns, dtype=np.float32)[None]
    for _ in range(number):
        walk = np.cumsum(cv2.GaussianBlur(rng.standard_normal((rows, 1)).astype(np.float32), (0, 0), 6.0), axis=0)
        path = np.float32(rng.random() * columns) + np.float32(1.6) * walk + np.float32(rng.normal(0, 0.15)) * y
        foot = rows * rng.uniform(0.2, 1.3)
        head = np.exp(-np.maximum(foot - y, 0) / np.float32(2 * width_px))
        half = width_px * (np.float32(0.28) + np.float32(0.35) * head)
        half = half * (1 + np.float32(0.3) * np.sin(y / np.float32(1.7 * width_px) + np.float32(6.3 * rng.random())))
        part = (x + np.float32(0.5) - path) / half
        soft = np.clip((1 - np.abs(part)) * half + np.float32(0.3), 0, 1) * (y < foot)
        right = np.where(soft > cover, np.clip(part, -1, 1), right)
        cover = np.maximum(cover, soft)
    at = np.flatnonzero(cover)
    wet = np.asarray(cover.ravel()[at], np.float32)
    return Layer(at, wet, np.asarray(right.ravel()[at], np.float32), np.zeros_like(wet), width_px / 2)


def refracted(rgb_linear: Image, layer: Layer, focal_px: float) -> Image:
    """Return what shows in a layer's drops, (N, 3) cd/m²: the scene turned about each drop's middle and made small."""
    rows, columns = rgb_linear.shape[:2]
    size = (max(columns // _SMALL, 4), max(rows // _SMALL, 4))
    small = cv2.resize(rgb_linear, size, interpolation=cv2.INTER_AREA)
    reach = np.float32(focal_px * np.tan(_BEND_RAD) + 1)
    blur = float(reach) / _SMALL / (4 * max(layer.radius_px, 0.5))  # a drop has few pixels for all that it shows
    small = cv2.GaussianBlur(small, (0, 0), max(blur, 0.6), borderType=cv2.BORDER_REFLECT)
    x = _mirrored((layer.at % columns - layer.right * reach) * (size[0] / columns), size[0])
    y = _mirrored((layer.at // columns - layer.down * reach) * (size[1] / rows), size[1])
    edge = np.minimum(layer.right**2 + layer.down**2, 1)
    rim = np.float32(0.95) - np.float32(0.55) * edge * edge  # steep edges reflect the dark inside of the car
    return np.asarray(small[y, x] * rim[:, None], np.float32)


def _mirrored(place: Floats, size: int) -> NDArray[np.intp]:
    """Fold places outside the picture back into it: what lies there is much like what the edge shows."""
    folded = np.abs(place) % (2 * size)
    return np.clip(np.where(folded >= size, 2 * size - folded, folded), 0, size - 1).astype(np.intp)
