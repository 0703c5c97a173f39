"""Two vehicles collide: the solved impact becomes two damaged parties, debris and tyre marks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from scenes.checks import footprint, overlap_m
from scenes.crash import Impact, Mover, Vector, inertia_kg_m2, pdof_deg, solve
from scenes.crush import Side, share, stiffness
from scenes.spec import CrashParty, Debris, Dent, LampName, Lost, SkidMark, Vehicle
from scenes.spinout import slide

_SHOWN_CRUSH_M = (0.08, 0.62)
"""Least and most depth that a hull can show; the label keeps the solved crush."""
_SHARDS: tuple[Literal["glass"], Literal["plastic"], Literal["trim"]] = ("glass", "plastic", "trim")
_SHARD_SHARES = (0.5, 0.88, 1.0)  # cumulative
_AIRBAG_DELTA_V_MPS = 5.6
_BONNET_UP, _BUMPER_OFF = 0.5, 0.8


@dataclass(frozen=True, kw_only=True)
class Approach:
    """Two vehicles at the moment of contact, before it.

    Args:
        bodies: keyword arguments of two vehicles' bodies, striking first.
        headings_deg: of both.
        speeds_mps: along their headings.
        point_m: contact in each vehicle's own frame, xy.
        sides: which side of each is struck.
        width_m: width of the contact.
    """

    bodies: tuple[dict[str, Any], dict[str, Any]]
    headings_deg: tuple[float, float]
    speeds_mps: tuple[float, float]
    point_m: tuple[tuple[float, float], tuple[float, float]]
    sides: tuple[Side, Side]
    width_m: float


@dataclass(frozen=True, kw_only=True)
class Wreck:
    """Both parties with what lies around them."""

    parties: tuple[Vehicle, Vehicle]
    debris: tuple[Debris, ...]
    skid_marks: tuple[SkidMark, ...]

    def moved(self, dx_m: float) -> Wreck:
        """Return the same wreck farther along the road: mechanics do not mind where they happen."""
        return Wreck(
            parties=(
                replace(self.parties[0], x_m=round(self.parties[0].x_m + dx_m, 3)),
                replace(self.parties[1], x_m=round(self.parties[1].x_m + dx_m, 3)),
            ),
            debris=tuple(replace(piece, x_m=round(piece.x_m + dx_m, 3)) for piece in self.debris),
            skid_marks=tuple(
                replace(mark, points_m=tuple((round(x + dx_m, 3), y) for x, y in mark.points_m))
                for mark in self.skid_marks
            ),
        )


def collide(
    approach: Approach,
    where_m: tuple[float, float],
    *,
    phase: Literal["impact", "after"],
    friction: float,
    rng: np.random.Generator,
) -> Wreck:
    """Solve an impact at `where_m` and return the scene of it.

    Args:
        approach: the vehicles at contact.
        where_m: contact point, world xy.
        phase: `impact` shows the moment of contact, `after` the positions of rest.
        friction: tyre on road.
        rng: draws restitution (0.05 to 0.25), hull friction (0.35 to 0.6), braking and debris.
    """
    point = np.array(where_m)
    movers = [_mover(approach, index, point) for index in (0, 1)]
    normal = _normal(approach, movers)
    restitution, hull_friction = float(rng.uniform(0.05, 0.25)), float(rng.uniform(0.35, 0.6))
    impact = solve(movers[0], movers[1], point_m=point, normal=normal, restitution=restitution, friction=hull_friction)
    kinds = [body["kind"] for body in approach.bodies]
    split = share(
        impact.absorbed_j,
        stiffness(kinds[0], approach.sides[0]),
        stiffness(kinds[1], approach.sides[1]),
        width_m=approach.width_m,
        oblique_deg=_oblique_deg(impact.impulse_ns, normal),
    )
    brakings = [float(rng.uniform(0.5, 1.0)) for _ in approach.bodies]
    pressed = _pressed(approach, (impact.first, impact.second), normal, split)
    parties, marks, ends = [], [], []
    for index, after in enumerate((impact.first, impact.second)):
        if phase == "after":
            shown, tracks = _rest(after, approach.bodies[index], friction, brakings[index])
            marks += [SkidMark(points_m=track, width_m=0.19, strength=0.8) for track in tracks]
        else:
            shown = replace(after, position_m=after.position_m + pressed[index])
        ends.append(shown.position_m if phase == "after" else point)
        parties.append(
            _party(approach, index, before=movers[index], impact=impact, split=split[index], shown=shown, phase=phase)
        )
    debris = _debris(point, ends, impact, rng)
    return Wreck(parties=(parties[0], parties[1]), debris=debris, skid_marks=tuple(marks))


def _mover(approach: Approach, index: int, point: Vector) -> Mover:
    body, angle = approach.bodies[index], np.deg2rad(approach.headings_deg[index])
    along = np.array([np.cos(angle), np.sin(angle)])
    x, y = approach.point_m[index]
    return Mover(
        mass_kg=body["mass_kg"],
        inertia_kg_m2=inertia_kg_m2(body["mass_kg"], body["wheelbase_m"]),
        position_m=point - x * along - y * np.array([-along[1], along[0]]),
        heading_rad=float(angle),
        velocity_mps=approach.speeds_mps[index] * along,
    )


def _normal(approach: Approach, movers: list[Mover]) -> Vector:
    """The struck surface's outward normal: of the flank if one is struck, else of the struck end."""
    angle, side = movers[1].heading_rad, approach.sides[1]
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    outward = {"front": along, "rear": -along, "side": across * np.sign(approach.point_m[1][1])}
    return np.asarray(outward[side])


