"""`rareblend run`: the main job, every stage of it; all settings are checked before the first begins."""

from __future__ import annotations

from importlib import import_module

from rareblend.job import Job, Step

STAGES = ("render", "develop", "blend", "eval", "load")


def step(job: Job) -> Step:
    """Return all stages, one after another; the exit code is the largest of theirs.

    Raises:
        RareblendError: what a stage refuses.
    """
    steps = [import_module(f"rareblend.{stage}").step(job) for stage in STAGES]
    return lambda: max(stage() for stage in steps)
