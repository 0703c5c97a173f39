"""Two vehicles collide: the solved impact becomes two damaged parties, debris and tyre marks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from scenes.checks import footprint, overlap_m
from scenes.crash import Impact, Mover, Vector, inertia_kg_m2, pdof_deg, solve
from scenes.crush import Side, share, stiffness
from scenes.leak import burning
from scenes.seeds import generator
from scenes.spec.party import CrashParty, Dent, Phase
from scenes.spec.remains import SkidMark
from scenes.spec.vehicle import LampName, Lost, Vehicle
from scenes.spinout import Rest, Track, slide
from scenes.trajectory import pressing_s, trajectory

SHOWN_CRUSH_M = (0.08, 0.62)
"""Least and most depth that a hull can show; the label keeps the solved crush."""
_AIRBAG_DELTA_V_MPS = 5.6
_BONNET_UP, _BUMPER_OFF = 0.5, 0.8
"""Share of parties at rest that burn, and the severity from which they can."""
Movers = tuple[Mover, Mover]


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
    """Both parties with their tyre marks, where they touched (world xy), and what energy their hulls took."""

    parties: tuple[Vehicle, Vehicle]
    skid_marks: tuple[SkidMark, ...]
    contact_m: tuple[float, float]
    absorbed_j: float


def collide(
    approach: Approach,
    y_m: float,
    *,
    nearest_m: float,
    phase: Literal["impact", "after"],
    friction: float,
    rng: np.random.Generator,
    tracked: bool = False,
) -> Wreck:
    """Solve an impact and return the scene of it.

    Args:
        approach: the vehicles at contact.
        y_m: contact point across the road.
        nearest_m: x of the nearer party's centre. Mechanics do not mind where they happen, so the impact is solved at
            x = 0 and its outcome moved.
        phase: `impact` shows the moment of contact, `after` the positions of rest.
        friction: tyre on road.
        rng: draws restitution (0.05 to 0.25), hull friction (0.35 to 0.6) and braking.
        tracked: with the `impact`, tell also where both come from and slide to, and when tyres mark the road.
    """
    point = np.array([0.0, y_m])
    movers = _mover(approach, 0, point), _mover(approach, 1, point)
    normal = _normal(approach, movers)
    restitution, hull_friction = float(rng.uniform(0.05, 0.25)), float(rng.uniform(0.35, 0.6))
    impact = solve(movers[0], movers[1], point_m=point, normal=normal, restitution=restitution, friction=hull_friction)
    kinds = [body["kind"] for body in approach.bodies]
    split = share(
        impact.absorbed_j,
        stiffness(kinds[0], approach.sides[0]),
        stiffness(kinds[1], approach.sides[1]),
        width_m=approach.width_m,
        oblique_deg=oblique_deg(impact.impulse_ns, normal),
    )
    tracks: tuple[Track, ...] = ()
    if phase == "impact":
        shown = _pressed(approach, impact, normal, split)
    else:
        shown, tracks = _rested(approach, impact, friction, rng)
    ahead = nearest_m - min(float(mover.position_m[0]) for mover in shown)
    placed = [replace(mover, position_m=mover.position_m + np.array([ahead, 0.0])) for mover in shown]
    parties = [
        _party(
            approach, index, before=movers[index], impact=impact, split=split[index], shown=placed[index], phase=phase
        )
        for index in (0, 1)
    ]
    skid_marks = tuple(_skid_mark(track, ahead) for track in tracks)
    if tracked:
        parties, skid_marks = _tracked(
            approach, parties, before=movers, pressed=(placed[0], placed[1]), impact=impact, friction=friction
        )
    return Wreck(
        parties=(parties[0], parties[1]),
        skid_marks=skid_marks,
        contact_m=(ahead, y_m),
        absorbed_j=impact.absorbed_j,
    )


def _tracked(
    approach: Approach, parties: list[Vehicle], *, before: Movers, pressed: Movers, impact: Impact, friction: float
) -> tuple[list[Vehicle], tuple[SkidMark, ...]]:
    """Return the parties with their tracks, and the marks with their times; draws from the parties' own seeds.

    They slide from where they are pressed. Both brake alike, so that neither runs into the other again.
    """
    crushed = sum(party.dents[0].depth_m for party in parties)
    contact_s = -pressing_s(crushed, impact.closing_speed_mps)
    braking = float(generator(parties[0].seed, "braking").uniform(0.5, 1.0))
    made, marks = [], list[SkidMark]()
    for party, came, shown, body in zip(parties, before, pressed, approach.bodies, strict=True):
        rest = _slid(shown, body, friction, braking)
        track = trajectory(came, shown, rest.path, contact_s=contact_s, rng=generator(party.seed, "approach"))
        made.append(replace(party, track=track))
        for points, times in zip(rest.marks_m, rest.marks_s, strict=True):
            marks.append(replace(_skid_mark(points, 0.0), times_s=tuple(round(time, 3) for time in times)))
    return made, tuple(marks)


def _slid(after: Mover, body: dict[str, Any], friction: float, braking: float) -> Rest:
    track_m = body["width_m"] - 0.25
    return slide(after, wheelbase_m=body["wheelbase_m"], track_m=track_m, friction=friction, braking=braking)


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


def _normal(approach: Approach, movers: Movers) -> Vector:
    """The struck surface's outward normal: of the flank if one is struck, else of the struck end."""
    angle, side = movers[1].heading_rad, approach.sides[1]
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    outward = {"front": along, "rear": -along, "side": across * np.sign(approach.point_m[1][1])}
    return np.asarray(outward[side])


