"""The gallery's scenes: every actor, place and material once, in pictures that a person can judge.

A cell is one small scene; a sheet is a grid of cells. `scenes.stage.showcase` builds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import atan2, cos, degrees, hypot, radians, sin
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np

from scenes.person import draw_person
from scenes.road import draw_street
from scenes.site.layout import draw_place
from scenes.spec.living import Animal, AnimalKind, Carried, Outfit, Person, Pose
from scenes.spec.party import Dent
from scenes.spec.place import PlaceKind, Street
from scenes.spec.remains import Debris
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import LampName, Vehicle
from scenes.spec.view import Camera, Sun
from scenes.traffic import Traffic
from scenes.vehicle import FLEET, LIVERY_PAINT, draw_body

STUDIO = "studio"
"""Scenario of a cell that shows actors on an open square, without a street."""

COLLECTIONS = MappingProxyType({"furniture": 12, "trees": 4, "houses": 8, "materials": 6})
"""Sheets of things that no spec lists, and how many cells each fills; their scenario is `<collection>/<cell>`."""

_RIDDEN = ("motorcycle", "scooter", "bicycle", "three_wheeler")
_NIGHT_LAMPS: tuple[LampName, ...] = ("head", "tail", "indicator_left", "light_bar")
_EYE_M = 1.45


EVERY_LOOK = "*"
"""Stands for every look in `Cell.sheets`; such pictures are captioned by their look."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One picture of a sheet; `sheets` maps the look it is developed under to the sheet it goes on."""

    caption: str
    spec: SceneSpec
    sheets: MappingProxyType[str, str]


def cells() -> list[Cell]:
    """Return all cells, in the order in which they stand on their sheets."""
    return [*_vehicles(), *_services(), *_damage(), *_people(), *_animals(), *_collections(), *_places()]


def _cell(caption: str, spec: SceneSpec, day: str = "", night: str = "") -> Cell:
    wanted = {"showcase_day": day, "showcase_night": night}
    return Cell(
        caption=caption, spec=spec, sheets=MappingProxyType({look: sheet for look, sheet in wanted.items() if sheet})
    )


def _vehicles() -> Iterator[Cell]:
    for kind in FLEET:
        ridden = kind in _RIDDEN
        length = max(FLEET[kind].length_m)
        away = max(4.3 if ridden else 0.0, 1.5 + 0.92 * length + 0.22 * max(0.0, length - 5.6))
        aim_m = 0.8 if ridden else 0.4 * FLEET[kind].height_m[1]
        for model, bearing, side in ((1, 38.0, "front"), (2, 145.0, "rear")):
            rng = np.random.default_rng([model, list(FLEET).index(kind)])
            lamps = (*_NIGHT_LAMPS, "brake") if side == "rear" else _NIGHT_LAMPS
            actors = _vehicle(kind, rng, lamps=lamps, driver=True, load="none")
            spec = studio(actors, orbit(away, -bearing, aim_m=aim_m))
            yield _cell(f"{kind.replace('_', ' ')}, {side}", spec, "vehicles", "vehicles_night")
        rng = np.random.default_rng([7, list(FLEET).index(kind)])
        far = _vehicle(kind, rng, heading_deg=162.0, lamps=("head", "tail"), driver=True)
        spec = studio(far, orbit(28.0, 180.0, aim_m=1.0, hfov_deg=36))
        yield _cell(f"{kind.replace('_', ' ')}, 28 m", spec, "vehicles_far")


