"""What carries a camera shows in its frames: its own glass, its own lamps, its own lens."""

import json
from dataclasses import replace

import numpy as np
import pytest
from small_bundle import scene, settings, traced

from render.develop.develop import beams_rgb_cd, develop, distortion_of
from render.develop.distortion import Distortion
from render.develop.look import Look
from render.develop.mounting import mounted
from render.develop.round import develop as develop_round
from render.develop.windscreen import Windscreen, film
from scenes.lens import LensShape
from scenes.spec.scene import dumps, loads

BARREL = LensShape(model="brown_conrady", k=(-0.25, 0.05))
WET = Look(
    name="wet",
    sun_lux=0.0,
    sun_kelvin=5000.0,
    sky_lux=100.0,
    sky_tint_rgb=(1.0, 1.0, 1.0),
    weights={"ego": 1.0, "head": 1.0},
    windscreen=Windscreen(dirt=0.4, drops=0.2, runs=4, wiper=0.5, smear=0.3, fog=0.2),
    wiper=0.002,
)


def camera(**changes):
    return replace(scene().cameras[0], **changes)


@pytest.mark.parametrize("station", ["windscreen", "cab"])
def test_behind_a_windscreen_a_look_stays_as_it_is(station):
    assert mounted(WET, camera(station=station)) is WET


@pytest.mark.parametrize("station", ["bumper", "roof", "helmet", "pole", "gantry", "air"])
def test_an_open_lens_has_no_wiper_no_smear_no_breath_and_keeps_its_dirt(station):
    look = mounted(WET, camera(station=station))
    assert (look.wiper, look.windscreen.wiper, look.windscreen.smear, look.windscreen.fog) == (0, 0, 0, 0)
    assert look.windscreen.dirt == WET.windscreen.dirt
    assert 0 < look.windscreen.drops <= WET.windscreen.drops
    assert look.windscreen.glass_m < WET.windscreen.glass_m


def test_a_hood_keeps_drops_off_and_a_bumper_has_none():
    assert (
        mounted(WET, camera(station="pole")).windscreen.drops < mounted(WET, camera(station="bumper")).windscreen.drops
    )


def test_who_has_no_lamps_sends_no_light_into_the_fog_and_one_lamp_sends_half():
    assert mounted(WET, camera(station="pole")).weights == {"ego": 0.0, "ego_high": 0.0, "head": 1.0}
    assert mounted(WET, camera(station="helmet")).weights == WET.weights
    assert beams_rgb_cd(WET, 1)[0] == pytest.approx([half / 2 for half in beams_rgb_cd(WET)[0]])
    assert beams_rgb_cd(WET, 0)[0] == (0, 0, 0)


def test_a_film_that_no_wiper_wiped_has_no_grooves():
    wiped, open_air = (film((64, 96), 1.0, np.random.default_rng(4), wiped=wiped) for wiped in (True, False))
    rough = [np.abs(np.diff(np.log(texture), n=2, axis=0)).mean() for texture in (wiped, open_air)]
    assert rough[1] < 0.3 * rough[0]
    assert open_air.mean() == pytest.approx(1.0, rel=1e-5)


def with_camera(out, **changes):
    """Give the small round's camera a station or a lens."""
    path = next(out.glob("scenes/*/spec.json"))
    spec = loads(path.read_text())
    path.write_text(dumps(replace(spec, cameras=(replace(spec.cameras[0], **changes),))) + "\n")


def frame(out, sensor=None):
    looks, plain = settings()
    done = develop_round(out, looks=looks, sensor=sensor or plain, count=1, seed=1, workers=1)
    return json.loads((out / "frames" / f"{done.made[0]}.json").read_text()), done.made[0]


def test_the_lens_that_the_scene_names_bends_pictures_and_labels(tmp_path):
    traced(tmp_path)
    with_camera(tmp_path, lens=BARREL)
    record, name = frame(tmp_path)
    assert record["camera"]["distortion"] == {"model": "brown_conrady", "k": [-0.25, 0.05], "p": []}
    assert record["mask"] == f"masks/{name}.png"


def test_it_does_what_the_same_lens_in_the_sensor_does(tmp_path):
    _, plain = settings()
    bent = replace(plain, lens=replace(plain.lens, distortion=Distortion(model="brown_conrady", k=(-0.25, 0.05))))
    for folder in ("scene", "sensor"):
        (tmp_path / folder).mkdir()
        traced(tmp_path / folder)
    with_camera(tmp_path / "scene", lens=BARREL)
    by_scene, _ = frame(tmp_path / "scene")
    by_sensor, _ = frame(tmp_path / "sensor", bent)
    assert by_scene["sha256"] == by_sensor["sha256"]
    assert by_scene["objects"] == by_sensor["objects"]


def test_the_sensors_own_lens_overrides_that_of_the_scene(tmp_path):
    traced(tmp_path)
    with_camera(tmp_path, lens=LensShape(model="fisheye", k=(0.01,)))
    _, plain = settings()
    bent = replace(plain, lens=replace(plain.lens, distortion=Distortion(model="brown_conrady", k=(-0.1,))))
    assert frame(tmp_path, bent)[0]["camera"]["distortion"]["model"] == "brown_conrady"


def test_a_pole_develops_the_look_that_it_meets_and_its_record_says_so(tmp_path):
    traced(tmp_path)
    before, _ = frame(tmp_path)
    with_camera(tmp_path, station="pole")
    after, _ = frame(tmp_path)
    assert after["look"]["weights"]["ego"] == 0
    assert after["look"]["wiper"] == 0
    assert after["camera"]["rig"] == {"name": "front", "station": "pole"}
    assert "rig" not in before["camera"]
    assert after["look"]["id"] != before["look"]["id"]


def test_a_view_without_a_scene_is_a_dashcams():
    from small_bundle import VIEWPOINT, bundle

    from render.develop.view import prepare

    view = prepare(bundle(), VIEWPOINT)
    _, sensor = settings()
    assert view.stand.behind_windscreen
    assert distortion_of(view, sensor.lens).model == "none"
    assert develop(view, WET, sensor).jpeg == develop(replace(view, camera=camera()), WET, sensor).jpeg
