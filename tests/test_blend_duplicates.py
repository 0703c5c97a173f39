"""Near-duplicates and splits: what counts as the same picture, which copy stays, and that nothing leaks."""

import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from fake_round import backdrop
from hypothesis import given
from hypothesis import strategies as st
from planted import street

from blend.alignment import look, shared
from blend.duplicates import Pair, clusters, fingerprint, identical, match, pairs
from blend.picture import Picture
from blend.removal import removals
from blend.split import assign, held_out, joined_groups, leaks
from blend.split import test_shares_by_group as shares_by_group


def picture(name, source="real", group=None, **more):
    sha256 = more.pop("sha256", name)
    group = group or f"group-{name}"
    return Picture(
        name=name, path=Path(f"{name}.jpg"), source=source, group=group, width=9, height=9, sha256=sha256, **more
    )


def pair(first, second):
    return Pair(first=first, second=second, bits=0, correlation=1.0, level_difference=9.0)


def test_nothing_has_no_duplicates():
    assert pairs([]) == identical([]) == clusters(0, []) == []
    assert removals([], [], []) == {}
    assert assign([], val_share=0.1, test_share=0.2) == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda rgb: cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
        lambda rgb: rgb[:, ::-1].copy(),
        lambda rgb: cv2.imdecode(cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, 30])[1], cv2.IMREAD_COLOR),
        lambda rgb: (255 * (rgb / 255) ** 1.4).astype(np.uint8),
        lambda rgb: cv2.GaussianBlur(rgb, (5, 5), 0),
    ],
    ids=["half", "mirror", "recompressed", "darker", "softer"],
)
def test_a_changed_copy_is_a_near_duplicate(change):
    rgb = backdrop(1, 320, 192)
    assert match(fingerprint(rgb), fingerprint(change(rgb)))


def test_different_pictures_are_not_near_duplicates():
    assert pairs([fingerprint(backdrop(seed, 320, 192)) for seed in range(40)]) == []


def aligned(pictures):
    looks = [look(rgb) for rgb in pictures]
    return lambda first, second, align: shared(looks[first], looks[second], align)


def test_embeddings_add_candidates_that_are_aligned_before_they_count():
    zoomed = cv2.resize(street(1)[12:-12, 20:-20], (320, 192))
    pictures = [street(1), zoomed, street(2)]
    prints, same = [fingerprint(rgb) for rgb in pictures], np.ones((3, 1), dtype=np.float32)
    found = pairs(prints, embeddings=same, shared=aligned(pictures))
    assert [(p.first, p.second) for p in found] == [(0, 1)]
    assert found[0].part >= 0.5
    assert re.fullmatch(r"shared part: \d+% of the aligned pictures is the same", found[0].why)
    assert pairs(prints, embeddings=same) == pairs(prints, shared=aligned(pictures)) == []


def test_a_copy_whose_embedding_was_turned_far_away_is_found_as_the_nearest():
    zoomed = cv2.resize(street(1)[12:-12, 20:-20], (320, 192))
    pictures = [street(1), zoomed, *(street(number) for number in range(2, 9))]
    embeddings = np.eye(9, dtype=np.float32)
    embeddings[1, 0] = 0.5
    found = pairs([fingerprint(rgb) for rgb in pictures], embeddings=embeddings, shared=aligned(pictures))
    assert [(p.first, p.second) for p in found] == [(0, 1)]


def test_parts_are_not_looked_for_inside_a_take():
    pictures = [street(1), cv2.resize(street(1)[12:-12, 20:-20], (320, 192))]
    more = {"embeddings": np.ones((2, 1), dtype=np.float32), "shared": aligned(pictures)}
    prints = [fingerprint(rgb) for rgb in pictures]
    assert pairs(prints, groups=["take", "take"], **more) == []
    assert len(pairs(prints, groups=["take", "other"], **more)) == 1


def test_flat_pictures_are_told_by_their_bytes_only():
    black = fingerprint(np.zeros((96, 160, 3), np.uint8))
    assert not match(black, black)
    assert len(identical([picture("a", sha256="x"), picture("b", sha256="y"), picture("c", sha256="x")])) == 1


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
def test_linked_places_share_a_cluster_and_clusters_are_closed(links):
    found = clusters(12, [pair(a, b) for a, b in links])
    assert all(found[a] == found[b] for a, b in links)
    assert all(found[root] == root <= place for place, root in enumerate(found))


def test_the_real_copy_stays_before_the_synthetic_and_the_sharper_before_the_softer():
    rgb = backdrop(1, 320, 192)
    sharp, soft = fingerprint(rgb), fingerprint(cv2.GaussianBlur(rgb, (9, 9), 0))
    pictures = [picture("synthetic", "synthetic"), picture("soft"), picture("sharp")]
    gone = removals(pictures, [sharp, soft, sharp], [pair(0, 1), pair(0, 2), pair(1, 2)])
    assert {removal.name: removal.kept for removal in gone.values()} == {"synthetic": "sharp", "soft": "sharp"}


def test_a_chain_of_neighbours_is_thinned_and_not_emptied():
    rgb = backdrop(1)
    pictures = [picture(name) for name in "abcd"]
    gone = removals(pictures, [fingerprint(rgb)] * 4, [pair(0, 1), pair(1, 2), pair(2, 3)])
    assert {removal.name for removal in gone.values()} == {"b", "d"}


def test_looks_of_one_scene_stay_unless_they_are_the_same_picture():
    pictures = [picture(name, "synthetic", "scene/1") for name in "ab"]
    prints = [fingerprint(backdrop(1))] * 2
    assert removals(pictures, prints, [pair(0, 1)]) == {}
    assert len(removals(pictures, prints, [replace(pair(0, 1), level_difference=0.5)])) == 1


