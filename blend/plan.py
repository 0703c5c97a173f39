"""Which synthetic scenes come into a blend and how often each picture is drawn, by a stated target.

Real pictures and those of earlier rounds are always in: a round adds scenes up to its share, and what earlier ones have
added beyond it is weighed down, not deleted. A weight is the mean number of times that a picture is drawn in an epoch.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from blend.pool import Bools, Pool, known_values
from blend.rake import Floats, rake
from scenes.errors import InputError

Strategy = Literal["ratio", "fill_gaps", "like_target", "curriculum", "oversample_real"]
_FIXPOINTS = 12
"""Most times that floors by share are counted anew after what they called for has come in."""


@dataclass(frozen=True, kw_only=True)
class Floor:
    """A least number or share of training pictures with some values.

    Args:
        where: factor to value, such as {class: bicycle} or {light: night, weather: rain}.
        count: least number of pictures, or
        share: least share of the training pictures, (0, 1).
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    where: dict[str, str]
    count: int | None = None
    share: float | None = None

    def __post_init__(self) -> None:
        if not self.where:
            raise InputError("blend.floors", "must say where, such as {class: bicycle}")
        if (self.count is None) == (self.share is None):
            raise InputError(f"blend.floors {self.name}", "must have a count or a share, not both")
        if self.count is not None and self.count < 1:
            raise InputError(f"blend.floors {self.name}", "count must be at least 1", got=self.count)
        if self.share is not None and not 0 < self.share < 1:
            raise InputError(f"blend.floors {self.name}", "share must lie in (0, 1)", got=self.share)

    @property
    def name(self) -> str:
        """Name the cell, as in `class=bicycle`."""
        return cell_name(self.where)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A part of the training and its synthetic share, [0, 1).

    Args:
        epochs: share of all epochs, (0, 1].
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    epochs: float
    ratio: float

    def __post_init__(self) -> None:
        if not 0 < self.epochs <= 1:
            raise InputError("blend.stages.epochs", "must lie in (0, 1]", got=self.epochs)
        if not 0 <= self.ratio < 1:
            raise InputError("blend.stages.ratio", "must lie in [0, 1)", got=self.ratio)


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a blend is to be.

    Args:
        strategy: `ratio` adds scenes up to a share; `fill_gaps` adds those that raise rare cells to their floors, up to
            the share; `like_target` takes all and weighs them to wished shares; `curriculum` takes all and weighs them
            stage by stage; `oversample_real` takes all and draws real pictures more often.
        ratio: synthetic share of what is drawn: wished; the most of `fill_gaps`.
        floors: of `fill_gaps`.
        shares: of `like_target`: factor to value to share.
        stages: of `curriculum`; their epochs sum to 1.
        most: no picture is drawn more often than this in an epoch by `like_target`, above 1.
        least_real: and no real picture less often, [0, 1).
    """

    strategy: Strategy = "ratio"
    ratio: float = 0.15
    floors: tuple[Floor, ...] = ()
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()
    most: float = 8.0
    least_real: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.ratio < 1:
            raise InputError("blend.ratio", "must lie in [0, 1)", got=self.ratio)
        if not self.most > 1:
            raise InputError("blend.most", "must be above 1", got=self.most)
        if not 0 <= self.least_real < 1:
            raise InputError("blend.least_real", "must lie in [0, 1)", got=self.least_real)
        needed = {"fill_gaps": "floors", "like_target": "shares", "curriculum": "stages"}.get(self.strategy)
        if needed and not getattr(self, needed):
            raise InputError(f"blend.{needed}", f"must be given for blend.strategy={self.strategy}")
        for factor, told in self.shares.items():
            _check_shares(factor, told)
        if self.stages and self.strategy != "curriculum":
            raise InputError("blend.stages", "are for blend.strategy=curriculum", got=self.strategy)
        if self.stages and abs(sum(stage.epochs for stage in self.stages) - 1) > 1e-6:
            got = sum(stage.epochs for stage in self.stages)
            raise InputError("blend.stages", "epochs must sum to 1", got=got)


def _check_shares(factor: str, told: Mapping[str, float]) -> None:
    where = f"blend.shares.{factor}"
    if bad := {value: share for value, share in told.items() if not 0 <= share <= 1}:
        raise InputError(where, "must be shares in [0, 1]", got=bad)
    if factor == "source":
        raise InputError(where, "is what blend.ratio says")
    if factor != "class" and sum(told.values()) > 1 + 1e-6:
        raise InputError(where, "must not sum to more than 1", got=round(sum(told.values()), 6))


def cell_name(where: Mapping[str, str]) -> str:
    """Name a cell, as in `light=night weather=rain`."""
    return " ".join(f"{factor}={value}" for factor, value in where.items())


def check(pool: Pool, target: Target) -> None:
    """Refuse a target that names what no picture and no class is called.

    Raises:
        InputError: with the values that there are.
    """
    known = known_values(pool)
    named = [("blend.floors", floor.where) for floor in target.floors]
    named += [(f"blend.shares.{factor}", {factor: value}) for factor, told in target.shares.items() for value in told]
    for where, cell in named:
        for factor, value in cell.items():
            if factor not in known:
                raise InputError(where, f"a factor must be one of {', '.join(sorted(known))}", got=factor)
            if value not in known[factor] and factor == "class":
                raise InputError(where, f"a class must be one of {', '.join(known[factor])}", got=value)


def choose(pool: Pool, target: Target) -> Bools:
    """Return which pictures come in: all that are held, and whole scenes of the others.

    Args:
        pool: what could be trained on.
        target: what is wished.
    """
    if target.strategy == "ratio":
        return _by_turn(pool, target)
    if target.strategy == "fill_gaps":
        return _by_need(pool, target)
    return np.ones(len(pool), np.bool_)


def wanted_synthetic(pool: Pool, ratio: float) -> float:
    """Return how many synthetic pictures a share asks for beside all real ones."""
    return ratio / (1 - ratio) * int((~pool.synthetic).sum())


def _by_turn(pool: Pool, target: Target) -> Bools:
    """Take scenes in their turn where each brings the number nearer to what is wanted."""
    wanted = wanted_synthetic(pool, target.ratio)
    units, sizes = _free_units(pool)
    taken, total = [], 0
    for unit in units:
        if abs(total + sizes[unit] - wanted) < abs(total - wanted):
            taken.append(unit)
            total += sizes[unit]
    return pool.held | np.isin(pool.unit, taken)


def _free_units(pool: Pool) -> tuple[list[int], dict[int, int]]:
    """Return units that are not held, in their turn, and how many pictures each has."""
    free = ~pool.held
    units, first, sizes = np.unique(pool.unit[free], return_index=True, return_counts=True)
    turn = np.lexsort((units, pool.order[free][first]))
    return [int(unit) for unit in units[turn]], dict(zip(units.tolist(), sizes.tolist(), strict=True))


def _by_need(pool: Pool, target: Target) -> Bools:
    """Take the scene that lessens the deficits most a picture, again and again (lazy greedy: gains only fall)."""
    inside = np.column_stack([pool.inside(floor.where) for floor in target.floors]).astype(np.int64)
    units, sizes = _free_units(pool)
    rows = {unit: place for place, unit in enumerate(units)}
    counts = np.zeros((len(units), inside.shape[1]), np.int64)
    free = ~pool.held
    np.add.at(counts, [rows[unit] for unit in pool.unit[free].tolist()], inside[free])
    have = inside[pool.held].sum(axis=0)
    room = wanted_synthetic(pool, target.ratio)
    taken: list[int] = []
    size = np.array([sizes[unit] for unit in units], np.float64)
    added = 0.0
    for _ in range(_FIXPOINTS):  # a share's floor rises with what is added
        needed = _needed(target.floors, int(pool.held.sum()) + added)
        taken = _greedy(counts, size, np.maximum(needed - have, 0.0), room)
        if size[taken].sum() == added:
            break
        added = float(size[taken].sum())
    return pool.held | np.isin(pool.unit, [units[place] for place in taken])


def _needed(floors: Sequence[Floor], total: float) -> Floats:
    return np.array(
        [floor.count if floor.count is not None else np.ceil((floor.share or 0) * total) for floor in floors]
    )


def _greedy(counts: NDArray[np.int64], size: Floats, deficit: Floats, room: float) -> list[int]:
    def gain(place: int) -> float:
        return float(np.minimum(counts[place], deficit).sum() / size[place])

    useful = np.flatnonzero(np.minimum(counts, deficit).sum(axis=1))
    heap = [(-gain(place), place) for place in useful.tolist()]
    heapq.heapify(heap)
    taken: list[int] = []
    while heap and deficit.any():
        _, place = heapq.heappop(heap)
        now = gain(place)
        if now <= 0 or size[place] > room:
            continue
        if heap and -heap[0][0] > now:
            heapq.heappush(heap, (-now, place))
            continue
        taken.append(place)
        room -= size[place]
        deficit = np.maximum(deficit - counts[place], 0.0)
    return taken


def weigh(pool: Pool, target: Target, ratio: float | None = None) -> Floats:
    """Return how often each picture of the finished blend is drawn in an epoch, on average.

    Real pictures weigh 1 or more, but for `like_target`, which may go down to `least_real`. Synthetic ones weigh less
    than 1 where those of earlier rounds, or composites, push their share above the wished one.

    Args:
        pool: the pictures of the blend's training split; held are those of earlier rounds and composites.
        target: what is wished.
        ratio: another synthetic share, for a stage of a curriculum.
    """
    ratio = target.ratio if ratio is None else ratio
    weights = np.ones(len(pool))
    real, synthetic = float((~pool.synthetic).sum()), float(pool.synthetic.sum())
    if not real or not synthetic:
        return weights
    if target.strategy == "oversample_real":
        weights[~pool.synthetic] = max(1.0, (1 - ratio) / max(ratio, 1e-9) * synthetic / real)
    elif target.strategy == "like_target":
        return _to_shares(pool, target)
    else:
        fair = ratio / (1 - ratio) * real / synthetic
        surplus = target.strategy == "curriculum" or (fair < 1 and (pool.held & pool.synthetic).any())
        weights[pool.synthetic] = fair if surplus else 1.0
    return weights


def _to_shares(pool: Pool, target: Target) -> Floats:
    cells = [({factor: value}, share) for factor, told in target.shares.items() for value, share in told.items()]
    inside = np.column_stack([*(pool.inside(where) for where, _ in cells), pool.synthetic])
    wished = np.array([*(share for _, share in cells), target.ratio])
    least = np.where(pool.synthetic, 0.0, target.least_real)
    return rake(inside, wished, least=least, most=target.most)
