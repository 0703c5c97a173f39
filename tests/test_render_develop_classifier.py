from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.develop.match.classifier import auc, crossed, folds


def ones(rows):
    return np.ones(len(rows))


def two_sets(apart, seed=0, groups=6, each=40):
    """Return statistics of two sets that differ in one of five columns, with label and group."""
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((2 * groups * each, 5))
    label = np.repeat([0.0, 1.0], groups * each)
    rows[label == 1, 2] += apart
    return rows, label, [str(group) for group in np.tile(np.repeat(np.arange(groups), each), 2)]


def told(rows, label, groups, count=6):
    return auc(crossed(rows, label, ones(rows), folds(groups, count, seed=3)), label, ones(rows))


def test_scores_that_all_tie_tell_nothing():
    assert auc(np.zeros(4), np.array([0.0, 0.0, 1.0, 1.0]), np.ones(4)) == 0.5


def test_the_auc_is_one_sided():
    label = np.array([0.0, 0.0, 1.0, 1.0])
    assert auc(np.array([1.0, 2.0, 3.0, 4.0]), label, np.ones(4)) == 1.0
    assert auc(np.array([4.0, 3.0, 2.0, 1.0]), label, np.ones(4)) == 0.0
    assert auc(np.array([1.0, 3.0, 2.0, 4.0]), label, np.ones(4)) == 0.75


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(1, 4)), min_size=2, max_size=30))
def test_the_auc_is_the_share_of_pairs_that_stand_the_right_way_round(drawn):
    score, label, weight = (np.array(column, float) for column in zip(*drawn, strict=True))
    if len(set(label)) < 2:
        return
    low, high = label == 0, label == 1
    gap = score[high][:, None] - score[low][None, :]
    pairs = weight[high][:, None] * weight[low][None, :]
    assert auc(score, label, weight) == pytest.approx(
        ((gap > 0) + 0.5 * (gap == 0)).ravel() @ pairs.ravel() / pairs.sum()
    )


def test_equal_sets_cannot_be_told_apart():
    assert np.mean([told(*two_sets(0.0, seed)) for seed in range(8)]) == pytest.approx(0.5, abs=0.03)


def test_a_set_that_differs_in_one_statistic_is_told_by_how_far_it_differs():
    little, much = told(*two_sets(0.3)), told(*two_sets(2.0))
    assert 0.53 < little < 0.65  # Phi(0.3 / sqrt(2)) is 0.58
    assert 0.89 < much < 0.95  # Phi(2 / sqrt(2)) is 0.92
    rows, label, groups = two_sets(2.0)
    assert told(rows, 1 - label, groups) == pytest.approx(much, abs=0.01)


def test_a_spread_that_differs_is_told_too():
    rows, label, groups = two_sets(0.0)
    rows[label == 1, 2] *= 3
    assert told(rows, label, groups) > 0.65


def marked(seed, groups=12, each=20):
    """Return groups of one label each, whose rows have nothing in common but a mark of their group."""
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(groups), each)
    rows = rng.standard_normal((groups, 8))[place] + 0.1 * rng.standard_normal((groups * each, 8))
    return rows, (place % 2).astype(float), [str(group) for group in place]


def test_what_only_marks_a_group_tells_nothing_about_groups_unseen():
    unseen, seen = [], []
    for seed in range(12):
        rows, label, groups = marked(seed)
        unseen.append(told(rows, label, groups, count=12))
        seen.append(auc(crossed(rows, label, ones(rows), np.arange(len(rows)) % 5), label, ones(rows)))
    assert min(seen) > 0.95
    assert np.mean(unseen) < 0.6


def test_rows_of_a_group_share_a_fold_and_every_fold_is_used():
    groups = [str(number % 12) for number in range(60)]
    fold = folds(groups, 5, seed=0)
    assert all(len({fold[row] for row in range(60) if groups[row] == group}) == 1 for group in groups)
    assert set(fold) == set(range(5))
    assert (fold == folds(groups, 5, seed=0)).all()


def test_rows_about_which_no_other_fold_can_teach_score_nothing():
    rows, label = np.ones((4, 2)), np.array([0.0, 0.0, 1.0, 1.0])
    assert not crossed(rows, label, np.ones(4), np.array([0, 0, 1, 1])).any()