def _services() -> Iterator[Cell]:
    told: tuple[tuple[str, dict[str, Any]], ...] = (
        ("taxi", {"kind": "sedan", "livery": "taxi"}),
        ("police", {"kind": "estate", "livery": "police"}),
        ("ambulance", {"kind": "van", "livery": "ambulance"}),
        ("fire engine", {"kind": "truck", "livery": "fire"}),
        ("ambulance, box body", {"kind": "truck", "livery": "ambulance"}),
        ("company van", {"kind": "van", "livery": "company"}),
        ("roof rack", {"kind": "suv", "load": "roof_rack"}),
        ("roof box", {"kind": "estate", "load": "roof_box"}),
        ("timber", {"kind": "truck", "load": "timber"}),
        ("pipes", {"kind": "truck", "load": "pipes", "model": 5}),
        ("gravel", {"kind": "truck", "load": "gravel", "model": 9}),
        ("tarpaulin", {"kind": "pickup", "load": "tarpaulin"}),
        ("container", {"kind": "articulated_truck", "load": "containers"}),
        ("open doors", {"kind": "hatchback", "opened": ("door_front_left", "door_rear_left", "boot")}),
        ("open bonnet", {"kind": "sedan", "opened": ("bonnet",)}),
        ("dirt and rust", {"kind": "van", "dirt": 0.95, "rust": 0.8, "livery": "none", "load": "none"}),
    )
    for number, (caption, fields) in enumerate(told):
        rng = np.random.default_rng([11, number])
        kind = fields["kind"]
        shown = {"lamps": ("light_bar", "tail"), "load": "none", **fields}
        del shown["kind"]
        actors = _vehicle(kind, rng, **shown)
        spec = studio(actors, orbit(1.5 + 1.02 * max(FLEET[kind].length_m), 40.0 + 15 * (number % 3), aim_m=0.9))
        yield _cell(caption, spec, "services", "services_night")


def _damage() -> Iterator[Cell]:
    told: tuple[tuple[str, dict[str, Any]], ...] = (
        ("scratched, 0.1", {"severity": 0.1, "dents": (_dent("front", 0.05),)}),
        ("front, 0.35", {"severity": 0.35, "dents": (_dent("front", 0.25),)}),
        ("offset front, 0.6", {"severity": 0.6, "dents": (_dent("corner", 0.45),), "opened": ("bonnet",)}),
        ("front, 0.9", {"severity": 0.9, "dents": (_dent("front", 0.6),), "airbags": True, "lost": ("bumper_front",)}),
        ("side, 0.5", {"severity": 0.5, "dents": (_dent("side", 0.3),)}),
        ("side, 0.8", {"severity": 0.8, "dents": (_dent("side", 0.5),), "airbags": True}),
        ("rear, 0.4", {"severity": 0.4, "dents": (_dent("rear", 0.3),)}),
        ("rear, 0.8", {"severity": 0.8, "dents": (_dent("rear", 0.6),), "lost": ("bumper_rear",)}),
        ("wheel off", {"severity": 0.5, "dents": (_dent("corner", 0.3),), "lost": ("wheel_front_left", "mirror_left")}),
        ("flat tyre", {"flat_tyres": ((0, 1),)}),
        ("burnt", {"burnt": 0.6, "severity": 0.4}),
        ("burnt out", {"burnt": 1.0, "severity": 0.7}),
    )
    bearings = {"side": 65.0, "rear,": 150.0}
    for number, (caption, fields) in enumerate(told):
        rng = np.random.default_rng([13, number])
        kind = ("hatchback", "sedan", "suv", "estate")[number % 4]
        actors = _vehicle(kind, rng, **{"load": "none", "livery": "none", **_fitted(kind, fields)})
        bearing = next((deg for word, deg in bearings.items() if caption.startswith(word)), 32.0)
        yield _cell(caption, studio(actors, orbit(6.0, bearing, aim_m=0.6)), "damage")


