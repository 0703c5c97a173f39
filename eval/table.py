"""One row per picture: what report and review show beside it, in `eval/images.json` and `eval/features.npz`."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import scipy.linalg

from eval import diversity, neighbours
from eval.comparison import Comparison, Gallery, PanelSettings
from eval.embed import Features
from eval.pairs import Singles
from eval.resample import Floats, Ints
from eval.samples import Sample
from eval.scores import write_json
from scenes.errors import InputError

IMAGES_VERSION = 1
IMAGES_FILE = Path("eval") / "images.json"
FEATURES_FILE = Path("eval") / "features.npz"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Readable pictures with their features (n x d) and light (n x 2: mean and standard deviation of the luma)."""

    samples: Sequence[Sample]
    features: Singles
    light: Floats
    encoder: str

    @property
    def frame_luma_sd(self) -> Floats:
        """Return the standard deviation of the luma of each frame."""
        return np.asarray(self.light[self.rows("frame"), 1])

    def rows(self, kind: Literal["frame", "real"]) -> Ints:
        """Return the rows of the frames ("frame") or of the unchanged real pictures ("real")."""
        picked = [
            row
            for row, sample in enumerate(self.samples)
            if (sample.stage == "frame" if kind == "frame" else sample.source == "real" and not sample.augmented)
        ]
        return np.array(picked, dtype=np.int64)

    def comparison(self, settings: PanelSettings, seed: int) -> Comparison:
        """Return the frames against the unchanged real pictures."""
        everything = Gallery(samples=self.samples, features=self.features, light=self.light)
        frames, real = everything.take(self.rows("frame")), everything.take(self.rows("real"))
        return Comparison(frames=frames, real=real, encoder=self.encoder, settings=settings, seed=seed)


def tabulate(readable: Sequence[Sample], found: Sequence[Features], label: str) -> Table:
    """Put the features of the readable pictures into one table."""
    features = np.array([f.arrays["pooled"] for f in found], dtype=np.float32)
    light = np.array([f.arrays["light"] for f in found], dtype=np.float64)
    return Table(
        samples=readable,
        features=features if found else np.zeros((0, 2), dtype=np.float32),
        light=light if found else np.zeros((0, 2)),
        encoder=label,
    )


def write(out: Path, table: Table, settings: PanelSettings) -> None:
    """Write `eval/images.json` and `eval/features.npz`, atomically.

    Raises:
        InputError: if the folder cannot be written.
    """
    xy = _plane(table.features)
    records = _records(table, xy)
    write_json(out / IMAGES_FILE, {"schema": IMAGES_VERSION, "encoder": table.encoder, "images": records})
    content = io.BytesIO()
    np.savez(
        content,
        keys=np.array([sample.key for sample in table.samples]),
        sources=np.array([sample.source for sample in table.samples]),
        embedding=table.features.astype(np.float32),
        xy=xy.astype(np.float32),
        cosine=np.array(settings.near_duplicate_cosine),
    )
    path = out / FEATURES_FILE
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content.getvalue())
        part.replace(path)
    except OSError as error:
        raise InputError(path, "must be writable", got=error.strerror or str(error)) from error


def _records(table: Table, xy: Floats) -> list[dict[str, Any]]:
    alone: dict[int, float] = {}
    for kind in (table.rows("frame"), table.rows("real")):
        if len(kind):
            alone |= dict(zip(kind.tolist(), diversity.uniqueness(table.features[kind]).tolist(), strict=True))
    near = _nearest_real(table)
    return [_record(table, row, near[row], alone.get(row), xy[row]) for row in range(len(table.samples))]


def _nearest_real(table: Table) -> list[tuple[str, float] | None]:
    """Return the key of the real picture most similar to each picture, itself aside, with the cosine similarity."""
    real = table.rows("real")
    if not len(real) or not len(table.samples):
        return [None] * len(table.samples)
    found, cosine = neighbours.most_similar(table.features, table.features[real], k=min(2, len(real)))
    own = real[found] == np.arange(len(found))[:, None]
    best = [next((place for place in range(found.shape[1]) if not mine[place]), None) for mine in own]
    return [
        None if place is None else (table.samples[real[row[place]]].key, float(value[place]))
        for place, row, value in zip(best, found, cosine, strict=True)
    ]


def _record(
    table: Table, row: int, near: tuple[str, float] | None, uniqueness: float | None, xy: Floats
) -> dict[str, Any]:
    sample = table.samples[row]
    return {
        "key": sample.key,
        "stage": sample.stage,
        "source": sample.source,
        "split": sample.split,
        "nearest_real": near and near[0],
        "nearest_real_cosine": near and near[1],
        "uniqueness": uniqueness,
        "luminance": float(table.light[row, 0]),
        "contrast": float(table.light[row, 1]),
        "xy": [float(xy[0]), float(xy[1])],
    }


def _plane(features: Singles) -> Floats:
    """Return the first two principal components, each with its largest entry positive so that the map never flips."""
    centred = features - features.mean(axis=0) if len(features) else features
    if min(centred.shape) < 2:
        return np.zeros((len(features), 2))
    last = centred.shape[1] - 1
    _, axes = scipy.linalg.eigh(centred.T @ centred, subset_by_index=(last - 1, last))
    plane = centred @ axes[:, ::-1]
    signs = np.sign(plane[np.abs(plane).argmax(axis=0), [0, 1]])
    return np.asarray(plane * np.where(signs == 0, 1.0, signs))
