"""Plots of scores over the measurements that the history remembers."""

from __future__ import annotations

from pathlib import Path

from eval.history import Point, opened
from eval.report import plots
from eval.report.wording import spoken

_SHOWN = ("kid", "coverage", "vendi_ratio", "near_duplicate_share", "real_copies", "parity_difference")
_FEWEST = 2
_LAST = 60


def plots_of(history: Path) -> list[tuple[str, str]]:
    """Return caption and `<svg>` of each main score that was measured at least twice.

    Args:
        history: the SQLite file; one that is not there has no trends.

    Raises:
        InputError: the file is no history, or of a newer version.
    """
    if not history.exists():
        return []
    with opened(history) as past:
        found = [(name, past.trend(name)[-_LAST:]) for name in _SHOWN]
    return [
        (f"{spoken(name)}, {points[0].at[:10]} to {points[-1].at[:10]}", _drawn(name, points))
        for name, points in found
        if sum(point.value is not None for point in points) >= _FEWEST
    ]


def _drawn(name: str, points: list[Point]) -> str:
    measured = [
        (place, point.value, point.interval) for place, point in enumerate(points, 1) if point.value is not None
    ]
    return plots.trend(
        f"trend-{name}",
        [place for place, _, _ in measured],
        [value for _, value, _ in measured],
        [interval or (value, value) for _, value, interval in measured],
    )
