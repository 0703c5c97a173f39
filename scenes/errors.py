"""What can go wrong, as one small tree.

RareblendError          anything this tool says no to; the command prints its one line and exits with 2
├── InputError          a key, file or label that the user gave breaks a rule
├── MissingPieceError   a pack, library or permission is not there; the line says how to get it
└── TraceError          Blender could not build or trace one scene; other scenes go on
"""

from __future__ import annotations


class RareblendError(Exception):
    """Anything that rareblend refuses, told in one line."""


class InputError(RareblendError):
    """A key or file given by the user breaks a rule.

    Args:
        where: the key (`blend.ratio`) or path that is at fault.
        rule: what would be right, as a phrase ("must lie in [0, 1]").
        got: the value found, shown with `repr` unless it is a string already made for reading.
        fix: the next step, if it is not plain from the rule.
    """

    def __init__(self, where: object, rule: str, *, got: object = None, fix: str = "") -> None:
        self.where = str(where)
        self.rule = rule
        line = f"{where}: {rule}"
        if got is not None:
            line += f"; got {got if isinstance(got, str) else repr(got)}"
        if fix:
            line += f"; {fix}"
        super().__init__(" ".join(line.split()))

    def at(self, where: object) -> InputError:
        """Return the same fault with a key that says more."""
        return InputError(where, str(self).removeprefix(f"{' '.join(self.where.split())}: "))


class MissingPieceError(RareblendError):
    """Something that this machine lacks.

    Args:
        what: the piece that is missing.
        why: what it is needed for.
        how: the command that gets it.
    """

    def __init__(self, what: str, why: str, how: str) -> None:
        super().__init__(" ".join(f"{what} is missing ({why}); get it with: {how}".split()))


class TraceError(RareblendError):
    """Blender could not build or trace one scene."""
