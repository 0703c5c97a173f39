"""A clip as an MP4 film, with labels burnt in on request.

OpenCV's own MPEG-4 encoder writes it: it is here already and LGPL. Its build has no H.264 encoder, and the wheels of
PyAV, which have one, bundle x264 under the GPL.
"""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from render import durable
from render.clips.sequences import Sequence
from render.manifest import Record
from scenes.errors import InputError

_CODEC = "mp4v"
_COLOURS_BGR = ((80, 220, 80), (60, 180, 255), (255, 160, 60), (220, 120, 255), (60, 240, 240), (255, 220, 120))
_TEXT_PX_PER_ROW = 1 / 900
Box = tuple[int, int, int, int]


def write(out: Path, path: Path, sequence: Sequence, *, labels: bool) -> None:
    """Write a film.

    Args:
        out: the round's folder.
        path: where the film goes; it is whole or not there.
        sequence: what it shows.
        labels: whether boxes, names and the time are burnt in.

    Raises:
        InputError: a picture is missing, or the film cannot be written.
    """
    size = (int(sequence.records[0]["width"]), int(sequence.records[0]["height"]))
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "film.mp4"
        with _writer(scratch, sequence.clip.rate_hz, size) as film:
            for number, record in enumerate(sequence.records):
                time_s = sequence.clip.time_s(number)
                film.write(_picture(out, record, size, labels=labels, time_s=time_s))
        durable.write_bytes(path, scratch.read_bytes())


@contextlib.contextmanager
def _writer(path: Path, rate_hz: float, size: tuple[int, int]) -> Any:
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*_CODEC), rate_hz, size)
    if not film.isOpened():
        raise InputError("format=mp4", "this OpenCV cannot write MPEG-4; install opencv-python from PyPI")
    try:
        yield film
    finally:
        film.release()


def _picture(out: Path, record: Record, size: tuple[int, int], *, labels: bool, time_s: float) -> npt.NDArray[np.uint8]:
    path = out / record["image"]
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None or bgr.shape[1::-1] != size:
        raise InputError(path, f"must be a picture of {size[0]}x{size[1]}")
    picture = np.asarray(bgr, np.uint8)
    return burnt_in(picture, record, time_s) if labels else picture


def burnt_in(bgr: npt.NDArray[np.uint8], record: Record, time_s: float) -> npt.NDArray[np.uint8]:
    """Return a picture with boxes, what they hold and how far it is, and the time and phase of a crash.

    Names of large objects go first; one that would cover another is left out, its box is not.
    """
    drawn = bgr.copy()
    scale = max(0.35, bgr.shape[0] * _TEXT_PX_PER_ROW)
    phases, taken = set[str](), list[Box]()
    for labelled in sorted(record["objects"], key=lambda labelled: -labelled["area_px"]):
        x0, y0, x1, y1 = (round(edge) for edge in labelled["bbox_xyxy"])
        colour = _COLOURS_BGR[labelled["instance"] % len(_COLOURS_BGR)]
        cv2.rectangle(drawn, (x0, y0), (x1 - 1, y1 - 1), colour, 1)
        text = f"{labelled['category']} {labelled['instance']} {labelled['distance_m']:.0f} m"
        place = _text_box(text, (x0, max(y0 - 3, 10)), scale, bgr.shape[1])
        if not any(_overlap(place, other) for other in taken):
            taken.append(place)
            _write_text(drawn, text, (place[0], place[3]), scale, colour)
        if labelled.get("crash"):
            phases.add(str(labelled["crash"]["phase"]))
    head = " ".join([f"{time_s:+.2f} s", *sorted(phases)])
    _write_text(drawn, head, (4, bgr.shape[0] - 6), scale * 1.2, (255, 255, 255))
    return drawn


def _text_box(text: str, where: tuple[int, int], scale: float, width_px: int) -> Box:
    """Return what a text covers, moved to the left where it would leave the picture."""
    (long, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    left = max(min(where[0], width_px - long), 0)
    return left, where[1] - high, left + long, where[1]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _write_text(
    bgr: npt.NDArray[np.uint8], text: str, where: tuple[int, int], scale: float, colour: tuple[int, int, int]
) -> None:
    for shade, thick in (((0, 0, 0), 3), (colour, 1)):
        cv2.putText(bgr, text, where, cv2.FONT_HERSHEY_SIMPLEX, scale, shade, thick, cv2.LINE_AA)
