"""Planar impact of two vehicles: impulse with restitution and friction, and what it does to each.

Sources:
    Brach & Brach, Mechanical Impact Dynamics, 1991; Collision 2(1), 2007, 38-50.
    Moment of inertia about the vertical axis from a dynamic index of 1, I = m a b (Milliken & Milliken, 1995).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isinf
from typing import Any

import numpy as np

Vector = np.ndarray[Any, np.dtype[np.float64]]
_BACK_OFF = (1.0, 0.75, 0.5, 0.25, 0.0)


@dataclass(frozen=True, kw_only=True)
class Mover:
    """A vehicle as a rigid body in the plane.

    Args:
        mass_kg: > 0, infinite for what is fixed.
        inertia_kg_m2: about the vertical axis, > 0, infinite with the mass.
        position_m: centre of mass, world xy.
        heading_rad: counter-clockwise from +x.
        velocity_mps: world xy.
        yaw_rate_rad_s: counter-clockwise.
    """

    mass_kg: float
    inertia_kg_m2: float
    position_m: Vector
    heading_rad: float
    velocity_mps: Vector
    yaw_rate_rad_s: float = 0.0

    @property
    def kinetic_j(self) -> float:
        """Kinetic energy; 0 of what is fixed to the ground, which takes any impulse and none of the energy."""
        if isinf(self.mass_kg):
            return 0.0
        linear = self.mass_kg * float(self.velocity_mps @ self.velocity_mps)
        return 0.5 * (linear + self.inertia_kg_m2 * self.yaw_rate_rad_s**2)

    def kicked(self, impulse_ns: Vector, arm_m: Vector) -> Mover:
        """Return the body after an impulse that acts at `arm_m` from its centre of mass."""
        return Mover(
            mass_kg=self.mass_kg,
            inertia_kg_m2=self.inertia_kg_m2,
            position_m=self.position_m,
            heading_rad=self.heading_rad,
            velocity_mps=self.velocity_mps + impulse_ns / self.mass_kg,
            yaw_rate_rad_s=self.yaw_rate_rad_s + _cross(arm_m, impulse_ns) / self.inertia_kg_m2,
        )


def fixed(position_m: Vector) -> Mover:
    """Return a pole, tree, rail or wall: a body of infinite mass that stands still."""
    return Mover(mass_kg=inf, inertia_kg_m2=inf, position_m=position_m, heading_rad=0.0, velocity_mps=np.zeros(2))


@dataclass(frozen=True, kw_only=True)
class Impact:
    """A solved impact: both bodies just after it, and the impulse on the first.

    Args:
        first, second: the bodies after the impact.
        impulse_ns: on the first; the second gets its negative.
        closing_speed_mps: approach speed along the normal, >= 0.
        absorbed_j: kinetic energy lost, >= 0.
        restitution: the coefficient that the impact ended with; lower than asked for where it had to back off.
    """

    first: Mover
    second: Mover
    impulse_ns: Vector
    closing_speed_mps: float
    absorbed_j: float
    restitution: float


def solve(
    first: Mover, second: Mover, *, point_m: Vector, normal: Vector, restitution: float, friction: float
) -> Impact:
    """Solve one impact.

    Newton's restitution with Coulomb friction can create energy where the contact jams; the restitution is then backed
    off, and at last the contact sticks with none, which always loses energy.

    Args:
        first: a body before the impact.
        second: the other.
        point_m: where they touch, world xy.
        normal: unit vector of the contact, from the second towards the first.
        restitution: 0 (plastic) to 1 (elastic).
        friction: Coulomb coefficient between the hulls, >= 0.

    Raises:
        ValueError: the bodies do not approach each other at the point.
    """
    arms = point_m - first.position_m, point_m - second.position_m
    approach = _point_velocity(first, arms[0]) - _point_velocity(second, arms[1])
    frame = np.stack([normal, np.array([-normal[1], normal[0]])])
    closing = frame @ approach
    if closing[0] >= 0:
        raise ValueError("the bodies do not approach each other")
    mobility = frame @ _mobility(first, second, arms) @ frame.T
    for share in _BACK_OFF:
        impulse = _impulse(mobility, closing, restitution * share, friction)
        if impulse is not None and _lost(mobility, closing, impulse) >= 0:
            return _result(
                first, second, arms, impulse=frame.T @ impulse, closing=closing, restitution=restitution * share
            )
    stuck = _solved(mobility, -closing)
    return _result(first, second, arms, impulse=frame.T @ stuck, closing=closing, restitution=0.0)


def pdof_deg(impulse_ns: Vector, heading_rad: float) -> float:
    """Return where the force on a vehicle came from, clockwise from straight ahead in [0, 360) (SAE J224)."""
    source = -impulse_ns
    bearing = np.rad2deg(np.arctan2(source[1], source[0]) - heading_rad)
    return float(-bearing % 360.0) % 360.0


def inertia_kg_m2(mass_kg: float, wheelbase_m: float) -> float:
    """Return the yaw inertia of a vehicle of dynamic index 1 with its centre of mass midway."""
    return mass_kg * (0.5 * wheelbase_m) ** 2


def _cross(a: Vector, b: Vector) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


def _point_velocity(body: Mover, arm_m: Vector) -> Vector:
    return body.velocity_mps + body.yaw_rate_rad_s * np.array([-arm_m[1], arm_m[0]])


def _mobility(first: Mover, second: Mover, arms: tuple[Vector, Vector]) -> Vector:
    """Relative velocity of the contact points per unit impulse: (1/m1 + 1/m2) 1 + sum r_perp r_perp^T / I."""
    matrix = np.eye(2) * (1 / first.mass_kg + 1 / second.mass_kg)
    for body, arm in zip((first, second), arms, strict=True):
        across = np.array([-arm[1], arm[0]])
        matrix += np.outer(across, across) / body.inertia_kg_m2
    return matrix


def _impulse(mobility: Vector, closing: Vector, restitution: float, friction: float) -> Vector | None:
    stuck = _solved(mobility, np.array([-(1 + restitution) * closing[0], -closing[1]]))
    if stuck[0] > 0 and abs(stuck[1]) <= friction * stuck[0]:
        return np.asarray(stuck)
    side = np.sign(stuck[1])
    resistance = mobility[0, 0] + side * friction * mobility[0, 1]
    if resistance <= 0:
        return None
    push = -(1 + restitution) * closing[0] / resistance
    return np.array([push, side * friction * push])


def _solved(matrix: Vector, right: Vector) -> Vector:
    """Cramer's rule for two equations: `np.linalg.solve` takes five times as long."""
    (a, b), (c, d) = matrix.tolist()
    x, y = right.tolist()
    scale = a * d - b * c
    return np.array([(d * x - b * y) / scale, (a * y - c * x) / scale])


def _lost(mobility: Vector, closing: Vector, impulse: Vector) -> float:
    return float(-0.5 * impulse @ (2 * closing + mobility @ impulse))


def _result(
    first: Mover, second: Mover, arms: tuple[Vector, Vector], *, impulse: Vector, closing: Vector, restitution: float
) -> Impact:
    after = first.kicked(impulse, arms[0]), second.kicked(-impulse, arms[1])
    lost = first.kinetic_j + second.kinetic_j - after[0].kinetic_j - after[1].kinetic_j
    return Impact(
        first=after[0],
        second=after[1],
        impulse_ns=impulse,
        closing_speed_mps=float(-closing[0]),
        absorbed_j=max(0.0, lost),
        restitution=restitution,
    )
