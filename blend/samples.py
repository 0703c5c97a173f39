"""Where the pictures of one split are, in a blend's folder or its shards: offsets and packed JSON, no Python objects.

A million dicts would be copied into every worker as their reference counts change; two flat arrays are shared.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blend.split import Split
from scenes.errors import InputError

Entry = tuple[Mapping[str, Any], Sequence[Mapping[str, Any]], tuple[str, int, int]]
"""Image and annotations as in COCO; file below the folder, first byte and number of bytes (-1: all)."""
USED = ("bbox", "category_id", "area", "iscrowd", "ignore")
FIX = "give the folder that holds annotations.json, or the one with the shards"


@dataclass(frozen=True)
class Sample:
    """One picture and what is labelled in it.

    Args:
        path: the file that its bytes are in.
        start, length: where in it; length -1 is all.
        name, image_id: of the picture.
        boxes: its annotations, with what a target needs.
    """

    path: Path
    start: int
    length: int
    name: str
    image_id: int
    boxes: list[dict[str, Any]]

    @property
    def data(self) -> bytes:
        """Bytes of the encoded picture."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(self.length)


class Samples(Sequence[Sample]):
    """The samples of a split, each unpacked when it is asked for.

    Args:
        folder: what files are relative to.
        entries: in the order of the dataset.
        masks: whether segmentations are kept; a picture with a box without one is left out then.
    """

    def __init__(self, folder: Path, entries: Iterable[Entry], *, masks: bool) -> None:
        self._folder = folder
        self.left_out = 0
        weights, stages, packed = [], [], []
        for image, boxes, place in entries:
            if not image.get("labelled", True) or (masks and not all(box["segmentation"] for box in boxes)):
                self.left_out += 1
                continue
            keys = (*USED, "segmentation") if masks else USED
            kept = [{key: box[key] for key in keys if key in box} for box in boxes]
            packed.append(json.dumps([*place, Path(image["file_name"]).stem, image["id"], kept]).encode())
            weights.append(image.get("weight", 1.0))
            stages.append(image.get("stages") or [[1.0, weights[-1]]])
        self.weights: NDArray[np.float64] = np.array(weights, dtype=np.float64)
        self._stages = stages
        self._ends = np.cumsum([0, *map(len, packed)], dtype=np.int64)
        self._packed = np.frombuffer(b"".join(packed), dtype=np.uint8)

    def __len__(self) -> int:
        return len(self.weights)

    def weights_at(self, progress: float) -> NDArray[np.float64]:
        """Return the weights of that stage of a curriculum which is on after a share of all epochs, else `weights`."""
        found = (next((w for until, w in stages if progress < until), stages[-1][1]) for stages in self._stages)
        return np.fromiter(found, dtype=np.float64, count=len(self))

    def __getitem__(self, place: Any) -> Any:
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        first, end = self._ends[place % len(self)], self._ends[place % len(self) + 1]
        file, start, length, name, image_id, boxes = json.loads(self._packed[first:end].tobytes())
        return Sample(self._folder / file, start, length, name, image_id, boxes)


def read(folder: Path, split: Split, *, masks: bool = False) -> Samples:
    """List the labelled pictures of a split.

    Raises:
        InputError: the folder is no blend and holds no shards, they are broken, or the split has no such picture.
    """
    shards = sorted(folder.glob(f"{split}-*.tar"))
    try:
        if shards:
            found = Samples(folder, _of_shards(shards), masks=masks)
        elif (folder / "annotations.json").is_file():
            found = Samples(folder, _of_folder(folder / "annotations.json", split), masks=masks)
        else:
            raise InputError(folder, f"must be a blend or hold shards of {split}", fix=FIX)
    except (ValueError, KeyError, TypeError, AttributeError, tarfile.TarError) as error:
        raise InputError(folder, "must be a blend as rareblend writes it", got=repr(error), fix=FIX) from None
    if not found:
        raise InputError(folder, f"must hold a labelled picture of {split}", got=f"{found.left_out} without labels")
    return found


def _of_folder(path: Path, split: Split) -> Iterator[Entry]:
    document = json.loads(path.read_text(encoding="utf-8"))
    boxes: dict[int, list[Mapping[str, Any]]] = {image["id"]: [] for image in document["images"]}
    for box in document["annotations"]:
        boxes[box["image_id"]].append(box)
    for image in document["images"]:
        if image["split"] == split:
            yield image, boxes[image["id"]], (image["file_name"], 0, -1)


def _of_shards(shards: Iterable[Path]) -> Iterator[Entry]:
    for shard in shards:
        with tarfile.open(shard) as tar:
            members = iter(tar)
            for picture, told in zip(members, members, strict=True):  # its JSON comes next
                file = tar.extractfile(told)
                if file is None or Path(told.name).stem != Path(picture.name).stem:
                    raise InputError(shard, "must hold each picture with its JSON", got=picture.name)
                sample = json.load(file)
                yield sample["image"], sample["annotations"], (shard.name, picture.offset_data, picture.size)
