"""Coverage by closed-form cases, by an independent count, and against rules that must never be broken."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.cover import Cover, cover
from scenes.coverage import Factor, Impossible, Space, ledger, lower_bound
from scenes.errors import InputError


def space(*sizes, rules=()):
    factors = (
        Factor(name=name, values=tuple(f"{name}{i}" for i in range(size)))
        for name, size in zip("abcdefgh", sizes, strict=False)
    )
    return Space(tuple(factors), tuple(rules))


def pairs_of(case):
    """Return the pairs of a case; knows nothing of arrays."""
    return set(combinations(sorted(case.items()), 2))


def possible_pairs(room):
    """Return all pairs of all cases that no rule forbids, by walking through the cases one by one."""
    names = [factor.name for factor in room.factors]
    found = set()
    for values in product(*(factor.values for factor in room.factors)):
        case = dict(zip(names, values, strict=True))
        if not any(rule.forbids(case) for rule in room.rules):
            found |= pairs_of(case)
    return found


NO_DRONE = Impossible(reason="no room", when={"a": ("a0",), "b": ("b1", "b2")})
ONLY_WET = Impossible(reason="always wet", when={"c": ("c0",)}, only={"b": ("b0",), "a": ("a1", "a2")})


def test_an_empty_round_covers_nothing_and_lacks_every_pair():
    empty = ledger(space(2, 3, 2), [])
    assert empty.covered(2) == (0, 2 * 3 + 2 * 2 + 3 * 2)
    assert empty.covered(3) == (0, 12)
    assert len(empty.gaps()) == 16
    assert empty.told()["pairs"]["share"] == 0


def test_three_factors_of_two_values_are_covered_by_four_cases():
    assert len(list(cover(space(2, 2, 2)))) == 4


@pytest.mark.parametrize(("sizes", "least"), [((3, 3), 9), ((2, 7), 14), ((5, 4, 2), 20)])
def test_small_covers_are_as_small_as_they_can_be(sizes, least):
    assert lower_bound(space(*sizes)) == least
    assert len(list(cover(space(*sizes)))) == least


@pytest.mark.parametrize("sizes", [(3, 3, 3), (4, 4, 4, 4), (3, 3, 3, 3), (5, 5, 5)])
def test_equal_factors_need_squares_that_greed_does_not_find_and_stay_within_half_more(sizes):
    assert lower_bound(space(*sizes)) <= len(list(cover(space(*sizes)))) <= 1.5 * lower_bound(space(*sizes))


def test_the_pairs_that_are_possible_are_those_of_all_cases_that_no_rule_forbids():
    room = space(3, 3, 2, 2, rules=(NO_DRONE, ONLY_WET))
    told = {
        frozenset((room.factors[a].name, room.factors[a].values[i]) for a, i in zip(axes, cell, strict=True))
        for axes in room.tuples(2)
        for cell in np.argwhere(room.possible(axes)).tolist()
    }
    assert told == {frozenset(pair) for pair in possible_pairs(room)}


@settings(max_examples=60)
@given(data=st.data(), sizes=st.lists(st.integers(1, 4), min_size=2, max_size=5))
def test_a_cover_meets_every_possible_pair_breaks_no_rule_and_repeats_itself(data, sizes):
    names = "abcdefgh"[: len(sizes)]
    values = {name: [f"{name}{i}" for i in range(size)] for name, size in zip(names, sizes, strict=True)}
    some = st.dictionaries(
        st.sampled_from(names), st.integers(0, 3), min_size=1, max_size=2
    )  # which value of which factors
    told = data.draw(st.lists(st.tuples(some, some, st.booleans()), max_size=3))
    rules = [
        Impossible(
            reason="drawn",
            when={name: (values[name][at % len(values[name])],) for name, at in when.items()},
            only={name: (values[name][at % len(values[name])],) for name, at in only.items() if name not in when}
            if limited
            else {},
        )
        for when, only, limited in told
    ]
    if not possible_cases(sizes, rules):
        with pytest.raises(InputError, match="must leave a cell possible"):
            space(*sizes, rules=rules)
        return
    room = space(*sizes, rules=rules)
    rows = list(cover(room))
    assert set().union(*map(pairs_of, rows)) == possible_pairs(room)
    assert not any(rule.forbids(row) for rule in rules for row in rows)
    assert len(rows) >= lower_bound(room)
    assert rows == list(cover(room))
    assert ledger(room, rows).gaps() == []


def possible_cases(sizes, rules):
    names = "abcdefgh"[: len(sizes)]
    cases = (
        dict(zip(names, values, strict=True))
        for values in product(*([f"{name}{i}" for i in range(size)] for name, size in zip(names, sizes, strict=True)))
    )
    return [case for case in cases if not any(rule.forbids(case) for rule in rules)]


def test_gaps_are_told_by_name_and_a_case_that_leaves_a_factor_open_counts_for_the_others():
    room = space(2, 2, 2)
    told = ledger(room, [{"a": "a0", "b": "b0", "c": "c0"}, {"a": "a1", "b": "b0"}])
    assert (("a", "a0"), ("b", "b1")) in told.gaps()
    assert (("a", "a1"), ("b", "b0")) not in told.gaps()
    assert (("a", "a1"), ("c", "c0")) in told.gaps()
    assert told.counts((1,)).tolist() == [2, 0]
    assert "a a0 & b b1" in told.told()["gaps"]


def test_counts_are_those_of_a_plain_loop():
    room = space(3, 4, 2)
    rng = np.random.default_rng(5)
    cases = [{f.name: f.values[rng.integers(len(f.values))] for f in room.factors} for _ in range(200)]
    counted = ledger(room, cases).counts((0, 1))
    for i, j in product(range(3), range(4)):
        assert counted[i, j] == sum(case["a"] == f"a{i}" and case["b"] == f"b{j}" for case in cases)


def test_a_cover_goes_on_from_what_is_there():
    room = space(4, 3, 3, rules=(NO_DRONE,))
    whole = list(cover(room))
    begun = whole[:5]
    rest = list(cover(room, begun))
    assert rest == whole[5:]
    assert ledger(room, [*begun, *rest]).gaps() == []
    assert list(cover(room, whole)) == []


def test_the_first_cases_bring_most_and_a_budget_is_kept():
    room = space(6, 5, 4, 3)
    rows = list(cover(room, most=4))
    assert len(rows) == 4
    assert ledger(room, rows).covered(2)[0] == 4 * 6  # each of them six new pairs, as many as a case has


def test_what_turns_out_to_be_impossible_is_not_asked_for_again():
    room = space(3, 3, 2)
    wanted = Cover(room)
    wanted.rule_out((0, 1), (2, 2))
    rows = []
    while (cell := wanted.best()) is not None:
        wanted.meet(cell)
        rows.append(room.case(cell))
    assert not any(row["a"] == "a2" and row["b"] == "b2" for row in rows)
    assert len(ledger(room, rows).gaps()) == 1
    assert wanted.missing == 0


def test_values_that_nobody_knows_and_rules_that_scenes_break_are_told():
    told = ledger(space(3, 3, rules=(NO_DRONE,)), [{"a": "a0", "b": "b1"}, {"a": "mars", "b": "b0"}]).told()
    assert told["strangers"] == {"a": {"mars": 1}}
    assert told["contradictions"] == {"no room": 1}
    assert told["pair_counts"][0]["counts"][0] == [0, -1, -1]


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: Factor(name="a", values=()), "must have values"),
        (lambda: Factor(name="a", values=("x", "x")), "all different"),
        (lambda: Impossible(reason="", when={"a": ("a0",)}), "must have a reason"),
        (lambda: Impossible(reason="why", when={}), "say when"),
        (lambda: space(3), "at least two"),
        (lambda: space(2, 2, rules=[Impossible(reason="x", when={"z": ("z0",)})]), "factors are a, b; got z"),
        (lambda: space(1, 1, rules=[Impossible(reason="x", when={"a": ("a0",)})]), "must leave a cell possible"),
        (lambda: space(*[60] * 6), "at most 200,000,000 cells"),
    ],
)
def test_what_makes_no_space_is_refused_in_a_line(build, told):
    with pytest.raises(InputError, match=told):
        build()


def test_a_rule_on_values_that_a_narrowed_factor_lacks_is_passed_over():
    rule = Impossible(reason="x", when={"a": ("elsewhere",)})
    assert space(2, 2, rules=[rule]).valid.all()


def test_the_cover_of_a_large_atlas_is_small_and_quick():
    rules = (
        Impossible(reason="x", when={"f": ("f10",), "c": ("c6",)}),
        Impossible(reason="y", when={"d": ("d0", "d1", "d2")}, only={"e": ("e0",)}),
    )
    room = space(20, 15, 11, 30, 6, 11, rules=rules)
    rows = list(cover(room))
    assert len(rows) <= 1.5 * lower_bound(room)
    assert ledger(room, rows).gaps() == []
