"""Sections of the report that tell numbers: headline, verdicts, scores, distributions, blend, lineage, timings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import yaml

from eval.report import charts
from eval.report.material import Material, Picture
from eval.scores import Score
from scenes.errors import InputError

LISTED_MAX = 40
"""Lines of a list that may be long; the rest is counted, and stands in `blend/blend.json`."""
_TENTHS = ("100 %", "10 %", "1 %", "0.1 %", "0.01 %", "0.001 %")


def headline(material: Material) -> dict[str, Any]:
    """Return how many frames of how many scenes there are."""
    frames = material.frames
    return {
        "frames": len(frames),
        "scenes": len({frame.facts.get("scene") for frame in frames}),
        "scenarios": sorted({str(frame.facts.get("scenario", "")).replace("_", " ") for frame in frames}),
        "boxes": sum(len(frame.boxes) for frame in frames),
        "crash": sum(any(box.get("crash") for box in frame.boxes) for frame in frames),
    }


def mixture(material: Material) -> dict[str, Any]:
    """Return what the blend says of itself, with long lists cut and the cut counted."""
    blend = material.blend
    removed, left_out = blend["duplicates"]["removed"], blend["left_out"]
    return {
        "counts": blend["counts"],
        "ratio": blend["ratio"],
        "splits": blend["splits"],
        "leaks": blend["leaks"],
        "leak_lines": [str(line) for line in blend.get("leak_lines", [])[:LISTED_MAX]],
        "removed": removed[:LISTED_MAX],
        "removed_total": len(removed),
        "left_out": left_out[:LISTED_MAX],
        "left_out_total": len(left_out),
        "licences": blend.get("licences", []),
        "real_hash": blend.get("real_hash", ""),
    }


def verdicts(material: Material) -> dict[str, Any]:
    """Return the verdicts and how many there are of each kind."""
    rows = material.verdicts
    counts = {kind: sum(row["verdict"] == kind for row in rows) for kind in ("pass", "fail", "not measured")}
    return {"rows": rows, "counts": counts, "failed": [row["gate"] for row in rows if row["verdict"] == "fail"]}


def score_table(material: Material) -> dict[str, Any]:
    """Return the scores grouped by name, so that a definition stands once."""
    groups: dict[str, list[Score]] = defaultdict(list)
    for score in material.scores:
        groups[score.name].append(score)
    return {"groups": [{"first": rows[0], "rows": rows} for rows in groups.values()]}


def plane(material: Material) -> dict[str, Any]:
    """Return the map of frames and real pictures."""
    synthetic, real = _rows(material)
    xy = [np.array([row["xy"] for row in rows], dtype=np.float64).reshape(-1, 2) for rows in (synthetic, real)]
    if not len(xy[0]) + len(xy[1]):
        raise InputError("eval/images.json", "must hold a picture", got="none")
    return {"svg": charts.plane(*xy), "limit": charts.MAX_POINTS if max(map(len, xy)) > charts.MAX_POINTS else None}


def luminance(material: Material) -> dict[str, Any]:
    """Return the histogram of mean luma."""
    synthetic, real = (np.array([row["luminance"] for row in rows], dtype=np.float64) for rows in _rows(material))
    if not len(synthetic):
        raise InputError("luminance", "needs a frame that can be read", got="none")
    return {"svg": charts.histogram(synthetic, real, xlabel="mean luma of a picture, 0 to 255", name="luminance")}


def box_area(material: Material) -> dict[str, Any]:
    """Return the histogram of box area as a share of the picture, on a logarithmic axis."""
    real = [picture for picture in material.blended if picture.facts.get("source") == "real"]
    synthetic, compared = _log_area(material.frames), _log_area(real)
    if not len(synthetic):
        raise InputError("box area", "needs a frame with boxes", got="none")
    drawn = charts.histogram(
        synthetic, compared, xlabel="box area as a share of the picture (logarithmic)", name="area", ticks=_TENTHS
    )
    return {"svg": drawn, "why_no_real": None if len(compared) else "the real set has no boxes"}


def lineage(material: Material) -> dict[str, Any]:
    """Return what made the round."""
    story = material.story
    configs = [
        {"command": entry["command"], "sha256": entry["sha256"], "text": yaml.safe_dump(entry["config"])}
        for entry in story["configs"]
    ]
    return {**story, "configs": configs}


def timings(material: Material) -> dict[str, Any]:
    """Return time by stage: how many pieces, their sum and median."""
    spent: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for line in material.timings:
        spent[str(line["stage"])].append(line)
    if not spent:
        raise InputError("timings.jsonl", "must hold a line", got="none")
    return {"stages": [_stage(name, lines) for name, lines in spent.items()]}


def _stage(name: str, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "count": len(lines)}
    for clock in ("wall_s", "cpu_s"):
        seconds = [float(line[clock]) for line in lines if clock in line]
        told[clock] = {"sum": sum(seconds), "median": float(np.median(seconds))} if seconds else None
    return told


def _rows(material: Material) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rows = material.rows.values()
    return [row for row in rows if row["stage"] == "frame"], [row for row in rows if row["source"] == "real"]


def _log_area(some: Sequence[Picture]) -> charts.Floats:
    shares = [
        box["bbox"][2] * box["bbox"][3] / (picture.size_wh[0] * picture.size_wh[1])
        for picture in some
        for box in picture.boxes
    ]
    return np.log10(np.array([share for share in shares if share > 0], dtype=np.float64))
