"""`rareblend doctor`: what this machine has, and what to do about what it lacks."""

from __future__ import annotations

from eval import doctor
from rareblend.job import Job, Step


def step(job: Job) -> Step:
    """Return the look at this machine; its exit code is 2 if something that is needed is missing."""

    def go() -> int:
        findings = doctor.examine(job.round.out)
        doctor.tell(findings)
        return doctor.exit_code(findings)

    return go
