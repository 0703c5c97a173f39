"""The detector of `rareblend eval parity` under attack: its losses on real pictures, trained on some of them and not.

Its loss of a picture, that of classes, boxes and centres together, stands for minus the log likelihood of the labels.
Source of the detector: `eval.parity.detector`; it is trained in quick mode, on maps of a frozen body.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from eval.parity import arms, canvas, features
from eval.parity import pictures as labelled
from eval.parity.features import FeatureSet
from eval.parity.pictures import Picture
from eval.parity.settings import ParitySettings
from eval.parity.train import Model, Training, fit
from eval.parity.views import Whole
from eval.privacy.losses import Train
from eval.resample import Bools, Floats
from scenes.seeds import child_seed


def real_pictures(out: Path) -> list[Picture]:
    """Return the labelled real pictures of a round's blend, unchanged ones only.

    Raises:
        InputError: there is no blend, or it does not follow the schema.
    """
    return [picture for picture in labelled.read(out / "blend") if picture.real]


@contextmanager
def trainer(pictures: Sequence[Picture], folder: Path, *, steps: int, seed: int) -> Iterator[Train]:
    """Yield what trains a detector on some of the pictures and returns its loss of all, (n,).

    Maps of all pictures are in `folder` meanwhile, about 0.4 MB each at 320 px.

    Args:
        pictures: n of them, with boxes.
        folder: for the maps.
        steps: gradient steps of each training.
        seed: of the run; each training has a seed of its own.

    Raises:
        InputError: a picture cannot be decoded.
    """
    settings = ParitySettings(steps=steps)
    classes = sorted(labelled.box_counts(pictures))
    size_wh = canvas.canvas_wh([picture.size_wh for picture in pictures], settings.long_side_px)
    maps = features.of(pictures, folder, Whole(size_wh=size_wh, classes=tuple(classes), mirrored=True))
    torch.set_num_threads(1)
    trained = 0

    def train(rows: Bools) -> Floats:
        nonlocal trained
        trained += 1
        chosen = [replace(p, weight=float(kept)) for p, kept in zip(pictures, rows, strict=True)]
        training = Training(
            arm=arms.REAL,
            seed=child_seed(seed, "privacy", "detector", trained) % 2**31,
            steps=steps,
            train=chosen,
            test=(),
            classes=classes,
            settings=settings,
            maps=(maps, maps),
        )
        return losses_of(fit(training), pictures, maps)

    try:
        features.compute(maps, pictures)
        yield train
    finally:
        features.prune(folder, ())


def losses_of(model: Model, pictures: Sequence[Picture], maps: FeatureSet) -> Floats:
    """Return a detector's loss of each picture, (n,), at least 0."""
    arrays, found = maps.open(), []
    with torch.inference_mode():
        for place, picture in enumerate(pictures):
            xyxy, numbers = maps.views.taught(picture, 0)
            target = {"boxes": torch.from_numpy(xyxy), "labels": torch.from_numpy(numbers)}
            found.append(float(model.finder.loss(features.batch_of(arrays, [place], [0]), [target])))
    return np.array(found)
