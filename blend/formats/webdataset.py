"""WebDataset: shards of samples, `<name>.jpg` and `<name>.json` each, that are read in sequence.

A sample's JSON has `image` and `annotations`, the very entries of `annotations.json`. Samples are spread over the
shards by the hash of their name, so one shard is a fair sample of the split. The same blend gives the same bytes.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from blend.formats.blended import SPLITS, Blended, LeftOut, stem
from blend.formats.coco import annotation, image
from blend.picture import Picture, stable_id
from blend.split import Split

CANNOT_HOLD = ("pictures as files of their own: shards are always copies",)
SHARD_BYTES = 256 * 2**20
"""A shard ends before it would get larger, so that a few hundred fill a data loader's workers evenly."""


def write(blended: Blended, folder: Path) -> LeftOut:
    """Write `<split>-<number>.tar`."""
    folder.mkdir(parents=True)
    for split in SPLITS:
        pictures = sorted((p for p, own in blended if own == split), key=lambda p: (stable_id(p.name), p.name))
        for number, shard in enumerate(_shards(blended, pictures)):
            with tarfile.open(folder / f"{split}-{number:06d}.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
                for picture in shard:
                    _add(tar, blended, picture, split)
    return {}


def _shards(blended: Blended, pictures: Sequence[Picture]) -> Iterator[list[Picture]]:
    shard: list[Picture] = []
    size = 0
    for picture in pictures:
        own = blended.path(picture).stat().st_size
        if shard and size + own > SHARD_BYTES:
            yield shard
            shard, size = [], 0
        shard.append(picture)
        size += own
    if shard:
        yield shard


def _add(tar: tarfile.TarFile, blended: Blended, picture: Picture, split: Split) -> None:
    sample = {
        "image": image(picture, split),
        "annotations": [annotation(picture, box) for box in picture.annotations],
    }
    path = blended.path(picture)
    told = json.dumps(sample, ensure_ascii=False, allow_nan=False).encode()
    for suffix, data in ((path.suffix, path.read_bytes()), (".json", told)):
        member = tarfile.TarInfo(f"{stem(picture)}{suffix}")  # no time, owner or mode of this machine
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))
