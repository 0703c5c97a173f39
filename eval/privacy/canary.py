"""An audit of a training in one run: how much ε must it have spent at least, if its canaries can be told?

Each of m canaries is put into the training set or left out by a coin. Whoever sees the model guesses the coins he is
sure of and abstains from the others; a training that is (ε, δ)-private bounds how many guesses can be right.
Source: Steinke, Nasr and Jagielski 2023, arXiv 2305.08846.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pydantic import ConfigDict
from scipy.optimize import brentq
from scipy.stats import binom

from eval.resample import Bools, Floats
from scenes.errors import InputError

_LARGEST = 50.0


@dataclass(frozen=True, kw_only=True)
class CanarySettings:
    """How a training is audited.

    Args:
        count: canaries, at least 10.
        guessed: share of them whose coin is guessed, (0, 1]; fixed beforehand, as a share chosen by its result would
            claim too much.
        delta: of the claim that is put to the test.
        confidence: of the bound.
    """

    count: int = 400
    guessed: float = 0.5
    delta: float = 1e-5
    confidence: float = 0.95
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if self.count < 10:
            raise InputError("privacy.canary.count", "must be at least 10", got=self.count)
        if not 0 < self.guessed <= 1:
            raise InputError("privacy.canary.guessed", "must lie in (0, 1]", got=self.guessed)
        if not 0 <= self.delta < 1:
            raise InputError("privacy.canary.delta", "must lie in [0, 1)", got=self.delta)
        if not 0 < self.confidence < 1:
            raise InputError("privacy.canary.confidence", "must lie in (0, 1)", got=self.confidence)


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What an audit found.

    Args:
        epsilon: lower bound; the training is not (ε, δ)-private for any smaller ε, at the confidence asked for.
        right: guesses that were right.
        guesses: guesses made.
        count: canaries.
        ceiling: the bound if every guess had been right; no leak above it can be seen with so few canaries.
    """

    epsilon: float
    right: int
    guesses: int
    count: int
    ceiling: float


def audit(train: Callable[[Bools], Floats], settings: CanarySettings, rng: np.random.Generator) -> Audit:
    """Toss the coins, train once, guess, and bound ε.

    Args:
        train: trains with the canaries that are marked, and returns a score per canary, (m,), that is the higher the
            more it looks trained on.
        settings: of the audit.
        rng: the coins.

    Raises:
        InputError: a score is not finite, or there is not one per canary.
    """
    included = rng.random(settings.count) < 0.5
    scores = np.asarray(train(included), dtype=np.float64)
    if scores.shape != included.shape or not np.isfinite(scores).all():
        raise InputError(
            "privacy.canary",
            "needs one finite score per canary",
            got=f"{np.isfinite(scores).sum()} of {settings.count}",
        )
    right, guesses = guessed(scores, included, settings.guessed)
    return Audit(
        epsilon=epsilon_lower_bound(right, guesses, settings=settings),
        right=right,
        guesses=guesses,
        count=settings.count,
        ceiling=epsilon_lower_bound(guesses, guesses, settings=settings),
    )


def guessed(scores: Floats, included: Bools, share: float) -> tuple[int, int]:
    """Guess "in" for the highest scores and "out" for as many of the lowest; return right guesses and all guesses.

    Args:
        scores: (m,).
        included: the coins, (m,).
        share: of the canaries that is guessed; the others are abstained from.
    """
    each = max(int(share * len(scores)) // 2, 1)
    order = np.argsort(scores, kind="stable")
    return int(included[order[-each:]].sum() + (~included[order[:each]]).sum()), 2 * each


def epsilon_lower_bound(right: int, guesses: int, *, settings: CanarySettings) -> float:
    """Return the smallest ε that `right` of `guesses` guesses do not refute.

    Its ceiling is about ln(m / 3) for m guesses that are all right.

    Source: Theorem 5.2 and appendix D of arXiv 2305.08846.
    """
    alpha = 1 - settings.confidence

    def excess(epsilon: float) -> float:
        return p_value(right, guesses, epsilon, delta=settings.delta, count=settings.count) - alpha

    if excess(0.0) >= 0:
        return 0.0
    return _LARGEST if excess(_LARGEST) < 0 else float(brentq(excess, 0.0, _LARGEST, xtol=1e-6))


def p_value(right: int, guesses: int, epsilon: float, *, delta: float, count: int) -> float:
    """Bound the chance of at least `right` right guesses if the training were (ε, δ)-private.

    Args:
        right: right guesses.
        guesses: all guesses.
        epsilon: at least 0.
        delta: in [0, 1).
        count: canaries, guessed or not.
    """
    accuracy = 1 / (1 + math.exp(-epsilon))
    at_least = float(binom.sf(right - 1, guesses, accuracy))
    if delta == 0 or right == 0:
        return min(at_least, 1.0)
    fewer = np.arange(1, right + 1)
    near = np.cumsum(binom.pmf(right - fewer, guesses, accuracy))
    return min(at_least + 2 * count * delta * float(np.max(near / fewer)), 1.0)
