"""Rows of `scores.json`: how an estimate, a distance, a share or a reason is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from eval import resample
from eval.choices import Discrepancy
from eval.comparison import Comparison
from eval.diversity import Estimate
from eval.scores import Null, Score


def distance(
    name: str, definition: str, found: Discrepancy, part: Comparison, *, source: str, condition: str = "all"
) -> Score:
    """Tell a distance to real pictures; less is better."""
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


def estimate(
    name: str,
    definition: str,
    found: Estimate,
    part: Comparison,
    *,
    condition: str = "all",
    source: str = "",
    better: Literal["lower", "higher"] | None = "higher",
    encoder: bool = True,
    unit: str = "",
) -> Score:
    """Tell a measure of variety, at equal n."""
    return Score(
        name=name,
        condition=condition,
        definition=definition,
        value=found.value,
        interval=found.interval,
        n=part.n | {"each_side": found.count},
        encoder=part.encoder if encoder else None,
        null=Null(value=found.null_value, interval=found.null_interval),
        better=better,
        source=source,
        unit=unit,
    )


def share(name: str, definition: str, hits: int, part: Comparison, null: Null | None = None) -> Score:
    """Tell a share of the frames; less is better."""
    count = len(part.frames.samples)
    return Score(
        name=name,
        definition=definition,
        value=hits / count,
        interval=resample.share_interval(hits, count),
        n=part.n,
        encoder=part.encoder,
        null=null,
        better="lower",
        source="exact interval of Clopper and Pearson, Biometrika 26, 1934",
    )


def missing(name: str, definition: str, why: str, n: Mapping[str, int], condition: str = "all") -> Score:
    """Tell why there is no value."""
    return Score(name=name, condition=condition, definition=definition, not_measured=why, n=n)