def _oblique_deg(impulse: Vector, normal: Vector) -> float:
    cosine = float(impulse @ normal) / max(float(np.linalg.norm(impulse)), 1e-9)
    return float(np.rad2deg(np.arccos(np.clip(abs(cosine), 0, 1))))


def _rest(
    after: Mover, body: dict[str, Any], friction: float, braking: float
) -> tuple[Mover, tuple[tuple[tuple[float, float], ...], ...]]:
    rest = slide(
        after,
        wheelbase_m=body["wheelbase_m"],
        track_m=body["width_m"] - 0.25,
        friction=friction,
        braking=braking,
    )
    return replace(
        after, position_m=rest.position_m, heading_rad=rest.heading_rad, velocity_mps=np.zeros(2)
    ), rest.marks_m


def _pressed(
    approach: Approach,
    after: tuple[Mover, Mover],
    normal: Vector,
    split: tuple[tuple[float, float], tuple[float, float]],
) -> tuple[Vector, Vector]:
    """Return how far each party moves along the normal so that, at the end of the impact, dented hulls touch.

    Undamaged hulls shall overlap by what both crushed. A corner that leads lies deeper than the contact point, so the
    overlap is measured.
    """
    bodies = [
        footprint(
            float(mover.position_m[0]),
            float(mover.position_m[1]),
            float(np.rad2deg(mover.heading_rad)),
            body["length_m"],
            body["width_m"],
        )
        for mover, body in zip(after, approach.bodies, strict=True)
    ]
    crushed = _shown(split[0][1]) + _shown(split[1][1])
    inward = (crushed - overlap_m(*bodies)) / 2
    return -normal * inward, normal * inward


def _shown(crush_m: float) -> float:
    return float(np.clip(crush_m, *_SHOWN_CRUSH_M))


