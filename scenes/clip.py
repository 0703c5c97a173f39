"""Clips: a scene at several times. A frame is a still: `at` returns the spec of what there is at its time.

In a scene whose crash has tracks, time 0 is the impact; in others it is the moment that the spec shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan, atan2, degrees, exp, pi
from typing import Any, ClassVar, TypeVar

from pydantic import ConfigDict

from scenes.errors import InputError
from scenes.gait import phase
from scenes.haulage import moved_along
from scenes.leak import spills, steam
from scenes.movers import EGO, State
from scenes.seeds import child_seed, generator
from scenes.spec.living import Animal, Person
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera
from scenes.station import stand_of
from scenes.timeline import Timeline, timeline
from scenes.trajectory import APPROACH_S
from scenes.vibration import Shake, shake, sway
from scenes.wreckage import hull_of, mark_at, party_at, piece_at, thrown_at

FRAMES = (2, 120)
BLINK_HZ = 1.5
"""UNECE R6 asks for 60 to 120 flashes a minute."""
_BEFORE_IMPACT = 0.35
"""Share of a crash clip that lies before the impact, unless its start is told."""
_SLOWS_MPS2 = 0.8
_TURNS_IN_M = 0.6
_CRANK_DEG, _CRANK_CYCLE_DEG = 45.0, 900.0
_BICYCLE_WHEEL_M = 0.34
A = TypeVar("A", Person, Animal)


@dataclass(frozen=True, kw_only=True)
class Clip:
    """When the frames of a clip are taken.

    Args:
        frames: how many, 2 to 120; tracks are worth learning from 10 on.
        rate_hz: frames a second, > 0 and at most 1000.
        start_s: time of the first one.
    """

    frames: int
    rate_hz: float
    start_s: float = 0.0
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not FRAMES[0] <= self.frames <= FRAMES[1]:
            raise InputError("clip.frames", f"must lie in [{FRAMES[0]}, {FRAMES[1]}]", got=self.frames)
        if not 0 < self.rate_hz <= 1000:
            raise InputError("clip.rate_hz", "must lie in (0, 1000]", got=self.rate_hz)
        if not -60 <= self.start_s <= 60:
            raise InputError("clip.start_s", "must lie in [-60, 60]", got=self.start_s)

    def time_s(self, frame: int) -> float:
        """Return when a frame is taken; whole microseconds, so that a frame at the impact is at 0.

        Raises:
            InputError: there is no such frame.
        """
        if not 0 <= frame < self.frames:
            raise InputError("clip.frame", f"must lie in [0, {self.frames - 1}]", got=frame)
        return round(self.start_s + frame / self.rate_hz, 6) + 0.0

    @property
    def last_s(self) -> float:
        """When the last frame is taken."""
        return self.time_s(self.frames - 1)


@dataclass(frozen=True, kw_only=True)
class ClipSettings:
    """The `clip` section of the config.

    Args:
        frames: of each view, 2 to 120; 0 for stills.
        rate_hz: frames a second.
        start_s: time of the first frame; None lets a crash's impact fall on a frame in the clip's first half, and other
            scenes begin at their moment.
        flow: whether to write optical flow beside each frame's labels.
    """

    frames: int = 0
    rate_hz: float = 12.0
    start_s: float | None = None
    flow: bool = False
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if self.frames:
            Clip(frames=self.frames, rate_hz=self.rate_hz, start_s=self.start_s or 0.0)
        elif self.flow:
            raise InputError("clip.flow", "needs clip.frames", got=self.frames)

    def of(self, spec: SceneSpec) -> Clip | None:
        """Return the clip of a scene, None for stills."""
        if not self.frames:
            return None
        clip = Clip(frames=self.frames, rate_hz=self.rate_hz, start_s=self.start_s or 0.0)
        if self.start_s is None and any(vehicle.track for vehicle in spec.vehicles):
            before = min(round(_BEFORE_IMPACT * self.frames), int(APPROACH_S * self.rate_hz))
            return replace(clip, start_s=round(-before / self.rate_hz, 6))
        return clip


def check(spec: SceneSpec, clip: Clip) -> None:
    """Refuse a clip that a scene cannot be shown in.

    Raises:
        InputError: a crash at its impact has no track, or the clip begins before its track does.
    """
    for vehicle in spec.vehicles:
        if vehicle.crash and vehicle.track is None and any(vehicle.velocity_mps):
            fix = "draw the scene for a clip"
            raise InputError("clip", "a crash at its impact needs the solver's track", got=vehicle.actor_id, fix=fix)
        if vehicle.track and clip.start_s < vehicle.track.times_s[0]:
            rule = f"must be >= {vehicle.track.times_s[0]:g}, where the crash's track begins"
            raise InputError("clip.start_s", rule, got=clip.start_s)


def at(spec: SceneSpec, clip: Clip, frame: int) -> SceneSpec:
    """Return the scene at a frame's time, as a still.

    Args:
        spec: the scene.
        clip: its clip.
        frame: number of the frame, from 0.

    Raises:
        InputError: no such frame, or the scene cannot be shown in that clip.
    """
    check(spec, clip)
    time_s = clip.time_s(frame)
    lines = timeline(spec, min(clip.start_s, 0.0), max(clip.last_s, 0.0))
    parties = [(vehicle, vehicle.track) for vehicle in spec.vehicles if vehicle.crash and vehicle.track]
    mounts = {vehicle.actor_id: _vehicle(vehicle, lines, time_s) for vehicle in spec.vehicles}
    vehicles = tuple(_hauled(vehicle, mounts, spec.vehicles) for vehicle in mounts.values())
    return replace(
        spec,
        cameras=tuple(_camera(camera, number, lines, time_s, spec.seed) for number, camera in enumerate(spec.cameras)),
        vehicles=vehicles,
        people=tuple(_person(person, lines, time_s, mounts) for person in spec.people),
        animals=tuple(_animal(animal, lines, time_s) for animal in spec.animals),
        debris=tuple(piece for piece in (piece_at(piece, time_s) for piece in spec.debris) if piece),
        skid_marks=tuple(mark for mark in (mark_at(mark, time_s) for mark in spec.skid_marks) if mark),
        spills=tuple(spill for party, track in parties for spill in spills(party, track, time_s - track.impact_s)),
        hulls=tuple(hull_of(party, track) for party, track in parties) if time_s >= 0 else (),
    )


def blinks(time_s: float, phase_share: float) -> bool:
    """Return whether an indicator shines: half of each period."""
    return (time_s * BLINK_HZ + phase_share) % 1.0 < 0.5


def _vehicle(vehicle: Vehicle, lines: Timeline, time_s: float) -> Vehicle:
    if vehicle.track:
        steams = steam(vehicle, time_s - vehicle.track.impact_s) if vehicle.crash else 0.0
        return _flashing(replace(party_at(vehicle, vehicle.track, time_s), steam=steams), time_s)
    state = lines.state(vehicle.actor_id, time_s)
    if state is None:
        return _flashing(vehicle, time_s)
    lamps = vehicle.lamps
    if state.gains_mps2 < -_SLOWS_MPS2 and "brake" not in lamps:
        lamps = (*lamps, "brake")
    course = lines.movers[vehicle.actor_id].course
    bend = round(degrees(atan(vehicle.wheelbase_m / course.radius_m))) * course.left if course.left else 0
    placed = replace(
        vehicle,
        x_m=state.place.x_m,
        y_m=state.place.y_m,
        heading_deg=state.place.heading_deg,
        velocity_mps=state.velocity_mps,
        lamps=lamps,
        steer_deg=vehicle.steer_deg + bend,
    )
    return _flashing(_rolled(placed, state.gone_m), time_s)


def _hauled(vehicle: Vehicle, now: dict[int, Vehicle], before: tuple[Vehicle, ...]) -> Vehicle:
    """Carry a vehicle along with what carries or tows it."""
    if vehicle.carried_by is None:
        return vehicle
    hauler = next(other for other in before if other.actor_id == vehicle.carried_by)
    return moved_along(vehicle, hauler, now[hauler.actor_id])


def _rolled(vehicle: Vehicle, gone_m: float) -> Vehicle:
    """Turn the wheels; a bicycle's rider pedals along, in steps that let frames share meshes."""
    if vehicle.kind != "bicycle":
        return replace(vehicle, rolled_m=gone_m)
    turn = vehicle.wheel_turn_deg + gone_m / _BICYCLE_WHEEL_M * 180 / pi
    return replace(vehicle, wheel_turn_deg=round(turn / _CRANK_DEG) * _CRANK_DEG % _CRANK_CYCLE_DEG)


