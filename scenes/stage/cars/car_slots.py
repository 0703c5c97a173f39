"""What the faces of a passenger car may show, and the light groups of those that glow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

import numpy as np

from scenes.stage.asset import Solid
from scenes.stage.cars.sheet import Mask, Sheet
from scenes.stage.mesh import Indices, MeshBuilder, Points


class Slot(IntEnum):
    """Slots of car solids by number; the lower-case name is the slot's name in a finish."""

    PAINT = 0
    PAINT_SECOND = 1
    GLASS = 2
    GLASS_DARK = 3
    DARK = 4
    FRIT = 5
    CHROME = 6
    STEEL = 7
    PLATE = 8
    PLATE_TEXT = 9
    INTERIOR = 10
    SEAT = 11
    SKIN_DRIVER = 12
    CLOTH_DRIVER = 13
    HAIR_DRIVER = 14
    LAMP_COVER = 15
    LAMP_HOUSING = 16
    LAMP_HEAD = 17
    LAMP_DAY = 18
    LAMP_TAIL = 19
    LAMP_BRAKE = 20
    LAMP_REVERSING = 21
    LAMP_INDICATOR_LEFT = 22
    LAMP_INDICATOR_RIGHT = 23
    LIGHT_BAR = 24
    SIGN = 25
    LOAD = 26
    MIRROR = 27
    UNDERSIDE = 28
    CARGO = 29


GLOWING = MappingProxyType(
    {
        Slot.LAMP_HEAD: "head",
        Slot.LAMP_DAY: "head",
        Slot.LAMP_TAIL: "tail",
        Slot.LAMP_BRAKE: "tail",
        Slot.LAMP_REVERSING: "tail",
        Slot.LAMP_INDICATOR_LEFT: "indicator",
        Slot.LAMP_INDICATOR_RIGHT: "indicator",
        Slot.LIGHT_BAR: "emergency",
        Slot.SIGN: "windows",
    }
)
"""Slots whose faces may burn, to their light group."""


def compact(builder: MeshBuilder, name: str, *, smooth: bool, crease_deg: float = 36.0, light_group: str = "") -> Solid:
    """Return the solid with only those slots that its faces use."""
    used, numbers = np.unique(np.concatenate(builder.slots), return_inverse=True)
    builder.slots = [numbers.ravel()]
    names = [Slot(int(slot)).name.lower() for slot in used]
    return builder.solid(name, names, smooth=smooth, crease_deg=crease_deg, light_group=light_group)


@dataclass(frozen=True, kw_only=True)
class Faces:
    """Faces with all that a solid needs of them: (N, 3) points, (N, 2) uvs, corners, corners a face, slots, parts."""

    points: Points
    uvs: Points
    loops: Indices
    sizes: Indices
    slots: Indices
    parts: Indices

    @classmethod
    def of_sheet(cls, sheet: Sheet) -> Faces:
        """Return a sheet's triangles."""
        return cls(
            points=sheet.points,
            uvs=np.zeros((len(sheet.points), 2)),
            loops=sheet.tris.ravel(),
            sizes=np.full(len(sheet.tris), 3),
            slots=sheet.slot,
            parts=sheet.part,
        )

    @classmethod
    def of_builder(cls, builder: MeshBuilder) -> Faces:
        """Return a builder's faces."""
        names = {"points": "vertices", "uvs": "uvs", "loops": "loops", "sizes": "sizes", "slots": "slots"}
        arrays = {name: np.concatenate(getattr(builder, of)) for name, of in names.items()}
        return cls(**arrays, parts=np.concatenate(builder.parts))

    def pour(self, mask: Mask, target: MeshBuilder) -> None:
        """Add the masked faces to a builder, with vertices of their own."""
        if not mask.any():
            return
        used, numbers = np.unique(self.loops[np.repeat(mask, self.sizes)], return_inverse=True)
        target.vertices.append(self.points[used])
        target.uvs.append(self.uvs[used])
        target.loops.append(numbers.ravel() + target.count)
        target.sizes.append(self.sizes[mask])
        target.slots.append(self.slots[mask])
        target.parts.append(self.parts[mask])
        target.tints.append(np.ones((int(mask.sum()), 4)))
        target.count += len(used)
