"""What may be taken for cars or people: where it stands, what class it has, and that it is no instance."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from scenes.checks import breach, overlap_m
from scenes.decoys import bodies
from scenes.lookalikes import LOOKALIKES, SENTENCES, SIZES_M, ground_of, shows_bodies
from scenes.scenario import sample
from scenes.spec.scene import dumps, loads
from scenes.stage.furniture.catalogue import FURNITURE
from scenes.stage.people import mannequin
from scenes.stage.stuff import classed

NAMES = ("shop_dolls", "toy_cars", "reflections")
DRAWS = 24
CLASSES = {
    "doll_window": {"building"},
    "toy_window": {"building", "furniture"},
    "toy_ride": {"furniture"},
    "inflatable_car": {"furniture"},
    "mirror_front": {"building"},
    "mirror_hall": {"building"},
    "traffic_mirror": {"pole", "furniture"},
    "roadside_puddle": {"water", "terrain"},
}


@cache
def drawn(name, index):
    return sample(name, seed=8, index=index)


@pytest.mark.parametrize("name", NAMES)
def test_every_scene_holds_something_off_the_road_that_meets_nobody(name):
    for spec in (drawn(name, index) for index in range(DRAWS)):
        assert spec.obstacles
        assert (spec.scenario, spec.sentence) == (name, SENTENCES[name])
        assert breach(spec) is None
        assert not any(vehicle.crash for vehicle in spec.vehicles)
        grounds = [ground_of(obstacle) for obstacle in spec.obstacles]
        for number, ground in enumerate(grounds):
            if spec.street.feature_x_m is None:
                assert min(abs(y) for _, y in ground.corners_m()) > spec.street.road_half_width_m
            others = [*bodies(spec), *grounds[:number]]
            assert max(overlap_m(ground, other) for other in others) == 0


@pytest.mark.parametrize("name", NAMES)
def test_all_kinds_of_a_scenario_come_up_and_its_bytes_read_back(name):
    specs = [drawn(name, index) for index in range(DRAWS)]
    kinds = {obstacle.kind for spec in specs for obstacle in spec.obstacles}
    wanted = {
        "shop_dolls": {"mannequin", "doll_window"},
        "toy_cars": {"toy_window", "toy_ride", "inflatable_car"},
        "reflections": {"mirror_front", "mirror_hall", "traffic_mirror", "roadside_puddle"},
    }
    assert kinds == wanted[name]
    assert all(loads(dumps(spec)) == spec for spec in specs)
    assert dumps(sample(name, seed=8, index=0)) == dumps(drawn(name, 0))


def test_windows_and_fronts_stand_with_their_backs_to_the_houses_line():
    for spec in (drawn(name, index) for name in ("shop_dolls", "toy_cars") for index in range(DRAWS)):
        wall = spec.street.road_half_width_m + spec.street.sidewalk_width_m
        for obstacle in spec.obstacles:
            if obstacle.kind in ("doll_window", "toy_window"):
                reach = [abs(y) for _, y in ground_of(obstacle).corners_m()]
                assert max(reach) == pytest.approx(wall - 0.05, abs=0.02)
                assert np.sin(np.radians(obstacle.heading_deg)) * obstacle.y_m < 0  # the glass looks at the road


def test_sizes_are_those_of_what_is_built():
    for kind in set(SIZES_M) - {"mannequin"}:
        assert SIZES_M[kind] == FURNITURE[kind].footprint_m


@pytest.mark.parametrize("kind", CLASSES)
def test_every_face_has_a_class_of_stuff(kind):
    for variant in range(FURNITURE[kind].variants):
        asset = classed(FURNITURE[kind].geometry(variant), kind)
        assert {piece.solid.stuff for piece in asset.pieces} == CLASSES[kind]


def test_dolls_need_the_people_pack_and_others_do_not():
    spec = next(spec for spec in (drawn("shop_dolls", index) for index in range(DRAWS)))
    assert shows_bodies(spec)
    assert {name for name in LOOKALIKES if name != "hauled_cars"} == set(NAMES)


def test_a_doll_is_bald_of_one_colour_and_stands_on_its_plate():
    from packs import fetch

    for number in range(0, mannequin.DOLLS, 5):
        asset, finish = mannequin.geometry(number, fetch("people")), mannequin.finish(number)
        assert asset.slot_names <= set(finish)
        assert not {"hair", "brow"} & {
            piece.solid.slot_names[slot] for piece in asset.pieces for slot in np.unique(piece.solid.slots)
        }
        assert finish["skin"] == finish["iris"] == finish["lips"]
        assert asset.points()[:, 2].min() == pytest.approx(0.0, abs=0.01)
        assert 1.6 < np.ptp(asset.points()[:, 2]) < 2.0
        assert not asset.keypoints
        assert {piece.solid.stuff for piece in classed(asset, "mannequin").pieces} == {"furniture"}


@pytest.mark.blender
@pytest.mark.parametrize(("kind", "stuff"), [("mirror_front", "building"), ("traffic_mirror", "furniture")])
def test_a_mirror_shows_a_car_that_has_no_label_there(kind, stuff):
    probe = Path(__file__).with_name("mirror_probe.py")
    run = subprocess.run([sys.executable, str(probe), kind], capture_output=True, text=True, timeout=300, check=False)
    line = next((line for line in run.stdout.splitlines() if line.startswith("RESULT")), None)
    assert line, run.stdout + run.stderr
    found = json.loads(line.removeprefix("RESULT"))
    assert found["red_px"] > 8  # the reflection is there
    assert found["car_px"] == 0
    assert found["stuff_where_red"] == [stuff]
