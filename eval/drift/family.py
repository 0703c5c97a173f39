"""Family-wise control over windows: how much of the error rate each next window may spend."""

from __future__ import annotations

from math import pi


def level(alpha: float, window: int, planned: int) -> float:
    """Return the level at which a window is judged, so that all windows together err at most at `alpha`.

    Half of `alpha` is spread evenly over the planned windows, the other half falls as 1 / k² after them: the watch
    never has to end, and needs no independence between windows.

    Args:
        alpha: chance of one false alarm or more over all windows.
        window: 1 for the first.
        planned: windows that are foreseen.

    Source: alpha-spending; Foster and Stine, Alpha-investing, JRSS B 70, 2008, section 2 (Bonferroni by weights).
    """
    if window <= planned:
        return alpha / 2 / planned
    return alpha / 2 * 6 / (pi * (window - planned)) ** 2
