"""Following distances of traffic."""

from dataclasses import replace
from math import hypot

import pytest

from scenes.headway import fastest_mps, spaced
from scenes.scenario import sample
from scenes.spec.vehicle import Vehicle

CAR = Vehicle(
    actor_id=1, kind="sedan", x_m=0.0, y_m=0.0, heading_deg=0.0, length_m=4.0, width_m=1.8, height_m=1.45,
    wheelbase_m=2.6, mass_kg=1300.0, paint_rgb_linear=(0.5, 0.5, 0.5), seed=1, velocity_mps=(12.0, 0.0),
)  # fmt: skip


def car(number, x, speed, **changes):
    return replace(CAR, actor_id=number, x_m=x, velocity_mps=(speed, 0.0), **changes)


def test_an_empty_road_stays_empty_and_a_lonely_car_keeps_its_speed():
    assert spaced([]) == []
    assert spaced([CAR]) == [CAR]


def test_who_follows_close_is_slowed_and_who_leads_is_not():
    behind, ahead = spaced([car(1, 0.0, 12.0), car(2, 6.0, 5.0)])
    assert ahead.velocity_mps == (5.0, 0.0)
    assert behind.velocity_mps == (pytest.approx(fastest_mps(2.0, 5.0)), 0.0)
    assert fastest_mps(2.0, 5.0) == pytest.approx(5.0)  # 2 m hold half a second at 4 m/s, and one may creep


def test_a_queue_is_slowed_from_its_head_on_whatever_the_order():
    queue = [car(3, 0.0, 12.0), car(1, 40.0, 0.0), car(2, 10.0, 12.0)]
    last, first, middle = spaced(queue)
    assert first.velocity_mps == (0.0, 0.0)
    assert middle.velocity_mps[0] == pytest.approx(12.0)
    assert last.velocity_mps[0] == pytest.approx(12.0)
    near = spaced([car(3, 0.0, 12.0), car(1, 14.0, 0.0), car(2, 7.0, 12.0)])
    assert [round(hypot(*one.velocity_mps), 2) for one in near] == [3.0, 0.0, 1.5]


def test_another_lane_oncoming_traffic_and_whoever_is_behind_do_not_matter():
    others = [car(2, 6.0, 0.0, y_m=3.2), car(3, 8.0, 0.0, heading_deg=180.0), car(4, -6.0, 0.0)]
    assert spaced([CAR, *others])[0] == CAR


def test_riders_of_bicycles_are_no_racers():
    bicycles = [
        hypot(*vehicle.velocity_mps)
        for index in range(60)
        for vehicle in sample("day_traffic", seed=5, index=index).vehicles
        if vehicle.kind == "bicycle"
    ]
    assert len(bicycles) > 5
    assert max(bicycles) < 6.0
