"""A chosen lighting and weather make one preset: light by the sun's elevation, air and precipitation by the weather."""

from dataclasses import replace

import numpy as np
import pytest
import small_bundle

from render import manifest
from render.develop import atlas as looks
from render.develop.conditions import conditions
from render.develop.photometry import open_sky_lux
from render.develop.preset import LookSettings, draw
from render.develop.round import develop
from scenes.atlas import Pair, shipped
from scenes.errors import InputError
from scenes.pairing import broken
from scenes.scenario import sample
from scenes.spec.scene import Conditions

ATLAS = shipped()
PAIRS = [
    Pair(lighting=lighting, weather=weather)
    for lighting in ATLAS.lightings.values()
    for weather in ATLAS.weathers.values()
    if broken(lighting, weather) is None
]


def pair(lighting, weather=""):
    return Pair(lighting=ATLAS.lightings[lighting], weather=ATLAS.weathers[weather] if weather else None)


def scene(lighting, weather=""):
    return sample("day_traffic", seed=2, index=0, pair=pair(lighting, weather))


def drawn(spec, count=5):
    return draw(looks.looks_of(spec, LookSettings()), spec.lighting, count, seed=1, scene="s", street=spec.street)


def test_a_scene_without_chosen_conditions_keeps_the_presets_of_its_family():
    settings = LookSettings()
    assert looks.looks_of(sample("day_traffic", seed=2, index=0), settings) is settings


def test_every_possible_pair_makes_looks_at_both_ends_of_its_sun():
    for one in PAIRS:
        for elevation_deg in one.lighting.scene.sun_elevation_deg_range:
            assert looks.preset_of(one, elevation_deg).name == f"{one.lighting.name}_{one.weather.name}"


@pytest.mark.parametrize("name", [n for n, item in ATLAS.lightings.items() if item.lux.of == "open_ground"])
def test_looks_lay_the_stated_lux_on_open_ground(name):
    low, high = ATLAS.lightings[name].lux.range
    spec = scene(name)
    for look in drawn(spec, 8):
        assert low * 0.85 <= open_sky_lux(look, spec.sun.elevation_deg) <= high * 1.15


def test_weather_dims_the_sun_and_brings_air_and_what_falls():
    dry, wet = (looks.preset_of(pair("low_sun_ahead", weather), 7.0) for weather in ("", "drizzle"))
    assert wet.sun_lux_range[1] <= 0.6 * dry.sun_lux_range[1] + 1e-6
    assert wet.precipitation["kind"] == "rain"
    assert wet.air["visibility_m_range"][1] <= 5000
    assert wet.overcast_range == (0.6, 0.6)  # the sun shines through a broken cloud
    assert wet.lamps["head"] == (0.8, 1.0)
    assert looks.preset_of(pair("overcast", "rain"), 30.0).overcast_range == (1.0, 1.0)


def test_looks_of_one_scene_are_the_same_again_and_differ_among_each_other():
    spec = scene("unlit_night", "rain")
    assert drawn(spec) == drawn(spec)
    assert len({look.look_id for look in drawn(spec)}) == 5


def test_the_record_tells_lighting_and_weather_by_name_only_where_they_were_chosen():
    told = scene("low_sun_ahead", "drizzle")
    facts = {"open_sky_lux": 1.0, "ground_lux": None, "ev100": 1.0}
    record = conditions(told, drawn(told, 1)[0], facts, np.eye(4))
    assert (record["lighting"], record["weather"]) == ("low_sun_ahead", "drizzle")
    assert 2 <= record["temperature_c"] <= 20
    assert 0.5 < record["friction"] < 0.7
    plain = conditions(sample("day_traffic", seed=2, index=0), drawn(told, 1)[0], facts, np.eye(4))
    assert {"lighting", "weather", "temperature_c", "friction"} & set(plain) == set()
    assert set(plain["road"]) == {"wetness", "puddles", "snow", "ice"}


def test_an_override_of_a_look_reaches_its_frames():
    own = replace(ATLAS.lightings["dusk"], look={**ATLAS.lightings["dusk"].look, "sky_kelvin_range": (2000.0, 2000.0)})
    spec = scene("dusk")
    settings = looks.looks_of(spec, LookSettings(), replace(ATLAS, lightings={**ATLAS.lightings, "dusk": own}))
    assert settings.night[0].sky_kelvin_range == (2000.0, 2000.0)


def test_a_broken_look_is_refused_with_its_key():
    bad = replace(ATLAS.lightings["dusk"], look={**ATLAS.lightings["dusk"].look, "veils": 1})
    with pytest.raises(InputError, match=r"dusk\.look: there is no such key; got veils"):
        looks.check(replace(ATLAS, lightings={**ATLAS.lightings, "dusk": bad}))
    worse = replace(bad, look={**ATLAS.lightings["dusk"].look, "lamps": {"candle": (1, 1)}})
    with pytest.raises(InputError, match=r"look\.dusk\.lamps: groups are street"):
        looks.check(replace(ATLAS, lightings={**ATLAS.lightings, "dusk": worse}))


def test_a_scene_of_conditions_that_are_gone_is_told():
    lost = replace(scene("dusk"), conditions=Conditions(lighting="moonrise", friction=0.7))
    with pytest.raises(InputError, match=r"scene\.conditions: must name files"):
        looks.looks_of(lost, LookSettings())


def test_frames_of_a_round_have_the_light_and_weather_that_its_scene_names(tmp_path, monkeypatch):
    told = Conditions(lighting="street_lit_night", weather="rain", temperature_c=8.0, friction=0.55)
    plain = small_bundle.scene
    monkeypatch.setattr(small_bundle, "scene", lambda family: replace(plain(family), conditions=told))
    small_bundle.traced(tmp_path)
    families, sensor = small_bundle.settings()
    develop(tmp_path, looks=families, sensor=sensor, count=2, seed=7, workers=1)
    records = manifest.records(tmp_path)
    assert [record["look"]["name"] for record in records] == ["street_lit_night_rain"] * 2
    assert all(record["look"]["precipitation"]["kind"] == "rain" for record in records)
    assert all(record["conditions"]["weather"] == "rain" for record in records)
