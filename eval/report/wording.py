"""Numbers and records of a round in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from blend.picture import KINDS
from eval.report.inputs import Json, RoundFolder


def number(value: float | None) -> str:
    """Write a value with three significant digits, whole numbers as they are."""
    if value is None:
        return "—"
    if float(value).is_integer() and abs(value) < 1e6:
        return f"{int(value)}"
    text = f"{value:.3g}"
    return text.replace("-", "−")


def interval(ends: Sequence[float] | None) -> str:
    """Write an interval, "" for none."""
    return "" if ends is None else f"{number(ends[0])} to {number(ends[1])}"


def sizes(n: Mapping[str, int]) -> str:
    """Write sample sizes: pictures first, groups behind."""
    plain = [f"{count} {spoken(name)}" for name, count in n.items() if not name.endswith("_groups")]
    grouped = [f"{count} {spoken(name)}" for name, count in n.items() if name.endswith("_groups")]
    return ", ".join([*plain, *grouped])


def spoken(name: str) -> str:
    """Turn a key into words."""
    return name.replace("_", " ")


def counted(count: int, thing: str) -> str:
    """Write "1 scene", "8 scenes"; only for words whose plural takes an s."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def headline(told: RoundFolder) -> str:
    """Say in one sentence what was made."""
    scenes = len({picture.facts.get("scene") for picture in told.frames})
    made = f"{counted(len(told.frames), 'labelled frame')} of {counted(scenes, 'rare scene')}"
    if not told.frames:
        made = "No frame yet"
    if not told.blend:
        return f"{made}, not blended yet."
    return f"{made}, blended with {counted(len(told.real), 'real picture')}."


def outcome(verdicts: Sequence[Json]) -> tuple[str, str]:
    """Say what the gates said: a word for the colour ("pass", "fail", "not measured") and a sentence."""
    if not verdicts:
        return "not measured", "Not judged: this round has no verdicts yet (rareblend eval makes them)."
    count = Counter(str(verdict["verdict"]) for verdict in verdicts)
    failed = [str(verdict["gate"]) for verdict in verdicts if verdict["verdict"] == "fail"]
    open_ = [str(verdict["gate"]) for verdict in verdicts if verdict["verdict"] == "not measured"]
    parts = [f"{count['pass']} of {counted(len(verdicts), 'gate')} passed"]
    parts.append(f"{len(failed)} failed ({', '.join(failed)})" if failed else "none failed")
    if open_:
        parts.append(f"{len(open_)} could not be judged ({', '.join(open_)})")
    word = "fail" if failed else "pass" if count["pass"] else "not measured"
    return word, f"{'; '.join(parts)}."


def key_figures(told: RoundFolder) -> list[tuple[str, str]]:
    """Return the few counts that say how large the round is."""
    boxes = [box for picture in told.frames for box in picture.boxes]
    counts = told.mixture.get("counts", {})
    ratio = told.mixture.get("ratio", {}).get("got")
    return [
        ("scenes traced", f"{len({picture.facts.get('scene') for picture in told.frames})}"),
        ("frames developed", f"{len(told.frames)}"),
        ("objects labelled", f"{len(boxes):,}"),
        ("of them in a crash", f"{sum(bool(box.get('crash')) for box in boxes)}"),
        ("real pictures", f"{counts.get('real', '—')}"),
        _made(counts),
        ("synthetic share of training", "—" if ratio is None else f"{ratio:.1%}"),
    ]


def _made(counts: Mapping[str, int]) -> tuple[str, str]:
    """Count what the blend holds besides real pictures; records before schema 3 count composites as varied."""
    total = sum(counts.get(kind, 0) for kind in KINDS if kind != "real")
    more = f" ({counts['augmented']} varied, {counts['composite']} composites)" if "composite" in counts else ""
    return f"synthetic in the blend{more}", f"{total}" if counts else "—"


def score_rows(scores: Sequence[Json]) -> list[dict[str, Any]]:
    """Return the scores as table rows, those of one name together under what they share."""
    named: dict[str, list[Json]] = {}
    for score in scores:
        named.setdefault(str(score["name"]), []).append(score)
    return [row for together in named.values() for row in _named_rows(together)]


def _named_rows(together: Sequence[Json]) -> list[dict[str, Any]]:
    definitions = {score.get("definition", "") for score in together}
    shared = definitions.pop() if len(definitions) == 1 else ""
    encoder = next((str(score["encoder"]) for score in together if score.get("encoder")), "")
    source = next((str(score["source"]) for score in together if score.get("source")), "")
    about = "; ".join(text for text in (shared, encoder.split("@")[0].replace("_", " ")) if text)
    rows = [_score_row(score, own_definition="" if shared else score.get("definition", "")) for score in together]
    return [{**row, "first": place == 0, "about": about, "source": source} for place, row in enumerate(rows)]


def _score_row(score: Json, *, own_definition: str) -> dict[str, Any]:
    null = score.get("null") or {}
    return {
        "name": spoken(score["name"]),
        "own_definition": own_definition,
        "condition": spoken(score.get("condition", "all")).replace(":", ": "),
        "value": _valued(score),
        "interval": interval(score.get("interval")),
        "null": number(null["value"]) if null else "",
        "null_interval": interval(null.get("interval")),
        "p": "" if score.get("p") is None else number(score["p"]),
        "n": sizes(score.get("n") or {}),
        "better": {"lower": "↓", "higher": "↑"}.get(score.get("better") or "", ""),
        "note": score.get("note") or "",
        "not_measured": score.get("not_measured"),
    }


def _valued(score: Json) -> str:
    value = number(score.get("value"))
    return f"{value} {score['unit']}" if score.get("unit") and score.get("value") is not None else value


def timing_rows(timings: Sequence[Json]) -> list[tuple[str, int, str, str]]:
    """Sum the timings by stage: stage, count, total seconds of CPU, seconds each."""
    spent: dict[str, list[float]] = {}
    for entry in timings:
        if isinstance(entry.get("cpu_s"), int | float):
            spent.setdefault(str(entry.get("stage", "?")), []).append(float(entry["cpu_s"]))
    return [(stage, len(s), f"{sum(s):,.0f}", f"{sum(s) / len(s):.2f}") for stage, s in spent.items()]
