"""`rareblend eval parity`: the study of a round, its scores beside those of `rareblend eval`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from pydantic import TypeAdapter, ValidationError

from eval import encoder, scores
from eval.embed import Features, embed
from eval.parity import parts as of_blend
from eval.parity import pictures, plot, study, told
from eval.parity.pictures import Picture
from eval.parity.screen import Embedder
from eval.parity.settings import ParitySettings
from eval.scores import Score
from render.durable import locked
from scenes.errors import InputError
from scenes.settings import compose, validated

FILE = study.FOLDER / "scores.json"
PLOT = study.FOLDER / "parity.png"
NO_STUDY = "no study yet: rareblend eval parity"
OLD_STUDY = "the blend has changed since the study: rareblend eval parity"


def parity(words: Sequence[str]) -> int:
    """Train detectors on the arms of a round's blend and judge them on its real test pictures."""
    config = compose("eval_parity", words)
    settings = validated("parity", ParitySettings, config["parity"])
    study.check(settings)
    out = Path(config["out"])
    if not out.is_dir():
        raise InputError(f"out={out}", "must be the folder of a round", fix="begin one with: rareblend run")
    torch.set_num_threads(1)
    with locked(out):
        rows = measured(out, settings, workers=max(1, int(config["workers"])), seed=int(config["seed"]))
    print(*(f"parity: {line}" for line in told.lines(rows)), sep="\n")
    if any(row.value is not None for row in rows):
        plot.draw(out / PLOT, rows, settings)
        print(f"parity: {out / PLOT}")
    return 0


def measured(out: Path, settings: ParitySettings, *, workers: int, seed: int) -> list[Score]:
    """Make the study, or say why it cannot be; write its scores, also into the round's.

    Raises:
        InputError: the round has no blend, or a picture of it cannot be read.
    """
    read = pictures.read(out / "blend")
    parts = of_blend.parts_of(read)
    why = of_blend.shortage(parts, settings.min_boxes)
    if why:
        rows = told.not_measured(why, settings)
    else:
        made = study.Study(out, parts, settings, workers=workers, seed=seed, say=_say)
        outcome = made.run(_embedder(workers))
        _say(f"{outcome.judged.cpu_s / 60:.1f} CPU-minutes of full trainings")
        rows = told.rows(outcome, settings)
    _write(out, rows, pictures.fingerprint(read))
    return rows


def kept(out: Path) -> list[Score]:
    """Return the scores of the last study of a round; one "not measured" without a study of the blend as it is.

    Raises:
        InputError: its file does not follow the schema.
    """
    path = out / FILE
    if not path.exists():
        return told.not_measured(NO_STUDY, ParitySettings())
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        rows = TypeAdapter(list[Score]).validate_python(content["scores"])
        same = content["blend"] == pictures.fingerprint(pictures.read(out / "blend"))
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        fix = "remove it, or run `rareblend eval parity` again"
        raise InputError(path, "must hold the scores of a study", got=str(error).splitlines()[0], fix=fix) from error
    return rows if same else told.not_measured(OLD_STUDY, ParitySettings())


def _write(out: Path, rows: list[Score], blend: str) -> None:
    told_rows = [asdict(row) for row in rows]
    scores.write_json(out / FILE, {"schema": scores.SCORES_VERSION, "blend": blend, "scores": told_rows})
    others = scores.read(out) if (out / scores.SCORES_FILE).exists() else []
    scores.write(out, [*(row for row in others if not row.name.startswith(told.PREFIX)), *rows])


def _embedder(workers: int) -> Embedder:
    def embedder(wanted: Sequence[Picture]) -> list[Features | None]:
        return embed([picture.file for picture in wanted], encoder.load("dense"), workers=workers)

    return embedder


def _say(line: str) -> None:
    print(f"parity: {line}", flush=True)
