"""The `blend` section of the config."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import ConfigDict

from blend import duplicates, export
from blend.condition import CONDITIONS
from blend.formats import registry
from blend.plan import Floor, Stage, Strategy, Target
from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class BlendSettings:
    """How real and synthetic pictures are mixed.

    Args:
        strategy: what the synthetic pictures are chosen and weighed for, see `plan.Target`.
        ratio: share of synthetic pictures (varieties included) among the training pictures drawn, [0, 1).
        floors: of `fill_gaps`.
        shares: of `like_target`.
        stages: of `curriculum`.
        most: see `plan.Target`.
        least_real: likewise.
        accumulate: folders of earlier rounds; all that their blends hold stays.
        val_share: share of real groups for validation.
        test_share: share of real groups for the test set, which is real only.
        test_shares: likewise by light (day, dim, night), of groups with a picture taken in it; so a test set can hold
            enough of what is rare.
        link: how pictures get into the folder, see `export.Link`.
        formats: what it is written in, names out of `formats.registry.FORMATS`; COCO is always written.
        phash_max_bits: near-duplicate candidates differ by at most this many of 64 bits.
        correlation_min: and are verified by thumbnails that correlate at least so much.
        embed: also look for pictures that share a part by their embeddings.
        cosine_min: candidates for a shared part have embeddings of at least this cosine.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    strategy: Strategy = "ratio"
    ratio: float = 0.15
    floors: tuple[Floor, ...] = ()
    shares: dict[str, dict[str, float]] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()
    most: float = 8.0
    least_real: float = 0.5
    accumulate: tuple[str, ...] = ()
    val_share: float = 0.1
    test_share: float = 0.25
    test_shares: dict[str, float] = field(default_factory=dict)
    link: export.Link = "hardlink"
    formats: tuple[str, ...] = ("coco", "yolo")
    phash_max_bits: int = duplicates.PHASH_MAX_BITS
    correlation_min: float = duplicates.CORRELATION_MIN
    embed: bool = True
    cosine_min: float = duplicates.COSINE_MIN

    def __post_init__(self) -> None:
        _ = self.target
        for key in ("val_share", "test_share"):
            if not 0 <= getattr(self, key) < 1:
                raise InputError(f"blend.{key}", "must lie in [0, 1)", got=getattr(self, key))
        if self.val_share + self.test_share >= 1:
            got = self.val_share + self.test_share
            raise InputError("blend.test_share", "must leave a share for training with val_share", got=got)
        if not self.test_shares.keys() <= set(CONDITIONS):
            rule = f"must name lights out of {', '.join(CONDITIONS)}"
            raise InputError("blend.test_shares", rule, got=list(self.test_shares))
        for light, share in self.test_shares.items():
            if not 0 <= share <= 1:
                raise InputError(f"blend.test_shares.{light}", "must lie in [0, 1]", got=share)
        registry.check("blend.formats", self.formats)
        if not 0 <= self.phash_max_bits <= 64:
            raise InputError("blend.phash_max_bits", "must lie in [0, 64]", got=self.phash_max_bits)
        for key in ("correlation_min", "cosine_min"):
            if not 0 < getattr(self, key) <= 1:
                raise InputError(f"blend.{key}", "must lie in (0, 1]", got=getattr(self, key))

    @property
    def target(self) -> Target:
        """What the blend is to be.

        Raises:
            InputError: it contradicts itself.
        """
        return Target(
            strategy=self.strategy,
            ratio=self.ratio,
            floors=self.floors,
            shares=self.shares,
            stages=self.stages,
            most=self.most,
            least_real=self.least_real,
        )
