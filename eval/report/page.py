"""The report of a round: one self-contained HTML file."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any

import jinja2

from eval.drift.report import said
from eval.report import gallery, statistics, trends, wording
from eval.report.coverage import coverage
from eval.report.drawing import CLASS_HEX, CRASH_HEX
from eval.report.inputs import Json, RoundFolder
from eval.report.unlike import unlike
from scenes.errors import InputError

REPORT_FILE = Path("eval") / "report.html"
_LISTED = 40  # longer lists are in blend.json, which the page names


def write(out: Path, *, history: Path | None = None) -> Path:
    """Write `eval/report.html` of a round, atomically; what is missing is named on the page.

    Args:
        out: the round's folder; every file of it may be missing.
        history: where measurements are remembered; null reads the round's own.

    Returns:
        Path of the report.

    Raises:
        InputError: the folder is not there, a file in it is broken, or the report cannot be written.
    """
    path = out / REPORT_FILE
    html = render(RoundFolder(out=out), history=history or out / "history.sqlite")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        part.write_text(html, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise InputError(path, "must be writable", got=error.strerror or str(error)) from error
    finally:
        part.unlink(missing_ok=True)
    return path


def render(told: RoundFolder, *, history: Path) -> str:
    """Render the page from the files of a round and the history."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["spoken"] = wording.spoken
    environment.filters["number"] = wording.number
    style = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    return environment.get_template("page.html.j2").render(
        style=style, **context(told), trends=trends.plots_of(history), drift=_drift(told.drift)
    )


def context(told: RoundFolder) -> dict[str, Any]:
    """Gather what the template shows."""
    word, sentence = wording.outcome(told.verdicts)
    present = {box["category"] for picture in told.frames for box in picture.boxes}
    return {
        "round_name": told.out.resolve().name,
        "out": shlex.quote(str(told.out)),
        "headline": wording.headline(told),
        "outcome_word": word,
        "outcome": sentence,
        "figures": wording.key_figures(told),
        "verdicts": told.verdicts,
        "scores": wording.score_rows(told.scores),
        "strips": gallery.strips(told),
        "scene_count": len({picture.facts.get("scene") for picture in told.frames}),
        "legend": [(name, colour) for name, colour in CLASS_HEX.items() if name in present],
        "crash_colour": CRASH_HEX,
        "parts": gallery.parts(told),
        "coverage": coverage(told),
        "neighbours": gallery.neighbours(told),
        "unlike": unlike(told),
        "plots": statistics.all_plots(told),
        "blend": _blend(told.mixture),
        "lineage": _lineage(told.story),
        "timings": wording.timing_rows(told.timings),
    }


def _blend(mixture: Json) -> dict[str, Any] | None:
    if not mixture:
        return None
    removed = mixture.get("duplicates", {}).get("removed", [])
    left_out = mixture.get("left_out", [])
    return {
        "splits": mixture.get("splits", {}),
        "ratio": mixture.get("ratio", {}),
        "leaks": mixture.get("leaks"),
        "leak_lines": mixture.get("leak_lines", [])[:_LISTED],
        "removed": removed[:_LISTED],
        "removed_count": len(removed),
        "left_out": left_out[:_LISTED],
        "left_out_count": len(left_out),
        "real": mixture.get("real", {}),
        "licences": mixture.get("licences", []),
        "real_hash": mixture.get("real_hash", ""),
    }


def _drift(told: Json) -> list[dict[str, Any]]:
    return [{"label": window["label"], "said": said(window)} for window in told.get("windows", ())]


def _lineage(story: Json) -> dict[str, Any] | None:
    if not story:
        return None
    configs = [
        {"command": kept["command"], "sha256": kept["sha256"], "text": json.dumps(kept["config"], indent=2)}
        for kept in story.get("configs", [])
    ]
    return {
        "tool": story.get("tool", {}),
        "seed": story.get("seed"),
        "host": story.get("host", {}),
        "device": story.get("device"),
        "licences": story.get("licences", {}),
        "configs": configs,
    }
