from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from small_bundle import HEIGHT, VIEWPOINT, WIDTH, bundle, settings, traced

from render import manifest, radiance
from render.develop.develop import develop, relit, through_air, through_glass
from render.develop.distortion import Distortion
from render.develop.preset import draw
from render.develop.round import develop as develop_round
from render.develop.view import prepare
from render.visibility import DEFAULT_LABELS, LabelSettings
from scenes.errors import InputError


def run(out: Path, *, count=2, workers=1, labels=DEFAULT_LABELS, **camera):
    looks, sensor = settings()
    sensor = replace(sensor, **camera)
    return develop_round(out, looks=looks, sensor=sensor, count=count, seed=7, workers=workers, labels=labels)


def images(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((out / "images").glob("*"))}


def test_an_empty_round_is_told_to_render_first(tmp_path):
    with pytest.raises(InputError, match="rareblend render"):
        run(tmp_path)


@pytest.mark.parametrize("lighting", ["night", "low_sun"])
def test_the_same_look_develops_to_the_same_bytes(lighting):
    looks, sensor = settings()
    view = prepare(bundle(), VIEWPOINT)
    for look in draw(looks, lighting, 6, seed=3, scene="a"):
        once, again = (develop(view, look, sensor) for _ in range(2))
        assert once.jpeg == again.jpeg
        assert once.facts == again.facts
        shown = cv2.imdecode(np.frombuffer(once.jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert shown.shape == (HEIGHT, WIDTH, 3)


def test_an_unlit_scene_is_developed_dark():
    looks, sensor = settings()
    view = prepare(bundle(scale=1e-5), VIEWPOINT)
    night = next(look for look in draw(looks, "night", 12, seed=3, scene="a") if look.name == "unlit_night")
    assert develop(view, night, sensor).rgb.mean() < 40


def test_a_picture_without_light_develops_without_a_crash():
    looks, sensor = settings()
    view = prepare(bundle(scale=0.0), VIEWPOINT)
    for look in draw(looks, "night", 12, seed=3, scene="a"):
        assert develop(view, look, sensor).rgb.shape == (HEIGHT, WIDTH, 3)


def test_a_bundle_with_nan_is_refused():
    broken = bundle()
    broken.layers["street"][3, 4, 1] = np.nan
    with pytest.raises(InputError, match=r"radiance\.street"):
        prepare(broken, VIEWPOINT)


def test_a_traced_sun_disc_is_drawn_once_and_only_once():
    looks, sensor = settings()
    low = next(look for look in draw(looks, "low_sun", 12, seed=3, scene="a") if look.name == "winter_sun")
    sun_x, sun_y = (int(value) for value in VIEWPOINT.sun_px)
    traced_disc = bundle()
    traced_disc.layers["sun"][sun_y, sun_x] = 14_000
    with_disc, without = prepare(traced_disc, VIEWPOINT), prepare(bundle(), VIEWPOINT)
    assert without.sun_share == 1
    assert develop(with_disc, low, sensor).jpeg == develop(without, low, sensor).jpeg


def test_a_sun_in_the_lens_veils_what_stands_before_it():
    looks, sensor = settings()
    low = next(look for look in draw(looks, "low_sun", 12, seed=3, scene="a") if look.name == "low_sun_glare")
    low = replace(low, sun_lux=30_000.0, veil=0.02)
    shaded = bundle()
    shaded.layers["sun"][:] = 0
    open_sky, behind = prepare(shaded, VIEWPOINT), prepare(shaded, replace(VIEWPOINT, sun=(0.0, -0.2, -0.97)))
    into, away = (
        through_glass(through_air(relit(view, low, "fast"), view, low), view, low, sensor.lens)[0]
        for view in (open_sky, behind)
    )
    assert into[26:34, 30:46].mean() > 1.25 * away[26:34, 30:46].mean()


def test_frames_are_committed_and_a_second_run_makes_nothing(tmp_path):
    traced(tmp_path)
    first = run(tmp_path)
    assert len(first.made) == 2
    assert len(manifest.records(tmp_path)) == 2
    before = images(tmp_path)
    second = run(tmp_path)
    assert (len(second.made), len(second.found)) == (0, 2)
    assert images(tmp_path) == before


def test_a_lost_record_is_made_again_with_the_same_bytes(tmp_path):
    traced(tmp_path)
    made = run(tmp_path).made
    before = images(tmp_path)
    record = tmp_path / "frames" / f"{made[0]}.json"
    kept = record.read_bytes()
    record.unlink()
    (tmp_path / "images" / f"{made[0]}.jpg").write_bytes(b"half")
    assert run(tmp_path).made == (made[0],)
    assert images(tmp_path) == before
    assert record.read_bytes() == kept


def test_another_camera_takes_the_frames_anew(tmp_path):
    traced(tmp_path)
    run(tmp_path)
    before = images(tmp_path)
    sharper = run(tmp_path, isp=replace(settings()[1].isp, sharpen=1.0))
    assert (len(sharper.made), len(sharper.again), len(sharper.found)) == (2, 2, 0)
    after = images(tmp_path)
    assert before.keys() == after.keys()
    assert all(before[name] != after[name] for name in before)
    assert run(tmp_path).again == sharper.again
    assert images(tmp_path) == before


def test_other_rules_for_labels_judge_the_frames_anew(tmp_path):
    traced(tmp_path)
    run(tmp_path)
    left_out = run(tmp_path, labels=LabelSettings(ignore_under_px=1000.0))
    assert len(left_out.again) == 2
    assert all(thing["visibility"]["ignore"] for record in manifest.records(tmp_path) for thing in record["objects"])


def test_a_frame_that_the_new_camera_cannot_make_is_not_kept_from_the_old_one(tmp_path):
    traced(tmp_path)
    made = run(tmp_path).made
    black = replace(settings()[1].exposure, shutter_s=1 / 16_000, iso=1.0)
    assert run(tmp_path, exposure=black).quarantined.keys() == set(made)
    assert manifest.records(tmp_path) == []
    assert images(tmp_path) == {}


def test_maps_that_a_lens_had_bent_go_with_its_frames(tmp_path):
    traced(tmp_path)
    straight = settings()[1].lens
    bent = replace(straight, distortion=Distortion(model="brown_conrady", k=(-0.25, 0.05)))
    made = run(tmp_path, lens=bent).made
    masks = {path.stem for path in (tmp_path / "masks").iterdir()}
    assert set(made) < masks
    run(tmp_path)
    assert {path.stem for path in (tmp_path / "masks").iterdir()} == masks - set(made)


def test_more_looks_keep_the_frames_that_exist(tmp_path):
    traced(tmp_path)
    first = run(tmp_path, count=1)
    more = run(tmp_path, count=3)
    assert more.found == first.made
    assert len(more.made) == 2


def test_a_truncated_bundle_is_left_out_and_the_rest_goes_on(tmp_path):
    good, bad = traced(tmp_path, seed=1), traced(tmp_path, seed=2)
    path = tmp_path / "scenes" / bad / "0.exr"
    path.write_bytes(path.read_bytes()[:900])
    report = run(tmp_path)
    assert {frame.split("-")[0] for frame in report.made} == {good}
    assert list(report.quarantined) == [f"{bad}/0.exr"]
    assert "radiance bundle" in report.quarantined[f"{bad}/0.exr"]


def test_a_bundle_of_another_size_than_its_labels_is_left_out(tmp_path):
    name = traced(tmp_path)
    path = tmp_path / "scenes" / name / "0.exr"
    whole = radiance.read(path)
    half = {key: layer[:24] for key, layer in whole.layers.items()}
    small = replace(
        whole, layers=half, albedo=whole.albedo[:24], normal=whole.normal[:24], depth_m=whole.depth_m[:24],
        ids=whole.ids[:24],
    )  # fmt: skip
    radiance.write(path, small)
    assert "as its labels" in run(tmp_path).quarantined[f"{name}/0.exr"]


@pytest.mark.slow
def test_one_worker_and_two_make_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        traced(tmp_path / folder, "night")
        traced(tmp_path / folder, "low_sun")
    run(tmp_path / "one", workers=1)
    run(tmp_path / "two", workers=2)
    assert images(tmp_path / "one") == images(tmp_path / "two")
    records = [[(tmp_path / f / "annotations.json").read_bytes()] for f in ("one", "two")]
    assert records[0] == records[1]


@pytest.mark.parametrize("broken", [{"count": 0}, {"workers": 0}])
def test_nothing_to_do_is_refused(tmp_path, broken):
    with pytest.raises(InputError, match="at least 1"):
        run(tmp_path, **broken)
