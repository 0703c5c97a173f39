"""The names of all street furniture, for whoever places it.

Frames: the origin stands on the ground in the middle of the foot; a front looks along +x, so that a sign for traffic
that travels along +x is placed at a heading of 180 degrees. What is set in rows (rails, fences, barriers, railings,
walls) runs along x with its front to +y and repeats seamlessly every `footprint_m[0]`. A tunnel lamp hangs from z = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scenes.stage.furniture.bins import BINS
from scenes.stage.furniture.covers import COVERS
from scenes.stage.furniture.displays import DISPLAYS
from scenes.stage.furniture.excavator import EXCAVATOR
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.litter import LITTER
from scenes.stage.furniture.mirrors import MIRRORS
from scenes.stage.furniture.pictures import PICTURES
from scenes.stage.furniture.poles import POLES
from scenes.stage.furniture.rails import RAILS
from scenes.stage.furniture.railway import RAILWAY
from scenes.stage.furniture.shelters import SHELTERS
from scenes.stage.furniture.signals import SIGNALS
from scenes.stage.furniture.signs import SIGNS
from scenes.stage.furniture.small import SMALL
from scenes.stage.furniture.toys import TOYS
from scenes.stage.furniture.works import WORKS

FURNITURE: Mapping[str, Furniture] = MappingProxyType(
    {
        **SIGNALS,
        **SIGNS,
        **SMALL,
        **BINS,
        **COVERS,
        **SHELTERS,
        **POLES,
        **PICTURES,
        **RAILS,
        **WORKS,
        **EXCAVATOR,
        **RAILWAY,
        **LITTER,
        **DISPLAYS,
        **TOYS,
        **MIRRORS,
    }
)
"""Name to furniture."""
