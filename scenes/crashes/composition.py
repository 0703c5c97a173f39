"""From a type of crash to a scene: place and light, the solved event at a phase of it, and all that is around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from scenes.atlas import Pair
from scenes.conditions import Setting, behaved, draw_setting, sentence
from scenes.crashes.aftermath import help_arrives, set_out, stopped
from scenes.crashes.choice import shared_places, unsuited
from scenes.crashes.crash_type import CrashType, Ground
from scenes.crashes.event import Fixed, mirrored
from scenes.crashes.fragments import fragments
from scenes.crashes.outcome import Outcome, courses_of, outcome
from scenes.crashes.room import check_room
from scenes.crashes.scene import Scene
from scenes.crashes.solver import solve_event
from scenes.crashes.still import LATER_S, still_of
from scenes.crashes.viewpoint import draw_view
from scenes.draws import Refused, drawn, one_of
from scenes.errors import InputError, RareblendError
from scenes.friction import tyre_friction
from scenes.site.layout import draw_place
from scenes.spec.place import Street
from scenes.spec.remains import Debris
from scenes.spec.scene import SceneSpec
from scenes.spec.view import Sun
from scenes.traffic import Traffic
from scenes.wreckage import piece_at

LIGHTINGS: Mapping[str, float] = {"day": 0.5, "night": 0.35, "low_sun": 0.15}
_LEFT_SHARE = 0.15
_SUNS = {"day": ((18.0, 62.0), 180.0), "night": ((25.0, 60.0), 120.0), "low_sun": ((3.5, 12.0), 8.0)}
_WINTER_SHARE, _WET_SHARE = 0.08, 0.35
_FLIES_S = 0.12


def compose(
    kind: CrashType,
    rng: np.random.Generator,
    seed: int,
    *,
    tracked: bool = False,
    lighting: str | None = None,
    pair: Pair | None = None,
) -> SceneSpec:
    """Draw a scene of a type.

    Args:
        kind: which.
        rng: draws everything.
        seed: the trace's seed.
        tracked: for a clip: told at the impact, with everybody's tracks.
        lighting: `day`, `night` or `low_sun`; drawn if None.
        pair: light and weather that are chosen; place, road, sun and lamps then follow them.

    Raises:
        InputError: no such lighting.
        Refused: the draw cannot become valid.
    """
    setting = _setting(kind, pair, rng) if pair else None
    light = pair.lighting.scene.family if pair else draw_light(lighting, rng)
    scene = _placed(kind, rng, street=setting.street if setting else street_of(kind, rng), tracked=tracked)
    dark = setting.dark if setting else light == "night"
    spec = surrounded(scene, rng, light=light, dark=dark, seed=seed, tracked=tracked)
    if pair is None or setting is None:
        return spec
    spec = replace(spec, sun=setting.sun, sentence=f"{spec.sentence} {sentence(pair)}")
    return behaved(spec, pair, setting)


def draw_light(lighting: str | None, rng: np.random.Generator) -> str:
    """Return the lighting that is asked for; drawn if None.

    Raises:
        InputError: there is no such lighting.
    """
    if lighting is not None and lighting not in LIGHTINGS:
        raise InputError("lighting", f"must be one of {', '.join(LIGHTINGS)}", got=lighting)
    return lighting or drawn(LIGHTINGS, rng)


def surrounded(
    scene: Scene, rng: np.random.Generator, *, light: str, dark: bool, seed: int, tracked: bool
) -> SceneSpec:
    """Return the spec of what has found its place, with everybody else around it; arguments as of `compose`.

    Args:
        scene: what has found its place.
        rng: draws the rest.
        light: family of looks.
        dark: whether everybody drives with lamps on.
        seed: the trace's seed.
        tracked: as of `compose`.

    Raises:
        Refused: the place has no room for it, or its picture would not show it.
    """
    shown = scene.outcome if tracked else still_of(scene.outcome, scene.phase, scene.time_s)
    check_room(scene, shown)
    traffic = Traffic(scene.street, shown.vehicles, rng, night=dark)
    traffic.people, traffic.animals = list(shown.people), list(shown.animals)
    traffic.number_from(len(shown.vehicles) + len(shown.people) + len(shown.animals) + 1)
    traffic.keep_clear(scene.way)
    set_around = _fill(scene, shown, traffic, rng)
    return _spec(scene, shown, traffic, set_around, light=light, seed=seed, rng=rng)


def _setting(kind: CrashType, pair: Pair, rng: np.random.Generator) -> Setting:
    """Draw what the chosen light and weather settle, in a place where the crash can happen."""
    if reason := unsuited(kind, pair.lighting, pair.weather):
        raise InputError(f"scenario {kind.name}", "must suit the lighting and weather", got=reason)
    try:
        setting = draw_setting(pair, rng, left_share=_LEFT_SHARE, places=shared_places(kind, pair.lighting))
    except RareblendError as refused:
        raise Refused(str(refused)) from refused
    return setting if kind.signals else replace(setting, street=replace(setting.street, signals=False))


def _placed(kind: CrashType, rng: np.random.Generator, *, street: Street, tracked: bool) -> Scene:
    event = kind.event(Ground(street=street), rng)
    event = mirrored(event) if street.drive_on == "left" else event
    solved = solve_event(event, rng)
    if solved is None:
        raise Refused("the parties do not meet")
    courses = courses_of(solved)
    view = draw_view(solved, courses, street, rng, tracked=tracked)
    if kind.junction:
        street = replace(street, feature_x_m=round(view.ahead_m + event.feature_m + float(rng.normal(0, 0.4)), 2))
    posts = [*event.fixed, *([event.struck] if isinstance(event.struck, Fixed) else [])]
    stood = [post.stood(view.ahead_m) for post in posts]
    return Scene(
        kind=kind,
        street=street,
        outcome=outcome(solved, courses, view.ahead_m, rng),
        obstacles=tuple(post for post in stood if post),
        camera=view.camera,
        phase=view.phase,
        time_s=view.time_s,
    )


def street_of(kind: CrashType, rng: np.random.Generator) -> Street:
    """Draw the place and the state of its road; winter covers some roads, rain more of them."""
    wet = (0.5, 1.0) if rng.random() < _WET_SHARE else (0.0, 0.15)
    street = draw_place(rng, kinds=kind.places, wetness=wet, left_share=_LEFT_SHARE)
    if not kind.signals:
        street = replace(street, signals=False)
    if kind.road == "icy" or rng.random() < _WINTER_SHARE:
        icy = kind.road == "icy"
        snow, ice = float(rng.uniform(0.1, 0.6)), float(rng.uniform(0.25, 0.4) if icy else rng.uniform(0.0, 0.2))
        street = replace(street, snow=round(snow, 3), ice=round(ice, 3), wetness=0.1, puddles=0.0)
    return street


def _fill(scene: Scene, shown: Outcome, traffic: Traffic, rng: np.random.Generator) -> list[Debris]:
    """Put everybody else on the street; returns what is set out on the road."""
    parties, street = shown.vehicles, scene.street
    near = tuple(party for party in parties if party.crash) or parties
    farther = max(party.x_m for party in parties) + 12
    at_rest = scene.phase == "aftermath" or (scene.phase == "after" and scene.time_s >= LATER_S)
    traffic.park(share=0.5)
    if at_rest:
        stopped(traffic, parties, rng)
    else:
        traffic.drive(oncoming=int(rng.integers(0, 3)), ahead=int(rng.integers(0, 3)), nearest_m=farther)
    traffic.walk(int(rng.integers(1, 5)))
    if scene.phase != "aftermath":
        return []
    help_arrives(traffic, near, rng)
    middle = one_of(near, rng)
    traffic.gather(int(rng.integers(1, 5)), near=(middle.x_m, middle.y_m))
    for person in shown.people:
        if person.pose == "lying":
            traffic.gather(1, near=(person.x_m, person.y_m), pose="crouching")
    return set_out(street, shown, near, rng)


def _debris(scene: Scene, *, tracked: bool, rng: np.random.Generator) -> list[Debris]:
    """Return what has come off the hulls, at the scene's moment unless it is for a clip."""
    made = fragments(scene.outcome, friction=tyre_friction(scene.street), rng=rng)
    if tracked:
        return list(made)
    time_s = max(scene.time_s, _FLIES_S) if scene.phase == "impact" else scene.time_s
    return [_laid(piece) for piece in (piece_at(piece, time_s) for piece in made) if piece]


