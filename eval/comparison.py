"""Two kinds of pictures with their features, ready to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval import resample
from eval.resample import Floats, Ints
from eval.samples import Sample
from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class PanelSettings:
    """How the pictures are compared.

    Args:
        min_images: fewest pictures a side for any comparison.
        max_images: most pictures a side; more are drawn at random down to this.
        coverage_k: which neighbour sets the radius of coverage.
        near_duplicate_cosine: similarity from which on two pictures count as one.
        null_draws: real-against-real draws.
        permutations: relabellings of the permutation test.
    """

    min_images: int = 8
    max_images: int = 2000
    coverage_k: int = 5
    near_duplicate_cosine: float = 0.97
    null_draws: int = 50
    permutations: int = 500

    def __post_init__(self) -> None:
        if not 0 < self.near_duplicate_cosine <= 1:
            raise InputError("eval.near_duplicate_cosine", "must lie in (0, 1]", got=self.near_duplicate_cosine)
        lowest = {"min_images": 8, "max_images": 8, "coverage_k": 1, "null_draws": 10, "permutations": 100}
        for name, low in lowest.items():
            if getattr(self, name) < low:
                raise InputError(f"eval.{name}", f"must be at least {low}", got=getattr(self, name))
        if self.coverage_k > self.min_images - 2:
            raise InputError("eval.coverage_k", "must be at most min_images - 2", got=self.coverage_k)


@dataclass(frozen=True, kw_only=True)
class Gallery:
    """Pictures of one kind with their features.

    Args:
        samples: n pictures.
        features: n x d.
    """

    samples: Sequence[Sample]
    features: Floats

    def take(self, rows: Ints) -> Gallery:
        """Return some of the pictures, in order."""
        return Gallery(samples=[self.samples[row] for row in rows], features=self.features[rows])

    def drawn(self, limit: int, rng: np.random.Generator) -> Gallery:
        """Return at most `limit` of the pictures, drawn at random."""
        if len(self.samples) <= limit:
            return self
        return self.take(np.sort(rng.permutation(len(self.samples))[:limit]))

    @property
    def groups(self) -> Ints:
        """Return a code per picture, equal within a scene or clip."""
        return resample.codes([sample.group for sample in self.samples])


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two kinds of pictures under one encoder.

    Args:
        frames: the synthetic frames of the round.
        real: the real pictures of the blend, unchanged.
        encoder: its label.
        settings: how to compare.
        seed: of the run.
    """

    frames: Gallery
    real: Gallery
    encoder: str
    settings: PanelSettings
    seed: int

    @property
    def n(self) -> dict[str, int]:
        """Return the sizes of both sides."""
        return {
            "synthetic": len(self.frames.samples),
            "real": len(self.real.samples),
            "synthetic_groups": len(set(self.frames.groups.tolist())),
            "real_groups": len(set(self.real.groups.tolist())),
        }

    @property
    def shortage(self) -> str | None:
        """Return why there is too little to compare, None where there is enough."""
        least_frames = self.settings.min_images
        needs = {"frames": (self.frames, least_frames), "real pictures": (self.real, 2 * least_frames)}
        for what, (gallery, least) in needs.items():
            if len(gallery.samples) < least:
                return f"insufficient: {len(gallery.samples)} of {least} {what}"
        return None

    def on(self, condition: str) -> Comparison:
        """Return the comparison of the frames of one scenario with all real pictures."""
        rows = [row for row, sample in enumerate(self.frames.samples) if sample.condition == condition]
        return Comparison(
            frames=self.frames.take(np.array(rows, dtype=np.int64)),
            real=self.real,
            encoder=self.encoder,
            settings=self.settings,
            seed=self.seed,
        )
