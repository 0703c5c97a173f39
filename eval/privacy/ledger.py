"""A ledger of ε: what was released of one real set, in order, and what all of it costs together.

A file of JSON lines that only grows: a budget, then one line a release. Every line holds the hash of the line before,
so that one that was changed or taken out is noticed. One ledger serves one real set, over all rounds that use it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from eval.privacy.accounting import Mechanism, epsilon_of
from render.durable import canonical_json
from scenes.errors import InputError

LEDGER_VERSION = 1
_BEGIN = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What all releases of a real set may cost together.

    Args:
        epsilon: above 0.
        delta: chance of a breach, (0, 1); it should stay well below 1 over the number of pictures.
    """

    epsilon: float
    delta: float
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not self.epsilon > 0:
            raise InputError("privacy.ledger.epsilon", "must be above 0", got=self.epsilon)
        if not 0 < self.delta < 1:
            raise InputError("privacy.ledger.delta", "must lie in (0, 1)", got=self.delta)


@dataclass(frozen=True, kw_only=True)
class LedgerSettings(Budget):
    """Which ledger, and the budget that a new one begins with.

    Args:
        file: the ledger of the real set; null keeps one in the round, which other rounds do not see.
    """

    epsilon: float = 4.0
    delta: float = 1e-5
    file: Path | None = None

    def path(self, out: Path) -> Path:
        """Return the file's path for a round."""
        return self.file or out / "privacy" / "ledger.jsonl"

    @property
    def budget(self) -> Budget:
        """The budget alone."""
        return Budget(epsilon=self.epsilon, delta=self.delta)


@dataclass(frozen=True, kw_only=True)
class Release:
    """One thing that was computed from the real pictures with noise, and given out.

    Args:
        what: in words.
        pictures: SHA-256 over the pictures that went in.
        mechanisms: how it was made.
        at: time, UTC.
    """

    what: str
    pictures: str
    mechanisms: tuple[Mechanism, ...]
    at: str = ""
    __pydantic_config__ = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """A ledger as read."""

    budget: Budget
    releases: tuple[Release, ...] = ()

    def spent(self, more: Sequence[Mechanism] = ()) -> float:
        """Return ε of all releases together, and of `more` if they came too, at the budget's δ."""
        held = [mechanism for release in self.releases for mechanism in release.mechanisms]
        return epsilon_of([*held, *more], self.budget.delta)


def read(path: Path) -> Ledger | None:
    """Read a ledger, None where there is none.

    Raises:
        InputError: a line was changed, cut or taken out, or the file is of a newer version.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(path, "must be a ledger that can be read", got=error.strerror) from error
    return _parsed(path, content) if content else None


def charge(path: Path, budget: Budget, release: Release) -> float:
    """Write a release down before it is made, or refuse it.

    Args:
        path: the ledger; begun with `budget` where there is none.
        budget: must be the one that the ledger was begun with.
        release: what is to be made.

    Returns:
        ε spent by all releases, this one among them.

    Raises:
        InputError: the release would pass the budget, or the ledger cannot be used.
    """
    with _held(path) as file:
        content = file.read()
        ledger = _parsed(path, content) if content else Ledger(budget=budget)
        if ledger.budget != budget:
            rule = f"holds a budget of ε = {ledger.budget.epsilon:g} at δ = {ledger.budget.delta:g}, fixed when begun"
            raise InputError(path, rule, got=f"ε = {budget.epsilon:g} at δ = {budget.delta:g}")
        total = ledger.spent(release.mechanisms)
        if total > budget.epsilon:
            got = f"{ledger.spent():.3g} spent, {total:.3g} with {release.what}"
            fix = "nothing was released; ask for less"
            rule = f"must stay within its budget of ε = {budget.epsilon:g} at δ = {budget.delta:g}"
            raise InputError(path, rule, got=got, fix=fix)
        begun = content or _line(_BEGIN, {"schema": LEDGER_VERSION, "budget": asdict(budget)})
        now = datetime.now(UTC).isoformat(timespec="seconds")
        added = _line(_digest(begun.splitlines()[-1]), {"release": asdict(release) | {"at": now}})
        file.write(added if content else begun + added)
        os.fsync(file.fileno())
    return total


@contextmanager
def _held(path: Path) -> Iterator[FileIO]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            yield file
    except OSError as error:
        raise InputError(path, "must be a ledger that can be written", got=error.strerror) from error


def _line(previous: str, content: dict[str, Any]) -> bytes:
    return canonical_json({"previous": previous, **content}).encode() + b"\n"


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _parsed(path: Path, content: bytes) -> Ledger:
    fix = "put back the file as it was; a ledger with a gap proves nothing"
    if not content.endswith(b"\n"):
        raise InputError(path, "must end with a whole line", got="a line that was cut", fix=fix)
    previous, documents = _BEGIN, []
    for number, line in enumerate(content.splitlines(), 1):
        document = _document(line)
        if document is None or document.get("previous") != previous:
            raise InputError(
                path, f"line {number} must follow the line before it", got=line[:60].decode(errors="replace"), fix=fix
            )
        documents.append(document)
        previous = _digest(line)
    if (version := documents[0].get("schema")) != LEDGER_VERSION:
        raise InputError(path, f"must be a ledger of version {LEDGER_VERSION}", got=version, fix="update rareblend")
    try:
        releases = TypeAdapter(tuple[Release, ...]).validate_python([each["release"] for each in documents[1:]])
        return Ledger(budget=TypeAdapter(Budget).validate_python(documents[0]["budget"]), releases=releases)
    except (KeyError, ValidationError) as error:
        raise InputError(path, "must hold a budget and releases", got=str(error).splitlines()[0], fix=fix) from error


def _document(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
