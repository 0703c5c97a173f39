"""What a labelled set says of traffic, and scenes drawn like it."""

from collections import Counter

import numpy as np
import pytest

from scenes.checks import breach
from scenes.errors import InputError
from scenes.image_box import image_box
from scenes.likeness import Box, fit, labelled, read, write
from scenes.mix import plan
from scenes.ontology import KIND_CATEGORY
from scenes.outline import outline_of
from scenes.scenario import sample
from scenes.site.layout import layout
from scenes.spec.scene import dumps
from scenes.vantage import vantages
from scenes.vehicle import typical_height_m

LENS_M, TALLER_BY = 1.3, 0.5625
MIX = {"day_traffic": 1.0, "low_sun_traffic": 1.0}


def standing(category, height, horizon, *, lens_m=LENS_M, aspect=1.2):
    """A box of a vehicle on level ground, seen by a lens of some height."""
    bottom = horizon + lens_m * height / typical_height_m(category)
    return Box(category, 0.5, bottom, height**2 * aspect * TALLER_BY, aspect, TALLER_BY)


def pictures(count=60, *, lens_m=LENS_M):
    """Pictures of 1 to 3 vehicles, two cars to each bus, under horizons of 0.45 to 0.55."""
    rng = np.random.default_rng(5)
    return [
        [
            standing(
                ("car", "car", "bus")[(at + place) % 3],
                float(rng.uniform(0.05, 0.2)),
                0.45 + 0.1 * (at % 3) / 2,
                lens_m=lens_m,
            )
            for place in range(1 + at % 3)
        ]
        for at in range(count)
    ]


def test_a_set_without_vehicles_is_refused_in_one_line():
    with pytest.raises(InputError, match=r"traffic=like_real: needs labelled vehicles") as told:
        fit([[], []])
    assert "\n" not in str(told.value)


def test_a_class_that_no_vehicle_has_is_refused_in_one_line():
    with pytest.raises(InputError, match=r"traffic=like_real: takes classes of car, .*person") as told:
        fit([[Box("person", 0.5, 0.6, 0.01, 0.4, TALLER_BY)]])
    assert "\n" not in str(told.value)


def test_no_picture_has_no_vantage_and_a_picture_without_boxes_has_that_of_the_set():
    nothing = np.empty(0)
    assert vantages([]) == []
    told, empty = vantages([(np.array([0.02, 0.1]), np.array([0.53, 0.65])), (nothing, nothing)])
    assert told == pytest.approx((1.5, 0.5), abs=1e-3)
    assert empty == told


def test_a_picture_from_a_bridge_has_its_own_lens_and_one_box_leaves_that_of_the_set():
    rng = np.random.default_rng(2)
    near = rng.uniform(0.01, 0.1, (30, 12))
    low = [standing_at(row, 1.4, 0.5) for row in near]
    *_, high, single = vantages([*low, standing_at(near[0], 6.0, 0.3), (near[0, :1], np.array([0.6]))])
    assert high == pytest.approx((6.0, 0.3), rel=0.1)  # a little of the set's height is in it
    assert single.lens_m == pytest.approx(1.4, abs=1e-3)


def standing_at(near, lens_m, horizon):
    return near, horizon + lens_m * near


def test_a_profile_says_what_was_put_into_the_set():
    like = fit(pictures())
    assert {round(picture.vantage.lens_m, 2) for picture in like.pictures} == {LENS_M}
    horizons = [picture.vantage.horizon for picture in like.pictures]
    assert (min(horizons), np.median(horizons), max(horizons)) == pytest.approx((0.45, 0.5, 0.55), abs=2e-3)
    assert [len(picture.boxes) for picture in like.pictures] == sorted(len(picture) for picture in pictures())
    assert like.shares == pytest.approx({"car": 2 / 3, "bus": 1 / 3}, abs=0.03)


def test_area_and_aspect_of_boxes_do_not_depend_on_the_shape_of_pictures():
    wide, square = labelled("car", (0, 0, 50, 40), (1600, 900)), labelled("car", (0, 0, 50, 40), (1200, 1200))
    assert wide[3:5] == square[3:5] == pytest.approx((2000 / 1200**2, 1.25))
    assert (wide.height, square.height) == pytest.approx((40 / 900, 40 / 1200), rel=1e-3)


def test_a_profile_is_the_same_after_writing_and_reading(tmp_path):
    write(tmp_path / "traffic.yaml", fit(pictures()))
    assert read(tmp_path / "traffic.yaml") == fit(pictures())


