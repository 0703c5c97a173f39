"""The kinds of real sets by name: what each needs to be told, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from blend.candidate import Listing
from blend.class_names import ClassNames
from blend.readers import bdd100k, coco, cvat, fiftyone, folder, kitti, sample, video, voc, yolo

PATHS = frozenset({"images", "annotations", "labels", "classes", "videos"})
"""Settings that are paths; others are words."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of real set.

    Args:
        read: called with the settings it needs by name, and with `names` if it is labelled.
        needs: settings that must be given.
        may: settings that may be given.
        labelled: whether it can have boxes.
        licence: of a set that we bring; empty where the user says it.
        database: whether it needs the database of FiftyOne.
    """

    read: Callable[..., Listing]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    labelled: bool = True
    licence: str = ""
    database: bool = False

    def list(self, given: Mapping[str, str], names: ClassNames) -> Listing:
        """List the candidates of a set."""
        told: dict[str, Any] = {
            key: Path(value).expanduser() if key in PATHS else value for key, value in given.items()
        }
        return self.read(**told, **({"names": names} if self.labelled else {}))


KINDS = MappingProxyType(
    {
        "sample": Kind(read=sample.read, labelled=False, licence=sample.LICENCE),
        "folder": Kind(read=folder.read, needs=("images",), labelled=False),
        "video": Kind(read=video.read, needs=("videos",), labelled=False),
        "coco": Kind(read=coco.read, needs=("images", "annotations")),
        "yolo": Kind(read=yolo.read, needs=("images", "labels", "classes")),
        "voc": Kind(read=voc.read, needs=("images", "annotations")),
        "kitti": Kind(read=kitti.read, needs=("images", "labels")),
        "bdd100k": Kind(read=bdd100k.read, needs=("images", "annotations")),
        "cvat": Kind(read=cvat.read, needs=("images", "annotations")),
        "fiftyone": Kind(read=fiftyone.read, needs=("dataset",), may=("field",), database=True),
        "zoo": Kind(read=fiftyone.read_zoo, needs=("dataset",), may=("field", "part"), database=True),
    }
)
