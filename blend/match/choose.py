"""Choose what is done to the pictures of one condition, and how strongly, by a score on real pictures held out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blend.match import jpeg, score
from blend.match.recipe import Recipe, applied
from blend.match.reference import LEAST, Reference, digest
from blend.match.settings import MatchSettings
from blend.match.statistics import lightness, measure
from scenes.seeds import child_seed, generator

Floats = NDArray[np.float64]
STRENGTHS = (1 / 3, 2 / 3, 1.0)
MOST_FRAMES = 16
"""Frames on which the score is taken."""
LEAST_FRAMES = 4
NEAREST = 12
"""References of like lightness, of which a picture draws one: a fleet's cameras differ, and so should ours."""
DAMAGE_PRICE = 1.0
"""Of a point of `score.damage` in points of `score.energy`."""
MOST_DAMAGE = 0.15


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A synthetic picture to be matched.

    Args:
        rgb: uint8 (H, W, 3).
        seed: its own.
    """

    rgb: NDArray[np.uint8]
    seed: int


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is done to the pictures of a condition.

    Args:
        recipe: idle if nothing helps.
        references: what pictures are matched to.
        why: one line.
        before: energy coefficient of frames as they are, on real pictures held out; None where not measured.
        after: likewise, matched.
        floor: likewise, of the other real pictures.
        damage: mean share of structure lost.
    """

    recipe: Recipe
    references: tuple[Reference, ...]
    why: str
    before: float | None = None
    after: float | None = None
    floor: float | None = None
    damage: float = 0.0

    def record(self) -> dict[str, Any]:
        """Give the choice as it stands in `blend.json`."""
        told = {key: _short(getattr(self, key)) for key in ("before", "after", "floor", "damage")}
        held = {"references": len(self.references), "reference_hash": digest(self.references)}
        return {"recipe": asdict(self.recipe), "score": told, **held, "why": self.why}


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


@dataclass(frozen=True, kw_only=True)
class _Tried:
    recipe: Recipe
    measured: Floats
    damages: Floats

    def total(self, held: Floats, rows: Sequence[int] | slice = slice(None)) -> float:
        """Return the score: distance to what is held out, and the price of what was lost."""
        return score.energy(self.measured[rows], held) + DAMAGE_PRICE * float(self.damages[rows].mean())


def drawn(rgb: NDArray[np.uint8], references: Sequence[Reference], *, seed: int) -> Reference:
    """Draw one of the references that are nearest in lightness."""
    own = lightness(rgb)
    apart = [float(np.abs(np.subtract(own, one.measured[: len(own)])).sum()) for one in references]
    order = np.argsort(apart, kind="stable")[:NEAREST]
    return references[int(order[generator(seed, "match-draw").integers(len(order))])]


def choose(frames: Sequence[Frame], references: Sequence[Reference], settings: MatchSettings, *, seed: int) -> Choice:
    """Choose a recipe.

    A step is taken only if it lowers the score by more than its standard error (jackknife over frames); frames that
    are like the real pictures already are left alone.

    Args:
        frames: synthetic pictures of a condition; up to `MOST_FRAMES` are tried.
        references: real training pictures of the condition.
        settings: what may be used.
        seed: the run's.
    """
    own, held = _halves(references, seed=seed)
    if min(len(own), len(held)) < LEAST // 2:
        why = f"{len(references)} real pictures of {len({one.group for one in references})} takes are too few"
        return Choice(recipe=Recipe(), references=tuple(references), why=why)
    if settings.strength is not None:
        return Choice(recipe=_told(settings), references=tuple(references), why="strength was given")
    if len(frames) < LEAST_FRAMES:
        return Choice(recipe=Recipe(), references=tuple(references), why=f"{len(frames)} frames are too few")
    return _searched(frames[:MOST_FRAMES], references, own, held, settings)


def _searched(
    frames: Sequence[Frame],
    references: Sequence[Reference],
    own: Sequence[Reference],
    held: Sequence[Reference],
    settings: MatchSettings,
) -> Choice:
    real = np.array([one.measured for one in held])
    targets = [drawn(frame.rgb, own, seed=frame.seed) for frame in frames]
    measured = np.array([measure(frame.rgb) for frame in frames])
    first = best = _Tried(recipe=Recipe(), measured=measured, damages=np.zeros(len(frames)))
    for step in (
        *(["grid"] if "grid" in settings.finish else []),
        *(["colour"] if settings.colour else []),
        *(step for step in settings.finish if step != "grid"),
    ):
        tried = [_try(recipe, frames, targets) for recipe in _candidates(best.recipe, step, settings)]
        fit = [one for one in tried if one.damages.mean() <= MOST_DAMAGE]
        winner = min(fit, key=lambda one: one.total(real), default=best)
        best = winner if _better(winner, best, real) else best
    return Choice(
        recipe=best.recipe,
        references=tuple(references),
        why="nothing that was tried lowers the score" if best.recipe.idle else "by the score",
        before=score.energy(first.measured, real),
        after=score.energy(best.measured, real),
        floor=score.energy(np.array([one.measured for one in own]), real),
        damage=float(best.damages.mean()),
    )


def _candidates(so_far: Recipe, step: str, settings: MatchSettings) -> Iterator[Recipe]:
    """Vary a step; what is written anew is written as the real set's files are, so each is scored with that loss."""
    so_far = replace(so_far, jpeg=float("jpeg" in settings.finish))
    if step == "jpeg":
        yield so_far
        return
    for strength in STRENGTHS:
        if step == "colour":
            yield from (replace(so_far, colour=name, strength=strength) for name in settings.colour)
        else:
            yield replace(so_far, **{step: strength})  # type: ignore[arg-type] # mypy sees no field names in a str


def _try(recipe: Recipe, frames: Sequence[Frame], targets: Sequence[Reference]) -> _Tried:
    made = [
        jpeg.decode(applied(frame.rgb, target, recipe, seed=frame.seed))
        for frame, target in zip(frames, targets, strict=True)
    ]
    lost = [score.damage(frame.rgb, after) for frame, after in zip(frames, made, strict=True)]
    return _Tried(recipe=recipe, measured=np.array([measure(rgb) for rgb in made]), damages=np.array(lost))


def _better(one: _Tried, other: _Tried, held: Floats) -> bool:
    """Tell whether the score falls by more than its standard error."""
    count = len(one.damages)
    without = [[row for row in range(count) if row != left] for left in range(count)]
    gains = np.array([other.total(held, rows) - one.total(held, rows) for rows in without])
    error = np.sqrt((count - 1) * gains.var())
    return bool(other.total(held) - one.total(held) > error)


def _told(settings: MatchSettings) -> Recipe:
    strength = float(settings.strength or 0)
    return Recipe(
        colour=settings.colour[0] if settings.colour else Recipe().colour,
        strength=strength * bool(settings.colour),
        grid=strength * ("grid" in settings.finish),
        sharpness=strength * ("sharpness" in settings.finish),
        noise=strength * ("noise" in settings.finish),
        jpeg=float("jpeg" in settings.finish),
    )


def _halves(references: Sequence[Reference], *, seed: int) -> tuple[list[Reference], list[Reference]]:
    """Split by takes into what is matched to and what is held out, as even as takes allow."""
    takes: dict[str, list[Reference]] = {}
    for one in references:
        takes.setdefault(one.group, []).append(one)
    halves: tuple[list[Reference], list[Reference]] = ([], [])
    for take in sorted(takes, key=lambda name: child_seed(seed, "match-half", name)):
        min(halves, key=len).extend(takes[take])
    return halves
