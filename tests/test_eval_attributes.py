"""Pictures in words: their entropy, and which pairs of words occur."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval import attributes, diversity
from eval.samples import Sample


def _sample(boxes, key="a"):
    return Sample(
        key=key, path=Path(key), stage="frame", source="synthetic", split="", group=key, condition="",
        size_wh=(100, 100), boxes=tuple(boxes), labelled=True, augmented=False,
    )  # fmt: skip


def test_a_picture_without_boxes_is_described_too():
    told = attributes.describe([_sample([])], np.array([[20.0, 5.0]]), ["car"])
    assert told.names == ("light", "contrast", "boxes", "largest", "where", "has car")
    assert told.codes.tolist() == [[0, 0, 0, 0, 1, 0]]


def test_the_largest_box_tells_size_and_place():
    boxes = [("car", (0.0, 0.0, 5.0, 5.0)), ("bus", (60.0, 20.0, 100.0, 60.0))]
    told = attributes.describe([_sample(boxes)], np.array([[100.0, 60.0]]), ["bus", "person"])
    assert told.codes.tolist() == [[2, 2, 2, 4, 2, 1, 0]]
    assert all(code < count for code, count in zip(told.codes[0], told.levels, strict=True))


def test_entropy_is_zero_where_all_are_alike_and_one_where_all_values_are_as_frequent():
    assert attributes.entropy(np.zeros((5, 2), np.int64), (3, 2)) == 0
    assert attributes.entropy(np.array([[0, 0], [1, 1], [2, 0], [0, 1], [1, 0], [2, 1]]), (3, 2)) == pytest.approx(1)


def test_pairs_are_counted_over_all_that_could_be():
    codes = np.array([[0, 0, 0], [0, 0, 0], [1, 1, 0]])
    assert attributes.pairwise_coverage(codes, (2, 2, 2)) == 6 / 12
    every = np.stack(np.meshgrid(*[[0, 1]] * 3), axis=-1).reshape(-1, 3)
    assert attributes.pairwise_coverage(every, (2, 2, 2)) == 1


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
@settings(max_examples=30)
def test_effective_number_counts_groups_and_never_exceeds_them(sizes):
    groups = np.repeat(np.arange(len(sizes)), sizes)
    found = diversity.effective_number(groups)
    assert found <= len(sizes) + 1e-9
    if len(set(sizes)) == 1:
        assert found == pytest.approx(len(sizes))


def test_mean_cosine_distance_equals_a_loop():
    rows = np.random.default_rng(0).normal(size=(9, 4))
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    expected = np.mean([1 - unit[i] @ unit[j] for i in range(9) for j in range(9) if i != j])
    assert diversity.mean_cosine_distance(rows) == pytest.approx(expected)
    assert diversity.mean_cosine_distance(np.ones((3, 2))) == pytest.approx(0)
