"""A round as a FiftyOne dataset: pictures, boxes, masks, scores, a map of the features, saved views, a workspace."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.review import pictures
from eval.review.database import database
from eval.review.pictures import Box, Picture

SCHEMA = 1
"""Of the dataset; another number makes `load` build it anew."""
MAP_KEY = "map"
WORKSPACE = "review"
_LABELS = "ground_truth"


def name_of(out: Path) -> str:
    """Return the dataset's name: the round folder's, and six digits of its path so that two rounds never meet."""
    folder = out.resolve()
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", folder.name).strip("-") or "round"
    return f"rareblend-{stem}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:6]}"


def load(out: Path) -> str:
    """Put a round into FiftyOne; what is there of it already is replaced if the round has changed.

    Tags of pictures are carried over. A round that has not changed is left as it is, with all that was edited in the
    App.

    Args:
        out: the round's folder; blend and evaluation may be missing.

    Returns:
        The dataset's name.

    Raises:
        InputError: if the round cannot be read.
        MissingPieceError: if there is no database program.
    """
    name, state = name_of(out), f"{SCHEMA}-{pictures.fingerprint(out)}"
    with database():
        import fiftyone as fo

        old = fo.load_dataset(name) if fo.dataset_exists(name) else None
        if old is not None and old.info.get("state") == state:
            return name
        tags = {} if old is None else tags_of(old)
        part = f"{name}-part"  # an interrupted load leaves the old dataset whole
        _build(fo.Dataset(part, overwrite=True), pictures.read(out), tags)
        if old is not None:
            old.delete()
        new = fo.load_dataset(part)
        new.info = {"state": state, "round": str(out.resolve())}
        new.persistent = True
        new.name = name
        new.save()
    return name


def tags_of(dataset: Any) -> dict[tuple[str, str], list[str]]:
    """Return the tags of each tagged picture, by its stage and key."""
    stages, keys, tags = dataset.values(["stage", "key", "tags"])
    return {(stage, key): list(told) for stage, key, told in zip(stages, keys, tags, strict=True) if told}


def _build(dataset: Any, found: Sequence[Picture], tags: dict[tuple[str, str], list[str]]) -> None:
    from eval.review import views

    _declare(dataset)
    samples = [_sample(picture, tags.get(picture.identity, [])) for picture in found]
    ids = dataset.add_samples(samples, progress=False)
    placed = {sample_id: picture.xy for sample_id, picture in zip(ids, found, strict=True) if picture.xy is not None}
    if placed:
        _draw_map(dataset, placed)
    views.save(dataset)
    dataset.save_workspace(WORKSPACE, views.workspace(map_key=MAP_KEY if placed else None))


def _declare(dataset: Any) -> None:
    """Declare every field, so that the sidebar is the same for each round."""
    import fiftyone as fo

    kinds = {str: fo.StringField, bool: fo.BooleanField, int: fo.IntField, float: fo.FloatField}
    for name, kind in pictures.FIELDS.items():
        if kind is list:
            dataset.add_sample_field(name, fo.ListField, subfield=fo.StringField)
        else:
            dataset.add_sample_field(name, kinds[kind])
    dataset.add_sample_field(_LABELS, fo.EmbeddedDocumentField, embedded_doc_type=fo.Detections)
    for name, kind in pictures.BOX_FIELDS.items():
        dataset.add_sample_field(f"{_LABELS}.detections.{name}", kinds[kind])


def _sample(picture: Picture, tags: Sequence[str]) -> Any:
    import fiftyone as fo

    width, height = picture.size_wh
    kind = mimetypes.guess_type(picture.path.name)[0]
    boxes = None if picture.boxes is None else fo.Detections(detections=[_detection(box) for box in picture.boxes])
    return fo.Sample(
        filepath=str(picture.path),
        tags=list(tags),
        metadata=fo.ImageMetadata(width=width, height=height, mime_type=kind),
        **picture.fields,
        **{_LABELS: boxes},
    )


def _detection(box: Box) -> Any:
    import fiftyone as fo

    return fo.Detection(label=box.label, bounding_box=list(box.bounding_box), mask=box.mask, **box.fields)


def _draw_map(dataset: Any, placed: dict[str, tuple[float, float]]) -> None:
    import fiftyone.brain as fob

    fob.compute_visualization(
        dataset.select(list(placed), ordered=True),
        points=np.array(list(placed.values())),
        method="manual",
        brain_key=MAP_KEY,
        progress=False,
    )
