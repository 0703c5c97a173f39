"""Scenarios: named distributions over scenes. A sample is drawn, checked, and drawn again if it breaks a rule."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from types import MappingProxyType

import numpy as np

from scenes import lookalikes, night_crashes, ordinary_traffic
from scenes.atlas import Atlas, Pair, draw_pairs
from scenes.camera import DASHCAM, DASHCAM_ONLY, CameraSettings, with_rig
from scenes.checks import breach
from scenes.clearance import track_breach
from scenes.crashes.choice import unsuited
from scenes.crashes.composition import compose
from scenes.crashes.escape import compose_near_miss
from scenes.crashes.near_miss import NEAR_MISSES
from scenes.crashes.registry import CRASH_TYPES
from scenes.draws import Refused
from scenes.errors import InputError, RareblendError
from scenes.likeness import Likeness
from scenes.ordinary_traffic import Style, Wanted
from scenes.pairing import broken
from scenes.script import Script
from scenes.seeds import child_seed, generator
from scenes.sight import sight_breach, stand_breach
from scenes.spec.scene import SceneSpec
from scenes.staging import NoRoomError, Staged, play, stage
from scenes.timeline import run_over
from scenes.weather import Weather

EVERY = "every"
_TRIES = 60
_LONG_PLAN, _PART = 1000, 100
"""Scenes from which on a pool of processes pays, and how many each takes at a time."""
SENTENCES = MappingProxyType({**night_crashes.SENTENCES, **ordinary_traffic.SENTENCES, **lookalikes.SENTENCES})
"""What scenarios show that are neither types of crash nor near misses."""


Sampler = Callable[[np.random.Generator, int], SceneSpec]


def sample(
    name: str,
    *,
    seed: int,
    index: int,
    tracked: bool = False,
    pair: Pair | None = None,
    cameras: CameraSettings = DASHCAM_ONLY,
    lighting: str | None = None,
    script: Script | None = None,
    like: Style | None = None,
) -> SceneSpec:
    """Draw one scene.

    Args:
        name: a key of `SCENARIOS`.
        seed: the run's seed.
        index: which scene of the run.
        tracked: for a clip: a crash is at its impact, its parties have tracks, and nobody else is in their way.
        cameras: which rigs take pictures.
        pair: light and weather that it shall have; the scenario's own if None.
        lighting: of a crash type, `day`, `night` or `low_sun`; drawn if None.
        script: the user's own scenario of that name.
        like: what ordinary traffic is to be like; ours if None. Crashes keep their own.

    Raises:
        InputError: no such scenario, it takes no light and weather, or it does not choose its lighting.
        RareblendError: no draw of 60 satisfied the checks; the reasons are counted in the message.
    """
    wanted = like.crowd(seed, name, index) if isinstance(like, Likeness) else like
    draw = _sampler(name, tracked=tracked, pair=pair, lighting=lighting, script=script, like=wanted)
    reasons: dict[str, int] = {}
    for attempt in range(_TRIES):
        rng = generator(seed, "scene", name, index, attempt)
        try:
            spec = draw(rng, child_seed(seed, "trace", name, index, attempt))
            spec, blind = _rigged(spec, cameras, seed, (name, index, attempt))
            broken = blind or breach(spec) or run_over(spec)
        except (Refused, NoRoomError) as early:
            broken = str(early)
        if broken is None:
            return spec
        reasons[broken] = reasons.get(broken, 0) + 1
    told = ", ".join(f"{reason} ({count})" for reason, count in sorted(reasons.items()))
    raise RareblendError(f"{name} {index}: no draw of {_TRIES} was valid: {told}")


def rehearse(script: Script, *, seed: int, index: int = 0) -> Staged:
    """Return what `sample` draws of a user's script, with the courses of its vehicles; errors as of `sample`."""
    spec = sample(script.name, seed=seed, index=index, script=script)
    for attempt in range(_TRIES):
        rng = generator(seed, "scene", script.name, index, attempt)
        with suppress(NoRoomError):
            staged = play(script, rng, child_seed(seed, "trace", script.name, index, attempt))
            if staged.scene == spec:
                return staged
    raise AssertionError("a scene that was drawn is drawn again")


def _rigged(
    spec: SceneSpec, cameras: CameraSettings, seed: int, path: tuple[str, int, int]
) -> tuple[SceneSpec, str | None]:
    """Return a scene with the camera of the rig that its scenario and index draw, and why that camera is of no use."""
    chosen = cameras.pick(seed, *path[:2])
    rig = cameras.rigs[chosen]
    if rig == DASHCAM:
        return spec, None if spec.cameras[0].station == DASHCAM.station else stand_breach(spec)
    spec = with_rig(spec, chosen, rig, generator(seed, "camera", *path))
    parties = [vehicle for vehicle in spec.vehicles if vehicle.track]
    return spec, sight_breach(spec) or track_breach(spec.cameras[0], parties, spec.street)


