"""Weathers: every file goes with itself, keeps the rules of physics, and its road's friction lies where it says."""

from collections import Counter

import numpy as np
import pytest
import yaml

from scenes import atlas
from scenes.errors import InputError, RareblendError
from scenes.friction import Road
from scenes.settings import validated
from scenes.weather import RULES, RoadRanges, Weather, WeatherDraw, breach, draw_weather

WEATHERS = atlas.shipped().weathers
NAMES = ("clear", "drizzle", "rain", "cloudburst", "mist", "fog", "dense_fog", "snowfall", "lying_snow", "blizzard")
NAMES += ("ice", "hail", "standing_water", "dust", "sand", "leaves", "smoke")


def told(**changes):
    good = {
        "name": "test",
        "sentence": "A test.",
        "temperature_c_range": [5, 15],
        "friction_range": [0.66, 0.72],
        "friction_source": "none",
        "sun_share_range": [1, 1],
        "sky_share_range": [1, 1],
    }
    return {**good, **changes}


def test_no_weather_at_all_is_a_dry_road_that_holds():
    drawn, refused = draw_weather(validated("weather", Weather, told()), np.random.default_rng(1))
    assert drawn.road == Road()
    assert drawn.friction.mean == pytest.approx(0.7)
    assert dict(refused) == {}


def test_the_atlas_has_the_weathers_that_were_asked_for_each_named_as_its_file():
    assert set(WEATHERS) == set(NAMES)
    assert all(name == item.name for name, item in WEATHERS.items())
    assert all(item.friction_source and item.sentence.endswith(".") for item in WEATHERS.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_weather_is_drawn_keeps_every_rule_and_its_friction(name):
    item = WEATHERS[name]
    for seed in range(40):
        drawn, _ = draw_weather(item, np.random.default_rng(seed))
        assert [rule(item, drawn) for rule in RULES] == [None] * len(RULES)
        assert item.friction_range[0] - 0.03 <= drawn.friction.mean <= item.friction_range[1] + 0.03
        assert item.temperature_c_range[0] <= drawn.temperature_c <= item.temperature_c_range[1]


def test_the_same_seed_draws_the_same_weather():
    one, other = (draw_weather(WEATHERS["rain"], np.random.default_rng(4)) for _ in range(2))
    assert one == other


def test_slipperier_roads_are_told_so():
    mean = {name: np.mean(item.friction_range) for name, item in WEATHERS.items()}
    assert mean["clear"] > mean["rain"] > mean["cloudburst"] > mean["blizzard"]


@pytest.mark.parametrize(
    ("name", "drawn", "reason"),
    [
        ("snowfall", WeatherDraw(temperature_c=30.0, road=Road(snow=0.3)), "no snow falls above 3 °C"),
        ("lying_snow", WeatherDraw(temperature_c=12.0, road=Road(snow=0.8)), "no snow lies above 6 °C"),
        ("ice", WeatherDraw(temperature_c=9.0, road=Road(ice=0.5)), "no ice stays above 2 °C"),
        ("rain", WeatherDraw(temperature_c=-9.0, road=Road(wetness=0.8)), "no rain below -1 °C"),
        ("cloudburst", WeatherDraw(temperature_c=20.0, road=Road()), "rain of 50 mm/h leaves no road this dry"),
        ("standing_water", WeatherDraw(temperature_c=-9.0, road=Road(puddles=0.7)), "puddles freeze below -6 °C"),
    ],
)
def test_what_cannot_be_has_a_reason(name, drawn, reason):
    assert reason in breach(WEATHERS[name], drawn)


def test_draws_that_break_a_rule_are_counted_with_their_reason():
    """A weather whose ranges reach into the forbidden: some draws are refused, and those that pass keep the rule."""
    thaw = validated("weather", Weather, told(temperature_c_range=[-4, 4], road={"ice_range": [0, 0]}))
    object.__setattr__(thaw, "road", RoadRanges(ice_range=(0.1, 0.4)))
    counts = Counter()
    for seed in range(60):
        drawn, refused = draw_weather(thaw, np.random.default_rng(seed))
        assert drawn.temperature_c <= 2
        counts.update(refused)
    assert counts["no ice stays above 2 °C"] > 5
    object.__setattr__(thaw, "temperature_c_range", (9.0, 10.0))
    with pytest.raises(RareblendError, match=r"no draw of 60 was valid: no ice stays above 2 °C \(60\)"):
        draw_weather(thaw, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"precipitation": {"kind": "snow", "rate_mm_h": 1}, "temperature_c_range": [25, 30]},
            "weather.test: contradicts itself: no snow falls above 3 °C; got 28 °C, a dry road",
        ),
        (
            {"precipitation": {"kind": "rain", "rate_mm_h_range": [60, 90]}, "sun_share_range": [0, 0]},
            "weather.test: contradicts itself: rain of 60 mm/h leaves no road this dry",
        ),
        ({"air": {"visibility_m_range": [50, 150]}}, "contradicts itself: dense fog lets no hard sun through"),
        ({"road": {"snow_range": [0.8, 1.0]}, "friction_range": [0.2, 0.4]}, "no snow lies above 6 °C"),
        (
            {"road": {"wetness_range": [0.9, 1.0]}, "friction_range": [0.8, 0.9]},
            "weather.test.friction_range: must hold what its road gives, [0.55, 0.56]; got (0.8, 0.9)",
        ),
        (
            {"road": {"wetness_range": [0.9, 1.4]}},
            "weather.road.wetness_range: must be [lo, hi] with 0 <= lo <= hi <= 1",
        ),
        ({"sun_share_range": [0.5, 3.0]}, "weather.test.sun_share_range: must be [lo, hi] in [0, 1.2]"),
        ({"temperature_c_range": [20, 10]}, "weather.test.temperature_c_range"),
        ({"wind": 3}, "weather.wind: there is no such key"),
    ],
)
def test_contradictory_yaml_is_refused_in_one_line(changes, line):
    with pytest.raises(InputError) as refusal:
        validated("weather", Weather, told(**changes))
    assert line in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_yaml_of_a_file_says_when_to_use_it():
    from importlib import resources

    for group in ("lighting", "weather"):
        for entry in resources.files("conf").joinpath(group).iterdir():
            text = entry.read_text(encoding="utf-8")
            assert text.startswith(("# Use for ", "# Use where ", "# Use after ", "# The default: ")), entry.name
            assert isinstance(yaml.safe_load(text), dict)
