from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from small_bundle import settings, traced

from render.develop.atmosphere import Air
from render.develop.look import Look
from render.develop.match.offers import Offer, chosen, offers


def offer(number: int, *, night=False, visibility_m=20_000.0) -> Offer:
    air = Air(visibility_m=visibility_m)
    look = Look(name="some", sun_lux=0.0, sun_kelvin=5000.0, sky_lux=1.0, sky_tint_rgb=(1, 1, 1), weights={}, air=air)
    return Offer(path=Path(f"{number:03d}"), look=look, night=night)


def numbers(found: list[Offer]) -> list[int]:
    return [int(one.path.name) for one in found]


MIXED = [offer(number, night=number % 4 != 0) for number in range(80)]


@pytest.mark.parametrize(("share", "nights"), [(0.0, 0), (0.25, 6), (0.5, 12), (0.75, 18)])
def test_nights_have_their_share(share, nights):
    found = chosen(MIXED, 24, night_share=share)
    assert sum(one.night for one in found) == nights
    assert len(found) == (24 if nights >= 4 else 20)
    assert numbers(found) == sorted(set(numbers(found)))


def test_what_one_light_lacks_the_other_gives():
    few_days = [offer(number, night=number >= 5) for number in range(80)]
    assert sum(one.night for one in chosen(few_days, 24, night_share=0.25)) == 19
    few_nights = [offer(number, night=number < 5) for number in range(80)]
    assert sum(one.night for one in chosen(few_nights, 24, night_share=0.75)) == 5
    assert len(chosen(few_nights, 24, night_share=0.75)) == 24


def test_all_of_the_round_is_seen():
    assert numbers(chosen([offer(number) for number in range(100)], 3, night_share=0.0)) == [0, 50, 99]


def test_fog_is_chosen_only_where_nothing_is_clear():
    foggy = [offer(number, visibility_m=80.0) for number in range(10)]
    clear = [offer(number) for number in range(10, 14)]
    assert numbers(chosen([*foggy, *clear], 4, night_share=0.0)) == [10, 11, 12, 13]
    assert numbers(chosen(foggy, 4, night_share=0.0)) == [0, 3, 6, 9]


def test_views_offer_looks_and_broken_ones_none(tmp_path):
    looks, _ = settings()
    whole, broken = (traced(tmp_path, seed=seed) for seed in (1, 2))
    views = [tmp_path / "scenes" / scene / "0.exr" for scene in (whole, broken)]
    views[1].with_suffix(".json").write_text("{")
    found = offers(views, looks, count=9, seed=3)
    assert [one.path for one in found] == [views[0]] * 5
    assert all(one.night for one in found)
    assert found == offers(views, looks, count=9, seed=3)
    assert found != offers(views, replace(looks, night=looks.night[:1]), count=9, seed=3)
