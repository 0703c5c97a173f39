"""Which scenes a round traces next: by weights, by the user's script, or those that fill the gaps of what is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from render.ledger import families, held
from scenes.camera import CameraSettings
from scenes.cells import CoverageSettings, scene_case, scene_space
from scenes.errors import InputError
from scenes.filling import fill
from scenes.scenario import SCENARIOS, plan, sample, spelt_out
from scenes.script import read
from scenes.spec import SceneSpec


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a round is to show.

    Args:
        mix: scenario to weight; `every` stands for all.
        script: the user's own scenario instead of the mix, or None.
        cameras: rigs and their weights.
        coverage: whether gaps are to be filled.
        seed: the run's seed.
        count: scenes at most.
        workers: processes that draw a long plan.
        tracked: scenes for clips.
    """

    mix: Mapping[str, float]
    script: Path | None
    cameras: CameraSettings
    coverage: CoverageSettings
    seed: int
    count: int
    workers: int
    tracked: bool

    def __post_init__(self) -> None:
        if self.script is not None and self.coverage.cover != "none":
            raise InputError("scenario.script", "must not be given with coverage=pairwise, which draws ours")


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """Scenes that were begun and are not traced yet, scenes that are new, and lines for the user."""

    begun: tuple[SceneSpec, ...] = ()
    new: tuple[SceneSpec, ...] = ()
    lines: tuple[str, ...] = ()


def agenda(out: Path, wish: Wish) -> Agenda:
    """Draw the scenes that a round is to trace.

    Args:
        out: the round's folder, which may hold scenes.
        wish: what is wanted.

    Raises:
        InputError: an unknown scenario, or a script that breaks a rule.
        RareblendError: no draw of a scene was valid.
    """
    seed, tracked, cameras = wish.seed, wish.tracked, wish.cameras
    if wish.script is not None:
        script = read(wish.script)
        drawn = (
            sample(script.name, seed=seed, index=at, tracked=tracked, cameras=cameras, script=script)
            for at in range(wish.count)
        )
        return Agenda(new=tuple(drawn))
    mix = spelt_out(wish.mix)
    if wish.coverage.cover == "none":
        specs = plan(mix, seed=seed, count=wish.count, workers=wish.workers, tracked=tracked, cameras=cameras)
        return Agenda(new=tuple(specs))
    return _filling(out, wish, [name for name in SCENARIOS if mix.get(name, 0) > 0])


def _filling(out: Path, wish: Wish, scenarios: list[str]) -> Agenda:
    """Return what was begun in a round, and scenes for the pairs that it lacks."""
    there = held(out)
    begun = [scene.spec for scene in there if not scene.traced and not scene.unfit][: wish.count]
    space = scene_space(scenarios, wish.cameras.drawn, families(), wish.coverage.impossible)
    done = fill(
        space,
        [scene_case(scene.spec, space) for scene in there if not scene.unfit],
        cameras=wish.cameras,
        seed=wish.seed,
        most=wish.count - len(begun),
        tries=wish.coverage.tries,
        tracked=wish.tracked,
    )
    again = f"; {done.missing} pairs will still be missing, the same command again goes on" if done.missing else ""
    return Agenda(
        begun=tuple(begun),
        new=done.specs,
        lines=(
            *(f"not drawn: {cell}: {why}" for cell, why in done.given_up.items()),
            f"coverage: {len(done.specs)} scenes fill gaps, {len(begun)} were begun{again}",
        ),
    )
