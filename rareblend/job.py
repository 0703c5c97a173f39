"""A command as the user gave it: its config, read once, and what every command is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from scenes.errors import InputError
from scenes.settings import compose, validated

T = TypeVar("T")
Step = Callable[[], int]
"""A stage whose settings have been checked; it runs and returns an exit code."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """What every command is told: see `conf/round.yaml`."""

    out: Path
    seed: int
    count: int
    looks: int
    workers: int
    device: Literal["auto", "cpu", "gpu"]
    port: int = 5151

    def __post_init__(self) -> None:
        for name in ("count", "looks", "workers"):
            if getattr(self, name) < 1:
                raise InputError(name, "must be at least 1", got=getattr(self, name))
        if not 1 <= self.port <= 65535:
            raise InputError("port", "must lie in [1, 65535]", got=self.port)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A command with its resolved config; `section` turns a part of it into checked settings."""

    command: str
    config: Mapping[str, Any]
    round: Round

    def section(self, name: str, kind: type[T]) -> T:
        """Return a config section as its settings dataclass."""
        return validated(name, kind, self.config[name])


def read(command: str, words: Sequence[str]) -> Job:
    """Resolve the config of a command with the user's overrides.

    Args:
        command: name of a file in conf.
        words: Hydra overrides.

    Raises:
        InputError: an override is malformed or names nothing, or what every command is told breaks a rule.
    """
    config = compose(command, words)
    told = {key: config[key] for key in Round.__dataclass_fields__ if key in config}
    return Job(command=command, config=config, round=validated("", Round, told))
