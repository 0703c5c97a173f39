"""Stills out of a video: the first of every shot, and those between that differ from the stills taken before.

A shot ends where hue, saturation and brightness jump between frames (PySceneDetect's content detector). Inside a shot
a frame is looked at every 0.4 s, since closer ones are near-identical on a motorway.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scenedetect import FrameTimecode
from scenedetect.detectors import ContentDetector

from blend.duplicates import Fingerprint, fingerprint, match

STEP_S = 0.4
LIKE_BITS, LIKE_CORRELATION = 10, 0.88
"""Looser than the blend's own rule, so that what JPEG changes makes no pair of two stills."""

REMEMBERED = 500
"""Stills of a video that a new one is compared with, the latest first: a bound for long films."""

SHOT_SIDE_PX = 160
"""Frames are shrunk to this width before shots are told apart."""

JPEG_QUALITY = 95


def extract(clip: Path, folder: Path, kept: list[Fingerprint], *, by_shot: bool = True) -> int:
    """Write the stills of a video that differ from those in `kept`, and add them there.

    Args:
        clip: the video.
        folder: where stills go, named `<video>-<frame>.jpg`.
        kept: fingerprints of the stills taken so far.
        by_shot: also look at the first frame of every shot, which takes decoding them all.

    Returns:
        how many were written.
    """
    before = len(kept)
    for number, rgb in _stills(clip, by_shot=by_shot):
        still = fingerprint(rgb)
        if not any(_alike(still, other) for other in kept[-REMEMBERED:]):
            kept.append(still)
            _write(folder / f"{clip.stem}-{number:05d}.jpg", rgb)
    return len(kept) - before


def _alike(one: Fingerprint, other: Fingerprint) -> bool:
    return match(one, other, phash_max_bits=LIKE_BITS, correlation_min=LIKE_CORRELATION)


def _stills(clip: Path, *, by_shot: bool) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    video = cv2.VideoCapture(os.fspath(clip))
    rate = video.get(cv2.CAP_PROP_FPS)
    fps = rate if 1 <= rate <= 1000 else 25.0
    step, shots, number = max(1, round(STEP_S * fps)), ContentDetector(min_scene_len=0), 0
    while video.grab():
        due = number % step == 0
        readable, bgr = video.retrieve() if due or by_shot else (False, None)
        if readable and bgr is not None:
            rgb = np.ascontiguousarray(bgr[..., ::-1], dtype=np.uint8)
            if (by_shot and _cut(shots, rgb, number, fps)) or due:
                yield number, rgb
        number += 1
    video.release()


def _cut(shots: ContentDetector, rgb: NDArray[np.uint8], number: int, fps: float) -> bool:
    size = SHOT_SIDE_PX, max(1, round(SHOT_SIDE_PX * rgb.shape[0] / rgb.shape[1]))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR)
    at = FrameTimecode(number, fps=Fraction(fps).limit_denominator(1001))
    return bool(shots.process_frame(at, np.ascontiguousarray(small[..., ::-1])))


def _write(path: Path, rgb: NDArray[np.uint8]) -> None:
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    path.write_bytes(data.tobytes())
