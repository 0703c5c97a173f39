"""The ratio curve: what each share of synthetic pictures gains, and which share is best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.parity.bootstrap import Draws, Estimate, Floats, Interval, estimate


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What was found of the ratio.

    Args:
        gains: by ratio, the metric minus that of the real arm.
        best: the ratio with the largest metric; 0 is the real set alone.
        interval: in 95 % of the draws the best one lies in it.
    """

    gains: Mapping[float, Estimate]
    best: float
    interval: Interval

    @property
    def best_blend(self) -> float:
        """The best ratio above 0, whether or not it beats the real set."""
        return max(self.gains, key=lambda ratio: self.gains[ratio].value)


def curve(by_ratio: Mapping[float, Sequence[Floats]], draws: Draws) -> Curve | None:
    """Put the curve together.

    Args:
        by_ratio: values of each seed under all draws, (1 + R,), by ratio; 0 is the real set alone.
        draws: of seeds.

    Returns:
        None where the metric is not known.
    """
    gains = {
        ratio: gain
        for ratio, values in by_ratio.items()
        if ratio > 0 and (gain := estimate(values, draws, against=by_ratio[0.0])) is not None
    }
    if not gains:
        return None
    ratios = np.array([0.0, *gains])
    means = np.array([np.einsum("rs,sr->r", draws.seeds, np.array(by_ratio[float(r)])) for r in ratios])
    means = means[:, ~np.isnan(means).any(axis=0)]
    best = ratios[means.argmax(axis=0)]
    low, high = np.quantile(best[1:], [0.025, 0.975], method="nearest")
    return Curve(
        gains=gains, best=float(best[0]), interval=(min(float(low), float(best[0])), max(float(high), float(best[0])))
    )
