"""What a crash leaves: pieces that come off outside of hulls, liquids by crush and time, steam; and what labels say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import cos, hypot, radians, sin

import numpy as np
import pytest

from render.develop.plumes import plumes_of
from scenes.clip import Clip, at
from scenes.errors import InputError
from scenes.leak import spills, steam
from scenes.scenario import sample
from scenes.spec.party import Dent
from scenes.spec.remains import Launch
from scenes.spec.scene import SceneSpec, dumps, loads
from scenes.stage.wrecks.debris import finish
from scenes.stage.wrecks.spill import outline

NAMES = ("overtaking_head_on", "drifting_head_on", "departure_into_pole", "pile_up")
TO_CAMERA = np.array([[0.0, -1, 0, 0], [0, 0, -1, 1.3], [1, 0, 0, 0], [0, 0, 0, 1]])


@cache
def told(name: str, index: int, *, tracked: bool = False) -> SceneSpec:
    return sample(name, seed=3, index=index, tracked=tracked)


def scenes() -> list[SceneSpec]:
    return [told(name, index) for name in NAMES for index in range(8)]


def hit(depth_m: float, spec: SceneSpec):
    party = next(vehicle for vehicle in spec.vehicles if vehicle.crash and vehicle.track)
    ahead = (party.length_m / 2, 0.0, 0.5)
    return replace(
        party, dents=(Dent(point_m=ahead, direction=(-1.0, 0.0, 0.0), depth_m=depth_m, width_m=1.2, height_m=0.8),)
    )


def test_before_an_impact_nothing_has_come_off_or_run_out():
    early = [s for s in scenes() if all(v.crash.phase in ("approach", "braking") for v in s.vehicles if v.crash)]
    assert early
    for spec in early:
        assert not any(piece.launch for piece in spec.debris)
        assert not spec.spills
        assert not any(vehicle.steam for vehicle in spec.vehicles)


def test_pieces_come_off_outside_of_their_hulls():
    spec = told("overtaking_head_on", 3, tracked=True)
    pieces = [piece for piece in spec.debris if piece.launch]
    assert len(pieces) > 10
    for piece in pieces:
        x, y, z = piece.launch.from_m
        for hull in (vehicle for vehicle in spec.vehicles if vehicle.track and vehicle.crash):
            if hull.track.impact_s or piece.launch.made_s:
                continue
            angle, dx, dy = radians(hull.heading_deg), x - hull.x_m, y - hull.y_m
            along, across = dx * cos(angle) + dy * sin(angle), dy * cos(angle) - dx * sin(angle)
            within = abs(along) < hull.length_m / 2 and abs(across) < hull.width_m / 2
            assert not within or z < 0.22 or z > 0.7 * hull.height_m


def test_on_an_empty_road_a_piece_comes_no_farther_than_searle_lets_it():
    for spec in scenes():
        for piece in spec.debris:
            if piece.launch and piece.launch.shown_s > 100:
                speed = hypot(*piece.launch.velocity_mps)
                way = hypot(piece.x_m - piece.launch.from_m[0], piece.y_m - piece.launch.from_m[1])
                assert way < speed**2 / (2 * 0.1 * 9.81) + 1.5


def test_a_clip_tells_when_pieces_have_flown_how_far():
    spec, clip = told("overtaking_head_on", 3, tracked=True), Clip(frames=2, rate_hz=4.0, start_s=0.0)
    first, second = (at(spec, clip, frame) for frame in (0, 1))
    shown = {piece.launch.shown_s for piece in second.debris if piece.launch}
    assert shown == {0.25}
    assert {piece.launch.shown_s for piece in first.debris if piece.launch} <= {0.0}
    assert second.hulls
    assert {hull.actor_id for hull in second.hulls} == {v.actor_id for v in spec.vehicles if v.track and v.crash}
    assert first.hulls == second.hulls


def test_whole_fronts_lose_nothing_and_deeper_crush_more():
    spec = told("overtaking_head_on", 3, tracked=True)
    litres = []
    for depth in (0.1, 0.3, 0.6):
        vehicle = hit(depth, spec)
        litres.append(sum(s.litres for s in spills(vehicle, vehicle.track, 600.0) if s.liquid == "coolant"))
    assert litres[0] == 0 < litres[1] < litres[2]


def test_a_pool_grows_and_steam_passes():
    vehicle = hit(0.5, told("overtaking_head_on", 3, tracked=True))
    grown = [sum(s.litres for s in spills(vehicle, vehicle.track, t)) for t in (-1.0, 0.0, 10.0, 60.0, 900.0)]
    assert grown == sorted(grown)
    assert grown[:2] == [0, 0]
    boils = [steam(vehicle, t) for t in (0.0, 10.0, 200.0, 1200.0)]
    assert boils[0] == 0 == boils[3]
    assert boils[1] > boils[2] > 0


def test_a_pool_holds_what_has_run_out_and_runs_downhill():
    spill = replace(next(s for spec in scenes() for s in spec.spills if s.litres > 3), trail_m=())
    pool, double = outline(spill), outline(replace(spill, litres=2 * spill.litres))
    assert 0.8 < pool.area * 0.0012 * 1e3 / spill.litres < 2.6
    assert 1.7 < double.area / pool.area < 2.3
    away = np.array([pool.centroid.x - spill.x_m, pool.centroid.y - spill.y_m])
    assert away @ [cos(radians(spill.downhill_deg)), sin(radians(spill.downhill_deg))] > 0


def test_steam_stands_before_the_camera_that_it_is_ahead_of():
    spec = next(s for s in scenes() if any(v.steam > 0.3 for v in s.vehicles))
    ahead = plumes_of(spec, TO_CAMERA)
    assert ahead
    assert not plumes_of(spec, np.diag([-1.0, 1, -1, 1]) @ TO_CAMERA)
    assert not plumes_of(replace(spec, vehicles=tuple(replace(v, steam=0.0) for v in spec.vehicles)), TO_CAMERA)


def test_specs_with_all_of_it_are_read_back_the_same():
    spec = next(s for s in scenes() if s.spills and s.hulls)
    assert loads(dumps(spec)) == spec
    assert sample(spec.scenario, seed=3, index=scenes().index(spec) % 8).scene_id == spec.scene_id


def test_a_piece_has_its_vehicles_paint():
    spec = told("overtaking_head_on", 3)
    paints = {vehicle.paint_rgb_linear for vehicle in spec.vehicles if vehicle.crash}
    pieces = [piece for piece in spec.debris if piece.launch]
    assert {piece.paint_rgb_linear for piece in pieces} <= paints
    assert all(finish(piece)["paint"].values for piece in pieces)


@pytest.mark.parametrize(("made_s", "shown_s"), [(-1.0, 2.0), (3.0, 2.0)])
def test_a_piece_that_is_shown_before_it_comes_off_is_refused(made_s, shown_s):
    with pytest.raises(InputError, match="made_s"):
        Launch(from_m=(0.0, 0.0, 1.0), velocity_mps=(1.0, 0.0, 0.0), made_s=made_s, shown_s=shown_s)
