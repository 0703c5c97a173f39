"""How far a struck person, rider or animal is thrown: a flight, a landing that costs µ of the fall, and a slide.

Source:
    Searle and Searle, SAE 831622 (1983), and Searle, SAE 930659 (1993): with launch angle θ, drop H and friction µ, the
    whole way is s = v² (cos θ + µ sin θ)² / (2 µ g) + µ H. Quoted from memory; the test derives it again by parts.
    Share of the vehicle's speed that a body takes over: 0.8 to 1, assumed for fronts that throw forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin, sqrt

import numpy as np

from scenes.errors import InputError
from scenes.friction import checked
from scenes.spinout import GRAVITY_MPS2

_TAKEN_OVER = (0.8, 1.0)
_LAUNCH_DEG = (2.0, 16.0)


@dataclass(frozen=True, kw_only=True)
class Throw:
    """A body that leaves a vehicle.

    Args:
        speed_mps: at the launch, >= 0.
        launch_deg: above the horizontal, in [0, 80].
        drop_m: height of its centre above where it lies at last, >= 0.
        friction: of the body on the road.
    """

    speed_mps: float
    launch_deg: float
    drop_m: float
    friction: float

    def __post_init__(self) -> None:
        checked(self.friction)
        if self.speed_mps < 0 or self.drop_m < 0 or not 0 <= self.launch_deg <= 80:
            raise InputError("throw", "speed_mps and drop_m >= 0, launch_deg in [0, 80]", got=repr(self))

    @property
    def flight_s(self) -> float:
        """Seconds in the air."""
        return (self._rises_mps + self._lands_mps) / GRAVITY_MPS2

    @property
    def slides_mps(self) -> float:
        """Speed on the ground just after landing, >= 0."""
        return max(0.0, self._ahead_mps - self.friction * self._lands_mps)

    @property
    def seconds(self) -> float:
        """Time until it lies still."""
        return self.flight_s + self.slides_mps / (self.friction * GRAVITY_MPS2)

    @property
    def distance_m(self) -> float:
        """Way from launch to rest, by its parts; Searle's formula where it slides at all."""
        slide_m = self.slides_mps**2 / (2 * self.friction * GRAVITY_MPS2)
        return self._ahead_mps * self.flight_s + slide_m

    def at(self, time_s: float) -> tuple[float, float]:
        """Return the way and the height of the centre over its place of rest, at a time >= 0 since the launch."""
        if time_s < self.flight_s:
            height = self.drop_m + self._rises_mps * time_s - GRAVITY_MPS2 * time_s**2 / 2
            return self._ahead_mps * time_s, max(0.0, height)
        since = min(time_s, self.seconds) - self.flight_s
        slid_m = self.slides_mps * since - self.friction * GRAVITY_MPS2 * since**2 / 2
        return self._ahead_mps * self.flight_s + slid_m, 0.0

    @property
    def _ahead_mps(self) -> float:
        return self.speed_mps * cos(radians(self.launch_deg))

    @property
    def _rises_mps(self) -> float:
        return self.speed_mps * sin(radians(self.launch_deg))

    @property
    def _lands_mps(self) -> float:
        return sqrt(self._rises_mps**2 + 2 * GRAVITY_MPS2 * self.drop_m)


def searle_m(speed_mps: float, *, launch_deg: float, drop_m: float, friction: float) -> float:
    """Return Searle's total throw distance; it holds where the landing leaves some speed."""
    angle = radians(launch_deg)
    factor = (cos(angle) + friction * sin(angle)) ** 2
    return speed_mps**2 * factor / (2 * friction * GRAVITY_MPS2) + friction * drop_m


def searle_mps(distance_m: float, friction: float) -> tuple[float, float]:
    """Return Searle's least and greatest launch speed for a distance on the level, whatever the angle was."""
    greatest = sqrt(2 * friction * GRAVITY_MPS2 * distance_m)
    return greatest / sqrt(1 + friction**2), greatest


def draw_throw(
    vehicle_mps: float, *, vehicle_kg: float, body_kg: float, drop_m: float, friction: float, rng: np.random.Generator
) -> Throw:
    """Draw the throw of a body that a vehicle's front strikes: it takes over a share of their common speed."""
    common = vehicle_mps * vehicle_kg / (vehicle_kg + body_kg)
    return Throw(
        speed_mps=common * float(rng.uniform(*_TAKEN_OVER)),
        launch_deg=float(rng.uniform(*_LAUNCH_DEG)),
        drop_m=drop_m,
        friction=friction,
    )
