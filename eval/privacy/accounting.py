"""How much privacy a sequence of mechanisms has spent, by composing their privacy loss distributions.

The privacy loss of an output is log P/Q, where P and Q are its distributions with and without one picture. Losses of
independent mechanisms add up, so their distributions convolve. Rounding and cut tails only ever raise the answer.
Sources: Koskela, Jälkö and Honkela 2020, arXiv 1906.03049; Doroshenko et al. 2022, arXiv 2207.04380.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import ConfigDict
from scipy.fft import irfft, next_fast_len, rfft
from scipy.optimize import brentq
from scipy.special import logsumexp, ndtr

from eval.resample import Floats
from scenes.errors import InputError

STEP = 1e-4  # of the grid of losses, the default of dp-accounting
_LARGEST_LOSS = 50.0  # of one step; what lies beyond counts as a certain breach
_TAIL_SD = 8.3  # beyond so many standard deviations lies less than 1e-16 of a Gaussian
_CUT = 1e-14  # mass outside the window of a composition, counted as a breach
_LARGEST_WINDOW = 2**25  # grid points, losses of 3,000; what spreads wider is as good as no privacy
_ORDERS = np.geomspace(0.1, 3e3, 16)


@dataclass(frozen=True, kw_only=True)
class Bounded:
    """A mechanism of which only its (ε, δ) is known, as discrete Laplace noise; composed as the worst of them.

    Source: Kairouz, Oh and Viswanath 2015, arXiv 1311.0776.
    """

    epsilon: float
    delta: float = 0.0
    kind: Literal["bounded"] = "bounded"
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        _positive("epsilon", self.epsilon, below=_LARGEST_LOSS)
        if not 0 <= self.delta < 1:
            raise InputError("mechanism.delta", "must lie in [0, 1)", got=self.delta)


@dataclass(frozen=True, kw_only=True)
class SampledGaussian:
    """Steps that each take every picture with a chance, sum clipped contributions, and add Gaussian noise.

    Args:
        noise_multiplier: standard deviation of the noise over the clipping norm.
        sampling_rate: chance of a picture in a step, (0, 1]; 1 is the plain Gaussian mechanism.
        steps: number of steps.
    """

    noise_multiplier: float
    sampling_rate: float = 1.0
    steps: int = 1
    kind: Literal["sampled_gaussian"] = "sampled_gaussian"
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        _positive("noise_multiplier", self.noise_multiplier)
        if not 0 < self.sampling_rate <= 1:
            raise InputError("mechanism.sampling_rate", "must lie in (0, 1]", got=self.sampling_rate)
        if self.steps < 1:
            raise InputError("mechanism.steps", "must be at least 1", got=self.steps)


Mechanism = Bounded | SampledGaussian


@dataclass(frozen=True, kw_only=True)
class _Losses:
    """Masses of privacy losses `first`, `first` + 1, ... times `STEP`, and the mass of an infinite loss."""

    first: int
    masses: Floats
    breach: float
    times: int = 1


def epsilon_of(mechanisms: Sequence[Mechanism], delta: float) -> float:
    """Return ε of all mechanisms together, where neighbours differ by one added or removed picture.

    Args:
        mechanisms: in any order; none gives 0.
        delta: chance of a breach that is allowed, (0, 1).

    Returns:
        ε >= 0; infinite where the mechanisms alone allow more than `delta`.
    """
    if not 0 < delta < 1:
        raise InputError("delta", "must lie in (0, 1)", got=delta)
    if not mechanisms:
        return 0.0
    return max(
        _epsilon(_composed([_losses(mechanism, removed=removed) for mechanism in mechanisms]), delta)
        for removed in (True, False)
    )


def noise_for(epsilon: float, delta: float, *, sampling_rate: float, steps: int) -> float:
    """Return the smallest noise multiplier, to 0.1 %, whose steps together cost at most ε.

    Raises:
        InputError: no noise multiplier up to 1,000 is enough.
    """

    def excess(log_noise: float) -> float:
        mechanism = SampledGaussian(noise_multiplier=math.exp(log_noise), sampling_rate=sampling_rate, steps=steps)
        return min(epsilon_of([mechanism], delta), 1e3) - epsilon

    near = sampling_rate * math.sqrt(2 * steps * math.log(1.25 / delta)) / epsilon  # of many small steps
    low = high = math.log(min(max(near, 0.5), 1e3))
    while high < math.log(1e3) and excess(high) > 0:
        low, high = high, high + 0.5
    while low > math.log(0.3) and excess(low) <= 0:
        low, high = low - 0.5, low
    if excess(high) > 0:
        raise InputError("epsilon", "must be within reach of a noise multiplier of 1,000", got=epsilon)
    if excess(low) <= 0:
        return math.exp(low)
    found = float(brentq(excess, low, high, xtol=5e-4))
    return math.exp(found if excess(found) <= 0 else found + 1e-3)


def _positive(key: str, value: float, *, below: float = math.inf) -> None:
    if not 0 < value < below:
        raise InputError(f"mechanism.{key}", f"must be above 0 and below {below:g}", got=value)


def _losses(mechanism: Mechanism, *, removed: bool) -> _Losses:
    if isinstance(mechanism, Bounded):
        return _of_bounded(mechanism)
    sigma, q = mechanism.noise_multiplier, mechanism.sampling_rate
    # P is the mixture where the picture is removed, Q where it is added; both are told by where the loss exceeds ε
    shifted = np.array([-_TAIL_SD * sigma, 1 + _TAIL_SD * sigma])
    ends = np.log1p(q * np.expm1((2 * shifted - 1) / (2 * sigma**2)))
    low, high = np.clip(ends if removed else -ends[::-1], -_LARGEST_LOSS, _LARGEST_LOSS)
    grid = np.arange(math.floor(low / STEP), math.ceil(high / STEP) + 1)
    above = _mixture_above if removed else _single_above
    return _connected(int(grid[0]), *above(grid * STEP, sigma, q), times=mechanism.steps)


def _where(ratio: Floats, sigma: float, q: float) -> Floats:
    """Return the output at which the mixture's density is `ratio` times that of the noise alone."""
    inside = (ratio - (1 - q)) / q
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(inside > 0, sigma**2 * np.log(inside) + 0.5, -np.inf))


