"""When and from where a solved crash is looked at, so that its picture shows what happened."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from math import cos, degrees, sin

import numpy as np

from scenes.camera import draw_dashcam
from scenes.checks import Footprint, footprint
from scenes.crashes.approach import Row
from scenes.crashes.sight import in_picture, seen_share
from scenes.crashes.solver import Solution
from scenes.crashes.still import draw_moment, draw_phase
from scenes.draws import Refused
from scenes.road import lane_y_m
from scenes.spec.party import Phase
from scenes.spec.place import Street
from scenes.spec.view import Camera

_NEAREST_M = {"rural_road": (9.0, 18.0), "dual_carriageway": (10.0, 20.0), "car_park": (7.2, 12.0)}
_NEAREST_IN_TOWN_M = (7.2, 14.5)
_EGO_MPS = {"rural_road": (8.0, 20.0), "dual_carriageway": (12.0, 26.0), "car_park": (0.5, 3.0)}
_CAR_HALF_M = 2.4
"""Longer vehicles keep the distance of a car of this half length."""
LOOKS = 8
"""Moments and places that are tried for one solved event: looking again is far cheaper than solving again."""
IN_PICTURE, UNCOVERED = (1.0, 0.5), 0.25
"""Share of ground corners in the picture, of who strikes and who is struck; share of a width that nothing covers."""
NEAREST_M, FARTHEST_M, VICTIM_FROM_M = 6.5, 45.0, 4.0
LYING_M, _OVER_BONNET_M = (0.5, 0.5), 0.5


@dataclass(frozen=True, kw_only=True)
class View:
    """A moment, how far ahead the first contact is, and the camera."""

    phase: Phase
    time_s: float
    ahead_m: float
    camera: Camera


def draw_view(
    solved: Solution, courses: list[list[Row]], street: Street, rng: np.random.Generator, *, tracked: bool
) -> View:
    """Draw a view in which the first two parties and their victims are to be seen.

    Args:
        solved: the event.
        courses: its `courses_of`.
        street: the place.
        rng: draws moments, distances and cameras.
        tracked: for a clip, whose moment is the impact; parties may hide each other, since they move.

    Raises:
        Refused: none of a few draws shows it; with the reason of the last one.
    """
    why, wanted = "it has no such phase", "impact" if tracked else draw_phase(rng)
    for _ in range(LOOKS):
        phase, time_s = draw_moment(solved, wanted, rng)
        if solved.event.folds_deg and phase == "impact" and not tracked:  # it has none
            continue
        bodies = [_body(solved, index, _at(course, time_s)) for index, course in enumerate(courses)]
        ahead_m, camera = draw_camera(bodies[: len(solved.before)], street, rng)
        lying = [body for body in _victims(solved, time_s) if body]
        seen_from, first = replace(camera, x_m=camera.x_m - ahead_m), len(solved.before)
        why = unseen(seen_from, bodies, first, lying, ahead_m=ahead_m, least=0.0 if tracked else UNCOVERED)
        if not why:
            return View(phase=phase, time_s=time_s, ahead_m=ahead_m, camera=camera)
    raise Refused(why)


def draw_camera(bodies: list[Footprint], street: Street, rng: np.random.Generator) -> tuple[float, Camera]:
    """Draw how far bodies have to be moved along x to lie well before the ego's camera, and that camera."""
    nearest_m = float(rng.uniform(*_NEAREST_M.get(street.kind, _NEAREST_IN_TOWN_M)))
    nearest = min(body.x_m - max(0.0, body.radius_m((1.0, 0.0)) - _CAR_HALF_M) for body in bodies)
    camera = draw_dashcam(rng, lane_y_m=lane_y_m(street, 1), speed_mps=_EGO_MPS.get(street.kind, (2.0, 13.0)))
    return round(nearest_m - nearest, 3), camera


def unseen(
    camera: Camera,
    bodies: list[Footprint],
    first: int,
    victims: list[Footprint],
    *,
    ahead_m: float = 0.0,
    least: float = UNCOVERED,
) -> str:
    """Return why a camera does not see a crash, "" if it does.

    Args:
        camera: in the frame of the bodies.
        bodies: of all parties.
        first: how many of them have met first.
        victims: who was thrown.
        ahead_m: how far the bodies have to be moved along x to be where the scene has them.
        least: share of everybody's width that nothing may cover.
    """
    for body, share in zip(bodies[:first], IN_PICTURE, strict=False):
        if not NEAREST_M < body.x_m + ahead_m < FARTHEST_M or in_picture(camera, body) < share:
            return "a crash party is out of view"
    if any(not VICTIM_FROM_M < body.x_m + ahead_m < FARTHEST_M for body in victims):
        return "somebody who was struck is out of view"
    looked_at = [*bodies[:first], *victims]
    if any(seen_share(camera, body, [other for other in bodies if other is not body]) < least for body in looked_at):
        return "a party hides what has happened"
    return ""


def _at(course: list[Row], time_s: float) -> Row:
    """Return the state at a time, by line between rows; beyond them it rests."""
    last = bisect_right(course, time_s, key=lambda row: row[0])
    if last == 0 or last == len(course):
        return course[min(last, len(course) - 1)]
    before, after = course[last - 1], course[last]
    share = (time_s - before[0]) / (after[0] - before[0])
    a, b, c, d, e, f = (u + share * (v - u) for u, v in zip(before, after, strict=True))
    return a, b, c, d, e, f


def _body(solved: Solution, index: int, row: Row) -> Footprint:
    told = solved.event.parties[index].body
    return footprint(row[1], row[2], degrees(row[3]), told["length_m"], told["width_m"])


def _victims(solved: Solution, time_s: float) -> list[Footprint | None]:
    """Return the ground under who was thrown; None for riders before the impact, and high over a bonnet."""
    made: list[Footprint | None] = []
    for thrown in solved.thrown:
        x, y = thrown.from_m
        way, high = thrown.throw.at(max(time_s, 0.0))
        if (isinstance(thrown.who, int) and time_s <= 0) or (time_s > 0 and high > _OVER_BONNET_M):
            made.append(None)
            continue
        if time_s < 0 and not isinstance(thrown.who, int):
            angle = np.deg2rad(thrown.who.heading_deg)
            came_m = thrown.who.way_m(time_s)
            x, y = x + came_m * cos(angle), y + came_m * sin(angle)
        x, y = x + way * cos(thrown.toward_rad), y + way * sin(thrown.toward_rad)
        made.append(footprint(x, y, 0.0, *LYING_M))
    return made
