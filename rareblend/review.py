"""`rareblend review`: the FiftyOne App on a round."""

from __future__ import annotations

from rareblend.job import Job, Step


def step(job: Job) -> Step:
    """Return the serving of a round, until it is stopped."""

    def go() -> int:
        from eval.review import app, dataset

        dataset.load(job.round.out)
        app.serve(job.round.out, job.round.port)
        return 0

    return go
