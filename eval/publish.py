"""What follows a measurement: history, alerts, JUnit XML for a CI system, a summary for a pull request."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from eval import alert, gate, history, scores
from eval.gate import Verdict
from eval.report import wording
from eval.scores import Score
from render.durable import write_bytes

JUNIT_FILE = Path("eval") / "junit.xml"
SUMMARY_FILE = Path("eval") / "summary.md"
_MARKS = {"pass": "✅", "fail": "❌", "not measured": "⚪"}
_SHOWN = ("kid", "mmd", "vendi_ratio", "coverage", "near_duplicate_share", "real_copies", "parity_difference", "leaks")


def publish(out: Path, *, remembered: history.HistorySettings, alerts: alert.AlertSettings) -> list[str]:
    """Write down, file and tell what was measured of a round.

    Args:
        out: the round's folder, measured.
        remembered: where the history is.
        alerts: who is told.

    Returns:
        Lines on who was told.

    Raises:
        InputError: the history or a file cannot be written.
    """
    name, rows, verdicts = out.resolve().name, scores.read(out), gate.read(out)
    write_bytes(out / JUNIT_FILE, junit(name, verdicts))
    write_bytes(out / SUMMARY_FILE, summary(name, rows, verdicts).encode())
    with history.opened(remembered.path(out)) as past:
        past.add("eval", name, rows, verdicts)
        return alert.send(alerts, name, verdicts, past)


def junit(name: str, verdicts: Sequence[Verdict]) -> bytes:
    """Return gates as a JUnit test suite: a gate that failed is a failure, one that was not measured is skipped.

    Source: the schema that Jenkins reads, https://llg.cubic.org/docs/junit/.
    """
    counts = {kind: sum(verdict.verdict == kind for verdict in verdicts) for kind in ("fail", "not measured")}
    suite = ET.Element(
        "testsuite",
        name=f"rareblend {name}",
        tests=str(len(verdicts)),
        failures=str(counts["fail"]),
        skipped=str(counts["not measured"]),
        errors="0",
    )
    for verdict in verdicts:
        case = ET.SubElement(suite, "testcase", classname=f"gates.{verdict.score}", name=verdict.gate)
        if verdict.verdict == "fail":
            ET.SubElement(case, "failure", message=f"{verdict.score} {verdict.rule}: {verdict.why}")
        if verdict.verdict == "not measured":
            ET.SubElement(case, "skipped", message=verdict.why)
    ET.indent(suite)
    return bytes(ET.tostring(suite, encoding="utf-8", xml_declaration=True)) + b"\n"


def summary(name: str, rows: Sequence[Score], verdicts: Sequence[Verdict]) -> str:
    """Return gates and main scores as Markdown."""
    lines = [f"## rareblend: {name}", "", "| | gate | rule | why |", "|---|---|---|---|"]
    lines += [f"| {_MARKS[v.verdict]} | {v.gate} | `{v.score} {v.rule}` | {_cell(v.why)} |" for v in verdicts]
    lines += ["", "| score | value | 95 % interval | real against real | n |", "|---|---|---|---|---|"]
    lines += [_score(row) for row in rows if row.name in _SHOWN and row.condition == "all"]
    return "\n".join([*lines, "", "Definitions, plots and pictures are in `eval/report.html`.", ""])


def _score(row: Score) -> str:
    if row.value is None:
        return f"| {row.name} | not measured | {_cell(str(row.not_measured))} | | {wording.sizes(row.n)} |"
    interval = "exact" if row.interval is None else wording.interval(row.interval)
    null = "" if row.null is None else wording.number(row.null.value)
    return f"| {row.name} | {wording.number(row.value)} | {interval} | {null} | {wording.sizes(row.n)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
