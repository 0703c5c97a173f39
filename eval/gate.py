"""Gates: rules about scores, as data, and what they say of a round.

A rule holds only if the whole interval keeps it, and is broken only if the whole interval breaks it. Between the two
the round has not shown either, and the verdict is "not measured" with the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter

from eval.scores import Score, write_json
from scenes.errors import InputError

VERDICTS_VERSION = 1
VERDICTS_FILE = Path("eval") / "verdicts.json"
_RULE = re.compile(r"(<=|>=)\s*([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)")
Outcome = Literal["pass", "fail", "not measured"]


@dataclass(frozen=True, kw_only=True)
class GateRule:
    """One rule about one score.

    Args:
        gate: name of the rule in reports.
        score: name of the score.
        condition: condition of the score.
        rule: "<= x" or ">= x".
        min_n: smallest sample on which the rule may be judged.
        required: whether "not measured" counts as a failure, as it should before a release.
    """

    gate: str
    score: str
    rule: str
    condition: str = "all"
    min_n: int = 0
    required: bool = False
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not _RULE.fullmatch(self.rule):
            raise InputError(f"gate.rules.{self.gate}.rule", 'must read "<= x" or ">= x"', got=self.rule)
        if self.min_n < 0:
            raise InputError(f"gate.rules.{self.gate}.min_n", "must be at least 0", got=self.min_n)


@dataclass(frozen=True, kw_only=True)
class GateSettings:
    """All rules of a round.

    Args:
        rules: judged in order; names are unique.
    """

    rules: tuple[GateRule, ...] = ()
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        names = [rule.gate for rule in self.rules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise InputError("gate.rules", "names must be unique", got=", ".join(twice))


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What one rule says of the round."""

    gate: str
    score: str
    condition: str
    rule: str
    verdict: Outcome
    why: str


def judge(rule: GateRule, scores: Sequence[Score]) -> Verdict:
    """Apply a rule.

    Raises:
        InputError: if no score has the name that the rule asks for.
    """
    named = [score for score in scores if score.name == rule.score]
    if not named:
        known = ", ".join(sorted({score.name for score in scores}))
        raise InputError(f"gate.rules.{rule.gate}.score", f"must be one of {known}", got=rule.score)
    found = next((score for score in named if score.condition == rule.condition), None)
    outcome, why = _outcome(rule, found)
    if rule.required and outcome == "not measured":
        outcome, why = "fail", f"required, but {why}"
    return Verdict(gate=rule.gate, score=rule.score, condition=rule.condition, rule=rule.rule, verdict=outcome, why=why)


def exit_code(verdicts: Sequence[Verdict]) -> int:
    """Return 1 if any gate failed, else 0."""
    return int(any(verdict.verdict == "fail" for verdict in verdicts))


def write(out: Path, verdicts: Sequence[Verdict]) -> None:
    """Write `eval/verdicts.json` of a round, atomically."""
    listed = [asdict(verdict) for verdict in verdicts]
    write_json(out / VERDICTS_FILE, {"schema": VERDICTS_VERSION, "exit_code": exit_code(verdicts), "verdicts": listed})


def read(out: Path) -> list[Verdict]:
    """Read `eval/verdicts.json` of a round.

    Raises:
        InputError: if there is no such file or it does not follow the schema.
    """
    path = out / VERDICTS_FILE
    try:
        return TypeAdapter(list[Verdict]).validate_python(json.loads(path.read_text(encoding="utf-8"))["verdicts"])
    except OSError as error:
        raise InputError(path, "must be readable", got=error.strerror, fix="run `rareblend eval` first") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(path, "must hold verdicts of schema 1", got=str(error).splitlines()[0]) from error


def _outcome(rule: GateRule, score: Score | None) -> tuple[Outcome, str]:
    if score is None:
        return "not measured", f"no score for condition {rule.condition}"
    if score.value is None:
        return "not measured", str(score.not_measured)
    if rule.min_n > (count := score.smallest_sample or 0):
        return "not measured", f"insufficient: {count} of {rule.min_n}"
    return _compare(rule.rule, score.interval or (score.value, score.value), exact=score.interval is None)


def _compare(rule: str, interval: tuple[float, float], *, exact: bool) -> tuple[Outcome, str]:
    match = _RULE.fullmatch(rule)
    assert match is not None
    sign, bound = match[1], float(match[2])
    safe, other = (interval[1], interval[0]) if sign == "<=" else interval
    sides = ("value", "value") if exact else ("upper end", "lower end") if sign == "<=" else ("lower end", "upper end")
    if _holds(safe, sign, bound):
        return "pass", f"{sides[0]} {safe:.4g} {sign} {bound:g}"
    if not _holds(other, sign, bound):
        return "fail", f"{sides[1]} {other:.4g} is not {sign} {bound:g}"
    return "not measured", f"inconclusive: the interval [{interval[0]:.4g}, {interval[1]:.4g}] holds {bound:g}"


def _holds(value: float, sign: str, bound: float) -> bool:
    return value <= bound if sign == "<=" else value >= bound