def part(first, second):
    return replace(pair(first, second), part=0.8)


def test_a_shared_part_removes_only_a_synthetic_picture_that_does_not_declare_it():
    pictures = [
        picture("real"),
        picture("crop"),
        picture("thief", "synthetic"),
        picture("twin", "synthetic"),
        picture("composite", "synthetic", parents=("real",)),
    ]
    prints = [fingerprint(backdrop(1))] * 5
    links = [part(0, other) for other in (1, 2, 4)] + [part(2, 3)]
    gone = removals(pictures, prints, links)
    assert {r.name: (r.kept, r.why) for r in gone.values()} == {
        "thief": ("real", "shared part: 80% of the aligned pictures is the same")
    }


def test_a_composite_that_looks_like_its_background_stays_unless_it_has_its_bytes():
    prints = [fingerprint(backdrop(1))] * 2
    pictures = [picture("real"), picture("composite", "synthetic", parents=("real",))]
    assert removals(pictures, prints, [pair(0, 1)]) == {}
    pictures[1] = replace(pictures[1], sha256="real")
    assert [r.name for r in removals(pictures, prints, [pair(0, 1)]).values()] == ["composite"]


@given(st.sets(st.text(min_size=1, max_size=5), min_size=3, max_size=60), st.text(min_size=6, max_size=6))
def test_every_split_is_served_and_a_group_keeps_its_split_in_large_sets(groups, newcomer):
    splits = assign(sorted(groups), val_share=0.2, test_share=0.2)
    assert set(splits.values()) == {"train", "val", "test"}
    assert splits == assign(sorted(groups, reverse=True), val_share=0.2, test_share=0.2)


def test_shares_are_met_on_average_and_growth_moves_no_group():
    groups = [f"clip{number}" for number in range(2000)]
    splits = assign(groups, val_share=0.1, test_share=0.25)
    assert list(splits.values()).count("test") == pytest.approx(500, abs=60)
    assert list(splits.values()).count("val") == pytest.approx(200, abs=45)
    assert splits == {g: s for g, s in assign([*groups, "new"], val_share=0.1, test_share=0.25).items() if g != "new"}


def test_takes_of_a_rare_light_have_a_test_share_of_their_own(tmp_path):
    pictures = []
    for number, (group, level) in enumerate([("a", 200), ("a", 20), ("b", 75), ("c", 200), ("d", 20)]):
        path = tmp_path / f"{number}.png"
        cv2.imwrite(str(path), np.full((32, 48, 3), level, np.uint8))
        pictures.append(replace(picture(str(number), group=group), path=path))
    shares = shares_by_group(pictures, {"night": 0.9, "day": 0.1, "dim": 0.5})
    assert shares == {"a": 0.9, "b": 0.5, "c": 0.1, "d": 0.9}
    assert shares_by_group(pictures, {"night": 1.0}) == {"a": 1.0, "d": 1.0}
    assert shares_by_group([picture("nowhere")], {}) == {}


def test_a_groups_own_test_share_moves_that_group_alone():
    groups = [f"clip{number}" for number in range(2000)]
    own = dict.fromkeys(groups[:400], 0.7)
    splits = assign(groups, val_share=0.1, test_share=0.2, test_shares=own)
    assert [splits[group] for group in groups[:400]].count("test") == pytest.approx(280, abs=40)
    plain = assign(groups, val_share=0.1, test_share=0.2)
    assert {group: splits[group] for group in groups[400:]} == {group: plain[group] for group in groups[400:]}
    assert assign(groups, val_share=0.1, test_share=0.2, test_shares=own, settled=plain) == plain


def test_one_group_is_for_training():
    assert assign(["only"], val_share=0.1, test_share=0.8) == {"only": "train"}


def test_groups_that_share_a_near_duplicate_are_joined_all_the_way():
    pictures = [picture(str(n), group=group) for n, group in enumerate("aabbcd")]
    assert joined_groups(pictures, [pair(1, 2), pair(3, 4)]) == ["a"] * 5 + ["d"]


def test_a_real_picture_is_bound_to_what_it_was_made_from():
    pictures = [picture("a", group="g"), picture("b", group="h", parents=("a",)), picture("c", group="i")]
    assert joined_groups(pictures, []) == ["g", "g", "i"]


def test_what_was_made_from_the_test_set_however_far_back_is_held_out():
    pictures = [
        picture("fair", "synthetic", parents=("train", "unknown")),
        picture("child", "synthetic", parents=("train", "test")),
        picture("grandchild", "synthetic", parents=("child",)),
        picture("circle", "synthetic", parents=("circle",)),
    ]
    found = held_out(pictures, {"train": "train", "test": "test"})
    assert found == dict.fromkeys(("child", "grandchild"), "was made from test, which is in test")


def test_a_grandparent_in_the_test_set_is_a_leak():
    pictures = [picture("a"), picture("b", "synthetic", parents=("a",)), picture("c", "synthetic", parents=("b",))]
    assert "c is in train, its parent a in test" in leaks(pictures, ["test", "train", "train"], [])


def test_every_kind_of_leak_is_found_and_clean_splits_have_none():
    pictures = [
        picture("a", group="g"),
        picture("b", group="g"),
        picture("c", "synthetic"),
        picture("d", "synthetic", parents=("b",)),
    ]
    lines = leaks(pictures, ["train", "test", "val", "train"], [pair(0, 1)])
    assert len(lines) == 4
    assert [line for line in lines if "parent" in line] == ["d is in train, its parent b in test"]
    assert leaks(pictures, ["train"] * 4, [pair(0, 1)]) == []
