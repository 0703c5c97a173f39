"""Targets of a blend: chosen scenes, weights and copies, and what is said where a target cannot be met."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from blend.plan import Floor, Stage, Target, check, choose, weigh
from blend.plan_report import copies, lines
from blend.pool import Pool
from blend.rake import rake
from blend.settings import BlendSettings
from scenes.errors import InputError


def pool_of(seed=0, real=400, scenes=120, held=0):
    """Draw real pictures by day and synthetic scenes of three pictures, mostly by night and rich in bicycles."""
    rng = np.random.default_rng(seed)
    count = real + 3 * scenes
    synthetic = np.arange(count) >= real
    night = np.where(synthetic, np.repeat(rng.random(count // 3 + 1), 3)[:count] < 0.7, rng.random(count) < 0.05)
    bicycle = rng.random(count) < np.where(synthetic, 0.4, 0.02)
    return Pool(
        synthetic=synthetic,
        composite=np.zeros(count, np.bool_),
        held=~synthetic | (np.arange(count) >= count - held),
        unit=np.where(synthetic, 1000 + (np.arange(count) - real) // 3, np.arange(count) // 5).astype(np.int64),
        order=np.where(synthetic, 7 * ((np.arange(count) - real) // 3) % 121, 0).astype(np.int64),
        tags={
            ("class", "bicycle"): bicycle,
            ("class", "car"): rng.random(count) < 0.8,
            ("light", "day"): ~night,
            ("light", "night"): night,
            ("source", "real"): ~synthetic,
            ("source", "synthetic"): synthetic,
        },
    )


def whole_units(pool, taken):
    return all(taken[pool.unit == unit].all() or not taken[pool.unit == unit].any() for unit in np.unique(pool.unit))


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(0, 0.6))
def test_a_ratio_is_met_to_half_a_scene_by_whole_scenes_and_all_real_pictures(seed, ratio):
    pool = pool_of(seed)
    taken = choose(pool, Target(ratio=ratio))
    assert taken[~pool.synthetic].all()
    assert whole_units(pool, taken)
    assert abs((taken & pool.synthetic).sum() - min(ratio / (1 - ratio) * 400, 360)) <= 1.5


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(30, 70), st.floats(0.05, 0.2))
def test_gaps_are_filled_to_their_floors_with_few_whole_scenes(seed, count, share):
    pool = pool_of(seed)
    floors = (Floor(where={"class": "bicycle"}, count=count), Floor(where={"light": "night"}, share=share))
    target = Target(strategy="fill_gaps", ratio=0.5, floors=floors)
    taken = choose(pool, target)
    inside = pool[taken]
    assert whole_units(pool, taken)
    assert inside.tags["class", "bicycle"].sum() >= count
    assert inside.tags["light", "night"].sum() >= share * len(inside) - 1e-9
    assert not [line.why for line in lines(inside, weigh(inside, target), target, pool) if line.why]
    needed = max(count - pool.tags["class", "bicycle"][:400].sum(), 0)
    assert (taken & pool.synthetic).sum() <= 2.5 * needed + 3 * share * 400 + 6


def test_composites_are_told_apart_and_leave_what_is_offered_as_it_is():
    pool = pool_of(scenes=0)
    extra = Pool(
        synthetic=np.ones(5, np.bool_),
        composite=np.ones(5, np.bool_),
        held=np.ones(5, np.bool_),
        unit=np.zeros(5, np.int64),
        order=np.zeros(5, np.int64),
        tags={cell: np.full(5, cell == ("class", "bicycle")) for cell in pool.tags},
    )
    whole = Pool(**{
        **{key: np.concatenate([getattr(pool, key), getattr(extra, key)])
           for key in ("synthetic", "composite", "held", "unit", "order")},
        "tags": {cell: np.concatenate([pool.tags[cell], extra.tags[cell]]) for cell in pool.tags},
    })  # fmt: skip
    offered = pool_of(scenes=1)
    bicycles = int(pool.tags["class", "bicycle"].sum())
    left = int(offered.tags["class", "bicycle"].sum()) - bicycles
    assert left > 0
    target = Target(strategy="fill_gaps", ratio=0.02, floors=(Floor(where={"class": "bicycle"}, count=1000),))
    (line,) = lines(whole, np.ones(len(whole)), target, offered)
    assert (line.real, line.got, line.composites) == (bicycles, bicycles + 5, 5)
    assert line.why.startswith(f"{left} more pictures show it")
    assert "5 of it in composites" in str(line)


def test_a_floor_that_cannot_be_reached_says_whether_pictures_or_room_are_lacking():
    pool = pool_of()
    floors = (
        Floor(where={"class": "bicycle"}, count=100_000),
        Floor(where={"light": "night", "class": "bus"}, share=0.01),
    )
    by_floor = lines(pool, np.ones(len(pool)), Target(strategy="fill_gaps", ratio=0.9, floors=floors), pool)
    assert [line.why for line in by_floor] == [
        "every picture that shows it is in; render more",
        "no synthetic picture shows it",
    ]
    tight = Target(strategy="fill_gaps", ratio=0.02, floors=floors[:1])
    inside = pool[choose(pool, tight)]
    assert (
        "the synthetic share is at its most, blend.ratio=0.02"
        in lines(inside, np.ones(len(inside)), tight, pool)[0].why
    )
    assert inside.synthetic.sum() <= 0.02 / 0.98 * 400


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.floats(0.15, 0.5), st.floats(0.05, 0.2), st.floats(0.1, 0.5))
def test_weights_meet_wished_shares_of_overlapping_cells_within_one_picture(seed, night, bicycle, ratio):
    pool = pool_of(seed)
    shares = {"light": {"night": night}, "class": {"bicycle": bicycle}}
    target = Target(strategy="like_target", shares=shares, ratio=ratio, most=20.0, least_real=0.05)
    assert choose(pool, target).all()
    weights = weigh(pool, target)
    assert weights.mean() == pytest.approx(1)
    assert weights.max() <= 20 + 1e-6
    assert weights[~pool.synthetic].min() >= 0.05 - 1e-6
    for line in lines(pool, weights, target, pool):
        assert abs(line.got - line.wanted) * len(pool) <= 1 or line.why
    assert weights[pool.synthetic].sum() / weights.sum() == pytest.approx(ratio, abs=1 / len(pool))


def test_of_all_weights_with_the_wished_shares_those_nearest_to_equal_are_taken():
    inside = np.array([[1], [1], [0], [0], [0], [0], [0], [0]], dtype=bool)
    weights = rake(inside, np.array([0.5]), least=np.zeros(8), most=9.0)
    assert weights == pytest.approx([2, 2, *[4 / 6] * 6])


def test_a_share_that_bounds_forbid_is_said():
    pool = pool_of()
    target = Target(strategy="like_target", shares={"class": {"bicycle": 0.95}, "light": {"fog": 0.1}}, most=1.5)
    whys = [line.why for line in lines(pool, weigh(pool, target), target, pool)]
    assert "weights stay within 0.5 for real pictures and 1.5 for all" in whys[0]
    assert whys[1] == "no picture shows it"


def test_a_curriculum_has_its_share_in_every_stage_and_none_is_none():
    pool = pool_of()
    target = Target(strategy="curriculum", stages=(Stage(epochs=0.4, ratio=0.5), Stage(epochs=0.6, ratio=0.0)))
    for stage in target.stages:
        weights = weigh(pool, target, stage.ratio)
        assert weights[pool.synthetic].sum() / weights.sum() == pytest.approx(stage.ratio)


def test_real_pictures_are_drawn_more_often_instead_of_leaving_synthetic_ones_out():
    pool = pool_of()
    target = Target(strategy="oversample_real", ratio=0.2)
    assert choose(pool, target).all()
    weights = weigh(pool, target)
    assert weights[pool.synthetic].sum() / weights.sum() == pytest.approx(0.2)
    number = copies(pool, weights)
    assert number[~pool.synthetic].min() >= 1
    assert number.sum() == pytest.approx(weights.sum(), abs=1)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.05, 0.6))
def test_copies_hold_every_set_of_like_pictures_to_one_and_every_real_picture(seed, ratio):
    pool = pool_of(seed)
    weights = np.where(pool.synthetic, np.random.default_rng(seed).random(len(pool)) * ratio * 3, 1.0)
    number = copies(pool, weights)
    assert number[~pool.synthetic].tolist() == [1] * 400
    for night in (False, True):
        for bicycle in (False, True):
            alike = (pool.tags["light", "night"] == night) & (pool.tags["class", "bicycle"] == bicycle) & pool.synthetic
            alike &= pool.tags["class", "car"]
            assert abs(number[alike].sum() - weights[alike].sum()) <= 1


def test_earlier_rounds_beyond_the_share_are_weighed_down_and_a_new_round_still_adds_its_share():
    pool = pool_of(held=180)
    target = Target(ratio=0.1)
    taken = choose(pool, target)
    assert taken[pool.held].all()
    assert (taken & ~pool.held).sum() == pytest.approx(0.1 / 0.9 * 400, abs=1.5)
    inside = pool[taken]
    weights = weigh(inside, target)
    assert weights[inside.synthetic].sum() / weights.sum() == pytest.approx(0.1)
    assert weights[inside.synthetic].min() > 0
    assert (weights[~inside.synthetic] == 1).all()


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"strategy": "fill_gaps"}, r"blend\.floors: must be given for blend\.strategy=fill_gaps"),
        ({"floors": [{"where": {"class": "car"}}]}, r"floors class=car: must have a count or a share, not both"),
        (
            {"floors": [{"where": {"class": "car"}, "share": 1.5}]},
            r"floors class=car: share must lie in \(0, 1\)",
        ),
        ({"floors": [{"where": {}, "count": 3}]}, r"blend\.floors: must say where"),
        (
            {"shares": {"light": {"day": 0.8, "night": 0.3}}},
            r"shares\.light: must not sum to more than 1; got 1\.1",
        ),
        ({"shares": {"source": {"real": 0.8}}}, r"blend\.shares\.source: is what blend\.ratio says"),
        ({"shares": {"class": {"car": -1}}}, r"blend\.shares\.class: must be shares in \[0, 1\]"),
        (
            {"strategy": "curriculum", "stages": [{"epochs": 0.5, "ratio": 0.1}]},
            r"blend\.stages: epochs must sum to 1; got 0\.5",
        ),
        ({"stages": [{"epochs": 0.0, "ratio": 0.1}]}, r"blend\.stages\.epochs: must lie in \(0, 1\]"),
        ({"most": 0.5}, r"blend\.most: must be above 1"),
        ({"least_real": 1.0}, r"blend\.least_real: must lie in \[0, 1\)"),
    ],
)
def test_targets_that_contradict_themselves_are_refused_by_key(told, line):
    with pytest.raises(InputError, match=line):
        TypeAdapter(BlendSettings).validate_python(told)


def test_a_factor_or_class_that_there_is_not_is_refused_with_those_that_there_are():
    pool = pool_of()
    with pytest.raises(InputError, match=r"blend\.floors: a factor must be one of class, light, source; got wether"):
        check(pool, Target(strategy="fill_gaps", floors=(Floor(where={"wether": "rain"}, count=3),)))
    with pytest.raises(InputError, match=r"blend\.shares\.class: a class must be one of car, truck, .*; got tram"):
        check(pool, Target(strategy="like_target", shares={"class": {"tram": 0.1}}))
