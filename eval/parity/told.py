"""What a parity study found, as scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from eval.parity import arms, pictures
from eval.parity.arms import Arm
from eval.parity.bootstrap import METRICS, Estimate, estimate
from eval.parity.curve import Curve
from eval.parity.parts import Parts
from eval.parity.probe import verdict
from eval.parity.settings import ParitySettings
from eval.parity.study import Outcome
from eval.scores import Null, Score

PREFIX = "detector_"
SOURCE = "https://cocodataset.org/#detection-eval"
BOOTSTRAP = "https://arxiv.org/abs/2103.03098"
WORDS = {"ap": "AP (IoU .50 to .95)", "ap50": "AP50"}
PRECISION = "{metric} on the real test pictures of a detector trained on the arm, mean over classes and seeds"
DIFFERENCE = "{metric} on the real test pictures, detector trained on the arm minus on real pictures alone"
GAIN = "{metric} on the real val pictures, short trainings on a blend of this ratio minus on real pictures alone"
RATIO = "share of synthetic pictures among those drawn that is best on the real val pictures; 0: the real set alone"
_SIZE_AREAS = {"small": (0, 32**2), "medium": (32**2, 96**2), "large": (96**2, 1e10)}


def not_measured(why: str, settings: ParitySettings) -> list[Score]:
    """Return the one row of a study that could not be made."""
    definition = DIFFERENCE.format(metric=WORDS[settings.metric])
    return [Score(name=f"{PREFIX}difference", definition=definition, not_measured=why)]


def rows(outcome: Outcome, settings: ParitySettings) -> list[Score]:
    """Return the scores of a study: arms, differences to real, their parts, and the ratio curve."""
    told = _Told(outcome, settings)
    return [*told.differences(), *told.parts(), *told.precisions(), *told.ratio()]


class _Told:
    def __init__(self, outcome: Outcome, settings: ParitySettings) -> None:
        self.outcome, self.settings, self.judged = outcome, settings, outcome.judged
        self.n = _sizes(outcome.parts, self.judged.classes) | {"seeds": settings.seeds}
        trained = settings.train or f"FCOS on efficientnet_lite0, {settings.mode}, {settings.steps} steps"
        self.score = partial(Score, encoder=trained, better="higher")
        self.difference = DIFFERENCE.format(metric=WORDS[settings.metric])

    def differences(self) -> Iterator[Score]:
        """Give the blend, then every other arm, against real."""
        null = self.against_real(arms.AGAIN_ARM)
        for arm in self.judged.tallies:
            found = self.against_real(arm)
            if arm == arms.REAL or found is None:
                continue
            condition = "all" if arm == self.outcome.blend else f"arm:{arm.name}"
            yield self.score(
                name=f"{PREFIX}difference",
                condition=condition,
                definition=self.difference,
                value=found.value,
                interval=found.interval,
                n=self.n,
                null=Null(value=null.value, interval=null.interval) if null and arm != arms.AGAIN_ARM else None,
                note=f"{arm.name}: {self.said(found)}; null: real again; classes: {', '.join(self.judged.classes)}",
                source=BOOTSTRAP,
            )

    def parts(self) -> Iterator[Score]:
        """Give the blend against real by class, size and light."""
        known = set(self.judged.classes)
        for name, boxes in sorted(self.outcome.counts.items()):
            place = self.judged.classes.index(name) if name in known else None
            yield self.part(f"class:{name}", boxes, "all", place)
        for part, boxes in _part_boxes(self.outcome).items():
            yield self.part(part, boxes, part, None)

    def part(self, condition: str, boxes: int, part: str, class_: int | None) -> Score:
        found = None
        if boxes >= self.settings.min_boxes:
            found = self.against_real(self.outcome.blend, part, class_)
        name, why = f"{PREFIX}difference", f"insufficient: {boxes} of {self.settings.min_boxes} test boxes"
        if found is None:
            return Score(name=name, condition=condition, definition=self.difference, not_measured=why)
        return self.score(
            name=name,
            condition=condition,
            definition=self.difference,
            value=found.value,
            interval=found.interval,
            n={"test_boxes": boxes, "seeds": self.settings.seeds},
            note=f"{self.outcome.blend.name}: {self.said(found)}",
            source=BOOTSTRAP,
        )

    def precisions(self) -> Iterator[Score]:
        """Give the precision of each arm: overall, and by class in the metric of the verdict."""
        for arm, tallies in self.judged.tallies.items():
            for metric in METRICS:
                found = estimate([tally.values(metric) for tally in tallies], self.judged.draws)
                yield from self.precision(metric, f"arm:{arm.name}", found)
            for place, name in enumerate(self.judged.classes):
                metric = self.settings.metric
                found = estimate([tally.values(metric, class_=place) for tally in tallies], self.judged.draws)
                yield from self.precision(metric, f"arm:{arm.name},class:{name}", found)

    def precision(self, metric: str, condition: str, found: Estimate | None) -> Iterator[Score]:
        if found is not None:
            low, high = found.interval
            yield self.score(
                name=f"{PREFIX}{metric}",
                condition=condition,
                definition=PRECISION.format(metric=WORDS[metric]),
                value=found.value,
                interval=(max(low, 0.0), min(high, 1.0)),
                n=self.n,
                source=SOURCE,
            )

    def ratio(self) -> Iterator[Score]:
        """Give the recommended ratio and the curve that it was read from."""
        found = self.outcome.found
        if not isinstance(found, Curve):
            yield Score(name=f"{PREFIX}ratio", definition=RATIO, not_measured=found)
            return
        n = {"val": len(self.outcome.parts.val), "seeds": self.settings.search_seeds}
        screened = ", ".join(f"{ratio:g}: {value:.3f}" for ratio, value in self.outcome.screened.items())
        note = f"of {self.settings.search_steps} steps each; best above 0: {found.best_blend:g}; screen: {screened}"
        yield Score(name=f"{PREFIX}ratio", definition=RATIO, value=found.best, interval=found.interval, n=n, note=note)
        definition = GAIN.format(metric=WORDS[self.settings.metric])
        for ratio, gain in found.gains.items():
            yield self.score(
                name=f"{PREFIX}gain",
                condition=f"ratio:{ratio:g}",
                definition=definition,
                value=gain.value,
                interval=gain.interval,
                n=n,
                source=BOOTSTRAP,
            )

    def against_real(self, arm: Arm, part: str = "all", class_: int | None = None) -> Estimate | None:
        """Return the arm minus real, paired by seed and scene."""
        metric, tallies = self.settings.metric, self.judged.tallies
        mine, real = ([t.values(metric, part, class_) for t in tallies[which]] for which in (arm, arms.REAL))
        return estimate(mine, self.judged.draws, against=real)

    def said(self, found: Estimate) -> str:
        return f"{verdict(found.interval, self.settings.margin)} at a margin of {self.settings.margin:g}"


def lines(scores: list[Score]) -> list[str]:
    """Return the rows as short lines for the terminal."""
    return [_line(score) for score in scores if ",class:" not in score.condition]


def _line(score: Score) -> str:
    name = f"{score.name.removeprefix(PREFIX):10} {score.condition:22}"
    if score.value is None or score.interval is None:
        return f"{name} not measured: {score.not_measured}"
    return f"{name} {score.value:7.3f} [{score.interval[0]:.3f}, {score.interval[1]:.3f}]  {score.note or ''}".rstrip()


def _sizes(parts: Parts, classes: Sequence[str]) -> dict[str, int]:
    counts = pictures.box_counts(parts.test)
    return {
        "test_boxes": sum(counts[name] for name in classes),
        "real": len(parts.real),
        "added": len(parts.added),
        "added_varieties": sum(picture.kind == "augmented" for picture in parts.added),
        "added_composites": sum(picture.kind == "composite" for picture in parts.added),
        "test": len(parts.test),
        "test_groups": len({picture.group for picture in parts.test}),
    }


def _part_boxes(outcome: Outcome) -> dict[str, int]:
    """Count the objects of each size and light, of the classes that count."""
    areas = np.array(
        [
            (box.area, place)
            for place, picture in enumerate(outcome.parts.test)
            for box in picture.boxes
            if box.category in outcome.judged.classes and not box.ignored
        ]
    ).reshape(-1, 2)
    by_size = {
        f"size:{name}": int(np.sum((areas[:, 0] >= low) & (areas[:, 0] < high)))
        for name, (low, high) in _SIZE_AREAS.items()
    }
    owners = areas[:, 1].astype(np.int64)
    by_light = {name: int(np.sum(inside[owners])) for name, inside in outcome.judged.slices.items()}
    return by_size | by_light
