"""The file that leaves the camera: a video codec's softness, then a still as JPEG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop import video
from scenes.errors import InputError

Codec = Literal["jpeg", "h264"]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class CodecSettings:
    """How pictures are stored.

    Args:
        video: how frames are coded: `jpeg` (Motion-JPEG recorders, old webcams) or `h264` (nearly all others).
        video_quality_range: quality of a coded video frame, on JPEG's scale, 4:2:0 colour; 100 skips it.
        jpeg_quality_range: quality of the still, whole numbers in [1, 100].
    """

    video: Codec = "jpeg"
    video_quality_range: tuple[int, int] = (62, 85)
    jpeg_quality_range: tuple[int, int] = (87, 94)
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if self.video not in get_args(Codec):
            raise InputError("sensor.codec.video", f"must be one of {', '.join(get_args(Codec))}", got=self.video)
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


def video_qp(quality: int) -> float:
    """Return the H.264 quantiser that loses about as much as a JPEG quality: 62 is QP 29, 95 is QP 19."""
    return 48.0 - 0.31 * quality


def video_frame(rgb: NDArray[np.uint8], quality: int, kind: Codec = "jpeg") -> NDArray[np.uint8]:
    """Return what is left of a picture after the camera's video codec, told as one intra frame."""
    if quality >= 100:
        return rgb
    if kind == "h264":
        return video.frame(rgb, video_qp(quality))
    coded = np.frombuffer(jpeg(rgb, quality), np.uint8)
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR_RGB), np.uint8)
