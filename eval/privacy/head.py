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

from eval.fidelity import unit_rows
from eval.privacy.losses import Losses
from eval.resample import Bools, Floats, Ints
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


def losses(
    x: Floats,
    y: Floats,
    *,
    groups: Ints,
    member: Bools,
    target: Floats,
    fit: Fit,
    pairs: int,
    rng: np.random.Generator,
) -> Losses:
    """Return losses under the target and under references that were trained on halves of the non-members.

    References come in pairs whose halves, of whole groups, complement each other. A non-member is judged by the one of
    each pair that was trained without it, a member by one of each at random, so that both are judged by as many.

    Args:
        x: (n, d).
        y: (n, c).
        groups: code per picture.
        member: whether the target was trained on it.
        target: its weights, (d, c).
        fit: trains a reference.
        pairs: of references, at least 1.
        rng: draws the halves.
    """
    found, trained = [], []
    outside = np.unique(groups[~member])
    for _ in range(pairs):
        chosen = np.isin(groups, rng.permutation(outside)[: len(outside) // 2])
        coin = rng.random(len(x)) < 0.5
        for half in (chosen, ~chosen):
            rows = half & ~member
            found.append(picture_losses(fit(x[rows], y[rows]), x, y))
            trained.append(np.where(member, coin if half is chosen else ~coin, rows))
    return Losses(
        loss=picture_losses(target, x, y),
        member=member,
        reference_loss=np.array(found),
        reference_member=np.array(trained),
    )


def canaries(count: int, width: int, outputs: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return inputs that no picture has, (m, width), and labels by chance, (m, outputs): only memory can tell them."""
    x = np.hstack([unit_rows(rng.normal(size=(count, width - 1))), np.ones((count, 1))])
    return x, (rng.random((count, outputs)) < 0.5).astype(np.float64)
