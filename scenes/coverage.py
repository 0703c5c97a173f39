"""Which cells of conditions a set of scenes covers: counts, pairs and triples, gaps by name, and what is impossible.

A factor is a name with values (light, place, camera); a case gives each factor a value. The cells are all cases that no
rule forbids, held as one array of booleans: with it, whether a pair is possible is exact, however rules interact.
Source: Kuhn, Kacker and Lei, Practical Combinatorial Testing, NIST SP 800-142 (2010), for t-way coverage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from scenes.errors import InputError

Case = Mapping[str, str]
Pair = tuple[tuple[str, str], tuple[str, str]]
Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]
_MOST_CELLS = 200_000_000


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One condition that varies, and the values that it takes, at least one and all different."""

    name: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.values or len(set(self.values)) != len(self.values):
            raise InputError(f"coverage.{self.name}", "must have values, all different", got=self.values)


@dataclass(frozen=True, kw_only=True)
class Impossible:
    """A rule with its reason: a case is impossible where all of `when` holds and something of `only` does not.

    Args:
        reason: why, in words.
        when: factor to the values of which it must have one.
        only: factor to the values that are then left; empty if nothing is left.
    """

    reason: str
    when: dict[str, tuple[str, ...]]
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not self.when or not self.reason.strip():
            raise InputError("coverage.impossible", "must have a reason and say when", got=self.reason)

    def forbids(self, case: Case) -> bool:
        """Tell whether a case breaks the rule; a factor that the case leaves open breaks nothing."""
        held = all(case.get(name) in values for name, values in self.when.items())
        kept = all(case.get(name) in (*values, None) for name, values in self.only.items())
        return held and not (self.only and kept)


@dataclass(frozen=True)
class Space:
    """All cells of some factors.

    Args:
        factors: with different names, at least two.
        rules: of what is impossible; values that no factor has are passed over, as a user may narrow factors.

    Raises:
        InputError: a rule names an unknown factor, nothing is possible, or there are too many cells to hold.
    """

    factors: tuple[Factor, ...]
    rules: tuple[Impossible, ...] = ()

    def __post_init__(self) -> None:
        names = [factor.name for factor in self.factors]
        if len(names) < 2 or len(set(names)) != len(names):
            raise InputError("coverage.factors", "must be at least two, of different names", got=names)
        if prod(self.shape) > _MOST_CELLS:
            raise InputError("coverage.factors", f"must span at most {_MOST_CELLS:,} cells", got=prod(self.shape))
        for rule in self.rules:
            if unknown := [name for name in (*rule.when, *rule.only) if name not in names]:
                raise InputError("coverage.impossible", f"factors are {', '.join(names)}", got=unknown[0])
        if not self.valid.any():
            raise InputError("coverage.impossible", "must leave a cell possible")

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of values of each factor."""
        return tuple(len(factor.values) for factor in self.factors)

    @cached_property
    def valid(self) -> Bools:
        """Whether each cell is possible, one axis a factor."""
        cells = np.ones(self.shape, np.bool_)
        for rule in self.rules:
            when = self._inside(rule.when)
            cells &= ~when if not rule.only else ~when | self._inside(rule.only)
        return cells

    def _inside(self, told: Mapping[str, Sequence[str]]) -> Bools:
        """Return whether all named factors have one of the values, broadcastable over the cells."""
        inside = np.ones((1,) * len(self.factors), np.bool_)
        for axis, factor in enumerate(self.factors):
            if factor.name in told:
                shape = [1] * len(self.factors)
                shape[axis] = -1
                inside = inside & np.isin(factor.values, list(told[factor.name])).reshape(shape)
        return inside

    def possible(self, axes: Sequence[int]) -> Bools:
        """Return which combinations of some factors' values are part of a possible cell; axes ascend."""
        return np.asarray(self.valid.any(axis=tuple(set(range(len(self.factors))) - set(axes))))

    def index(self, case: Case) -> tuple[int, ...]:
        """Return the place of each of a case's values, -1 for what it leaves open or no factor has."""
        return tuple(
            factor.values.index(case[factor.name]) if case.get(factor.name) in factor.values else -1
            for factor in self.factors
        )

    def case(self, cell: Sequence[int]) -> dict[str, str]:
        """Return the case of a cell."""
        return {factor.name: factor.values[at] for factor, at in zip(self.factors, cell, strict=True)}

    def tuples(self, strength: int) -> Iterator[tuple[int, ...]]:
        """Yield the axes of each combination of factors."""
        yield from combinations(range(len(self.factors)), min(strength, len(self.factors)))


