"""A score with its uncertainty, and the file `eval/scores.json` that holds them."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from scenes.errors import InputError

SCORES_VERSION = 1
SCORES_FILE = Path("eval") / "scores.json"
Interval = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Null:
    """What the same score gives for real against real pictures, at equal n.

    Args:
        value: mean over random draws.
        interval: its 2.5 % and 97.5 % quantiles over the draws.
    """

    value: float
    interval: Interval
    __pydantic_config__ = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class Score:
    """One measured number, or the reason why there is none.

    Args:
        name: what was measured, one word for files and gates.
        condition: the part of the round that it speaks of, "all" or for instance "class:car".
        value: the estimate; None exactly where `not_measured` is given.
        interval: its 95 % interval; None for an exact count.
        n: sizes of the samples; a name that ends in `_groups` counts scenes or clips and not pictures.
        encoder: the network whose features were compared, with its hash.
        null: the same score of real against real pictures at equal n.
        p: p-value against the hypothesis that both sides come from one distribution.
        not_measured: why there is no value.
        unit: unit of the value, "" for a pure number.
        better: which direction is better, None where neither is.
        definition: how the value is computed, in one sentence.
        source: the paper or page behind the definition.
        note: what a reader must know beside the value.

    Raises:
        InputError: if value and reason are both given or both missing, or the interval is reversed.
    """

    name: str
    definition: str
    condition: str = "all"
    value: float | None = None
    interval: Interval | None = None
    n: Mapping[str, int] = field(default_factory=dict)
    encoder: str | None = None
    null: Null | None = None
    p: float | None = None
    not_measured: str | None = None
    unit: str = ""
    better: Literal["lower", "higher"] | None = None
    source: str = ""
    note: str | None = None
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if (self.value is None) == (self.not_measured is None):
            raise InputError(f"score {self.name}", "has either a value or a reason why it has none", got=self.value)
        if self.value is not None and not math.isfinite(self.value):
            raise InputError(f"score {self.name}", "must be finite", got=self.value)
        if self.interval is not None and not self.interval[0] <= self.interval[1]:
            raise InputError(f"score {self.name}", "interval must be [low, high]", got=self.interval)

    @property
    def smallest_sample(self) -> int | None:
        """Return the smallest count of pictures or boxes behind the value, None where nothing was counted."""
        counts = [count for name, count in self.n.items() if not name.endswith("_groups")]
        return min(counts, default=None)


def write_json(path: Path, payload: Mapping[str, Any]) -> None:
    """Write JSON so that a reader sees the old file or the new one and never a part.

    Raises:
        InputError: if the folder cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(payload, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise InputError(path, "must be writable", got=error.strerror or str(error)) from error
    finally:
        part.unlink(missing_ok=True)


def write(out: Path, scores: Sequence[Score]) -> None:
    """Write `eval/scores.json` of a round, atomically."""
    write_json(out / SCORES_FILE, {"schema": SCORES_VERSION, "scores": [asdict(score) for score in scores]})


def read(out: Path) -> list[Score]:
    """Read `eval/scores.json` of a round.

    Raises:
        InputError: if there is no such file or it does not follow the schema.
    """
    return read_file(out / SCORES_FILE, made_by="rareblend eval")


def read_file(path: Path, *, made_by: str) -> list[Score]:
    """Read the scores of any file that holds some.

    Args:
        path: a JSON file with a list under "scores".
        made_by: the command that makes it.

    Raises:
        InputError: if there is no such file or it does not follow the schema.
    """
    try:
        payload = json.loads(path.read_text(encoding="utf-8"))
        return TypeAdapter(list[Score]).validate_python(payload["scores"])
    except OSError as error:
        raise InputError(path, "must be readable", got=error.strerror, fix=f"run `{made_by}` first") from error
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        why, fix = str(error).splitlines()[0], f"run `{made_by}` again"
        raise InputError(path, "must hold scores of schema 1", got=why, fix=fix) from error
