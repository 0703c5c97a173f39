"""The watch: windows in time against a reference, each judged once, with what they say and what that means together."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ConfigDict

from blend.picture import Picture
from blend.real import RealSettings, read
from eval import resample
from eval.drift import shift
from eval.drift.observed import ATTRIBUTES, Observed
from eval.drift.permutation import smallest_p
from scenes.errors import InputError
from scenes.seeds import generator

_TO_HALVE = 4
"""Takes of a side from which on a classifier can learn on one half and be asked about the other."""


@dataclass(frozen=True, kw_only=True)
class DriftSettings:
    """What is watched, and how sure an alarm must be.

    Args:
        windows: folders of pictures, each a window, or patterns such as `inbox/2026-*`, in order of time.
        size: pictures of a window; longer folders are cut in order of their file names, what is left over waits.
            Null takes each folder as one window.
        alpha: chance of one false alarm or more over all windows.
        planned: windows that are foreseen; later ones are judged too, ever more strictly.
        min_images: fewest pictures of reference and window.
        max_reference: most pictures of the reference that are compared; more are drawn at random.
        permutations: most relabellings of a test.
    """

    windows: tuple[str, ...] = ()
    size: int | None = None
    alpha: float = 0.05
    planned: int = 100
    min_images: int = 20
    max_reference: int = 500
    permutations: int = 200_000
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise InputError("drift.alpha", "must lie in (0, 1)", got=self.alpha)
        lowest = {"planned": 1, "min_images": 20, "max_reference": 20, "permutations": 1000}
        for name, low in lowest.items():
            if getattr(self, name) < low:
                raise InputError(f"drift.{name}", f"must be at least {low}", got=getattr(self, name))
        if self.size is not None and self.size < self.min_images:
            raise InputError("drift.size", "must be at least drift.min_images, or null", got=self.size)


@dataclass(frozen=True, kw_only=True)
class Window:
    """Pictures of one window, `label` for people."""

    label: str
    pictures: tuple[Picture, ...]


def windows(settings: DriftSettings, *, seed: int) -> tuple[list[Window], list[str]]:
    """Return the windows that are there, and lines on what waits for more pictures.

    Raises:
        InputError: there is no pattern, one matches no folder, or a folder holds no picture that can be read.
    """
    if not settings.windows:
        raise InputError("drift.windows", "must name folders of pictures", got="none", fix="add drift.windows=[DIR]")
    found, lines = [], []
    for pattern in settings.windows:
        folders = sorted(Path(name) for name in glob.glob(pattern, recursive=True) if Path(name).is_dir())  # noqa: PTH207
        if not folders:
            raise InputError("drift.windows", "must name folders of pictures", got=pattern)
        for folder in folders:
            pictures = read(RealSettings(kind="folder", images=str(folder), count=None), seed=seed).pictures
            size = settings.size or len(pictures)
            whole = len(pictures) // size
            for part in range(whole):
                label = folder.name if settings.size is None else f"{folder.name}#{part + 1}"
                found.append(Window(label=label, pictures=pictures[part * size : (part + 1) * size]))
            if whole * size < len(pictures):
                lines.append(f"{folder.name}: {len(pictures) - whole * size} of {size} pictures wait for more")
    return found, lines


def judge(reference: Observed, window: Observed, *, level: float, settings: DriftSettings, seed: int) -> dict[str, Any]:
    """Compare a window with the reference.

    The discrepancy of the features, the classifier and every attribute that is watched are tests of one window, whose
    p-values Holm's method adjusts. A test that these few takes could never carry beyond the level is told and takes no
    part, since it would only ask more of the others.

    Args:
        reference: at most `max_reference` pictures.
        window: of one time.
        level: chance of a false alarm that this window may spend.
        settings: of the watch.
        seed: draws the relabellings.

    Returns:
        `not_measured` with the reason, or `drifted`, `level` and `tests`: a row each of value, interval, p (adjusted,
        None where it took no part) and what it is of.
    """
    small = min(len(window.keys), len(reference.keys))
    if small < settings.min_images:
        return {"not_measured": f"insufficient: {small} of {settings.min_images} pictures"}
    features = np.concatenate([reference.features, window.features])
    attributes = np.concatenate([reference.attributes, window.attributes])
    inside = np.arange(len(features)) >= len(reference.keys)
    groups = np.concatenate([reference.groups, window.groups + len(reference.keys)])
    takes = len(np.unique(groups[inside])), len(np.unique(groups[~inside]))
    share = level / (len(ATTRIBUTES) + 2)
    most = min(settings.permutations, ceil(2 / share))
    if min(takes) < 2 or smallest_p(inside, groups, most) > share:
        why = f"insufficient: {takes[0]} takes against {takes[1]} can never show a shift at a level of {level:.2g}"
        return {"not_measured": why}
    rng = generator(seed, "drift", window.digest)
    tests = {"features": shift.of_features(features, inside, groups, rng=rng, most=most)}
    if min(takes) >= _TO_HALVE:
        tests["classifier"] = shift.told_apart(features, inside, groups, rng=rng, most=most)
    for name, values in zip(ATTRIBUTES, attributes.T, strict=True):
        tests[name] = shift.of_attribute(values, inside, groups, rng=rng, most=most)
    deciding = [name for name, found in tests.items() if found.smallest_p <= share]
    adjusted = dict(zip(deciding, resample.holm(np.array([tests[name].p for name in deciding])).tolist(), strict=True))
    rows = {
        name: {"value": found.value, "interval": list(found.interval), "p": adjusted.get(name), "p_alone": found.p}
        for name, found in tests.items()
    }
    return {"drifted": min(adjusted.values()) <= level, "level": level, "tests": rows}
