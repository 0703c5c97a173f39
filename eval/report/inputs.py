"""What a report or a review reads of a round: whatever files are there, each of them optional but the frames' list."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from scenes.errors import InputError

Json = Mapping[str, Any]
Stage = Literal["frame", "blend"]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture of the round with its labels, from COCO.

    Args:
        stage: "frame" as developed, or "blend" as it stands in the training set.
        path: the file.
        facts: the COCO image entry.
        boxes: its COCO annotations, each with the class name under "category".
        row: its row of `eval/images.json`, empty where it was not measured.
    """

    stage: Stage
    path: Path
    facts: Json
    boxes: tuple[Json, ...]
    row: Json

    @property
    def name(self) -> str:
        """Name of the frame or of the blend's picture, without folder and extension."""
        return self.path.stem

    @property
    def real(self) -> bool:
        """Whether the picture is a real one, changed or not."""
        return self.facts.get("source") == "real"

    @property
    def changed(self) -> bool:
        """Whether the blend made a variety of another picture."""
        return self.facts.get("augment") is not None


@dataclass(frozen=True, kw_only=True)
class RoundFolder:
    """The files of a round, read when they are first asked for.

    Args:
        out: the round's folder.

    Raises:
        InputError: the folder is not there, or a file of it is not the JSON that it should be.
    """

    out: Path

    def __post_init__(self) -> None:
        if not self.out.is_dir():
            raise InputError(self.out, "must be the folder of a round", fix="begin one with: rareblend run")

    @cached_property
    def frames(self) -> tuple[Picture, ...]:
        """Synthetic frames as developed."""
        return self._pictures(self.out, "frame")

    @cached_property
    def blend(self) -> tuple[Picture, ...]:
        """Pictures of the blend: real, synthetic and varied."""
        return self._pictures(self.out / "blend", "blend")

    @cached_property
    def real(self) -> tuple[Picture, ...]:
        """Real pictures of the blend, unchanged."""
        return tuple(picture for picture in self.blend if picture.real and not picture.changed)

    @cached_property
    def mixture(self) -> Json:
        """`blend/blend.json`."""
        return load(self.out / "blend" / "blend.json")

    @cached_property
    def story(self) -> Json:
        """`round.json`."""
        return load(self.out / "round.json")

    @cached_property
    def coverage(self) -> Json:
        """`coverage.json`."""
        return load(self.out / "coverage.json")

    @cached_property
    def scores(self) -> Sequence[Json]:
        """Rows of `eval/scores.json`."""
        return tuple(load(self.out / "eval" / "scores.json").get("scores", ()))

    @cached_property
    def verdicts(self) -> Sequence[Json]:
        """Rows of `eval/verdicts.json`."""
        return tuple(load(self.out / "eval" / "verdicts.json").get("verdicts", ()))

    @cached_property
    def differences(self) -> Json:
        """`eval/differences.json`."""
        return load(self.out / "eval" / "differences.json")

    @cached_property
    def drift(self) -> Json:
        """`drift/drift.json`."""
        return load(self.out / "drift" / "drift.json")

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], Json]:
        """Rows of `eval/images.json` by stage and key."""
        images = load(self.out / "eval" / "images.json").get("images", ())
        return {(row["stage"], row["key"]): row for row in images}

    @cached_property
    def timings(self) -> Sequence[Json]:
        """Lines of `timings.jsonl`; a line cut short by a kill is passed over."""
        path = self.out / "timings.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return tuple(entry for entry in map(_entry, lines) if entry)

    def record(self, frame: str) -> Json:
        """Return the full record of one frame, empty where there is none."""
        return load(self.out / "frames" / f"{frame}.json")

    def _pictures(self, folder: Path, stage: Stage) -> tuple[Picture, ...]:
        path = folder / "annotations.json"
        content = load(path)
        try:
            return tuple(self._picture(folder, stage, image, boxes) for image, boxes in _joined(content))
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError(path, "must be COCO with images, annotations and categories", got=repr(error)) from error

    def _picture(self, folder: Path, stage: Stage, image: Json, boxes: tuple[Json, ...]) -> Picture:
        key = str(image["frame"] if stage == "frame" else image["file_name"])
        path = folder / str(image["file_name"])
        return Picture(stage=stage, path=path, facts=image, boxes=boxes, row=self.rows.get((stage, key), {}))


def load(path: Path) -> Json:
    """Read a JSON object; a file that is not there reads as an empty one.

    Raises:
        InputError: it cannot be read, or holds something else.
    """
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(path, "must be readable JSON", got=str(error)) from error
    if not isinstance(content, dict):
        raise InputError(path, "must hold one JSON object", got=type(content).__name__)
    return content


def _joined(content: Json) -> list[tuple[Json, tuple[Json, ...]]]:
    names = {category["id"]: category["name"] for category in content.get("categories", ())}
    boxes: dict[int, list[Json]] = defaultdict(list)
    for box in content.get("annotations", ()):
        boxes[box["image_id"]].append({**box, "category": names[box["category_id"]]})
    return [(image, tuple(boxes[image["id"]])) for image in content.get("images", ())]


def _entry(line: str) -> Json:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}
