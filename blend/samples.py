"""Where the pictures of one split are, in a blend's folder or its shards, and their boxes: flat arrays, few objects.

A million dicts would be copied into every worker as their reference counts change; flat arrays are shared. What all
boxes of a picture are is worked out here once, not whenever it is drawn.
"""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from blend.split import Split
from scenes.errors import InputError

Entry = tuple[Mapping[str, Any], Sequence[Mapping[str, Any]], tuple[str, int, int]]
"""Image and annotations as in COCO; file below the folder, first byte and number of bytes (-1: all)."""
Ignored = Literal["drop", "keep"]
FIX = "give the folder that holds annotations.json, or the one with the shards"


@dataclass(frozen=True, kw_only=True, eq=False)
class Boxes:
    """The boxes of a picture.

    Args:
        xyxy: float32 (n, 4) px, clipped to the picture; none is empty.
        labels: int64 (n,) COCO category ids.
        area: of the object in px, float32 (n,).
        crowd: int64 (n,), 1 where `iscrowd` or `ignore` is set.
        rles: COCO run lengths of each, if masks are kept.
    """

    xyxy: NDArray[np.float32]
    labels: NDArray[np.int64]
    area: NDArray[np.float32]
    crowd: NDArray[np.int64]
    rles: Sequence[Mapping[str, Any]] = ()

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """One picture and what is labelled in it.

    Args:
        path: the file that its bytes are in.
        start, length: where in it; length -1 is all.
        name, image_id: of the picture.
        boxes: what is labelled.
    """

    path: str
    start: int
    length: int
    name: str
    image_id: int
    boxes: Boxes

    @property
    def data(self) -> NDArray[np.uint8]:
        """Bytes of the encoded picture, (n,)."""
        descriptor = os.open(self.path, os.O_RDONLY)  # a Path or a file object costs more than the reading
        try:
            length = os.fstat(descriptor).st_size if self.length < 0 else self.length
            return np.frombuffer(os.pread(descriptor, length, self.start), dtype=np.uint8)
        finally:
            os.close(descriptor)


class Samples(Sequence[Sample]):
    """The samples of a split, each unpacked when it is asked for.

    Args:
        folder: what files are relative to.
        entries: in the order of the dataset.
        masks: whether segmentations are kept; a picture with a box without one is left out then.
        ignored: whether boxes that are marked `iscrowd` or `ignore` are dropped.
    """

    def __init__(self, folder: Path, entries: Iterable[Entry], *, masks: bool, ignored: Ignored) -> None:
        self._folder = str(folder)
        self.left_out = 0
        weights, stages, packed, ends = [], [], [], [0]
        rows: list[tuple[Any, ...]] = []
        for image, boxes, place in entries:
            if not image.get("labelled", True) or (masks and not all(box["segmentation"] for box in boxes)):
                self.left_out += 1
                continue
            size_wh = image["width"], image["height"]
            kept = [box for box in boxes if _seen(box, size_wh) and (ignored == "keep" or not _is_ignored(box))]
            rles = [box["segmentation"] for box in kept] if masks else []
            packed.append(json.dumps([*place, Path(image["file_name"]).stem, image["id"], rles]).encode())
            rows.extend((*size_wh, *box["bbox"], box["area"], box["category_id"], _is_ignored(box)) for box in kept)
            ends.append(len(rows))
            weights.append(image.get("weight", 1.0))
            stages.append(image.get("stages") or [[1.0, weights[-1]]])
        self.weights: NDArray[np.float64] = np.array(weights, dtype=np.float64)
        self._stages = stages
        self._ends = np.cumsum([0, *map(len, packed)], dtype=np.int64)
        self._packed = np.frombuffer(b"".join(packed), dtype=np.uint8)
        self._boxes, self._box_ends = _boxes(np.array(rows, dtype=np.float64).reshape(-1, 9)), np.array(ends)

    def __len__(self) -> int:
        return len(self.weights)

    def weights_at(self, progress: float) -> NDArray[np.float64]:
        """Return the weights of that stage of a curriculum which is on after a share of all epochs, else `weights`."""
        found = (next((w for until, w in stages if progress < until), stages[-1][1]) for stages in self._stages)
        return np.fromiter(found, dtype=np.float64, count=len(self))

    def __getitem__(self, place: Any) -> Any:
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        first, end = self._ends[place : place + 2]
        file, start, length, name, image_id, rles = json.loads(self._packed[first:end].tobytes())
        rows, of = slice(*self._box_ends[place : place + 2]), self._boxes
        boxes = Boxes(xyxy=of.xyxy[rows], labels=of.labels[rows], area=of.area[rows], crowd=of.crowd[rows], rles=rles)
        path = f"{self._folder}/{file}"
        return Sample(path=path, start=start, length=length, name=name, image_id=image_id, boxes=boxes)


def _is_ignored(box: Mapping[str, Any]) -> bool:
    return bool(box.get("iscrowd") or box.get("ignore"))


def _seen(box: Mapping[str, Any], size_wh: tuple[float, float]) -> bool:
    """Tell whether a part of a box lies in its picture."""
    (x, y, width, height), (end_x, end_y) = box["bbox"], size_wh
    return bool(min(x + width, end_x) > max(x, 0) and min(y + height, end_y) > max(y, 0))


def _boxes(rows: NDArray[np.float64]) -> Boxes:
    """Make arrays of picture's width, height, box's left, top, width, height, area, category id and mark, (n, 9)."""
    size_wh, low, side = rows[:, :2], rows[:, 2:4], rows[:, 4:6]
    area, category, crowd = rows[:, 6:].T
    first, end = np.clip(low, 0, size_wh), np.clip(low + side, 0, size_wh)
    return Boxes(
        xyxy=np.hstack([first, end]).astype(np.float32),
        labels=category.astype(np.int64),
        area=(area * ((end - first) / side).prod(axis=1)).astype(np.float32),
        crowd=crowd.astype(np.int64),
    )


def read(folder: Path, split: Split, *, masks: bool = False, ignored: Ignored = "drop") -> Samples:
    """List the labelled pictures of a split.

    Raises:
        InputError: the folder is no blend and holds no shards, they are broken, or the split has no such picture.
    """
    shards = sorted(folder.glob(f"{split}-*.tar"))
    try:
        if shards:
            found = Samples(folder, _of_shards(shards), masks=masks, ignored=ignored)
        elif (folder / "annotations.json").is_file():
            entries = _of_folder(folder / "annotations.json", split)
            found = Samples(folder, entries, masks=masks, ignored=ignored)
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
