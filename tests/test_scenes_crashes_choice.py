"""Types of crash in a chosen light and weather: their place, road and lamps follow, and their friction too."""

import numpy as np
import pytest

from scenes.atlas import Pair, chosen, draw_pairs, shipped
from scenes.choosing import able_to_choose
from scenes.crashes.choice import shared_places, unsuited
from scenes.crashes.registry import CRASH_TYPES
from scenes.errors import InputError
from scenes.friction import tyre_friction
from scenes.mix import _interleaved, chosen_pairs, plan
from scenes.pairing import broken
from scenes.scenario import sample
from scenes.settings import compose
from scenes.spec.scene import dumps

ATLAS = shipped()
PAIRS = [("wet_night", "rain"), ("noon", "lying_snow"), ("low_sun_ahead", "drizzle"), ("street_lit_night", "ice")]


def pair(lighting, weather=""):
    return Pair(lighting=ATLAS.lightings[lighting], weather=ATLAS.weathers[weather] if weather else None)


def choice(*words):
    config = compose("render", words)
    return chosen(config["lighting"], config["weather"])


def test_nothing_shared_is_no_place_at_all():
    [bay] = [kind for kind in CRASH_TYPES.values() if set(kind.places) == {"car_park"}][:1]
    assert shared_places(bay, ATLAS.lightings["unlit_night"]) == {}
    assert "no place of lighting unlit_night" in unsuited(bay, ATLAS.lightings["unlit_night"], None)


@pytest.mark.parametrize(("lighting", "weather"), PAIRS)
def test_every_type_that_suits_is_drawn_in_the_chosen_conditions(lighting, weather):
    both = pair(lighting, weather)
    suited = [name for name, kind in CRASH_TYPES.items() if unsuited(kind, both.lighting, both.weather) is None]
    assert len(suited) > 0.75 * len(CRASH_TYPES)
    for name in suited[::3]:
        spec = sample(name, seed=4, index=0, pair=both)
        assert (spec.scenario, spec.conditions.lighting, spec.conditions.weather) == (name, lighting, weather)
        assert spec.street.kind in both.lighting.scene.places
        low, high = both.lighting.scene.sun_elevation_deg_range
        assert low - 0.01 <= spec.sun.elevation_deg <= high + 0.01
        assert CRASH_TYPES[name].sentence in spec.sentence
        assert both.weather.sentence in spec.sentence
        assert spec.conditions.friction == pytest.approx(tyre_friction(spec.street), abs=1e-3)


def slides_m(weather, many=8):
    """How far the struck vehicles of rear-end crashes go from the impact on, in the mean."""
    far = []
    for index in range(many):
        spec = sample("lead_vehicle_stopped", seed=4, index=index, tracked=True, pair=pair("noon", weather))
        for track in (vehicle.track for vehicle in spec.vehicles if vehicle.track):
            x = np.interp([0.0, track.times_s[-1]], track.times_s, track.x_m)
            y = np.interp([0.0, track.times_s[-1]], track.times_s, track.y_m)
            far.append(np.hypot(x[1] - x[0], y[1] - y[0]))
    return np.mean(far)


def test_on_a_slippery_road_vehicles_slide_farther():
    assert slides_m("lying_snow") > 1.2 * slides_m("clear")


def test_the_same_seed_gives_the_same_bytes():
    name = next(iter(CRASH_TYPES))
    one, other = (sample(name, seed=4, index=2, pair=pair("wet_night", "rain")) for _ in range(2))
    assert dumps(one) == dumps(other)


def test_a_clip_of_a_crash_takes_conditions_as_well():
    spec = sample(next(iter(CRASH_TYPES)), seed=4, index=0, tracked=True, pair=pair("wet_night", "rain"))
    assert any(vehicle.track for vehicle in spec.vehicles)
    assert spec.conditions.weather == "rain"


def test_types_that_cannot_happen_are_left_out_with_the_reason():
    mix = dict.fromkeys(CRASH_TYPES, 1.0)
    kept, left_out = able_to_choose(mix, choice("lighting=wet_night", "weather=rain"))
    assert len(kept) > 20
    assert any("needs ice" in reason for reason in left_out.values())
    pairs, _ = draw_pairs(choice("lighting=wet_night", "weather=rain"), 6, seed=1)
    assert all(spec.conditions.weather == "rain" for spec in plan(kept, seed=1, count=6, pairs=pairs))


def test_a_single_lighting_that_no_crash_can_have_is_refused():
    with pytest.raises(InputError, match=r"scenario\.mix: only types of crash and .*needs traffic of its own"):
        able_to_choose(dict.fromkeys(CRASH_TYPES, 1.0), choice("lighting=emergency_strobes"))


@pytest.mark.parametrize(
    "words", [("lighting=mixed", "weather=mixed"), ("lighting=mixed",), ("weather=mixed",), ("weather=rain",)]
)
def test_mixed_light_or_weather_keeps_every_type_that_some_pair_suits(words):
    atlas = choice(*words)
    kept, left_out = able_to_choose(dict.fromkeys([*CRASH_TYPES, "day_traffic"], 1.0), atlas)
    dry = not any("mixed" in word and "weather" in word for word in words)
    assert all(CRASH_TYPES[name].road == "icy" for name in left_out)
    assert bool(left_out) == dry  # ice comes with a weather
    pairs, refused = chosen_pairs(kept, atlas, seed=2, count=120)
    names = [name for name, _ in _interleaved(kept, 120)]
    assert set(names) == set(kept)
    for name, pair in zip(names, pairs, strict=True):
        assert name not in CRASH_TYPES or unsuited(CRASH_TYPES[name], pair.lighting, pair.weather) is None
        assert pair.weather is None or not broken(pair.lighting, pair.weather)
    assert len({pair.lighting.name for pair in pairs}) > 8
    assert any("it happens in no place of" in reason for reason in refused)
    assert chosen_pairs(kept, atlas, seed=2, count=30)[0] == pairs[:30]


def test_plain_traffic_among_crashes_keeps_its_own_family_if_only_a_weather_is_chosen():
    mix = {"day_traffic": 1.0, "pedestrian_crossing": 1.0}
    pairs, _ = chosen_pairs(mix, choice("weather=mixed"), seed=2, count=40)
    families = {name: set() for name in mix}
    for (name, _), pair in zip(_interleaved(mix, 40), pairs, strict=True):
        families[name].add(pair.lighting.scene.family)
    assert families["day_traffic"] == {"day"}
    assert len(families["pedestrian_crossing"]) > 1


def test_scenes_of_types_are_drawn_in_mixed_light_and_weather():
    atlas = choice("lighting=mixed", "weather=mixed")
    kept, _ = able_to_choose(dict.fromkeys([*CRASH_TYPES][::4], 1.0), atlas)
    pairs, _ = chosen_pairs(kept, atlas, seed=3, count=8)
    specs = plan(kept, seed=3, count=8, pairs=pairs)
    assert [spec.conditions.lighting for spec in specs] == [pair.lighting.name for pair in pairs]
    assert {spec.scenario for spec in specs} <= set(CRASH_TYPES)


def test_a_pair_that_a_type_cannot_have_is_refused_in_one_line():
    icy = next(name for name, kind in CRASH_TYPES.items() if kind.road == "icy")
    with pytest.raises(
        InputError, match="must suit the lighting and weather; got it needs ice, and weather rain has none"
    ):
        sample(icy, seed=1, index=0, pair=pair("overcast", "rain"))
