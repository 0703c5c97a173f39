"""Arms: what each detector is trained on, and which picture each gradient step draws.

All arms take the same number of steps, so that none is better for being trained longer, and for one seed they start
from the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eval import resample
from eval.parity.pictures import Picture
from scenes.seeds import generator

Ints = NDArray[np.int64]
AGAIN = 1_000
"""What "real again" adds to its seeds: trainings on the same pictures that share nothing else with those of "real"."""


@dataclass(frozen=True, kw_only=True)
class Arm:
    """What a detector is trained on.

    Args:
        name: as scores tell it.
        share: of the synthetic (or varied) pictures among those drawn.
        real: "half" takes half of the real groups, others for each seed.
        seed_offset: added to each seed.
    """

    name: str
    share: float = 0.0
    real: Literal["all", "half"] = "all"
    seed_offset: int = 0


REAL = Arm(name="real")
SYNTHETIC = Arm(name="synthetic", share=1.0)
HALF = Arm(name="half real", real="half")
AGAIN_ARM = Arm(name="real again", seed_offset=AGAIN)


def blend(ratio: float) -> Arm:
    """Return the arm that draws so large a share of synthetic pictures."""
    return Arm(name=f"blend {ratio:g}", share=ratio)


def draws(arm: Arm, pictures: Sequence[Picture], count: int, *, seed: int) -> Ints:
    """Return which picture each place of the whole training takes, (count,), in order.

    Real and added pictures alternate so that every stretch holds the arm's share; within a source a picture comes as
    often as its weight says, give or take once.

    Args:
        arm: what to draw.
        pictures: to train on.
        count: steps times batch.
        seed: of the training, without the arm's offset.
    """
    rng = generator(seed + arm.seed_offset, "parity", "draws")
    real = np.array([place for place, picture in enumerate(pictures) if picture.real], dtype=np.int64)
    added = np.array([place for place, picture in enumerate(pictures) if not picture.real], dtype=np.int64)
    if arm.real == "half":
        real = _half(real, pictures, rng)
    from_added = np.diff(np.floor(np.arange(count + 1) * arm.share + 0.5)).astype(bool)
    result = np.empty(count, dtype=np.int64)
    for places, chosen in ((real, ~from_added), (added, from_added)):
        if chosen.any():
            weights = np.array([pictures[place].weight for place in places])
            result[chosen] = places[_systematic(weights, int(chosen.sum()), rng)]
    return result


def _systematic(weights: NDArray[np.float64], count: int, rng: np.random.Generator) -> Ints:
    """Draw places by weight at equal steps of the summed weights, in random order."""
    at = (np.arange(count) + rng.random()) / count * weights.sum()
    places = np.searchsorted(np.cumsum(weights), at, side="right")
    return np.asarray(rng.permutation(np.minimum(places, len(weights) - 1)), dtype=np.int64)


def _half(places: Ints, pictures: Sequence[Picture], rng: np.random.Generator) -> Ints:
    groups = resample.codes([pictures[place].group for place in places])
    drawn, _ = resample.draw_by_group(groups, (len(places) + 1) // 2, rng)
    return np.sort(places[drawn])