def _people() -> Iterator[Cell]:
    poses = [pose for pose in get_args(Pose) if pose not in ("riding", "cycling", "driving")]
    for start in range(0, len(poses), 3):
        chosen = poses[start : start + 3]
        people = [_person(pose, 1.25 * (1 - i), 40 + start + i) for i, pose in enumerate(chosen)]
        yield _cell(", ".join(chosen), studio(people, _front(5.2)), "people", "people_night")
    outfits: Sequence[Outfit] = get_args(Outfit)
    for start in range(0, len(outfits), 3):
        worn = outfits[start : start + 3]
        people = [
            replace(_person("walking", 1.1 * (1 - i), 60 + start + i), outfit=outfit) for i, outfit in enumerate(worn)
        ]
        yield _cell(", ".join(worn), studio(people, _front(4.8)), "people", "people_night")
    loads: tuple[tuple[Carried, ...], ...] = (("backpack", "handbag", "shopping"), ("suitcase", "umbrella", "stick"))
    for carried in loads:
        people = [
            replace(_person("walking", 1.1 * (1 - i), 80 + i), carries=(item,), height_m=1.7)
            for i, item in enumerate(carried)
        ]
        yield _cell(", ".join(carried), studio(people, _front(4.8)), "people", "people_night")
    family = [
        replace(_person("walking", 1.2 - 0.6 * i, 95 + i), age_years=age, height_m=height)
        for i, (age, height) in enumerate(((70, 1.62), (38, 1.8), (33, 1.66), (9, 1.33), (5, 1.1)))
    ]
    yield _cell("70, 38, 33, 9 and 5 years", studio(family, _front(4.6)), "people", "people_night")


def _animals() -> Iterator[Cell]:
    heights = {"dog": 0.58, "deer": 0.95, "cow": 1.4}
    gaits: tuple[Literal["standing", "walking", "running"], ...] = ("standing", "walking", "running")
    for kind in get_args(AnimalKind):
        herd = [
            Animal(
                actor_id=1 + i,
                kind=kind,
                x_m=0.0,
                y_m=1.1 * heights[kind] * (1 - i) * 1.9,
                heading_deg=250.0 + 20 * i,
                height_m=heights[kind],
                pose=pose,
                seed=i + 3,
            )
            for i, pose in enumerate(gaits)
        ]
        yield _cell(f"{kind}: standing, walking, running", studio(herd, _front(1.6 + 5.1 * heights[kind])), "animals")


def _collections() -> Iterator[Cell]:
    for collection, pages in COLLECTIONS.items():
        for page in range(pages):
            camera = orbit(10.0, 180.0, aim_m=1.2)
            measure = replace(_person("standing", 0.0, 7), height_m=1.75, age_years=40.0)  # the stage finds a place
            spec = replace(studio([measure], camera), scenario=f"{collection}/{page}")
            yield _cell(f"{collection} {page + 1}", spec, collection)


def _places() -> Iterator[Cell]:
    for number, kind in enumerate(get_args(PlaceKind)):
        for side in ("right", "left"):
            street = place(kind, seed=31 + number)
            street = replace(street, drive_on=side)
            eye = street.lane_width_m / 2 * (-1 if side == "right" else 1)
            camera = Camera(name="eye", x_m=0, y_m=eye, z_m=_EYE_M, yaw_deg=0, pitch_deg=-1, roll_deg=0, hfov_deg=68)
            spec = replace(studio(_traffic(street, number), camera), scenario="place", street=street, seed=number)
            name = kind.replace("_", " ")
            if side == "right":
                yield _cell(name, spec, "places", "places_night")
            else:
                yield _cell(f"{name}, traffic on the left", spec, "places")


def _traffic(street: Street, seed: int) -> list[Vehicle | Person | Animal | Debris]:
    traffic = Traffic(street, (), np.random.default_rng([seed, 3]), night=False)
    traffic.drive(oncoming=3, ahead=2, across=2, nearest_m=11.0)
    traffic.park(share=0.5)
    traffic.walk(4)
    return [*traffic.vehicles, *traffic.people]


def place(kind: PlaceKind, *, seed: int) -> Street:
    """Return a dry place of a kind by seed."""
    return draw_place(np.random.default_rng(seed), kinds={kind: 1.0})


