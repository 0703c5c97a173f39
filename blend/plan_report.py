"""What a planned blend comes to, target by target, and weights in whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blend.plan import Floor, Target, cell_name
from blend.pool import Pool
from blend.rake import Floats


@dataclass(frozen=True, kw_only=True)
class Line:
    """What became of one target.

    Args:
        cell: as in `class=bicycle`, or `source=synthetic`.
        wanted: share of what is drawn, or number of pictures for a floor by count.
        real: the same without synthetic pictures.
        got: with them.
        composites: part of `got` that composites bring, which come in after all else is planned.
        why: empty where the target is met.
    """

    cell: str
    wanted: float
    real: float
    got: float
    composites: float
    why: str

    def record(self) -> dict[str, float | str]:
        """Give the entry as it stands in `blend.json`."""
        numbers = {"wanted": self.wanted, "real": self.real, "got": self.got, "composites": self.composites}
        return {"cell": self.cell, **{key: round(value, 6) for key, value in numbers.items()}, "why": self.why}

    def __str__(self) -> str:
        """Give one line of the printed plan."""
        composites = f", {self.composites:.4g} of it in composites" if self.composites else ""
        told = (
            f"{self.cell}: {self.got:.4g} of {self.wanted:.4g} wanted "
            f"({self.real:.4g} in the real set alone{composites})"
        )
        return f"{told}; {self.why}" if self.why else told


def lines(pool: Pool, weights: Floats, target: Target, offered: Pool) -> list[Line]:
    """Compare a blend with its target.

    Args:
        pool: the pictures of its training split.
        weights: (n,) of each.
        target: what was wished.
        offered: all pictures that could have come in, to tell why one is short.
    """
    if target.strategy == "fill_gaps":
        return [_floor_line(pool, offered, target, floor) for floor in target.floors]
    if target.strategy == "like_target":
        cells = [({factor: value}, share) for factor, told in target.shares.items() for value, share in told.items()]
        return [_share_line(pool, weights, target, where, share) for where, share in cells]
    return []


def _floor_line(pool: Pool, offered: Pool, target: Target, floor: Floor) -> Line:
    where, count, share = floor.where, floor.count, floor.share
    inside = pool.inside(where)
    got, real = float(inside.sum()), float((inside & ~pool.synthetic).sum())
    composites = float((inside & pool.composite).sum())
    total = len(pool) if share is not None else 1
    wanted = float(count) if count is not None else float(share or 0)
    reals = max(int((~pool.synthetic).sum()), 1) if share is not None else 1
    short = got < (wanted if share is None else np.ceil(wanted * total))
    left = int((offered.inside(where) & ~offered.composite).sum()) - int(got - composites)
    why = ""
    if short and left <= 0:
        why = "no synthetic picture shows it" if got == real else "every picture that shows it is in; render more"
    elif short:
        why = f"{left} more pictures show it, but the synthetic share is at its most, blend.ratio={target.ratio:g}"
    return Line(
        cell=cell_name(where),
        wanted=wanted,
        real=real / reals,
        got=got / total,
        composites=composites / total,
        why=why,
    )


def _share_line(pool: Pool, weights: Floats, target: Target, where: Mapping[str, str], share: float) -> Line:
    inside = pool.inside(where)
    got, composites = (
        float(weights[some].sum() / weights.sum()) if len(pool) else 0.0 for some in (inside, inside & pool.composite)
    )
    real = inside[~pool.synthetic]
    why = ""
    if abs(got - share) * len(pool) > 1:
        why = (
            f"weights stay within {target.least_real:g} for real pictures and {target.most:g} for all, "
            "and other wished shares pull too"
            if inside.any()
            else "no picture shows it"
        )
    in_real = float(real.mean()) if real.size else 0.0
    return Line(cell=cell_name(where), wanted=share, real=in_real, got=got, composites=composites, why=why)


def copies(pool: Pool, weights: Floats) -> NDArray[np.int64]:
    """Turn weights into whole numbers, for trainers that read a list; each real picture is there at least once.

    Weights are first scaled so that the least of a real picture is 1. Then pictures of the same cells stand together
    and their running sum is rounded, so that every such set has its number to within one.

    Args:
        pool: n pictures.
        weights: (n,).
    """
    if not len(pool):
        return np.zeros(0, np.int64)
    real = weights[~pool.synthetic]
    scaled = weights / min(float(real.min(initial=1.0)), 1.0)
    alike = np.lexsort([*pool.tags.values(), pool.synthetic]) if pool.tags else np.arange(len(pool))
    whole = np.floor(np.cumsum(scaled[alike]) + 0.5)
    number = np.empty(len(pool), np.int64)
    number[alike] = np.diff(whole, prepend=0.0).astype(np.int64)
    return np.where(pool.synthetic, number, np.maximum(number, 1))
