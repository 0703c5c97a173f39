"""A vehicle as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict

from scenes.errors import InputError
from scenes.ontology import KIND_CATEGORY
from scenes.spec.party import CrashParty, Dent, Track

_STRICT = ConfigDict(extra="forbid")

LampName = Literal["head", "high_beam", "tail", "brake", "indicator_left", "indicator_right", "reversing", "light_bar"]
Opened = Literal["door_front_left", "door_front_right", "door_rear_left", "door_rear_right", "bonnet", "boot"]
Lost = Literal[
    "bumper_front",
    "bumper_rear",
    "bonnet",
    "mirror_left",
    "mirror_right",
    "wheel_front_left",
    "wheel_front_right",
    "wheel_rear_left",
    "wheel_rear_right",
]
Livery = Literal["none", "company", "taxi", "police", "ambulance", "fire"]
Load = Literal[
    "none",
    "roof_rack",
    "roof_box",
    "boxes",
    "timber",
    "pipes",
    "gravel",
    "containers",
    "tarpaulin",
    "cars",
    "lifted_car",
]


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """One vehicle: true size, place, motion, lamps that burn, and damage.

    Args:
        actor_id: instance id in masks, 1 to 31999, unique in the scene; larger object indices are stuff's.
        kind: a key of `KIND_CATEGORY`.
        x_m, y_m: centre of the body on the ground; heading_deg: see the module's frame.
        velocity_mps: world xy.
        length_m, width_m, height_m: outer size of the undamaged body, mirrors excluded.
        wheelbase_m: distance between axles.
        mass_kg: kerb mass with occupants.
        paint_rgb_linear: base colour, each in [0, 1].
        seed: draws what no field names (trim, plate, dirt).
        lamps: which lamps burn.
        steer_deg: front wheels, counter-clockwise.
        asset: name of one of the user's own assets that stands for it (`scenes.own`), "" for ours.
        model: number of the model in its kind's range; draws the shape, so that equal models share meshes.
        livery: what is painted on it; police, ambulance and fire vehicles have a light bar.
        load: what it carries.
        opened: doors and lids that stand open.
        dirt, rust: in [0, 1].
        driver: whether somebody sits at the wheel of a car, bus or truck.
        dents: damage of the body.
        severity: damage from 0 (none) to 1 (destroyed): breaks glass and lamps, tears edges, scratches paint.
        lost: parts that came off.
        flat_tyres: wheels without air, as axle number from the front and side (1 left, -1 right).
        airbags: whether they have deployed.
        burnt: in [0, 1], 1 burnt out.
        flames: in [0, 1], how large a fire burns on it; 0 none.
        steam: in [0, 1], how much boils off a broken cooling system; 0 none.
        wheel_turn_deg: how far the wheels have rolled, for spokes that differ between frames.
        lean_deg: of a two-wheeler, positive to the left.
        crash: labels of a crash party's hardest impact, None for bystanders.
        further: labels of its other impacts, in order of time.
        tipped_deg: how far it has rolled over to its left: 90 lies on its left side, 180 on its roof.
        articulation_deg: how far the tractor of an articulated lorry is turned to the left against its trailer, whose
            heading is the vehicle's; in [-90, 90].
        rolled_m: how far it has rolled since the scene's moment; every wheel turns by it over its radius.
        carried_by: actor id of the vehicle that carries or tows it, None for what drives or stands by itself. It moves
            as that one does, and is no party of a crash.
        raised_m: how high its origin is over the ground, on a deck or with its front lifted.
        lifted_deg: how far its front is lifted; in [-30, 30].
        track: where a crash party goes in a clip.
    """

    actor_id: int
    kind: str
    x_m: float
    y_m: float
    heading_deg: float
    velocity_mps: tuple[float, float] = (0.0, 0.0)
    length_m: float
    width_m: float
    height_m: float
    wheelbase_m: float
    mass_kg: float
    paint_rgb_linear: tuple[float, float, float]
    seed: int
    lamps: tuple[LampName, ...] = ()
    steer_deg: float = 0.0
    asset: str = ""
    model: int = 0
    livery: Livery = "none"
    load: Load = "none"
    opened: tuple[Opened, ...] = ()
    dirt: float = 0.3
    rust: float = 0.0
    driver: bool = False
    dents: tuple[Dent, ...] = ()
    severity: float = 0.0
    lost: tuple[Lost, ...] = ()
    flat_tyres: tuple[tuple[int, Literal[1, -1]], ...] = ()
    airbags: bool = False
    burnt: float = 0.0
    flames: float = 0.0
    steam: float = 0.0
    wheel_turn_deg: float = 0.0
    lean_deg: float = 0.0
    crash: CrashParty | None = None
    further: tuple[CrashParty, ...] = ()
    tipped_deg: float = 0.0
    articulation_deg: float = 0.0
    rolled_m: float = 0.0
    carried_by: int | None = None
    raised_m: float = 0.0
    lifted_deg: float = 0.0
    track: Track | None = None
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if self.kind not in KIND_CATEGORY:
            raise InputError("vehicle.kind", f"must be one of {', '.join(KIND_CATEGORY)}", got=self.kind)
        if min(self.length_m, self.width_m, self.height_m, self.mass_kg) <= 0:
            raise InputError("vehicle", "length_m, width_m, height_m and mass_kg must be > 0", got=self.actor_id)
        if not 0 < self.wheelbase_m < self.length_m:
            raise InputError("vehicle.wheelbase_m", "must lie between 0 and length_m", got=self.wheelbase_m)
        if self.articulation_deg and (self.kind != "articulated_truck" or abs(self.articulation_deg) > 90):
            rule = "must lie in [-90, 90], and be 0 for what has no trailer"
            raise InputError("vehicle.articulation_deg", rule, got=(self.kind, self.articulation_deg))
        if self.carried_by is None and (self.raised_m or self.lifted_deg):
            raise InputError("vehicle.raised_m", "and lifted_deg must be 0 for what nothing carries", got=self.actor_id)
        if self.carried_by is not None and (self.crash or self.raised_m < 0 or abs(self.lifted_deg) > 30):
            rule = "must have no crash, raised_m >= 0 and lifted_deg in [-30, 30] if something carries it"
            raise InputError("vehicle", rule, got=self.actor_id)
        for name in ("dirt", "rust", "severity", "burnt", "flames", "steam"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"vehicle.{name}", "must lie in [0, 1]", got=getattr(self, name))