def studio(actors: Sequence[Vehicle | Person | Animal | Debris], camera: Camera) -> SceneSpec:
    """Return a scene of actors alone, under a high sun behind the camera's right shoulder."""
    return SceneSpec(
        scenario=STUDIO,
        sentence="Actors on an open square.",
        seed=1,
        lighting="showcase",
        street=draw_street(np.random.default_rng(1), wetness=(0.0, 0.0), feature_x_m=None),
        sun=Sun(elevation_deg=42.0, azimuth_deg=round(camera.yaw_deg + 180 - 48, 2)),
        cameras=(camera,),
        vehicles=tuple(actor for actor in actors if isinstance(actor, Vehicle)),
        people=tuple(actor for actor in actors if isinstance(actor, Person)),
        animals=tuple(actor for actor in actors if isinstance(actor, Animal)),
        debris=tuple(actor for actor in actors if isinstance(actor, Debris)),
    )


def _vehicle(
    kind: str, rng: np.random.Generator, *, heading_deg: float = 0.0, **fields: Any
) -> list[Vehicle | Person | Animal | Debris]:
    """Return a vehicle at the origin, and its rider."""
    body = {**draw_body(kind, rng), **fields, "kind": kind}
    body["paint_rgb_linear"] = LIVERY_PAINT.get(fields.get("livery", ""), body["paint_rgb_linear"])
    vehicle = Vehicle(actor_id=1, x_m=0.0, y_m=0.0, heading_deg=heading_deg, **body)
    if kind not in _RIDDEN:
        return [vehicle]
    pose: Pose = "cycling" if kind == "bicycle" else "riding"
    rider = Person(actor_id=2, x_m=0, y_m=0, heading_deg=heading_deg, mount=1, **draw_person(rng, pose=pose))
    return [vehicle, rider]


def _person(pose: Pose, y_m: float, seed: int) -> Person:
    drawn = draw_person(np.random.default_rng(seed), pose=pose)
    return Person(actor_id=seed + 1, x_m=0.0, y_m=y_m, heading_deg=180.0 + 14 * (seed % 3 - 1), **drawn)


def _dent(side: str, depth_m: float) -> dict[str, Any]:
    where = {"front": (0.5, 0.0), "corner": (0.5, 0.32), "side": (0.05, 0.5), "rear": (-0.5, 0.0)}[side]
    push = {"front": (-1.0, 0.0), "corner": (-0.94, -0.34), "side": (0.0, -1.0), "rear": (1.0, 0.0)}[side]
    return {"where": where, "push": push, "depth_m": depth_m, "width_m": 1.0 if side == "corner" else 1.7}


def _fitted(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Turn dents told in shares of the body into dents in metres."""
    size = FLEET[kind]
    length, width, height = size.length_m[0], size.width_m[0], size.height_m[0]
    dents = [
        Dent(
            point_m=(dent["where"][0] * length, dent["where"][1] * width, 0.36 * height),
            direction=(*dent["push"], 0.0),
            depth_m=dent["depth_m"],
            width_m=dent["width_m"],
            height_m=0.62 * height,
        )
        for dent in fields.get("dents", ())
    ]
    return {**fields, "dents": tuple(dents)}


def _front(away_m: float) -> Camera:
    """Look along +x at the origin from eye height."""
    return orbit(away_m, 180.0, aim_m=0.9)


def orbit(away_m: float, bearing_deg: float, *, aim_m: float, hfov_deg: float = 50) -> Camera:
    """Look at a point above the origin from `away_m` at a bearing (0 from ahead of it, counter-clockwise)."""
    x, y = away_m * cos(radians(bearing_deg)), away_m * sin(radians(bearing_deg))
    pitch = degrees(atan2(aim_m - _EYE_M, hypot(x, y)))
    yaw = degrees(atan2(-y, -x))
    return Camera(
        name="eye",
        x_m=round(x, 4),
        y_m=round(y, 4),
        z_m=_EYE_M,
        yaw_deg=round(yaw, 4),
        pitch_deg=round(pitch, 4),
        roll_deg=0,
        hfov_deg=hfov_deg,
    )