def oblique_deg(impulse: Vector, normal: Vector) -> float:
    """Return the angle of a force against the normal of the struck surface."""
    cosine = float(impulse @ normal) / max(float(np.linalg.norm(impulse)), 1e-9)
    return float(np.rad2deg(np.arccos(np.clip(abs(cosine), 0, 1))))


def _rested(
    approach: Approach, impact: Impact, friction: float, rng: np.random.Generator
) -> tuple[Movers, tuple[Track, ...]]:
    """Return both parties where they came to rest, and the tracks of their tyres."""
    parties: list[Mover] = []
    tracks: list[Track] = []
    for after, body in zip((impact.first, impact.second), approach.bodies, strict=True):
        rest = _slid(after, body, friction, float(rng.uniform(0.5, 1.0)))
        parties.append(
            replace(after, position_m=rest.position_m, heading_rad=rest.heading_rad, velocity_mps=np.zeros(2))
        )
        tracks += rest.marks_m
    return (parties[0], parties[1]), tuple(tracks)


def _skid_mark(track: Track, ahead_m: float) -> SkidMark:
    """Whole millimetres, so that a spec's bytes do not hang on a libm."""
    points = tuple([(round(x + ahead_m, 3), round(y, 3)) for x, y in track])
    return SkidMark(points_m=points, width_m=0.19, strength=0.8)


def _pressed(
    approach: Approach, impact: Impact, normal: Vector, split: tuple[tuple[float, float], tuple[float, float]]
) -> Movers:
    """Return both parties moved along the normal so that, at the end of the impact, dented hulls touch.

    Undamaged hulls shall overlap by what both crushed. A corner that leads lies deeper than the contact point, so the
    overlap is measured.
    """
    first, second = impact.first, impact.second
    bodies = [
        footprint(
            float(mover.position_m[0]),
            float(mover.position_m[1]),
            float(np.rad2deg(mover.heading_rad)),
            body["length_m"],
            body["width_m"],
        )
        for mover, body in zip((first, second), approach.bodies, strict=True)
    ]
    crushed = shown_m(split[0][1]) + shown_m(split[1][1])
    inward = normal * (crushed - overlap_m(*bodies)) / 2
    return replace(first, position_m=first.position_m - inward), replace(second, position_m=second.position_m + inward)


def shown_m(crush_m: float) -> float:
    """Return the depth of dent that shows a crush."""
    least, most = SHOWN_CRUSH_M
    return min(max(crush_m, least), most)


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
        depth_m=round(shown_m(split[1]), 3),
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
    damage = broken(approach.sides[index], dent, crash)
    return Vehicle(
        actor_id=index + 1,
        x_m=round(float(shown.position_m[0]), 3),
        y_m=round(float(shown.position_m[1]), 3),
        heading_deg=round(float(np.rad2deg(shown.heading_rad)), 2),
        velocity_mps=(round(float(shown.velocity_mps[0]), 3), round(float(shown.velocity_mps[1]), 3)),
        lamps=lamps_after(approach.sides[index], phase),
        dents=(dent,),
        crash=crash,
        **damage,
        **(burning(crash, body["mass_kg"], body["seed"]) if phase == "after" else {}),
        **body,
    )


def broken(side: Side, dent: Dent, crash: CrashParty) -> dict[str, Any]:
    """Say what a blow did besides the dent: it follows crush and delta-v, so that equal impacts look alike.

    Front airbags fire from about 5.6 m/s of longitudinal delta-v (NHTSA: "must fire" at 14 mph into a barrier).
    """
    severity = round(min(1.0, 0.15 + 0.85 * dent.depth_m / SHOWN_CRUSH_M[1]), 3)
    lost: list[Lost] = []
    if side != "side" and severity > _BUMPER_OFF:
        lost.append("bumper_front" if side == "front" else "bumper_rear")
    return {
        "severity": severity,
        "airbags": side == "front" and crash.delta_v_mps > _AIRBAG_DELTA_V_MPS,
        "opened": ("bonnet",) if side == "front" and _BONNET_UP < severity <= _BUMPER_OFF else (),
        "lost": tuple(lost),
    }


def lamps_after(struck: Side, phase: Phase) -> tuple[LampName, ...]:
    """A struck end loses its lamps; the other end burns, and after the crash the hazard lights blink."""
    lamps: list[LampName] = []
    if struck != "front":
        lamps.append("head")
    if struck != "rear":
        lamps += ["tail", "brake"]
    if phase == "after":
        lamps += ["indicator_left", "indicator_right"]
    return tuple(lamps)
