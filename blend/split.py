"""Train, val and test: by group, by hash, and checked afterwards."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from blend.condition import condition
from blend.duplicates import Pair, clusters
from blend.picture import Picture, decode_rgb

Split = Literal["train", "val", "test"]


def joined_groups(
    pictures: Sequence[Picture], linked: Sequence[Pair], settled: Mapping[str, Split] = MappingProxyType({})
) -> list[str]:
    """Name the group of each picture after joining groups that share a near-duplicate or a parent and its child.

    Args:
        pictures: real pictures.
        linked: near-duplicate pairs among them.
        settled: groups whose split an earlier round has fixed. They keep their names; a group that shares a
            near-duplicate with some takes the name of one of them, of the test set before val before train.

    Returns:
        one name a picture: else the first, in order of text, of all groups that were joined.
    """
    places: dict[str, int] = {}
    names_at = {picture.name: place for place, picture in enumerate(pictures)}
    links = list(linked)
    for place, picture in enumerate(pictures):
        bound = [places.setdefault(picture.group, place), *(names_at[p] for p in picture.parents if p in names_at)]
        links += [Pair(first=at, second=place, bits=0, correlation=1.0, level_difference=0.0) for at in bound]
    roots = clusters(len(pictures), links)
    names: dict[int, str] = {}

    def rank(group: str) -> tuple[int, str]:
        return _CLOSED.index(settled.get(group)), group

    for root, picture in zip(roots, pictures, strict=True):
        names[root] = min(names.get(root, picture.group), picture.group, key=rank)
    return [
        picture.group if picture.group in settled else names[root]
        for root, picture in zip(roots, pictures, strict=True)
    ]


_CLOSED: tuple[Split | None, ...] = ("test", "val", "train", None)


def test_shares_by_group(pictures: Sequence[Picture], by_light: Mapping[str, float]) -> dict[str, float]:
    """Return the test share of groups that were taken in a light which has one of its own.

    A group belongs to every light that one of its pictures was taken in, by the rule of `blend.condition`, and the
    largest share counts, so that a test set can hold enough of what is rare.

    Args:
        pictures: real pictures.
        by_light: shares by light; with none, no picture is opened.
    """
    found: dict[str, float] = {}
    for picture in pictures if by_light else ():
        share = by_light.get(condition(decode_rgb(picture.path)))
        if share is not None:
            found[picture.group] = max(share, found.get(picture.group, 0.0))
    return found


def assign(
    groups: Sequence[str],
    *,
    val_share: float,
    test_share: float,
    test_shares: Mapping[str, float] = MappingProxyType({}),
    settled: Mapping[str, Split] = MappingProxyType({}),
) -> dict[str, Split]:
    """Give every group a split by the hash of its name.

    A group keeps its split when others are added, and for every seed, so a test set stays a test set over rounds.
    Shares are met on average. A split that comes out empty, though its share is positive and there are groups
    enough, takes the group whose hash is least from the split with most groups; train is served first.

    Args:
        groups: group of each picture, with repeats.
        val_share: share of groups for choosing models, 0 to 1.
        test_share: share of groups held out, 0 to 1.
        test_shares: likewise, of groups that have a share of their own.
        settled: splits of an earlier round, which stay; its test set is closed, so that what is measured on it stays
            comparable, and new groups go to train or val.
    """
    place = {group: _place(group) for group in sorted(set(groups))}

    def split(group: str) -> Split:
        at, held = place[group], test_shares.get(group, test_share)
        return "test" if at < held else "val" if at < held + val_share else "train"

    splits = {group: split(group) for group in place}
    if settled:
        open_to: dict[Split, Split] = {"test": "train", "val": "val", "train": "train"}
        return {group: settled.get(group, open_to[drawn]) for group, drawn in splits.items()}
    shares: dict[Split, float] = {"train": 1.0, "test": test_share, "val": val_share}
    for wanted, share in shares.items():
        if share > 0:
            _serve(wanted, splits, place)
    return splits


def _place(group: str) -> float:
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big") / 2**64


def _serve(split: Split, splits: dict[str, Split], place: Mapping[str, float]) -> None:
    counts = Counter(splits.values())
    if counts[split] or not counts:
        return
    donor, most = max(sorted(counts.items()), key=lambda item: item[1])
    if most > 1 or split == "train":
        splits[min((g for g in splits if splits[g] == donor), key=place.__getitem__)] = split


def held_out(pictures: Sequence[Picture], splits: Mapping[str, Split]) -> dict[str, str]:
    """Tell which pictures must not be trained on, as one that they were made from, however far back, is held out.

    Args:
        pictures: synthetic pictures.
        splits: split of each name that a parent may have, be its picture in the blend or not.

    Returns:
        the reason by name.
    """
    parents = {picture.name: picture.parents for picture in pictures}
    found = {}
    for name in parents:
        origins = [origin for origin in _origins(name, parents) if splits.get(origin, "train") != "train"]
        if origins:
            found[name] = f"was made from {origins[0]}, which is in {splits[origins[0]]}"
    return found


def _origins(name: str, parents: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what a picture was made from, and what that was made from, in order of names."""
    known: set[str] = set()
    ahead = list(parents.get(name, ()))
    while ahead:
        origin = ahead.pop()
        if origin not in known:
            known.add(origin)
            ahead += parents.get(origin, ())
    return sorted(known)


def leaks(pictures: Sequence[Picture], splits: Sequence[Split], linked: Sequence[Pair]) -> list[str]:
    """Look for what would let a model see its test: each finding is one line; an empty list is what is wanted.

    Args:
        pictures: all pictures of the blend.
        splits: the split of each.
        linked: near-duplicate pairs among `pictures`.
    """
    of_name = {picture.name: split for picture, split in zip(pictures, splits, strict=True)}
    parents = {picture.name: picture.parents for picture in pictures}
    of_group: dict[str, Split] = {}
    found = []
    for picture, split in zip(pictures, splits, strict=True):
        if of_group.setdefault(picture.group, split) != split:
            found.append(f"group {picture.group} is in {of_group[picture.group]} and {split}")
        found += [
            f"{picture.name} is in {split}, its parent {parent} in {of_name[parent]}"
            for parent in _origins(picture.name, parents)
            if of_name.get(parent, split) != split
        ]
        if picture.source == "synthetic" and split != "train":
            found.append(f"{picture.name} is synthetic and in {split}")
    found += [
        f"{pictures[pair.first].name} in {splits[pair.first]} is a near-duplicate of "
        f"{pictures[pair.second].name} in {splits[pair.second]}"
        for pair in linked
        if splits[pair.first] != splits[pair.second]
    ]
    return sorted(set(found))
