"""What differs most from the real set, with a picture of either side that shows it."""

from __future__ import annotations

from typing import Any

from eval.report import gallery
from eval.report.inputs import RoundFolder
from eval.report.wording import interval, number, spoken

SHOWN = 8
LEVEL = 0.05


def unlike(told: RoundFolder) -> list[dict[str, Any]]:
    """Return the farthest statistics beyond chance, each with a frame far out and a typical real picture."""
    frames = {str(picture.facts["frame"]): picture for picture in told.frames}
    real = {str(picture.facts["file_name"]): picture for picture in told.real}
    rows: list[dict[str, Any]] = []
    for one in told.differences.get("differences", ()):
        far = next((frames[key] for key in one["pictures"]["synthetic"] if key in frames), None)
        typical = next((real[key] for key in one["pictures"]["real"] if key in real), None)
        if one["p_holm"] <= LEVEL and far is not None and typical is not None and len(rows) < SHOWN:
            rows.append(
                {
                    "name": spoken(one["name"]),
                    "effect": number(one["effect"]),
                    "interval": interval(one["interval"]),
                    "null": number(one["null"]),
                    "medians": f"{number(one['median']['synthetic'])} against {number(one['median']['real'])}",
                    "frame": gallery.tile(far, boxes=one["kind"] == "label geometry"),
                    "real": gallery.tile(typical, boxes=one["kind"] == "label geometry"),
                }
            )
    return rows
