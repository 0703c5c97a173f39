"""Paint on the road: stripes, dashes and filled patches as quads a few millimetres above it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.site.plan import Lane, Layout, Stripe
from scenes.spec.place import Street
from scenes.stage.mesh import MeshBuilder
from scenes.stage.place import material_of
from scenes.stage.surface import surface

PAINT_LIFT_M = 0.004
_BEND_STEP_M = 6.0
_SNOWED_OVER = 0.5
_WEAR = {"new": 0.1, "worn": 0.55, "cracked": 0.8, "patched": 0.7, "concrete": 0.5}


def build_markings(street: Street, plan: Layout) -> None:
    """Paint a plan's stripes and patches; snow hides what it covers by lying on it, not by leaving it out."""
    builder = MeshBuilder()
    for stripe in plan.stripes:
        add_stripe(builder, stripe, int(stripe.yellow))
    for patch in plan.patches:
        corners = np.array([(*point, 1.5 * PAINT_LIFT_M) for point in patch])
        ahead, aside = corners[1] - corners[0], corners[2] - corners[0]
        turned = ahead[0] * aside[1] - ahead[1] * aside[0] < 0
        builder.quad(corners[::-1] if turned else corners)
    if builder and street.snow < _SNOWED_OVER:
        look = {"wetness": street.wetness, "wear": _WEAR[street.asphalt]}
        paints = [surface("road_paint", **look), surface("road_paint", **{**look, "wear": 0.1}, yellow=True)]
        builder.build("road markings", [material_of(paint) for paint in paints], stuff="marking")


def add_stripe(builder: MeshBuilder, stripe: Stripe, slot: int = 0) -> None:
    """Add one stripe as quads, in pieces short enough for bends."""
    line = Lane(path_m=stripe.path_m, width_m=stripe.width_m, role="same")
    length = line.length_m
    if stripe.dash_m > 0:
        starts = np.arange(0.0, length - stripe.dash_m, stripe.dash_m + stripe.gap_m)
        spans = [(float(start), float(start) + stripe.dash_m) for start in starts]
    elif len(stripe.path_m) == 2:
        spans = [(0.0, length)]
    else:
        edges = np.linspace(0.0, length, max(2, int(length / _BEND_STEP_M) + 1))
        spans = [(float(start), float(end)) for start, end in pairwise(edges)]
    half = stripe.width_m / 2
    for start, end in spans:
        corners = []
        for along, sides in ((start, (1, -1)), (end, (-1, 1))):
            x, y, heading = line.at(along)
            left = np.array([-np.sin(np.deg2rad(heading)), np.cos(np.deg2rad(heading))])
            corners += [(*(np.array([x, y]) + side * half * left), PAINT_LIFT_M) for side in sides]
        builder.quad(np.array(corners), slot)
