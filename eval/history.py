"""The history of measurements: an SQLite file that later rounds, drift windows and alerts remember by.

One file may serve many rounds, also at once: each write is one transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ConfigDict

from eval.gate import Verdict
from eval.scores import Score
from scenes.errors import InputError

HISTORY_VERSION = 1
_TABLES = """
CREATE TABLE measurement (id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, round TEXT NOT NULL);
CREATE TABLE score (
  measurement INTEGER NOT NULL REFERENCES measurement(id), name TEXT NOT NULL, condition TEXT NOT NULL,
  value REAL, low REAL, high REAL, n TEXT NOT NULL, encoder TEXT, not_measured TEXT
);
CREATE TABLE verdict (
  measurement INTEGER NOT NULL REFERENCES measurement(id), gate TEXT NOT NULL, verdict TEXT NOT NULL, why TEXT NOT NULL
);
CREATE TABLE drift_window (
  family TEXT NOT NULL, digest TEXT NOT NULL, number INTEGER NOT NULL, label TEXT NOT NULL, found TEXT NOT NULL,
  PRIMARY KEY (family, digest), UNIQUE (family, number)
);
CREATE TABLE told (target TEXT NOT NULL, gate TEXT NOT NULL, verdict TEXT NOT NULL, PRIMARY KEY (target, gate));
CREATE INDEX score_by_name ON score (name, condition);
"""


@dataclass(frozen=True, kw_only=True)
class HistorySettings:
    """Where the history is kept.

    Args:
        file: the SQLite file; null keeps it in the round, as `<out>/history.sqlite`.
    """

    file: Path | None = None
    __pydantic_config__ = ConfigDict(extra="forbid")

    def path(self, out: Path) -> Path:
        """Return the file's path for a round."""
        return self.file or out / "history.sqlite"


@dataclass(frozen=True, kw_only=True)
class Point:
    """A score at one time; `value` is None where it was not measured."""

    at: str
    round: str
    value: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class History:
    """An open history; see `opened`."""

    connection: sqlite3.Connection

    def add(self, kind: str, round_: str, scores: Sequence[Score], verdicts: Sequence[Verdict]) -> None:
        """Write down a measurement.

        Args:
            kind: "eval", "drift" or "parity".
            round_: name of the round's folder.
            scores: of it.
            verdicts: of its gates.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.connection as db:
            entry = "INSERT INTO measurement (at, kind, round) VALUES (?, ?, ?)"
            number = db.execute(entry, (now, kind, round_)).lastrowid
            db.executemany(
                "INSERT INTO score VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (number, s.name, s.condition, s.value, *(s.interval or (None, None)), json.dumps(dict(s.n)),
                     s.encoder, s.not_measured)
                    for s in scores
                ],
            )  # fmt: skip
            rows = [(number, verdict.gate, verdict.verdict, verdict.why) for verdict in verdicts]
            db.executemany("INSERT INTO verdict VALUES (?, ?, ?, ?)", rows)

    def trend(self, name: str, condition: str = "all") -> list[Point]:
        """Return a score over time, oldest first."""
        rows = self.connection.execute(
            "SELECT at, round, value, low, high FROM score JOIN measurement ON measurement.id = score.measurement"
            " WHERE name = ? AND condition = ? ORDER BY measurement.id",
            (name, condition),
        )
        return [
            Point(at=at, round=round_, value=value, interval=None if low is None else (low, high))
            for at, round_, value, low, high in rows
        ]

    def window(self, family: str, digest: str) -> tuple[int, dict[str, Any]] | None:
        """Return the number and the findings of a drift window that was judged before, None for a new one."""
        row = self.connection.execute(
            "SELECT number, found FROM drift_window WHERE family = ? AND digest = ?", (family, digest)
        ).fetchone()
        return None if row is None else (int(row[0]), json.loads(row[1]))

    def next_window(self, family: str) -> int:
        """Return the number of the next window of a family, 1 for the first."""
        (last,) = self.connection.execute("SELECT max(number) FROM drift_window WHERE family = ?", (family,)).fetchone()
        return int(last or 0) + 1

    def add_window(self, family: str, digest: str, number: int, label: str, found: dict[str, Any]) -> None:
        """Write down what was found of a window; the same window is never judged twice."""
        with self.connection as db:
            entry = (family, digest, number, label, json.dumps(found))
            db.execute("INSERT INTO drift_window VALUES (?, ?, ?, ?, ?)", entry)

    def told(self, target: str) -> dict[str, str]:
        """Return the verdict that a target of alerts was last told of each gate."""
        return dict(self.connection.execute("SELECT gate, verdict FROM told WHERE target = ?", (target,)))

    def tell(self, target: str, verdicts: Mapping[str, str]) -> None:
        """Write down what a target was told: gate to verdict."""
        rows = [(target, gate, verdict) for gate, verdict in verdicts.items()]
        with self.connection as db:
            db.executemany("INSERT OR REPLACE INTO told VALUES (?, ?, ?)", rows)


@contextmanager
def opened(path: Path) -> Iterator[History]:
    """Open a history and begin it where there is none.

    Raises:
        InputError: the file is no history, is of a newer version, or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            _prepare(connection, path)
            yield History(connection)
    except (sqlite3.Error, OSError) as error:
        raise InputError(path, "must be a history that can be written", got=str(error)) from error


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > HISTORY_VERSION:
        fix = "update rareblend, or name another file with history.file="
        raise InputError(path, f"must be a history of version {HISTORY_VERSION} or older", got=version, fix=fix)
    if version == 0:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise InputError(path, "must be a history of rareblend", got="another SQLite database")
        connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {HISTORY_VERSION}; COMMIT;")
