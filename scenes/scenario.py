"""Scenarios: named distributions over scenes. A sample is drawn, checked, and drawn again if it breaks a rule."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from types import MappingProxyType
from typing import Literal

import numpy as np

from scenes.atlas import Atlas, Pair
from scenes.camera import DASHCAM, DASHCAM_ONLY, CameraSettings, draw_dashcam, with_rig
from scenes.checks import breach, crash_breach, rest_breach
from scenes.clearance import swept, track_breach
from scenes.collision import Approach, collide
from scenes.conditions import behaved, draw_setting, lacking, sentence
from scenes.crashes.choice import unsuited
from scenes.crashes.composition import compose
from scenes.crashes.escape import compose_near_miss
from scenes.crashes.near_miss import NEAR_MISSES
from scenes.crashes.registry import CRASH_TYPES
from scenes.debris import cones, scatter
from scenes.decoys import decoyed
from scenes.draws import Refused, drawn, one_of
from scenes.errors import InputError, RareblendError
from scenes.like_real import draw_camera as draw_like_camera
from scenes.like_real import how_many, populate, with_room
from scenes.likeness import Likeness
from scenes.road import draw_street, lane_y_m
from scenes.script import Script
from scenes.seeds import child_seed, generator
from scenes.sight import sight_breach
from scenes.site.layout import PLACE_SHARES, draw_place
from scenes.spec import AnimalKind, Debris, LampName, PlaceKind, SceneSpec, Street, Sun
from scenes.staging import NoRoomError, stage
from scenes.timeline import run_over
from scenes.traffic import Traffic
from scenes.vehicle import CARS, draw_body
from scenes.weather import Weather

EVERY = "every"
_TRIES = 60
_LONG_PLAN, _PART = 1000, 100
"""Scenes from which on a pool of processes pays, and how many each takes at a time."""
_WET_FRICTION = 0.4
_NEAREST_PARTY_M = (7.2, 14.5)
_LEFT_SHARE = 0.25
_STRAYS = 0.35
_LEADS = MappingProxyType(
    {"sedan": 0.25, "hatchback": 0.25, "estate": 0.1, "suv": 0.25, "van": 0.08, "truck": 0.04, "bus": 0.03}
)  # at times something that hides the road ahead
_STRAY_KINDS: tuple[AnimalKind, ...] = ("deer", "cow", "dog")
_PLACES: dict[PlaceKind, float] = {
    kind: share for kind, share in PLACE_SHARES.items() if kind != "tunnel"
}  # no sun shines into one
_WRECK_PLACES: Mapping[PlaceKind, float] = MappingProxyType({"street": 0.35, "car_park": 0.2, "rural_road": 0.45})
_DECOYS_AT_NIGHT = 0.3
SENTENCES = MappingProxyType(
    {
        "night_rear_end": "One car has run into the back of another on a wet street at night.",
        "night_intersection": "One car has struck the side of another at a wet crossing at night.",
        "low_sun_traffic": "Traffic that drives into a low sun.",
        "day_traffic": "Ordinary traffic by daylight.",
        "hard_negatives": "Ordinary traffic past wrecks that were parked or dumped long ago; nothing has happened.",
        "traffic": "Ordinary traffic.",
    }
)


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
    like: Likeness | None = None,
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
    draw = _sampler(name, tracked=tracked, pair=pair, lighting=lighting, script=script, like=like)
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


def _rigged(
    spec: SceneSpec, cameras: CameraSettings, seed: int, path: tuple[str, int, int]
) -> tuple[SceneSpec, str | None]:
    """Return a scene with the camera of the rig that its scenario and index draw, and why that camera is of no use."""
    chosen = cameras.pick(seed, *path[:2])
    rig = cameras.rigs[chosen]
    if rig == DASHCAM:
        return spec, None
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
    like: Likeness | None,
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
        return partial(_traffic, pair=pair, like=like)
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
    like: Likeness | None = None,
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
        atlas: what is chosen; a type of crash must suit every lighting and weather of it.

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
    if not atlas.lighting_mix:
        return "it takes a weather only with a lighting, as lighting=wet_night"
    weathers: list[Weather | None] = [atlas.weathers[weather] for weather in atlas.weather_mix]
    lightings = [atlas.lightings[lighting] for lighting in atlas.lighting_mix]
    found = (unsuited(CRASH_TYPES[name], lighting, weather) for lighting in lightings for weather in weathers or [None])
    return next((reason for reason in found if reason), None)


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
    like: Likeness | None,
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


def _night_rear_end(rng: np.random.Generator, seed: int, *, tracked: bool = False) -> SceneSpec:
    street = draw_street(rng, wetness=(0.55, 1.0), feature_x_m=None)
    oncoming = bool(rng.random() < 0.55)
    lane = -1 if oncoming else 1
    bodies = draw_body(one_of(CARS, rng), rng), draw_body(one_of((*CARS, "van"), rng), rng)
    heading = (180.0 if oncoming else 0.0) + float(rng.normal(0, 2))
    offset = float(rng.uniform(-0.65, 0.65))
    half = bodies[0]["length_m"] / 2, bodies[1]["length_m"] / 2
    approach = Approach(
        bodies=bodies,
        headings_deg=(heading + float(rng.uniform(-14, 14)), heading),
        speeds_mps=(float(rng.uniform(30, 65)) / 3.6 + 3, float(rng.uniform(0, 3))),
        point_m=((half[0], -offset / 2), (-half[1], offset / 2)),
        sides=("front", "rear"),
        width_m=round(1.65 - abs(offset), 3),
    )
    return _crash_scene("night_rear_end", street, approach, lane=lane, rng=rng, seed=seed, tracked=tracked)


def _night_intersection(rng: np.random.Generator, seed: int, *, tracked: bool = False) -> SceneSpec:
    street = draw_street(rng, wetness=(0.5, 1.0), feature_x_m=0.0)
    bodies = draw_body(one_of((*CARS, "van"), rng), rng), draw_body(one_of(CARS, rng), rng)
    side = 1 if rng.random() < 0.5 else -1
    along = 180.0 if rng.random() < 0.5 else 0.0
    crossing = along + side * 90.0 + float(rng.uniform(-12, 12))
    reach = bodies[1]["wheelbase_m"] * 0.45
    striking_across = rng.random() < 0.5
    headings = (crossing, along) if striking_across else (along, crossing)
    angle = np.deg2rad(headings[0] - headings[1])
    flank = -np.sign(np.sin(angle)) * bodies[1]["width_m"] / 2
    approach = Approach(
        bodies=bodies,
        headings_deg=headings,
        speeds_mps=(float(rng.uniform(28, 55)) / 3.6, float(rng.uniform(8, 30)) / 3.6),
        point_m=((bodies[0]["length_m"] / 2, 0.0), (float(rng.uniform(-reach, reach)), float(flank))),
        sides=("front", "side"),
        width_m=1.6,
    )
    lane = -1 if along else 1
    return _crash_scene("night_intersection", street, approach, lane=lane, rng=rng, seed=seed, tracked=tracked)


def _crash_scene(
    name: str,
    street: Street,
    approach: Approach,
    *,
    lane: int,
    rng: np.random.Generator,
    seed: int,
    tracked: bool = False,
) -> SceneSpec:
    phase: Literal["impact", "after"] = "impact" if rng.random() < 0.4 or tracked else "after"
    y = lane_y_m(street, lane) + float(rng.normal(0, 0.3))
    nearest_m = float(rng.uniform(*_NEAREST_PARTY_M))
    wreck = collide(approach, y, nearest_m=nearest_m, phase=phase, friction=_WET_FRICTION, rng=rng, tracked=tracked)
    if street.feature_x_m is not None:
        street = replace(street, feature_x_m=round(wreck.contact_m[0] + float(rng.normal(0, 0.7)), 2))
    camera = draw_dashcam(rng, lane_y_m=lane_y_m(street, 1))
    broken = crash_breach(camera, wreck.parties, street.road_half_width_m)
    broken = broken or track_breach(camera, wreck.parties, street)
    broken = broken or rest_breach(wreck.parties)
    if broken:
        raise Refused(broken)
    traffic = Traffic(street, wreck.parties, rng, night=True)
    traffic.keep_clear([body for party in wreck.parties for body in swept(party)])
    traffic.park(share=0.5)
    farther = max(party.x_m for party in wreck.parties) + 12
    traffic.drive(oncoming=int(rng.integers(1, 4)), ahead=int(rng.integers(0, 3)), nearest_m=farther)
    traffic.walk(int(rng.integers(1, 5)))
    middle = one_of(wreck.parties, rng)
    taper: tuple[Debris, ...] = ()
    if phase == "after":
        traffic.gather(int(rng.integers(0, 4)), near=(middle.x_m, middle.y_m))
        taper = cones(middle.x_m, middle.y_m, rng) if rng.random() < 0.4 else ()
    return SceneSpec(
        scenario=name,
        sentence=SENTENCES[name],
        seed=seed,
        lighting="night",
        street=street,
        sun=Sun(
            elevation_deg=round(float(rng.uniform(25, 60)), 1), azimuth_deg=round(float(rng.uniform(-120, 120)), 1)
        ),
        cameras=(camera,),
        vehicles=tuple(traffic.vehicles),
        people=tuple(traffic.people),
        debris=(*scatter(wreck, rng), *taper),
        skid_marks=wreck.skid_marks,
    )


def _low_sun_traffic(rng: np.random.Generator, seed: int, *, like: Likeness | None = None) -> SceneSpec:
    street = draw_place(rng, kinds=_PLACES, wetness=(0.0, 0.65), left_share=_LEFT_SHARE)
    sun = Sun(
        elevation_deg=round(float(rng.uniform(3.5, 12)), 2),
        azimuth_deg=round(float(np.clip(rng.normal(0, 4), -8, 8)), 2),
    )
    return _traffic_scene("low_sun_traffic", street, sun, "low_sun", rng=rng, seed=seed, like=like)


def _day_traffic(rng: np.random.Generator, seed: int, *, like: Likeness | None = None) -> SceneSpec:
    street = draw_place(rng, kinds=_PLACES, wetness=(0.0, 0.2), left_share=_LEFT_SHARE)
    sun = Sun(elevation_deg=round(float(rng.uniform(18, 62)), 2), azimuth_deg=round(float(rng.uniform(-180, 180)), 2))
    return _traffic_scene("day_traffic", street, sun, "day", rng=rng, seed=seed, like=like)


def _hard_negatives(rng: np.random.Generator, seed: int) -> SceneSpec:
    street = draw_place(rng, kinds=_WRECK_PLACES, wetness=(0.0, 0.8), left_share=_LEFT_SHARE)
    sun = Sun(elevation_deg=round(float(rng.uniform(12, 62)), 2), azimuth_deg=round(float(rng.uniform(-180, 180)), 2))
    lighting = "night" if rng.random() < _DECOYS_AT_NIGHT else "day"
    spec = _traffic_scene(
        "hard_negatives", street, sun, lighting, rng=rng, seed=seed, dark=lighting == "night", like=None
    )
    spec = decoyed(spec, rng)
    if not any(vehicle.dents for vehicle in spec.vehicles) and not spec.obstacles:
        raise Refused("nothing is there that could be taken for something else")
    return spec


def _traffic(rng: np.random.Generator, seed: int, *, pair: Pair, like: Likeness | None = None) -> SceneSpec:
    """Draw ordinary traffic in chosen light and weather."""
    try:
        setting = draw_setting(pair, rng, left_share=_LEFT_SHARE)
    except RareblendError as refused:
        raise Refused(str(refused)) from refused
    site = (setting.street, setting.sun, pair.lighting.scene.family)
    spec = _traffic_scene(
        "traffic", *site, rng=rng, seed=seed, like=like, dark=setting.dark, speed_mps=setting.speed_mps
    )
    if broken := lacking(spec, pair):
        raise Refused(broken)
    return replace(behaved(spec, pair, setting), sentence=f"{spec.sentence} {sentence(pair)}")


def _traffic_scene(
    name: str,
    street: Street,
    sun: Sun,
    lighting: str,
    *,
    rng: np.random.Generator,
    seed: int,
    like: Likeness | None,
    dark: bool = False,
    speed_mps: tuple[float, float] = (2.0, 13.0),
) -> SceneSpec:
    camera, crowd = None, float(rng.random()) if like else 0.0
    street = with_room(street, how_many(like, crowd)) if like else street
    traffic = Traffic(street, (), rng, night=dark)
    if like is None:
        _our_traffic(traffic, rng, dark=dark)
    else:
        camera = draw_like_camera(street, like, rng, speed_mps=speed_mps)
        populate(traffic, like, camera, rng, crowd=crowd, dark=dark)
    traffic.walk(int(rng.integers(1, 7)))
    if street.surroundings == "rural" and rng.random() < _STRAYS:
        traffic.stray(one_of(_STRAY_KINDS, rng))
    return SceneSpec(
        scenario=name,
        sentence=SENTENCES[name],
        seed=seed,
        lighting=lighting,
        street=street,
        sun=sun,
        cameras=(camera or draw_dashcam(rng, lane_y_m=lane_y_m(street, 1), speed_mps=speed_mps),),
        vehicles=tuple(traffic.vehicles),
        people=tuple(traffic.people),
        animals=tuple(traffic.animals),
    )


def _our_traffic(traffic: Traffic, rng: np.random.Generator, *, dark: bool) -> None:
    lead_x = float(rng.uniform(9, 22))
    lead = (drawn(_LEADS, rng), lead_x, lane_y_m(traffic.street, 1) + float(rng.normal(0, 0.2)))
    lamps: tuple[LampName, ...] = ("tail", "brake") if rng.random() < 0.5 else ()
    lamps = ("head", *(lamps or ("tail",))) if dark else lamps
    traffic.add(*lead, float(rng.normal(0, 1)), speed_mps=float(rng.uniform(2, 11)), lamps=lamps)
    traffic.park(share=0.6)
    traffic.drive(
        oncoming=int(rng.integers(1, 4)), ahead=int(rng.integers(1, 3)), across=int(rng.integers(0, 3)), nearest_m=9.0
    )


_ORDINARY = MappingProxyType({"low_sun_traffic": _low_sun_traffic, "day_traffic": _day_traffic})
_CRASHES = MappingProxyType({"night_rear_end": _night_rear_end, "night_intersection": _night_intersection})
SCENARIOS: Mapping[str, Sampler] = MappingProxyType(
    {
        "night_rear_end": _night_rear_end,
        "night_intersection": _night_intersection,
        "low_sun_traffic": _low_sun_traffic,
        "day_traffic": _day_traffic,
        **{name: partial(compose, kind) for name, kind in CRASH_TYPES.items()},
        **{name: partial(compose_near_miss, kind) for name, kind in NEAR_MISSES.items()},
        "hard_negatives": _hard_negatives,
    }
)
"""Name to sampler; `conf/scenario` weighs them."""
_CHOOSING = MappingProxyType({"low_sun_traffic": "low_sun", "day_traffic": "day"})
"""Scenarios that become plain traffic in a light and weather that are chosen for them, and their own kind of light."""
