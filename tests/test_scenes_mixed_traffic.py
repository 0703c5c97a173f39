"""Mixed traffic without lanes: density and speed, gaps, who takes part, people between vehicles."""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rareblend import job
from rareblend.traffic import style
from scenes.among_vehicles import accepts
from scenes.atlas import Pair, shipped
from scenes.checks import breach
from scenes.draws import Refused
from scenes.errors import InputError
from scenes.gap_filling import carriageways, fill
from scenes.headway import spaced
from scenes.mixed_traffic import MANNERS, RICKSHAWS, MixedTraffic, ahead_m, aside_m, greenshields_mps, told
from scenes.ordinary_traffic import day_traffic
from scenes.scenario import sample
from scenes.settings import compose, validated
from scenes.site.layout import draw_place
from scenes.spec.scene import dumps
from scenes.spec.vehicle import Vehicle
from scenes.stage.mounts.mount_model import mount
from scenes.traffic import Traffic
from scenes.vehicle import model_size, rickshaw_style


def settings(**changes):
    return validated("traffic", MixedTraffic, {**compose("render", ("traffic=mixed",))["traffic"], **changes})


@cache
def scene(index, load):
    return sample("day_traffic", seed=5, index=index, like=settings_of(load))


@cache
def settings_of(load):
    return settings(load_range=[load, load])


def manned(spec):
    """Return those who are in the traffic: somebody drives or rides them."""
    ridden = {person.mount for person in spec.people}
    return [
        v for v in spec.vehicles if v.actor_id in ridden or (v.kind not in ("three_wheeler", "bicycle") and v.driver)
    ]


def test_an_empty_road_has_nobody_in_its_traffic():
    parked = [v for v in scene(0, 0.0).vehicles if v.actor_id in {p.mount for p in scene(0, 0.0).people}]
    assert parked == []
    assert not any(hypot(*v.velocity_mps) for v in scene(0, 0.0).vehicles)


@given(free=st.floats(0, 30), load=st.floats(0, 1.5))
def test_speed_falls_in_a_straight_line_from_free_to_nothing_in_a_jam(free, load):
    assert greenshields_mps(free, load) == pytest.approx(free - load * free if load < 1 else 0.0)


@given(speed=st.floats(0, 30))
def test_room_grows_with_speed_and_two_wheelers_keep_less_of_it_than_cars(speed):
    assert aside_m("motorcycle", speed) < aside_m("auto_rickshaw", speed) < aside_m("sedan", speed) <= 0.5
    assert ahead_m(speed) >= ahead_m(0.0) > 0


def test_more_density_means_more_vehicles_and_less_speed():
    many = [np.mean([len(manned(scene(index, load))) for index in range(6)]) for load in (0.0, 0.3, 0.7, 1.0)]
    assert all(fewer + 5 < more for fewer, more in pairwise(many))
    speeds = [
        np.mean([hypot(*v.velocity_mps) for index in range(6) for v in manned(scene(index, load))])
        for load in (0.3, 0.7, 1.0)
    ]
    assert speeds[0] > speeds[1] > speeds[2] == 0.0


@pytest.mark.parametrize("load", [0.3, 0.7])
def test_nobody_is_faster_than_the_density_allows(load):
    fastest = 1.4 * max(manner.free_mps for manner in MANNERS.values())
    for index in range(6):
        assert all(
            hypot(*v.velocity_mps) <= greenshields_mps(fastest, load) + 0.01 for v in scene(index, load).vehicles
        )


@pytest.mark.parametrize("load", [0.0, 0.3, 1.0])
def test_nothing_intersects_and_headways_hold(load):
    for index in range(6):
        spec = scene(index, load)
        assert breach(spec) is None
        assert spaced(spec.vehicles) == list(spec.vehicles)


def test_at_least_57_of_60_draws_are_valid_and_the_others_say_why():
    told_why, valid = [], 0
    for index in range(60):
        try:
            broken = breach(day_traffic(np.random.default_rng([index, 3]), 1, like=settings()))
        except Refused as refused:
            broken = str(refused)
        valid += broken is None
        told_why += [broken] if broken else []
    assert valid >= 57, told_why
    assert all(told_why)


def test_what_finds_no_gap_is_counted_by_kind():
    rng = np.random.default_rng(3)
    street = draw_place(rng, kinds={"street": 1.0}, left_share=1.0)
    traffic = Traffic(street, (), rng, night=False)
    camera = scene(0, 1.0).cameras[0]
    buses = settings(shares={"bus": 1.0}, jam_occupancy=0.4)
    with pytest.raises(Refused, match="no gaps for the density"):
        fill(traffic, buses, camera, rng, load=1.0, dark=False)
    assert traffic.refused["no gap for a bus"] > 0


def test_vehicles_are_not_lined_up_in_lanes():
    """On lanes, the distance from the next lane's middle is small; without lanes it is spread over the lane."""
    off = []
    for index in range(6):
        spec = scene(index, 0.7)
        width = spec.street.lane_width_m
        off += [abs((abs(v.y_m) / width) % 1 - 0.5) for v in manned(spec) if abs(v.heading_deg % 180) < 20]
    assert np.mean(np.array(off) > 0.25) > 0.3


