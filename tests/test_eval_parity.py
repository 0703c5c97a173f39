"""Parity: cells, average precision, the ridge probe and its verdict."""

import numpy as np
import pytest

from eval.parity import cells, precision, probe
from eval.parity.probe import ProbeSettings

SETTINGS = ProbeSettings(resamples=2, replicates=40, folds=4)


def _labels(boxes, classes, size_wh=(40, 20), grid_wh=(4, 2)):
    shown = cells.cell_labels(
        np.array(boxes, dtype=float), np.array(classes, dtype=np.int64), size_wh=size_wh, grid_wh=grid_wh, class_count=2
    )
    return shown.reshape(grid_wh[1], grid_wh[0], 2)


def test_no_boxes_show_nothing():
    assert not _labels([], []).any()


def test_a_box_marks_the_cells_whose_centres_it_holds():
    shown = _labels([[10, 0, 30, 10]], [1])
    assert np.argwhere(shown).tolist() == [[0, 1, 1], [0, 2, 1]]


def test_a_box_smaller_than_a_cell_marks_the_cell_of_its_centre():
    assert np.argwhere(_labels([[31, 11, 33, 13]], [0])).tolist() == [[1, 3, 0]]


def test_a_box_beyond_the_border_stays_inside():
    assert np.argwhere(_labels([[38, 18, 60, 30]], [0])).tolist() == [[1, 3, 0]]


def test_cell_features_stack_both_strides_and_a_one():
    middle, deep = np.arange(8, dtype=np.float32).reshape(1, 2, 4), np.array([[[10, 20]]], dtype=np.float32)
    rows = cells.cell_features(middle, deep)
    assert rows[0].tolist() == [0, 10, 1]
    assert rows[7].tolist() == [7, 20, 1]


def _ap(scores, hits, weights=None, owner=None):
    owner = np.arange(len(scores)) if owner is None else np.array(owner)
    ranking = precision.rank(np.array(scores, dtype=np.float32), np.array(hits, dtype=bool), owner)
    return precision.average_precision(ranking, np.ones(owner.max() + 1) if weights is None else np.array(weights))


def test_average_precision_by_hand_and_of_nothing():
    assert _ap([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0]) == pytest.approx((1 + 2 / 3) / 2)
    assert _ap([0.9, 0.8], [0, 0]) == 0.0


def test_average_precision_is_one_sided():
    assert _ap([3, 2, 1], [1, 0, 0]) == 1.0
    assert _ap([1, 2, 3], [1, 0, 0]) == pytest.approx(1 / 3)


def test_weights_equal_copies():
    rng = np.random.default_rng(0)
    scores, hits, owner = rng.normal(size=60), rng.random(60) < 0.3, np.arange(60) % 6
    weights = np.array([0.0, 1.0, 2.0, 1.0, 3.0, 0.0])
    copies = np.concatenate([np.flatnonzero(owner == o) for o in range(6) for _ in range(int(weights[o]))])
    order = copies[np.argsort(-scores[copies], kind="stable")]
    precise = np.cumsum(hits[order]) / np.arange(1, len(order) + 1)
    # copies of one cell stand side by side; a copy's precision is taken where the last of them stands
    last = np.array([np.flatnonzero(order == cell)[-1] for cell in order])
    assert _ap(scores, hits, weights, owner) == pytest.approx(precise[last][hits[order]].mean())


def test_ridge_equals_least_squares_on_the_stacked_rows():
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(size=(50, 3)), np.ones((50, 1))], axis=1).astype(np.float32)
    y = rng.random((50, 2)) < 0.4
    parts = probe.moments([(x[:20], y[:20]), (x[20:], y[20:])], np.array([0, 1]), 2)
    expected = np.linalg.lstsq(x.astype(float), y.astype(float), rcond=None)[0]
    assert np.allclose(probe.solve([(np.ones(2), parts)], 1e-9), expected, atol=1e-4)


def test_folds_keep_groups_together():
    groups = np.repeat(np.arange(9), 3)
    folds = probe.fold_of(groups, 4, np.random.default_rng(2))
    assert all(len(set(folds[groups == group])) == 1 for group in range(9))
    assert set(folds) == {0, 1, 2, 3}


def _pictures(count, rng, *, flipped=False, noise=0.5):
    for _ in range(count):
        y = rng.random((30, 2)) < 0.2
        seen = ~y if flipped else y
        yield np.concatenate([seen + noise * rng.normal(size=y.shape), np.ones((30, 1))], axis=1).astype(np.float32), y


def _trial(added_count, *, flipped=False, real_count=40, noise=0.5):
    rng = np.random.default_rng(3)
    folds = {name: np.arange(count) % 4 for name, count in (("r", real_count), ("s", added_count))}
    sources = {
        "real": probe.moments(_pictures(real_count, rng, noise=noise), folds["r"], 4),
        "synthetic": probe.moments(_pictures(added_count, rng, flipped=flipped, noise=noise), folds["s"], 4),
        "repeated": probe.moments(_pictures(added_count, rng, noise=noise), folds["s"], 4),
    }
    weights = probe.train(sources, SETTINGS, rng)
    return probe.judge(weights, _pictures(60, rng, noise=noise), np.arange(60) // 2, settings=SETTINGS, rng=rng)


def test_more_of_the_same_is_non_inferior():
    outcome = _trial(20)
    assert outcome.verdict == "non-inferior"
    assert outcome.difference[1][0] <= outcome.difference[0] <= outcome.difference[1][1]
    assert len(outcome.class_differences) == 2


def test_wrong_labels_are_inferior_and_the_repeated_arm_is_not():
    outcome = _trial(400, flipped=True)
    assert outcome.verdict == "inferior"
    assert outcome.difference[0] < -0.1 < outcome.null[0]
    assert outcome.arms["real"].mean > outcome.arms["synthetic"].mean


@pytest.mark.parametrize(
    ("interval", "expected"),
    [((-0.01, 0.03), "non-inferior"), ((-0.05, -0.03), "inferior"), ((-0.05, 0.05), "inconclusive")],
)
def test_there_are_three_verdicts(interval, expected):
    assert probe.verdict(interval, 0.02) == expected
