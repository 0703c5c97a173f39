"""Alerts: people are told once when a gate slips, and once when it holds again."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import ConfigDict

from eval.gate import Verdict
from eval.history import History
from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class AlertSettings:
    """Who is told.

    Args:
        urls: where to, in Apprise's form: `slack://…`, `mailto://…`, `json://host/path` and some hundred more.
    """

    urls: tuple[str, ...] = ()
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if self.urls:
            import apprise  # noqa: PLC0415 (a fifth of a second that others save)

            for index, url in enumerate(self.urls):
                if apprise.Apprise.instantiate(url, suppress_exceptions=True) is None:
                    fix = "see https://github.com/caronc/apprise/wiki for the forms"
                    rule = "must be a URL that Apprise knows"
                    raise InputError(f"alert.urls.{index}", rule, got=_scheme(url), fix=fix)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A gate that has slipped (`verdict` is "fail") or holds again ("pass")."""

    gate: str
    verdict: str
    why: str

    @property
    def line(self) -> str:
        """Say it in a line."""
        return f"{'SLIPPED' if self.verdict == 'fail' else 'holds again'}: {self.gate} ({self.why})"


def changes(verdicts: Sequence[Verdict], told: Mapping[str, str]) -> list[Change]:
    """Return what somebody does not know yet; a gate that could not be judged changes nothing.

    Args:
        verdicts: of this measurement.
        told: gate to the verdict that was last told; a gate never told of is thought to hold.
    """
    return [
        Change(gate=verdict.gate, verdict=verdict.verdict, why=verdict.why)
        for verdict in verdicts
        if verdict.verdict != "not measured" and verdict.verdict != told.get(verdict.gate, "pass")
    ]


def send(settings: AlertSettings, round_: str, verdicts: Sequence[Verdict], history: History) -> list[str]:
    """Tell each target of the gates that changed; one that is down is told with the next measurement.

    Args:
        settings: who.
        round_: name of the round.
        verdicts: of its gates.
        history: remembers what each target was told.

    Returns:
        A line for each target that had something to be told.
    """
    lines = []
    for url in settings.urls:
        target = hashlib.sha256(url.encode()).hexdigest()[:16]
        news = changes(verdicts, history.told(target))
        if not news:
            continue
        if _sent(url, round_, news):
            history.tell(target, {change.gate: change.verdict for change in news})
            lines.append(f"alert: told {_scheme(url)}: {'; '.join(change.line for change in news)}")
        else:
            lines.append(f"alert: {_scheme(url)} cannot be reached; it is told with the next measurement")
    return lines


def _sent(url: str, round_: str, news: Sequence[Change]) -> bool:
    import apprise  # noqa: PLC0415

    slipped = any(change.verdict == "fail" for change in news)
    target = apprise.Apprise()
    target.add(url)
    with _quiet():
        return bool(
            target.notify(
                title=f"rareblend, {round_}: {'a gate slipped' if slipped else 'gates hold again'}",
                body="\n".join(change.line for change in news),
                notify_type=apprise.NotifyType.FAILURE if slipped else apprise.NotifyType.SUCCESS,
            )
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Apprise's own warnings, which may hold a URL's secrets, out of the log."""
    logger = logging.getLogger("apprise")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _scheme(url: str) -> str:
    """Return a URL without what may be a secret in it."""
    return f"{url.split('://', 1)[0]}://…"