def test_two_wheelers_stand_beside_others_nearer_than_cars_do():
    def least(kinds):
        found = []
        for index in range(6):
            here = manned(scene(index, 1.0))
            for v in here:
                beside = [
                    abs(v.y_m - o.y_m) - (v.width_m + o.width_m) / 2
                    for o in here
                    if o is not v and abs(v.x_m - o.x_m) < (v.length_m + o.length_m) / 2 and (v.y_m > 0) == (o.y_m > 0)
                ]
                if v.kind in kinds and beside:
                    found.append(min(beside))
        return np.quantile(found, 0.1)

    assert least(("motorcycle", "scooter", "bicycle")) < least(("hatchback", "sedan", "suv"))


def test_everybody_stays_on_their_side_of_the_carriageway():
    for index in range(6):
        spec = scene(index, 0.7)
        if spec.street.kind == "street":
            half = spec.street.road_half_width_m
            for v in manned(spec):
                forward = abs(v.heading_deg) < 90 or abs(v.heading_deg) > 270
                assert 0 < (v.y_m if forward else -v.y_m) < half  # on the left side of its way


def test_rickshaws_of_three_kinds_motorcycles_buses_and_people_take_part():
    specs = [scene(index, load) for index in range(6) for load in (0.3, 0.7, 1.0)]
    kinds = {v.kind for spec in specs for v in spec.vehicles}
    assert {"three_wheeler", "motorcycle", "scooter", "bicycle", "bus", "hatchback"} <= kinds
    styles = {rickshaw_style(v.model) for spec in specs for v in spec.vehicles if v.kind == "three_wheeler"}
    assert styles == {"auto", "cycle", "battery"}
    half = {spec.scene_id: spec.street.road_half_width_m for spec in specs}
    on_road = [p for s in specs for p in s.people if p.mount is None and abs(p.y_m) < half[s.scene_id] - 0.5]
    assert {"crossing", "walking"} <= {person.pose for person in on_road}


def test_buses_stop_where_they_are():
    stopping = settings(shares={"bus": 1.0}, stops_share=1.0, load_range=[0.3, 0.3])
    spec = sample("day_traffic", seed=5, index=0, like=stopping)
    halted = [v for v in manned(spec) if v.kind == "bus" and not any(v.velocity_mps)]
    assert any({"indicator_left", "brake"} <= set(v.lamps) for v in halted)


def test_the_style_that_is_told_is_the_one_that_is_built():
    for model in range(48):
        body = model_size("three_wheeler", model)
        vehicle = Vehicle(
            actor_id=1, kind="three_wheeler", x_m=0, y_m=0, heading_deg=0, model=model, paint_rgb_linear=(0, 0, 0),
            seed=1, **body,
        )  # fmt: skip
        assert mount(vehicle).style == rickshaw_style(model)
        assert model in RICKSHAWS[f"{rickshaw_style(model)}_rickshaw"]


def test_who_crosses_waits_for_what_comes_soon_and_not_for_what_stands_or_has_passed():
    car = Vehicle(
        actor_id=1, kind="sedan", x_m=0.0, y_m=0.0, heading_deg=0.0, length_m=4.0, width_m=1.8, height_m=1.45,
        wheelbase_m=2.6, mass_kg=1300.0, paint_rgb_linear=(0.5, 0.5, 0.5), seed=1, velocity_mps=(10.0, 0.0),
    )  # fmt: skip
    assert accepts(10.0, 0.0, [])
    assert not accepts(10.0, 0.0, [car])
    assert accepts(10.0, 0.0, [replace(car, velocity_mps=(0.0, 0.0))])
    assert accepts(-5.0, 0.0, [car])
    assert accepts(10.0, 2.5, [car])
    assert accepts(30.0, 0.0, [car])


def test_a_carriageway_reaches_from_the_middle_of_the_road_to_its_kerb():
    street = draw_place(np.random.default_rng(2), kinds={"street": 1.0}, left_share=1.0)
    roads = carriageways(Traffic(street, (), np.random.default_rng(1), night=False))
    assert {road.lane.role for road in roads} == {"same", "oncoming"}
    for road in roads:
        inner, outer = road.at(20.0, road.inner_m)[1], road.at(20.0, road.outer_m)[1]
        assert 0 < abs(inner) < 0.3
        assert street.road_half_width_m - 0.4 < abs(outer) < street.road_half_width_m
        assert (outer > 0) == (road.lane.role == "same")


def test_the_same_seed_gives_the_same_bytes_and_words_tell_the_density():
    again = sample("day_traffic", seed=5, index=1, like=settings_of(1.0))
    assert dumps(again) == dumps(scene(1, 1.0))
    assert again.sentence.endswith("Mixed and without lanes: a jam.")
    assert told(0.0) == "an almost empty road"


def test_a_chosen_night_gives_everybody_lamps():
    night = Pair(lighting=shipped().lightings["street_lit_night"])
    spec = sample("day_traffic", seed=2, index=0, pair=night, like=settings_of(0.6))
    assert spec.conditions.lighting == "street_lit_night"
    assert all("tail" in v.lamps for v in manned(spec))
    assert spec.street.drive_on == "left"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("load_range", [0.5, 1.2]),
        ("load_range", [0.9, 0.1]),
        ("jam_occupancy", 0.8),
        ("stops_share", -0.1),
        ("crossing_range", [3, 1]),
        ("shares", {"camel": 1.0}),
        ("shares", {"bus": -1.0}),
    ],
)
def test_wrong_settings_are_refused_by_their_key(key, value):
    with pytest.raises(InputError, match=rf"traffic\.{key}"):
        settings(**{key: value})


def test_the_command_takes_it():
    mixed = style(job.read("render", ("traffic=mixed", "traffic.load_range=[1,1]")))
    assert isinstance(mixed, MixedTraffic)
    assert mixed.load_range == (1, 1)
