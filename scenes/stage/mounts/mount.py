"""What people ride: the numbers that frame, wheels and riders of a two- or three-wheeler share.

Everything stands in the vehicle's frame with straight steering.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.mesh import Points

KIND_NUMBER = MappingProxyType({"motorcycle": 41, "scooter": 42, "bicycle": 51, "three_wheeler": 61})
"""First word of the seed of a kind's shapes."""

_MAX_STEER_DEG = 42.0


@dataclass(frozen=True, kw_only=True)
class Wheel:
    """A wheel's place and size: x of its axle, outer radius and half width of its tyre."""

    x_m: float
    radius_m: float
    half_m: float


@dataclass(frozen=True, kw_only=True)
class Mount:
    """The layout of one model.

    Args:
        style: what it looks like ("commuter", "city", "auto").
        front, rear: wheels.
        track_m: distance between the rear wheels' centres, 0 for one wheel.
        rake_deg: of the steering axis, from the vertical.
        trail_m: how far ahead of the front contact the steering axis meets the ground.
        head_z_m: height of the upper end of the steering head.
        grip_m: centre of the left grip.
        bar_m: half width over the handlebar's ends.
        saddle_m: x and z of the saddle's top below the rider's hips.
        pillion_m: likewise for whoever sits behind; None if nobody can.
        peg_m: top of the left foot's peg, pedal or floor.
        crank_m: x, z of the crank's axle and its length; None without pedals.
        pedal_y_m: how far out the pedals' middles are.
    """

    style: str
    front: Wheel
    rear: Wheel
    track_m: float = 0.0
    rake_deg: float
    trail_m: float
    head_z_m: float
    grip_m: tuple[float, float, float]
    bar_m: float
    saddle_m: tuple[float, float]
    pillion_m: tuple[float, float] | None = None
    peg_m: tuple[float, float, float]
    crank_m: tuple[float, float, float] | None = None
    pedal_y_m: float = 0.14

    def axis_x_m(self, z_m: float) -> float:
        """Return where the steering axis is at a height."""
        return self.front.x_m + self.trail_m - z_m * float(np.tan(np.deg2rad(self.rake_deg)))

    @property
    def head_m(self) -> Points:
        """Upper end of the steering head."""
        return np.array([self.axis_x_m(self.head_z_m), 0.0, self.head_z_m])

    @property
    def up(self) -> Points:
        """Unit vector along the steering axis."""
        rake = np.deg2rad(self.rake_deg)
        return np.array([-np.sin(rake), 0.0, np.cos(rake)])


def shape_rng(vehicle: Vehicle) -> np.random.Generator:
    """Return the generator of a model's shape."""
    return np.random.default_rng([KIND_NUMBER[vehicle.kind], vehicle.model])


def steering(layout: Mount, steer_deg: float) -> Points:
    """Return the 4x4 turn about the steering axis that keeps the front tyre on the ground."""
    angle = np.deg2rad(np.clip(steer_deg, -_MAX_STEER_DEG, _MAX_STEER_DEG))
    x, y, z = layout.up
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turned = np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew
    matrix = np.eye(4)
    matrix[:3, :3] = turned
    matrix[:3, 3] = layout.head_m - turned @ layout.head_m
    wheel = layout.front
    hub_z = (matrix @ np.array([wheel.x_m, 0.0, wheel.radius_m, 1.0]))[2]
    tilt = np.sqrt(1 - turned[2, 1] ** 2)
    matrix[2, 3] -= hub_z - (wheel.radius_m - wheel.half_m) * tilt - wheel.half_m
    return matrix


def pedal_m(layout: Mount, side: int, turn_deg: float) -> Points:
    """Return the middle of a pedal's top; the left crank starts 20 degrees above straight ahead."""
    assert layout.crank_m is not None
    x, z, length = layout.crank_m
    angle = np.deg2rad(20.0 - crank_turn_deg(turn_deg) + (180 if side < 0 else 0))
    return np.array([x + length * np.cos(angle), side * layout.pedal_y_m, z + length * np.sin(angle) + 0.012])


def crank_turn_deg(wheel_turn_deg: float) -> float:
    """Return how far the cranks have turned: a gear of 42 to 17 teeth, so 0.4 turns a turn of the wheel."""
    return 0.4 * wheel_turn_deg
