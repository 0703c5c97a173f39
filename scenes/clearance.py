"""The ground that a crash takes from approach to rest, and whether it leaves room for everybody else."""

from __future__ import annotations

from collections.abc import Sequence

from scenes.checks import Footprint, footprint, overlap_m
from scenes.spec.place import Street
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera
from scenes.station import STANDS, Stand, stand_of
from scenes.trajectory import moment

BRAKED_MPS2 = 4.0
"""How hard somebody has braked who stands, or goes slower, at the moment of a scene."""
_STEP_S = 0.12
_SPARE_M = 0.08


def ego_body(x_m: float, y_m: float, stand: Stand = STANDS["windscreen"]) -> Footprint:
    """Return the ego vehicle's rectangle by its camera's place."""
    return footprint(x_m + stand.middle_m, y_m, 0.0, stand.length_m, stand.width_m)


def body_at(party: Vehicle, time_s: float, *, spare_m: float = 0.0) -> Footprint:
    """Return a crash party's rectangle at a time of its track."""
    assert party.track is not None
    at = moment(party.track, time_s)
    return footprint(at.x_m, at.y_m, at.heading_deg, party.length_m + spare_m, party.width_m + spare_m)


def swept(party: Vehicle) -> list[Footprint]:
    """Return the rectangles that a party takes over its track; none without one."""
    if party.track is None:
        return []
    first, last = party.track.times_s[0], party.track.times_s[-1]
    steps = int((last - first) / _STEP_S) + 2
    return [body_at(party, min(first + step * _STEP_S, last), spare_m=0.5) for step in range(steps)]


def track_breach(camera: Camera, parties: Sequence[Vehicle], street: Street) -> str | None:
    """Return the first rule that tracks break: they shall end on the road, off the ego, and not run into each other."""
    tracked = [party for party in parties if party.track]
    for party in tracked:
        assert party.track is not None
        if abs(party.track.y_m[-1]) > street.road_half_width_m + 1.0:
            return "a crash party slides off the road"
        if meets_ego(camera, party):
            return "a crash party's way leads through the ego vehicle"
    if len(tracked) == 2 and _runs_in_again(tracked):
        return "a crash party runs into the other again"
    return None


def meets_ego(camera: Camera, party: Vehicle) -> bool:
    """Tell whether a party meets the ego, which at the latest has braked to a stand when it comes to the impact."""
    assert party.track is not None
    stand = stand_of(camera)
    if not stand.rides:
        return False
    first, last = party.track.times_s[0], party.track.times_s[-1]
    times = [first + step * _STEP_S for step in range(int((last - first) / _STEP_S) + 2)]
    stops_s = camera.speed_mps / BRAKED_MPS2
    places = [camera.x_m - BRAKED_MPS2 / 2 * min(-min(time, 0.0), stops_s) ** 2 for time in times]
    return any(
        overlap_m(body_at(party, time, spare_m=0.5), ego_body(x, camera.y_m, stand)) > 0
        for time, x in zip(times, places, strict=True)
    )


def _runs_in_again(tracked: Sequence[Vehicle]) -> bool:
    crushed = sum(dent.depth_m for party in tracked for dent in party.dents)
    last = max(party.track.times_s[-1] for party in tracked if party.track)
    times = [step * _STEP_S for step in range(int(last / _STEP_S) + 2)]
    return any(overlap_m(body_at(tracked[0], time), body_at(tracked[1], time)) > crushed + _SPARE_M for time in times)
