"""Which scenes a round traces next: by weights, under a chosen light and weather, by the user's script, or for gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from render.ledger import families as look_families
from render.ledger import held
from scenes.atlas import Atlas
from scenes.camera import DASHCAM, CameraSettings
from scenes.cells import CoverageSettings, scene_case, scene_space
from scenes.choosing import able_to_choose
from scenes.errors import InputError
from scenes.filling import fill
from scenes.likeness import Likeness
from scenes.mix import EVERY, chosen_pairs, plan, spelt_out
from scenes.openscenario import scenario as openscenario
from scenes.ordinary_traffic import Style
from scenes.scenario import SCENARIOS, sample
from scenes.script import read
from scenes.spec.scene import SceneSpec


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a round is to show.

    Args:
        mix: scenario to weight; `every` stands for all.
        script: the user's own scenario instead of the mix, or None.
        atlas: lightings and weathers.
        cameras: rigs and their weights.
        coverage: whether gaps are to be filled.
        seed: the run's seed.
        count: scenes at most.
        workers: processes that draw a long plan.
        tracked: scenes for clips.
        like: what ordinary traffic is to be like; ours if None.
    """

    mix: Mapping[str, float]
    script: Path | None
    atlas: Atlas
    cameras: CameraSettings
    coverage: CoverageSettings
    seed: int
    count: int
    workers: int
    tracked: bool
    like: Style | None = None

    def __post_init__(self) -> None:
        if self.like and (self.script is not None or self.coverage.cover != "none"):
            rule = "must not be given with scenario.script or coverage=pairwise, which have their own traffic"
            raise InputError(f"traffic={'like_real' if isinstance(self.like, Likeness) else 'mixed'}", rule)
        if isinstance(self.like, Likeness) and any(self.cameras.rigs[name] != DASHCAM for name in self.cameras.drawn):
            rule = "needs camera=dashcam: it chooses the camera itself, as high and pitched as the set's"
            raise InputError("traffic=like_real", rule, got=list(self.cameras.drawn))
        if self.script is not None and self.coverage.cover != "none":
            raise InputError("scenario.script", "must not be given with coverage=pairwise, which draws ours")
        if self.atlas.chosen and (self.script is not None or self.coverage.cover != "none"):
            rule = "must not be chosen with scenario.script or coverage=pairwise, which have their own light"
            raise InputError("lighting", rule, fix="leave lighting and weather out")


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """Scenes that were begun and are not traced yet, scenes that are new, and lines for the user.

    `missed` counts what a scenario file told and was not understood, by file and element.
    """

    begun: tuple[SceneSpec, ...] = ()
    new: tuple[SceneSpec, ...] = ()
    lines: tuple[str, ...] = ()
    missed: Mapping[str, int] = field(default_factory=dict)


def agenda(out: Path, wish: Wish) -> Agenda:
    """Draw the scenes that a round is to trace.

    Args:
        out: the round's folder, which may hold scenes.
        wish: what is wanted.

    Raises:
        InputError: an unknown scenario, one that takes no chosen light, or a script that breaks a rule.
        RareblendError: no draw of a scene was valid.
    """
    if wish.script is not None:
        return _scripted(wish, wish.script)
    return _by_weights(wish) if wish.coverage.cover == "none" else _filling(out, wish)


def imported(path: Path) -> openscenario.Imported:
    """Return the script of a scenario file, YAML or OpenSCENARIO, with what of it was not understood.

    Raises:
        InputError: it breaks a rule, or has the name of a scenario of ours.
    """
    if path.stem in (*SCENARIOS, EVERY):
        rule = "must not have the name of a scenario of ours, whose scenes it would pass for"
        raise InputError(f"scenario.script={path}", rule, got=path.stem, fix="rename the file")
    if path.suffix == openscenario.SUFFIX:
        return openscenario.read(path)
    return openscenario.Imported(script=read(path), missed={})


def _scripted(wish: Wish, path: Path) -> Agenda:
    told = imported(path)
    script = told.script
    drawn = (
        sample(script.name, seed=wish.seed, index=at, tracked=wish.tracked, cameras=wish.cameras, script=script)
        for at in range(wish.count)
    )
    return Agenda(new=tuple(drawn), lines=told.lines, missed=told.missed)


def _by_weights(wish: Wish) -> Agenda:
    mix, lines = spelt_out(wish.mix), []
    if wish.atlas.chosen:
        mix, unable = able_to_choose(mix, wish.atlas)
        lines += [f"left out: scenario {name}: {reason}" for name, reason in unable.items()]
    pairs, impossible = chosen_pairs(mix, wish.atlas, seed=wish.seed, count=wish.count if wish.atlas.chosen else 0)
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
        like=wish.like,
    )
    return Agenda(new=tuple(specs), lines=tuple(lines))


def _filling(out: Path, wish: Wish) -> Agenda:
    """Return what was begun in a round, and scenes for the pairs that it lacks."""
    there, mix = held(out), spelt_out(wish.mix)
    begun = [scene.spec for scene in there if not scene.traced and not scene.unfit][: wish.count]
    names = [name for name in SCENARIOS if mix.get(name, 0) > 0]
    space = scene_space(names, wish.cameras.drawn, look_families(), wish.coverage.impossible)
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
