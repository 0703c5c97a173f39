"""The coverage ledger of a round as the page tells it."""

from __future__ import annotations

from typing import Any

from eval.report import heat_map
from eval.report.inputs import RoundFolder
from eval.report.wording import spoken

_GAPS_SHOWN = 24


def coverage(told: RoundFolder) -> dict[str, Any] | None:
    """Return what the page shows of `coverage.json`: frames where it counts them, else scenes; None without it."""
    ledger = told.coverage.get("frames") or told.coverage.get("scenes")
    if not ledger:
        return None
    return {
        "thing": "frames" if told.coverage.get("frames") else "scenes",
        "cases": ledger["cases"],
        "factors": ", ".join(spoken(factor["name"]) for factor in ledger["factors"]),
        "pairs": ledger["pairs"],
        "triples": ledger["triples"],
        "svg": heat_map.svg(ledger),
        "gaps": [spoken(gap) for gap in ledger["gaps"][:_GAPS_SHOWN]],
        "gap_count": len(ledger["gaps"]),
        "impossible": [rule["reason"] for rule in ledger["impossible"]],
        "contradictions": ledger["contradictions"],
        "strangers": [
            f"{spoken(name)} {spoken(value)} ({count})"
            for name, values in ledger["strangers"].items()
            for value, count in values.items()
        ],
    }