def _party(
    approach: Approach,
    index: int,
    *,
    before: Mover,
    impact: Impact,
    split: tuple[float, float],
    shown: Mover,
    phase: Literal["impact", "after"],
) -> Vehicle:
    body, (x, y) = approach.bodies[index], approach.point_m[index]
    impulse = impact.impulse_ns if index == 0 else -impact.impulse_ns
    after = impact.first if index == 0 else impact.second
    cos, sin = np.cos(before.heading_rad), np.sin(before.heading_rad)
    push = np.array([[cos, sin], [-sin, cos]]) @ (impulse / np.linalg.norm(impulse))
    dent = Dent(
        point_m=(round(x, 3), round(y, 3), round(0.36 * body["height_m"], 3)),
        direction=(round(float(push[0]), 4), round(float(push[1]), 4), 0.0),
        depth_m=round(_shown(split[1]), 3),
        width_m=round(approach.width_m + 0.35, 3),
        height_m=round(0.62 * body["height_m"], 3),
    )
    crash = CrashParty(
        partner=2 - index,
        phase=phase,
        delta_v_mps=round(float(np.linalg.norm(after.velocity_mps - before.velocity_mps)), 3),
        pdof_deg=round(pdof_deg(impulse, before.heading_rad), 2) % 360.0,
        closing_speed_mps=round(impact.closing_speed_mps, 3),
        impact_point_m=(round(x, 3), round(y, 3)),
        absorbed_energy_j=round(split[0], 1),
        crush_m=round(split[1], 4),
    )
    return Vehicle(
        actor_id=index + 1,
        x_m=round(float(shown.position_m[0]), 3),
        y_m=round(float(shown.position_m[1]), 3),
        heading_deg=round(float(np.rad2deg(shown.heading_rad)), 2),
        velocity_mps=(round(float(shown.velocity_mps[0]), 3), round(float(shown.velocity_mps[1]), 3)),
        lamps=_lamps(approach.sides[index], phase),
        dents=(dent,),
        crash=crash,
        **_broken(approach.sides[index], dent, crash),
        **body,
    )


def _broken(side: Side, dent: Dent, crash: CrashParty) -> dict[str, Any]:
    """Say what a blow did besides the dent: it follows crush and delta-v, so that equal impacts look alike.

    Front airbags fire from about 5.6 m/s of longitudinal delta-v (NHTSA: "must fire" at 14 mph into a barrier).
    """
    severity = round(min(1.0, 0.15 + 0.85 * dent.depth_m / _SHOWN_CRUSH_M[1]), 3)
    lost: list[Lost] = []
    if side != "side" and severity > _BUMPER_OFF:
        lost.append("bumper_front" if side == "front" else "bumper_rear")
    return {
        "severity": severity,
        "airbags": side == "front" and crash.delta_v_mps > _AIRBAG_DELTA_V_MPS,
        "opened": ("bonnet",) if side == "front" and _BONNET_UP < severity <= _BUMPER_OFF else (),
        "lost": tuple(lost),
    }


def _lamps(struck: Side, phase: Literal["impact", "after"]) -> tuple[LampName, ...]:
    """A struck end loses its lamps; the other end burns, and after the crash the hazard lights blink."""
    lamps: list[LampName] = []
    if struck != "front":
        lamps.append("head")
    if struck != "rear":
        lamps += ["tail", "brake"]
    if phase == "after":
        lamps += ["indicator_left", "indicator_right"]
    return tuple(lamps)


def _debris(point: Vector, rests: list[Vector], impact: Impact, rng: np.random.Generator) -> tuple[Debris, ...]:
    """Scatter shards along the way from the impact; more energy, more pieces (20 to 60)."""
    count = int(np.clip(8 * np.sqrt(impact.absorbed_j / 10_000), 20, 60))
    goals = np.array(rests)[rng.integers(2, size=count)]
    spots = point + (goals - point) * rng.random((count, 1))
    spots = np.round(spots + rng.normal(size=(count, 2)) * (0.7 + 0.3 * rng.random((count, 1))), 3)
    kinds = np.searchsorted(_SHARD_SHARES, rng.random(count))
    sizes = np.round(np.minimum(rng.lognormal(np.log(np.where(kinds, 0.13, 0.07)), 0.5), 0.5), 3)
    headings, seeds = np.round(rng.uniform(0, 360, count), 1), rng.integers(2**31, size=count)
    rows = zip(kinds.tolist(), spots.tolist(), headings.tolist(), sizes.tolist(), seeds.tolist(), strict=True)
    return tuple(
        Debris(kind=_SHARDS[kind], x_m=x, y_m=y, heading_deg=heading, size_m=size, seed=seed)
        for kind, (x, y), heading, size, seed in rows
    )
