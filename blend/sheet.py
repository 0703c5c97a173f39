"""A contact sheet of a blend: what a person looks at before anything is trained on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.picture import Picture, decode_rgb, stable_id
from scenes.ontology import CATEGORIES

Rgb = NDArray[np.uint8]
COLUMNS, ROWS = 6, 4
_TILE_WH, _CAPTION_PX, _GAP_PX, _QUALITY = (320, 200), 18, 6, 88
_PAPER, _INK = (245, 245, 245), (40, 40, 40)


def write(path: Path, pictures: Sequence[Picture]) -> None:
    """Draw up to 24 pictures with their boxes and what they are, kinds in turn so that each is seen.

    Args:
        path: JPEG to write.
        pictures: of the training split.
    """
    tiles = [_tile(picture) for picture in _chosen(pictures)]
    width, height = _TILE_WH[0], _TILE_WH[1] + _CAPTION_PX
    rows = max(1, -(-len(tiles) // COLUMNS))
    size = (rows * (height + _GAP_PX) + _GAP_PX, COLUMNS * (width + _GAP_PX) + _GAP_PX, 3)
    sheet = np.full(size, _PAPER, dtype=np.uint8)
    for number, tile in enumerate(tiles):
        y, x = (_GAP_PX + (number // COLUMNS) * (height + _GAP_PX), _GAP_PX + (number % COLUMNS) * (width + _GAP_PX))
        sheet[y : y + height, x : x + width] = tile
    done, data = cv2.imencode(".jpg", sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    assert done, "cv2 encodes every uint8 picture"
    path.write_bytes(data.tobytes())


def kind_of(picture: Picture) -> str:
    """Tell what a picture is, in a word: real, synthetic, or the way by which it was made from others."""
    if picture.augment is not None:
        return str(picture.augment.get("pipeline", "varied"))
    return picture.source


def _chosen(pictures: Sequence[Picture]) -> list[Picture]:
    """Take kinds in turn, inside a kind by the hash of the name, so that a sheet is a fair sample."""
    by_kind: dict[str, list[Picture]] = {}
    for picture in sorted(pictures, key=lambda picture: stable_id(picture.name)):
        by_kind.setdefault(kind_of(picture), []).append(picture)
    turns = [of_kind[turn] for turn in range(COLUMNS * ROWS) for of_kind in by_kind.values() if turn < len(of_kind)]
    order = list(by_kind)
    return sorted(turns[: COLUMNS * ROWS], key=lambda picture: order.index(kind_of(picture)))


def _tile(picture: Picture) -> Rgb:
    rgb = decode_rgb(picture.path)
    scale = min(_TILE_WH[0] / rgb.shape[1], _TILE_WH[1] / rgb.shape[0])
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    small = np.ascontiguousarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))
    for box in picture.annotations:
        x, y, w, h = (value * scale for value in box.xywh)
        corners = (round(x), round(y)), (round(x + w), round(y + h))
        cv2.rectangle(small, *corners, _colour(box.category), 1, cv2.LINE_AA)
    tile = np.full((_TILE_WH[1] + _CAPTION_PX, _TILE_WH[0], 3), _PAPER, dtype=np.uint8)
    top, left = (_TILE_WH[1] - size[1]) // 2, (_TILE_WH[0] - size[0]) // 2
    tile[top : top + size[1], left : left + size[0]] = small
    kind = kind_of(picture)
    told = picture.name if picture.name.startswith(kind) else f"{kind}: {picture.name}"
    cv2.putText(tile, told[:52], (2, _TILE_WH[1] + 13), cv2.FONT_HERSHEY_SIMPLEX, 0.38, _INK, 1, cv2.LINE_AA)
    return tile


def _colour(category: str) -> tuple[int, int, int]:
    hsv = np.array([[[(CATEGORIES[category] * 68) % 180, 200, 255]]], dtype=np.uint8)
    red, green, blue = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0].tolist()
    return red, green, blue
