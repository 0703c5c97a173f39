"""Rows about what must not be there: faults, copies of real pictures; and rows that say what is not measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval import row
from eval.comparison import Comparison
from eval.privacy import tripwire
from eval.resample import Floats
from eval.samples import Round, Sample
from eval.scores import Score

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


def unusable(count: int, total: int) -> Score:
    """Return the count of pictures whose features were no finite numbers."""
    definition = "pictures whose features are not finite numbers and were left out of every comparison"
    return _count("unusable_features", definition, count, {"pictures": total})


def privacy(comparison: Comparison) -> list[Score]:
    """Return the nearest-neighbour tripwire."""
    definition = "share of frames whose cosine similarity to a real picture reaches that of near-duplicates"
    too_few = comparison.shortage
    if too_few:
        copied = row.missing("real_copies", definition, too_few, comparison.n)
    else:
        cosine = comparison.settings.near_duplicate_cosine
        hits = tripwire.copies(comparison.frames.features, comparison.real.features, cosine=cosine)
        copied = row.share("real_copies", definition, int(hits.sum()), comparison)
    return [copied]


def _count(name: str, definition: str, value: int, n: dict[str, int]) -> Score:
    unit = "frames" if "frames" in n else "pictures"
    return Score(name=name, definition=definition, value=float(value), n=n, unit=unit, better="lower")
