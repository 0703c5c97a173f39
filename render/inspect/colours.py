"""Colours of classes, surfaces, parts and distances; those of the classes are the report's."""

from __future__ import annotations

from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from scenes.ontology import PARTS

Colour = tuple[int, int, int]
Rgb = NDArray[np.uint8]

INK: Colour = (236, 238, 240)
DIM: Colour = (158, 164, 172)
PAPER: Colour = (24, 26, 29)
LINE: Colour = (62, 66, 72)
IGNORED: Colour = (165, 165, 165)
DAMAGE: Colour = (255, 45, 45)
NOTHING: Colour = (44, 47, 52)
"""What a map shows where it says nothing."""

CLASSES: MappingProxyType[str, Colour] = MappingProxyType(
    {
        "car": (63, 182, 255),
        "truck": (255, 159, 64),
        "bus": (255, 210, 63),
        "motorcycle": (199, 146, 255),
        "bicycle": (87, 224, 164),
        "three_wheeler": (255, 122, 198),
        "person": (157, 255, 87),
        "animal": (226, 190, 150),
    }
)
LANES: MappingProxyType[str, Colour] = MappingProxyType(
    {"line": (255, 255, 255), "edge": (255, 128, 32), "centre": (60, 230, 230)}
)
SURFACES: MappingProxyType[str, Colour] = MappingProxyType(
    {
        "none": NOTHING,
        "sky": (70, 130, 180),
        "road": (110, 84, 120),
        "marking": (245, 245, 250),
        "pavement": (214, 90, 190),
        "kerb": (176, 150, 200),
        "terrain": (150, 200, 130),
        "vegetation": (84, 130, 40),
        "water": (40, 80, 150),
        "building": (104, 96, 88),
        "wall": (140, 118, 140),
        "fence": (196, 150, 140),
        "pole": (200, 200, 200),
        "sign": (240, 220, 0),
        "signal": (250, 150, 30),
        "bridge": (150, 100, 80),
        "tunnel": (120, 100, 60),
        "rail_track": (200, 140, 90),
        "furniture": (190, 110, 60),
        "debris": (190, 40, 60),
        "other": (90, 110, 120),
    }
)
_GOLDEN_DEG = 137.50776  # neighbours in number lie far apart in hue


def of_class(category: str) -> Colour:
    """Return the colour of a class, white for one that is not ours."""
    return CLASSES.get(category, (255, 255, 255))


def of_lane(kind: str) -> Colour:
    """Return the colour of a lane polyline, that of lines for a kind that is not ours."""
    return LANES.get(kind, LANES["line"])


def of_number(number: int) -> Colour:
    """Return one of many colours, those of neighbours in number far apart."""
    hue = number * _GOLDEN_DEG % 360
    saturation, value = 150 + 70 * (number // 3 % 2), 240 - 45 * (number // 8 % 3)  # hues come again after 13 numbers
    pixel = np.array([[[hue / 2, saturation, value]]], np.float32).astype(np.uint8)
    red, green, blue = cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0].tolist()
    return int(red), int(green), int(blue)


def of_parts() -> Rgb:
    """Return the colour of every part's id, 128x3."""
    table = np.array([of_number(number) for number in range(128)], np.uint8)
    table[PARTS["none"]] = NOTHING
    return table


def of_distance(depth_m: NDArray[np.float32], nearest_m: float, farthest_m: float) -> Rgb:
    """Return distances as colours, bright near and dark far, even in the logarithm: HxW to HxWx3."""
    share = np.log(np.clip(depth_m, nearest_m, farthest_m) / nearest_m) / np.log(farthest_m / nearest_m)
    level = np.rint(255 * (1 - share)).astype(np.uint8)
    return np.asarray(cv2.cvtColor(cv2.applyColorMap(level, cv2.COLORMAP_VIRIDIS), cv2.COLOR_BGR2RGB), np.uint8)


def blended(under: Rgb, over: Rgb, share: float) -> Rgb:
    """Return a mix of two pictures of one size, `share` of it the second."""
    return np.asarray(np.rint(under * (1 - share) + over * share), np.uint8)
