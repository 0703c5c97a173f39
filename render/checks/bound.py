"""How many of all labels may be wrong when so many of those checked were: the upper end of an exact interval."""

from __future__ import annotations

from scenes.errors import InputError

CONFIDENCE = 0.95


def error_bound(wrong: int, checked: int, confidence: float = CONFIDENCE) -> float:
    """Return the one-sided Clopper-Pearson upper bound of the share of wrong labels.

    With none wrong it is about 3 / n, the rule of three. Labels of one view share their causes, so the bound is for
    labels that were drawn one by one; of views alike it promises too much.

    Args:
        wrong: labels found wrong, 0 to `checked`.
        checked: labels that were checked; with none, everything may be wrong.
        confidence: of the bound, in (0, 1).

    Returns:
        A share in [0, 1].

    Source: Clopper and Pearson, Biometrika 26 (1934), 404; Hanley and Lippman-Hand, JAMA 249 (1983), 1743.
    """
    if not 0 <= wrong <= checked:
        raise InputError("wrong", "must lie between 0 and the number checked", got=(wrong, checked))
    if wrong == checked:
        return 1.0
    from scipy.stats import beta  # noqa: PLC0415  # slow to load

    return float(beta.ppf(confidence, wrong + 1, checked - wrong))
