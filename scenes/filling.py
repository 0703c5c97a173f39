"""Scenes for gaps: a wanted cell is drawn for until a sample falls into it, or given up with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scenes.camera import CameraSettings
from scenes.cells import scene_case
from scenes.cover import Cell, Cover
from scenes.coverage import Case, Space
from scenes.errors import RareblendError
from scenes.scenario import sample
from scenes.seeds import child_seed
from scenes.spec.scene import SceneSpec

_DRAWN_BY = ("pre_crash", "camera")
"""Factors that a sampler is told; the others are as it draws them."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """Scenes for gaps, cells that could not be drawn with the reason, and how many pairs are still missing."""

    specs: tuple[SceneSpec, ...]
    given_up: dict[str, str]
    missing: int


def fill(
    space: Space,
    held: Iterable[Case],
    *,
    cameras: CameraSettings,
    seed: int,
    most: int,
    tries: int,
    tracked: bool = False,
) -> Filled:
    """Draw scenes for the pairs that a round lacks.

    Args:
        space: of scenes, see `scenes.cells.scene_space`.
        held: cases of the scenes that are there.
        cameras: rigs by name.
        seed: the run's seed; the same seed and the same held cases give the same scenes.
        most: number of scenes at most.
        tries: draws for a cell before it is given up.
        tracked: scenes for clips.
    """
    wanted = Cover(space, held)
    specs: list[SceneSpec] = []
    given_up: dict[str, str] = {}
    while len(specs) < most and (cell := wanted.best()) is not None:
        drawn, met = _draw(space, cell, cameras, seed=seed, tries=tries, tracked=tracked)
        if drawn is not None:
            specs.append(drawn)
            wanted.meet(cell)
        else:
            given_up[" & ".join(space.case(cell).values())] = _ruled_out(wanted, cell, met)
    return Filled(specs=tuple(specs), given_up=given_up, missing=wanted.missing)


def _draw(
    space: Space, cell: Cell, cameras: CameraSettings, *, seed: int, tries: int, tracked: bool
) -> tuple[SceneSpec | None, list[Cell]]:
    """Return a scene that falls into a cell, or None, and the cells of those that did not."""
    case = space.case(cell)
    one = CameraSettings(weights={case["camera"]: 1.0}, rigs=cameras.rigs)
    own = child_seed(seed, "cover", *case.values())
    met: list[Cell] = []
    for index in range(tries):
        try:
            spec = sample(case["pre_crash"], seed=own, index=index, tracked=tracked, cameras=one)
        except RareblendError:  # no draw of this index was valid; the next one may be
            continue
        found = space.index(scene_case(spec, space))
        if found == cell:
            return spec, met
        met.append(found)
    return None, met


def _ruled_out(wanted: Cover, cell: Cell, met: list[Cell]) -> str:
    """Rule out what never came, so that no later cell asks for it again; return it in words."""
    space = wanted.space
    names = [factor.name for factor in space.factors]
    fixed = [names.index(name) for name in _DRAWN_BY]
    never = [axis for axis in range(len(names)) if axis not in fixed and all(row[axis] != cell[axis] for row in met)]
    for axis in never:
        chosen = sorted((*fixed, axis)) if not met else sorted((fixed[0], axis))
        wanted.rule_out(chosen, [cell[at] for at in chosen])
    if not never:
        wanted.rule_out(range(len(names)), cell)
    told = ", ".join(f"{names[axis]} {space.factors[axis].values[cell[axis]]}" for axis in never) or "all of it at once"
    return f"{space.case(cell)['pre_crash']} never drew {told} ({len(met)} valid draws)"