def test_a_profile_with_an_unknown_class_an_impossible_box_or_of_no_file_is_refused_by_key(tmp_path):
    path = tmp_path / "traffic.yaml"
    with pytest.raises(InputError, match=r"traffic\.profile=.*must be a file"):
        read(path)
    write(path, fit(pictures()))
    text = path.read_text()
    path.write_text(text.replace("bus", "tram"))
    with pytest.raises(InputError, match=r"traffic\.boxes.*tram"):
        read(path)
    path.write_text(text.replace("- 1.2\n", "- -1.2\n", 1))
    with pytest.raises(InputError, match=r"traffic\.boxes.*area in \(0, 1\]"):
        read(path)


def test_a_row_of_scenes_runs_evenly_through_the_pictures():
    like = fit(pictures())
    for first in (0, 40):
        counts = Counter(like.crowd(3, "day_traffic", index).many for index in range(first, first + 60))
        assert all(counts[many] == pytest.approx(20, abs=3) for many in (1, 2, 3))


def test_alike_pictures_deal_each_box_once_and_mix_those_of_several():
    told = [[Box("car", 0.5, 0.6, 0.001 * (1 + at), 1.2, TALLER_BY)] * 3 for at in range(28)]
    like = fit(told)
    crowds = [like.crowd(3, "day_traffic", index) for index in range(len(told))]
    assert {crowd.many for crowd in crowds} == {3}
    drawn = Counter(box.area for crowd in crowds for box in crowd.boxes[:3])
    met = [len({box.area for box in crowd.boxes[:3]}) for crowd in crowds]
    assert len(drawn) == len(told)
    assert max(met) == 3
    assert all(len({box.area for box in crowd.boxes}) <= 7 for crowd in crowds)


def test_scenes_have_the_classes_counts_horizons_and_sizes_of_the_set():
    like = fit(pictures())
    specs = plan(MIX, seed=3, count=90, like=like)
    kinds = Counter(KIND_CATEGORY[vehicle.kind] for spec in specs for vehicle in spec.vehicles)
    assert set(kinds) == {"car", "bus"}
    assert kinds["bus"] / kinds.total() == pytest.approx(1 / 3, abs=0.1)  # some 180 draws: 0.036 is one deviation
    assert np.mean([len(spec.vehicles) for spec in specs]) == pytest.approx(2.0, abs=0.1)
    pitches = [spec.cameras[0].pitch_deg for spec in specs]
    assert -3.5 < min(pitches) < -1
    assert 1 < max(pitches) < 3.5
    assert {round(spec.cameras[0].z_m, 2) for spec in specs} == {LENS_M}
    wanted = [box.area for picture in pictures() for box in picture]
    assert np.quantile(areas(specs), [0.25, 0.5, 0.75]) == pytest.approx(
        np.quantile(wanted, [0.25, 0.5, 0.75]), rel=0.25
    )


def areas(specs):
    boxes = (
        image_box(
            spec.cameras[0],
            (v.x_m, v.y_m),
            v.heading_deg,
            outline_of(v),
            taller_by=0.6,
        )
        for spec in specs
        for v in spec.vehicles
    )
    return [box.area for box in boxes]


def test_a_set_seen_from_bridges_is_seen_from_above_the_lanes():
    specs = plan(MIX, seed=3, count=12, like=fit(pictures(lens_m=6.0)))
    assert {spec.cameras[0].station for spec in specs} == {"gantry"}
    assert all(spec.cameras[0].z_m == pytest.approx(6.0, abs=0.1) for spec in specs)


def test_whoever_moves_keeps_to_a_lane_and_nobody_touches_another():
    crowded = [[box for picture in pictures() for box in picture][:14]] * 3
    for spec in plan(MIX, seed=3, count=8, like=fit(crowded)):
        assert len(spec.vehicles) >= 9
        assert breach(spec) is None
        lanes = [
            np.array([lane.at(s)[:2] for s in np.arange(0, lane.length_m, 0.5)]) for lane in layout(spec.street).lanes
        ]
        for vehicle in (v for v in spec.vehicles if any(v.velocity_mps)):
            off_m = min(np.hypot(*(lane - (vehicle.x_m, vehicle.y_m)).T).min() for lane in lanes)
            assert off_m + vehicle.width_m / 2 < spec.street.lane_width_m / 2 + 0.5


def test_the_same_seed_draws_the_same_scene_and_crashes_keep_their_traffic():
    like = fit(pictures())
    first, again = (sample("day_traffic", seed=4, index=1, like=like) for _ in range(2))
    assert dumps(first) == dumps(again) != dumps(sample("day_traffic", seed=4, index=1))
    crash = [dumps(sample("night_rear_end", seed=4, index=1, like=told)) for told in (None, like)]
    assert crash[0] == crash[1]
