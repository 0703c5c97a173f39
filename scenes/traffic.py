"""Everything on the street that is not the event: parked cars, traffic in both directions, people on foot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import count
from math import cos, radians, sin
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from scenes.checks import Footprint, footprint, touches
from scenes.draws import drawn, one_of
from scenes.headway import spaced
from scenes.person import draw_person, draw_pose
from scenes.road import lane_side, parked_y_m
from scenes.site.layout import layout
from scenes.site.plan import Lane, Role
from scenes.spec.living import Animal, AnimalKind, Person, Pose
from scenes.spec.place import Street
from scenes.spec.vehicle import LampName, Vehicle
from scenes.vehicle import TWO_WHEELERS, draw_body, draw_kind

_CLEAR_M = 0.35
_DAYTIME_LAMPS, _BRAKING, _CROSSING = 0.45, 0.35, 0.25
_NEAREST_WALK_M, _WALKED_M = 4.0, 48.0
_SHOULDER_M: Mapping[AnimalKind, tuple[float, float]] = MappingProxyType(
    {"dog": (0.35, 0.7), "deer": (0.65, 1.1), "cow": (1.2, 1.5)}
)
_WAITING_DRIVERS = 0.08
_PILLION_SHARE = 0.2
_STAND_LEAN_DEG = 6.0
MOUNTS = (*TWO_WHEELERS, "three_wheeler")
PACE = MappingProxyType({"bicycle": 0.45, "three_wheeler": 0.8})
"""How fast a kind goes where a car has 1."""
_PARKED: Mapping[str, float] = MappingProxyType(
    {
        "sedan": 0.22,
        "hatchback": 0.29,
        "estate": 0.09,
        "suv": 0.22,
        "van": 0.08,
        "pickup": 0.02,
        "motorcycle": 0.03,
        "scooter": 0.03,
        "bicycle": 0.02,
    }
)
_BYSTANDERS: Mapping[Pose, float] = MappingProxyType(
    {"standing": 0.42, "walking": 0.24, "phoning": 0.2, "crouching": 0.08, "directing": 0.06}
)
_ROOM_M: Mapping[Pose, tuple[float, float]] = MappingProxyType(
    {"lying": (2.0, 1.2), "pushing": (2.6, 0.9), "wheelchair": (1.3, 0.9), "sitting": (1.2, 0.9), "running": (1.4, 0.9)}
)


class Traffic:
    """Fills a street with actors that do not touch; what finds no room is left out, `refused` counts why."""

    def __init__(self, street: Street, taken: tuple[Vehicle, ...], rng: np.random.Generator, *, night: bool) -> None:
        self.street = street
        self.plan = layout(street)
        self.rng = rng
        self.night = night
        self.vehicles = list(taken)
        self.people: list[Person] = []
        self.animals: list[Animal] = []
        self.refused: Counter[str] = Counter()
        self._bodies = [footprint(v.x_m, v.y_m, v.heading_deg, v.length_m, v.width_m) for v in taken]
        self._ids = count(max((v.actor_id for v in taken), default=0) + 1)

    def add(
        self, kind: str, x_m: float, y_m: float, heading_deg: float, *, speed_mps: float, lamps: tuple[LampName, ...]
    ) -> bool:
        """Place a vehicle if there is room, and who drives or rides it; returns whether there was."""
        return self.place(draw_body(kind, self.rng), x_m, y_m, heading_deg, speed_mps=speed_mps, lamps=lamps)

    def place(
        self,
        body: dict[str, Any],
        x_m: float,
        y_m: float,
        heading_deg: float,
        *,
        speed_mps: float,
        lamps: tuple[LampName, ...],
        clear_m: tuple[float, float] = (_CLEAR_M, _CLEAR_M),
        manned: bool = False,
        pillion_share: float = _PILLION_SHARE,
    ) -> bool:
        """Place a vehicle whose body is drawn already, as `add` does.

        Args:
            body: as of `draw_body`.
            x_m: where.
            y_m: likewise.
            heading_deg: likewise.
            speed_mps: 0 for one that stands.
            lamps: that burn.
            clear_m: ground that it needs at either end and on either side.
            manned: somebody drives or rides it even if it stands.
            pillion_share: how often somebody sits behind a rider.
        """
        if any(x0 - 3 < x_m < x1 + 3 and y0 - 1 < y_m < y1 + 1 for x0, y0, x1, y1 in self.plan.blocked_m):
            self.refused["the road is closed there"] += 1
            return False
        length, width = (
            body[f"{side}_m"] + 2 * clear for side, clear in zip(("length", "width"), clear_m, strict=True)
        )
        if not self._takes(x_m, y_m, heading_deg, length, width):
            return False
        kind, angle = body["kind"], radians(heading_deg)
        moving = speed_mps > 0 or manned
        parked_two_wheeler = not moving and kind in TWO_WHEELERS
        vehicle = Vehicle(
            actor_id=next(self._ids),
            x_m=round(x_m, 3),
            y_m=round(y_m, 3),
            heading_deg=round(heading_deg, 2),
            velocity_mps=(round(speed_mps * cos(angle), 3), round(speed_mps * sin(angle), 3)),
            lamps=lamps,
            driver=moving or bool(self.rng.random() < _WAITING_DRIVERS),
            wheel_turn_deg=float(self.rng.integers(8) * 45) if kind in TWO_WHEELERS else 0.0,
            lean_deg=_STAND_LEAN_DEG if parked_two_wheeler else 0.0,
            **body,
        )
        self.vehicles.append(vehicle)
        if moving and kind in MOUNTS:
            self._mount(vehicle, pillion_share)
        return True

    def number_from(self, first: int) -> None:
        """Give ids from `first` on to whoever comes next."""
        self._ids = count(first)

    def keep_clear(self, bodies: Iterable[Footprint]) -> None:
        """Keep ground free that something will sweep over."""
        self._bodies += bodies

    def near(self, x_m: float, reach_m: float) -> list[Footprint]:
        """Return what is taken within a reach along x."""
        return [body for body in self._bodies if abs(body.x_m - x_m) < reach_m + body.reach_m]

    def park(self, *, share: float, kinds: Mapping[str, float] = _PARKED) -> None:
        """Park vehicles in the place's bays, and along both kerbs of a street with parking lanes."""
        for x, y, heading in self.plan.bays:
            if self.rng.random() < share:
                self.add(drawn(kinds, self.rng), x, y, heading + self._slip(1.5), speed_mps=0.0, lamps=())
        if not self.street.parking_lane:
            return
        for side in (-1, 1):
            x = 4.5 + float(self.rng.uniform(0, 4))
            while x < 70:
                clear = self.street.feature_x_m
                free = clear is None or abs(x - clear) > 12
                if free and self.rng.random() < share:
                    along = 0.0 if side == lane_side(self.street) else 180.0
                    y = parked_y_m(self.street, side) + self._slip(0.06)
                    self.add(drawn(kinds, self.rng), x, y, along + self._slip(0.8), speed_mps=0.0, lamps=())
                x += float(self.rng.uniform(5.8, 7.2))

    def drive(
        self, *, oncoming: int, ahead: int, nearest_m: float, across: int = 0, kinds: Mapping[str, float] | None = None
    ) -> None:
        """Put moving vehicles on the lanes: both ways, and on the roads that cross; `kinds` draws other shares."""
        roles: tuple[tuple[int, tuple[Role, ...]], ...] = (
            (oncoming, ("oncoming",)),
            (ahead, ("same",)),
            (across, ("crossing", "ring")),
        )
        for many, wanted in roles:
            lanes = [lane for lane in self.plan.lanes if lane.role in wanted]
            for _ in range(many if lanes else 0):
                kind = drawn(kinds, self.rng) if kinds else draw_kind(self.rng)
                self._on_lane(kind, one_of(lanes, self.rng), nearest_m)
        self.vehicles = spaced(self.vehicles)

    def _on_lane(self, kind: str, lane: Lane, nearest_m: float) -> None:
        x = nearest_m + float(self.rng.gamma(2.0, 14.0))
        along = abs(x - lane.path_m[0][0]) if lane.role in ("same", "oncoming") else self.rng.random() * lane.length_m
        at = lane.at(float(along))
        lamps: tuple[LampName, ...] = ("head", "tail") if self.night or self.rng.random() < _DAYTIME_LAMPS else ()
        if lane.role == "same" and self.rng.random() < _BRAKING:
            lamps = (*(lamps or ("tail",)), "brake")
        turn = radians(at.heading_deg)
        aside = self._slip(0.15)
        self.add(
            kind,
            at.x_m - aside * sin(turn),
            at.y_m + aside * cos(turn),
            at.heading_deg + self._slip(1.0),
            speed_mps=float(self.rng.uniform(3, 13)) * PACE.get(kind, 1.0),
            lamps=lamps,
        )

    def walk(self, many: int) -> None:
        """Let people walk on the pavements, and some cross the road."""
        for _ in range(many):
            crossing = self.plan.crossings and self.rng.random() < _CROSSING
            lines = self.plan.crossings if crossing else self.plan.walks
            if not lines:
                return
            line = Lane(path_m=one_of(lines, self.rng), width_m=1.0, role="same")
            near, far = self._reach(line)
            if far <= near:
                self.refused["no pavement in sight"] += 1
                continue
            at = line.at(float(self.rng.uniform(near, far)))
            heading = at.heading_deg + one_of((0.0, 180.0), self.rng) + self._slip(12)
            self._stand(at.x_m, at.y_m, heading, "crossing" if crossing else draw_pose(self.rng))

    def gather(self, many: int, *, near: tuple[float, float], pose: Pose | None = None) -> None:
        """Gather people around a point, on the road or off it; `pose` says how all of them are held."""
        walls = self.street.road_half_width_m + self.street.sidewalk_width_m - 0.4
        for _ in range(many):
            angle, away = self.rng.uniform(0, 2 * np.pi), self.rng.uniform(3.0, 6.5)
            x, y = near[0] + float(away * np.cos(angle)), near[1] + float(away * np.sin(angle))
            heading = float(np.rad2deg(angle)) + 180 + self._slip(25)
            if abs(y) < walls:
                self._stand(x, y, heading, drawn(_BYSTANDERS, self.rng) if pose is None else pose)

    def stand(self, x_m: float, y_m: float, heading_deg: float, pose: Pose) -> bool:
        """Let somebody be somewhere on foot, if there is room; returns whether there was."""
        before = len(self.people)
        self._stand(x_m, y_m, heading_deg, pose)
        return len(self.people) > before

    def stray(self, kind: AnimalKind) -> None:
        """Let an animal stand on the road or at its edge."""
        x = float(self.rng.uniform(12, 45))
        y = float(self.rng.uniform(-1.4, 1.4)) * self.street.road_half_width_m
        if not self._takes(x, y, 0.0, 2.6, 2.6):
            return
        low, high = _SHOULDER_M[kind]
        gaits: tuple[Literal["standing", "walking", "running"], ...] = ("standing", "walking", "running")
        self.animals.append(
            Animal(
                actor_id=next(self._ids),
                kind=kind,
                x_m=round(x, 3),
                y_m=round(y, 3),
                heading_deg=round(float(self.rng.uniform(0, 360)), 1),
                height_m=round(float(self.rng.uniform(low, high)), 2),
                pose=one_of(gaits, self.rng),
                seed=int(self.rng.integers(24)),
            )
        )

    @staticmethod
    def _reach(line: Lane) -> tuple[float, float]:
        """Return the stretch of a line, in metres along it, whose x lies before the camera and not too far."""
        (x0, _), (x1, _) = line.path_m[0], line.path_m[-1]
        if abs(x1 - x0) < 1.0:
            return 0.0, line.length_m if 4 < x0 < _WALKED_M else 0.0
        return max(0.0, _NEAREST_WALK_M - x0), min(line.length_m, _WALKED_M - x0)

    def _slip(self, spread: float) -> float:
        return float(self.rng.normal(0, spread))

    def _takes(self, x_m: float, y_m: float, heading_deg: float, length_m: float, width_m: float) -> bool:
        """Take a piece of ground if it is free."""
        body = footprint(x_m, y_m, heading_deg, length_m, width_m)
        if touches(body, self._bodies):
            self.refused["something else is there"] += 1
            return False
        self._bodies.append(body)
        return True

    def _stand(self, x_m: float, y_m: float, heading_deg: float, pose: Pose) -> None:
        if x_m < _NEAREST_WALK_M:
            self.refused["too near to the camera"] += 1
        elif self._takes(x_m, y_m, heading_deg, *_ROOM_M.get(pose, (0.9, 0.9))):
            self._person(x_m, y_m, heading_deg, pose)

    def _mount(self, vehicle: Vehicle, pillion_share: float) -> None:
        pose: Pose = "cycling" if vehicle.kind == "bicycle" else "riding"
        pillion = vehicle.kind != "bicycle" and self.rng.random() < pillion_share
        for seat in range(2 if pillion else 1):
            self._person(vehicle.x_m, vehicle.y_m, vehicle.heading_deg, pose, mount=vehicle.actor_id, seat=seat)

    def _person(
        self, x_m: float, y_m: float, heading_deg: float, pose: Pose, *, mount: int | None = None, seat: int = 0
    ) -> None:
        drawn = draw_person(self.rng, pose=pose, wetness=self.street.wetness)
        self.people.append(
            Person(
                actor_id=next(self._ids),
                x_m=round(x_m, 3),
                y_m=round(y_m, 3),
                heading_deg=round(heading_deg % 360, 2),
                mount=mount,
                seat=seat,
                **drawn,
            )
        )
