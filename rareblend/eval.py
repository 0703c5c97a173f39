"""`rareblend eval`: scores, gates, what follows from them, and the report."""

from __future__ import annotations

from eval.alert import AlertSettings
from eval.gate import GateSettings
from eval.history import HistorySettings
from eval.measure import EvalSettings, measure
from eval.plugin import EncoderSettings, check
from eval.publish import publish
from eval.report import page
from rareblend.job import Job, Step


def step(job: Job) -> Step:
    """Return the measuring of a round; its exit code is 1 if a gate said no.

    Raises:
        InputError: a setting breaks a rule.
        MissingPieceError: a network that is named is not there.
    """
    settings, gates = job.section("eval", EvalSettings), job.section("gate", GateSettings)
    kept, alerts, out = job.section("history", HistorySettings), job.section("alert", AlertSettings), job.round.out
    network = job.section("encoder", EncoderSettings)
    check(network)

    def go() -> int:
        code = measure(out, settings=settings, gates=gates, seed=job.round.seed, network=network)
        told = publish(out, remembered=kept, alerts=alerts)
        report = page.write(out, history=kept.path(out))
        print(*told, f"eval: {'a gate said no' if code else 'no gate said no'}; report: {report}", sep="\n")
        return code

    return go
