"""Whether a camera's view is of use: it stands in nothing, above the ground, and sees somebody who is not too far."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import cos, hypot, radians, sin, tan

from scenes.checks import footprint, overlap_m
from scenes.site.layout import layout
from scenes.site.plan import Path, Point
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera
from scenes.station import stand_of

Place = tuple[float, float, float]
_TALLER_BY = 0.56
"""Height over width of the narrowest pictures that we render, 16:9."""
_LEAST_SHARE = 0.035
"""Of the picture's height: below 12 pixels of 360 nobody labels a vehicle."""
_BODY_M, _OVERHEAD_M = 0.35, 0.3
_LOWEST_M = 0.25
_POST_M = 0.7
_BESIDE_M = 8.0
_CEILING_M = 4.6
_GIRDERS_M = 40.0
_CROWN_M, _CROWN_STEP_M, _CROWN_LOW_M = 4.0, 4.0, 2.4
_NEVER_UP = ("level_crossing_lights", "manhole_cover", "drain_gully")


def sight_breach(spec: SceneSpec) -> str | None:
    """Return the first rule that the scene's first camera breaks, or None."""
    camera = spec.cameras[0]
    if camera.z_m < _LOWEST_M:
        return "the camera is below the ground"
    return stand_breach(spec) or _too_little(spec, camera)


def places_seen(spec: SceneSpec, camera: Camera) -> Iterator[Vehicle]:
    """Yield the vehicles on the main road whose middle lies in the picture, large enough in it to be labelled.

    What stands in a side road may be behind a house.
    """
    half = tan(radians(camera.hfov_deg / 2)) * _TALLER_BY
    open_m = spec.street.road_half_width_m + _BESIDE_M
    for vehicle in spec.vehicles:
        if abs(vehicle.y_m) > open_m and not vehicle.crash:
            continue
        right, up, ahead = seen_from(camera, (vehicle.x_m, vehicle.y_m, vehicle.height_m / 2))
        if ahead <= 0.5 or abs(right) > ahead * tan(radians(camera.hfov_deg / 2)) or abs(up) > ahead * half:
            continue
        if vehicle.height_m / (2 * half * ahead) >= _LEAST_SHARE:
            yield vehicle


def seen_from(camera: Camera, place_m: Place) -> Place:
    """Return a place as the camera sees it, metres right, up and ahead; roll is left out, which moves nothing far."""
    x, y, z = place_m[0] - camera.x_m, place_m[1] - camera.y_m, place_m[2] - camera.z_m
    yaw, pitch = radians(camera.yaw_deg), radians(camera.pitch_deg)
    level = x * cos(yaw) + y * sin(yaw)
    return x * sin(yaw) - y * cos(yaw), z * cos(pitch) - level * sin(pitch), level * cos(pitch) + z * sin(pitch)


def clearings(camera: Camera) -> list[tuple[float, float, float]]:
    """Return circles (x, y, radius) that a pole's or gantry's owner keeps free of trees: where they would hide all."""
    if camera.station not in ("pole", "gantry"):
        return []
    fall = -tan(radians(min(camera.pitch_deg, -1.0)))
    reach = (camera.z_m - _CROWN_LOW_M) / fall
    yaw = radians(camera.yaw_deg)
    steps = int(max(reach, 0.0) / _CROWN_STEP_M) + 1
    return [
        (camera.x_m + cos(yaw) * _CROWN_STEP_M * step, camera.y_m + sin(yaw) * _CROWN_STEP_M * step, _CROWN_M)
        for step in range(steps)
    ]


def stand_breach(spec: SceneSpec) -> str | None:
    """Return what the scene's first camera stands in, or None."""
    camera = spec.cameras[0]
    spot = footprint(camera.x_m, camera.y_m, camera.yaw_deg, _BODY_M, _BODY_M)
    for vehicle in spec.vehicles:
        body = footprint(vehicle.x_m, vehicle.y_m, vehicle.heading_deg, vehicle.length_m, vehicle.width_m)
        if camera.z_m < vehicle.height_m + _OVERHEAD_M and overlap_m(spot, body) > 0:
            return f"the camera is inside vehicle {vehicle.actor_id}"
    return None if stand_of(camera).rides else _stands_against(spec, camera)


def _stands_against(spec: SceneSpec, camera: Camera) -> str | None:
    """Return what of the place is where a pole, gantry or drone is, or None."""
    plan = layout(spec.street)
    at = (camera.x_m, camera.y_m)
    for cover in (item for item in plan.structures if item.name == "tunnel"):
        inside = cover.x_m - 6.0 < camera.x_m < cover.x_m + cover.length_m + 6.0
        if inside and (camera.z_m > _CEILING_M or abs(camera.y_m) > cover.half_width_m - 0.4):
            return "the camera is in a tunnel's wall or above it"
    girders = [item for item in plan.structures if item.name == "bridge"]
    if any(item.x_m - _GIRDERS_M < camera.x_m < item.x_m + item.length_m for item in girders):
        return "the camera looks through a bridge's girders"
    if any(hypot(item.x_m - at[0], item.y_m - at[1]) < _POST_M for item in plan.items if item.name not in _NEVER_UP):
        return "the camera is inside a post"
    roads = [road for road in plan.roads if not road.closed]
    if camera.station == "pole" and spec.street.kind != "car_park":
        if any(_away_m(road.path_m, at) < road.half_width_m for road in roads):
            return "the camera's pole stands on a road"
        if _behind_pavement(spec, camera):
            return "the camera's pole stands in a house"
    return None


def _behind_pavement(spec: SceneSpec, camera: Camera) -> bool:
    """Tell whether a pole stands behind the pavement of a town, where houses are."""
    street = spec.street
    built = street.kind not in ("rural_road", "dual_carriageway", "tunnel") and street.surroundings == "city"
    return built and abs(camera.y_m) > street.road_half_width_m + street.sidewalk_width_m - 0.3


def _too_little(spec: SceneSpec, camera: Camera) -> str | None:
    seen = {vehicle.actor_id for vehicle in places_seen(spec, camera)}
    parties = {vehicle.actor_id for vehicle in spec.vehicles if vehicle.crash}
    if parties and not parties <= seen:
        return "the camera does not see the crash"
    return None if seen else "the camera sees no vehicle"


def _away_m(path: Path, at: Point) -> float:
    """Return the distance of a point from a path."""
    return min(_from_segment_m(first, second, at) for first, second in pairwise(path))


def _from_segment_m(first: Point, second: Point, at: Point) -> float:
    (x0, y0), (x1, y1) = first, second
    length2 = (x1 - x0) ** 2 + (y1 - y0) ** 2
    share = ((at[0] - x0) * (x1 - x0) + (at[1] - y0) * (y1 - y0)) / length2 if length2 else 0.0
    share = min(max(share, 0.0), 1.0)
    return hypot(at[0] - x0 - share * (x1 - x0), at[1] - y0 - share * (y1 - y0))
