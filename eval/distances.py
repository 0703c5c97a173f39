"""How far frames are from real pictures: KID, MMD, Fréchet distance and CMMD, whole, by condition and by class."""

from __future__ import annotations

import numpy as np

from eval import fidelity, frechet, row
from eval.choices import Choices, choose
from eval.comparison import Comparison
from eval.kernel import CMMD_SIGMA, Cubic, Gaussian, Kernel, median_gaussian
from eval.pairs import Singles
from eval.scores import Score
from scenes.seeds import generator

KID = "squared maximum mean discrepancy of {what} to real ones under a cubic kernel, all pairs"
MMD = "squared maximum mean discrepancy of {what} on unit features, Gaussian kernel with the median bandwidth"
FRECHET = (
    "squared Fréchet distance of {what} to real ones, extrapolated to infinite samples on both sides; with fewer "
    "pictures than a few times the features' dimension read it only against its null"
)
CMMD = "CMMD: 1000 times the squared maximum mean discrepancy on unit CLIP features, Gaussian kernel with σ = 10"
SOURCES = {
    "kid": "https://arxiv.org/abs/1801.01401",
    "mmd": "https://jmlr.org/papers/v13/gretton12a.html",
    "fd": "https://arxiv.org/abs/1911.07023",
    "cmmd": "https://arxiv.org/abs/2401.09603",
}
CMMD_UNIT = 1000.0


def rows(comparison: Comparison) -> list[Score]:
    """Return every distance of whole pictures: of all frames, of each scenario's and by light."""
    parts = comparison.parts()
    kernels = [_by_kernels(condition, part, "frames") for condition, part in parts.items()]
    return [
        *(kid for kid, _ in kernels),
        *(mmd for _, mmd in kernels),
        *(_frechet(condition, part) for condition, part in parts.items()),
        _cmmd(comparison),
    ]


def of_objects(by_class: dict[str, Comparison]) -> list[Score]:
    """Return KID and MMD of objects cut out of frames to those of real pictures, class by class."""
    return [
        score
        for name, part in sorted(by_class.items())
        for score in _by_kernels(f"class:{name}", part, "objects cut out of frames")
    ]


def _by_kernels(condition: str, part: Comparison, what: str) -> tuple[Score, Score]:
    told = {"kid": KID.format(what=what), "mmd": MMD.format(what=what)}
    if part.shortage:
        kid, mmd = (row.missing(name, text, part.shortage, part.n, condition) for name, text in told.items())
        return kid, mmd
    features, choices = _both(part, "fidelity", condition)
    kernels: list[Kernel] = [Cubic(dimension=features.shape[1]), median_gaussian(features)]
    values = fidelity.mmds(features, [(kernel, choices) for kernel in kernels])
    kid, mmd = (
        row.distance(name, text, choices.conclude(value), part, condition=condition, source=SOURCES[name])
        for (name, text), value in zip(told.items(), values, strict=True)
    )
    return kid, mmd


def _cmmd(part: Comparison) -> Score:
    if not part.encoder.startswith("clip"):
        return row.missing("cmmd", CMMD, "needs CLIP's features: encoder=clip", part.n)
    if part.shortage:
        return row.missing("cmmd", CMMD, part.shortage, part.n)
    features, choices = _both(part, "fidelity", "cmmd")
    (values,) = fidelity.mmds(features, [(Gaussian(variance=CMMD_SIGMA**2), choices)])
    found = choices.conclude(CMMD_UNIT * values)
    return row.distance("cmmd", CMMD, found, part, source=SOURCES["cmmd"])


def _frechet(condition: str, part: Comparison) -> Score:
    text, least = FRECHET.format(what="frames"), part.settings.frechet_min_images
    if part.shortage:
        return row.missing("fd", text, part.shortage, part.n, condition)
    for what, count, wanted in (
        ("frames", len(part.frames.samples), least),
        ("real pictures", len(part.real.samples), 2 * least),
    ):
        if count < wanted:
            return row.missing("fd", text, f"insufficient: {count} of {wanted} {what}", part.n, condition)
    rng = generator(part.seed, "frechet", condition)
    frames, real = (side.drawn(part.settings.max_images, rng) for side in (part.frames, part.real))
    found = frechet.compare(frames.features, frames.groups, real.features, real.groups, rng=rng)
    return row.distance("fd", text, found, part, condition=condition, source=SOURCES["fd"])


def _both(part: Comparison, *purpose: str) -> tuple[Singles, Choices]:
    rng = generator(part.seed, *purpose)
    frames, real = (side.drawn(part.settings.max_images, rng) for side in (part.frames, part.real))
    count = len(frames.samples)
    features = np.concatenate([frames.features, real.features]).astype(np.float32)
    choices = choose(
        np.arange(len(features)) < count,
        np.concatenate([frames.groups, real.groups + count]),
        rng=rng,
        null_draws=part.settings.null_draws,
        permutations=part.settings.permutations,
    )
    return features, choices
