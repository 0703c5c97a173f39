"""The file that leaves the camera: a video codec's softness, then a still as JPEG."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from scenes.errors import InputError

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class CodecSettings:
    """How pictures are stored.

    Args:
        video_quality_range: quality of an intra-coded video frame, as JPEG quality with 4:2:0 colour; 100 skips it.
        jpeg_quality_range: quality of the still, whole numbers in [1, 100].
    """

    video_quality_range: tuple[int, int] = (62, 85)
    jpeg_quality_range: tuple[int, int] = (87, 94)
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        for name in ("video_quality_range", "jpeg_quality_range"):
            low, high = getattr(self, name)
            if not 1 <= low <= high <= 100:
                raise InputError(f"sensor.codec.{name}", "must be [lo, hi] within [1, 100]", got=(low, high))


def jpeg(rgb: NDArray[np.uint8], quality: int) -> bytes:
    """Encode an RGB picture."""
    options = [cv2.IMWRITE_JPEG_QUALITY, int(quality)]
    done, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), options)
    if not done:
        raise InputError("frame", "must be an 8-bit RGB picture that JPEG can hold", got=str(rgb.shape))
    return data.tobytes()


def video_frame(rgb: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Return what is left of a picture after the camera's video codec, told as one intra frame."""
    if quality >= 100:
        return rgb
    coded = np.frombuffer(jpeg(rgb, quality), np.uint8)
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR_RGB), np.uint8)
