"""The gallery's scenes: a street under every look, wet and white ones under every weather, atlas, hard negatives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import atan2, copysign, degrees, hypot
from types import MappingProxyType

import numpy as np

from scenes.atlas import Pair, shipped
from scenes.haulage import HAULS, haul
from scenes.scenario import sample
from scenes.showcase import EVERY_LOOK, Cell, orbit, studio
from scenes.site.layout import draw_place
from scenes.spec.place import Street
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera, Sun
from scenes.traffic import Traffic

_STREETS = MappingProxyType({"looks": (0.25, 0.1, 0.0), "weather": (0.9, 0.35, 0.0), "snow": (0.1, 0.0, 0.75)})
"""Family of looks to wetness, puddles and snow."""
_EYE_M = 1.35
_SEED = 5
_BEST = MappingProxyType(
    {
        "low_sun_ahead": 7,
        "low_sun_behind": 1,
        "side_sun": 6,
        "failing_lamp": 8,
        "unlit_night": 39,
        "oncoming_high_beams": 2,
        "backlit_fog": 6,
        "emergency_strobes": 7,
        "lightning": 8,
    }
)
"""Lighting to the draw that shows it best; the first one if it is not named."""
_ORDER = (
    *(
        "noon",
        "overcast",
        "low_sun_ahead",
        "low_sun_behind",
        "side_sun",
        "tree_flicker",
        "tunnel_entrance",
        "tunnel_exit",
    ),
    *("dusk", "street_lit_night", "wet_night", "failing_lamp", "unlit_night", "full_moon"),
    *("oncoming_high_beams", "emergency_strobes", "car_park_neon", "lightning", "backlit_fog", "night_fog"),
)
_WEATHERED = (
    *(("clear", "noon"), ("drizzle", "low_sun_ahead"), ("rain", "overcast"), ("cloudburst", "overcast")),
    *(("mist", "overcast"), ("fog", "overcast"), ("dense_fog", "overcast"), ("dense_fog", "street_lit_night")),
    *(("snowfall", "overcast"), ("lying_snow", "side_sun"), ("blizzard", "overcast"), ("ice", "side_sun")),
    *(("hail", "overcast"), ("standing_water", "side_sun"), ("leaves", "overcast"), ("rain", "unlit_night")),
    *(("dust", "noon"), ("sand", "noon"), ("smoke", "noon"), ("cloudburst", "wet_night")),
)
"""Weather and the lighting that it is shown in."""


_HAUL_SEED = 3
_BESIDE = 0.08
"""How far beside the middle a decoy is shown, as a share of the view: the road is on the other side."""


@dataclass(frozen=True)
class _Decoy:
    """What stands by a road: its caption, scenario and draw, which of the things there, view, height aimed at, look."""

    caption: str
    scenario: str
    index: int
    kind: str = ""
    hfov_deg: float = 44.0
    aim_m: float = 1.0
    look: str = "showcase_day"


_DECOYS = (
    _Decoy("car transporter", "hauled_cars", 3),
    _Decoy("oncoming, with wrecks", "hauled_cars", 11),
    _Decoy("shop dolls", "shop_dolls", 3),
    _Decoy("shop dolls, by night", "shop_dolls", 1, look="showcase_night"),
    _Decoy("toy cars in town", "toy_cars", 8),
    _Decoy("inflatable car", "toy_cars", 1),
    _Decoy("mirrored front", "reflections", 9, "mirror_front"),
    _Decoy("mirrored hall", "reflections", 10, "mirror_hall"),
    _Decoy("puddle", "reflections", 0, "roadside_puddle", 24.0),
    _Decoy("convex mirror", "reflections", 5, "traffic_mirror", 14.0, 2.4),
    _Decoy("scrap yard and hoarding", "hard_negatives", 8),
)


def light_cells() -> Iterator[Cell]:
    """Yield a street for each family of looks; all of its pictures go on one sheet."""
    for family, (wetness, puddles, snow) in _STREETS.items():
        drawn = draw_place(np.random.default_rng(4), kinds={"street": 1.0})
        street = replace(drawn, surroundings="city", lamp_spacing_m=28.0, lit_window_share=0.35)
        street = replace(street, wetness=wetness, puddles=puddles, snow=snow)
        sheet = "weather" if family == "snow" else family
        yield Cell(caption="", spec=_scene(street, family), sheets=MappingProxyType({EVERY_LOOK: sheet}))


def atlas_cells() -> Iterator[Cell]:
    """Yield a scene for each lighting, in the order of a day, and for each weather."""
    atlas = shipped()
    for name in _ORDER:
        pair = Pair(lighting=atlas.lightings[name])
        yield _chosen(pair, "lighting", name, _BEST.get(name, 0))
    for weather, light in _WEATHERED:
        pair = Pair(lighting=atlas.lightings[light], weather=atlas.weathers[weather])
        yield _chosen(pair, "conditions", f"{weather}: {light}", 1)


def decoy_cells() -> Iterator[Cell]:
    """Yield what may be taken for a crash, a car or a person: every way to haul cars, and what stands by roads."""
    for number, name in enumerate((*HAULS, *HAULS[:2])):
        wrecks = number >= len(HAULS)
        train = haul(name, np.random.default_rng([_HAUL_SEED, number]), wrecks=wrecks)
        long = max(train[0].length_m / 2, train[-1].length_m / 2 - train[-1].x_m) + train[0].length_m / 2
        away, shift = 4.5 + 0.82 * long, train[0].length_m / 2 - long / 2
        camera = orbit(away, 132.0, aim_m=1.4)
        spec = studio(train, replace(camera, x_m=round(camera.x_m + shift, 4)))
        caption = f"{'wrecks, ' if wrecks else 'cars, '}{name}"
        yield Cell(caption=caption, spec=spec, sheets=MappingProxyType({"showcase_day": "decoys"}))
    for decoy in _DECOYS:
        spec = replace(sample(decoy.scenario, seed=_SEED, index=decoy.index), lighting="showcase")
        sheets = MappingProxyType({decoy.look: "decoys"})
        yield Cell(caption=decoy.caption, spec=_toward(spec, decoy), sheets=sheets)


def _toward(spec: SceneSpec, decoy: _Decoy) -> SceneSpec:
    """Turn the camera nearly to what stands beside the road, and narrow its view to that."""
    camera = spec.cameras[0]
    shown = next((thing for thing in spec.obstacles if decoy.kind in ("", thing.kind)), spec.vehicles[-1])
    ahead, left = shown.x_m - camera.x_m, shown.y_m - camera.y_m
    bearing = degrees(atan2(left, ahead))
    yaw = bearing - copysign(_BESIDE * decoy.hfov_deg, bearing)
    pitch = degrees(atan2(decoy.aim_m - camera.z_m, hypot(ahead, left)))
    turned = replace(camera, yaw_deg=round(yaw, 2), pitch_deg=round(pitch, 2), hfov_deg=decoy.hfov_deg)
    return replace(spec, cameras=(turned,))


def _chosen(pair: Pair, sheet: str, caption: str, index: int) -> Cell:
    spec = sample("day_traffic", seed=_SEED, index=index, pair=pair)
    return Cell(caption=caption.replace("_", " "), spec=spec, sheets=MappingProxyType({EVERY_LOOK: sheet}))


def _scene(street: Street, family: str) -> SceneSpec:
    traffic = Traffic(street, (), np.random.default_rng(12), night=True)
    eye = street.lane_width_m / 2 * (-1 if street.drive_on == "right" else 1)
    traffic.add("sedan", 13.0, eye, 0.0, speed_mps=8.0, lamps=("tail", "brake"))
    traffic.drive(oncoming=3, ahead=2, nearest_m=16.0)
    traffic.park(share=0.5)
    traffic.walk(5)
    return SceneSpec(
        scenario="exhibit",
        sentence="A street with traffic under many kinds of light.",
        seed=5,
        lighting=family,
        street=street,
        sun=Sun(elevation_deg=9.0, azimuth_deg=-9.0),
        cameras=(
            Camera(
                name="dashcam",
                x_m=0.0,
                y_m=round(eye, 3),
                z_m=_EYE_M,
                yaw_deg=0.0,
                pitch_deg=-1.0,
                roll_deg=0.0,
                hfov_deg=62.0,
                speed_mps=9.0,
            ),
        ),
        vehicles=tuple(_signalling(vehicle) for vehicle in traffic.vehicles),
        people=tuple(traffic.people),
    )


def _signalling(vehicle: Vehicle) -> Vehicle:
    """One car in five is about to turn."""
    return replace(vehicle, lamps=(*vehicle.lamps, "indicator_left")) if vehicle.actor_id % 5 == 0 else vehicle
