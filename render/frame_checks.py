"""What makes a view or frame unfit for training; the reason goes to `quarantine.jsonl`, never into the set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from render import durable
from render.radiance import Radiance

BLACK_LEVEL = 4
"""A display image without one pixel above this is black to a viewer and a network."""
FLAT_SPREAD = 2.0
"""A display image whose standard deviation lies below this shows nothing."""


def view_fault(radiance: Radiance, objects: Sequence[Mapping[str, Any]]) -> str | None:
    """Return why a traced view is unfit, or None."""
    for name, layer in (*radiance.layers.items(), ("albedo", radiance.albedo), ("depth", radiance.depth_m)):
        if not np.isfinite(layer).all():
            return f"{int(np.count_nonzero(~np.isfinite(layer)))} values of {name} are not finite"
    if not any(np.any(layer) for layer in radiance.layers.values()):
        return "no light reaches the camera"
    labelled = {labelled["instance"] for labelled in objects}
    missing = sorted({int(instance) for instance in np.unique(radiance.ids)} - labelled - {0})
    if missing:
        return f"instances {missing} are seen and have no label"
    return None if labelled else "no actor is seen"


def frame_fault(rgb: npt.NDArray[np.uint8], objects: Sequence[Mapping[str, Any]]) -> str | None:
    """Return why a developed frame is unfit, or None.

    Args:
        rgb: HxWx3 display image.
        objects: its labels.
    """
    if not objects:
        return "it has no label"
    if int(rgb.max(initial=0)) <= BLACK_LEVEL:
        return "it is black"
    if float(rgb.std()) < FLAT_SPREAD:
        return f"it is flat (standard deviation {rgb.std():.2f} of 255)"
    return None


def quarantine(out: Path, name: str, reason: str) -> None:
    """Write down that a view (`<scene>-<view>`) or frame is left out; a second time changes nothing."""
    entry = {"name": name, "reason": reason}
    if entry not in quarantined(out):
        durable.append_line(out / "quarantine.jsonl", entry)


def quarantined(out: Path) -> list[dict[str, str]]:
    """Return what is left out, with reasons."""
    return durable.lines(out / "quarantine.jsonl")