def _laid(piece: Debris) -> Debris:
    return replace(
        piece,
        x_m=round(piece.x_m, 3),
        y_m=round(piece.y_m, 3),
        heading_deg=round(piece.heading_deg, 1) % 360,
        thrown_from_m=None,
    )


def _cleared(scene: Scene) -> tuple[tuple[float, float, float], ...]:
    """Return circles beside the road that the crash needs free of trees, lamps and furniture of chance."""
    edge = scene.street.road_half_width_m - 0.5
    circles = []
    for body in scene.way:
        if abs(body.y_m) + body.half_width_m > edge:
            c, s = body.along
            for share in (-0.6, 0.0, 0.6):
                along = share * body.half_length_m
                circles.append((round(body.x_m + along * c, 2), round(body.y_m + along * s, 2), 1.3))
    return tuple(dict.fromkeys(circles))


def _spec(
    scene: Scene,
    shown: Outcome,
    traffic: Traffic,
    set_around: list[Debris],
    *,
    light: str,
    seed: int,
    rng: np.random.Generator,
) -> SceneSpec:
    elevation, aside = _SUNS[light]
    tracked = any(vehicle.track for vehicle in shown.vehicles)
    pieces = shown.pieces if tracked else tuple(_laid(piece) for piece in shown.pieces)
    return SceneSpec(
        scenario=scene.kind.name,
        sentence=scene.kind.sentence,
        seed=seed,
        lighting=light,
        street=scene.street,
        sun=Sun(
            elevation_deg=round(float(rng.uniform(*elevation)), 1),
            azimuth_deg=round(float(rng.uniform(-aside, aside)), 1),
        ),
        cameras=(scene.camera,),
        vehicles=tuple(traffic.vehicles),
        people=tuple(traffic.people),
        animals=tuple(traffic.animals),
        debris=(*pieces, *_debris(scene, tracked=tracked, rng=rng), *set_around),
        skid_marks=shown.skid_marks,
        spills=shown.spills,
        hulls=shown.hulls,
        obstacles=scene.obstacles,
        cleared_m=_cleared(scene),
    )
