"""Measure a round: features, scores, verdicts, and one row per picture for report and review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from pydantic import ConfigDict
from rich.progress import track

from eval import crops, differences, distances, encoder, feature_cache, gate, panel, samples, scores, table, variety
from eval.appearance import Appearance
from eval.comparison import Comparison, Gallery, PanelSettings
from eval.drift import report as drift_report
from eval.embed import Features, embed
from eval.encoder import Network
from eval.gate import GateSettings
from eval.launcher import Launcher
from eval.parity import trial
from eval.parity import verb as study_of_detectors
from eval.parity.probe import ProbeSettings
from eval.plugin import EncoderSettings, open_encoder
from eval.privacy import report as privacy_report
from eval.resample import Floats
from eval.samples import Sample
from render.develop.match.statistics import NAMES
from scenes.errors import InputError
from scenes.seeds import generator


@dataclass(frozen=True, kw_only=True)
class EvalSettings(PanelSettings):
    """How a round is measured.

    Args:
        workers: pictures embedded at once; changes no result.
        launcher: "ray" embeds on the machines of a Ray cluster that see the same files.
        parity: settings of the linear probe.
    """

    workers: int = 2
    launcher: Launcher = "local"
    parity: ProbeSettings = field(default_factory=ProbeSettings)
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.workers < 1:
            raise InputError("eval.workers", "must be at least 1", got=self.workers)


def measure(
    out: Path, *, settings: EvalSettings, gates: GateSettings, seed: int, network: EncoderSettings | None = None
) -> int:
    """Measure a round; write `eval/scores.json`, `verdicts.json`, `differences.json`, `images.json`, `features.npz`.

    Args:
        out: the round's folder, with frames and blend.
        settings: how to measure.
        gates: the rules.
        seed: of the run; same seed and files give the same bytes.
        network: what gives whole pictures and objects their features, by default EfficientNet-Lite0.

    Returns:
        0 if no gate failed, else 1.

    Raises:
        InputError: if the round cannot be read or a rule names no score.
        MissingPieceError: if the network's weights are not there.
    """
    round_ = samples.read(out)
    if not round_.samples:
        raise InputError(out, "must hold at least one picture to measure", fix="run `rareblend run` first")
    chosen = open_encoder(network or EncoderSettings())
    found = _embed(round_.samples, chosen, settings, "embed")
    readable = [(sample, told) for sample, told in zip(round_.samples, found, strict=True) if told is not None]
    unreadable = [sample for sample, told in zip(round_.samples, found, strict=True) if told is None]
    usable = [(sample, told) for sample, told in readable if feature_cache.finite(told.arrays)]
    seen = table.tabulate([sample for sample, _ in usable], [told for _, told in usable], chosen.label)
    comparison = seen.comparison(settings, seed)
    rows = panel.quality(round_, unreadable, seen.frame_luma_sd)
    rows.append(panel.unusable(len(readable) - len(usable), len(round_.samples)))
    rows += [*distances.rows(comparison), *variety.rows(comparison), *variety.in_words(comparison)]
    objects = _objects(comparison, chosen, settings, seed)
    rows += [*distances.of_objects(objects), *variety.of_objects(objects)]
    told, listed, why = differences.compare(comparison, _pixels(comparison, settings))
    rows += [*told, *panel.privacy(comparison), *drift_report.of_round(out), *privacy_report.of_round(out)]
    rows += _parity([sample for sample, _ in readable if sample.stage == "blend"], settings, seed)
    rows += study_of_detectors.kept(out)
    verdicts = [gate.judge(rule, rows) for rule in gates.rules]
    scores.write(out, rows)
    table.write(out, seen, settings)
    differences.write(out, listed, why)
    gate.write(out, verdicts)
    return gate.exit_code(verdicts)


def _embed(pictures: Sequence[Sample], network: Network, settings: EvalSettings, what: str) -> list[Features | None]:
    return embed(
        [picture.path for picture in pictures],
        network,
        workers=settings.workers,
        launcher=settings.launcher,
        progress=lambda results, total: iter(track(results, description=what, total=total)),
    )


def _objects(comparison: Comparison, network: Network, settings: EvalSettings, seed: int) -> dict[str, Comparison]:
    """Return the comparison of the objects of each class that frames and real pictures both have."""
    sides = []
    for name, gallery in (("frames", comparison.frames), ("real", comparison.real)):
        drawn = crops.draw(gallery.samples, most=settings.max_crops, rng=generator(seed, "crops", name))
        vectors = crops.embed(drawn, network, workers=settings.workers, launcher=settings.launcher)
        sides.append([(crop, vector) for crop, vector in zip(drawn, vectors, strict=True) if vector is not None])
    shared = set.intersection(*({crop.category for crop, _ in side} for side in sides))
    return {
        name: replace(comparison, frames=_gallery(sides[0], name), real=_gallery(sides[1], name))
        for name in sorted(shared)
    }


def _gallery(side: Sequence[tuple[crops.Crop, Floats]], category: str) -> Gallery:
    chosen = [(crop.sample, vector) for crop, vector in side if crop.category == category]
    features = np.array([vector for _, vector in chosen], dtype=np.float32)
    return Gallery(samples=[sample for sample, _ in chosen], features=features)


def _pixels(comparison: Comparison, settings: EvalSettings) -> Floats:
    """Return the low-level statistics of frames and real pictures, NaN where a picture has none."""
    pictures = [*comparison.frames.samples, *comparison.real.samples]
    found = _embed(pictures, Appearance(), settings, "look at pixels")
    pixels = np.full((len(pictures), len(NAMES)), np.nan)
    for place, told in enumerate(found):
        if told is not None and len(told.arrays["pooled"]):
            pixels[place] = told.arrays["pooled"]
    return pixels


def _parity(pictures: Sequence[Sample], settings: EvalSettings, seed: int) -> list[scores.Score]:
    def embedder(wanted: Sequence[Sample]) -> list[Features | None]:
        return embed([sample.path for sample in wanted], encoder.load("dense"), workers=settings.workers)

    return trial.run(pictures, embedder, settings=settings.parity, seed=seed)