@dataclass(frozen=True)
class Ledger:
    """How often a set of cases meets each combination of values."""

    space: Space
    cases: tuple[Case, ...] = ()

    @cached_property
    def _placed(self) -> Counts:
        rows = [self.space.index(case) for case in self.cases]
        return np.array(rows, np.int64).reshape(len(rows), len(self.space.factors))

    def counts(self, axes: Sequence[int]) -> Counts:
        """Return how many cases have each combination of some factors' values."""
        chosen = self._placed[:, list(axes)]
        chosen = chosen[(chosen >= 0).all(axis=1)]
        found = np.zeros([self.space.shape[axis] for axis in axes], np.int64)
        np.add.at(found, tuple(chosen.T), 1)
        return found

    def covered(self, strength: int) -> tuple[int, int]:
        """Return how many combinations of `strength` values are met, and how many are possible."""
        met = possible = 0
        for axes in self.space.tuples(strength):
            can = self.space.possible(axes)
            met += int(((self.counts(axes) > 0) & can).sum())
            possible += int(can.sum())
        return met, possible

    def gaps(self) -> list[Pair]:
        """Return the possible pairs that no case meets, by name."""
        found: list[Pair] = []
        for first, second in self.space.tuples(2):
            missing = self.space.possible((first, second)) & (self.counts((first, second)) == 0)
            one, other = self.space.factors[first], self.space.factors[second]
            for i, j in np.argwhere(missing).tolist():
                found.append(((one.name, one.values[i]), (other.name, other.values[j])))
        return found

    def strangers(self) -> dict[str, dict[str, int]]:
        """Return values that a case has and its factor has not: factor to value to count."""
        found: dict[str, dict[str, int]] = {}
        for factor in self.space.factors:
            for case in self.cases:
                value = case.get(factor.name)
                if value is not None and value not in factor.values:
                    counted = found.setdefault(factor.name, {})
                    counted[value] = counted.get(value, 0) + 1
        return found

    def contradictions(self) -> dict[str, int]:
        """Return the reasons of rules that cases break all the same, with their counts: such a rule is wrong."""
        broken = {rule.reason: sum(rule.forbids(case) for case in self.cases) for rule in self.space.rules}
        return {reason: count for reason, count in broken.items() if count}

    def told(self) -> dict[str, Any]:
        """Return the ledger as JSON."""
        shares = {}
        for name, strength in (("pairs", 2), ("triples", 3)):
            met, possible = self.covered(strength)
            shares[name] = {"covered": met, "possible": possible, "share": round(met / possible, 4)}
        return {
            "cases": len(self.cases),
            "factors": [{"name": factor.name, "values": list(factor.values)} for factor in self.space.factors],
            "counts": {
                factor.name: dict(zip(factor.values, self.counts((axis,)).tolist(), strict=True))
                for axis, factor in enumerate(self.space.factors)
            },
            **shares,
            "pair_counts": [self._pair(axes) for axes in self.space.tuples(2)],
            "gaps": [" & ".join(f"{name} {value}" for name, value in pair) for pair in self.gaps()],
            "impossible": [{"reason": rule.reason, "when": rule.when, "only": rule.only} for rule in self.space.rules],
            "contradictions": self.contradictions(),
            "strangers": self.strangers(),
        }

    def _pair(self, axes: Sequence[int]) -> dict[str, Any]:
        """Return counts of two factors; -1 marks what is impossible."""
        told = np.where(self.space.possible(axes), self.counts(axes), -1)
        return {"factors": [self.space.factors[axis].name for axis in axes], "counts": told.tolist()}


def lower_bound(space: Space) -> int:
    """Return the fewest cases that can cover all pairs: as many as the richest two factors have possible pairs."""
    return max(int(space.possible(axes).sum()) for axes in space.tuples(2))


def ledger(space: Space, cases: Iterable[Case]) -> Ledger:
    """Return the ledger of some cases."""
    return Ledger(space, tuple(cases))
