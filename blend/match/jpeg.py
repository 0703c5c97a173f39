"""The quantisation tables and chroma subsampling of real files, used for ours."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.JpegImagePlugin import get_sampling

_KNOWN_SAMPLING = (0, 1, 2)
"""Pillow's 4:4:4, 4:2:2 and 4:2:0."""
_FINE = {"quality": 95, "subsampling": 0}


@dataclass(frozen=True, kw_only=True)
class Tables:
    """How a JPEG file was compressed.

    Args:
        luma: 64 steps, in [1, 255], in the order that Pillow gives and takes.
        chroma: likewise.
        subsampling: Pillow's number: 0 for 4:4:4, 1 for 4:2:2, 2 for 4:2:0.
    """

    luma: list[int]
    chroma: list[int]
    subsampling: int


def tables_of(path: Path) -> Tables | None:
    """Return the tables of a file; None if it is no baseline colour JPEG of a common subsampling."""
    with Image.open(path) as file:
        tables = getattr(file, "quantization", None)
        if file.format != "JPEG" or not tables or file.mode != "RGB":
            return None
        sampling = get_sampling(file)  # type: ignore[arg-type,unused-ignore]
    luma, chroma = list(tables[min(tables)]), list(tables[max(tables)])
    if sampling not in _KNOWN_SAMPLING or not all(1 <= step <= 255 for step in (*luma, *chroma)):
        return None
    return Tables(luma=luma, chroma=chroma, subsampling=sampling)


def encode(rgb: NDArray[np.uint8], tables: Tables | None) -> bytes:
    """Write uint8 (H, W, 3) as JPEG with given tables, or finely."""
    told = {"qtables": [tables.luma, tables.chroma], "subsampling": tables.subsampling} if tables else _FINE
    with BytesIO() as file:
        Image.fromarray(rgb).save(file, format="JPEG", **told)
        return file.getvalue()


def decode(data: bytes) -> NDArray[np.uint8]:
    """Read JPEG bytes, uint8 (H, W, 3)."""
    with Image.open(BytesIO(data)) as file:
        return np.asarray(file.convert("RGB"))
