"""What is kept of a real picture to match others to it: statistics of its colour, detail, noise and file, no pixels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from blend.condition import CONDITIONS, condition
from blend.match import jpeg, noise, sharpness
from blend.match.display import Picture, as_float, lab_of
from blend.match.statistics import measure
from blend.picture import Picture as Entry
from blend.picture import decode_rgb
from scenes.seeds import child_seed

SHARES = np.linspace(0, 1, 33)
"""Quantiles of L*, a*, b* that are kept."""
CYCLES = 3
"""Cycles a picture, across and down, up to which amplitudes are kept."""
MOST = 48
"""Pictures of a condition; more tell no more of a camera."""
LEAST = 8
"""And fewer tell of single pictures."""
MOST_SEEN = 600
"""Pictures that are looked at for `MOST` of every condition."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Statistics of one real picture.

    Args:
        name: of the picture.
        group: it must not be torn from.
        condition: `day`, `dim` or `night`.
        quantiles: of L*, a*, b* at `SHARES`, 3 rows.
        mean: of L*, a*, b*.
        covariance: of L*, a*, b*, 3x3.
        amplitudes: of R, G, B at the lowest frequencies over the number of pixels, (2·CYCLES + 1, CYCLES + 1, 3).
        octaves: see `sharpness.octaves`.
        grain: see `noise.grain`.
        tables: see `jpeg.Tables`; None where the file is no JPEG.
        measured: see `statistics.measure`.
    """

    name: str
    group: str
    condition: str
    quantiles: list[list[float]]
    mean: list[float]
    covariance: list[list[float]]
    amplitudes: list[list[list[float]]]
    octaves: list[float]
    grain: list[float]
    tables: jpeg.Tables | None
    measured: list[float]

    @property
    def hash(self) -> str:
        """Name the statistics by their content, 12 hex digits."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]


def reference(name: str, group: str, rgb: NDArray[np.uint8], tables: jpeg.Tables | None = None) -> Reference:
    """Keep the statistics of a picture, uint8 (H, W, 3) with sides of at least 32 px."""
    display = as_float(rgb)
    lab = lab_of(display)
    pixels = lab.reshape(-1, 3)
    return Reference(
        name=name,
        group=group,
        condition=condition(rgb),
        quantiles=_short(np.quantile(pixels, SHARES, axis=0).T),
        mean=_short(pixels.mean(axis=0)),
        covariance=_short(np.cov(pixels.T)),
        amplitudes=_short(_amplitudes(display), 7),
        octaves=_short(np.array(sharpness.octaves(lab[..., 0]))),
        grain=_short(np.array(noise.grain(lab))),
        tables=tables,
        measured=_short(measure(rgb)),
    )


def chosen(entries: Sequence[Entry], *, seed: int) -> dict[str, list[Reference]]:
    """Keep up to `MOST` pictures of every condition, in an order drawn by the seed; same set, same references.

    Args:
        entries: real pictures for training; nothing else may be given.
        seed: the run's.
    """
    order = sorted(entries, key=lambda entry: child_seed(seed, "match-reference", entry.name))
    found: dict[str, list[Reference]] = {name: [] for name in CONDITIONS}
    for entry in order[:MOST_SEEN]:
        rgb = decode_rgb(entry.path)
        of = found[condition(rgb)]
        if len(of) < MOST and min(rgb.shape[:2]) >= sharpness.LEAST_PX:
            of.append(reference(entry.name, entry.group, rgb, jpeg.tables_of(entry.path)))
        if all(len(kept) == MOST for kept in found.values()):
            break
    return found


def digest(references: Sequence[Reference]) -> str:
    """Name several references by their content, 12 hex digits."""
    return hashlib.sha256("".join(sorted(one.hash for one in references)).encode()).hexdigest()[:12]


def _amplitudes(display: Picture) -> NDArray[np.float64]:
    spectrum = fft.rfft2(display, axes=(0, 1))
    rows = np.arange(-CYCLES, CYCLES + 1)[:, None]
    return np.asarray(np.abs(spectrum[rows, np.arange(CYCLES + 1)]) / (display.shape[0] * display.shape[1]))


def _short(values: NDArray[Any], places: int = 4) -> Any:
    """Round so that a record holds what was used."""
    return np.round(np.asarray(values, np.float64), places).tolist()
