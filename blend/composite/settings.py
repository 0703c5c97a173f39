"""The `composite` section of the config."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import ConfigDict

from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class CompositeSettings:
    """What is composited into real training pictures.

    Args:
        share: composites as a share of the real training pictures, [0, 1]; 0 for none.
        library: folder of cut-outs; None takes the round's own, `<out>/cutouts`.
        actors: most actors in one picture, >= 1.
        pasted_share: share of composites that take a real instance of another picture of the set where one has a mask,
            in place of a traced actor.
        seam: how real instances are blended in.
        tries: placements that are tried in a picture before it is given up, >= 1.
        most_hidden: an actor, or a real object, of which more is hidden is not placed, or loses its label; [0, 1].
        least_px: an actor that is less tall is not placed.
        drive_on: side of the road that traffic keeps to there; None places vehicles that drive away only.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    share: float = 0.0
    library: Path | None = None
    actors: int = 2
    pasted_share: float = 0.25
    seam: Literal["poisson", "pyramid"] = "pyramid"
    tries: int = 60
    most_hidden: float = 0.7
    least_px: int = 20
    drive_on: Literal["left", "right"] | None = None

    def __post_init__(self) -> None:
        for key in ("share", "pasted_share", "most_hidden"):
            if not 0 <= getattr(self, key) <= 1:
                raise InputError(f"composite.{key}", "must lie in [0, 1]", got=getattr(self, key))
        for key in ("actors", "tries", "least_px"):
            if getattr(self, key) < 1:
                raise InputError(f"composite.{key}", "must be at least 1", got=getattr(self, key))
        if self.library is not None and not self.library.is_dir():
            fix = "make one: rareblend render cutouts=few out=DIR; it is DIR/cutouts"
            raise InputError("composite.library", "must be a folder of cut-outs", got=str(self.library), fix=fix)
