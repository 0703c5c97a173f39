"""Streets on which nothing happens: into a low sun, by day, in chosen light and weather, past old wrecks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from scenes.among_vehicles import on_foot
from scenes.atlas import Pair
from scenes.camera import draw_dashcam
from scenes.conditions import behaved, draw_setting, lacking, sentence
from scenes.decoys import decoyed
from scenes.draws import Refused, drawn, one_of
from scenes.errors import RareblendError
from scenes.gap_filling import fill
from scenes.like_real import crowded, roomy
from scenes.likeness import Crowd, Likeness
from scenes.mixed_traffic import MixedTraffic, greenshields_mps, told
from scenes.road import lane_y_m
from scenes.site.layout import PLACE_SHARES, draw_place
from scenes.spec.living import AnimalKind
from scenes.spec.place import Asphalt, PlaceKind, Street, Surroundings
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import LampName
from scenes.spec.view import Camera, Sun
from scenes.traffic import Traffic

Style = Likeness | MixedTraffic
"""What ordinary traffic may be told to be like."""
Wanted = Crowd | MixedTraffic
"""What one scene of a style is to be like."""
_LEFT_SHARE = 0.25
_STRAYS = 0.35
_LEADS = MappingProxyType(
    {"sedan": 0.25, "hatchback": 0.25, "estate": 0.1, "suv": 0.25, "van": 0.08, "truck": 0.04, "bus": 0.03}
)  # at times something that hides the road ahead
_STRAY_KINDS: tuple[AnimalKind, ...] = ("deer", "cow", "dog")
_PLACES: dict[PlaceKind, float] = {
    kind: share for kind, share in PLACE_SHARES.items() if kind != "tunnel"
}  # no sun shines into one
MIXED_PLACES: Mapping[PlaceKind, float] = MappingProxyType(
    {"street": 0.55, "crossroads": 0.18, "t_junction": 0.15, "bridge": 0.06, "roundabout": 0.06}
)
"""Where mixed traffic is drawn."""
_MIXED_TOWNS: Mapping[Surroundings, float] = MappingProxyType({"city": 1.0})
_WIDE = ("street", "crossroads", "t_junction")
_TOWN_STRAYS: tuple[AnimalKind, ...] = ("cow", "cow", "dog")
_WRECK_PLACES: Mapping[PlaceKind, float] = MappingProxyType({"street": 0.35, "car_park": 0.2, "rural_road": 0.45})
_DECOYS_AT_NIGHT = 0.3
SENTENCES = MappingProxyType(
    {
        "low_sun_traffic": "Traffic that drives into a low sun.",
        "day_traffic": "Ordinary traffic by daylight.",
        "hard_negatives": "Ordinary traffic past wrecks that were parked or dumped long ago; nothing has happened.",
        "traffic": "Ordinary traffic.",
    }
)


def low_sun_traffic(rng: np.random.Generator, seed: int, *, like: Wanted | None = None) -> SceneSpec:
    """Draw traffic that drives into a low sun; `like` tells what it is to be like."""
    street = draw_place(rng, kinds=_places(like), wetness=(0.0, 0.65), left_share=_left_share(like), **_towns(like))
    sun = Sun(
        elevation_deg=round(float(rng.uniform(3.5, 12)), 2),
        azimuth_deg=round(float(np.clip(rng.normal(0, 4), -8, 8)), 2),
    )
    return _traffic_scene("low_sun_traffic", street, sun, "low_sun", rng=rng, seed=seed, like=like)


def day_traffic(rng: np.random.Generator, seed: int, *, like: Wanted | None = None) -> SceneSpec:
    """Draw traffic by daylight; `like` tells what it is to be like."""
    street = draw_place(rng, kinds=_places(like), wetness=(0.0, 0.2), left_share=_left_share(like), **_towns(like))
    sun = Sun(elevation_deg=round(float(rng.uniform(18, 62)), 2), azimuth_deg=round(float(rng.uniform(-180, 180)), 2))
    return _traffic_scene("day_traffic", street, sun, "day", rng=rng, seed=seed, like=like)


def hard_negatives(rng: np.random.Generator, seed: int) -> SceneSpec:
    """Draw traffic past what may be taken for a crash."""
    spec = decoyed(past_decoys(rng, seed, _WRECK_PLACES), rng)
    if not any(vehicle.dents for vehicle in spec.vehicles) and not spec.obstacles:
        raise Refused("nothing is there that could be taken for something else")
    return spec


def past_decoys(rng: np.random.Generator, seed: int, places: Mapping[PlaceKind, float]) -> SceneSpec:
    """Draw traffic in places by their share, by day or at night, for hard negatives to be put beside."""
    street = draw_place(rng, kinds=places, wetness=(0.0, 0.8), left_share=_LEFT_SHARE)
    sun = Sun(elevation_deg=round(float(rng.uniform(12, 62)), 2), azimuth_deg=round(float(rng.uniform(-180, 180)), 2))
    lighting = "night" if rng.random() < _DECOYS_AT_NIGHT else "day"
    dark = lighting == "night"
    return _traffic_scene("hard_negatives", street, sun, lighting, rng=rng, seed=seed, dark=dark, like=None)


def chosen_traffic(rng: np.random.Generator, seed: int, *, pair: Pair, like: Wanted | None = None) -> SceneSpec:
    """Draw ordinary traffic in chosen light and weather."""
    try:
        setting = draw_setting(pair, rng, left_share=_left_share(like), places=_shared_places(like, pair))
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
    like: Wanted | None,
    dark: bool = False,
    speed_mps: tuple[float, float] = (2.0, 13.0),
) -> SceneSpec:
    camera, words = None, ""
    if like is None:
        traffic = Traffic(street, (), rng, night=dark)
        _our_traffic(traffic, rng, dark=dark)
    elif isinstance(like, Crowd):
        traffic, camera = crowded(street, like, rng, dark=dark, speed_mps=speed_mps)
        street = traffic.street
    else:
        street = _wide(street, rng)
        traffic = Traffic(street, (), rng, night=dark)
        camera, words = _mixed_traffic(traffic, like, rng, dark=dark, speed_mps=speed_mps)
    traffic.walk(int(rng.integers(1, 7)))
    if (street.surroundings == "rural" or isinstance(like, MixedTraffic)) and rng.random() < _STRAYS:
        traffic.stray(one_of(_STRAY_KINDS if street.surroundings == "rural" else _TOWN_STRAYS, rng))
    return SceneSpec(
        scenario=name,
        sentence=f"{SENTENCES[name]}{words}",
        seed=seed,
        lighting=lighting,
        street=street,
        sun=sun,
        cameras=(camera or draw_dashcam(rng, lane_y_m=lane_y_m(street, 1), speed_mps=speed_mps),),
        vehicles=tuple(traffic.vehicles),
        people=tuple(traffic.people),
        animals=tuple(traffic.animals),
    )


def _left_share(like: Wanted | None) -> float:
    return like.left_share if isinstance(like, MixedTraffic) else _LEFT_SHARE


def _towns(like: Wanted | None) -> dict[str, Mapping[Surroundings, float]]:
    return {"towns": _MIXED_TOWNS} if isinstance(like, MixedTraffic) else {}


def _places(like: Wanted | None) -> Mapping[PlaceKind, float]:
    if isinstance(like, MixedTraffic):
        return MIXED_PLACES
    return roomy(_PLACES, like) if like else _PLACES


def _shared_places(like: Wanted | None, pair: Pair) -> dict[PlaceKind, float] | None:
    """Return the places of mixed traffic that suit a lighting; the lighting's own if none does, or traffic is ours."""
    suit = pair.lighting.scene.places
    if not isinstance(like, MixedTraffic):
        return None
    return {place: weight for place, weight in MIXED_PLACES.items() if suit.get(place, 0) > 0} or None


