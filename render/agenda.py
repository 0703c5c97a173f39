"""Which scenes a round is to trace: by weights, under a chosen light and weather, or where a wanted cover has gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from render.ledger import families as look_families
from render.ledger import held
from scenes.atlas import Atlas, draw_pairs
from scenes.camera import CameraSettings
from scenes.cells import CoverageSettings, scene_case, scene_space
from scenes.filling import fill
from scenes.scenario import SCENARIOS, able_to_choose, families, plan, spelt_out
from scenes.spec import SceneSpec


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for.

    Args:
        mix: scenario to weight, `every` for all that there are.
        atlas: lightings and weathers.
        cameras: rigs.
        coverage: whether scenes shall fill gaps.
        out: the round's folder, whose scenes count as there.
        seed: the run's seed.
        count: scenes, >= 1.
        workers: processes that draw a long plan.
        tracked: whether clips are wanted.
    """

    mix: Mapping[str, float]
    atlas: Atlas
    cameras: CameraSettings
    coverage: CoverageSettings
    out: Path
    seed: int
    count: int
    workers: int
    tracked: bool


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """Scenes to trace, and what is to be said of how they were drawn, a line each."""

    specs: list[SceneSpec]
    lines: list[str]


def agenda(wish: Wish) -> Agenda:
    """Draw the scenes of a round.

    Raises:
        InputError: a scenario is unknown, or none of them takes a chosen light and weather.
        RareblendError: no valid scene was found.
    """
    return _by_weights(wish) if wish.coverage.cover == "none" else _filling_gaps(wish)


def _by_weights(wish: Wish) -> Agenda:
    mix, lines = spelt_out(wish.mix), []
    if wish.atlas.chosen:
        mix, unable = able_to_choose(mix)
        lines += [f"left out: scenario {name}: it takes no lighting or weather" for name in unable]
    many = wish.count if wish.atlas.chosen else 0
    pairs, impossible = draw_pairs(wish.atlas, many, seed=wish.seed, families=families(mix))
    if impossible:
        often = "; ".join(f"{reason} ({times})" for reason, times in impossible.most_common(3))
        lines.append(f"conditions: {impossible.total()} pairs were impossible and drawn again, most often: {often}")
    specs = plan(
        mix,
        seed=wish.seed,
        count=wish.count,
        workers=wish.workers,
        tracked=wish.tracked,
        pairs=pairs,
        cameras=wish.cameras,
    )
    return Agenda(specs=specs, lines=lines)


def _filling_gaps(wish: Wish) -> Agenda:
    """Go on with what was begun and is untraced, then draw what the cover lacks."""
    there, mix = held(wish.out), spelt_out(wish.mix)
    untraced = [scene.spec for scene in there if not scene.traced and not scene.unfit][: wish.count]
    names = [name for name in SCENARIOS if mix.get(name, 0) > 0]
    space = scene_space(names, wish.cameras.drawn, look_families(), wish.coverage.impossible)
    done = fill(
        space,
        [scene_case(scene.spec, space) for scene in there if not scene.unfit],
        cameras=wish.cameras,
        seed=wish.seed,
        most=wish.count - len(untraced),
        tries=wish.coverage.tries,
        tracked=wish.tracked,
    )
    lines = [f"not drawn: {cell}: {why}" for cell, why in done.given_up.items()]
    again = f"; {done.missing} pairs will still be missing, the same command again goes on" if done.missing else ""
    lines.append(f"coverage: {len(done.specs)} scenes fill gaps, {len(untraced)} were begun{again}")
    return Agenda(specs=[*untraced, *done.specs], lines=lines)
