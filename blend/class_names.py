"""Their class names to ours: equal names, the user's map, and a count of all that was met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from blend.picture import LeftOut
from scenes.errors import InputError
from scenes.ontology import CATEGORIES

ClassMap = Mapping[str, str | None]
"""Their name to ours; None leaves a class out on purpose."""


def plain(name: object) -> str:
    """Write a name as ours are: lower case, underscores."""
    return str(name).strip().lower().replace(" ", "_").replace("-", "_")


@dataclass(kw_only=True)
class ClassNames:
    """Maps class names while a set is read.

    Args:
        given: the user's map, by their name as written or in plain form.
        counts: boxes met so far by their name.
    """

    given: ClassMap = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._ours: dict[str, str | None] = {}
        self._unknown: set[str] = set()
        self._given = {plain(theirs): ours for theirs, ours in self.given.items()} | dict(self.given)

    def ours(self, name: object) -> str | None:
        """Count a box of a class and return our name for it; None where it is to be left out or is not known."""
        text = str(name).strip()
        self.counts[text] += 1
        if text not in self._ours:
            self._ours[text] = self._find(text)
        return self._ours[text]

    def _find(self, text: str) -> str | None:
        for key in (text, plain(text)):
            if key in self._given:
                return self._given[key]
        if plain(text) in CATEGORIES:
            return plain(text)
        self._unknown.add(text)
        return None

    @property
    def unmapped(self) -> dict[str, int]:
        """Boxes of each class that nobody has mapped."""
        return {name: self.counts[name] for name in sorted(self._unknown)}

    def lines(self, file: str) -> list[LeftOut]:
        """Tell each class that is not ours with its count and the way to map it."""
        return [
            LeftOut(
                file=file,
                reason=f"class '{name}' is not one of ours: {count} boxes "
                f"(map it: +real.rename.{name}=car, or real.classes_map=FILE)",
                fault="unknown class",
            )
            for name, count in self.unmapped.items()
        ]


def check_map(where: str, given: ClassMap) -> None:
    """Refuse a map to names that are not ours.

    Raises:
        InputError: the first wrong entry.
    """
    for theirs, ours in given.items():
        if ours is not None and ours not in CATEGORIES:
            raise InputError(f"{where}.{theirs}", f"must be one of {', '.join(CATEGORIES)}, or null", got=ours)


def read_map(path: Path) -> ClassMap:
    """Read a class map, YAML of `their name: our name`, or `their name: null` to leave a class out.

    Raises:
        InputError: the file is missing, is no such map, or maps to a name that is not ours.
    """
    if not path.is_file():
        fix = "have one suggested: rareblend blend classes real=..."
        raise InputError("real.classes_map", "must be a file that exists", got=str(path), fix=fix)
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(path, "must be YAML of `their name: our name`", got=str(error)) from None
    if not isinstance(found, dict) or not all(isinstance(ours, str | None) for ours in found.values()):
        raise InputError(path, "must be YAML of `their name: our name` or `their name: null`")
    given = {str(theirs): ours for theirs, ours in found.items()}
    check_map(str(path), given)
    return given
