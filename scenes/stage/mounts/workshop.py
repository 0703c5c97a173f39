"""A two- or three-wheeler under construction: its body, its lamps by light group, and what turns with the fork."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Asset, Beam, Piece
from scenes.stage.mesh import Points
from scenes.stage.mounts.mount import Mount, shape_rng, steering
from scenes.stage.mounts.mount_model import mount
from scenes.stage.mounts.tubework import Vector, Workpiece

_LAMP_RGB = (1.0, 0.93, 0.82)


@dataclass
class Workshop:
    """Collects what a vehicle is made of.

    Args:
        vehicle: what is built.
        layout: its model's numbers.
        rng: draws its shape.
        body: everything that does not glow.
        head, tail, indicator: lamp covers of each light group.
    """

    vehicle: Vehicle
    layout: Mount
    rng: np.random.Generator
    body: Workpiece = field(default_factory=Workpiece)
    head: Workpiece = field(default_factory=Workpiece)
    tail: Workpiece = field(default_factory=Workpiece)
    indicator: Workpiece = field(default_factory=Workpiece)
    wheels: list[Piece] = field(default_factory=list)
    beams: list[Beam] = field(default_factory=list)

    @classmethod
    def of(cls, vehicle: Vehicle) -> Workshop:
        """Return an empty workshop for a vehicle."""
        return cls(vehicle=vehicle, layout=mount(vehicle), rng=shape_rng(vehicle))

    @property
    def turned(self) -> Points:
        """The 4x4 turn of everything that steers."""
        return steering(self.layout, self.vehicle.steer_deg)

    def at(self, share: float) -> float:
        """Return the x at a share of the wheelbase, 0 at the rear axle."""
        return self.layout.rear.x_m + share * self.vehicle.wheelbase_m

    @contextmanager
    def steered(self) -> Iterator[None]:
        """Turn everything that is added inside about the steering axis."""
        works = (self.body, self.head, self.tail, self.indicator)
        before = [len(work.vertices) for work in works]
        yield
        matrix = self.turned
        for work, start in zip(works, before, strict=True):
            work.vertices[start:] = [points @ matrix[:3, :3].T + matrix[:3, 3] for points in work.vertices[start:]]

    def stand_wheel(self, wheel: Workpiece, where: Vector, *, steers: bool = False, side: int = 1) -> None:
        """Put a wheel's mesh on its axle, rolled as far as the spec says."""
        self.wheels.extend(wheel.pieces("wheel", self.wheel_matrix(where, steers=steers, side=side)))

    def wheel_matrix(self, where: Vector, *, steers: bool = False, side: int = 1) -> Points:
        """Return the 4x4 of a wheel: rolled, turned over for the right side, on its axle, steered."""
        angle = np.deg2rad(self.vehicle.wheel_turn_deg)
        cos, sin = np.cos(angle), np.sin(angle)
        rolled = np.eye(4)
        rolled[:3, :3] = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
        placed = np.diag([1.0, 1.0, 1.0, 1.0])
        placed[:2, :2] *= side
        placed = rolled @ placed
        placed[:3, 3] = where
        return np.asarray(self.turned @ placed if steers else placed)

    def low_beam(self, where: Vector, candela: float) -> None:
        """Let a lamp on the fork throw a dipped beam, if it burns."""
        burning = {"head", "high_beam"} & set(self.vehicle.lamps)
        if not burning:
            return
        x, y, z = (float(value) for value in (self.turned @ np.array([*where, 1.0]))[:3])
        pattern = "high" if "high_beam" in burning else "low"
        heading = float(np.clip(self.vehicle.steer_deg, -40, 40))
        self.beams.append(
            Beam(
                where_m=(x + 0.03, y, z),
                heading_deg=heading,
                candela=candela,
                rgb=_LAMP_RGB,
                light_group="head",
                pattern=pattern,
            )
        )

    def asset(self) -> Asset:
        """Return the finished asset."""
        lamps = (
            *self.head.pieces("headlamp", light_group="head"),
            *self.tail.pieces("tail lamp", light_group="tail"),
            *self.indicator.pieces("indicator", light_group="indicator"),
        )
        return Asset(pieces=(*self.body.pieces("body"), *self.wheels, *lamps), beams=tuple(self.beams))