def _flashing(vehicle: Vehicle, time_s: float) -> Vehicle:
    """Darken the indicators of a vehicle in half of their period; each vehicle has its own beat."""
    shining = blinks(time_s, float(generator(vehicle.seed, "blink").random()))
    if shining or not any(lamp.startswith("indicator") for lamp in vehicle.lamps):
        return vehicle
    return replace(vehicle, lamps=tuple(lamp for lamp in vehicle.lamps if not lamp.startswith("indicator")))


def _person(person: Person, lines: Timeline, time_s: float, mounts: dict[int, Vehicle]) -> Person:
    if person.track:
        return _on_board(thrown_at(person, person.track, time_s), mounts)
    if person.mount is None:
        return _going(person, lines.state(person.actor_id, time_s))
    mount = mounts[person.mount]
    return replace(
        person, x_m=mount.x_m, y_m=mount.y_m, heading_deg=mount.heading_deg % 360, velocity_mps=mount.velocity_mps
    )


def _on_board(person: Person, mounts: dict[int, Vehicle]) -> Person:
    """Seat a rider who has not been thrown yet exactly on the mount."""
    if person.mount is None:
        return person
    mount = mounts[person.mount]
    return replace(person, x_m=mount.x_m, y_m=mount.y_m, heading_deg=mount.heading_deg % 360)


