"""Where a lorry carries its load: what every body on a chassis needs to know."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scenes.stage.heavy.coachwork import Coachwork
from scenes.stage.mesh import MeshBuilder


class Bed(NamedTuple):
    """Room for a body: rear and front x, half width, deck and top height, and the mesh and part it belongs to."""

    rear_m: float
    front_m: float
    half_m: float
    deck_m: float
    top_m: float
    mesh: str
    part: str

    def builder(self, work: Coachwork, part: str = "") -> MeshBuilder:
        """Return the mesh for faces of the body, or of another part of it."""
        return work.part(part or self.part, self.mesh)

    @property
    def length_m(self) -> float:
        """Length of the deck."""
        return self.front_m - self.rear_m


def tint_last(builder: MeshBuilder, rgb: tuple[float, float, float]) -> None:
    """Colour the faces that were added last, for surfaces that show tints."""
    builder.tints[-1] = np.broadcast_to(np.array((*rgb, 1.0)), builder.tints[-1].shape)
