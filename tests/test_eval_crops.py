"""Objects cut out of pictures, and the launcher that spreads work."""

import cv2
import numpy as np
import pytest

from eval import crops
from eval.launcher import run_each
from eval.samples import Sample
from scenes.errors import MissingPieceError


class Corner:
    """A network that tells the first pixel, and counts how often it ran."""

    label = "corner@1"

    def __init__(self):
        self.ran = 0

    def run(self, rgb):
        self.ran += 1
        return {"pooled": rgb[0, 0].astype(np.float32)}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RAREBLEND_CACHE", str(tmp_path / "cache"))


def _sample(path, boxes, *, labelled=True):
    return Sample(
        key=path.name, path=path, stage="frame", source="synthetic", split="", group=path.name, condition="",
        size_wh=(200, 100), boxes=tuple(boxes), labelled=labelled, augmented=False,
    )  # fmt: skip


def _drawn(samples, most=10):
    return crops.draw(samples, most=most, rng=np.random.default_rng(0))


def test_no_boxes_small_boxes_and_unlabelled_pictures_give_nothing(tmp_path):
    small = [("car", (0.0, 0.0, 100.0, 20.0))]
    large = [("car", (0.0, 0.0, 100.0, 90.0))]
    samples = [_sample(tmp_path / "a", []), _sample(tmp_path / "b", small)]
    assert _drawn([*samples, _sample(tmp_path / "c", large, labelled=False)]) == []
    assert crops.embed([], Corner()) == []


def test_at_most_so_many_of_a_class_are_drawn(tmp_path):
    boxes = [("car", (float(x), 0.0, x + 30.0, 50.0)) for x in range(9)] + [("bus", (0.0, 0.0, 80.0, 80.0))]
    drawn = _drawn([_sample(tmp_path / "a", boxes)], most=4)
    assert [crop.category for crop in drawn] == ["bus"] + ["car"] * 4


def test_a_crop_has_context_and_stays_inside():
    rgb = np.arange(100 * 200 * 3, dtype=np.uint32).astype(np.uint8).reshape(100, 200, 3)
    assert crops.cut(rgb, (50, 20, 90, 60)).shape == (48, 48, 3)
    assert crops.cut(rgb, (-20, -20, 40, 40)).shape == (46, 46, 3)
    assert crops.cut(rgb, (300, 300, 400, 400)).size


def test_objects_are_embedded_once_and_in_order(tmp_path):
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[:, 100:] = (10, 20, 30)
    cv2.imwrite(str(tmp_path / "a.png"), picture)
    boxes = [("car", (0.0, 0.0, 60.0, 60.0)), ("car", (120.0, 20.0, 180.0, 80.0))]
    drawn = _drawn([_sample(tmp_path / "a.png", boxes), _sample(tmp_path / "gone.png", boxes[:1])])
    first, second = Corner(), Corner()
    rows = crops.embed(drawn, first)
    assert [None if row is None else row.tolist() for row in rows] == [[0, 0, 0], [30, 20, 10], None]
    again = crops.embed(drawn, second, workers=2)
    assert (first.ran, second.ran) == (2, 0)
    assert np.array_equal(rows[1], again[1])


def test_a_vector_that_is_not_finite_is_left_out_and_not_kept(tmp_path):
    class Broken(Corner):
        def run(self, rgb):
            return {"pooled": rgb[0, 0] * np.float32(np.nan)}

    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((100, 200, 3), np.uint8))
    drawn = _drawn([_sample(tmp_path / "a.png", [("car", (0.0, 0.0, 60.0, 60.0))])])
    assert crops.embed(drawn, Broken()) == [None]
    assert crops.embed(drawn, Corner())[0].tolist() == [0, 0, 0]


def test_threads_give_results_in_order():
    assert list(run_each(lambda x: x * x, range(20), workers=3)) == [x * x for x in range(20)]
    assert list(run_each(len, [], workers=2)) == []


def test_ray_is_an_extra_that_is_named_where_it_is_missing():
    try:
        import ray
    except ImportError:
        with pytest.raises(MissingPieceError, match=r"rareblend\[ray\]"):
            list(run_each(len, ["a"], launcher="ray"))
    else:
        ray.init(num_cpus=1, log_to_driver=False, include_dashboard=False)
        try:
            assert list(run_each(len, ["a" * n for n in range(150)], launcher="ray")) == list(range(150))
        finally:
            ray.shutdown()
