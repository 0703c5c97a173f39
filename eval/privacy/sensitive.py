"""Faces and number plates in pictures, by the cascades inside OpenCV's wheel or by YuNet from a weight file.

Cascades are weak: they know upright faces of some size and plates of the European kind, and miss most of what is small,
turned, dark or blurred. YuNet, a network of 0.2 MB that has to be downloaded, finds far more faces.
Sources: Viola and Jones 2001, doi 10.1109/CVPR.2001.990517; Wu, Peng and Yu 2023, doi 10.1007/s11633-023-1423-y.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from scenes.errors import InputError

Kind = Literal["face", "plate"]
Box = tuple[Kind, tuple[int, int, int, int]]
"""Kind and xyxy in px."""

CASCADES: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "face": ("haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml"),
        "plate": ("haarcascade_russian_plate_number.xml", "haarcascade_license_plate_rus_16stages.xml"),
    }
)
_FOLDER = Path(cv2.__file__).parent / "data"
_SCALE = 1.1  # between the sizes that a cascade looks at


class Finder:
    """Finds faces and plates; not to be shared between threads.

    Args:
        faces_model: YuNet's ONNX file; None takes cascades.
        score: of YuNet, from which on a face counts.
        votes: overlapping hits of a cascade from which on a face or plate counts.
        min_px: smallest side.
        max_share: largest side, as a share of the picture's height.

    Raises:
        InputError: the weight file cannot be used.
    """

    def __init__(self, *, faces_model: Path | None, score: float, votes: int, min_px: int, max_share: float) -> None:
        self._votes, self._min_px, self._max_share = votes, min_px, max_share
        self._network = None if faces_model is None else _yunet(faces_model, score)
        kinds: tuple[Kind, ...] = ("plate",) if self._network is not None else ("face", "plate")
        self._cascades = [(kind, name, _cascade(name)) for kind in kinds for name in CASCADES[kind]]

    def find(self, bgr: NDArray[np.uint8]) -> list[Box]:
        """Return what is found in a picture, uint8 BGR (HWC)."""
        height, width = bgr.shape[:2]
        found = self._faces_by_network(bgr) if self._network is not None else []
        grey = cv2.equalizeHist(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY))
        for kind, name, cascade in self._cascades:
            found += [(kind, box) for box in self._hits(cascade, grey)]
            if "profile" in name:  # it knows faces that look to one side only
                mirrored = self._hits(cascade, np.ascontiguousarray(grey[:, ::-1]))
                found += [(kind, (width - x1, y0, width - x0, y1)) for x0, y0, x1, y1 in mirrored]
        inside = [(kind, _clipped(box, width, height)) for kind, box in found]
        return sorted({(kind, box) for kind, box in inside if box[0] < box[2] and box[1] < box[3]})

    def _hits(self, cascade: Any, grey: NDArray[Any]) -> list[tuple[int, int, int, int]]:
        least, most = self._min_px, max(int(self._max_share * grey.shape[0]), self._min_px)
        hits = cascade.detectMultiScale(grey, _SCALE, self._votes, minSize=(least, least), maxSize=(4 * most, most))
        return [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h in hits]

    def _faces_by_network(self, bgr: NDArray[np.uint8]) -> list[Box]:
        assert self._network is not None
        self._network.setInputSize((bgr.shape[1], bgr.shape[0]))
        _, faces = self._network.detect(bgr)
        rows = np.empty((0, 15)) if faces is None else faces
        most = self._max_share * bgr.shape[0]
        rows = [row for row in rows if min(row[2:4]) >= self._min_px and row[3] <= most]
        boxes = [(row[0], row[1], row[0] + row[2], row[1] + row[3]) for row in rows]
        rounded = np.round(np.array(boxes, dtype=np.float64).reshape(-1, 4)).astype(int).tolist()
        return [("face", (x0, y0, x1, y1)) for x0, y0, x1, y1 in rounded]


def methods(faces_model: Path | None) -> dict[str, list[str]]:
    """Return what finds each kind, each file with the first 12 digits of its SHA-256."""
    files = {kind: [_FOLDER / name for name in names] for kind, names in CASCADES.items()}
    if faces_model is not None:
        files["face"] = [faces_model]
    return {
        kind: [f"{path.name}@{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}" for path in paths]
        for kind, paths in files.items()
    }


def _clipped(box: tuple[int, int, int, int], width: int, height: int) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = box
    return max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)


def _cascade(name: str) -> Any:
    cascade = cv2.CascadeClassifier(str(_FOLDER / name))
    assert not cascade.empty(), name
    return cascade


def _yunet(path: Path, score: float) -> Any:
    if not path.is_file():
        fix = "get face_detection_yunet_2023mar.onnx from OpenCV's model zoo, or leave it out to take cascades"
        raise InputError("blur.faces_model", "must be YuNet's ONNX file", got=str(path), fix=fix)
    try:
        return cv2.FaceDetectorYN.create(str(path), "", (320, 320), score_threshold=score)
    except cv2.error as error:
        raise InputError("blur.faces_model", "must be YuNet's ONNX file", got=str(error).splitlines()[0]) from error
