"""What a round's folder holds for the report; a missing or broken part is an `InputError` that says why."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from eval import gate, scores, table
from render import durable
from scenes.errors import InputError

_STAGE_OF = {"eval": "eval", "blend": "blend", "frames": "develop", "annotations.json": "develop", "round.json": "run"}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture and its labels.

    Args:
        name: frame name, or file name inside the blend.
        path: the file.
        size_wh: px.
        facts: its entry under `images` of the COCO file.
        boxes: its COCO annotations, each with `category` as a word.
    """

    name: str
    path: Path
    size_wh: tuple[int, int]
    facts: Mapping[str, Any]
    boxes: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Material:
    """The files of a round, each read when it is first asked for.

    Raises:
        InputError: from each property whose file is missing or broken.
    """

    out: Path

    @cached_property
    def frames(self) -> list[Picture]:
        """Return the synthetic frames as developed."""
        return _pictures(self.out, Path())

    @cached_property
    def blended(self) -> list[Picture]:
        """Return the pictures of the blend."""
        return _pictures(self.out, Path("blend"))

    @cached_property
    def blend(self) -> dict[str, Any]:
        """Return `blend/blend.json`."""
        return load(self.out, Path("blend") / "blend.json")

    @cached_property
    def scores(self) -> list[scores.Score]:
        """Return the measured scores."""
        return scores.read(self.out)

    @cached_property
    def verdicts(self) -> list[dict[str, Any]]:
        """Return the verdicts of the gates."""
        return list(load(self.out, gate.VERDICTS_FILE)["verdicts"])

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """Return one row per measured picture, by key."""
        return {str(row["key"]): row for row in load(self.out, table.IMAGES_FILE)["images"]}

    @cached_property
    def story(self) -> dict[str, Any]:
        """Return `round.json`."""
        return load(self.out, Path("round.json"))

    @cached_property
    def timings(self) -> list[dict[str, Any]]:
        """Return the lines of `timings.jsonl`."""
        return durable.lines(self.out / "timings.jsonl")

    def record(self, frame: str) -> dict[str, Any]:
        """Return the record of a frame."""
        return load(self.out, Path("frames") / f"{frame}.json")

    def real(self, key: str) -> Picture:
        """Return a real picture of the blend by its key."""
        found = next((picture for picture in self.blended if picture.name == key), None)
        if found is None:
            raise InputError(f"real picture {key}", "must be in the blend", fix="run `rareblend eval` again")
        return found


def load(out: Path, file: Path) -> dict[str, Any]:
    """Read a JSON object of a round.

    Raises:
        InputError: it is missing or is no JSON object; the path is told relative to the round.
    """
    fix = f"run `rareblend {_STAGE_OF.get(file.parts[0], 'run')} out={out}`"
    try:
        content = json.loads((out / file).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(file, "must be readable", got=error.strerror, fix=fix) from error
    except ValueError as error:
        raise InputError(file, "must be JSON", got=str(error), fix=fix) from error
    if not isinstance(content, dict):
        raise InputError(file, "must hold one JSON object", got=type(content).__name__, fix=fix)
    return content


def _pictures(out: Path, folder: Path) -> list[Picture]:
    content = load(out, folder / "annotations.json")
    words = {category["id"]: str(category["name"]) for category in content["categories"]}
    boxes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for annotation in content["annotations"]:
        boxes[annotation["image_id"]].append({**annotation, "category": words[annotation["category_id"]]})
    return [
        Picture(
            name=str(image.get("frame", image["file_name"]) if folder == Path() else image["file_name"]),
            path=out / folder / str(image["file_name"]),
            size_wh=(int(image["width"]), int(image["height"])),
            facts=image,
            boxes=tuple(boxes[image["id"]]),
        )
        for image in content["images"]
    ]
