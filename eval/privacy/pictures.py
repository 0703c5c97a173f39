"""The real pictures of a blend whose privacy is at stake, and which of them a head is trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from eval import encoder, resample
from eval.embed import embed
from eval.privacy import head
from eval.resample import Bools, Floats, Ints
from eval.samples import Round, Sample
from scenes.errors import InputError

HeldOut = Literal["split", "half"]
LEAST = 20  # pictures a side for an attack


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Real pictures, unchanged and readable.

    Args:
        samples: n of them.
        features: (n, 1280).
        mean_luma: (n,), 0 to 255.
        digest: SHA-256 over the bytes of all real pictures of the blend.
    """

    samples: Sequence[Sample]
    features: Floats
    mean_luma: Floats
    digest: str

    @property
    def groups(self) -> Ints:
        """Return a code per picture, equal within a take."""
        return resample.codes([sample.group for sample in self.samples])

    def labelled(self) -> Pictures:
        """Return those that somebody has labelled."""
        rows = [row for row, sample in enumerate(self.samples) if sample.labelled]
        return Pictures(
            samples=[self.samples[row] for row in rows],
            features=self.features[rows],
            mean_luma=self.mean_luma[rows],
            digest=self.digest,
        )


def of_round(round_: Round, *, workers: int) -> Pictures:
    """Return the real pictures of a round's blend; varieties of them are left out.

    Raises:
        InputError: none can be read.
    """
    wanted = [s for s in round_.samples if s.stage == "blend" and s.source == "real" and not s.augmented]
    found = embed([sample.path for sample in wanted], encoder.load("whole"), workers=workers)
    kept = [(sample, features) for sample, features in zip(wanted, found, strict=True) if features is not None]
    if not kept:
        raise InputError("blend", "must hold a real picture that can be read", got=f"{len(wanted)} that cannot")
    digests = "\n".join(sorted(features.digest for _, features in kept))
    return Pictures(
        samples=[sample for sample, _ in kept],
        features=np.array([features.arrays["pooled"] for _, features in kept], dtype=np.float64),
        mean_luma=np.array([features.arrays["light"][0] for _, features in kept], dtype=np.float64),
        digest=hashlib.sha256(digests.encode()).hexdigest(),
    )


def real_pixels(round_: Round) -> str:
    """Return why a blend with real pixels can be under no ε at all.

    Raises:
        InputError: it holds none.
    """
    real = sum(sample.source == "real" for sample in round_.samples)
    made = sum(sample.composite for sample in round_.samples)
    if real + made == 0:
        fix = "blend a real set in first: rareblend blend real=coco out=DIR"
        raise InputError("blend", "must hold a real picture whose privacy is at stake", got="none", fix=fix)
    held = f"{real} real pictures" + (f" and {made} composites with real pixels" if made else "")
    return f"the blend holds {held}; whoever has it sees them as they are, so no ε bounds what it tells"


def members(splits: Sequence[str], groups: Ints, held_out: HeldOut, rng: np.random.Generator) -> Bools:
    """Return which pictures a model under attack is trained on, (n,); takes are never torn.

    Args:
        splits: "train", "val" or "test" of each picture.
        groups: code per picture.
        held_out: "split" trains on those of the training split, "half" on half of all takes.
        rng: draws the half.
    """
    if held_out == "split":
        return np.array([split == "train" for split in splits], dtype=np.bool_)
    takes = np.unique(groups)
    return np.asarray(np.isin(groups, rng.permutation(takes)[: len(takes) // 2]), dtype=np.bool_)


def too_few(member: Bools, groups: Ints) -> str | None:
    """Return why there are too few pictures for an attack, None where there are enough."""
    if not len(member):
        return "no real picture of the blend is labelled, and models learn from labels"
    for what, rows in {"members": member, "non-members": ~member}.items():
        if rows.sum() < LEAST:
            return f"insufficient: {int(rows.sum())} of {LEAST} {what}"
        if len(np.unique(groups[rows])) < 2:
            return f"insufficient: 1 of 2 takes of {what}"
    return None


def shortage(pictures: Pictures, member: Bools) -> str | None:
    """Return why a head cannot be attacked, None where it can."""
    why = too_few(member, pictures.groups)
    if why is None and not np.ptp(head.labels(pictures.samples)[member], axis=0).any():
        return "every picture holds the same classes, so there is nothing to learn"
    return why
