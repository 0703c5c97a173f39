"""People and animals as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict

from scenes.errors import InputError
from scenes.spec.party import CrashParty, Track

_STRICT = ConfigDict(extra="forbid")

Pose = Literal[
    "standing",
    "walking",
    "running",
    "crossing",
    "phoning",
    "sitting",
    "lying",
    "directing",
    "pushing",
    "crouching",
    "riding",
    "cycling",
    "driving",
    "wheelchair",
]
Outfit = Literal["casual", "business", "coat", "dress", "shorts", "sari", "hi_vis", "rider", "uniform"]
Carried = Literal["backpack", "handbag", "shopping", "suitcase", "umbrella", "pram", "stick"]
AnimalKind = Literal["dog", "deer", "cow"]


@dataclass(frozen=True, kw_only=True)
class Person:
    """One person: on foot, in a wheelchair, or on a two-wheeler.

    Args:
        actor_id: as for vehicles, from the same numbering.
        x_m, y_m, heading_deg: place on the ground and facing; of a rider, those of the mount.
        height_m: body height, 0.8 to 2.2.
        pose: how the body is held.
        sex: of the body's shape.
        age_years: 4 to 95; below 15 the proportions are a child's.
        build: -1 thin, 0 average, 1 heavy.
        outfit: what they wear; the seed draws cut and colours.
        carries: what they carry, push or hold.
        helmet: a rider's or worker's helmet.
        mount: actor id of the two-wheeler that a rider sits on, None for people on foot.
        seat: 0 the one who steers, 1 a passenger behind.
        seed: draws skin, hair, colours and the phase of the stride.
        stride: share of a gait's cycle that has passed since that phase, in [0, 1).
        velocity_mps: world xy, in a clip.
        raised_m: how high a thrown body is over where it would lie, >= 0.
        crash: labels of who was struck, None for all others.
        track: where who is struck goes in a clip.
    """

    actor_id: int
    x_m: float
    y_m: float
    heading_deg: float
    height_m: float
    pose: Pose
    seed: int
    sex: Literal["female", "male"] = "male"
    age_years: float = 35.0
    build: float = 0.0
    outfit: Outfit = "casual"
    carries: tuple[Carried, ...] = ()
    helmet: bool = False
    mount: int | None = None
    seat: int = 0
    stride: float = 0.0
    velocity_mps: tuple[float, float] = (0.0, 0.0)
    raised_m: float = 0.0
    crash: CrashParty | None = None
    track: Track | None = None
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0.8 <= self.height_m <= 2.2:
            raise InputError("person.height_m", "must lie in [0.8, 2.2]", got=self.height_m)
        if not 4 <= self.age_years <= 95:
            raise InputError("person.age_years", "must lie in [4, 95]", got=self.age_years)
        if not -1 <= self.build <= 1:
            raise InputError("person.build", "must lie in [-1, 1]", got=self.build)
        if (self.pose in ("riding", "cycling")) != (self.mount is not None):
            raise InputError("person.mount", "riders, and only riders, name their mount", got=self.pose)


@dataclass(frozen=True, kw_only=True)
class Animal:
    """An animal that crosses a road; height_m is that of the shoulder, 0.2 to 2.

    In a clip, `stride` is the phase of its gait's cycle in [0, 1), None for the moment that its seed draws, and
    `velocity_mps` is world xy. One that was struck is `lying` on its side; `raised_m`, `crash` and `track` are as a
    person's.
    """

    actor_id: int
    kind: AnimalKind
    x_m: float
    y_m: float
    heading_deg: float
    height_m: float
    pose: Literal["standing", "walking", "running", "lying"]
    seed: int
    stride: float | None = None
    velocity_mps: tuple[float, float] = (0.0, 0.0)
    raised_m: float = 0.0
    crash: CrashParty | None = None
    track: Track | None = None
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0.2 <= self.height_m <= 2:
            raise InputError("animal.height_m", "must lie in [0.2, 2]", got=self.height_m)
