"""`rareblend blend`: frames and real pictures become one training set."""

from __future__ import annotations

from dataclasses import replace

from blend.augment import AugmentSettings
from blend.composite.settings import CompositeSettings
from blend.match.settings import MatchSettings
from blend.mix import build
from blend.real import RealSettings, read
from blend.settings import BlendSettings
from eval.embed import told_vectors
from eval.review.lent import database_of
from rareblend.job import Job, Step


def step(job: Job) -> Step:
    """Return the blending of a round; its exit code is 1 if something leaks between splits.

    Raises:
        InputError: a setting breaks a rule, or the real set cannot be used.
    """
    real, blend = job.section("real", RealSettings), job.section("blend", BlendSettings)
    augment, composite = job.section("augment", AugmentSettings), job.section("composite", CompositeSettings)
    match = job.section("match", MatchSettings)
    with database_of(real):  # a real set that cannot be used is told before hours of tracing
        read(replace(real, count=1), seed=job.round.seed)

    def go() -> int:
        embed = told_vectors(job.round.workers) if blend.embed else None
        with database_of(real):
            report = build(
                job.round.out,
                real=real,
                blend=blend,
                augment=augment,
                match=match,
                composite=composite,
                seed=job.round.seed,
                embed=embed,
            )
        print(f"blend: {report.line}", *(written.line for written in report.written), sep="\n  ")
        print(f"blend: look at {report.folder / 'sheet.jpg'} before you train")
        return int(report.record["leaks"] > 0)

    return go
