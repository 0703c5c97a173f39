"""Scenarios: named distributions over scenes. A sample is drawn, checked, and drawn again if it breaks a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from types import MappingProxyType

import numpy as np

from scenes import lookalikes, night_crashes, ordinary_traffic
from scenes.atlas import Pair
from scenes.camera import DASHCAM, DASHCAM_ONLY, CameraSettings, with_rig
from scenes.checks import breach
from scenes.choosing import able_to_choose
from scenes.clearance import track_breach
from scenes.crashes.composition import compose
from scenes.crashes.escape import compose_near_miss
from scenes.crashes.near_miss import NEAR_MISSES
from scenes.crashes.registry import CRASH_TYPES
from scenes.draws import Refused
from scenes.errors import InputError, RareblendError
from scenes.likeness import Likeness
from scenes.ordinary_traffic import Style, Wanted
from scenes.script import Script
from scenes.seeds import child_seed, generator
from scenes.sight import sight_breach, stand_breach
from scenes.spec.scene import SceneSpec
from scenes.staging import NoRoomError, Staged, play, stage
from scenes.timeline import run_over

_TRIES = 60
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
