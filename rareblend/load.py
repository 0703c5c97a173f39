"""The last stage of `rareblend run`: the round as a FiftyOne dataset."""

from __future__ import annotations

import os

from eval.review.mongod import URI_SETTING, find_mongod
from rareblend.job import Job, Step


def step(job: Job) -> Step:
    """Return the loading of a round.

    Raises:
        MissingPieceError: there is no database.
    """
    if not os.environ.get(URI_SETTING):
        find_mongod()

    def go() -> int:
        from eval.review import dataset

        print(f"dataset: {dataset.load(job.round.out)}; open the App with: rareblend review out={job.round.out}")
        return 0

    return go
