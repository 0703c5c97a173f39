"""Whether a place has room for a crash, and whether its picture would show it."""

from __future__ import annotations

from scenes.checks import Footprint, footprint, overlap_m
from scenes.clearance import body_at, ego_body, meets_ego
from scenes.crashes.crash_type import Ground
from scenes.crashes.outcome import Outcome
from scenes.crashes.scene import Scene, swept
from scenes.crashes.viewpoint import LYING_M, UNCOVERED, unseen
from scenes.draws import Refused
from scenes.site.layout import layout
from scenes.spec.living import Animal, Person
from scenes.spec.party import Track
from scenes.spec.vehicle import Vehicle
from scenes.trajectory import moment
from scenes.vehicle import TWO_WHEELERS

_BEAST_M = (1.4, 0.6)
_OVER_BONNET_M, _DOWN_M, _PRESSED_M, _STEP_S = 0.5, 0.1, 0.2, 0.15
_BESIDE_M = 9.0
_SIDE_ROAD_M, _CAR_PARK_HALF_M = 4.5, 25.0
_YIELDING = ("delineator_post", "cone", "barrel", "kilometre_post")


def check_room(scene: Scene, shown: Outcome) -> None:
    """Refuse what no driver could see happen here.

    Raises:
        Refused: with the reason.
    """
    _check_sight(scene, shown)
    if any(_meets_ego(party, scene, shown) for party in scene.tracked):
        raise Refused("a crash party's way leads through the ego vehicle")
    bodies = scene.bodies
    if any(_leaves(body, scene) for body in bodies):
        raise Refused("a crash party leaves the place")
    if _meets_furniture(bodies, scene):
        raise Refused("a crash party's way leads through furniture of the place")
    if _run_over(scene.outcome):
        raise Refused("a vehicle runs over whom it has thrown")


def _check_sight(scene: Scene, shown: Outcome) -> None:
    """Refuse a picture in which the first two parties, or whom they struck, are not to be seen.

    Raises:
        Refused: with the reason.
    """
    bodies = [footprint(v.x_m, v.y_m, v.heading_deg, v.length_m, v.width_m) for v in shown.vehicles]
    victims: list[Person | Animal] = [*shown.people, *shown.animals]
    low = [one for one in victims if one.raised_m < _OVER_BONNET_M]
    on_foot = [one for one in low if isinstance(one, Animal) or one.mount is None]
    lying = [footprint(one.x_m, one.y_m, 0.0, *LYING_M) for one in on_foot]
    in_clip = any(vehicle.track for vehicle in shown.vehicles)
    least = 0.0 if in_clip else UNCOVERED
    why = unseen(scene.camera, bodies, 2 if scene.outcome.pairs else 1, lying, least=least)
    if why:
        raise Refused(why)


def _meets_ego(party: Vehicle, scene: Scene, shown: Outcome) -> bool:
    """Tell whether a party meets the ego: in a clip ever, in a still from its moment on."""
    if any(vehicle.track for vehicle in shown.vehicles):
        return meets_ego(scene.camera, party)
    ego = ego_body(scene.camera.x_m, scene.camera.y_m)
    assert party.track is not None
    last = party.track.times_s[-1]
    if scene.time_s >= last:
        return False  # the check of every scene sees where it rests
    return any(overlap_m(body, ego) > 0 for body in swept(party, since_s=scene.time_s))


def _leaves(body: Footprint, scene: Scene) -> bool:
    """Tell whether a body is where houses, parked rows or rivers are; side roads of a junction are free."""
    street = scene.street
    junction = street.feature_x_m if street.kind in ("crossroads", "t_junction") else None
    if junction is not None and abs(body.x_m - junction) < _SIDE_ROAD_M:
        return False
    if street.kind in ("rural_road", "dual_carriageway"):
        return abs(body.y_m) > street.road_half_width_m + _BESIDE_M
    walk = 0.0 if street.kind == "car_park" else street.sidewalk_width_m
    beyond = _CAR_PARK_HALF_M if street.kind == "car_park" else street.road_half_width_m + walk - 0.3
    return max(abs(y) for _, y in body.corners_m()) > beyond


def _meets_furniture(bodies: list[Footprint], scene: Scene) -> bool:
    """Tell whether somebody goes through a sign, pole or signal of the place; only beside the carriageway."""
    edge = Ground(street=scene.street).half_m
    beside = [body for body in bodies if abs(body.y_m) + body.reach_m > edge]
    if not beside:
        return False
    items = [item for item in layout(scene.street).items if item.name not in _YIELDING]
    reach = [(item.x_m, item.y_m) for item in items if -10 < item.x_m < 90]
    return any(_holds(body, point) for body in beside for point in reach)


def _holds(body: Footprint, point: tuple[float, float]) -> bool:
    x, y, (c, s) = point[0] - body.x_m, point[1] - body.y_m, body.along
    return abs(x * c + y * s) < body.half_length_m + 0.2 and abs(y * c - x * s) < body.half_width_m + 0.2


def _run_over(told: Outcome) -> bool:
    """Tell whether a vehicle drives over somebody who has come down before it."""
    victims: list[Person | Animal] = [*told.people, *told.animals]
    drivers = [v for v in told.vehicles if v.track and v.kind not in TWO_WHEELERS]
    return any(_over(victim, victim.track, driver) for victim in victims if victim.track for driver in drivers)


def _over(victim: Person | Animal, track: Track, driver: Vehicle) -> bool:
    assert driver.track is not None
    last = max(track.times_s[-1], driver.track.times_s[-1])
    down = next(time for time, high in zip(track.times_s, track.raised_m, strict=True) if time > 0 and high < _DOWN_M)
    times = [down + step * _STEP_S for step in range(int((last - down) / _STEP_S) + 2)]
    lying = ((time, moment(track, time)) for time in times)
    size = _BEAST_M if isinstance(victim, Animal) else LYING_M
    return any(
        overlap_m(footprint(at.x_m, at.y_m, at.heading_deg, *size), body_at(driver, time)) > _PRESSED_M
        for time, at in lying
    )
