"""A whole scene as data, and its canonical JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from scenes.errors import InputError
from scenes.ontology import STUFF_INDEX
from scenes.spec.living import Animal, Person
from scenes.spec.place import Obstacle, Street
from scenes.spec.remains import Debris, Hull, SkidMark, Spill
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera, Sun

_STRICT = ConfigDict(extra="forbid")

SPEC_VERSION = 2


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """How near a near miss was to a crash (`scenes.crashes.conflict`).

    Args:
        kind: of the near miss.
        between: actor ids of both.
        gap_m: least distance of their outlines over the ground, over all time.
        time_to_collision_s: the least, None if they are never on a course to collide.
        post_encroachment_s: between one's leaving a piece of ground and the other's coming, None if they share none.
    """

    kind: str
    between: tuple[int, int]
    gap_m: float
    time_to_collision_s: float | None
    post_encroachment_s: float | None
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if self.gap_m <= 0:
            raise InputError("near_miss.gap_m", "must be > 0: nobody touches", got=self.gap_m)


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """Light and weather that were chosen for a scene.

    Args:
        lighting: name in `conf/lighting`.
        weather: name in `conf/weather`, "" if none was chosen.
        temperature_c: of the air; None without a weather.
        friction: mean coefficient of the road (`scenes.friction`).
    """

    lighting: str
    weather: str = ""
    temperature_c: float | None = None
    friction: float
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 < self.friction <= 1.5:
            raise InputError("conditions.friction", "must lie in (0, 1.5]", got=self.friction)


@dataclass(frozen=True, kw_only=True)
class SceneSpec:
    """Everything that a picture shows.

    `lighting` names the family of looks that suit it: `day`, `night`, `low_sun`. `script` names the user's scene script
    that adds to it (`scenes.own`), "" for none. `conditions` are None where looks follow the family alone. `cleared_m`
    holds circles (x, y, radius) beside the road where no tree, lamp or furniture of chance stands, since a crash leads
    there. `hulls` are ways of crash parties that pieces fly against, and `spills` what has run out of them.
    `bolt_azimuth_deg` is where lightning strikes, counter-clockwise from +x, None for none. `near_miss` tells
    how near a near miss was, None in other scenes.
    """

    scenario: str
    sentence: str
    seed: int
    lighting: str
    street: Street
    sun: Sun
    cameras: tuple[Camera, ...]
    vehicles: tuple[Vehicle, ...] = ()
    people: tuple[Person, ...] = ()
    animals: tuple[Animal, ...] = ()
    debris: tuple[Debris, ...] = ()
    skid_marks: tuple[SkidMark, ...] = ()
    spills: tuple[Spill, ...] = ()
    hulls: tuple[Hull, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    cleared_m: tuple[tuple[float, float, float], ...] = ()
    script: str = ""
    conditions: Conditions | None = None
    bolt_azimuth_deg: float | None = None
    near_miss: Conflict | None = None
    version: int = field(default=SPEC_VERSION)
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        actors: tuple[Vehicle | Person | Animal, ...] = (*self.vehicles, *self.people, *self.animals)
        ids = [actor.actor_id for actor in actors]
        if outside := [number for number in ids if not 1 <= number < STUFF_INDEX]:
            raise InputError("scene", f"actor ids must lie in [1, {STUFF_INDEX - 1}]", got=outside)
        if len(set(ids)) != len(ids):
            raise InputError("scene", "actor ids must be unique", got=sorted(ids))
        free = {vehicle.actor_id for vehicle in self.vehicles if vehicle.carried_by is None}
        if strange := [v.actor_id for v in self.vehicles if v.carried_by is not None and v.carried_by not in free]:
            raise InputError("vehicle.carried_by", "must name a vehicle that nothing carries itself", got=strange)
        if not self.cameras:
            raise InputError("scene.cameras", "must name at least one view")
        if self.version != SPEC_VERSION:
            raise InputError("scene.version", f"this rareblend reads version {SPEC_VERSION}", got=self.version)

    @property
    def scene_id(self) -> str:
        """First 12 hex digits of the SHA-256 of the canonical JSON."""
        return hashlib.sha256(dumps(self).encode()).hexdigest()[:12]


_ADAPTER: TypeAdapter[SceneSpec] = TypeAdapter(SceneSpec)


_SPARED: dict[str, tuple[Any, ...]] = {
    "track": (None,),
    "rolled_m": (0.0,),
    "stride": (0.0, None),
    "times_s": ((),),
    "thrown_from_m": (None,),
    "launch": (None,),
    "paint_rgb_linear": (None,),
    "spills": ((),),
    "hulls": ((),),
    "steam": (0.0,),
    "leaves": (0.0,),
    "sand": (0.0,),
    "lamps_out": (0.0,),
    "conditions": (None,),
    "station": ("windscreen",),
    "shake": (1.0,),
    "lens": (None,),
    "made_s": (0.0,),
    "impact_s": (0.0,),
    "tipped_deg": (0.0, ()),
    "articulation_deg": (0.0,),
    "folded_deg": ((),),
    "raised_m": (0.0, ()),
    "further": ((),),
    "against": ("vehicle",),
    "throw_m": (0.0,),
    "obstacles": ((),),
    "cleared_m": ((),),
    "signals": (True,),
    "bolt_azimuth_deg": (None,),
    "carried_by": (None,),
    "lifted_deg": (0.0,),
    "near_miss": (None,),
}
"""Fields that few scenes fill, with the values that leave them out: the JSON of other scenes does not know them, and
their bytes stayed the same when these fields came."""


def _told(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields that canonical JSON holds."""
    made = {name: value for name, value in pairs if name not in _SPARED or value not in _SPARED[name]}
    if "pose" in made:  # of people and animals
        if not any(made["velocity_mps"]):
            del made["velocity_mps"]
        if made["crash"] is None:
            del made["crash"]
        if "mount" not in made and dict(pairs)["stride"] is not None:  # an animal's own default is None
            made["stride"] = dict(pairs)["stride"]
    return made


def dumps(spec: SceneSpec) -> str:
    """Return the canonical JSON of a spec: sorted keys, no spaces, whole numbers in float fields as floats."""
    typed = _ADAPTER.validate_python(asdict(spec))
    return json.dumps(asdict(typed, dict_factory=_told), sort_keys=True, separators=(",", ":"))


def loads(text: str, *, where: str = "spec.json") -> SceneSpec:
    """Read a spec back.

    Raises:
        InputError: the text is no valid spec; the first broken rule is named.
    """
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as broken:
        first = broken.errors()[0]
        key = ".".join(str(step) for step in first["loc"])
        raise InputError(f"{where}: {key}", first["msg"]) from broken
