"""Draws of one of several things; `Generator.choice` checks and copies its arguments and takes five times as long."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import isfinite
from typing import TypeVar

import numpy as np

from scenes.errors import InputError

T = TypeVar("T")


class Refused(Exception):  # noqa: N818  # no error: a draw that is drawn again
    """A draw that cannot become valid, told before the rest of the scene is drawn; the text is the reason."""


def one_of(choices: Sequence[T], rng: np.random.Generator) -> T:
    """Draw one of equally likely choices."""
    return choices[int(rng.integers(len(choices)))]


def drawn(shares: Mapping[T, float], rng: np.random.Generator) -> T:
    """Draw a key by its share; shares are >= 0 and need not add up to 1."""
    edges = list(accumulate(shares.values()))
    return list(shares)[min(bisect(edges, rng.random() * edges[-1]), len(edges) - 1)]


def check_weights(where: str, weights: Mapping[T, float]) -> None:
    """Refuse weights that cannot be drawn by.

    Raises:
        InputError: one is negative or no number, or none is above 0.
    """
    wrong = {name: weight for name, weight in weights.items() if not (isfinite(weight) and weight >= 0)}
    if wrong or sum(weights.values()) <= 0:
        raise InputError(where, "weights must be >= 0 and one of them > 0", got=wrong or dict(weights))
