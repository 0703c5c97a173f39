"""Shop dolls on a pavement and in display windows."""

from __future__ import annotations

from functools import partial

import numpy as np

from scenes.site.plan import Pose
from scenes.stage.furniture.displays import DEEP_M, FLOOR_M
from scenes.stage.people import mannequin
from scenes.stage.pose import pose
from scenes.stage.site.line import Lining

_PLACES_M = (-1.35, -0.45, 0.5, 1.4)


def stand_doll(lining: Lining, where: Pose, number: int, level_m: float) -> None:
    """Stand the doll of a number somewhere; it faces along its heading."""
    build = partial(mannequin.geometry, number, lining.library.people)
    lining.stand("mannequin", (number,), build, mannequin.finish(number), where, z_m=level_m)


def fill_window(lining: Lining, where: Pose, seed: int, level_m: float) -> None:
    """Stand three or four dolls in a display window that stands at `where`."""
    rng = np.random.default_rng([92, seed])
    window = pose(where.x_m, where.y_m, 0.0, where.heading_deg)
    first = int(rng.integers(mannequin.DOLLS))
    for number, along in enumerate(_PLACES_M[: 3 + seed % 2]):
        x, y, *_ = window @ np.array([-DEEP_M / 2 + float(rng.normal(0, 0.06)), along, 0.0, 1.0])
        spot = Pose(float(x), float(y), where.heading_deg + float(rng.normal(0, 18)))
        stand_doll(lining, spot, (first + 5 * number) % mannequin.DOLLS, level_m + FLOOR_M)
