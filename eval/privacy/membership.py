"""Membership inference: can it be told from a model's losses which pictures it was trained on?

The attack is RMIA: a picture counts as trained on if the model finds it likelier, against what models without it
find, than other pictures of the population. Source: Zarifzadeh, Liu and Shokri 2024, arXiv 2312.03262, offline form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eval.privacy.losses import Losses
from eval.resample import Bools, Floats, share_interval

OFFLINE_SLOPE = 0.3  # `a` of the paper's equation 10, its value for CIFAR-10
RATES = {"1pct": 0.01, "01pct": 0.001}
"""False positive rates by their name in scores."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """True positive rate at a false positive rate.

    Args:
        hits: members that were told.
        members: of all.
        alarms: non-members that were taken for members; their share is at most the false positive rate.
        non_members: of all.
    """

    hits: int
    members: int
    alarms: int
    non_members: int

    @property
    def value(self) -> float:
        """Share of members that were told."""
        return self.hits / self.members

    @property
    def interval(self) -> tuple[float, float]:
        """Exact 95 % interval of `value` (Clopper and Pearson)."""
        return share_interval(self.hits, self.members)


def likelihood_ratios(losses: Losses, *, slope: float = OFFLINE_SLOPE) -> Floats:
    """Return by how much likelier the target finds each picture than models without it do, (n,), above 0.

    Likelihood is exp(-loss). Models with the picture are not there in the offline form; the mean over models with and
    without it is taken as ((1 + slope) x likelihood without + 1 - slope) / 2.

    RMIA's score of x is the share of the population z with ratio(x) >= gamma ratio(z). Against one population it grows
    with ratio(x) alone, so ratios put pictures in the same order and have no ties.

    Args:
        losses: of target and references.
        slope: in [0, 1].
    """
    without = ~losses.reference_member
    likelihood = np.sum(np.exp(-losses.reference_loss) * without, axis=0) / without.sum(axis=0)
    return np.asarray(np.exp(-losses.loss) / (((1 + slope) * likelihood + 1 - slope) / 2))


def rmia(ratios: Floats, population: Floats, *, gamma: float = 2.0) -> Floats:
    """Return RMIA's score of each picture: the share of the population that it beats by a factor `gamma`.

    Args:
        ratios: of the pictures, (n,).
        population: ratios of pictures that were not trained on, (m,).
        gamma: at least 1.
    """
    beaten = np.searchsorted(np.sort(population), ratios / gamma, side="right")
    return np.asarray(beaten / len(population))


def rate_at(scores: Floats, member: Bools, false_positive_rate: float) -> Rate | str:
    """Return the true positive rate, or why it cannot be told.

    The threshold is the lowest one at which the share of non-members above it is at most the rate asked for.

    Args:
        scores: the higher the more likely a member, (n,).
        member: (n,) bool.
        false_positive_rate: in (0, 1).
    """
    inside, outside = scores[member], np.sort(scores[~member])[::-1]
    needed = int(np.ceil(1 / false_positive_rate - 1e-9))
    if len(outside) < needed:
        return f"insufficient: {len(outside)} of {needed} non-members"
    threshold = outside[int(false_positive_rate * len(outside) + 1e-9)]
    return Rate(
        hits=int(np.sum(inside > threshold)),
        members=len(inside),
        alarms=int(np.sum(outside > threshold)),
        non_members=len(outside),
    )


def null_rates(losses: Losses, false_positive_rate: float) -> list[float]:
    """Return the rate of the same attack on each reference in place of the target; fewer or none where insufficient.

    A reference was trained on neither side, so what the attack tells is only how members and non-members differ.

    Args:
        losses: of target and references.
        false_positive_rate: in (0, 1).
    """
    rates = []
    for number in range(len(losses.reference_loss)):
        rows, others = ~losses.reference_member[number], np.arange(len(losses.reference_loss)) != number
        trained = losses.reference_member[np.ix_(others, rows)]
        if not others.any() or trained.all(axis=0).any():
            continue
        alone = Losses(
            loss=losses.reference_loss[number, rows],
            member=losses.member[rows],
            reference_loss=losses.reference_loss[np.ix_(others, rows)],
            reference_member=trained,
        )
        found = rate_at(likelihood_ratios(alone), alone.member, false_positive_rate)
        rates += [] if isinstance(found, str) else [found.value]
    return rates