def _wide(street: Street, rng: np.random.Generator) -> Street:
    """Return a street with as many lanes, and as worn, as those of mixed traffic."""
    if street.kind not in _WIDE:
        return street
    worn: tuple[Asphalt, ...] = ("worn", "cracked", "patched")
    lanes, clutter = one_of((1, 2, 2), rng), round(float(rng.uniform(0.5, 1.0)), 3)
    return replace(street, lanes_per_direction=lanes, asphalt=one_of(worn, rng), clutter=clutter)


def _mixed_traffic(
    traffic: Traffic,
    like: MixedTraffic,
    rng: np.random.Generator,
    *,
    dark: bool,
    speed_mps: tuple[float, float],
) -> tuple[Camera, str]:
    """Fill a street with mixed traffic; returns the camera, which goes at its pace, and words for it."""
    load = round(float(rng.uniform(*like.load_range)), 3)
    slow, fast = (greenshields_mps(speed, load) for speed in speed_mps)
    camera = draw_dashcam(rng, lane_y_m=lane_y_m(traffic.street, 1), speed_mps=(slow, fast))
    fill(traffic, like, camera, rng, load=load, dark=dark)
    on_foot(traffic, like, rng)
    traffic.walk(int(rng.integers(2, 9)))
    return camera, f" Mixed and without lanes: {told(load)}."


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
