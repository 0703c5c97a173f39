"""What lies on the road after a crash: shards where it happened, cones around it."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Literal

import numpy as np

from scenes.collision import Wreck
from scenes.spec.remains import Debris
from scenes.spec.vehicle import Vehicle

_SHARDS: tuple[Literal["glass"], Literal["plastic"], Literal["trim"]] = ("glass", "plastic", "trim")
_SHARD_SHARES = (0.5, 0.88, 1.0)  # cumulative


def scatter(wreck: Wreck, rng: np.random.Generator) -> tuple[Debris, ...]:
    """Scatter shards where a wreck hit and along its way to rest; more energy, more pieces (20 to 60).

    Those of a wreck with tracks fly from the contact point when it happens.
    """
    goals = [_came_to(party, wreck.contact_m) for party in wreck.parties]
    tracked = any(party.track for party in wreck.parties)
    thrown = (round(wreck.contact_m[0], 3), round(wreck.contact_m[1], 3)) if tracked else None
    count = round(min(max(8 * sqrt(wreck.absorbed_j / 10_000), 20), 60))
    return shards(count, goals, contact_m=wreck.contact_m, thrown_from_m=thrown, rng=rng)


def shards(
    count: int,
    goals: Sequence[tuple[float, float]],
    *,
    contact_m: tuple[float, float],
    thrown_from_m: tuple[float, float] | None,
    rng: np.random.Generator,
) -> tuple[Debris, ...]:
    """Scatter shards between a contact and where its parties came to.

    Args:
        count: how many, >= 0.
        goals: where parties rest, at least one.
        contact_m: world xy.
        thrown_from_m: the same, if the shards are to fly when it happens.
        rng: draws spots, kinds and sizes.
    """
    point = np.array(contact_m)
    ends = np.array(goals)[rng.integers(len(goals), size=count)]
    spots = point + (ends - point) * rng.random((count, 1))
    spots = np.round(spots + rng.normal(size=(count, 2)) * (0.7 + 0.3 * rng.random((count, 1))), 3)
    kinds = np.searchsorted(_SHARD_SHARES, rng.random(count))
    sizes = np.round(np.minimum(rng.lognormal(np.log(np.where(kinds, 0.13, 0.07)), 0.5), 0.5), 3)
    headings, seeds = np.round(rng.uniform(0, 360, count), 1), rng.integers(2**31, size=count)
    rows = zip(kinds.tolist(), spots.tolist(), headings.tolist(), sizes.tolist(), seeds.tolist(), strict=True)
    return tuple(
        Debris(
            kind=_SHARDS[kind],
            x_m=x,
            y_m=y,
            heading_deg=heading,
            size_m=size,
            seed=seed,
            thrown_from_m=thrown_from_m,
        )
        for kind, (x, y), heading, size, seed in rows
    )


def _came_to(party: Vehicle, contact_m: tuple[float, float]) -> tuple[float, float]:
    if party.track:
        return party.track.x_m[-1], party.track.y_m[-1]
    at_rest = party.crash is not None and party.crash.phase == "after"
    return (party.x_m, party.y_m) if at_rest else contact_m


def cones(x_m: float, y_m: float, rng: np.random.Generator) -> tuple[Debris, ...]:
    """A taper of cones on the near side of a wreck."""
    return tuple(
        Debris(
            kind="cone",
            x_m=round(x_m - 4.2 - 0.5 * number, 2),
            y_m=round(y_m - 1.6 + 1.1 * number, 2),
            heading_deg=0.0,
            size_m=0.72,
            seed=int(rng.integers(2**31)),
        )
        for number in range(int(rng.integers(2, 5)))
    )