def _sampler(
    name: str,
    *,
    tracked: bool,
    pair: Pair | None,
    lighting: str | None,
    script: Script | None,
    like: Wanted | None,
) -> Sampler:
    """Return who draws a scenario; arguments as of `sample`."""
    if script is not None and name == script.name:
        return partial(stage, script)
    if name not in SCENARIOS:
        raise InputError("scenario.mix", f"must name scenarios of {', '.join(SCENARIOS)}", got=name)
    if name in CRASH_TYPES:
        return partial(compose, CRASH_TYPES[name], tracked=tracked, lighting=lighting, pair=pair)
    if pair is not None:
        able_to_choose({name: 1.0})
        return partial(ordinary_traffic.chosen_traffic, pair=pair, like=like)
    if name in NEAR_MISSES:
        return partial(compose_near_miss, NEAR_MISSES[name], tracked=tracked, lighting=lighting)
    if lighting is not None:
        fix = "leave it out, or name a type of crash or near miss"
        raise InputError("lighting", f"is fixed in the scenario {name}", got=lighting, fix=fix)
    if like is not None and name in _ORDINARY:
        return partial(_ORDINARY[name], like=like)
    return partial(_CRASHES[name], tracked=True) if tracked and name in _CRASHES else SCENARIOS[name]


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
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return [
            spec
            for part in pool.map(partial(_sampled, seed=seed, tracked=tracked, cameras=cameras, like=like), parts)
            for spec in part
        ]


def spelt_out(mix: Mapping[str, float]) -> dict[str, float]:
    """Return weights of scenarios in which `every` stands for all that there are."""
    rest = {name: weight for name, weight in mix.items() if name != EVERY}
    return {**dict.fromkeys(SCENARIOS, mix[EVERY]), **rest} if EVERY in mix else rest


def families(mix: Mapping[str, float]) -> set[str]:
    """Return the families of looks that scenarios have by themselves, of those that take a chosen weather."""
    return {_CHOOSING[name] for name in mix if name in _CHOOSING}


def able_to_choose(mix: Mapping[str, float], atlas: Atlas | None = None) -> tuple[dict[str, float], dict[str, str]]:
    """Split a mix into scenarios that take a chosen light and weather, and those that do not, with the reason.

    Args:
        mix: scenario to weight.
        atlas: what is chosen; a type of crash must suit a lighting and weather of it that go together.

    Raises:
        InputError: none takes them.
    """
    reasons = {name: _unable(name, atlas) for name, weight in mix.items() if weight > 0}
    kept = {name: mix[name] for name, reason in reasons.items() if reason is None}
    if not kept:
        rule = f"only types of crash and {', '.join(_CHOOSING)} take a lighting or weather"
        first, why = next(iter(reasons.items()), ("nothing", ""))
        others = f" and {len(mix) - 1} more" if len(mix) > 1 else ""
        raise InputError("scenario.mix", rule, got=f"{first}{others}", fix=f"{why}; or take scenario=day")
    return kept, {name: reason for name, reason in reasons.items() if reason is not None}


def _unable(name: str, atlas: Atlas | None) -> str | None:
    """Return why a scenario does not take what is chosen, or None."""
    if name in _CHOOSING:
        return None
    if name not in CRASH_TYPES or atlas is None:
        return "it takes no lighting or weather"
    weathers: list[Weather | None] = [atlas.weathers[weather] for weather in atlas.weather_mix]
    pairs = (
        Pair(lighting=atlas.lightings[lighting], weather=weather)
        for lighting in atlas.lighting_mix or atlas.lightings
        for weather in weathers or [None]
        if weather is None or not broken(atlas.lightings[lighting], weather)
    )
    reasons = [unsuited(CRASH_TYPES[name], pair.lighting, pair.weather) for pair in pairs]
    return None if None in reasons else reasons[0]


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


_ORDINARY = MappingProxyType(
    {"low_sun_traffic": ordinary_traffic.low_sun_traffic, "day_traffic": ordinary_traffic.day_traffic}
)
_CRASHES = MappingProxyType(
    {"night_rear_end": night_crashes.night_rear_end, "night_intersection": night_crashes.night_intersection}
)
SCENARIOS: Mapping[str, Sampler] = MappingProxyType(
    {
        "night_rear_end": night_crashes.night_rear_end,
        "night_intersection": night_crashes.night_intersection,
        "low_sun_traffic": ordinary_traffic.low_sun_traffic,
        "day_traffic": ordinary_traffic.day_traffic,
        **{name: partial(compose, kind) for name, kind in CRASH_TYPES.items()},
        **{name: partial(compose_near_miss, kind) for name, kind in NEAR_MISSES.items()},
        "hard_negatives": ordinary_traffic.hard_negatives,
        **lookalikes.LOOKALIKES,
    }
)
"""Name to sampler; `conf/scenario` weighs them."""
_CHOOSING = MappingProxyType({"low_sun_traffic": "low_sun", "day_traffic": "day"})
"""Scenarios that become plain traffic in a light and weather that are chosen for them, and their own kind of light."""
