"""Real pictures of a FiftyOne dataset, by its name or out of FiftyOne's zoo.

FiftyOne reads its settings at import and holds on to one database, so it runs in a process of its own
(`fiftyone_dump`) with the environment as it is: `FIFTYONE_DATABASE_URI`, or FiftyOne's own database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from blend.candidate import Candidate, Listing, group_of
from blend.class_names import ClassNames
from blend.picture import LeftOut
from blend.readers.coco import take_of
from blend.readers.records import polygon_box, xyxy_box
from scenes.errors import InputError


def read(*, dataset: str, names: ClassNames, field: str | None = None) -> Listing:
    """List the pictures of a dataset in the database.

    Raises:
        InputError: there is no such dataset or field, or the database cannot be reached.
    """
    return _listing(_dump([dataset, *(["--field", field] if field else [])]), dataset, names)


def read_zoo(*, dataset: str, names: ClassNames, field: str | None = None, part: str | None = None) -> Listing:
    """List the pictures of a zoo dataset, downloading it on the first call.

    Raises:
        InputError: there is no such dataset, or it cannot be downloaded.
    """
    wish = [dataset, "--zoo", *(["--field", field] if field else []), *(["--split", part] if part else [])]
    return _listing(_dump(wish), dataset, names)


def _dump(arguments: list[str]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="rareblend-fiftyone-") as folder:
        target = Path(folder) / "samples.json"
        command = [sys.executable, "-m", "blend.readers.fiftyone_dump", str(target), *arguments]
        paths = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
        done = subprocess.run(  # noqa: S603  our own module
            command, check=False, capture_output=True, text=True, errors="replace",
            env={**os.environ, "PYTHONPATH": paths, "FIFTYONE_DO_NOT_TRACK": "1"},
        )  # fmt: skip
        if done.returncode != 0 or not target.is_file():
            lines = done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"]
            fix = "the database is that of FIFTYONE_DATABASE_URI, or FiftyOne's own"
            raise InputError("real.dataset", "must be a dataset that FiftyOne can load", got=lines[-1][:300], fix=fix)
        return list(json.loads(target.read_text(encoding="utf-8")))


def _listing(samples: list[dict[str, Any]], dataset: str, names: ClassNames) -> Listing:
    left_out: list[LeftOut] = []
    times = Counter(sample["path"] for sample in samples)
    common = Path(os.path.commonpath([Path(path).parent for path in times])) if times else Path()
    candidates = []
    for sample in samples:
        path = Path(sample["path"])
        file = path.relative_to(common).as_posix()
        if times[sample["path"]] > 1:
            left_out.append(LeftOut(file=file, reason="has several samples", fault="two of one name"))
        else:
            candidates.append(_candidate(sample, path, file, names, left_out))
    return Listing(candidates=tuple(candidates), left_out=tuple(left_out), file=dataset)


def _candidate(sample: dict[str, Any], path: Path, file: str, names: ClassNames, left_out: list[LeftOut]) -> Candidate:
    boxes = []
    for place, entry in enumerate(sample["objects"]):
        category, key = names.ours(entry["label"]), f"object {place}"
        if category is None:
            continue
        try:
            if "polygons" in entry:
                boxes.append(polygon_box(category, entry["polygons"], key, relative=True))
            else:
                x, y, w, h = entry["xywh"]
                boxes.append(
                    xyxy_box(category, (x, y, x + w, y + h), key, relative=True, segmentation=entry.get("rle"))
                )
        except ValueError as error:
            left_out.append(LeftOut(file=file, reason=f"{key}: {error}", fault="not a box"))
    return Candidate(
        file=file,
        path=path,
        group=take_of(sample["fields"]) or group_of(file),
        boxes=tuple(boxes),
        labelled=sample["labelled"],
    )
