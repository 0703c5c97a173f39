"""What `rareblend render inspect` does: it draws a frame's sheet and tells its record."""

from __future__ import annotations

from pathlib import Path

import cv2

from render import durable
from render.inspect.frame import find, read
from render.inspect.sheet import sheet
from render.inspect.words import words
from scenes.errors import InputError

_QUALITY = 92


def inspect(out: Path, name: str) -> tuple[Path, str]:
    """Write `<out>/inspect/<frame>.jpg`; return its path and the record in words.

    Args:
        out: the round's folder; a path to a record brings its own.
        name: of the frame, its unique beginning, or a path to its record.

    Raises:
        InputError: there is no such frame, a file of it is broken, or the sheet cannot be written.
    """
    frame = read(find(out, name))
    path = frame.out / "inspect" / f"{frame.record['frame']}.jpg"
    done, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(sheet(frame), cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    if not done:
        raise InputError(path, "must be encodable as JPEG")
    durable.write_bytes(path, jpeg.tobytes())
    return path, words(frame)
