"""The `parity` section of the config: which arms are trained, how, and what counts as non-inferior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import ConfigDict

from scenes.errors import InputError

Mode = Literal["quick", "fine"]
Metric = Literal["ap", "ap50"]


@dataclass(frozen=True, kw_only=True)
class ParitySettings:
    """How detectors are trained on each arm and judged on real pictures.

    Args:
        mode: "quick" trains a pyramid and a head on maps of a frozen body, computed once; "fine" also trains the body
            above stride 8, on crops.
        train: the user's own trainer instead, `FILE.py` or a shell command, see `eval.parity.trainer`.
        ratios: shares of synthetic pictures among those drawn for training, each in (0, 1).
        screen_keep: so many ratios, the best by a linear probe on the real val pictures, are searched by detectors.
        search_share: share of `steps` that the search for a ratio trains.
        search_seeds: seeds of the search, at least 2.
        check: judge the recommended ratio alone on the test pictures, or all of `ratios`.
        seeds: trainings of each arm on the test pictures, at least 2.
        steps: gradient steps, equal for all arms.
        batch: pictures a step.
        rate: of AdamW for pyramid and head; above about 3e-3 training collapses to empty boxes.
        body_rate: of AdamW for the body (fine).
        ema: weights are averaged over about 1 / (1 - ema) steps.
        long_side_px: of the pictures that the network sees; in "fine" before the zoom.
        test_long_side_px: of the pictures that it is tested on (fine; quick tests on `long_side_px`).
        crops: of each training picture, drawn once for all trainings (fine).
        crop_wh: their size, px, multiples of 32 (fine).
        zoom: least and largest factor on `long_side_px` (fine).
        metric: the one that the verdict is about; average precision of the IoU .50 alone, or the mean over .50 to .95.
        margin: largest loss of the metric that still counts as non-inferior, said before measuring.
        min_boxes: real test boxes of a class below which it is "insufficient".
        replicates: bootstrap draws of seeds and scenes.
    """

    mode: Mode = "quick"
    train: str | None = None
    ratios: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75)
    screen_keep: int = 3
    search_share: float = 0.25
    search_seeds: int = 3
    check: Literal["recommended", "all"] = "recommended"
    seeds: int = 5
    steps: int = 500
    batch: int = 8
    rate: float = 2e-3
    body_rate: float = 3e-4
    ema: float = 0.99
    long_side_px: int = 320
    test_long_side_px: int = 768
    crops: int = 6
    crop_wh: tuple[int, int] = (448, 320)
    zoom: tuple[float, float] = (0.6, 3.0)
    metric: Metric = "ap50"
    margin: float = 0.02
    min_boxes: int = 50
    replicates: int = 1000
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        for name, low in _LOWEST.items():
            if getattr(self, name) < low:
                raise InputError(f"parity.{name}", f"must be at least {low}", got=getattr(self, name))
        for name in ("margin", "search_share"):
            if not 0 < getattr(self, name) <= 1:
                raise InputError(f"parity.{name}", "must lie in (0, 1]", got=getattr(self, name))
        if not 0 <= self.ema < 1:
            raise InputError("parity.ema", "must lie in [0, 1)", got=self.ema)
        for name in ("rate", "body_rate"):
            if not 0 < getattr(self, name) < 1:
                raise InputError(f"parity.{name}", "must lie in (0, 1)", got=getattr(self, name))
        self._check_shapes()

    def _check_shapes(self) -> None:
        if not self.ratios or not all(0 < ratio < 1 for ratio in self.ratios):
            raise InputError("parity.ratios", "must be shares in (0, 1), at least one", got=list(self.ratios))
        if len(set(self.ratios)) < len(self.ratios):
            raise InputError("parity.ratios", "must differ", got=list(self.ratios))
        if any(side < 64 or side % 32 for side in self.crop_wh):
            raise InputError("parity.crop_wh", "must be multiples of 32, at least 64", got=list(self.crop_wh))
        if not 0 < self.zoom[0] <= self.zoom[1]:
            raise InputError("parity.zoom", "must be [low, high] above 0", got=list(self.zoom))

    @property
    def search_steps(self) -> int:
        """Gradient steps of the search for a ratio."""
        return max(1, round(self.steps * self.search_share))


_LOWEST = {
    "screen_keep": 1,
    "search_seeds": 2,
    "seeds": 2,
    "steps": 1,
    "batch": 1,
    "crops": 1,
    "long_side_px": 64,
    "test_long_side_px": 64,
    "min_boxes": 2,
    "replicates": 100,
}