def _animal(animal: Animal, lines: Timeline, time_s: float) -> Animal:
    if animal.track:
        return thrown_at(animal, animal.track, time_s)
    return _going(animal, lines.state(animal.actor_id, time_s))


def _going(actor: A, state: State | None) -> A:
    """Return somebody on foot after a way; who has been stopped stands."""
    if state is None:
        return actor
    if state.speed_mps <= 0 and state.gone_m and actor.pose in ("walking", "running", "crossing"):
        stood: A = _stood(_placed(actor, state))
        return stood
    return replace(_placed(actor, state), stride=phase(state.gone_m, actor))


def _stood(actor: Any) -> Any:
    return replace(actor, pose="standing", stride=None if isinstance(actor, Animal) else 0.0)


def _placed(actor: A, state: State) -> A:
    """Put somebody where they are; a body that does not face its way turns into it over the first steps."""
    toward = degrees(_angle(state))
    off = (actor.heading_deg - toward + 180) % 360 - 180
    heading = toward + off * exp(-abs(state.gone_m) / _TURNS_IN_M)
    return replace(
        actor,
        x_m=state.place.x_m,
        y_m=state.place.y_m,
        heading_deg=heading % 360,
        velocity_mps=state.velocity_mps,
    )


def _angle(state: State) -> float:
    return atan2(state.place.along[1], state.place.along[0])


def _camera(camera: Camera, number: int, lines: Timeline, time_s: float, seed: int) -> Camera:
    """Return a driving camera further on, shaken by the road, or a standing one as wind sways it."""
    stand, own = stand_of(camera), child_seed(seed, "road", number)
    if stand.sway_deg:
        return _shaken(camera, sway(time_s, seed=own, sway_deg=stand.sway_deg, sway_hz=stand.sway_hz))
    state = lines.state(EGO, time_s)
    if state is None or camera.speed_mps <= 0:
        return camera
    added = shake(state.gone_m, state.speed_mps, seed=own, body_hz=stand.body_hz, damping=stand.damping)
    return replace(_shaken(camera, added), x_m=camera.x_m + state.gone_m, speed_mps=state.speed_mps)


def _shaken(camera: Camera, added: Shake) -> Camera:
    return replace(
        camera,
        z_m=camera.z_m + camera.shake * added.height_m,
        pitch_deg=camera.pitch_deg + camera.shake * added.pitch_deg,
        roll_deg=camera.roll_deg + camera.shake * added.roll_deg,
    )
