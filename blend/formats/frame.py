"""What the round knows of a frame beyond its COCO entry: its record, its maps, its depth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.picture import Picture
from scenes.errors import InputError
from scenes.ontology import CATEGORIES, STUFF

ACTORS_FROM = 100
"""In a semantic map, an actor is this plus its COCO category id; lower values are stuff."""
STUFF_FROM = 100
"""Category id of stuff in what is exported: this plus the class, so that actors keep the ids that COCO gives them."""
NO_RECORD = "its frame's record is not in the round"
REAL = "it is real, and nothing but its boxes is known"
VARIED = "it is a variety, and the round's maps do not fit it"
FIX = "run: rareblend develop"


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A synthetic frame as it was developed.

    Args:
        round_folder: the round.
        record: `frames/<frame>.json`, see `docs/labels.md`.
    """

    round_folder: Path
    record: Mapping[str, Any]

    @property
    def objects(self) -> dict[int, Mapping[str, Any]]:
        """Labelled actors by instance, with those that are marked `ignore`."""
        return {labelled["instance"]: labelled for labelled in self.record["objects"]}

    @property
    def warped(self) -> bool:
        """Whether a lens or shutter moved the pixels, so that maps of the traced view do not lie over them."""
        return bool(self.record["mask"] != f"masks/{self.record['scene']}-{self.record['view']}.png")

    def ids(self) -> NDArray[np.uint16]:
        """Read the instance ids, uint16 (H, W), 0 where there is no actor."""
        return self._map(self.record["mask"]).astype(np.uint16)

    def semantic(self) -> NDArray[np.uint8] | None:
        """Read the class of each pixel, uint8 (H, W); None for frames of a round that did not know it."""
        file = self.record.get("maps", {}).get("semantic")
        return None if file is None else self._map(file).astype(np.uint8)

    def depth_m(self) -> NDArray[np.float32] | None:
        """Read the depth along the optical axis, float32 (H, W), 1e10 in the sky; None where it fits not the pixels."""
        path = self.round_folder / "scenes" / self.record["scene"] / f"{self.record['view']}.exr"
        if self.warped or not path.is_file():
            return None
        import OpenEXR  # noqa: PLC0415  # most formats hold no depth

        with OpenEXR.File(str(path), separate_channels=True) as file:
            return np.array(file.channels()["depth.Z"].pixels, dtype=np.float32)

    def _map(self, file: str) -> NDArray[Any]:
        path = self.round_folder / file
        if not path.resolve().is_relative_to(self.round_folder.resolve()):
            raise InputError(path, "must lie in the round's folder")
        values = cv2.imread(str(path), cv2.IMREAD_UNCHANGED) if path.is_file() else None
        if values is None:
            raise InputError(path, "must be the PNG that its frame's record names", fix=FIX)
        if values.shape != (self.record["height"], self.record["width"]):
            raise InputError(path, "must be as large as its frame", got=values.shape, fix=FIX)
        return np.asarray(values)


def frame_of(round_folder: Path, picture: Picture) -> Frame | str:
    """Return the record of a picture; the reason where there is none, or where it does not fit the pixels.

    Raises:
        InputError: the record is no JSON.
    """
    if picture.source == "real":
        return REAL
    if picture.augment is not None:
        return VARIED
    path = round_folder / "frames" / f"{picture.name}.json"
    if not path.is_file():
        return NO_RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(path, "must be the JSON record of a frame", got=str(error), fix=FIX) from None
    return Frame(round_folder=round_folder, record=record)


def category_ids(semantic: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn a semantic map to category ids: actors as in COCO, stuff from `STUFF_FROM` up, 0 where nothing is known."""
    known = np.zeros(256, np.uint8)
    known[[number for number in STUFF.values() if number]] = [
        STUFF_FROM + number for number in STUFF.values() if number
    ]
    for number in CATEGORIES.values():
        known[ACTORS_FROM + number] = number
    return np.asarray(known[semantic])
