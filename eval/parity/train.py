"""Training one detector on one arm, and what it finds on the pictures held out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from eval.parity import arms, features
from eval.parity.arms import Arm
from eval.parity.detector import Body, Finder, Maps, Targets
from eval.parity.evaluate import Detection
from eval.parity.features import FeatureSet
from eval.parity.pictures import Picture
from eval.parity.settings import ParitySettings
from eval.parity.views import Whole
from scenes.errors import InputError
from scenes.seeds import child_seed, generator

WARM_UP = 50
MOST_GRADIENT = 10.0
WEIGHT_DECAY = 1e-4
Batch = tuple[Maps, Targets]
Tensors = tuple[Tensor, ...] | list[Tensor]
Feed = Callable[[int], Batch]


@dataclass(frozen=True, kw_only=True)
class Training:
    """One detector to train and test.

    Args:
        arm: what it is trained on.
        seed: of its weights and draws.
        steps: gradient steps.
        train: pictures that arms draw from.
        test: pictures to find objects on.
        classes: names; the classes that it learns.
        settings: rates.
        maps: of train and test pictures; None for the user's own trainer.
    """

    arm: Arm
    seed: int
    steps: int
    train: Sequence[Picture]
    test: Sequence[Picture]
    classes: Sequence[str]
    settings: ParitySettings
    maps: tuple[FeatureSet, FeatureSet] | None = None

    @property
    def known(self) -> tuple[FeatureSet, FeatureSet]:
        """Maps of train and test pictures."""
        assert self.maps is not None, "our own trainings read maps"
        return self.maps

    @property
    def chance(self) -> int:
        """Seed of all that is drawn."""
        return self.seed + self.arm.seed_offset


class Model(nn.Module):
    """What is trained: pyramid and head, and in "fine" the body too."""

    def __init__(self, class_count: int, *, fine: bool) -> None:
        super().__init__()
        self.finder = Finder(class_count)
        self.body = Body() if fine else nn.Identity()


def detect(training: Training) -> list[Detection]:
    """Train a detector and return what it finds on the test pictures.

    Raises:
        InputError: a picture cannot be decoded, or training came to nothing.
    """
    model = fit(training)
    with torch.inference_mode():
        found = [
            detection for at, boxes in _tested(model, training) for detection in _told(at, boxes, training.test[at])
        ]
    _refuse_collapse(found, training)
    return found


def fit(training: Training) -> Model:
    """Train a detector; returns the average of its weights over the last steps."""
    for _, model in _stepped(training):
        last = model
    return last


def seconds_a_step(training: Training, steps: int = 4) -> float:
    """Measure what a step costs, in CPU-seconds, after one that warms up."""
    spent: list[float] = []
    begun = time.process_time()
    for number, _ in _stepped(training):
        spent.append(time.process_time() - begun)
        if number == steps:
            break
        begun = time.process_time()
    return float(np.mean(spent[1:] or spent))


def _stepped(training: Training) -> Iterator[tuple[int, Model]]:
    told = training.settings
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(child_seed(training.chance, "parity", "weights"))
        model = Model(len(training.classes), fine=told.mode == "fine").train()
    feed = _feed(training, model.body)
    optimizer = torch.optim.AdamW(
        [
            {"params": list(model.finder.parameters()), "lr": told.rate},
            {"params": [p for p in model.body.parameters() if p.requires_grad], "lr": told.body_rate},
        ],
        weight_decay=WEIGHT_DECAY,
    )
    pace = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _pace(step, training.steps))
    average = AveragedModel(model, multi_avg_fn=_averaging(told.ema))
    trained = [p for p in model.parameters() if p.requires_grad]
    for step in range(training.steps):
        optimizer.zero_grad()
        maps, targets = feed(step)
        torch.autograd.backward(model.finder.loss(maps, targets))
        nn.utils.clip_grad_norm_(trained, MOST_GRADIENT)
        optimizer.step()
        pace.step()
        average.update_parameters(model)
        averaged = average.module.eval()
        assert isinstance(averaged, Model)
        yield step, averaged


def _pace(step: int, steps: int) -> float:
    """Return the factor on the rate: a warm-up, then half a cosine."""
    warm_up = min(WARM_UP, steps // 4)
    return min((step + 1) / (warm_up + 1), (1 + math.cos(math.pi * step / steps)) / 2)


def _averaging(ema: float) -> Callable[[Tensors, Tensors, Tensor | int], None]:
    def update(average: Tensors, now: Tensors, count: Tensor | int) -> None:
        decay = min(ema, (1 + int(count)) / (10 + int(count)))  # a short training must not keep its first weights
        torch._foreach_lerp_(average, now, 1 - decay)

    return torch.no_grad()(update)


def _feed(training: Training, body: nn.Module) -> Feed:
    of_train, places, views = training.known[0], *_draws(training)
    arrays, known = of_train.open(), lru_cache(maxsize=None)(partial(_taught, training))

    def feed(step: int) -> Batch:
        at, view = places[step].tolist(), views[step].tolist()
        maps = _rest(body, features.batch_of(arrays, at, view))
        return maps, [known(*which) for which in zip(at, view, strict=True)]

    return feed


def _rest(body: nn.Module, maps: Maps) -> Maps:
    return body.rest(maps[0]) if isinstance(body, Body) else maps


def _taught(training: Training, place: int, view: int) -> dict[str, Tensor]:
    xyxy, labels = training.known[0].views.taught(training.train[place], view)
    return {"boxes": torch.from_numpy(xyxy), "labels": torch.from_numpy(labels)}


def _draws(training: Training) -> tuple[arms.Ints, arms.Ints]:
    """Return the pictures of each step, and which view of them is taken, both steps x batch."""
    shape = training.steps, training.settings.batch
    drawn = arms.draws(training.arm, training.train, shape[0] * shape[1], seed=training.seed)
    views = generator(training.chance, "parity", "sides").integers(training.known[0].views.count, size=shape)
    return drawn.reshape(shape), views


def _tested(model: Model, training: Training) -> Iterator[tuple[int, dict[str, Tensor]]]:
    """Give the place of each test picture and what was found, boxes in px of the picture on disk."""
    of_test = training.known[1]
    arrays, views = of_test.open(), of_test.views
    assert isinstance(views, Whole), "tests look at whole pictures"
    for at, picture in enumerate(training.test):
        maps = _rest(model.body, features.batch_of(arrays, [at], [0]))
        scale = float(views.scale(picture))
        inside = round(picture.size_wh[1] * scale), round(picture.size_wh[0] * scale)
        (found,) = model.finder.boxes(maps, [inside])
        yield at, {**found, "boxes": found["boxes"] / scale}


def _told(at: int, found: dict[str, Tensor], picture: Picture) -> list[Detection]:
    xyxy = np.clip(found["boxes"].double().numpy(), 0, [*picture.size_wh, *picture.size_wh])
    xywh = np.concatenate([xyxy[:, :2], xyxy[:, 2:] - xyxy[:, :2]], axis=1).round(2)
    labels, scores = found["labels"].tolist(), found["scores"].double().numpy().round(6)
    return [
        {"image_id": at + 1, "category_id": label + 1, "bbox": box.tolist(), "score": float(score)}
        for box, label, score in zip(xywh, labels, scores, strict=True)
    ]


def _refuse_collapse(found: Sequence[Detection], training: Training) -> None:
    """Say no to a training whose boxes are empty: it gives AP 0 and no error of its own."""
    if found and max(min(detection["bbox"][2:]) for detection in found) < 1:
        raise InputError(
            "parity.rate",
            f"must be lower: the arm {training.arm.name}, seed {training.seed}, learnt empty boxes only",
            got=training.settings.rate,
        )
