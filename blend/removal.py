"""Which copy is left out: the rule, and what came of it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from blend.duplicates import Fingerprint, Pair
from blend.picture import Picture

SAME_LEVELS = 2.0
"""Mean difference of 8-bit grey levels under which two looks of one trace are the same picture."""


@dataclass(frozen=True, kw_only=True)
class Removal:
    """A picture that was left out for a better copy of it."""

    name: str
    kept: str
    why: str


def removals(
    pictures: Sequence[Picture],
    prints: Sequence[Fingerprint],
    linked: Iterable[Pair],
    *,
    held: Container[str] = frozenset(),
) -> dict[int, Removal]:
    """Choose which copies to leave out.

    Pictures are taken best first (those of earlier rounds before new ones, real before synthetic before augmented,
    labelled before unlabelled, more pixels before fewer, sharper before softer, then by name), and one that is a
    near-duplicate of a picture already taken is left out, unless they are alike on purpose. So a chain of neighbours is
    thinned, never emptied, and no real picture yields to a synthetic one.

    Args:
        pictures: real pictures or all of them.
        prints: fingerprint of each.
        linked: near-duplicate pairs.
        held: names of pictures of earlier rounds, none of which is ever left out.
    """
    rivals: dict[int, list[tuple[int, Pair]]] = {}
    for pair in linked:
        if not _declared(pictures[pair.first], pictures[pair.second], pair):
            rivals.setdefault(pair.first, []).append((pair.second, pair))
            rivals.setdefault(pair.second, []).append((pair.first, pair))
    rank = {place: _rank(pictures[place], prints[place]) for place in range(len(pictures))}
    taken = {place for place, picture in enumerate(pictures) if picture.name in held}
    out: dict[int, Removal] = {}
    for place in sorted(rank.keys() - taken, key=rank.__getitem__):
        better = [(rank[other], other, pair) for other, pair in rivals.get(place, []) if other in taken]
        if better:
            _, other, pair = min(better, key=lambda entry: entry[0])
            out[place] = Removal(name=pictures[place].name, kept=pictures[other].name, why=pair.why)
        else:
            taken.add(place)
    return out


def _rank(picture: Picture, print_: Fingerprint) -> tuple[int, bool, int, float, str]:
    kind = 0 if picture.source == "real" else 1 + (picture.augment is not None)
    return kind, not picture.labelled, -print_.pixels, -print_.sharpness, picture.name


def _declared(one: Picture, other: Picture, pair: Pair) -> bool:
    """Tell what is alike on purpose, and bound to one split, from a picture that was made twice.

    On purpose are looks and varieties of one scene, what was made from a picture and says so, and parts that two real
    or two synthetic pictures share.
    """
    if one.sha256 == other.sha256:
        return False
    kin = {one.name, *one.parents} & {other.name, *other.parents}
    if pair.part is not None:
        return one.source == other.source or bool(kin)
    if one.source != other.source:
        return bool(kin)
    return one.source == "synthetic" and one.group == other.group and pair.level_difference >= SAME_LEVELS
