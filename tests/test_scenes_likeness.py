"""What a labelled set says of traffic, and scenes drawn like it."""

from collections import Counter

import numpy as np
import pytest

from scenes.errors import InputError
from scenes.like_real import how_many
from scenes.likeness import Box, fit, labelled, read, write
from scenes.ontology import KIND_CATEGORY
from scenes.scenario import plan, sample
from scenes.spec import dumps
from scenes.vehicle import typical_height_m

LENS_M = 1.3


def standing(category, height, horizon):
    """A box of a vehicle on level ground, seen by a lens at 1.3 m."""
    return Box(category, horizon + LENS_M * height / typical_height_m(category), height, taller_by=0.5625)


def pictures(count=60):
    """Pictures of 1 to 3 vehicles, two cars to each bus, under horizons of 0.45 to 0.55."""
    rng = np.random.default_rng(5)
    return [
        [
            standing(("car", "car", "bus")[(at + place) % 3], float(rng.uniform(0.05, 0.2)), 0.45 + 0.1 * (at % 3) / 2)
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
        fit([[Box("person", 0.6, 0.1, 0.5625)]])
    assert "\n" not in str(told.value)


def test_a_profile_says_what_was_put_into_the_set():
    like = fit(pictures())
    assert like.lens_m == pytest.approx(LENS_M, abs=1e-3)
    assert (like.horizons[0], like.horizons[50], like.horizons[-1]) == pytest.approx((0.45, 0.5, 0.55), abs=2e-3)
    assert (like.counts[0], like.counts[50], like.counts[-1]) == (1, 2, 3)
    assert like.shares == pytest.approx({"car": 2 / 3, "bus": 1 / 3}, abs=0.03)


def test_sizes_of_boxes_do_not_depend_on_the_shape_of_pictures():
    wide, square = labelled("car", (0, 0, 50, 40), (1600, 900)), labelled("car", (0, 0, 50, 40), (1200, 1200))
    assert wide.size == pytest.approx(square.size) == pytest.approx(40 / 1200)


def test_a_profile_is_the_same_after_writing_and_reading(tmp_path):
    write(tmp_path / "traffic.yaml", fit(pictures()))
    assert read(tmp_path / "traffic.yaml") == fit(pictures())


def test_a_profile_with_an_unknown_class_or_of_no_file_is_refused_by_key(tmp_path):
    path = tmp_path / "traffic.yaml"
    with pytest.raises(InputError, match=r"traffic\.profile=.*must be a file"):
        read(path)
    write(path, fit(pictures()))
    path.write_text(path.read_text().replace("bus", "tram"))
    with pytest.raises(InputError, match=r"traffic\.shares.*tram"):
        read(path)


def test_counts_are_read_by_rank():
    like = fit(pictures())
    assert [how_many(like, crowd) for crowd in (0.0, 0.5, 1.0)] == [1, 2, 3]


def test_scenes_have_the_classes_counts_and_horizons_of_the_set():
    like = fit(pictures())
    specs = plan({"day_traffic": 1.0, "low_sun_traffic": 1.0}, seed=3, count=90, like=like)
    kinds = Counter(KIND_CATEGORY[vehicle.kind] for spec in specs for vehicle in spec.vehicles)
    counts = Counter(len(spec.vehicles) for spec in specs)
    assert set(kinds) == {"car", "bus"}
    assert kinds["bus"] / kinds.total() == pytest.approx(1 / 3, abs=0.1)  # some 170 draws: 0.036 is one deviation
    assert np.mean(list(counts.elements())) == pytest.approx(2.0, abs=0.35)  # 0.09 is one; a tenth finds no place
    pitches = [spec.cameras[0].pitch_deg for spec in specs]
    assert -3.5 < min(pitches) < -1
    assert 1 < max(pitches) < 3.5
    assert {spec.cameras[0].z_m for spec in specs} == {LENS_M}


def test_the_same_seed_draws_the_same_scene_and_crashes_keep_their_traffic():
    like = fit(pictures())
    first, again = (sample("day_traffic", seed=4, index=1, like=like) for _ in range(2))
    assert dumps(first) == dumps(again) != dumps(sample("day_traffic", seed=4, index=1))
    crash = [dumps(sample("night_rear_end", seed=4, index=1, like=told)) for told in (None, like)]
    assert crash[0] == crash[1]
