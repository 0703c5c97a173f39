"""Whether an object can be told from what surrounds it in a developed frame, as an annotator would have to.

Contrast is the root mean square by which the object's lightness differs from the middle of a ring around it, without
what noise adds; it is divided by the noise of the ring and one step of lightness that an eye can just tell.
Source: Rose, JOSA 38 (1948), 196, contrast to noise; CIE 015:2018, L*, of which about 1 is just noticeable; Immerkær,
CVIU 64 (1996), 300, noise from second differences, here by the median so that edges do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from scenes.errors import InputError

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
Box = Sequence[float]

JUST_NOTICEABLE = 1.0
LEAST_CONTRAST_TO_NOISE = 2.0
"""Of 6,088 boxes that annotators drew in drives by day and night 99.5 % have more, of 2,035 on a motorway all but one;
of boxes laid at random on the same pictures 14 and 16 % have less (`benchmarks/visibility.py`)."""
LEAST_SIDE_PX = 5.0
"""Of those 6,088 boxes, on pictures 640 pixels wide, 99.5 % have a longer side of this or more; on the motorway all
but two of 2,035."""
_RING_SHARE, _RING_LEAST_PX = 0.3, 3
_FEWEST_PX = 2
_MAD_TO_DEVIATION = 1.4826
_SECOND_DIFFERENCE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6  # of white noise: its deviation


@dataclass(frozen=True, kw_only=True)
class LabelSettings:
    """What an annotator would leave out.

    Args:
        ignore_below: contrast to noise, >= 0; 0 keeps all.
        ignore_under_px: longer side of the visible box in pixels, >= 0; 0 keeps all.
    """

    ignore_below: float = LEAST_CONTRAST_TO_NOISE
    ignore_under_px: float = LEAST_SIDE_PX
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        for name in ("ignore_below", "ignore_under_px"):
            if not getattr(self, name) >= 0:
                raise InputError(f"labels.{name}", "must be >= 0", got=getattr(self, name))

    def leaves_out(self, contrast_to_noise: float, box_xyxy: Box) -> bool:
        """Tell whether an object is to be ignored."""
        x0, y0, x1, y1 = box_xyxy
        return contrast_to_noise < self.ignore_below or max(x1 - x0, y1 - y0) < self.ignore_under_px


DEFAULT_LABELS = LabelSettings()


def lightness(rgb: NDArray[np.uint8]) -> Image:
    """Return CIE L* of an sRGB picture, HxWx3 to HxW in [0, 100]."""
    linear = np.asarray(rgb, np.float32) / np.float32(255)
    return np.ascontiguousarray(cv2.cvtColor(linear, cv2.COLOR_RGB2LAB)[..., 0])


def contrast_to_noise(light: Image, box_xyxy: Box, mask: Mask | None = None) -> float:
    """Return how far an object stands out.

    Args:
        light: HxW, L* of the picture.
        box_xyxy: of what is seen of it, in pixel edges.
        mask: HxW, its pixels; without one, an ellipse in the box stands for them, as with boxes drawn by hand.

    Returns:
        0 or more; 0 where nothing is left to compare.
    """
    height, width = light.shape
    x0, y0 = (max(int(np.floor(edge)), 0) for edge in box_xyxy[:2])
    x1, y1 = min(int(np.ceil(box_xyxy[2])), width), min(int(np.ceil(box_xyxy[3])), height)
    aside = max(round(_RING_SHARE * (x1 - x0)), _RING_LEAST_PX)
    above = max(round(_RING_SHARE * (y1 - y0)), _RING_LEAST_PX)
    top, left = max(y0 - above, 0), max(x0 - aside, 0)
    crop = light[top : min(y1 + above, height), left : min(x1 + aside, width)]
    own = np.zeros(crop.shape, np.bool_)
    inner = own[y0 - top : y1 - top, x0 - left : x1 - left]
    if mask is None:
        inner[:] = _ellipse(inner.shape)
        ring = np.ones(crop.shape, np.bool_)
        ring[y0 - top : y1 - top, x0 - left : x1 - left] = False
    else:
        inner[:] = mask[y0:y1, x0:x1]
        ring = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0
    if own.sum() < _FEWEST_PX or ring.sum() < _FEWEST_PX:
        return 0.0
    noise = noise_of(crop, ring)
    squared = float(np.mean(np.square(crop[own] - np.median(crop[ring])))) - noise**2
    return float(np.sqrt(max(squared, 0.0)) / np.hypot(noise, JUST_NOTICEABLE))


def noise_of(light: Image, where: Mask) -> float:
    """Return the deviation of the noise of L* in part of a picture."""
    second = cv2.filter2D(light, -1, _SECOND_DIFFERENCE, borderType=cv2.BORDER_REFLECT)
    return _MAD_TO_DEVIATION * float(np.median(np.abs(second[where])))


def told(
    objects: Sequence[dict[str, Any]], rgb: NDArray[np.uint8], ids: NDArray[np.uint16], labels: LabelSettings
) -> list[dict[str, Any]]:
    """Return a frame's objects with their `visibility`.

    Args:
        objects: labels as they lie in the picture.
        rgb: HxWx3, the developed frame.
        ids: HxW instance ids as they lie in the picture.
        labels: which of them are to be ignored.
    """
    light = lightness(rgb)
    done = []
    for labelled in objects:
        box = labelled["bbox_xyxy"]
        ratio = contrast_to_noise(light, box, ids == labelled["instance"])
        told_of_it = {"contrast_to_noise": round(ratio, 2), "ignore": labels.leaves_out(ratio, box)}
        done.append({**labelled, "visibility": told_of_it})
    return done


def _ellipse(shape: tuple[int, ...]) -> Mask:
    rows, columns = shape
    y, x = (np.arange(rows)[:, None] + 0.5) / rows * 2 - 1, (np.arange(columns) + 0.5) / columns * 2 - 1
    return np.asarray(x**2 + y**2 <= 1)
