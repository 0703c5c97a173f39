"""One impact inside an event: momentum by `crash.solve`, crush by Campbell, and what both sides keep of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, radians, sin
from typing import Any

import numpy as np

from scenes.collision import SHOWN_CRUSH_M, oblique_deg
from scenes.crash import Impact, Mover, Vector, fixed, inertia_kg_m2, pdof_deg, solve
from scenes.crashes.contact import Touch
from scenes.crashes.event import Fixed
from scenes.crush import Side, alone, share, stiffness
from scenes.spec.party import Against

_LEAST_DENT_M = 0.03
_FULL_DENT_MPS = 3.0
"""Closing speed from which a dent is at least as deep as in a scene of one impact; slower touches leave scratches."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """What one impact did to one body.

    Args:
        seconds: when it ends.
        other: index of the other body, -1 for what is none.
        against: what that was.
        side: which side was struck.
        point_m, push: contact and unit force in the body's own frame.
        delta_v_mps, pdof_deg, closing_mps, absorbed_j, crush_m: see `CrashParty`.
        shown_m: depth of the dent.
        width_m: of the contact.
    """

    seconds: float
    other: int
    against: Against
    side: Side
    point_m: tuple[float, float]
    push: tuple[float, float]
    delta_v_mps: float
    pdof_deg: float
    closing_mps: float
    absorbed_j: float
    crush_m: float
    shown_m: float
    width_m: float


@dataclass(frozen=True, kw_only=True)
class Struck:
    """A body that takes part in an impact: its mover, kind of vehicle, index and struck side."""

    mover: Mover
    kind: str
    index: int
    side: Side


def meet(
    first: Struck,
    second: Struck | Fixed,
    touch: Touch,
    *,
    seconds: float,
    width_m: float,
    restitution: float,
    hull_friction: float,
) -> tuple[Impact, list[Hit]] | None:
    """Solve an impact; None if the bodies part already.

    Args:
        first: who strikes.
        second: who or what is struck; what is fixed takes no harm.
        touch: where.
        seconds: when it ends.
        width_m: of the contact.
        restitution: see `crash.solve`.
        hull_friction: its friction.
    """
    point, normal = np.array(touch.point_m), np.array(touch.normal)
    other = fixed(point) if isinstance(second, Fixed) else second.mover
    try:
        impact = solve(
            first.mover, other, point_m=point, normal=normal, restitution=restitution, friction=hull_friction
        )
    except ValueError:
        return None
    slant = oblique_deg(impact.impulse_ns, normal)
    soft = stiffness(first.kind, first.side)
    told: dict[str, Any] = {"seconds": seconds, "width_m": width_m, "closing_mps": impact.closing_speed_mps}
    if isinstance(second, Fixed):
        split = alone(impact.absorbed_j, soft, width_m=width_m, oblique_deg=slant)
        made = _hit(first, impact.first, impact.impulse_ns, point, split, other=-1, against=second.against, **told)
        return impact, [made]
    splits = share(impact.absorbed_j, soft, stiffness(second.kind, second.side), width_m=width_m, oblique_deg=slant)
    told["against"] = "vehicle"
    return impact, [
        _hit(first, impact.first, impact.impulse_ns, point, splits[0], other=second.index, **told),
        _hit(second, impact.second, -impact.impulse_ns, point, splits[1], other=first.index, **told),
    ]


def _hit(struck: Struck, after: Mover, impulse: Vector, point: Vector, split: tuple[float, float], **told: Any) -> Hit:
    before = struck.mover
    x, y = _turned(point - before.position_m, -before.heading_rad)
    push = _turned(impulse / np.linalg.norm(impulse), -before.heading_rad)
    return Hit(
        side=struck.side,
        point_m=(x, y),
        push=push,
        delta_v_mps=float(np.linalg.norm(after.velocity_mps - before.velocity_mps)),
        pdof_deg=pdof_deg(impulse, before.heading_rad),
        absorbed_j=split[0],
        crush_m=split[1],
        shown_m=dent_m(split[1], told["closing_mps"]),
        **told,
    )


def dent_m(crush_m: float, closing_mps: float) -> float:
    """Return the depth of dent that shows a crush; a slow touch leaves little."""
    least = _LEAST_DENT_M if closing_mps < _FULL_DENT_MPS else SHOWN_CRUSH_M[0]
    return min(max(crush_m, least), SHOWN_CRUSH_M[1])


def throws(first: Struck, *, gains_mps: tuple[float, float], body_kg: float, seconds: float, against: Against) -> Hit:
    """Return what a thrown body does to the vehicle that struck it; it gave away the momentum that the body has.

    Args:
        first: the vehicle.
        gains_mps: change of the body's velocity, world xy.
        body_kg: its mass.
        seconds: when.
        against: what it is.
    """
    lost = hypot(*gains_mps) * body_kg / first.mover.mass_kg
    impulse = -np.array(gains_mps)
    push = _turned(impulse / max(float(np.linalg.norm(impulse)), 1e-9), -first.mover.heading_rad)
    speed = float(np.linalg.norm(first.mover.velocity_mps))
    return Hit(
        seconds=seconds,
        other=-1,
        against=against,
        side=first.side,
        point_m=(0.0, 0.0),
        push=push,
        delta_v_mps=lost,
        pdof_deg=pdof_deg(impulse, first.mover.heading_rad),
        closing_mps=speed,
        absorbed_j=0.0,
        crush_m=0.0,
        shown_m=0.06,
        width_m=0.6,
    )


def _turned(vector: Vector, angle_rad: float) -> tuple[float, float]:
    c, s = cos(angle_rad), sin(angle_rad)
    return float(vector[0] * c - vector[1] * s), float(vector[0] * s + vector[1] * c)


def at_contact(
    body: dict[str, Any],
    *,
    heading_deg: float,
    velocity_mps: tuple[float, float],
    yaw_rate_rad_s: float,
    own_m: tuple[float, float],
    point_m: tuple[float, float],
) -> Mover:
    """Return a vehicle whose point `own_m` is at a point of the world."""
    angle = radians(heading_deg)
    x, y = _turned(np.array(own_m), angle)
    return Mover(
        mass_kg=body["mass_kg"],
        inertia_kg_m2=inertia_kg_m2(body["mass_kg"], body["wheelbase_m"]),
        position_m=np.array([point_m[0] - x, point_m[1] - y]),
        heading_rad=angle,
        velocity_mps=np.array(velocity_mps),
        yaw_rate_rad_s=yaw_rate_rad_s,
    )
