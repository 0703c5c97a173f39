"""Lightings: every file states lux that its own light gives, and is refused where it contradicts itself."""

from dataclasses import replace

import numpy as np
import pytest

from scenes import atlas
from scenes.atlas import Pair
from scenes.errors import InputError
from scenes.light import Lighting, LightScene, Lux, draw_site, draw_sun
from scenes.road import draw_street
from scenes.scenario import sample
from scenes.settings import validated
from scenes.spec.scene import dumps, loads
from scenes.street_light import burning, lanterns_m, lux_at, mean_lux

LIGHTINGS = atlas.shipped().lightings
NAMES = ("noon", "overcast", "low_sun_ahead", "low_sun_behind", "side_sun", "tree_flicker", "dusk", "street_lit_night")
NAMES += ("unlit_night", "wet_night", "oncoming_high_beams", "tunnel_entrance", "tunnel_exit", "failing_lamp")
NAMES += ("emergency_strobes", "full_moon", "lightning", "car_park_neon", "backlit_fog", "night_fog")


def told(**changes):
    good = {
        "name": "test",
        "sentence": "A test.",
        "lux": {"of": "open_ground", "range": [900, 1100], "source": "none"},
        "scene": {"family": "day", "sun_elevation_deg_range": [20, 40]},
        "look": {"sky_lux_range": [900, 1100]},
    }
    return {**good, **changes}


def street(**changes):
    drawn = draw_street(np.random.default_rng(2), wetness=(0.0, 0.0), feature_x_m=None)
    return replace(drawn, parking_lane=False, lamp_spacing_m=30.0, **changes)


def scenes_of(name, count=4):
    return [sample("day_traffic", seed=9, index=index, pair=Pair(lighting=LIGHTINGS[name])) for index in range(count)]


def test_a_street_without_lamps_has_no_lux_by_lamps():
    assert mean_lux(replace(street(), lamp_spacing_m=0.0)) == 0


def test_the_atlas_has_the_lightings_that_were_asked_for_each_named_as_its_file():
    assert set(LIGHTINGS) == set(NAMES)
    assert all(name == lighting.name for name, lighting in LIGHTINGS.items())
    assert all(lighting.lux.source and lighting.sentence.endswith(".") for lighting in LIGHTINGS.values())


def test_one_lamp_lights_the_road_below_it_by_lamberts_law():
    lone = replace(street(), lamp_spacing_m=2000.0, lamp_height_m=7.884)
    below = lanterns_m(lone)[:1]
    assert lux_at(lone, below)[0] == pytest.approx(lone.lamp_lm / np.pi / 8.0**2, rel=1e-6)
    aside = below + np.array([0.0, 6.0])
    assert lux_at(lone, aside)[0] == pytest.approx(lone.lamp_lm / np.pi * 64 / 100**2, rel=1e-6)


def test_failed_lamps_are_the_same_at_every_look_and_as_many_as_told():
    out = [burning(5, 0.6, number) for number in range(400)]
    assert out == [burning(5, 0.6, number) for number in range(400)]
    assert np.mean(out) == pytest.approx(0.4, abs=0.08)
    assert all(burning(5, 0.0, number) for number in range(20))


@pytest.mark.parametrize("name", NAMES)
def test_every_lighting_is_drawn_keeps_its_ranges_and_reads_back(name):
    scene = LIGHTINGS[name].scene
    for spec in scenes_of(name):
        assert (
            scene.sun_elevation_deg_range[0] - 0.01 <= spec.sun.elevation_deg <= scene.sun_elevation_deg_range[1] + 0.01
        )
        assert spec.street.kind in scene.places
        assert spec.lighting == scene.family
        assert spec.conditions.lighting == name
        assert LIGHTINGS[name].sentence in spec.sentence
        assert loads(dumps(spec)) == spec


@pytest.mark.parametrize("name", [name for name in NAMES if LIGHTINGS[name].lux.of == "street_lamps"])
def test_street_lamps_get_the_flux_that_lays_the_stated_lux_on_the_road(name):
    low, high = LIGHTINGS[name].lux.range
    for spec in scenes_of(name):
        assert low * 0.999 <= mean_lux(spec.street) <= high * 1.001


