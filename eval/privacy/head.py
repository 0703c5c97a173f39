"""A small head on frozen features that says which classes a picture holds: the model whose privacy is measured here.

Logistic, one output a class; its loss of a picture is minus the log likelihood of the picture's labels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import ConfigDict
from scipy.optimize import minimize
from scipy.special import expit

from eval.kernel import unit_rows
from eval.resample import Floats
from eval.samples import Sample
from scenes.errors import InputError
from scenes.ontology import CATEGORIES

Fit = Callable[[Floats, Floats], Floats]
"""Trains: inputs (n, d) and labels (n, c) to weights (d, c)."""


@dataclass(frozen=True, kw_only=True)
class HeadSettings:
    """How the head is trained without privacy.

    Args:
        ridge: penalty on half the squared weights, beside the mean loss of a picture; above 0.
        iterations: most of them.
    """

    ridge: float = 1e-3
    iterations: int = 200
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not self.ridge > 0:
            raise InputError("privacy.head.ridge", "must be above 0", got=self.ridge)
        if self.iterations < 1:
            raise InputError("privacy.head.iterations", "must be at least 1", got=self.iterations)


def inputs(features: Floats) -> Floats:
    """Return features as unit rows with a constant beside them, (n, d + 1); no row depends on another."""
    return np.hstack([unit_rows(features), np.ones((len(features), 1))])


def labels(pictures: Sequence[Sample]) -> Floats:
    """Return which classes are in each picture, (n, all classes) of 0 and 1."""
    held = [{name for name, _ in picture.boxes} for picture in pictures]
    return np.array([[name in names for name in CATEGORIES] for names in held], dtype=np.float64).reshape(
        -1, len(CATEGORIES)
    )


def picture_losses(weights: Floats, x: Floats, y: Floats) -> Floats:
    """Return the loss of each picture, (n,), summed over classes, in nats."""
    z = x @ weights
    return np.asarray(np.sum(np.logaddexp(0, z) - y * z, axis=1))


def fit(x: Floats, y: Floats, settings: HeadSettings) -> Floats:
    """Train without privacy.

    Args:
        x: (n, d), n at least 1.
        y: (n, c) of 0 and 1.
        settings: of the training.
    """
    shape = (x.shape[1], y.shape[1])

    def objective(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        gradient = x.T @ (expit(x @ weights) - y) / len(x) + settings.ridge * weights
        return float(picture_losses(weights, x, y).mean() + settings.ridge / 2 * flat @ flat), gradient.ravel()

    found = minimize(
        objective, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": settings.iterations}
    )
    return np.asarray(found.x.reshape(shape))


def canaries(count: int, width: int, outputs: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return inputs that no picture has, (m, width), and labels by chance, (m, outputs): only memory can tell them."""
    x = np.hstack([unit_rows(rng.normal(size=(count, width - 1))), np.ones((count, 1))])
    return x, (rng.random((count, outputs)) < 0.5).astype(np.float64)
