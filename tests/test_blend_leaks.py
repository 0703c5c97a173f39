"""The blend as a whole: nothing that comes from the test set is trained on, be it cropped, pasted into or declared."""

import json

import cv2
import numpy as np
import pytest
from fake_round import edit, save, write_round
from planted import cropped, pasted, street

from blend.augment import AugmentSettings
from blend.mix import build
from blend.picture import decode_rgb
from blend.real import RealSettings
from blend.settings import BlendSettings

LETTERS = "abcdefghijkl"  # a name without a number is a take of its own
PLAIN = AugmentSettings(pipeline="none")


def tiny_embedding(paths):
    """Give 8 x 8 grey levels around their mean, which crops and pasted objects do not change much."""
    rows = [
        cv2.resize(cv2.cvtColor(decode_rgb(p), cv2.COLOR_RGB2GRAY), (8, 8), interpolation=cv2.INTER_AREA).ravel()
        for p in paths
    ]
    return np.stack(rows).astype(np.float32) - np.mean(rows, axis=1, keepdims=True, dtype=np.float32)


@pytest.fixture
def real(tmp_path):
    folder = tmp_path / "real"
    for number in range(12):
        save(folder / f"take{LETTERS[number]}.jpg", street(number))
    return RealSettings(kind="folder", images=str(folder))


@pytest.fixture
def out(tmp_path):
    return write_round(tmp_path / "round", scenes=4, looks=1)


def blend(out, real, **more):
    settings = BlendSettings(ratio=0.4, val_share=0.1, test_share=0.4, cosine_min=0.5)
    return build(out, real=real, blend=settings, augment=PLAIN, seed=1, **more).record


def images(out):
    return json.loads((out / "blend" / "annotations.json").read_text())["images"]


def test_crops_of_other_takes_share_their_split_and_are_told(out, real, tmp_path):
    rng = np.random.default_rng(0)
    for number in range(12):
        copy = (cropped, pasted)[number % 2](street(number), street(number + 50), rng)
        save(tmp_path / "real" / f"again{LETTERS[number]}.jpg", copy)
    record = blend(out, real, embed=tiny_embedding)
    entries = {
        image["file_name"].split("/")[1].split("-")[1]: image for image in images(out) if image["source"] == "real"
    }
    told = {tuple(sorted(name.split("-")[1] for name in (b["file"], b["with"]))) for b in record["duplicates"]["bound"]}
    assert {(f"again{LETTERS[number]}", f"take{LETTERS[number]}") for number in range(0, 12, 2)} <= told
    assert all(
        entries[a]["split"] == entries[b]["split"] and entries[a]["group"] == entries[b]["group"] for a, b in told
    )
    assert record["leaks"] == 0


def test_what_was_made_from_the_test_set_is_left_out_and_from_train_comes_in(out, real):
    blend(out, real)
    by_split = {image["split"]: image["file_name"].split("/")[1].removesuffix(".jpg") for image in images(out)}
    held, free = (
        by_split["test"],
        next(i["file_name"] for i in images(out) if (i["source"], i["split"]) == ("real", "train")),
    )
    free = free.split("/")[1].removesuffix(".jpg")
    frames = [image["frame"] for image in json.loads((out / "annotations.json").read_text())["images"]]

    def change(document):
        for image, parents in zip(document["images"], ([held], [free, held], [free], []), strict=True):
            image["parents"] = parents

    edit(out / "annotations.json", change)
    record = blend(out, real)
    reason = f"was made from {held}, which is in test"
    assert {e["file"]: e["reason"] for e in record["left_out"]} == dict.fromkeys(frames[:2], reason)
    assert record["parents"] == {frames[2]: [free]}
    assert (record["counts"]["synthetic"], record["leaks"]) == (2, 0)


def test_the_same_embeddings_are_asked_for_once(out, real):
    asked = []

    def embed(paths):
        asked.extend(path.name for path in paths)
        return tiny_embedding(paths)

    blend(out, real, embed=embed)
    assert len(asked) == len(set(asked)) == 16
