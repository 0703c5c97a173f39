"""`rareblend eval privacy`: what may be told of the real pictures, what was released of them, and a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval import alert, gate, history
from eval.gate import GateSettings
from eval.privacy import audit, report
from render.durable import locked
from scenes.errors import InputError
from scenes.settings import compose, validated


def privacy(words: Sequence[str]) -> int:
    """Audit the privacy of a round's real pictures; 1 if a gate said no."""
    config = compose("eval_privacy", words)
    out = Path(config["out"])
    settings = validated("privacy", audit.PrivacySettings, config["privacy"])
    gates = validated("gate", GateSettings, config["gate"])
    alerts = validated("alert", alert.AlertSettings, config["alert"])
    kept = validated("history", history.HistorySettings, config["history"])
    if not out.is_dir():
        raise InputError(f"out={out}", "must be the folder of a round", fix="begin one with: rareblend run")
    with locked(out), history.opened(kept.path(out)) as past:
        found = audit.run(out, settings, seed=int(config["seed"]), workers=int(config["workers"]))
        rows = report.scores(found, settings)
        verdicts = [gate.judge(rule, rows) for rule in gates.rules]
        path = report.write(out, rows, verdicts, found, settings)
        past.add("privacy", out.resolve().name, rows, verdicts)
        told = alert.send(alerts, out.resolve().name, verdicts, past)
    print(*(f"privacy: {line}" for line in report.lines(rows)), *told, sep="\n")
    code = gate.exit_code(verdicts)
    print(f"privacy: {'a gate said no' if code else 'no gate said no'}; {path}")
    return code
