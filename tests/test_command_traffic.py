"""`traffic=like_real` as the command takes it."""

import pytest
from fake_round import write_coco

from rareblend import job
from rareblend.traffic import style
from scenes.errors import InputError
from scenes.likeness import read


def traffic(*words):
    return style(job.read("render", words))


def test_our_traffic_needs_no_real_set():
    assert traffic() is None


def test_a_real_set_without_labels_is_refused_in_one_line():
    with pytest.raises(InputError, match=r"traffic=like_real: needs a labelled real set; got real=sample"):
        traffic("traffic=like_real")


def test_a_profile_for_our_own_traffic_is_refused():
    with pytest.raises(InputError, match=r"traffic\.profile: must not be given with traffic=ours"):
        traffic("traffic.profile=traffic.yaml")


def test_a_fit_to_a_coco_set_is_what_its_file_in_the_round_says(tmp_path):
    images, annotations = write_coco(tmp_path / "real", count=6)
    paths = (f"real.images={images}", f"real.annotations={annotations}", f"out={tmp_path / 'round'}")
    fitted = traffic("traffic=like_real", "real=coco", *paths)
    assert fitted == read(tmp_path / "round" / "traffic.yaml")
    assert fitted.shares == {"car": 1.0}
    assert {len(picture.boxes) for picture in fitted.pictures} == {1}
    again = traffic("traffic=like_real", f"traffic.profile={tmp_path / 'round' / 'traffic.yaml'}")
    assert again == fitted
