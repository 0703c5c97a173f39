"""Vehicle lamps: what burns, how bright, and the beam of a dipped headlight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from scenes.spec import Vehicle
from scenes.stage.materials import base as materials
from scenes.stage.mesh import MeshBuilder, Points

TRACE_GAIN = MappingProxyType(
    {
        "sky": 8.0,
        "sun": 15.0,
        "street": 1.0,
        "windows": 1.0,
        "signal": 2.0,
        "ego": 1.0,
        "head": 1.0,
        "tail": 4.0,
        "indicator": 2.0,
        "emergency": 1.0,
    }
)
"""Strength in the trace for 1 cd/m² (sky and sun: 1 lux) in the bundle.

The light tree shares samples by power, so groups are traced about as bright as each other and divided after.
"""

HEAD_CD_M2 = 20_000.0
"""Peak candela of one dipped beam; UNECE R112 allows 44,100 cd at most below the cut-off (R112 6.2.4)."""

_LED_KELVIN_RGB = (0.93, 0.98, 1.0)
_HALOGEN_RGB = (1.0, 0.86, 0.66)
_PROJECTOR_CD_M2 = 2.0e5
_DAY_LAMP_CD_M2 = 4_000.0
_TAIL_CD_M2 = 300.0  # UNECE R148: 17 cd at most; our lenses are about 0.05 m²
_BRAKE_CD_M2 = 2_400.0  # UNECE R148: 260 cd at most
_INDICATOR_CD_M2 = 12_000.0
_RED = (1.0, 0.03, 0.012)
_AMBER = (1.0, 0.33, 0.02)


@dataclass(frozen=True, kw_only=True)
class LampFaces:
    """The lamp areas of a body's wall, as a closed (ring, rows, 3) grid with a slot for each face."""

    vehicle: Vehicle
    shell: Points
    slots: np.ndarray[Any, np.dtype[np.int64]]
    lens_slot: int
    tail_slot: int

    def lit(self) -> Iterator[tuple[MeshBuilder, list[Any], str]]:
        """Yield mesh, materials and light group of everything that burns."""
        lamps = set(self.vehicle.lamps)
        tint = lamp_colour(self.vehicle.seed)
        if "head" in lamps:
            builder = self._cover(self.lens_slot, 0)
            self._discs(builder, self.lens_slot, 0.062, 1)
            day = materials.emission("day lamp", tint, _DAY_LAMP_CD_M2 * TRACE_GAIN["head"], narrow=2)
            beam = materials.emission("projector", tint, _PROJECTOR_CD_M2 * TRACE_GAIN["head"], narrow=4)
            yield builder, [day, beam], "head"
        if lamps & {"tail", "brake"}:
            level = (_BRAKE_CD_M2 if "brake" in lamps else _TAIL_CD_M2) * TRACE_GAIN["tail"]
            yield self._cover(self.tail_slot, 0), [materials.emission("tail", _RED, level, narrow=1)], "tail"
        sides = {side for side, name in ((1, "indicator_left"), (-1, "indicator_right")) if name in lamps}
        if sides:
            builder = MeshBuilder()
            for slot in (self.lens_slot, self.tail_slot):
                self._discs(builder, slot, 0.045, 0, sides=sides, shift=0.5)
            level = _INDICATOR_CD_M2 * TRACE_GAIN["tail"]
            yield builder, [materials.emission("indicator", _AMBER, level, narrow=1)], "tail"

    def _faces(self, slot: int) -> Points:
        closed = np.concatenate([self.shell, self.shell[:1]])
        quads = np.stack([closed[:-1, :-1], closed[1:, :-1], closed[1:, 1:], closed[:-1, 1:]], axis=2)
        return np.asarray(quads[self.slots == slot])

    def _cover(self, slot: int, material: int) -> MeshBuilder:
        quads = self._faces(slot)
        outward = np.cross(quads[:, 1] - quads[:, 0], quads[:, 3] - quads[:, 0])
        outward /= np.linalg.norm(outward, axis=1, keepdims=True) + 1e-12
        builder = MeshBuilder()
        builder.add(quads + 0.004 * outward[:, None], np.arange(4 * len(quads)).reshape(-1, 4), material)
        return builder

    def _discs(
        self,
        builder: MeshBuilder,
        slot: int,
        radius_m: float,
        material: int,
        *,
        sides: set[int] | None = None,
        shift: float = 0.0,
    ) -> None:
        quads = self._faces(slot)
        if not len(quads):
            return
        centres = quads.mean(axis=1)
        for side in sides or {1, -1}:
            mine = centres[np.sign(centres[:, 1]) == side]
            outer = mine[np.abs(mine[:, 1]) >= np.quantile(np.abs(mine[:, 1]), shift)]
            where = outer.mean(axis=0)
            forward = np.array([np.sign(where[0]), 0.0, 0.0])
            angles = np.linspace(0, 2 * np.pi, 17)[:-1]
            spokes = np.stack([0 * angles, np.cos(angles) * forward[0], np.sin(angles)], axis=-1)
            nearest = mine[np.argmin(np.linalg.norm(mine - where, axis=1))]
            builder.add(nearest + forward * 0.03 + radius_m * spokes, [tuple(range(16))], material)


def lamp_colour(seed: int) -> tuple[float, float, float]:
    """Return white LED or halogen light, as a share of today's fleet has either."""
    return _LED_KELVIN_RGB if seed % 5 < 3 else _HALOGEN_RGB
