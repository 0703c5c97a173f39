"""Two kinds of pictures with their features, ready to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eval import resample
from eval.kernel import Matrix
from eval.resample import Bools, Floats, Ints
from eval.samples import Sample
from scenes.errors import InputError

LIGHT = ("night", "dim", "day")
LIGHT_LUMA = (60.0, 90.0)  # mean of 0 to 255, as the fit of a camera tells light levels


@dataclass(frozen=True, kw_only=True)
class PanelSettings:
    """How the pictures are compared.

    Args:
        min_images: fewest pictures a side for any comparison.
        max_images: most pictures a side; more are drawn at random down to this.
        frechet_min_images: fewest frames for the Fréchet distance, whose bias is too large below.
        max_crops: most objects of a class and side that are cut out and compared; 0 for none.
        coverage_k: which neighbour sets the radius of coverage.
        near_duplicate_cosine: similarity from which on two pictures count as one.
        null_draws: real-against-real draws.
        permutations: relabellings of the permutation test.
        difference_permutations: relabellings of the tests of single statistics; Holm's correction needs more.
    """

    min_images: int = 8
    max_images: int = 2000
    frechet_min_images: int = 200
    max_crops: int = 200
    coverage_k: int = 5
    near_duplicate_cosine: float = 0.97
    null_draws: int = 50
    permutations: int = 500
    difference_permutations: int = 5000

    def __post_init__(self) -> None:
        if not 0 < self.near_duplicate_cosine <= 1:
            raise InputError("eval.near_duplicate_cosine", "must lie in (0, 1]", got=self.near_duplicate_cosine)
        lowest = {
            "min_images": 8,
            "max_images": 8,
            "frechet_min_images": 20,
            "max_crops": 0,
            "coverage_k": 1,
            "null_draws": 10,
            "permutations": 100,
            "difference_permutations": 100,
        }
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
        light: n x 2, mean and standard deviation of the luma, 0 to 255; None where nobody measured it.
    """

    samples: Sequence[Sample]
    features: Matrix
    light: Floats | None = None

    def take(self, rows: Ints) -> Gallery:
        """Return some of the pictures, in order."""
        light = None if self.light is None else self.light[rows]
        return Gallery(samples=[self.samples[row] for row in rows], features=self.features[rows], light=light)

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

    @property
    def labelled(self) -> Comparison:
        """Return the comparison of those pictures in which somebody has looked for objects."""
        frames, real = (
            np.array([sample.labelled for sample in side.samples], dtype=bool) for side in (self.frames, self.real)
        )
        return self._of(frames, real)

    @property
    def unlabelled(self) -> str | None:
        """Return why boxes cannot be compared, None where they can."""
        sides = {"frames": self.frames, "real pictures": self.real}
        for what, gallery in sides.items():
            if not any(sample.boxes for sample in gallery.samples):
                return f"the {what} have no boxes"
        return None

    def parts(self) -> dict[str, Comparison]:
        """Return this comparison ("all"), that of each scenario's frames with all real pictures, and by light.

        Light is told by the mean luma on both sides; a light level of which there is no frame is left out.
        """
        conditions = [sample.condition for sample in self.frames.samples]
        found = {"all": self}
        for name in sorted(set(conditions) - {""}):
            found[f"scenario:{name}"] = self._of(np.array([condition == name for condition in conditions]), None)
        if self.frames.light is None or self.real.light is None:
            return found
        frames, real = (np.digitize(light[:, 0], LIGHT_LUMA) for light in (self.frames.light, self.real.light))
        for level, name in enumerate(LIGHT):
            if np.any(frames == level):
                found[f"light:{name}"] = self._of(frames == level, real == level)
        return found

    def _of(self, frames: Bools, real: Bools | None) -> Comparison:
        return replace(
            self,
            frames=self.frames.take(np.flatnonzero(frames)),
            real=self.real if real is None else self.real.take(np.flatnonzero(real)),
        )
