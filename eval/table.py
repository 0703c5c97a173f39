"""One row per picture: what report and review show beside it, in `eval/images.json` and `eval/features.npz`."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from eval import diversity
from eval.comparison import Comparison, Gallery, PanelSettings
from eval.embed import Features
from eval.privacy import tripwire
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
    features: Floats
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
        everything = Gallery(samples=self.samples, features=self.features)
        frames, real = everything.take(self.rows("frame")), everything.take(self.rows("real"))
        return Comparison(frames=frames, real=real, encoder=self.encoder, settings=settings, seed=seed)


def tabulate(readable: Sequence[Sample], found: Sequence[Features], label: str) -> Table:
    """Put the features of the readable pictures into one table."""
    empty = np.zeros((0, 2))
    return Table(
        samples=readable,
        features=np.array([f.arrays["pooled"] for f in found], dtype=np.float64) if found else empty,
        light=np.array([f.arrays["light"] for f in found], dtype=np.float64) if found else empty,
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
    frames, real = table.rows("frame"), table.rows("real")
    alone: dict[int, float] = {}
    for kind in (frames, real):
        if len(kind):
            alone |= dict(zip(kind.tolist(), diversity.uniqueness(table.features[kind]).tolist(), strict=True))
    return [_record(table, row, real[real != row], alone.get(row), xy[row]) for row in range(len(table.samples))]


def _record(table: Table, row: int, others: Ints, uniqueness: float | None, xy: Floats) -> dict[str, Any]:
    sample = table.samples[row]
    near: dict[str, Any] = {"nearest_real": None, "nearest_real_cosine": None}
    if len(others):
        best, cosine = tripwire.nearest(table.features[[row]], table.features[others])
        near = {"nearest_real": table.samples[others[best[0]]].key, "nearest_real_cosine": float(cosine[0])}
    return {
        "key": sample.key,
        "stage": sample.stage,
        "source": sample.source,
        "split": sample.split,
        **near,
        "uniqueness": uniqueness,
        "luminance": float(table.light[row, 0]),
        "contrast": float(table.light[row, 1]),
        "xy": [float(xy[0]), float(xy[1])],
    }


def _plane(features: Floats) -> Floats:
    """Return the first two principal components, each with its largest entry positive so that the map never flips."""
    centred = features - features.mean(axis=0) if len(features) else features
    if min(centred.shape) < 2:
        return np.zeros((len(features), 2))
    left, size, _ = np.linalg.svd(centred, full_matrices=False)
    plane = left[:, :2] * size[:2]
    signs = np.sign(plane[np.abs(plane).argmax(axis=0), [0, 1]])
    return np.asarray(plane * np.where(signs == 0, 1.0, signs))
