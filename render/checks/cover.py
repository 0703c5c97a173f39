"""Occlusion and truncation of labels, counted again by rays that go to one actor at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from render.checks.fault import Fault, FaultName
from render.checks.footprint import Canvas
from render.checks.pixels import ABSOLUTE_M, RELATIVE, Traced
from render.checks.sample import Lattice, lattices
from render.checks.survey import Survey, survey

Record = Mapping[str, Any]
Bool = npt.NDArray[np.bool_]
EXACT = 0.01
"""Difference that is a fault when every pixel is counted, beyond what edges differ by."""
EDGE_PX = 3
"""Pixels by which edges may differ when every pixel is counted: a fourteenth of an outline of 42."""
_SECOND_LOOK = 40_000
"""Pixels of a box up to which a second look counts every one."""


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Counted for one actor: rays that meet it inside the frame and outside (weighted), and how many are hidden."""

    inside: int
    hidden: int
    inside_px: float
    outside_px: float

    @property
    def occlusion(self) -> float:
        """Share of the outline inside the picture that is hidden."""
        return self.hidden / self.inside if self.inside else 0.0

    @property
    def truncation(self) -> float:
        """Share of the whole outline that lies outside of the picture."""
        whole = self.inside_px + self.outside_px
        return self.outside_px / whole if whole else 0.0


def cover_faults(
    objects: Sequence[Record], traced: Traced, surveyed: Survey, laid: Mapping[int, Lattice], rng: np.random.Generator
) -> list[Fault]:
    """Compare occlusion and truncation with rays; what seems wrong on a lattice is counted again pixel by pixel."""
    doubtful = [
        told
        for told in objects
        if told["instance"] in laid
        and any(_off(told, counted(traced, surveyed, laid[told["instance"]], told["instance"]), exact=False))
    ]
    faults: list[Fault] = []
    for told in doubtful:
        actor = told["instance"]
        again = lattices({actor: traced.footprints[actor]}, traced.view, {actor}, rng, most=_SECOND_LOOK)[actor]
        closer = survey(traced.meshes, traced.footprints, traced.view, Canvas(again.inside, again.outside))
        faults += _off(told, counted(traced, closer, again, actor), exact=True)
    return faults


def counted(traced: Traced, surveyed: Survey, lattice: Lattice, actor: int) -> Cover:
    """Count rays over the lattice of one actor; an actor or a nearer surface in the depth map hides it."""
    alone_m = surveyed.alone_m(actor)
    inside = surveyed.places(lattice.inside)
    outside = surveyed.places(lattice.outside)
    inside = inside[np.isfinite(alone_m[inside])]
    depth_m = np.asarray(surveyed.at(traced.depth_m, inside), np.float64)
    behind_scene = alone_m[inside] > depth_m * (1 + RELATIVE) + ABSOLUTE_M
    told_elsewhere = np.asarray(surveyed.at(traced.ids, inside)) != actor
    hidden = (surveyed.instance[inside] != actor) | (behind_scene & told_elsewhere)
    return Cover(
        inside=len(inside),
        hidden=int(hidden.sum()),
        inside_px=float(len(inside) * lattice.inside_px),
        outside_px=float(np.isfinite(alone_m[outside]).sum() * lattice.outside_px),
    )


def _off(told: Record, cover: Cover, *, exact: bool) -> Iterator[Fault]:
    inside = max(cover.inside, 1)
    allowed = EXACT + (EDGE_PX / inside if exact else inside**-0.75)
    pairs: tuple[tuple[FaultName, float, float], ...] = (
        ("wrong_occlusion", told["occlusion"], cover.occlusion),
        ("wrong_truncation", told["truncation"], cover.truncation),
    )
    for name, given, counted_again in pairs:
        if abs(given - counted_again) > allowed:
            text = (
                f"has {name.removeprefix('wrong_')} {given}, rays give {counted_again:.3f} from {cover.inside} pixels"
            )
            yield Fault(name=name, text=text, instance=told["instance"])