def _mixture_above(losses: Floats, sigma: float, q: float) -> tuple[Floats, Floats]:
    at = _where(np.exp(losses), sigma, q)
    noise = ndtr(-at / sigma)
    return (1 - q) * noise + q * ndtr((1 - at) / sigma), noise


def _single_above(losses: Floats, sigma: float, q: float) -> tuple[Floats, Floats]:
    at = _where(np.exp(-losses), sigma, q)
    noise = ndtr(at / sigma)
    return noise, (1 - q) * noise + q * ndtr((at - 1) / sigma)


def _connected(first: int, p_above: Floats, q_above: Floats, *, times: int) -> _Losses:
    """Put the mass between two grid points on both so that P's and Q's totals hold, which only raises δ.

    Args:
        first: index of the first grid point.
        p_above: chance under P of a loss above each grid point.
        q_above: under Q.
        times: how often the mechanism runs.
    """
    p, q = p_above[:-1] - p_above[1:], q_above[:-1] - q_above[1:]
    losses = (first + np.arange(len(p))) * STEP
    upper = np.clip((p - q * np.exp(losses)) / -np.expm1(-STEP), 0, np.maximum(p, 0))
    masses = np.append(p - upper, 0.0) + np.append(0.0, upper)
    masses[0] += 1 - p_above[0]
    return _Losses(first=first, masses=np.maximum(masses, 0), breach=float(p_above[-1]), times=times)


def _of_bounded(mechanism: Bounded) -> _Losses:
    up = math.ceil(mechanism.epsilon / STEP - 1e-9)
    masses = np.zeros(2 * up + 1)
    rest = 1 - mechanism.delta
    masses[-1] = rest / (1 + math.exp(-mechanism.epsilon))
    masses[0] += rest - masses[-1]
    return _Losses(first=-up, masses=masses, breach=mechanism.delta)


def _composed(parts: Sequence[_Losses]) -> _Losses:
    low, high = -_far(parts, -1), _far(parts, 1)
    size = next_fast_len(high - low + 1, real=True)
    if size > _LARGEST_WINDOW:
        return _Losses(first=0, masses=np.zeros(1), breach=1.0)
    spectrum = np.ones(size // 2 + 1, dtype=np.complex128)
    for part in parts:
        wrapped = np.bincount((part.first + np.arange(len(part.masses))) % size, part.masses, minlength=size)
        spectrum *= rfft(wrapped) ** part.times
    masses = np.roll(irfft(spectrum, size), -(low % size))
    kept = sum(part.times * math.log1p(-part.breach) for part in parts)
    return _Losses(first=low, masses=np.maximum(masses, 0), breach=-math.expm1(kept) + 2 * _CUT)


def _far(parts: Sequence[_Losses], sign: int) -> int:
    """Return how many grid steps up (or down) from 0 all but `_CUT` of the composition lies, by Chernoff's bound."""

    def bound(order: float) -> float:
        total = sum(part.times * _log_moment(part, sign * order) for part in parts)
        return (total - math.log(_CUT)) / order

    furthest = sum(part.times * max(sign * part.first, sign * (part.first + len(part.masses) - 1)) for part in parts)
    return max(min(furthest, math.ceil(min(map(bound, _ORDERS)) / STEP)), 1)


def _log_moment(part: _Losses, order: float) -> float:
    held = np.flatnonzero(part.masses)
    return float(logsumexp(order * STEP * (part.first + held), b=part.masses[held]))


def _epsilon(composed: _Losses, delta: float) -> float:
    losses = np.asarray((composed.first + np.arange(len(composed.masses))) * STEP, dtype=np.float64)
    excess = _delta_at(composed, losses)
    if composed.breach > delta:
        return math.inf
    if excess(0.0) <= delta:
        return 0.0
    return float(brentq(lambda epsilon: excess(epsilon) - delta, 0.0, losses[-1], xtol=1e-9))


def _delta_at(composed: _Losses, losses: Floats) -> Callable[[float], float]:
    def delta(epsilon: float) -> float:
        start = int(np.searchsorted(losses, epsilon, side="right"))
        return composed.breach - float(composed.masses[start:] @ np.expm1(epsilon - losses[start:]))

    return delta
