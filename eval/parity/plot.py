"""The picture of a study: each arm with its interval, what each ratio gains, and where the blend gains or loses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from eval.parity.settings import ParitySettings
from eval.parity.told import PREFIX, WORDS
from eval.scores import Score

INK, MARGIN_INK = "#2b5d8a", "#b04a3a"
Row = tuple[str, float, tuple[float, float]]


def draw(path: Path, rows: Sequence[Score], settings: ParitySettings) -> None:
    """Write the picture of a study as PNG or SVG, by the suffix.

    Args:
        path: to write.
        rows: its scores.
        settings: of the study.
    """
    word = WORDS[settings.metric]
    arms = _rows(rows, f"{PREFIX}{settings.metric}", "arm:")
    gains = _rows(rows, f"{PREFIX}gain", "ratio:")
    parts = [
        row
        for prefix in ("all", "arm:", "class:", "size:", "light:")
        for row in _rows(rows, f"{PREFIX}difference", prefix)
    ]
    panels = [(arms, word, None), (parts, f"{word} minus real alone, test", -settings.margin)]
    panels += [(gains, f"{word} minus real alone, val, by ratio", None)] if gains else []
    tallest = max(len(panel[0]) for panel in panels)
    figure = Figure(figsize=(4.6 * len(panels), 1.2 + 0.32 * tallest), layout="constrained")
    for axes, (shown, title, margin) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        _panel(axes, shown, title, margin)
    figure.savefig(path, dpi=110)


def _rows(rows: Sequence[Score], name: str, prefix: str) -> list[Row]:
    return [
        (_label(row), row.value, row.interval)
        for row in rows
        if row.name == name and row.condition.startswith(prefix) and "," not in row.condition
        if row.value is not None and row.interval is not None
    ]


def _label(row: Score) -> str:
    if row.condition == "all":
        return (row.note or "blend").split(":")[0]
    kind, _, name = row.condition.replace("_", " ").partition(":")
    return name if kind in ("arm", "ratio") else f"blend, {name}"


def _panel(axes: Any, shown: Sequence[Row], title: str, margin: float | None) -> None:
    for place, (_, value, (low, high)) in enumerate(shown):
        axes.plot([100 * low, 100 * high], [place, place], color=INK, linewidth=2)
        axes.plot([100 * value], [place], "o", color=INK)
    axes.set_yticks(range(len(shown)), [label for label, _, _ in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlabel(f"{title} (points, 95 %)")
    axes.grid(axis="x", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    if "minus" in title:
        axes.axvline(0, color="black", linewidth=0.8)
    if margin is not None:
        axes.axvline(100 * margin, color=MARGIN_INK, linestyle="--", label=f"margin {100 * margin:g}")
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), frameon=False, fontsize="small")