def test_the_same_seed_gives_the_same_bytes():
    assert [dumps(spec) for spec in scenes_of("wet_night")] == [dumps(spec) for spec in scenes_of("wet_night")]


def test_lightings_that_ask_for_lamps_of_vehicles_have_them():
    for spec in scenes_of("oncoming_high_beams"):
        assert any("high_beam" in vehicle.lamps for vehicle in spec.vehicles)
    for spec in scenes_of("emergency_strobes"):
        [service] = [vehicle for vehicle in spec.vehicles if "light_bar" in vehicle.lamps and any(vehicle.velocity_mps)]
        assert service.livery in ("police", "ambulance", "fire")
    for spec in scenes_of("unlit_night"):
        assert all("head" in vehicle.lamps for vehicle in spec.vehicles if any(vehicle.velocity_mps))


def test_a_bearing_is_drawn_from_one_of_its_ranges_and_a_site_from_its_places():
    scene = LightScene(
        family="low_sun",
        sun_elevation_deg_range=(5, 9),
        sun_bearing_deg_ranges=((60, 70), (-70, -60)),
        places={"bridge": 1},
    )
    suns = [draw_sun(scene, np.random.default_rng(seed)) for seed in range(30)]
    assert {np.sign(sun.azimuth_deg) for sun in suns} == {-1, 1}
    assert all(60 <= abs(sun.azimuth_deg) <= 70 for sun in suns)
    light = Lighting(
        name="t",
        sentence="",
        lux=Lux(of="open_ground", range=(1, 1), source=""),
        scene=scene,
        look={"sky_lux_range": (1, 1)},
    )
    assert draw_site(light, np.random.default_rng(1)).kind == "bridge"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"daylight": "clear"}, "lighting.test.look: must state sky_lux_range if, and only if, daylight is given"),
        ({"look": {}}, "lighting.test.look: must state sky_lux_range"),
        (
            {"daylight": "clear", "look": {}, "scene": {"family": "day", "sun_elevation_deg_range": [-4, 10]}},
            "lighting.test.scene: clear needs a sun above the horizon; got -4",
        ),
        (
            {"daylight": "twilight", "look": {}},
            "lighting.test.scene: twilight needs a sun in [-18, 5] degrees",
        ),
        (
            {"daylight": "clear", "look": {"overcast_range": [1, 1]}},
            "lighting.test.look: a closed cloud lets no hard sun through",
        ),
        (
            {"lux": {"of": "open_ground", "range": [5000, 6000], "source": "wrong"}},
            "lighting.test.lux.range: must be what its light gives, [900, 1.1e+03]; got (5000.0, 6000.0)",
        ),
        ({"lux": {"of": "open_ground", "range": [5, 1], "source": ""}}, "lighting.lux.range: must be [lo, hi]"),
        ({"scene": {"family": "day", "sun_elevation_deg_range": [40, 20]}}, "lighting.scene.sun_elevation_deg_range"),
        ({"scene": {"family": "day", "sun_elevation_deg_range": [2, 4], "covered": True}}, "lighting.scene.covered"),
        (
            {"scene": {"family": "day", "sun_elevation_deg_range": [2, 4], "places": {"moon": 1}}},
            "lighting.scene.places",
        ),
        ({"scene": {"family": "day", "sun_elevation_deg_range": [2, 4], "wetness_range": [0, 3]}}, "wetness_range"),
        ({"colour": 1}, "lighting.colour: there is no such key"),
    ],
)
def test_contradictory_yaml_is_refused_in_one_line(changes, line):
    with pytest.raises(InputError) as refusal:
        validated("lighting", Lighting, told(**changes))
    assert line in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_lux_that_no_lamp_can_give_is_refused():
    dark = LIGHTINGS["street_lit_night"]
    bright = replace(dark, lux=Lux(of="street_lamps", range=(400.0, 500.0), source=""))
    with pytest.raises(InputError, match="its lamps would need a flux outside 800 to 25000 lm"):
        draw_site(bright, np.random.default_rng(1))
