"""How much of something the camera sees past the parties of a crash: bearings over the ground, heights left out."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, degrees, hypot

from scenes.checks import Footprint
from scenes.spec.view import Camera

_RAYS = 16


def seen_share(camera: Camera, body: Footprint, others: Sequence[Footprint]) -> float:
    """Return the share of a body's width, as the camera sees it, that no nearer body covers, in [0, 1]."""
    away = hypot(body.x_m - camera.x_m, body.y_m - camera.y_m)
    nearer = [other for other in others if hypot(other.x_m - camera.x_m, other.y_m - camera.y_m) < away]
    (low, high), spans = _span(camera, body), [_span(camera, other) for other in nearer]
    rays = [low + (high - low) * (number + 0.5) / _RAYS for number in range(_RAYS)]
    return sum(not any(first < ray < last for first, last in spans) for ray in rays) / _RAYS


def in_picture(camera: Camera, body: Footprint) -> float:
    """Return the share of a body's ground corners inside the camera's horizontal field of view."""
    offsets = [(x - camera.x_m, y - camera.y_m) for x, y in body.corners_m()]
    seen = [x > 0 and abs(degrees(atan2(y, x)) - camera.yaw_deg) < camera.hfov_deg / 2 for x, y in offsets]
    return sum(seen) / len(seen)


def _span(camera: Camera, body: Footprint) -> tuple[float, float]:
    """Return the bearings between which a body lies, in radians; it is before the camera."""
    bearings = [atan2(y - camera.y_m, x - camera.x_m) for x, y in body.corners_m()]
    return min(bearings), max(bearings)
