"""Friction follows the road's state, stays within what was measured, and is refused where it makes no sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.errors import InputError
from scenes.friction import SURFACES, Friction, Road, friction, shares
from scenes.scenario import sample

SHARE = st.floats(0.0, 1.0)
ROADS = st.builds(Road, wetness=SHARE, puddles=SHARE, snow=SHARE, ice=SHARE, leaves=SHARE, sand=SHARE)


def test_a_bare_dry_road_holds_best():
    assert friction(Road()) == SURFACES["dry"]
    assert SURFACES["dry"].mean == max(surface.mean for surface in SURFACES.values())


@pytest.mark.parametrize(
    ("road", "surface"),
    [
        (Road(wetness=1.0), "wet"),
        (Road(wetness=1.0, puddles=1.0), "flooded"),
        (Road(snow=1.0, ice=1.0), "snow"),
        (Road(ice=1.0), "ice"),
        (Road(leaves=1.0, wetness=1.0), "leaves"),
        (Road(sand=1.0), "sand"),
    ],
)
def test_a_road_of_one_surface_has_its_friction(road, surface):
    assert friction(road) == SURFACES[surface]


def test_half_a_road_of_ice_holds_half_as_much_less():
    mean = (SURFACES["dry"].mean + SURFACES["ice"].mean) / 2
    assert friction(Road(ice=0.5), -8.0).mean == pytest.approx(mean, abs=1e-4)


def test_ice_under_water_is_the_slipperiest_of_all_near_the_thaw():
    wet = Road(ice=1.0, wetness=0.6)
    assert friction(wet, 0.5) == SURFACES["wet_ice"]
    assert friction(wet, -5.0) == SURFACES["ice"]


@given(ROADS, st.floats(-20, 40))
def test_shares_add_up_and_means_stay_between_the_surfaces(road, temperature_c):
    assert sum(shares(road, temperature_c).values()) == pytest.approx(1.0)
    made = friction(road, temperature_c)
    assert SURFACES["wet_ice"].low - 1e-4 <= made.low <= made.mean <= made.high <= SURFACES["dry"].high + 1e-4


@given(ROADS, st.floats(0.01, 0.5))
def test_more_water_never_holds_better(road, more):
    wetter = Road(wetness=min(1.0, road.wetness + more), puddles=road.puddles)
    assert friction(wetter).mean <= friction(Road(wetness=road.wetness, puddles=road.puddles)).mean


def test_a_street_will_do_as_a_road():
    street = sample("night_rear_end", seed=1, index=0).street
    assert friction(street) == friction(Road(wetness=street.wetness, puddles=street.puddles))


@pytest.mark.parametrize("told", [(0.0, 0.1, 0.2), (0.5, 0.4, 0.6), (0.5, 0.6, 1.7)])
def test_impossible_coefficients_are_refused_in_one_line(told):
    low, mean, high = told
    with pytest.raises(InputError, match="friction: must be in order"):
        Friction(low=low, mean=mean, high=high)


def test_a_share_above_one_names_its_field():
    with pytest.raises(InputError, match=r"road\.snow: must lie in \[0, 1\]; got 1.2"):
        Road(snow=1.2)
