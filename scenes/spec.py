"""A scene as data: frozen, seeded and JSON-serialisable, with no idea of Blender.

World frame: right-handed, metres, x along the road in the ego's direction of travel, y to its left, z up,
origin on the road surface where the street's centre line (y = 0) passes the ego's front axle (x = 0); traffic keeps to
the right, so that the ego's lane has y < 0. Headings are degrees counter-clockwise from +x.
A vehicle's own frame has x forward, y left, z up, and its origin on the ground below the body's centre.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from scenes.errors import InputError
from scenes.lens import LensShape
from scenes.ontology import KIND_CATEGORY, STUFF_INDEX

SPEC_VERSION = 2
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
PlaceKind = Literal[
    "street",
    "crossroads",
    "t_junction",
    "roundabout",
    "dual_carriageway",
    "rural_road",
    "tunnel",
    "bridge",
    "car_park",
    "road_works",
    "level_crossing",
]
Surroundings = Literal["city", "suburb", "industrial", "rural"]
Asphalt = Literal["new", "worn", "cracked", "patched", "concrete"]
PLAIN_PLACES = ("street", "dual_carriageway", "rural_road", "car_park")
Phase = Literal["approach", "braking", "impact", "after", "aftermath"]
Station = Literal["windscreen", "bumper", "roof", "cab", "helmet", "pole", "gantry", "air"]
Against = Literal["vehicle", "person", "animal", "pole", "tree", "rail", "object", "ground"]
Liquid = Literal["coolant", "oil", "fuel"]
LONG_AFTER_S = 1e4
"""Since an impact: whoever and whatever moved has come to rest."""


@dataclass(frozen=True, kw_only=True)
class Dent:
    """A push into the body, in the vehicle's frame.

    Args:
        point_m: centre of the push on the undamaged hull, xyz.
        direction: unit vector xyz along which sheet metal moved (into the body).
        depth_m: deepest displacement, >= 0.
        width_m: horizontal extent of the damaged patch, > 0.
        height_m: vertical extent, > 0.
        made_s: end of the impact that made it, in a crash of several impacts; the first one ends at 0.
    """

    point_m: tuple[float, float, float]
    direction: tuple[float, float, float]
    depth_m: float
    width_m: float
    height_m: float
    made_s: float = 0.0
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if self.depth_m < 0 or self.width_m <= 0 or self.height_m <= 0:
            raise InputError("dent", "depth_m >= 0, width_m > 0 and height_m > 0", got=asdict(self))


@dataclass(frozen=True, kw_only=True)
class CrashParty:
    """What an impact did to one party; every figure comes from the solver.

    Args:
        partner: actor id of the other party, 0 for what is no actor.
        phase: where in the crash the frame stands: `approach` before anybody brakes for it, `braking`, `impact` while
            hulls press into each other, `after` on the way to rest and at rest, `aftermath` when help has come.
        delta_v_mps: length of the vehicle's change of velocity.
        pdof_deg: principal direction of force against the heading, clockwise from straight ahead in [0, 360)
            (0 frontal, 90 from the right, 180 from behind; SAE J224).
        closing_speed_mps: approach speed along the contact normal.
        impact_point_m: contact point in the vehicle's frame, xy.
        absorbed_energy_j: this vehicle's share of the crush energy.
        crush_m: residual crush depth (Campbell).
        against: what the other party is.
        throw_m: how far a struck person, rider or animal flies and slides.
    """

    partner: int
    phase: Phase
    delta_v_mps: float
    pdof_deg: float
    closing_speed_mps: float
    impact_point_m: tuple[float, float]
    absorbed_energy_j: float
    crush_m: float
    against: Against = "vehicle"
    throw_m: float = 0.0
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class Track:
    """Where the solver takes a crash party, from its approach to its rest; the first impact is at time 0.

    Args:
        times_s: ascending, at least two.
        x_m, y_m, heading_deg: pose at each of them.
        velocity_mps: world xy; between two times the position is the cubic that has both ends' velocities.
        contact_s: when its hull is first touched, <= `impact_s`; until then it is pressed in.
        brakes_s: since when it brakes before the impact, <= `contact_s`; `contact_s` if it does not.
        impact_s: end of its own first impact, >= 0; later than 0 for those who join a pile-up.
        tipped_deg: how far a vehicle has rolled to its left, at each time; empty for those that stay on their wheels.
        folded_deg: how far an articulated lorry has folded, at each time; empty for all others.
        raised_m: how high a thrown body is over where it lies, at each time; empty for vehicles.
    """

    times_s: tuple[float, ...]
    x_m: tuple[float, ...]
    y_m: tuple[float, ...]
    heading_deg: tuple[float, ...]
    velocity_mps: tuple[tuple[float, float], ...]
    contact_s: float
    brakes_s: float
    impact_s: float = 0.0
    tipped_deg: tuple[float, ...] = ()
    folded_deg: tuple[float, ...] = ()
    raised_m: tuple[float, ...] = ()
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        lengths = {len(self.times_s), len(self.x_m), len(self.y_m), len(self.heading_deg), len(self.velocity_mps)}
        if len(lengths) != 1 or len(self.times_s) < 2:
            raise InputError("track", "every field must have the same number of entries, at least two", got=lengths)
        if any(later <= sooner for sooner, later in zip(self.times_s, self.times_s[1:], strict=False)):
            raise InputError("track.times_s", "must ascend", got=self.times_s)
        for name in ("tipped_deg", "folded_deg", "raised_m"):
            if getattr(self, name) and len(getattr(self, name)) != len(self.times_s):
                raise InputError(f"track.{name}", "must be empty or have an entry for each time", got=lengths)
        if not (self.brakes_s <= self.contact_s <= self.impact_s and self.impact_s >= 0):
            rule = "must lie in order: brakes_s <= contact_s <= impact_s, which is >= 0"
            raise InputError("track.contact_s", rule, got=(self.brakes_s, self.contact_s, self.impact_s))


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


@dataclass(frozen=True, kw_only=True)
class Launch:
    """How a piece comes off a hull; from then on the stage's rigid bodies carry it.

    Args:
        from_m: world xyz, outside of all hulls.
        velocity_mps: world xyz.
        made_s: when, since the first impact, >= 0.
        shown_s: when the picture is taken, since the first impact, >= `made_s`.
    """

    from_m: tuple[float, float, float]
    velocity_mps: tuple[float, float, float]
    made_s: float = 0.0
    shown_s: float = LONG_AFTER_S
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 <= self.made_s <= self.shown_s:
            raise InputError("launch", "must have 0 <= made_s <= shown_s", got=(self.made_s, self.shown_s))


@dataclass(frozen=True, kw_only=True)
class Hull:
    """A crash party's way since the first impact, for the pieces that fly against it.

    Args:
        actor_id: of the vehicle, whose sizes it has.
        times_s: seconds since the first impact, ascending, at least one.
        x_m, y_m, heading_deg, tipped_deg: pose at each of them.
    """

    actor_id: int
    times_s: tuple[float, ...]
    x_m: tuple[float, ...]
    y_m: tuple[float, ...]
    heading_deg: tuple[float, ...]
    tipped_deg: tuple[float, ...]
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        lengths = {len(getattr(self, name)) for name in ("times_s", "x_m", "y_m", "heading_deg", "tipped_deg")}
        if len(lengths) != 1 or not self.times_s:
            raise InputError("hull", "every field must have the same number of entries, at least one", got=lengths)


@dataclass(frozen=True, kw_only=True)
class Spill:
    """What has run out of a vehicle: a pool that creeps downhill, and drips on the way to it.

    Args:
        liquid: what it is.
        actor_id: who leaks.
        x_m, y_m: where it drips at rest, world xy.
        litres: what has run out, > 0.
        downhill_deg: where the road's crossfall leads it.
        trail_m: world xy of the way along which it dripped; empty if it leaks at rest only.
        seed: draws the outline.
    """

    liquid: Liquid
    actor_id: int
    x_m: float
    y_m: float
    litres: float
    downhill_deg: float
    trail_m: tuple[tuple[float, float], ...] = ()
    seed: int
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not self.litres > 0:
            raise InputError("spill.litres", "must be > 0", got=self.litres)


@dataclass(frozen=True, kw_only=True)
class Debris:
    """A loose piece on the road: what a crash left, what fell off a lorry, or what rescuers and workers set out.

    `thrown_from_m` is where, at the impact of a clip, it came off. A piece with a `launch` comes to lie where rigid
    bodies take it; `x_m` and `y_m` then say where it would come on an empty, level road. `paint_rgb_linear` is that of
    the vehicle that it belonged to; the seed draws it if None.
    """

    kind: Literal["glass", "plastic", "trim", "bumper", "wheel", "tyre", "box", "cone", "triangle", "barrier", "barrel"]
    x_m: float
    y_m: float
    heading_deg: float
    size_m: float
    seed: int
    thrown_from_m: tuple[float, float] | None = None
    launch: Launch | None = None
    paint_rgb_linear: tuple[float, float, float] | None = None
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Something fixed that the place has not, as what a crash party runs into.

    A lamp's arm reaches along its +x. What may be taken for cars or people (`scenes.lookalikes`) faces along it:
    hoardings, dolls, toys, mirrors.
    """

    kind: Literal[
        "utility_pole",
        "lamp_post",
        "tree",
        "bollard",
        "hoarding_car",
        "mannequin",
        "doll_window",
        "toy_window",
        "toy_ride",
        "inflatable_car",
        "mirror_front",
        "mirror_hall",
        "traffic_mirror",
        "roadside_puddle",
    ]
    x_m: float
    y_m: float
    heading_deg: float
    seed: int
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class SkidMark:
    """A tyre mark as a ground polyline; `strength` in [0, 1] is the share of rubber left.

    `times_s` says when each point is marked in a clip, the impact at 0; empty if the mark is there all the time.
    """

    points_m: tuple[tuple[float, float], ...]
    width_m: float
    strength: float
    times_s: tuple[float, ...] = ()
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if self.times_s and len(self.times_s) != len(self.points_m):
            raise InputError("skid_mark.times_s", "must be empty or have a time for each point", got=len(self.times_s))


