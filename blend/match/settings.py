"""The `match` section of the config."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict

from blend.match.recipe import COLOUR, FINISH
from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class MatchSettings:
    """How synthetic pictures are made to look like the real set's; nothing by default.

    Args:
        colour: colour transfers of which the score chooses one, names in `recipe.COLOUR`.
        finish: what else the score may use: grid, sharpness, noise, jpeg.
        strength: of all that is listed, [0, 1]; None lets the score choose, 0 included.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    colour: tuple[str, ...] = ()
    finish: tuple[str, ...] = ()
    strength: float | None = None

    def __post_init__(self) -> None:
        for key, names in (("colour", tuple(COLOUR)), ("finish", FINISH)):
            for name in getattr(self, key):
                if name not in names:
                    raise InputError(f"match.{key}", f"must hold names out of {', '.join(names)}", got=name)
        if self.strength is not None and not 0 <= self.strength <= 1:
            raise InputError("match.strength", "must lie in [0, 1]", got=self.strength)
        if self.strength is not None and len(self.colour) > 1:
            fix = "name one transfer, or let the score choose the strength too"
            raise InputError(
                "match.colour", "must name one transfer if its strength is given", got=self.colour, fix=fix
            )

    @property
    def idle(self) -> bool:
        """Whether nothing can be done."""
        return self.strength == 0 or not (self.colour or self.finish)


NO_MATCH = MatchSettings()
