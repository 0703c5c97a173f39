"""The panel of scores: which samples each measure compares, and how its result is told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval import diversity, fidelity, resample
from eval.comparison import Comparison
from eval.privacy import tripwire
from eval.resample import Floats
from eval.samples import Round, Sample
from eval.scores import Null, Score
from scenes.seeds import generator

FLAT_LUMA_SD = 4.0  # of 255: a frame with less contrast than this shows nothing but noise


def quality(round_: Round, unreadable: Sequence[Sample], frame_luma_sd: Floats) -> list[Score]:
    """Return the exact counts of what must not be there."""
    frames = [sample for sample in round_.samples if sample.stage == "frame"]
    n = {"frames": len(frames)}
    leaks = round_.blend.get("leaks")
    empty = sum(not sample.boxes for sample in frames)
    return [
        Score(
            name="leaks",
            definition="pictures that share a group, a parent or a near-duplicate with another split",
            value=None if leaks is None else float(leaks),
            not_measured="blend.json does not count them" if leaks is None else None,
            n={"pictures": len(round_.samples) - len(frames)},
            unit="pictures",
            better="lower",
        ),
        _count("unlabelled_frames", "frames without a single box", empty, n),
        _count("flat_frames", f"frames whose luma varies by less than {FLAT_LUMA_SD:g} of 255 (standard deviation)",
               int(np.sum(frame_luma_sd < FLAT_LUMA_SD)), n),
        _count("unreadable_pictures", "pictures that could not be decoded and were left out of every measure",
               len(unreadable), {"pictures": len(round_.samples)}),
    ]  # fmt: skip


def distances(comparison: Comparison) -> list[Score]:
    """Return KID and MMD of all frames, and KID of the frames of each scenario."""
    conditions = sorted({sample.condition for sample in comparison.frames.samples} - {""})
    parts = [("all", comparison), *((f"scenario:{name}", comparison.on(name)) for name in conditions)]
    kid = [_discrepancy("kid", condition, part) for condition, part in parts]
    return [*kid, _discrepancy("mmd", "all", comparison)]


def variety(comparison: Comparison) -> list[Score]:
    """Return Vendi ratio, coverage and the share of near-duplicates among the frames."""
    return [_vendi_ratio(comparison), _coverage(comparison), _twins(comparison)]


def privacy(comparison: Comparison) -> list[Score]:
    """Return the nearest-neighbour tripwire."""
    definition = "share of frames whose cosine similarity to a real picture reaches that of near-duplicates"
    too_few = comparison.shortage
    if too_few:
        copied = _missing("real_copies", definition, too_few, comparison)
    else:
        cosine = comparison.settings.near_duplicate_cosine
        hits = tripwire.copies(comparison.frames.features, comparison.real.features, cosine=cosine)
        copied = _share("real_copies", definition, int(hits.sum()), comparison)
    return [copied]


def _discrepancy(name: str, condition: str, part: Comparison) -> Score:
    if name == "kid":
        definition = "squared maximum mean discrepancy of frames to real pictures under a cubic kernel, all pairs"
        source, kernel = "https://arxiv.org/abs/1801.01401", fidelity.polynomial_kernel
    else:
        definition = "squared maximum mean discrepancy on unit features, Gaussian kernel with the median bandwidth"
        source, kernel = "https://jmlr.org/papers/v13/gretton12a.html", fidelity.gaussian_kernel
    if part.shortage:
        return _missing(name, definition, part.shortage, part, condition)
    rng = generator(part.seed, "fidelity", name, condition)
    frames, real = (side.drawn(part.settings.max_images, rng) for side in (part.frames, part.real))
    synthetic = np.arange(len(frames.samples) + len(real.samples)) < len(frames.samples)
    groups = np.concatenate([frames.groups, real.groups + len(frames.samples)])
    found = fidelity.discrepancy(
        kernel(np.concatenate([frames.features, real.features])),
        synthetic,
        groups,
        rng=rng,
        null_draws=part.settings.null_draws,
        permutations=part.settings.permutations,
    )
    return Score(
        name=name,
        condition=condition,
        definition=definition,
        value=found.value,
        interval=found.interval,
        n=part.n,
        encoder=part.encoder,
        null=Null(value=found.null_value, interval=found.null_interval),
        p=found.p,
        better="lower",
        source=source,
    )


def _vendi_ratio(comparison: Comparison) -> Score:
    definition = "effective number of different frames over that of as many real pictures (Vendi score)"
    if comparison.shortage:
        return _missing("vendi_ratio", definition, comparison.shortage, comparison)
    rng = generator(comparison.seed, "vendi")
    frames, real = (side.drawn(comparison.settings.max_images, rng) for side in (comparison.frames, comparison.real))
    draws = comparison.settings.null_draws
    found = diversity.vendi_ratio(frames.features, frames.groups, real.features, rng=rng, draws=draws)
    return _estimate("vendi_ratio", definition, found, comparison, "https://arxiv.org/abs/2210.02410")


def _coverage(comparison: Comparison) -> Score:
    k = comparison.settings.coverage_k
    definition = f"share of real pictures with a frame nearer than their {k}th real neighbour, at equal n"
    if comparison.shortage:
        return _missing("coverage", definition, comparison.shortage, comparison)
    rng = generator(comparison.seed, "coverage")
    frames, real = (side.drawn(comparison.settings.max_images, rng) for side in (comparison.frames, comparison.real))
    draws = comparison.settings.null_draws
    found = diversity.coverage_at_equal_n(
        frames.features, frames.groups, real.features, k=k, rng=rng, draws=draws
    )  # fmt: skip
    return _estimate("coverage", definition, found, comparison, "https://arxiv.org/abs/2002.09797")


def _estimate(name: str, definition: str, found: diversity.Estimate, comparison: Comparison, source: str) -> Score:
    return Score(
        name=name,
        definition=definition,
        value=found.value,
        interval=found.interval,
        n=comparison.n | {"each_side": found.count},
        encoder=comparison.encoder,
        null=Null(value=found.null_value, interval=found.null_interval),
        better="higher",
        source=source,
    )


def _twins(comparison: Comparison) -> Score:
    cosine = comparison.settings.near_duplicate_cosine
    definition = f"share of frames with a cosine similarity of at least {cosine:g} to another frame"
    if comparison.shortage:
        return _missing("near_duplicate_share", definition, comparison.shortage, comparison)
    features, real = comparison.frames.features, comparison.real.features
    hits = int(diversity.has_twin(features, cosine=cosine).sum())
    rng = generator(comparison.seed, "near-duplicates")
    count = min(len(features), len(real))
    null = np.array([
        diversity.has_twin(real[rng.permutation(len(real))[:count]], cosine=cosine).mean()
        for _ in range(comparison.settings.null_draws)
    ])  # fmt: skip
    told = Null(value=float(null.mean()), interval=resample.middle(null))
    return _share("near_duplicate_share", definition, hits, comparison, null=told)


def _share(name: str, definition: str, hits: int, comparison: Comparison, null: Null | None = None) -> Score:
    count = len(comparison.frames.samples)
    return Score(
        name=name,
        definition=definition,
        value=hits / count,
        interval=resample.share_interval(hits, count),
        n=comparison.n,
        encoder=comparison.encoder,
        null=null,
        better="lower",
        source="exact interval of Clopper and Pearson, Biometrika 26, 1934",
    )


def _count(name: str, definition: str, value: int, n: dict[str, int]) -> Score:
    unit = "frames" if "frames" in n else "pictures"
    return Score(name=name, definition=definition, value=float(value), n=n, unit=unit, better="lower")


def _missing(name: str, definition: str, why: str, part: Comparison, condition: str = "all") -> Score:
    return Score(name=name, condition=condition, definition=definition, not_measured=why, n=part.n)
