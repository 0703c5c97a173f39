"""The screen: linear probes rank the ratios in seconds, so that detectors are trained on the promising ones only.

It looks at the real val pictures. The test set stays closed until arms are chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from eval import encoder as encoders
from eval.embed import Features
from eval.parity import probe
from eval.parity.cells import Bools, Floats32, cell_features, cell_labels
from eval.parity.pictures import Picture
from eval.parity.precision import average_precision, rank
from eval.parity.probe import Cells, Floats, Moments

RIDGE = 0.01
BATCH = 32
Embedder = Callable[[Sequence[Picture]], Sequence[Features | None]]


def scores(
    parts: Mapping[str, Sequence[Picture]], ratios: Sequence[float], classes: Sequence[str], embedder: Embedder
) -> dict[float, float]:
    """Return the mean average precision of cells of the val pictures by ratio, 0 for the real set alone.

    Args:
        parts: pictures of "real", "added" and "val".
        ratios: shares of added pictures among those drawn.
        classes: those that count.
        embedder: gives the dense features of pictures.
    """
    moments = {name: _moments(parts[name], classes, embedder) for name in ("real", "added")}
    wanted = [0.0, *ratios]
    weights = [_weights(moments, {n: len(parts[n]) for n in moments}, ratio) for ratio in wanted]
    found = list(_cells(parts["val"], classes, embedder))
    scored = np.concatenate([x for x, _ in found]) @ np.concatenate(weights, axis=1).astype(np.float32)
    shown = np.concatenate([y for _, y in found])
    tried = [_precision(scored[:, i * len(classes) : (i + 1) * len(classes)], shown) for i in range(len(wanted))]
    return dict(zip(wanted, tried, strict=True))


def kept(found: Mapping[float, float], count: int) -> list[float]:
    """Return the best ratios above 0, in rising order."""
    best = sorted((ratio for ratio in found if ratio > 0), key=lambda ratio: -found[ratio])[:count]
    return sorted(best)


def _weights(moments: Mapping[str, list[Moments]], counts: Mapping[str, int], ratio: float) -> Floats:
    shares = {"real": (1 - ratio) / counts["real"], "added": ratio / counts["added"]}
    return probe.solve([(np.array([shares[name]]), moments[name]) for name in moments], RIDGE)


def _moments(pictures: Sequence[Picture], classes: Sequence[str], embedder: Embedder) -> list[Moments]:
    return probe.moments(_cells(pictures, classes, embedder), np.zeros(len(pictures), dtype=np.int64), 1)


def _cells(pictures: Sequence[Picture], classes: Sequence[str], embedder: Embedder) -> Iterable[Cells]:
    for at in range(0, len(pictures), BATCH):
        batch = pictures[at : at + BATCH]
        for picture, features in zip(batch, embedder(batch), strict=True):
            assert features is not None, "the detector's own reading has refused what cannot be read"
            xyxy, labels = picture.arrays(classes)
            shown = cell_labels(
                xyxy.astype(np.float64),
                labels,
                size_wh=picture.size_wh,
                grid_wh=encoders.GRID_WH,
                class_count=len(classes),
            )
            yield cell_features(features.arrays["middle"], features.arrays["deep"]), shown


def _precision(scored: Floats32, shown: Bools) -> float:
    owner = np.arange(len(shown), dtype=np.int64)
    once = np.ones(len(shown))
    per_class = [average_precision(rank(scored[:, c], shown[:, c], owner), once) for c in range(shown.shape[1])]
    return float(np.mean(per_class))
