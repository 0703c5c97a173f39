"""The user's own trainer in place of ours: a Python function or a shell command that trains, tests and gives boxes.

    rareblend eval parity parity.train=my_trainer.py
    rareblend eval parity parity.train='python train.py {train} {test} --seed {seed} --out {results}'

Each training gets a folder with `train.json` (COCO; file names are absolute, `weight` of a picture says how often it is
to be drawn relative to others, so that the arm's share of synthetic pictures is kept) and `test.json` (COCO without
annotations: the test set is closed). A Python file defines

    def train(*, train: Path, test: Path, seed: int, steps: int, folder: Path) -> list[dict]

and a command may name {train} {test} {seed} {steps} {folder} {results}; it writes {results}. Both give COCO results:
`image_id`, `category_id`, `bbox` (xywh px), `score`.
"""

from __future__ import annotations

import importlib.util
import json
import math
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from eval.parity import arms
from eval.parity.evaluate import Detection, truth_of
from eval.parity.train import Training
from eval.scores import write_json
from scenes.errors import InputError

KEY = "parity.train"
_NUMBERS = 4


def check(train: str) -> None:
    """Refuse a trainer that cannot be meant.

    Raises:
        InputError: the file is not there or defines no `train`, or the command names no file that is filled in.
    """
    if _is_file(train):
        _function(Path(train).expanduser())
    elif "{results}" not in train or "{train}" not in train or "{test}" not in train:
        raise InputError(KEY, "must be a FILE.py, or a command that names {train}, {test} and {results}", got=train)


def fingerprint(train: str) -> str:
    """Return what tells this trainer from another: the text of the file, or the command."""
    return Path(train).expanduser().read_text(encoding="utf-8") if _is_file(train) else train


def detect(training: Training, folder: Path) -> list[Detection]:
    """Let the user's trainer train and test one arm.

    Args:
        training: the arm, seed and pictures.
        folder: of its own, for what it reads and writes.

    Raises:
        InputError: it failed, or its results are no COCO results for the test pictures.
    """
    told = training.settings.train
    assert told is not None, "called for the user's trainer only"
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.json" for name in ("train", "test", "results")}
    write_json(paths["train"], _taught(training))
    write_json(paths["test"], {**truth_of(training.test, training.classes), "annotations": []})
    given = {"seed": training.chance, "steps": training.steps, "folder": folder}
    if _is_file(told):
        function = _function(Path(told).expanduser())
        try:
            results = function(train=paths["train"], test=paths["test"], **given)
        except Exception as error:
            raise InputError(KEY, "must train without an error", got=repr(error)) from error
    else:
        results = _commanded(told, {**paths, **given})
    return _checked(results, training)


def _is_file(train: str) -> bool:
    return train.endswith(".py") and " " not in train.strip()


def _function(path: Path) -> Callable[..., Any]:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    try:
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        function: Callable[..., Any] = module.train
    except Exception as error:
        raise InputError(KEY, "must be a Python file that defines train()", got=f"{path}: {error!r}") from error
    return function


def _commanded(command: str, given: dict[str, object]) -> Any:
    words = [_filled(word, given) for word in shlex.split(command)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError as error:
        raise InputError(KEY, "must be a command that can be started", got=str(error)) from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
        raise InputError(KEY, f"must end with exit code 0, ended with {done.returncode}", got=said)
    results = Path(str(given["results"]))
    try:
        return json.loads(results.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(KEY, "must write COCO results to {results}", got=str(error)) from error


def _filled(word: str, given: dict[str, object]) -> str:
    for name, value in given.items():
        word = word.replace(f"{{{name}}}", str(value))
    return word


def _taught(training: Training) -> dict[str, Any]:
    """Return the arm as COCO: the pictures that it draws, and how often, as a share of all draws."""
    count = max(10_000, 20 * len(training.train))
    times = np.bincount(
        arms.draws(training.arm, training.train, count, seed=training.seed), minlength=len(training.train)
    )
    pictures = [picture for picture, drawn in zip(training.train, times, strict=True) if drawn]
    document = truth_of(pictures, training.classes)
    mean = times[times > 0].mean()
    for image, drawn in zip(document["images"], times[times > 0], strict=True):
        image["weight"] = round(float(drawn / mean), 6)
    return document


def _checked(results: Any, training: Training) -> list[Detection]:
    if not isinstance(results, list):
        raise InputError(KEY, "must give a list of COCO results", got=type(results).__name__)
    return [_detection(place, entry, training) for place, entry in enumerate(results)]


def _detection(place: int, entry: Any, training: Training) -> Detection:
    where = f"{KEY}, result {place}"
    try:
        image, category = int(entry["image_id"]), int(entry["category_id"])
        box, score = [float(side) for side in entry["bbox"]], float(entry["score"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(where, "must have image_id, category_id, bbox and score", got=repr(error)) from error
    if not 1 <= image <= len(training.test) or not 1 <= category <= len(training.classes):
        raise InputError(where, "must name a picture and a category of {test}", got=f"{image}, {category}")
    if len(box) != _NUMBERS or min(box[2:]) < 0 or not all(math.isfinite(number) for number in (*box, score)):
        raise InputError(where, "must have a box (x, y, width, height) and a score that are finite", got=repr(entry))
    return {"image_id": image, "category_id": category, "bbox": box, "score": score}
