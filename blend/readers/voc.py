"""Real pictures with Pascal VOC label files: one XML a picture; boxes are read as they stand, in px."""

from __future__ import annotations

from pathlib import Path

from blend.candidate import Candidate, Listing, RawBox, group_of
from blend.class_names import ClassNames
from blend.picture import LeftOut
from blend.readers import records
from blend.readers.records import Record, xyxy_box
from blend.readers.tree import PictureTree, files_below, scan
from blend.readers.xml_file import Element, as_number, number, root_of
from scenes.errors import InputError

FLAGS = ("difficult", "truncated", "occluded")


def read(*, images: Path, annotations: Path, names: ClassNames) -> Listing:
    """List the pictures of a VOC set; a picture without a label file counts as unlabelled.

    The 2007 kit counts pixels from 1, most tools since from 0 (FiftyOne and CVAT among them), and no file says which:
    so corners are taken as they are, at most one pixel off.

    Raises:
        InputError: a folder is missing, there is no label file, or most name no picture.
    """
    tree = scan(images, "real.images")
    if not annotations.is_dir():
        raise InputError("real.annotations", "must be a folder of XML files", got=str(annotations))
    left_out: list[LeftOut] = []
    found = [
        record
        for path in files_below(annotations, frozenset({".xml"}), left_out)
        if (record := _record(path, tree, names, left_out)) is not None
    ]
    if not found:
        got = f"none in {annotations}" if not left_out else f"{left_out[0].file} {left_out[0].reason}"
        raise InputError("real.annotations", "must hold XML files with an <annotation>", got=got)
    labelled = records.listing(tree, found, left_out, annotations.name)
    named = {candidate.file for candidate in labelled.candidates} | {entry.file for entry in labelled.left_out}
    rest = [Candidate(file=f, path=path, group=group_of(f)) for f, path in tree.files.items() if f not in named]
    told = tuple(entry for entry in labelled.left_out if entry.fault != "not labelled there")
    return Listing(candidates=(*labelled.candidates, *rest), left_out=told, file=labelled.file)


def _record(path: Path, tree: PictureTree, names: ClassNames, left_out: list[LeftOut]) -> Record | None:
    try:
        root = root_of(path)
        return Record(
            name=_picture_name(root, path, tree),
            key=path.name,
            boxes=tuple(_boxes(root, path.name, names, left_out)),
            size_wh=_size_wh(root),
        )
    except ValueError as error:
        left_out.append(LeftOut(file=path.name, reason=str(error)))
        return None


def _picture_name(root: Element, path: Path, tree: PictureTree) -> str:
    """Take the picture with the label file's own stem where there is one: renamed sets keep stale <filename>s."""
    same = tree.of_stem.get(path.stem, [])
    return same[0] if len(same) == 1 else (root.findtext("filename") or path.stem).strip()


def _size_wh(root: Element) -> tuple[int, int] | None:
    """Return the stated size; many tools write 0 where they do not know it."""
    width, height = (int(as_number(root.findtext(f"size/{side}") or "0", side)) for side in ("width", "height"))
    return (width, height) if width and height else None


def _boxes(root: Element, file: str, names: ClassNames, left_out: list[LeftOut]) -> list[RawBox]:
    boxes = []
    for place, entry in enumerate(root.findall("object"), start=1):
        category = names.ours(entry.findtext("name") or "")
        if category is None:
            continue
        try:
            corners = [number(entry, f"bndbox/{corner}") for corner in ("xmin", "ymin", "xmax", "ymax")]
        except ValueError as error:
            left_out.append(LeftOut(file=file, reason=f"object {place}: {error}"))
            continue
        flags = {flag: int(value == "1") for flag in FLAGS if (value := entry.findtext(flag)) is not None}
        boxes.append(xyxy_box(category, corners, f"object {place}", facts=flags))
    return boxes
