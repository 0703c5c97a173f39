"""What differs most from the real set: every statistic of labels and pixels, ranked, with the pictures that show it.

`eval/differences.json` holds `differences`, farthest first: rank, name, kind, effect (Wasserstein distance in units of
the real spread), its interval, null (effect and interval of real against real), p, p_holm (Holm over all statistics),
n, the medians of both sides, and keys of pictures: frames that lie farthest to that side, and typical real pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval import resample, row, statistic
from eval.choices import Choices, Discrepancy, choose
from eval.comparison import Comparison
from eval.resample import Bools, Floats
from eval.samples import Sample
from eval.scores import Score, write_json
from eval.statistic import Kind, Statistic
from scenes.seeds import generator

DIFFERENCES_VERSION = 1
DIFFERENCES_FILE = Path("eval") / "differences.json"
SHOWN = 4
DEFINITIONS: dict[Kind, str] = {
    "label geometry": "mean over statistics of boxes (area, aspect, place, number, classes) of the Wasserstein "
    "distance of frames to real pictures in units of the real spread",
    "low level": "mean over luminance, contrast, sharpness, noise, colour and JPEG statistics of the Wasserstein "
    "distance of frames to real pictures in units of the real spread",
}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One statistic; see the module for what its fields mean."""

    name: str
    kind: Kind
    effect: float
    interval: tuple[float, float]
    null: float
    null_interval: tuple[float, float]
    p: float
    p_holm: float
    n: dict[str, int]
    median: dict[str, float]
    pictures: dict[str, list[str]]


def compare(comparison: Comparison, pixels: Floats) -> tuple[list[Score], list[Difference], dict[str, str]]:
    """Compare frames with real pictures statistic by statistic.

    Args:
        comparison: n frames and m real pictures.
        pixels: n + m rows of low-level statistics, NaN where a picture has none.

    Returns:
        A score a kind, the differences, farthest beyond their null first, and why a kind is not among them.
    """
    labelled = comparison.labelled
    why = _shortages(comparison, labelled, pixels)
    parts = {
        "label geometry": (labelled, lambda: statistic.of_labels(_samples(labelled))),
        "low level": (comparison, lambda: statistic.of_pixels(pixels)),
    }
    found: list[tuple[Comparison, Statistic, Discrepancy]] = []
    scores = []
    for kind, definition in DEFINITIONS.items():
        name = kind.replace(" ", "_")
        if kind in why:
            scores.append(row.missing(name, definition, why[kind], comparison.n))
            continue
        part, statistics = parts[kind][0], parts[kind][1]()
        mean, each = _measured(part, statistics, kind)
        told = row.distance(name, definition, mean, part, source="https://doi.org/10.1137/1118101")
        scores.append(replace(told, encoder=None))
        found += [(part, one, result) for one, result in zip(statistics, each, strict=True)]
    return scores, _ranked(found), {str(kind): reason for kind, reason in why.items()}


def write(out: Path, differences: Sequence[Difference], why: dict[str, str]) -> None:
    """Write `eval/differences.json`, atomically."""
    listed: list[dict[str, Any]] = [{"rank": rank} | asdict(one) for rank, one in enumerate(differences, 1)]
    write_json(
        out / DIFFERENCES_FILE, {"schema": DIFFERENCES_VERSION, "differences": listed, "not_measured": why}
    )  # fmt: skip


def _samples(comparison: Comparison) -> list[Sample]:
    return [*comparison.frames.samples, *comparison.real.samples]


def _shortages(comparison: Comparison, labelled: Comparison, pixels: Floats) -> dict[Kind, str]:
    if comparison.shortage:
        return dict.fromkeys(DEFINITIONS, comparison.shortage)
    why: dict[Kind, str] = {}
    lacking = labelled.unlabelled or labelled.shortage
    if lacking:
        why["label geometry"] = lacking
    told: Bools = np.asarray(np.isfinite(pixels).all(axis=1))
    count = len(comparison.frames.samples)
    least = comparison.settings.min_images
    for what, side in (("frames", told[:count]), ("real pictures", told[count:])):
        if side.sum() < least and "low level" not in why:
            why["low level"] = f"insufficient: {side.sum()} of {least} {what} of 96 px or more a side"
    return why


def _measured(
    comparison: Comparison, statistics: Sequence[Statistic], kind: Kind
) -> tuple[Discrepancy, list[Discrepancy]]:
    choices, synthetic = _choices(comparison, kind)
    effects = np.array([
        statistic.wasserstein(one, choices.left, choices.right) / _spread(one.of_side(~synthetic)) for one in statistics
    ])  # fmt: skip
    return choices.conclude(effects.mean(axis=0)), [choices.conclude(values) for values in effects]


def _choices(comparison: Comparison, kind: Kind) -> tuple[Choices, Bools]:
    count = len(comparison.frames.samples)
    synthetic = np.arange(count + len(comparison.real.samples)) < count
    choices = choose(
        synthetic,
        np.concatenate([comparison.frames.groups, comparison.real.groups + count]),
        rng=generator(comparison.seed, "differences", kind),
        null_draws=comparison.settings.null_draws,
        permutations=comparison.settings.difference_permutations,
    )
    return choices, synthetic


def _spread(real: Floats) -> float:
    """Return the interquartile range, the standard deviation where that is 0, and 1 where all are alike."""
    if not len(real):
        return 1.0
    low, high = np.quantile(real, [0.25, 0.75])
    return float(high - low) or float(real.std()) or 1.0


def _ranked(found: Sequence[tuple[Comparison, Statistic, Discrepancy]]) -> list[Difference]:
    corrected = resample.holm(np.array([told.p for _, _, told in found]))
    listed = [_difference(*one, float(p)) for one, p in zip(found, corrected, strict=True)]
    return sorted(listed, key=lambda one: (one.null - one.effect, one.name))


def _difference(comparison: Comparison, one: Statistic, told: Discrepancy, p_holm: float) -> Difference:
    count, samples = len(comparison.frames.samples), _samples(comparison)
    synthetic = np.arange(len(samples)) < count
    ours, theirs = one.of_side(synthetic), one.of_side(~synthetic)
    medians = {name: _median(values) for name, values in (("synthetic", ours), ("real", theirs))}
    each = one.per_picture(len(samples))
    side = np.sign(ours.mean() - theirs.mean()) if len(ours) and len(theirs) else 1.0
    away = np.nan_to_num(side * (each - medians["real"]), nan=-np.inf)
    near = -np.nan_to_num(np.abs(each - medians["real"]), nan=np.inf)
    shown = {
        "synthetic": [samples[place].key for place in _highest(away[:count])],
        "real": [samples[count + place].key for place in _highest(near[count:])],
    }
    return Difference(
        name=one.name,
        kind=one.kind,
        effect=told.value,
        interval=(max(told.interval[0], 0.0), told.interval[1]),
        null=told.null_value,
        null_interval=told.null_interval,
        p=told.p,
        p_holm=p_holm,
        n={"synthetic": len(ours), "real": len(theirs)},
        median=medians,
        pictures=shown,
    )


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else 0.0


def _highest(values: Floats) -> list[int]:
    order = np.argsort(-values, kind="stable")[:SHOWN]
    return [int(place) for place in order if np.isfinite(values[place])]
