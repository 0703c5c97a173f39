"""Everything on the street that is not the event: parked cars, traffic in both directions, people on foot."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from scenes.checks import footprint, overlap_m
from scenes.person import draw_person, draw_pose
from scenes.road import lane_side, lane_y_m, parked_y_m
from scenes.spec import LampName, Person, Pose, Street, Vehicle
from scenes.vehicle import TWO_WHEELERS, draw_body, draw_kind

_CLEAR_M = 0.35
_WAITING_DRIVERS = 0.08
_PILLION_SHARE = 0.2
_STAND_LEAN_DEG = 6.0
MOUNTS = (*TWO_WHEELERS, "three_wheeler")
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
T = TypeVar("T", bound=str)


class Traffic:
    """Fills a street with actors that do not touch; what finds no room is left out and counted in `refused`."""

    def __init__(self, street: Street, taken: tuple[Vehicle, ...], rng: np.random.Generator, *, night: bool) -> None:
        self.street = street
        self.rng = rng
        self.night = night
        self.vehicles = list(taken)
        self.people: list[Person] = []
        self.refused = 0
        self._bodies = [footprint(v.x_m, v.y_m, v.heading_deg, v.length_m, v.width_m) for v in taken]
        self._ids = count(max((v.actor_id for v in taken), default=0) + 1)

    def add(
        self, kind: str, x_m: float, y_m: float, heading_deg: float, *, speed_mps: float, lamps: tuple[LampName, ...]
    ) -> bool:
        """Place a vehicle if there is room, and who drives or rides it; returns whether there was."""
        body = draw_body(kind, self.rng)
        if not self._takes(x_m, y_m, heading_deg, body["length_m"] + 2 * _CLEAR_M, body["width_m"] + 2 * _CLEAR_M):
            return False
        angle = np.deg2rad(heading_deg)
        moving = speed_mps > 0
        parked_two_wheeler = not moving and kind in TWO_WHEELERS
        vehicle = Vehicle(
            actor_id=next(self._ids),
            x_m=round(x_m, 3),
            y_m=round(y_m, 3),
            heading_deg=round(heading_deg, 2),
            velocity_mps=(round(speed_mps * float(np.cos(angle)), 3), round(speed_mps * float(np.sin(angle)), 3)),
            lamps=lamps,
            driver=moving or bool(self.rng.random() < _WAITING_DRIVERS),
            wheel_turn_deg=float(self.rng.integers(0, 72, endpoint=False) * 5) if kind in TWO_WHEELERS else 0.0,
            lean_deg=_STAND_LEAN_DEG if parked_two_wheeler else 0.0,
            **body,
        )
        self.vehicles.append(vehicle)
        if moving and kind in MOUNTS:
            self._mount(vehicle)
        return True

    def park(self, *, share: float) -> None:
        """Park vehicles along both kerbs of a street with parking lanes."""
        if not self.street.parking_lane:
            return
        for side in (-1, 1):
            x = 4.5 + float(self.rng.uniform(0, 4))
            while x < 70:
                clear = self.street.feature_x_m
                free = clear is None or abs(x - clear) > 10
                if free and self.rng.random() < share:
                    along = 0.0 if side == lane_side(self.street) else 180.0
                    y = parked_y_m(self.street, side) + float(self.rng.normal(0, 0.06))
                    heading = along + float(self.rng.normal(0, 0.8))
                    self.add(_drawn(_PARKED, self.rng), x, y, heading, speed_mps=0.0, lamps=())
                x += float(self.rng.uniform(5.8, 7.2))

    def drive(self, *, oncoming: int, ahead: int, nearest_m: float) -> None:
        """Put moving vehicles on the lanes, both ways."""
        day: tuple[LampName, ...] = ("tail",) if self.rng.random() < 0.5 else ()
        for many, way in ((oncoming, -1), (ahead, 1)):
            for _ in range(many):
                lane = way * int(self.rng.integers(1, self.street.lanes_per_direction + 1))
                x = nearest_m + float(self.rng.gamma(2.0, 14.0))
                braking = self.rng.random() < 0.35 and way > 0
                lamps: tuple[LampName, ...] = ("head", "tail") if self.night or self.rng.random() < 0.4 else day
                if braking:
                    lamps = (*lamps, "brake")
                heading = (0.0 if way > 0 else 180.0) + float(self.rng.normal(0, 1.0))
                y = lane_y_m(self.street, lane) + float(self.rng.normal(0, 0.15))
                self.add(draw_kind(self.rng), x, y, heading, speed_mps=float(self.rng.uniform(3, 13)), lamps=lamps)

    def walk(self, many: int, *, near: tuple[float, float] | None = None) -> None:
        """Let people walk on the pavements; `near` gathers them around a point instead, on the road or off it."""
        inner = self.street.road_half_width_m + 1.6
        for _ in range(many):
            if near is None:
                side = 1 if self.rng.random() < 0.5 else -1
                x = float(self.rng.uniform(5, 45))
                y = side * float(self.rng.uniform(inner, inner + self.street.sidewalk_width_m - 2.0))
                heading = float(self.rng.choice([0, 180])) + float(self.rng.normal(0, 15))
                self._stand(x, y, heading, draw_pose(self.rng))
            else:
                angle, away = self.rng.uniform(0, 2 * np.pi), self.rng.uniform(3.0, 6.5)
                x, y = near[0] + float(away * np.cos(angle)), near[1] + float(away * np.sin(angle))
                heading = float(np.rad2deg(angle)) + 180 + float(self.rng.normal(0, 25))
                self._stand(x, y, heading, _drawn(_BYSTANDERS, self.rng))

    def _takes(self, x_m: float, y_m: float, heading_deg: float, length_m: float, width_m: float) -> bool:
        """Take a piece of ground if it is free."""
        body = footprint(x_m, y_m, heading_deg, length_m, width_m)
        if any(overlap_m(body, other) > 0 for other in self._bodies):
            self.refused += 1
            return False
        self._bodies.append(body)
        return True

    def _stand(self, x_m: float, y_m: float, heading_deg: float, pose: Pose) -> None:
        walls = self.street.road_half_width_m + self.street.sidewalk_width_m - 0.4
        if x_m < 4 or abs(y_m) > walls:
            self.refused += 1
        elif self._takes(x_m, y_m, heading_deg, *_ROOM_M.get(pose, (0.9, 0.9))):
            self._person(x_m, y_m, heading_deg, pose)

    def _mount(self, vehicle: Vehicle) -> None:
        pose: Pose = "cycling" if vehicle.kind == "bicycle" else "riding"
        pillion = vehicle.kind != "bicycle" and self.rng.random() < _PILLION_SHARE
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


def _drawn(shares: Mapping[T, float], rng: np.random.Generator) -> T:
    """Draw a key by its share."""
    return list(shares)[int(rng.choice(len(shares), p=list(shares.values())))]
