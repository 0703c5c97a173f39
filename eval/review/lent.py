"""Our database, lent to a real set of FiftyOne's while it is read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from blend.real import RealSettings
from eval.review.database import database
from eval.review.mongod import URI_SETTING, fiftyones_own


@contextmanager
def database_of(real: RealSettings) -> Iterator[None]:
    """Hold our database for a real set of FiftyOne's, if there is neither one of the user's nor FiftyOne's own."""
    if not real.database or os.environ.get(URI_SETTING) or fiftyones_own() is not None:
        yield
        return
    with database():
        yield
