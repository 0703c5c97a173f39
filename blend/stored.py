"""A blend that is on disk, read back from its COCO file to be written in other formats."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from pydantic import ConfigDict

from blend.export import Link
from blend.formats import registry
from blend.formats.blended import SPLITS, Blended
from blend.picture import Annotation, Picture
from scenes.errors import InputError

IMAGE_KEYS = frozenset(
    {"id", "file_name", "width", "height", "source", "split", "group", "parents", "sha256", "labelled", "augment"}
    | {"weight", "copies", "stages"}
)
BOX_KEYS = frozenset({"id", "key", "image_id", "category_id", "bbox", "area", "segmentation"})
FILE_NAME = re.compile(r"images/[^/\\\0]+")
FIX = "run: rareblend blend"


@dataclass(frozen=True, kw_only=True)
class ExportSettings:
    """The keys of `rareblend blend export`.

    Args:
        formats: names out of `formats.registry.FORMATS`.
        link: how a format with a folder of pictures gets them, see `export.Link`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    formats: tuple[str, ...]
    link: Link = "hardlink"

    def __post_init__(self) -> None:
        registry.check("formats", self.formats)
        if not self.formats:
            raise InputError("formats", f"must be names out of {', '.join(registry.FORMATS)}", got="none")


def export(out: Path, settings: ExportSettings) -> list[registry.Written]:
    """Write the blend of a round in other formats, into its folder.

    Raises:
        InputError: there is no blend, or its COCO file is broken.
        OSError: the folder cannot be written; a format that was there before is whole then.
    """
    return registry.write(read(out, link=settings.link), settings.formats)


def read(out: Path, *, link: Link = "hardlink") -> Blended:
    """Read the blend of a round; writing it as COCO again gives the same bytes.

    Raises:
        InputError: there is no blend, or its COCO file is broken or names a picture outside of `images/`.
    """
    path = out / "blend" / "annotations.json"
    if not path.is_file():
        raise InputError(path, "must be there to be exported", fix=f"{FIX} out={out}")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        names = {entry["id"]: entry["name"] for entry in document["categories"]}
        boxes = _boxes(document["annotations"], names)
        pictures = tuple(_picture(entry, path.parent, boxes.pop(entry["id"], [])) for entry in document["images"])
        splits = tuple(entry["split"] for entry in document["images"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(path, "must be the COCO file of a blend", got=repr(error), fix=f"{FIX} out={out}") from None
    if boxes or not set(splits) <= set(SPLITS):
        got = f"{len(boxes)} images with boxes and no entry; splits {sorted(map(str, set(splits)))}"
        raise InputError(
            path, f"must have boxes of its own images and the splits {', '.join(SPLITS)}", got=got, fix=FIX
        )
    return Blended(folder=path.parent, pictures=pictures, splits=splits, round_folder=out, link=link)


def _boxes(entries: Iterable[Mapping[str, Any]], names: Mapping[int, str]) -> dict[int, list[Annotation]]:
    boxes: dict[int, list[Annotation]] = defaultdict(list)
    for entry in entries:
        x, y, w, h = map(float, entry["bbox"])
        box = Annotation(
            category=names[entry["category_id"]],
            xywh=(x, y, w, h),
            area_px=float(entry["area"]),
            key=entry["key"],
            rle=entry["segmentation"] or None,
            facts={key: value for key, value in entry.items() if key not in BOX_KEYS},
        )
        boxes[entry["image_id"]].append(box)
    return boxes


def _picture(entry: Mapping[str, Any], folder: Path, boxes: list[Annotation]) -> Picture:
    file = entry["file_name"]
    if not FILE_NAME.fullmatch(file) or PurePosixPath(file).stem in ("", ".", ".."):
        raise ValueError(f"file_name {file!r} is no file in images/")
    return Picture(
        name=PurePosixPath(file).stem,
        path=folder / file,
        source=entry["source"],
        group=entry["group"],
        width=int(entry["width"]),
        height=int(entry["height"]),
        sha256=entry["sha256"],
        annotations=tuple(boxes),
        labelled=bool(entry["labelled"]),
        parents=tuple(entry["parents"]),
        facts={key: value for key, value in entry.items() if key not in IMAGE_KEYS},
        augment=entry["augment"],
        weight=float(entry.get("weight", 1)),
        copies=int(entry.get("copies", 1)),
        stages=tuple((float(until), float(weight)) for until, weight in entry.get("stages", ())),
    )
