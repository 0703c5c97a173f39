"""Everything on the street that is not the event: parked cars, traffic in both directions, people on foot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from scenes.checks import footprint, overlap_m
from scenes.road import lane_y_m, parked_y_m
from scenes.spec import LampName, Person, Street, Vehicle
from scenes.vehicle import CARS, draw_body, draw_kind

_CLEAR_M = 0.35


class Traffic:
    """Fills a street with actors that do not touch; what finds no room is left out and counted in `refused`."""

    def __init__(self, street: Street, taken: tuple[Vehicle, ...], rng: np.random.Generator, *, night: bool) -> None:
        self.street = street
        self.rng = rng
        self.night = night
        self.vehicles = list(taken)
        self.people: list[Person] = []
        self.refused = 0
        self._quads = [footprint(v.x_m, v.y_m, v.heading_deg, v.length_m, v.width_m) for v in taken]
        self._ids = self._numbers(max((v.actor_id for v in taken), default=0) + 1)

    @staticmethod
    def _numbers(first: int) -> Iterator[int]:
        while True:
            yield first
            first += 1

    def add(
        self, kind: str, x_m: float, y_m: float, heading_deg: float, *, speed_mps: float, lamps: tuple[LampName, ...]
    ) -> bool:
        """Place a vehicle if there is room; returns whether there was."""
        body = draw_body(kind, self.rng)
        quad = footprint(x_m, y_m, heading_deg, body["length_m"] + 2 * _CLEAR_M, body["width_m"] + 2 * _CLEAR_M)
        if any(overlap_m(quad, other) > 0 for other in self._quads):
            self.refused += 1
            return False
        angle = np.deg2rad(heading_deg)
        self._quads.append(quad)
        self.vehicles.append(
            Vehicle(
                actor_id=next(self._ids),
                x_m=round(x_m, 3),
                y_m=round(y_m, 3),
                heading_deg=round(heading_deg, 2),
                velocity_mps=(round(speed_mps * float(np.cos(angle)), 3), round(speed_mps * float(np.sin(angle)), 3)),
                lamps=lamps,
                **body,
            )
        )
        return True

    def park(self, *, share: float) -> None:
        """Park cars along both kerbs of a street with parking lanes."""
        if not self.street.parking_lane:
            return
        for side in (-1, 1):
            x = 4.5 + float(self.rng.uniform(0, 4))
            while x < 70:
                clear = self.street.feature_x_m
                free = clear is None or abs(x - clear) > 10
                if free and self.rng.random() < share:
                    kind = str(self.rng.choice([*CARS, "van"], p=[0.25, 0.32, 0.1, 0.25, 0.08]))
                    heading = (0.0 if side < 0 else 180.0) + float(self.rng.normal(0, 0.8))
                    y = parked_y_m(self.street, side) + float(self.rng.normal(0, 0.06))
                    self.add(kind, x, y, heading, speed_mps=0.0, lamps=())
                x += float(self.rng.uniform(5.8, 7.2))

    def drive(self, *, oncoming: int, ahead: int, nearest_m: float) -> None:
        """Put moving vehicles on the lanes, both ways."""
        day: tuple[LampName, ...] = ("tail",) if self.rng.random() < 0.5 else ()
        for count, way in ((oncoming, -1), (ahead, 1)):
            for _ in range(count):
                lane = way * int(self.rng.integers(1, self.street.lanes_per_direction + 1))
                x = nearest_m + float(self.rng.gamma(2.0, 14.0))
                braking = self.rng.random() < 0.35 and way > 0
                lamps: tuple[LampName, ...] = ("head", "tail") if self.night or self.rng.random() < 0.4 else day
                if braking:
                    lamps = (*lamps, "brake")
                heading = (0.0 if way > 0 else 180.0) + float(self.rng.normal(0, 1.0))
                y = lane_y_m(self.street, lane) + float(self.rng.normal(0, 0.15))
                self.add(draw_kind(self.rng), x, y, heading, speed_mps=float(self.rng.uniform(3, 13)), lamps=lamps)

    def walk(self, count: int, *, near: tuple[float, float] | None = None) -> None:
        """Let people walk on the pavements; `near` gathers them around a point instead, on the road or off it."""
        inner = self.street.road_half_width_m + 1.6
        for _ in range(count):
            if near is None:
                side = 1 if self.rng.random() < 0.5 else -1
                x = float(self.rng.uniform(5, 45))
                y = side * float(self.rng.uniform(inner, inner + self.street.sidewalk_width_m - 2.0))
                heading = float(self.rng.choice([0, 180])) + float(self.rng.normal(0, 15))
                pose: Literal["standing", "walking"] = "walking" if self.rng.random() < 0.75 else "standing"
            else:
                angle, away = self.rng.uniform(0, 2 * np.pi), self.rng.uniform(3.0, 6.5)
                x, y = near[0] + float(away * np.cos(angle)), near[1] + float(away * np.sin(angle))
                heading = float(np.rad2deg(angle)) + 180 + float(self.rng.normal(0, 25))
                pose = "standing" if self.rng.random() < 0.6 else "walking"
            self._stand(x, y, heading, pose)

    def _stand(self, x_m: float, y_m: float, heading_deg: float, pose: Literal["standing", "walking"]) -> None:
        quad = footprint(x_m, y_m, 0.0, 0.9, 0.9)
        walls = self.street.road_half_width_m + self.street.sidewalk_width_m - 0.4
        if x_m < 4 or abs(y_m) > walls or any(overlap_m(quad, other) > 0 for other in self._quads):
            self.refused += 1
            return
        self._quads.append(quad)
        tall = float(np.clip(self.rng.normal(1.70, 0.09), 1.5, 1.98)) if self.rng.random() < 0.93 else 1.25
        self.people.append(
            Person(
                actor_id=next(self._ids),
                x_m=round(x_m, 3),
                y_m=round(y_m, 3),
                heading_deg=round(heading_deg % 360, 1),
                height_m=round(tall, 3),
                pose=pose,
                seed=int(self.rng.integers(2**31)),
            )
        )
