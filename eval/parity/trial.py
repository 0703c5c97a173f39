"""The parity trial of a round: which pictures train and test the probe, and how its outcome is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from rich.progress import track

from eval import encoder as encoders
from eval import resample
from eval.embed import Features
from eval.parity import probe
from eval.parity.cells import cell_features, cell_labels
from eval.parity.probe import Cells, Moments, Parity, ProbeSettings
from eval.resample import Bools
from eval.samples import Sample
from eval.scores import Null, Score
from scenes.seeds import generator

MAP = "mean average precision of cells of the real test pictures, linear probe trained on the {arm} pictures"
DIFFERENCE = "mean average precision of the probe trained on the blend minus trained on the real part alone"
SOURCE = "https://arxiv.org/abs/1610.01644"
BATCH = 32  # pictures whose maps are held at once
Embedder = Callable[[Sequence[Sample]], Sequence[Features | None]]


def run(samples: Sequence[Sample], embedder: Embedder, *, settings: ProbeSettings, seed: int) -> list[Score]:
    """Return the parity scores of a blend.

    Args:
        samples: the pictures of the blend.
        embedder: gives the dense features of pictures; None where one cannot be read.
        settings: of the probe.
        seed: of the run.
    """
    parts = _parts(samples)
    counts, classes = _box_counts(parts["test"]), sorted(_box_counts(parts["real"]))
    scored = [name for name in classes if counts[name] >= settings.min_boxes]
    why = _shortage(parts, scored, settings)
    if why:
        return [Score(name="parity_difference", definition=DIFFERENCE, not_measured=why)]
    outcome = _Trial(embedder, scored, settings, seed).run(parts)
    n = {"test_boxes": sum(counts[name] for name in scored)} | {name: len(part) for name, part in parts.items()}
    n["added_composites"] = sum(sample.composite for sample in parts["added"])
    n["added_varieties"] = sum(sample.augmented for sample in parts["added"]) - n["added_composites"]
    n["test_groups"] = len({sample.group for sample in parts["test"]})
    label = encoders.load("dense").label
    rows = _rows(outcome, scored, n, label, settings)
    return rows + _insufficient(set(classes) - set(scored), counts, settings)


class _Trial:
    """The steps of one trial; maps are read in batches, since those of all pictures would fill the memory."""

    def __init__(self, embedder: Embedder, classes: list[str], settings: ProbeSettings, seed: int) -> None:
        self.embedder, self.classes, self.settings = embedder, classes, settings
        self.rng = generator(seed, "parity")

    def run(self, parts: Mapping[str, Sequence[Sample]]) -> Parity:
        real, added, test = parts["real"], parts["added"], parts["test"]
        repeated = [real[i] for i in self.rng.permutation(len(real))[: len(added)]]
        sources = {"real": self._moments(real, "real pictures")}
        sources["synthetic"] = self._moments(added, "added pictures")
        sources["repeated"] = self._moments(repeated, "repeated pictures")
        weights = probe.train(sources, self.settings, self.rng)
        groups = resample.codes([sample.group for sample in test])
        return probe.judge(weights, self._cells(test, "test pictures"), groups, settings=self.settings, rng=self.rng)

    def _moments(self, samples: Sequence[Sample], what: str) -> list[Moments]:
        groups = resample.codes([sample.group for sample in samples])
        folds = probe.fold_of(groups, self.settings.folds, self.rng)
        return probe.moments(self._cells(samples, what), folds, self.settings.folds)

    def _cells(self, samples: Sequence[Sample], what: str) -> Iterator[Cells]:
        starts = range(0, len(samples), BATCH)
        for start in track(starts, description=f"probe: {what}"):
            batch = samples[start : start + BATCH]
            for sample, features in zip(batch, self.embedder(batch), strict=True):
                assert features is not None, "unreadable pictures were left out before"
                yield cell_features(features.arrays["middle"], features.arrays["deep"]), self._labels(sample)

    def _labels(self, sample: Sample) -> Bools:
        known = [(self.classes.index(name), box) for name, box in sample.boxes if name in self.classes]
        return cell_labels(
            np.array([box for _, box in known], dtype=np.float64),
            np.array([label for label, _ in known], dtype=np.int64),
            size_wh=sample.size_wh,
            grid_wh=encoders.GRID_WH,
            class_count=len(self.classes),
        )


def _parts(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    labelled = [sample for sample in samples if sample.labelled]
    train = [sample for sample in labelled if sample.split == "train"]
    return {
        "real": [sample for sample in train if sample.source == "real" and not sample.augmented],
        "added": [sample for sample in train if sample.source == "synthetic" or sample.augmented],
        "test": [sample for sample in labelled if sample.split == "test" and sample.source == "real"],
    }


def _shortage(parts: Mapping[str, Sequence[Sample]], scored: list[str], settings: ProbeSettings) -> str | None:
    if not any(sample.boxes for sample in [*parts["real"], *parts["test"]]):
        return "the real set has no boxes"
    for what, part in parts.items():
        if not part:
            return f"insufficient: 0 labelled {what} pictures"
    if not scored:
        best = max(_box_counts(parts["test"]).values(), default=0)
        return f"insufficient: {best} of {settings.min_boxes} test boxes in the largest class"
    return None


def _box_counts(samples: Sequence[Sample]) -> Counter[str]:
    return Counter(name for sample in samples for name, _ in sample.boxes)


def _rows(outcome: Parity, classes: list[str], n: dict[str, int], label: str, settings: ProbeSettings) -> list[Score]:
    told = partial(Score, n=n, encoder=label, better="higher", source=SOURCE)
    value, interval = outcome.difference
    null = Null(value=outcome.null[0], interval=outcome.null[1])
    note = f"{outcome.verdict} at a margin of {settings.margin:g}; {', '.join(classes)}; the null repeats real pictures"
    name = "parity_difference"
    rows = [told(name=name, definition=DIFFERENCE, value=value, interval=interval, null=null, note=note)]
    for label_, (value, interval) in zip(classes, outcome.class_differences, strict=True):
        rows.append(told(name=name, condition=f"class:{label_}", definition=DIFFERENCE, value=value, interval=interval))
    for arm, score in outcome.arms.items():
        definition = MAP.format(arm=arm)
        rows.append(
            told(name="parity_map", condition=f"arm:{arm}", definition=definition, value=score.mean,
                 interval=score.interval)
        )  # fmt: skip
    return rows


def _insufficient(classes: set[str], counts: Counter[str], settings: ProbeSettings) -> list[Score]:
    return [
        Score(
            name="parity_difference",
            condition=f"class:{name}",
            definition=DIFFERENCE,
            not_measured=f"insufficient: {counts[name]} of {settings.min_boxes} test boxes",
        )
        for name in sorted(classes)
    ]
