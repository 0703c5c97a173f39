"""Trainings of a study: each leaves one file, so that a study that was stopped goes on where it stood."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.progress import track

from eval.parity import pictures, trainer
from eval.parity.evaluate import Detection
from eval.parity.settings import ParitySettings
from eval.parity.train import Training, detect
from render.durable import write_json
from scenes.errors import RareblendError
from scenes.orphans import end_with_parent

VERSION = 2  # raise it whenever the detector or its training changes
_TRAINING_KEYS = ("mode", "batch", "rate", "ema")
_FINE_KEYS = ("body_rate", "crops", "crop_wh", "zoom", "test_long_side_px")


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a training found, and what it cost."""

    detections: Sequence[Detection]
    cpu_s: float


def path_of(training: Training, folder: Path) -> Path:
    """Name the file of a training by all that it depends on."""
    told = training.settings
    known = (
        [VERSION, training.arm, training.seed, training.steps, list(training.classes)],
        [pictures.fingerprint(training.train), pictures.fingerprint(training.test)],
        trainer.fingerprint(told.train) if told.train else _settings(told),
    )
    key = hashlib.sha256(repr(known).encode()).hexdigest()[:12]
    return folder / f"{training.arm.name.replace(' ', '_')}-{training.seed}-{key}.json"


def _settings(told: ParitySettings) -> Mapping[str, object]:
    keys = (*_TRAINING_KEYS, "long_side_px", *(_FINE_KEYS if told.mode == "fine" else ()))
    return {key: getattr(told, key) for key in keys}


def open_ones(trainings: Sequence[Training], folder: Path) -> list[Training]:
    """Return the trainings that have no file yet."""
    return [training for training in trainings if not path_of(training, folder).exists()]


def run(trainings: Sequence[Training], folder: Path, *, workers: int, what: str) -> list[Done]:
    """Do the trainings that are not done yet; return what each found, in order.

    Args:
        trainings: to do.
        folder: for their files.
        workers: processes, one thread each.
        what: for the progress bar.

    Raises:
        RareblendError: a training failed; the finished ones stay.
    """
    wanted = open_ones(trainings, folder)
    outcomes = _farmed(wanted, folder, workers) if workers > 1 and len(wanted) > 1 else _in_turn(wanted, folder)
    for trouble in track(outcomes, description=what, total=len(wanted), disable=not wanted):
        if trouble:
            raise RareblendError(trouble)
    return [read(path_of(training, folder)) for training in trainings]


def read(path: Path) -> Done:
    """Read the file of a training.

    Raises:
        RareblendError: it is broken.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = [
            {"image_id": image, "category_id": category, "bbox": box, "score": score}
            for image, category, box, score in content["detections"]
        ]
        return Done(detections=found, cpu_s=float(content["cpu_s"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RareblendError(f"{path}: must be a training of this rareblend; remove it and it is done again") from error


def _in_turn(trainings: Sequence[Training], folder: Path) -> Iterator[str]:
    for training in trainings:
        yield _one(training, folder)


def _farmed(trainings: Sequence[Training], folder: Path, workers: int) -> Iterator[str]:
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawned, initializer=_quiet) as pool:
        todo: set[Future[str]] = {pool.submit(_one, training, folder) for training in trainings}
        try:
            while todo:
                finished, todo = wait(todo, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        finally:
            for future in todo:
                future.cancel()


def _quiet() -> None:
    """Let Ctrl-C end a worker without a word; what it had not finished is done again by the next call."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_with_parent()


def _one(training: Training, folder: Path) -> str:
    """Do one training and write its file; returns what went wrong, "" for nothing, as errors do not travel whole."""
    torch.set_num_threads(1)
    path, begun = path_of(training, folder), time.process_time()
    try:
        plugged = training.settings.train is not None
        found = trainer.detect(training, path.with_suffix("")) if plugged else detect(training)
    except RareblendError as error:
        return str(error)
    rows = [[d["image_id"], d["category_id"], d["bbox"], d["score"]] for d in found]
    write_json(path, {"schema": 1, "cpu_s": round(time.process_time() - begun, 2), "detections": rows})
    return ""
