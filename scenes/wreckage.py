"""A crash at a time of its tracks: how damaged its parties are, what has come off, which marks are on the road."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scenes.spec import Debris, LampName, Phase, SkidMark, Track, Vehicle
from scenes.trajectory import moment, rolled_m

_AIRBAG_S = 0.03
_HAZARDS_AFTER_S = 0.6
_SLIDES_MPS2 = 0.5 * 9.81
_DAMAGE: dict[str, Any] = {
    "dents": (),
    "severity": 0.0,
    "lost": (),
    "opened": (),
    "flat_tyres": (),
    "airbags": False,
    "burnt": 0.0,
    "flames": 0.0,
}


def crash_phase(track: Track, time_s: float) -> Phase:
    """Return where in the crash a time stands: until the hulls touch, until they are pressed in, and then."""
    if time_s < track.contact_s:
        return "approach"
    return "impact" if time_s <= 0 else "after"


def party_at(vehicle: Vehicle, track: Track, time_s: float) -> Vehicle:
    """Return a crash party at a time: whole until the hulls touch, then dented deeper and deeper until the impact ends.

    Tyres that a blow flattens and parts that it tears off go at its end.
    """
    where = moment(track, time_s)
    crash = vehicle.crash and replace(vehicle.crash, phase=crash_phase(track, time_s))
    placed = replace(
        vehicle,
        x_m=where.x_m,
        y_m=where.y_m,
        heading_deg=where.heading_deg,
        velocity_mps=where.velocity_mps,
        lamps=_party_lamps(vehicle, track, time_s),
        crash=crash,
        track=None,
        rolled_m=rolled_m(track, time_s) - rolled_m(track, 0.0),
    )
    if time_s >= 0:
        return placed
    if time_s < track.contact_s:
        return replace(placed, **_DAMAGE)
    share = 1 - time_s / track.contact_s
    dents = tuple(replace(dent, depth_m=dent.depth_m * share) for dent in vehicle.dents)
    fired = vehicle.airbags and time_s > track.contact_s + _AIRBAG_S
    return replace(placed, **{**_DAMAGE, "dents": dents, "severity": vehicle.severity * share, "airbags": fired})


def _party_lamps(vehicle: Vehicle, track: Track, time_s: float) -> tuple[LampName, ...]:
    if time_s < track.contact_s:
        slows = track.brakes_s < track.contact_s and time_s >= track.brakes_s
        return ("head", "tail", "brake") if slows else ("head", "tail")
    if time_s > track.times_s[-1] + _HAZARDS_AFTER_S:
        return (*vehicle.lamps, "indicator_left", "indicator_right")
    return vehicle.lamps


def piece_at(piece: Debris, time_s: float) -> Debris | None:
    """Return a loose piece at a time: what is thrown slides from where it came off and turns until it rests."""
    if piece.thrown_from_m is None:
        return piece
    if time_s < 0:
        return None
    x0, y0 = piece.thrown_from_m
    far = ((piece.x_m - x0) ** 2 + (piece.y_m - y0) ** 2) ** 0.5
    takes_s = max((2 * far / _SLIDES_MPS2) ** 0.5, 1e-6)
    left = max(0.0, 1 - time_s / takes_s) ** 2
    return replace(
        piece,
        x_m=piece.x_m + left * (x0 - piece.x_m),
        y_m=piece.y_m + left * (y0 - piece.y_m),
        heading_deg=piece.heading_deg - 400.0 * left * far,
        thrown_from_m=None,
    )


def mark_at(mark: SkidMark, time_s: float) -> SkidMark | None:
    """Return as much of a tyre mark as has been made."""
    if not mark.times_s:
        return mark
    points = tuple(point for point, made_s in zip(mark.points_m, mark.times_s, strict=True) if made_s <= time_s)
    return replace(mark, points_m=points, times_s=()) if len(points) > 2 else None
