"""Where two bodies touch that have run into each other: how deep, at which point, along which normal."""

from __future__ import annotations

from math import copysign, hypot
from typing import NamedTuple

from scenes.checks import Footprint
from scenes.crashes.event import Fixed
from scenes.crush import Side

Point = tuple[float, float]


class Touch(NamedTuple):
    """Depth in metres, point in the world, unit normal from the second body towards the first."""

    depth_m: float
    point_m: Point
    normal: Point


def between(first: Footprint, second: Footprint) -> Touch | None:
    """Return how two rectangles touch, None if they do not.

    The normal is the axis of least overlap; the point is the mean of the corners of either inside the other.
    """
    x, y = first.x_m - second.x_m, first.y_m - second.y_m
    reach = first.reach_m + second.reach_m
    if x * x + y * y > reach * reach:
        return None
    best: tuple[float, Point] | None = None
    for c, s in (second.along, first.along):
        for axis in ((c, s), (-s, c)):
            away = x * axis[0] + y * axis[1]
            depth = first.radius_m(axis) + second.radius_m(axis) - abs(away)
            if depth <= 0:
                return None
            if best is None or depth < best[0]:
                sign = copysign(1.0, away)
                best = depth, (axis[0] * sign, axis[1] * sign)
    assert best is not None
    return Touch(best[0], _middle(first, second), best[1])


def _middle(first: Footprint, second: Footprint) -> Point:
    inside = [corner for corner in first.corners_m() if _holds(second, corner)]
    inside += [corner for corner in second.corners_m() if _holds(first, corner)]
    if not inside:  # two that cross like beams
        return (first.x_m + second.x_m) / 2, (first.y_m + second.y_m) / 2
    return sum(x for x, _ in inside) / len(inside), sum(y for _, y in inside) / len(inside)


def _holds(body: Footprint, point: Point) -> bool:
    x, y = own(body, point)
    return abs(x) <= body.half_length_m + 1e-9 and abs(y) <= body.half_width_m + 1e-9


def own(body: Footprint, point: Point) -> Point:
    """Return a point of the world in a body's frame."""
    x, y, (c, s) = point[0] - body.x_m, point[1] - body.y_m, body.along
    return x * c + y * s, y * c - x * s


def with_fixed(body: Footprint, fixed: Fixed) -> Touch | None:
    """Return how a rectangle touches a post or a rail, None if it does not."""
    return _with_rail(body, fixed) if fixed.faces else _with_post(body, fixed)


def _with_rail(body: Footprint, rail: Fixed) -> Touch | None:
    corner = min(body.corners_m(), key=lambda point: rail.faces * point[1])
    depth = rail.faces * (rail.y_m - corner[1])
    if depth <= 0:
        return None
    return Touch(depth, (corner[0], rail.y_m), (0.0, float(rail.faces)))


def _with_post(body: Footprint, post: Fixed) -> Touch | None:
    x, y = own(body, (post.x_m, post.y_m))
    near = min(max(x, -body.half_length_m), body.half_length_m), min(max(y, -body.half_width_m), body.half_width_m)
    away = hypot(x - near[0], y - near[1])
    if away >= post.radius_m:
        return None
    (c, s) = body.along
    if away > 1e-9:
        inward = (near[0] - x) / away, (near[1] - y) / away
        depth = post.radius_m - away
    else:  # the post's middle is inside: out through the nearest side
        gaps = body.half_length_m - abs(x), body.half_width_m - abs(y)
        inward = (-copysign(1.0, x), 0.0) if gaps[0] < gaps[1] else (0.0, -copysign(1.0, y))
        depth = min(gaps) + post.radius_m
        near = (copysign(body.half_length_m, x), y) if gaps[0] < gaps[1] else (x, copysign(body.half_width_m, y))
    world = body.x_m + near[0] * c - near[1] * s, body.y_m + near[0] * s + near[1] * c
    return Touch(depth, world, (inward[0] * c - inward[1] * s, inward[0] * s + inward[1] * c))


def side_of(body: Footprint, point: Point, normal: Point) -> Side:
    """Return which side of a body a contact has struck: the one that faces against the normal."""
    (c, s) = body.along
    ahead = normal[0] * c + normal[1] * s
    if abs(ahead) < 0.7:
        return "side"
    return "front" if own(body, point)[0] > 0 else "rear"
