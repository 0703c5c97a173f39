"""The formats by name, and what each of them cannot hold."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from blend import export
from blend.formats import coco, coco_panoptic, fiftyone, hdf5, imagefolder, kitti, voc, webdataset, yolo, yolo_segments
from blend.formats.blended import Blended, LeftOut
from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Format:
    """How a blend is written.

    Args:
        write: takes the blend and a folder, gives what it left out.
        cannot_hold: what is lost, as short phrases.
        own_folder: whether it has a folder named like itself in the blend; the others stand beside `images/`.
    """

    write: Callable[[Blended, Path], LeftOut]
    cannot_hold: tuple[str, ...]
    own_folder: bool = True


FORMATS = MappingProxyType(
    {
        "coco": Format(write=coco.write, cannot_hold=coco.CANNOT_HOLD, own_folder=False),
        "yolo": Format(write=yolo.write, cannot_hold=yolo.CANNOT_HOLD, own_folder=False),
        "yolo_segments": Format(write=yolo_segments.write, cannot_hold=yolo_segments.CANNOT_HOLD),
        "voc": Format(write=voc.write, cannot_hold=voc.CANNOT_HOLD),
        "kitti": Format(write=kitti.write, cannot_hold=kitti.CANNOT_HOLD),
        "coco_panoptic": Format(write=coco_panoptic.write, cannot_hold=coco_panoptic.CANNOT_HOLD),
        "webdataset": Format(write=webdataset.write, cannot_hold=webdataset.CANNOT_HOLD),
        "hdf5": Format(write=hdf5.write, cannot_hold=hdf5.CANNOT_HOLD),
        "fiftyone": Format(write=fiftyone.write, cannot_hold=fiftyone.CANNOT_HOLD),
        "imagefolder": Format(write=imagefolder.write, cannot_hold=imagefolder.CANNOT_HOLD),
    }
)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What became of one format."""

    name: str
    pictures: int
    left_out: LeftOut

    @property
    def line(self) -> str:
        """One line for the user."""
        lost = FORMATS[self.name].cannot_hold
        reasons = {why: list(self.left_out.values()).count(why) for why in self.left_out.values()}
        out = "".join(f"; left out {count}: {why}" for why, count in sorted(reasons.items()))
        return f"{self.name}: {self.pictures} pictures{out}; cannot hold: {', '.join(lost) or 'nothing is lost'}"


def check(where: str, names: Sequence[str]) -> None:
    """Refuse a name that is no format.

    Raises:
        InputError: with the key that it was given by.
    """
    for name in names:
        if name not in FORMATS:
            raise InputError(where, f"must be names out of {', '.join(FORMATS)}", got=name)


def write(blended: Blended, names: Sequence[str]) -> list[Written]:
    """Write a blend in some formats, each whole or not at all, and add to `formats.json` what they cannot hold.

    Pictures are only ever linked or copied to new places; no file that a picture is in is opened for writing.

    Raises:
        InputError: a name is no format, or a picture's record in the round is broken.
        OSError: the folder cannot be written.
    """
    check("formats", names)
    for picture in blended.pictures:
        if not blended.path(picture).is_file():
            raise InputError(blended.path(picture), "must be there to be exported", fix="run: rareblend blend")
    done = [_write(blended, name) for name in FORMATS if name in names]
    record = {
        written.name: {
            "pictures": written.pictures,
            "cannot_hold": list(FORMATS[written.name].cannot_hold),
            "left_out": written.left_out,
        }
        for written in done
    }
    export.write_json(blended.folder / "formats.json", {**_earlier(blended.folder / "formats.json"), **record})
    return done


def _write(blended: Blended, name: str) -> Written:
    chosen = FORMATS[name]
    if not chosen.own_folder:
        left_out = chosen.write(blended, blended.folder)
        return Written(name=name, pictures=len(blended.pictures) - len(left_out), left_out=left_out)
    partial = blended.folder / f".{name}.partial"
    if partial.is_symlink():  # what it leads to is not ours
        partial.unlink()
    shutil.rmtree(partial, ignore_errors=True)
    try:
        left_out = chosen.write(blended, partial)
        export.swap(partial, blended.folder / name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Written(name=name, pictures=len(blended.pictures) - len(left_out), left_out=left_out)


def _earlier(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}
