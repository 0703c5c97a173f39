"""From a picture file to upright 8-bit RGB: what every tool can read is left alone, all else is told and converted."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "BMP", "WEBP", "TIFF")
"""What is opened, whatever a file is called; formats that start other programs, as EPS does, are not among them."""

MAX_PIXELS = 2**27
"""134 megapixels, 400 MB once decoded: larger than any camera on a vehicle, smaller than what fills a memory."""

JPEG_NOTHING = 128
"""Level of a block without data."""

EXIF_ORIENTATION = 0x0112
PLAIN_MODES = frozenset({"RGB", "L"})
Image.init()  # a choice of formats is looked up among those that are loaded


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A picture's pixels as they are to be seen.

    Args:
        rgb: uint8 (H, W, 3), upright.
        stored_wh: size as stored, before it was turned.
        oddities: what other tools may read otherwise ("16 bits a channel", "turned by EXIF"); empty for a plain file.
    """

    rgb: NDArray[np.uint8]
    stored_wh: tuple[int, int]
    oddities: tuple[str, ...]


def decode(path: Path) -> Decoded:
    """Read a picture whole.

    Pillow is used because it refuses a truncated file, where cv2 fills the rest with grey. 16-bit levels keep their
    high byte, transparency is laid over black, EXIF orientation is applied.

    Raises:
        ValueError: the file cannot be decoded to its end, or is too large; the text says which.
    """
    try:
        if path.stat().st_size == 0:
            raise ValueError("is empty (0 bytes)")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limit is a warning; ours is below, and is an error
            with Image.open(path, formats=FORMATS) as image:
                return _decoded(image)
    except (UnidentifiedImageError, SyntaxError):
        raise ValueError("is not a picture that can be read") from None
    except FileNotFoundError:
        raise ValueError("is not there") from None
    except PermissionError:
        raise ValueError("may not be read (permission)") from None
    except Image.DecompressionBombError:
        raise ValueError(f"claims more pixels than the limit of {MAX_PIXELS}") from None
    except (OSError, EOFError, MemoryError) as error:
        raise ValueError(f"cannot be decoded: {error}") from None


def _decoded(image: Image.Image) -> Decoded:
    if image.width * image.height > MAX_PIXELS:
        raise ValueError(f"claims {image.width}x{image.height} pixels; the limit is {MAX_PIXELS}")
    oddities = _oddities(image)
    upright = ImageOps.exif_transpose(image) if "turned by EXIF" in oddities else image
    if image.format in {"JPEG", "MPO"} and _is_unfilled(image):
        raise ValueError(f"claims {image.width}x{image.height} pixels, but its data ends before the last rows")
    rgb = np.ascontiguousarray(_eight_bit(upright), dtype=np.uint8)
    return Decoded(rgb=rgb, stored_wh=image.size, oddities=oddities)


def _is_unfilled(image: Image.Image) -> bool:
    """Tell whether a JPEG ends before its last rows, which libjpeg then fills with exactly medium grey."""
    last = np.asarray(image.crop((0, max(0, image.height - 8), image.width, image.height)))
    return bool((last == JPEG_NOTHING).all())


def _oddities(image: Image.Image) -> tuple[str, ...]:
    raw_mode = str(getattr(image, "tile", ""))
    found = {
        "turned by EXIF": image.getexif().get(EXIF_ORIENTATION, 1) in range(2, 9),
        "16 bits a channel": ";16" in raw_mode or image.mode.startswith("I;16"),
        "transparent": image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info,
        f"colour mode {image.mode}": image.mode not in PLAIN_MODES,
    }
    return tuple(name for name, there in found.items() if there)


def _eight_bit(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode.startswith("I;16"):
        grey = (np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)
    if image.mode in {"I", "F"}:
        raise ValueError("holds 32-bit levels of unknown range; save it with 8 or 16 bits a channel")
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        solid = image.convert("RGBA")
        return np.asarray(Image.alpha_composite(Image.new("RGBA", solid.size, (0, 0, 0, 255)), solid).convert("RGB"))
    return np.asarray(image.convert("RGB"))


def write_plain(decoded: Decoded, source: Path, target: Path) -> Path:
    """Write a picture that is odd as one that every tool reads alike; a file that is there already is kept.

    Args:
        decoded: its pixels.
        source: where it came from; a JPEG becomes a JPEG of quality 95, all else a lossless PNG.
        target: path without a suffix.

    Returns:
        the path written.
    """
    jpeg = source.suffix.lower() in {".jpg", ".jpeg"}
    path = target.with_suffix(".jpg" if jpeg else ".png")
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        options = {"format": "JPEG", "quality": 95, "subsampling": 0} if jpeg else {"format": "PNG"}
        Image.fromarray(decoded.rgb).save(partial, **options)
        partial.replace(path)
    return path
