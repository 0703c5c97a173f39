"""What the watch says as scores, in words, and in `<out>/drift/drift.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval import encoder
from eval.gate import Verdict
from eval.scores import Score, read_file, write_json

DRIFT_VERSION = 1
DRIFT_FILE = Path("drift") / "drift.json"
_COUNT = "windows whose pictures do not come from where the reference came from, at a family-wise error of {alpha:g}"
_FEATURES = "squared maximum mean discrepancy of a window's features to the reference's; near 0 without drift"
_CLASSIFIER = "area under the curve of a classifier of window and reference, asked about unseen takes; 0.5 is a coin"
_ATTRIBUTE = "chance that a picture of the window has the larger value than one of the reference; 0.5 without a shift"
_GROWTH = "by how much frames lie farther from a window than from the reference (squared maximum mean discrepancy)"
_SOURCES = {
    "drift_mmd": "https://jmlr.org/papers/v13/gretton12a.html",
    "drift_c2st": "https://arxiv.org/abs/1610.06545",
    "drift_attribute": "Mann and Whitney, Annals of Mathematical Statistics 18, 1947",
}


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A window and what was found of it; see `watch.judge`.

    Args:
        label: for people.
        number: of the family, 1 for the first.
        found: by `watch.judge`, and `growth` where there were frames to compare.
        pictures: of the window.
        known: whether it had been judged before.
    """

    label: str
    number: int
    found: Mapping[str, Any]
    pictures: int
    known: bool = False


def scores(judged: Sequence[Judged], *, alpha: float, reference: int) -> list[Score]:
    """Return the scores of all windows.

    Args:
        judged: in order of time.
        alpha: family-wise error.
        reference: how many pictures it has.
    """
    told = [window for window in judged if "tests" in window.found]
    rows = [_count(told, judged, alpha)]
    for window in judged:
        n = {"window": window.pictures, "reference": reference}
        if "not_measured" in window.found:
            why = window.found["not_measured"]
            condition = f"window:{window.label}"
            rows.append(Score(name="drift_mmd", condition=condition, definition=_FEATURES, not_measured=why, n=n))
        else:
            rows += [_row(window, name, test, n) for name, test in window.found["tests"].items()]
    return rows + _growths(judged, reference)


def lines(judged: Sequence[Judged]) -> list[str]:
    """Say each window in a line."""
    return [
        f"drift: {window.label}: {said(window.found)}{', as judged before' if window.known else ''}"
        for window in judged
    ]


def said(found: Mapping[str, Any]) -> str:
    """Say what was found of a window."""
    if "not_measured" in found:
        return f"not measured: {found['not_measured']}"
    p = {name: test["p"] for name, test in found["tests"].items() if test["p"] is not None}
    shifted = sorted((name for name in p if p[name] <= found["level"]), key=p.__getitem__)
    return f"DRIFTED in {', '.join(name.replace('_', ' ') for name in shifted)}" if shifted else "no drift shown"


def write(out: Path, rows: Sequence[Score], verdicts: Sequence[Verdict], judged: Sequence[Judged]) -> Path:
    """Write `<out>/drift/drift.json`, atomically."""
    path = out / DRIFT_FILE
    windows = [{"label": w.label, "number": w.number, "pictures": w.pictures, **w.found} for w in judged]
    told = [asdict(verdict) for verdict in verdicts]
    listed = [asdict(score) for score in rows]
    write_json(path, {"schema": DRIFT_VERSION, "scores": listed, "verdicts": told, "windows": windows})
    return path


def of_round(out: Path) -> list[Score]:
    """Return what was last found of drift for a round, or why nothing was.

    Raises:
        InputError: `<out>/drift/drift.json` does not follow the schema.
    """
    path = out / DRIFT_FILE
    if not path.exists():
        why = "no window was compared yet; rareblend eval drift drift.windows=[DIR] does"
        definition = "windows whose pictures do not come from where the reference came from"
        return [Score(name="drifted_windows", definition=definition, not_measured=why)]
    return read_file(path, made_by="rareblend eval drift")


def _count(told: Sequence[Judged], judged: Sequence[Judged], alpha: float) -> Score:
    definition = _COUNT.format(alpha=alpha)
    if not told:
        why = judged[0].found["not_measured"] if judged else "no window: drift.windows is empty"
        return Score(name="drifted_windows", definition=definition, not_measured=why)
    drifted = [window.label for window in told if window.found["drifted"]]
    return Score(
        name="drifted_windows",
        definition=definition,
        value=float(len(drifted)),
        n={"windows": len(told)},
        unit="windows",
        better="lower",
        note=", ".join(drifted) or None,
    )


def _row(window: Judged, name: str, test: Mapping[str, Any], n: Mapping[str, int]) -> Score:
    level = window.found["level"]
    kind = {"features": "drift_mmd", "classifier": "drift_c2st"}.get(name, "drift_attribute")
    definition = {"drift_mmd": _FEATURES, "drift_c2st": _CLASSIFIER}.get(kind, _ATTRIBUTE)
    alone = f"too few takes to decide; p alone {test['p_alone']:.2g}"
    decided = "" if test["p"] is None else "drifted" if test["p"] <= level else "no drift shown"
    return Score(
        name=kind,
        condition=f"window:{window.label}" + (f", {name}" if kind == "drift_attribute" else ""),
        definition=definition,
        value=test["value"],
        interval=tuple(test["interval"]),
        n=n,
        encoder=None if kind == "drift_attribute" else encoder.load("whole").label,
        p=test["p"] if test["p"] is not None else test["p_alone"],
        source=_SOURCES[kind],
        note=f"{decided or alone}; level {level:.2g}",
    )


def _growths(judged: Sequence[Judged], reference: int) -> list[Score]:
    measured = [window for window in judged if window.found.get("growth")]
    rows = []
    for window in measured:
        growth = window.found["growth"]
        told = {
            "definition": _GROWTH,
            "value": growth["value"],
            "interval": tuple(growth["interval"]),
            "n": {"window": window.pictures, "reference": reference, "frames": growth["frames"]},
            "p": growth["p"],
            "better": "lower",
            "source": "https://arxiv.org/abs/1511.04581",
        }
        rows.append(Score(name="generator_gap_growth", condition=f"window:{window.label}", **told))
        if window is measured[-1]:
            rows.append(Score(name="generator_gap_growth", condition="latest", **told))
    if not rows:
        why = "needs a window and frames: use the folder of a round as out"
        rows = [Score(name="generator_gap_growth", condition="latest", definition=_GROWTH, not_measured=why)]
    return rows
