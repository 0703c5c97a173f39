"""How many labelled faces and plates were hidden, on a sample that somebody has labelled."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from eval.privacy.sensitive import Box, Kind
from eval.resample import share_interval
from scenes.errors import InputError

HIDDEN_SHARE = 0.75  # of a labelled box that must lie under blurred boxes to count as hidden
NAMES: Mapping[str, Kind] = MappingProxyType(
    {
        "face": "face",
        "plate": "plate",
        "license_plate": "plate",
        "licence_plate": "plate",
        "number_plate": "plate",
    }
)
"""Category names in a file of labels, by what they mean."""
Labels = Mapping[str, Sequence[Box]]
"""File name of a picture to what is in it; a picture without any is there with an empty list."""


@dataclass(frozen=True, kw_only=True)
class Recall:
    """Share of labelled things that were hidden.

    Args:
        hidden: of `labelled`.
        labelled: at least 1.
        pictures: that were labelled.
        interval: exact 95 % interval of the share (Clopper and Pearson).
    """

    hidden: int
    labelled: int
    pictures: int
    interval: tuple[float, float]

    @property
    def value(self) -> float:
        """The share."""
        return self.hidden / self.labelled


def read(path: Path) -> Labels:
    """Read labelled faces and plates from a COCO file.

    Raises:
        InputError: the file cannot be read, or names neither faces nor plates.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        names = {category["id"]: str(category["name"]).lower().replace(" ", "_") for category in content["categories"]}
        files = {image["id"]: str(image["file_name"]) for image in content["images"]}
        labels: dict[str, list[Box]] = {file: [] for file in files.values()}
        for annotation in content["annotations"]:
            kind = NAMES.get(names[annotation["category_id"]])
            x, y, width, height = (float(value) for value in annotation["bbox"])
            edges = (int(np.floor(x)), int(np.floor(y)), int(np.ceil(x + width)), int(np.ceil(y + height)))
            if kind is not None:
                labels[files[annotation["image_id"]]].append((kind, edges))
    except OSError as error:
        raise InputError("blur.labels", "must be a file that can be read", got=f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            "blur.labels", "must be COCO with images, annotations and categories", got=repr(error)
        ) from error
    if not set(names.values()) & set(NAMES):
        raise InputError("blur.labels", f"must name one of {', '.join(NAMES)}", got=", ".join(sorted(names.values())))
    return labels


def measured(labels: Labels | None, found: Mapping[str, Sequence[Box]], kind: Kind) -> Recall | str:
    """Return the recall of a kind, or why there is none.

    Args:
        labels: what is there; None where nobody has labelled.
        found: blurred boxes by the same file names.
        kind: face or plate.
    """
    if labels is None:
        return f"no labelled {kind}s; give some with blur.labels=FILE"
    shared = sorted(labels.keys() & found.keys())
    if not shared:
        return "no picture of blur.labels is among those that were blurred"
    wanted = [(file, edges) for file in shared for name, edges in labels[file] if name == kind]
    if not wanted:
        return f"no {kind} is labelled in the {len(shared)} pictures that are"
    hits = sum(covered(edges, [box for _, box in found[file]]) >= HIDDEN_SHARE for file, edges in wanted)
    return Recall(hidden=hits, labelled=len(wanted), pictures=len(shared), interval=share_interval(hits, len(wanted)))


def covered(box: tuple[int, int, int, int], others: Sequence[tuple[int, int, int, int]]) -> float:
    """Return which share of a box lies under the union of others, all xyxy in whole px; 0 for an empty box."""
    x0, y0, x1, y1 = box
    mask = np.zeros((max(y1 - y0, 0), max(x1 - x0, 0)), dtype=bool)
    for a, b, c, d in others:
        mask[max(b - y0, 0) : max(d - y0, 0), max(a - x0, 0) : max(c - x0, 0)] = True
    return float(mask.mean()) if mask.size else 0.0


def said(found: Recall | str) -> str:
    """Say a recall in words."""
    if isinstance(found, str):
        return f"not measured: {found}"
    low, high = found.interval
    return f"{found.value:.2f} [{low:.2f}, {high:.2f}], {found.hidden} of {found.labelled} in {found.pictures} pictures"
