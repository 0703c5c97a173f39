"""Rows about variety: of all frames, by scenario, of single objects, and in words; at equal n, beside real pictures."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from eval import attributes, diversity, resample, row
from eval.comparison import Comparison
from eval.diversity import Estimate
from eval.resample import Floats
from eval.scores import Null, Score
from scenes.seeds import generator

VENDI = "effective number of different frames over that of as many real pictures (Vendi score)"
DENSITY = (
    "how many real pictures' balls (to their {k}th real neighbour) a frame lies in, over the {k} expected; equal n"
)
COVERAGE = "share of real pictures with a frame nearer than their {k}th real neighbour, at equal n"
TWINS = "share of frames with a cosine similarity of at least {cosine:g} to another frame"
APART = "mean of 1 - cosine similarity over pairs of objects of a class, at equal n"
ENTROPY = "mean entropy of light, contrast, number, size and place of boxes, and classes, over its maximum, at equal n"
PAIRS = "share of all pairs of values of two of these attributes that occur, at equal n"
SCENES = "exponential of the entropy of the frames' shares by scene: the number of scenes that count, at equal n"
PRDC = "https://arxiv.org/abs/2002.09797"


def rows(comparison: Comparison) -> list[Score]:
    """Return Vendi ratios, density, coverage, near-duplicates and the effective number of scenes."""
    vendi = [_vendi(condition, part) for condition, part in comparison.parts().items()]
    return [*vendi, *_reach(comparison), _twins(comparison), _scenes(comparison)]


def of_objects(by_class: dict[str, Comparison]) -> list[Score]:
    """Return how different the objects of a class are from each other, class by class."""
    return [_apart(f"class:{name}", part) for name, part in sorted(by_class.items())]


def in_words(comparison: Comparison) -> list[Score]:
    """Return entropy and pairwise coverage of the attributes of labelled pictures."""
    comparison = comparison.labelled
    texts = {"attribute_entropy": ENTROPY, "pairwise_coverage": PAIRS}
    why = comparison.unlabelled or comparison.shortage
    if why:
        return [row.missing(name, text, why, comparison.n) for name, text in texts.items()]
    classes = sorted(
        {name for side in (comparison.frames, comparison.real) for s in side.samples for name, _ in s.boxes}
    )
    assert comparison.frames.light is not None
    assert comparison.real.light is not None
    ours = attributes.describe(comparison.frames.samples, comparison.frames.light, classes)
    theirs = attributes.describe(comparison.real.samples, comparison.real.light, classes)
    found = []
    for name, measure in (
        ("attribute_entropy", attributes.entropy),
        ("pairwise_coverage", attributes.pairwise_coverage),
    ):
        estimate = diversity.at_equal_n(
            lambda rows, measure=measure: measure(ours.codes[rows], ours.levels),  # type: ignore[misc]
            lambda rows, measure=measure: measure(theirs.codes[rows], theirs.levels),  # type: ignore[misc]
            comparison.frames.groups,
            len(theirs.codes),
            rng=generator(comparison.seed, "attributes", name),
            draws=comparison.settings.null_draws,
            high=1.0,
        )
        source = "https://doi.org/10.6028/NIST.SP.800-142" if name == "pairwise_coverage" else ""
        found.append(row.estimate(name, texts[name], estimate, comparison, source=source, encoder=False))
    return found


def _vendi(condition: str, part: Comparison) -> Score:
    if part.shortage:
        return row.missing("vendi_ratio", VENDI, part.shortage, part.n, condition)
    rng = generator(part.seed, "vendi", condition)
    frames, real = (side.drawn(part.settings.max_images, rng) for side in (part.frames, part.real))
    found = diversity.vendi_ratio(
        frames.features, frames.groups, real.features, rng=rng, draws=part.settings.null_draws
    )  # fmt: skip
    source = "https://arxiv.org/abs/2210.02410"
    return row.estimate("vendi_ratio", VENDI, found, part, condition=condition, source=source)


def _reach(part: Comparison) -> list[Score]:
    k = part.settings.coverage_k
    texts = {"density": DENSITY.format(k=k), "coverage": COVERAGE.format(k=k)}
    if part.shortage:
        return [row.missing(name, text, part.shortage, part.n) for name, text in texts.items()]
    rng = generator(part.seed, "coverage")
    frames, real = (side.drawn(part.settings.max_images, rng) for side in (part.frames, part.real))
    found = diversity.reach(
        frames.features, frames.groups, real.features, k=k, rng=rng, draws=part.settings.null_draws
    )  # fmt: skip
    return [
        row.estimate(name, text, estimate, part, source=PRDC)
        for (name, text), estimate in zip(texts.items(), found, strict=True)
    ]


def _twins(part: Comparison) -> Score:
    cosine = part.settings.near_duplicate_cosine
    text = TWINS.format(cosine=cosine)
    if part.shortage:
        return row.missing("near_duplicate_share", text, part.shortage, part.n)
    features, real = part.frames.features, part.real.features
    hits = int(diversity.has_twin(features, cosine=cosine).sum())
    rng = generator(part.seed, "near-duplicates")
    count = min(len(features), len(real), part.settings.max_images)
    null = np.array([
        diversity.has_twin(real[rng.permutation(len(real))[:count]], cosine=cosine).mean()
        for _ in range(part.settings.null_draws)
    ])  # fmt: skip
    told = Null(value=float(null.mean()), interval=resample.middle(null))
    return row.share("near_duplicate_share", text, hits, part, null=told)


def _scenes(part: Comparison) -> Score:
    if part.shortage:
        return row.missing("effective_scenes", SCENES, part.shortage, part.n)
    found = _groups(part)
    source = "https://doi.org/10.2307/1934352"
    told = row.estimate("effective_scenes", SCENES, found, part, source=source, encoder=False, unit="scenes")
    return replace(told, interval=None)  # counted, not estimated


def _groups(part: Comparison) -> Estimate:
    ours, theirs = part.frames.groups, part.real.groups
    return diversity.at_equal_n(
        lambda rows: diversity.effective_number(ours[rows]),
        lambda rows: diversity.effective_number(theirs[rows]),
        ours,
        len(theirs),
        rng=generator(part.seed, "scenes"),
        draws=part.settings.null_draws,
    )


def _apart(condition: str, part: Comparison) -> Score:
    if part.shortage:
        return row.missing("intra_class_distance", APART, part.shortage, part.n, condition)
    found = diversity.at_equal_n(
        partial(_spread, part.frames.features),
        partial(_spread, part.real.features),
        part.frames.groups,
        len(part.real.samples),
        rng=generator(part.seed, "objects", condition),
        draws=part.settings.null_draws,
    )
    return row.estimate("intra_class_distance", APART, found, part, condition=condition)


def _spread(features: Floats, rows: resample.Ints) -> float:
    return diversity.mean_cosine_distance(features[rows])
