"""Measure a round: features, scores, verdicts, and one row per picture for report and review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ConfigDict
from rich.progress import track

from eval import encoder, gate, panel, samples, scores, table
from eval.comparison import PanelSettings
from eval.drift import report as drift_report
from eval.embed import Features, embed
from eval.gate import GateSettings
from eval.parity import trial
from eval.parity import verb as study_of_detectors
from eval.parity.probe import ProbeSettings
from eval.privacy import report as privacy_report
from eval.samples import Sample
from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class EvalSettings(PanelSettings):
    """How a round is measured.

    Args:
        workers: pictures embedded at once; changes no result.
        parity: settings of the linear probe.
    """

    workers: int = 2
    parity: ProbeSettings = field(default_factory=ProbeSettings)
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.workers < 1:
            raise InputError("eval.workers", "must be at least 1", got=self.workers)


def measure(out: Path, *, settings: EvalSettings, gates: GateSettings, seed: int) -> int:
    """Measure a round and write `eval/scores.json`, `verdicts.json`, `images.json` and `features.npz`.

    Args:
        out: the round's folder, with frames and blend.
        settings: how to measure.
        gates: the rules.
        seed: of the run; same seed and files give the same bytes.

    Returns:
        0 if no gate failed, else 1.

    Raises:
        InputError: if the round cannot be read or a rule names no score.
    """
    round_ = samples.read(out)
    if not round_.samples:
        raise InputError(out, "must hold at least one picture to measure", fix="run `rareblend run` first")
    network = encoder.load("whole")
    found = _embed(round_.samples, network, settings.workers)
    readable = [sample for sample, features in zip(round_.samples, found, strict=True) if features is not None]
    kept = [features for features in found if features is not None]
    unreadable = [sample for sample, features in zip(round_.samples, found, strict=True) if features is None]
    seen = table.tabulate(readable, kept, network.label)
    rows = panel.quality(round_, unreadable, seen.frame_luma_sd)
    comparison = seen.comparison(settings, seed)
    rows += [*panel.distances(comparison), *panel.variety(comparison), *panel.privacy(comparison)]
    rows += [*drift_report.of_round(out), *privacy_report.of_round(out)]
    rows += _parity([sample for sample in readable if sample.stage == "blend"], settings, seed)
    rows += study_of_detectors.kept(out)
    verdicts = [gate.judge(rule, rows) for rule in gates.rules]
    scores.write(out, rows)
    table.write(out, seen, settings)
    gate.write(out, verdicts)
    return gate.exit_code(verdicts)


def _embed(pictures: Sequence[Sample], network: encoder.Encoder, workers: int) -> list[Features | None]:
    return embed(
        [picture.path for picture in pictures],
        network,
        workers=workers,
        progress=lambda results, total: iter(track(results, description="embed", total=total)),
    )


def _parity(pictures: Sequence[Sample], settings: EvalSettings, seed: int) -> list[scores.Score]:
    def embedder(wanted: Sequence[Sample]) -> list[Features | None]:
        return embed([sample.path for sample in wanted], encoder.load("dense"), workers=settings.workers)

    return trial.run(pictures, embedder, settings=settings.parity, seed=seed)