@dataclass(frozen=True, kw_only=True)
class Street:
    """A place: a road of some kind, what it crosses, what lines it, and the state of its surface.

    Args:
        kind: what sort of place.
        surroundings: what lines the road.
        drive_on: side of traffic; on the left, the ego's lane has y > 0.
        signals: whether crossroads have traffic signals; without, the side roads stop or give way.
        lanes_per_direction: 1 to 3.
        lane_width_m, sidewalk_width_m, kerb_height_m: cross-section.
        parking_lane: a lane for parked cars between outer lane and kerb, on both sides.
        feature_x_m: where the junction, roundabout, tunnel portal, bridge, works or railway stands on the x axis;
            None for places that have no such feature.
        asphalt: age and make of the carriageway.
        wetness: 0 dry, 1 a closed water film; puddles: share of the surface under standing water.
        snow, ice: share of the surface that is covered.
        leaves, sand: share of the carriageway under fallen leaves, and under blown sand or dust.
        lamp_spacing_m, lamp_height_m, lamp_lm, lamp_kelvin: street lamps, alternating sides; spacing 0 for none.
        lamps_out: share of the street lamps that have failed.
        lit_window_share: share of windows with light behind them at night.
        tree_spacing_m: 0 for no trees.
        houses_height_m: mean height of the facades.
        clutter: in [0, 1], how much furniture and litter stands about.
        seed: draws what no field names.
    """

    kind: PlaceKind = "street"
    surroundings: Surroundings = "city"
    drive_on: Literal["right", "left"] = "right"
    signals: bool = True
    lanes_per_direction: int
    lane_width_m: float
    sidewalk_width_m: float
    kerb_height_m: float
    parking_lane: bool
    feature_x_m: float | None = None
    asphalt: Asphalt = "worn"
    wetness: float
    puddles: float
    snow: float = 0.0
    ice: float = 0.0
    leaves: float = 0.0
    sand: float = 0.0
    lamp_spacing_m: float
    lamp_height_m: float
    lamp_lm: float
    lamp_kelvin: float
    lamps_out: float = 0.0
    lit_window_share: float
    tree_spacing_m: float
    houses_height_m: float
    clutter: float = 0.5
    seed: int
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 1 <= self.lanes_per_direction <= 3:
            raise InputError("street.lanes_per_direction", "must lie in [1, 3]", got=self.lanes_per_direction)
        surface = ("wetness", "puddles", "snow", "ice", "leaves", "sand")
        for name in (*surface, "lamps_out", "lit_window_share", "clutter"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"street.{name}", "must lie in [0, 1]", got=getattr(self, name))
        if (self.feature_x_m is None) != (self.kind in PLAIN_PLACES):
            raise InputError("street.feature_x_m", f"every kind but {', '.join(PLAIN_PLACES)} needs it", got=self.kind)

    @property
    def road_half_width_m(self) -> float:
        """Distance from the centre line to the kerb."""
        parking_m = 2.3 if self.parking_lane else 0.0
        return self.lanes_per_direction * self.lane_width_m + parking_m


@dataclass(frozen=True, kw_only=True)
class Sun:
    """Where the sun (or, at night, the moon that borrows its group) stands; azimuth counter-clockwise from +x."""

    elevation_deg: float
    azimuth_deg: float
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class Camera:
    """A pinhole view. yaw 0 looks along +x, positive to the left; positive pitch looks up.

    It drives along +x at `speed_mps`, 0 where it stands on a pole. `station` says where it is fixed and so what rides
    below it (`scenes.station`); `shake` is a multiple of how much that shakes it in a clip. `lens` bends the developed
    picture and its labels; the trace is a pinhole's.
    """

    name: str
    x_m: float
    y_m: float
    z_m: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    hfov_deg: float
    speed_mps: float = 0.0
    station: Station = "windscreen"
    shake: float = 1.0
    lens: LensShape | None = None
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 <= self.shake <= 10:
            raise InputError("camera.shake", "must lie in [0, 10]", got=self.shake)
        if not 0 <= self.speed_mps <= 70:
            raise InputError("camera.speed_mps", "must lie in [0, 70]", got=self.speed_mps)
        if not 5 <= self.hfov_deg <= 150:
            raise InputError("camera.hfov_deg", "must lie in [5, 150] for a pinhole view", got=self.hfov_deg)


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
