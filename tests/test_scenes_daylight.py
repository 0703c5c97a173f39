"""Daylight, twilight and moonlight have the lux that tables of others give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes import daylight


def test_below_the_horizon_there_is_no_sun():
    assert daylight.sun_lux(0.0) == daylight.sun_lux(-5.0) == 0


@pytest.mark.parametrize(
    ("elevation_deg", "lux", "within"),
    [(0.0, 759, 0.01), (-0.8, 453, 0.05), (-6.0, 3.4, 0.02), (-12.0, 8.3e-3, 0.05), (-18.0, 6.5e-4, 0.05)],
)
def test_twilight_meets_the_naval_observatorys_table(elevation_deg, lux, within):
    assert daylight.twilight_lux(elevation_deg) == pytest.approx(lux, rel=within)


@pytest.mark.parametrize(("elevation_deg", "ground_lux"), [(90.0, 0.267), (30.0, 0.098)])
def test_a_full_moon_lights_level_ground_as_the_circular_says(elevation_deg, ground_lux):
    moon, sky = daylight.full_moon_lux(elevation_deg)
    sine = {90.0: 1.0, 30.0: 0.5}[elevation_deg]
    assert moon * sine + sky == pytest.approx(ground_lux, rel=0.03)


def test_air_mass_is_one_overhead_and_about_38_at_the_horizon():
    assert daylight.air_mass(90.0) == pytest.approx(1.0, abs=1e-3)
    assert daylight.air_mass(0.0) == pytest.approx(38, rel=0.02)


@given(st.floats(1.0, 85.0), st.floats(0.5, 5.0))
def test_a_higher_sun_is_brighter_and_a_cover_is_darker_than_clear_weather(low, step):
    for lux in (daylight.sun_lux, daylight.clear_sky_lux, daylight.covered_sky_lux):
        assert lux(low + step) > lux(low) > 0
    assert daylight.covered_sky_lux(low) < daylight.clear_sky_lux(low) + daylight.sun_lux(low)


def test_two_models_agree_on_daylight_near_the_horizon():
    """USNO's totals and the sum of IES's sun and sky differ by less than half at 5 degrees."""
    total = daylight.sun_lux(5.0) * 0.0872 + daylight.clear_sky_lux(5.0)
    assert daylight.twilight_lux(5.0) == pytest.approx(total, rel=0.45)
