"""The scenes of a round: as many of each scenario as its weight asks for, and in which light and weather."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context

from scenes.atlas import Atlas, Pair, draw_pairs
from scenes.camera import DASHCAM_ONLY, CameraSettings
from scenes.choosing import families
from scenes.crashes.choice import unsuited
from scenes.crashes.registry import CRASH_TYPES
from scenes.errors import InputError
from scenes.ordinary_traffic import Style
from scenes.orphans import end_with_parent
from scenes.scenario import SCENARIOS, sample
from scenes.spec.scene import SceneSpec

EVERY = "every"
_LONG_PLAN, _PART = 1000, 100
"""Scenes from which on a pool of processes pays, and how many each takes at a time."""


def spelt_out(mix: Mapping[str, float]) -> dict[str, float]:
    """Return weights of scenarios in which `every` stands for all that there are."""
    rest = {name: weight for name, weight in mix.items() if name != EVERY}
    return {**dict.fromkeys(SCENARIOS, mix[EVERY]), **rest} if EVERY in mix else rest


def plan(
    mix: Mapping[str, float],
    *,
    seed: int,
    count: int,
    workers: int = 1,
    tracked: bool = False,
    cameras: CameraSettings = DASHCAM_ONLY,
    pairs: Sequence[Pair] = (),
    like: Style | None = None,
) -> list[SceneSpec]:
    """Draw `count` scenes with shares as near to the weights as whole numbers allow, interleaved.

    Args:
        mix: scenario to weight, >= 0.
        seed: the run's seed.
        count: >= 1; the first n scenes of a longer plan are the plan of n scenes.
        workers: processes that draw a long plan; the scenes are the same for any number.
        tracked: scenes for clips, see `sample`.
        cameras: likewise.
        pairs: light and weather of each scene; the scenarios' own if empty.
        like: likewise.

    Raises:
        InputError: an unknown scenario.
    """
    unknown = [name for name in mix if name not in SCENARIOS]
    if unknown:
        raise InputError("scenario.mix", f"must name scenarios of {', '.join(SCENARIOS)}", got=unknown[0])
    draws = [
        (name, index, pair)
        for (name, index), pair in zip(_interleaved(mix, count), pairs or (None,) * count, strict=True)
    ]
    if workers == 1 or count < _LONG_PLAN:
        return _sampled(draws, seed, tracked, cameras, like)
    parts = [draws[first : first + _PART] for first in range(0, count, _PART)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        return [
            spec
            for part in pool.map(partial(_sampled, seed=seed, tracked=tracked, cameras=cameras, like=like), parts)
            for spec in part
        ]


def chosen_pairs(mix: Mapping[str, float], atlas: Atlas, *, seed: int, count: int) -> tuple[list[Pair], Counter[str]]:
    """Draw a light and weather for each scene of a plan, again for a type of crash that cannot happen in it.

    Args:
        mix: scenarios that take them, see `able_to_choose`.
        atlas: what is chosen.
        seed: the run's seed.
        count: scenes of the plan.

    Returns:
        As `draw_pairs`.

    Raises:
        InputError: no pair is possible for a scene.
    """
    plain = families(mix)
    if not any(name in CRASH_TYPES for name in mix):
        return draw_pairs(atlas, count, seed=seed, families=plain)
    kept = set() if atlas.lighting_mix else plain
    return draw_pairs(
        atlas, count, seed=seed, suits=[partial(_unfit, name, kept) for name, _ in _interleaved(mix, count)]
    )


def _unfit(name: str, plain: set[str], pair: Pair) -> str | None:
    """Return why a scenario cannot have a pair, or None; `plain` are the families of plain traffic, all if empty."""
    if name in CRASH_TYPES:
        return unsuited(CRASH_TYPES[name], pair.lighting, pair.weather)
    if plain and pair.lighting.scene.family not in plain:
        return f"no plain traffic was asked for in lighting {pair.lighting.name}"
    return None


def _interleaved(mix: Mapping[str, float], count: int) -> list[tuple[str, int]]:
    """Return scenario and index of each scene of a plan."""
    total, given = sum(mix.values()), dict.fromkeys(mix, 0)
    draws = []
    for number in range(1, count + 1):
        name = max(mix, key=lambda key: (mix[key] / total * number - given[key], mix[key]))
        draws.append((name, given[name]))
        given[name] += 1
    return draws


def _sampled(
    draws: Sequence[tuple[str, int, Pair | None]],
    seed: int,
    tracked: bool,  # noqa: FBT001  # mapped
    cameras: CameraSettings,
    like: Style | None,
) -> list[SceneSpec]:
    with _uncollected():
        return [
            sample(name, seed=seed, index=index, tracked=tracked, pair=pair, cameras=cameras, like=like)
            for name, index, pair in draws
        ]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare the garbage collector, which would walk all specs again and again: they hold no cycles (a quarter)."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
