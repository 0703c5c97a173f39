from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from pydantic import TypeAdapter

from render.develop.colour import luminance, thermal_tint, unit_tint
from render.develop.look import Look
from render.develop.preset import LookPreset, LookSettings, draw, draw_one
from scenes.errors import InputError
from scenes.ontology import LIGHT_GROUPS

CONF = Path(__file__).parents[1] / "conf" / "look"


def shipped() -> LookSettings:
    text = (CONF / "standard.yaml").read_text(encoding="utf-8")
    return TypeAdapter(LookSettings).validate_python(yaml.safe_load(text))


def plain(**changes) -> Look:
    told = {"name": "plain", "sun_lux": 0.0, "sun_kelvin": 5000.0, "sky_lux": 1.0, "sky_tint_rgb": (1.0, 1.0, 1.0)}
    return Look(**{**told, "weights": {}, **changes})


def test_no_looks_are_drawn_when_none_are_wanted():
    assert draw(shipped(), "night", 0, seed=1, scene="a-0") == []


def test_every_preset_is_used_once_before_any_is_used_twice():
    settings = shipped()
    looks = draw(settings, "night", 2 * len(settings.night), seed=1, scene="a-0")
    first = {look.name for look in looks[: len(settings.night)]}
    assert first == {preset.name for preset in settings.night}
    assert len({look.look_id for look in looks}) == len(looks)


def test_the_first_looks_stay_when_more_are_asked_for():
    assert draw(shipped(), "low_sun", 2, seed=1, scene="a-0") == draw(shipped(), "low_sun", 7, seed=1, scene="a-0")[:2]


def test_another_scene_or_seed_draws_other_looks():
    drawn = [draw(shipped(), "night", 3, seed=seed, scene=scene) for seed, scene in ((1, "a"), (2, "a"), (1, "b"))]
    assert len({look.look_id for looks in drawn for look in looks}) == 9


def test_draws_stay_within_their_ranges():
    for preset in (*shipped().night, *shipped().low_sun):
        for seed in range(20):
            look = draw_one(preset, seed=seed)
            for name in ("sun_lux", "sun_kelvin", "sky_lux", "ev_bias", "veil", "bloom"):
                low, high = getattr(preset, f"{name}_range")
                assert low - 1e-4 * abs(low) <= getattr(look, name) <= high + 1e-4 * abs(high), (preset.name, name)


def test_a_night_has_no_sun_and_a_low_sun_no_street_lamps():
    assert all(preset.sun_lux_range[1] < 0.3 for preset in shipped().night)
    assert all("street" not in preset.lamps for preset in shipped().low_sun)


@pytest.mark.parametrize(
    "broken",
    [
        {"weights": {"street": -0.1}},
        {"weights": {"stret": 1.0}},
        {"weights": {"head": float("nan")}},
        {"weights": {"head": 3.0}},
        {"overcast": 1.5},
        {"sun_lux": -1.0},
        {"sky_lux": float("nan")},
        {"veil": 0.6, "bloom": 0.5},
    ],
)
def test_an_impossible_look_is_refused(broken):
    with pytest.raises(InputError, match=r"look\.plain"):
        plain(**broken)


@pytest.mark.parametrize(
    "broken",
    [
        {"precipitation": {"kind": "rain", "rate_mm_h_range": [9, 2]}},
        {"sky_lux_range": (2.0, 1.0)},
        {"lamps": {"stret": (0.0, 1.0)}},
        {"lamps": {"head": (1.0, 3.0)}},
        {"air": {"fog": 3}},
        {"sky_kelvin_range": (500, 9000)},
    ],
)
def test_an_impossible_preset_is_refused(broken):
    with pytest.raises(InputError, match=r"look\.bad"):
        LookPreset(**{"name": "bad", "sky_lux_range": (1.0, 2.0), **broken})


def test_an_unknown_lighting_family_is_refused_by_name():
    with pytest.raises(InputError, match="night, low_sun"):
        draw(shipped(), "noon", 1, seed=1, scene="a")


def test_a_look_is_named_by_what_it_holds():
    assert plain().look_id == plain().look_id
    assert plain().look_id != replace(plain(), seed=1).look_id


def test_tints_keep_luminance():
    for kelvin in (1700, 2500, 4000, 6504, 15000):
        assert float(luminance(thermal_tint(kelvin)[None, None])[0, 0]) == pytest.approx(1, abs=1e-5)
    with pytest.raises(InputError):
        unit_tint((0.0, 0.0, 0.0))


def test_daylight_is_white_and_a_flame_is_red():
    assert np.allclose(thermal_tint(6504), 1, atol=0.05)
    red, green, blue = thermal_tint(2000)
    assert red > green > blue


def test_every_lamp_group_has_a_weight():
    look = draw_one(shipped().night[0], seed=1)
    assert set(look.weights) | {"sun", "sky", "overcast"} == set(LIGHT_GROUPS)
