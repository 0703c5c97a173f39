"""`rareblend eval drift`: judge the windows that are new, remember them, gate, and tell people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from blend.real import RealSettings, read
from eval import alert, encoder, gate, history, resample, samples
from eval.drift import report, shift, watch
from eval.drift.family import level
from eval.drift.observed import ATTRIBUTES, Observed, observe
from eval.embed import embed
from eval.gate import GateSettings
from eval.resample import Floats, Ints
from eval.review.lent import database_of
from render.durable import locked
from scenes.seeds import generator
from scenes.settings import compose, validated


def drift(words: Sequence[str]) -> int:
    """Judge windows against the real set; 1 if a gate said no."""
    config = compose("eval_drift", words)
    out, seed, workers = Path(config["out"]), int(config["seed"]), int(config["workers"])
    real = validated("real", RealSettings, config["real"])
    settings = validated("drift", watch.DriftSettings, config["drift"])
    gates = validated("gate", GateSettings, config["gate"])
    alerts = validated("alert", alert.AlertSettings, config["alert"])
    kept = validated("history", history.HistorySettings, config["history"])
    found, waiting = watch.windows(settings, seed=seed)
    with database_of(real):
        reference = _drawn(observe(read(real, seed=seed).pictures, workers=workers), settings.max_reference, seed)
    out.mkdir(parents=True, exist_ok=True)
    with locked(out), history.opened(kept.path(out)) as past:
        judged = _judged(out, found, reference, settings, past, seed=seed, workers=workers)
        rows = report.scores(judged, alpha=settings.alpha, reference=len(reference.keys))
        verdicts = [gate.judge(rule, rows) for rule in gates.rules]
        path = report.write(out, rows, verdicts, judged)
        past.add("drift", out.resolve().name, rows, verdicts)
        told = alert.send(alerts, out.resolve().name, verdicts, past)
    print(*(f"waiting: {line}" for line in waiting), *report.lines(judged), *told, sep="\n")
    print(f"drift: {'a gate said no' if gate.exit_code(verdicts) else 'no gate said no'}; {path}")
    return gate.exit_code(verdicts)


def _judged(
    out: Path,
    windows: Sequence[watch.Window],
    reference: Observed,
    settings: watch.DriftSettings,
    past: history.History,
    *,
    seed: int,
    workers: int,
) -> list[report.Judged]:
    frames = _frames(out, workers)
    known_as = f"{reference.digest} {encoder.load('whole').label} {settings.alpha} {settings.planned} {ATTRIBUTES}"
    family = hashlib.sha256(known_as.encode()).hexdigest()[:16]
    judged = []
    for window in windows:
        seen = observe(window.pictures, workers=workers)
        before = past.window(family, seen.digest)
        number, found = before or (past.next_window(family), {})
        if before is None:
            spent = level(settings.alpha, number, settings.planned)
            found = watch.judge(reference, seen, level=spent, settings=settings, seed=seed)
            if "tests" in found:  # what could not be judged has spent nothing
                past.add_window(family, seen.digest, number, window.label, found)
        if frames is not None and "tests" in found:
            found = found | {"growth": _growth(frames, reference, seen)}
        count = len(seen.keys)
        judged.append(
            report.Judged(label=window.label, number=number, found=found, pictures=count, known=before is not None)
        )
    return judged


def _frames(out: Path, workers: int) -> tuple[Floats, Ints] | None:
    """Return features and scenes of the round's frames, None where there is no round."""
    if not (out / "annotations.json").exists():
        return None
    frames = samples.frames(out)
    features = embed([frame.path for frame in frames], encoder.load("whole"), workers=workers)
    kept = [(frame, found.arrays["pooled"]) for frame, found in zip(frames, features, strict=True) if found]
    groups = resample.codes([frame.group for frame, _ in kept])
    return np.array([pooled for _, pooled in kept], dtype=np.float64), groups


def _growth(frames: tuple[Floats, Ints], reference: Observed, window: Observed) -> dict[str, Any]:
    features = np.concatenate([reference.features, window.features])
    inside = np.arange(len(features)) >= len(reference.keys)
    groups = np.concatenate([reference.groups, window.groups + len(reference.keys)])
    found = shift.relative(*frames, features, inside, groups)
    return {"value": found.value, "interval": list(found.interval), "p": found.p, "frames": len(frames[0])}


def _drawn(reference: Observed, most: int, seed: int) -> Observed:
    if len(reference.keys) <= most:
        return reference
    return reference.take(np.sort(generator(seed, "drift reference").permutation(len(reference.keys))[:most]))
