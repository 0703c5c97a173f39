"""A parity study: does a detector trained on the blend find real objects as well as one trained on real pictures?

First a linear probe screens the ratios, then short trainings search the best one, both on the real val pictures; then
all arms are trained in full and judged on the real test pictures, which nothing before has looked at.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from blend.profile import light_of, luma_of
from eval import resample
from eval.parity import arms, canvas, features, pictures, runs, screen, trainer
from eval.parity.arms import Arm
from eval.parity.bootstrap import Draws, Tally, draw
from eval.parity.curve import Curve, curve
from eval.parity.evaluate import match
from eval.parity.parts import Parts, scored_classes
from eval.parity.pictures import Picture
from eval.parity.settings import ParitySettings
from eval.parity.train import Training, seconds_a_step
from eval.parity.views import views_of
from scenes.seeds import child_seed, generator

FOLDER = Path("eval") / "parity"
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Arms on one set of pictures.

    Args:
        tallies: by arm, one for each seed.
        draws: what was drawn again.
        slices: which pictures were taken in each light.
        classes: that count.
        cpu_s: of all trainings.
    """

    tallies: Mapping[Arm, Sequence[Tally]]
    draws: Draws
    slices: Mapping[str, resample.Bools]
    classes: Sequence[str]
    cpu_s: float


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a study found.

    Args:
        parts: the pictures.
        counts: real test boxes by class.
        screened: of the linear probe on val pictures by ratio, 0 for real alone; empty if there was nothing to choose.
        found: the ratio curve on val pictures, or why there is none.
        judged: all arms on the test pictures.
        blend: the arm that stands for the blend.
    """

    parts: Parts
    counts: Mapping[str, int]
    screened: Mapping[float, float]
    found: Curve | str
    judged: Judged
    blend: Arm


class Study:
    """The steps of one study.

    Args:
        out: the round's folder.
        parts: pictures, of which there are enough.
        settings: of the study.
        workers: processes, one thread each; changes no result.
        seed: of the run.
        say: tells the user what is going on.
    """

    def __init__(self, out: Path, parts: Parts, settings: ParitySettings, *, workers: int, seed: int, say: Say) -> None:
        self.folder, self.parts, self.settings = out / FOLDER, parts, settings
        self.workers, self.seed, self.say = workers, seed, say
        self.classes = sorted(pictures.box_counts(parts.real))

    def run(self, embedder: screen.Embedder) -> Outcome:
        """Screen, search, check; `embedder` gives the dense features that the screen looks at."""
        ratios, screened, why = self._screened(embedder)
        told = self.settings
        search = [] if why else self._search_trainings(ratios)
        searching = bool(runs.open_ones(search, self.folder / "runs"))
        if searching:  # which ratio is best changes no count, so the first one stands for it
            self._state_cost(search, self._check_trainings(self._checked(ratios, ratios[0])))
        found: Curve | str = why or self._search(ratios)
        best = found.best_blend if isinstance(found, Curve) else ratios[len(ratios) // 2]
        checked = self._checked(ratios, best)
        check = self._check_trainings(checked)
        if not searching:
            self._state_cost(search, check)
        judged = self._judged(checked, check, seeds=told.seeds, what="parity: check")
        features.prune(self.folder / "maps", (*self._maps(self.parts.test), *self._maps(self.parts.val)))
        counts = pictures.box_counts(self.parts.test)
        return Outcome(
            parts=self.parts, counts=counts, screened=screened, found=found, judged=judged, blend=arms.blend(best)
        )

    def _screened(self, embedder: screen.Embedder) -> tuple[list[float], dict[float, float], str]:
        """Return the ratios that are left, what the screen gave, and why there is no search, "" where there is one."""
        ratios = sorted(self.settings.ratios)
        val = scored_classes(self.parts, self.parts.val, self.settings.min_boxes)
        if len(ratios) == 1:
            return ratios, {}, "one ratio was given"
        if not val:
            most = max(pictures.box_counts(self.parts.val).values(), default=0)
            return ratios, {}, f"insufficient: {most} of {self.settings.min_boxes} val boxes in the largest class"
        told = {"real": self.parts.real, "added": self.parts.added, "val": self.parts.val}
        found = screen.scores(told, ratios, val, embedder)
        self.say("screen, linear probe on val: " + ", ".join(f"{r:g}: {v:.3f}" for r, v in found.items()))
        return screen.kept(found, self.settings.screen_keep), found, ""

    def _search(self, ratios: Sequence[float]) -> Curve | str:
        told, by_ratio = self.settings, _by_ratio(ratios)
        trainings = self._search_trainings(ratios)
        judged = self._judged(list(by_ratio.values()), trainings, seeds=told.search_seeds, what="parity: search")
        values = {r: [t.values(told.metric) for t in judged.tallies[arm]] for r, arm in by_ratio.items()}
        return curve(values, judged.draws) or "the metric is not known on the val pictures"

    def _search_trainings(self, ratios: Sequence[float]) -> list[Training]:
        told = self.settings
        return self._trainings(
            list(_by_ratio(ratios).values()), self.parts.val, steps=told.search_steps, seeds=told.search_seeds
        )

    def _check_trainings(self, chosen: Sequence[Arm]) -> list[Training]:
        return self._trainings(chosen, self.parts.test, steps=self.settings.steps, seeds=self.settings.seeds)

    def _checked(self, ratios: Sequence[float], best: float) -> list[Arm]:
        blends = ratios if self.settings.check == "all" else [best]
        return [arms.REAL, *(arms.blend(ratio) for ratio in blends), arms.SYNTHETIC, arms.HALF, arms.AGAIN_ARM]

    def _trainings(self, chosen: Sequence[Arm], on: Sequence[Picture], *, steps: int, seeds: int) -> list[Training]:
        return [self._training(arm, seed, on, steps=steps) for arm in chosen for seed in range(seeds)]

    def _judged(self, chosen: Sequence[Arm], trainings: Sequence[Training], *, seeds: int, what: str) -> Judged:
        on = trainings[0].test
        self._compute_maps(trainings)
        done = runs.run(trainings, self.folder / "runs", workers=self.workers, what=what)
        scored = scored_classes(self.parts, on, self.settings.min_boxes)
        rng = generator(self.seed, "parity", "replicates", what)
        groups = resample.codes([picture.group for picture in on])
        draws = draw(groups, seeds=seeds, replicates=self.settings.replicates, rng=rng)
        slices = self._lights(on)
        kept = {self.classes.index(name) + 1: scored.index(name) + 1 for name in scored}
        tallies = []
        for one in done:
            found = [{**d, "category_id": kept[d["category_id"]]} for d in one.detections if d["category_id"] in kept]
            tallies.append(Tally(match(on, scored, found), draws.pictures, slices))
        by_arm = {arm: tallies[i * seeds : (i + 1) * seeds] for i, arm in enumerate(chosen)}
        return Judged(tallies=by_arm, draws=draws, slices=slices, classes=scored, cpu_s=sum(one.cpu_s for one in done))

    def _training(self, arm: Arm, seed: int, on: Sequence[Picture], *, steps: int) -> Training:
        training = Training(
            arm=arm,
            seed=child_seed(self.seed, "parity", "seed", seed) % 2**31,
            steps=steps,
            train=self.parts.train,
            test=on,
            classes=self.classes,
            settings=self.settings,
        )
        if self.settings.train:
            return training
        return dataclasses.replace(training, maps=self._maps(on))

    def _maps(self, on: Sequence[Picture]) -> tuple[features.FeatureSet, features.FeatureSet]:
        views = views_of(self.settings, self.classes, [picture.size_wh for picture in self.parts.test])
        return features.pair(self.parts.train, on, self.folder / "maps", views, self.settings.mode)

    def _compute_maps(self, trainings: Sequence[Training]) -> None:
        for training in runs.open_ones(trainings, self.folder / "runs")[:1]:
            for maps, part in zip(training.maps or (), (training.train, training.test), strict=False):
                if features.missing(maps):
                    self.say(
                        f"maps of {len(part)} pictures, {maps.views.count} views each, at {maps.views.size_wh} px, "
                        f"once: {maps.megabytes:.0f} MB in {maps.folder}"
                    )
                    features.compute(maps, part)

    def _state_cost(self, search: Sequence[Training], check: Sequence[Training]) -> None:
        told, all_ = self.settings, [*search, *check]
        left = runs.open_ones(all_, self.folder / "runs")
        steps = sum(training.steps for training in left)
        line = f"cost: {len(search)} short and {len(check)} full trainings, {len(all_) - len(left)} of them are done"
        if told.train or not left:
            self.say(line)
            return
        self._compute_maps(check[:1])
        each = seconds_a_step(check[0])
        self.say(
            f"{line}; {steps} steps of {each:.2f} s are left: {steps * each / 60:.0f} CPU-minutes for {self.workers} "
            "workers; Ctrl-C loses at most the trainings that run"
        )

    def _lights(self, on: Sequence[Picture]) -> dict[str, resample.Bools]:
        found = np.array([light_of(luma_of(canvas.load(picture.file))) for picture in on])
        return {f"light:{name}": found == name for name in sorted(set(found.tolist()))}


def _by_ratio(ratios: Sequence[float]) -> dict[float, Arm]:
    return {0.0: arms.REAL, **{ratio: arms.blend(ratio) for ratio in ratios}}


def check(settings: ParitySettings) -> None:
    """Refuse what would only fail after hours.

    Raises:
        InputError: the user's trainer cannot be meant.
    """
    if settings.train:
        trainer.check(settings.train)
