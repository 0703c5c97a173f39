"""Draws from the ranges of a preset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np

from scenes.errors import InputError

Range = tuple[float, float]
Rgb = tuple[float, float, float]
T = TypeVar("T")
_WIDE = 4.0


@dataclass
class Draws:
    """Draws from ranges; with `fixed`, every range is taken at that share of its way."""

    rng: np.random.Generator
    fixed: float | None

    def share(self) -> float:
        """Return how far along a range to go, in [0, 1)."""
        return float(self.rng.random()) if self.fixed is None else self.fixed

    def between(self, bounds: Range) -> float:
        """Return a value of a range, even in the logarithm if it is wide."""
        return between(bounds, self.share())

    def even(self, bounds: Range) -> float:
        """Return a value of a range."""
        return even(bounds, self.share())

    def choose(self, choices: Sequence[T]) -> T:
        """Return one of several."""
        return choices[int(self.rng.integers(len(choices)))]

    def build(self, kind: type[T], ranges: Mapping[str, Any], where: str) -> T:
        """Return a `kind` whose fields are drawn from `x_range`, `x_choices` or `x`."""
        known = {item.name for item in fields(kind)}  # type: ignore[arg-type]  # a dataclass
        drawn: dict[str, Any] = {}
        for key, told in ranges.items():
            name, _, how = key.rpartition("_")
            name = name if how in ("range", "choices") else key
            if name not in known:
                raise InputError(f"{where}.{key}", f"must be a range, choices or value of {', '.join(sorted(known))}")
            if how == "range":
                drawn[name] = self.between(told)
            else:
                drawn[name] = _frozen(self.choose(told) if how == "choices" else told)
        return kind(**drawn)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list | tuple) else value


def even(bounds: Range, share: float) -> float:
    """Return the value that lies so far along a range."""
    return _short(bounds[0] + (bounds[1] - bounds[0]) * share)


def between(bounds: Range, share: float) -> float:
    """Return the value that lies so far along a range, in the logarithm if it spans more than a factor of 4."""
    low, high = bounds
    return _short(low * (high / low) ** share) if low > 0 and high > _WIDE * low else even(bounds, share)


def _short(value: float) -> float:
    """Keep six significant digits, so that records read well and hash alike everywhere."""
    return float(f"{value:.6g}")


def rgb(values: Sequence[float] | np.ndarray[Any, Any]) -> Rgb:
    """Return three values as a tuple that JSON can hold."""
    red, green, blue = (_short(float(value)) for value in values)
    return (red, green, blue)
