"""Where a camera can be fixed, and what follows from it: the vehicle around it, its lamps, its glass, its shaking.

A vehicle that carries the camera takes room, and its headlights shine from its front; what of it is seen has a mesh
(`scenes.stage.carrier`).

Sources:
    Length of a truck: 12 m at most without a trailer, width 2.55 m (Council Directive 96/53/EC); ours has 10.5 m.
    Dipped lamps stand 0.5 to 1.2 m high (UNECE R48); a truck's at the upper end, a motorcycle's single one between.
    Bodies on springs: cars as in `scenes.vibration`; cabs on their own springs move at 1 to 2 Hz, motorcycles at 2 to 3
    Hz (typical values, from memory). How far poles and hovering drones sway is ours: a tenth of a degree or less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scenes.spec.view import Camera, Station

_APART_M = 1.3


@dataclass(frozen=True, kw_only=True)
class Stand:
    """What a station means; places are seen from the camera, x ahead and y left.

    Args:
        middle_m, length_m, width_m: the vehicle's body; length 0 where none carries it.
        lamps_m: xyz of its headlights, z above the ground.
        behind_windscreen: a wiper wipes what the camera looks through, and breath may fog it.
        body_hz, damping: of the springs that it rides on.
        sway_deg, sway_hz: how wind moves what stands or hovers.
    """

    middle_m: float = 0.0
    length_m: float = 0.0
    width_m: float = 0.0
    lamps_m: tuple[tuple[float, float, float], ...] = ()
    behind_windscreen: bool = False
    body_hz: float = 1.3
    damping: float = 0.3
    sway_deg: float = 0.0
    sway_hz: float = 1.0

    @property
    def rides(self) -> bool:
        """Whether a vehicle carries the camera."""
        return self.length_m > 0


def _pair(ahead_m: float, height_m: float, apart_m: float = _APART_M) -> tuple[tuple[float, float, float], ...]:
    return ((ahead_m, apart_m / 2, height_m), (ahead_m, -apart_m / 2, height_m))


STANDS: Mapping[Station, Stand] = MappingProxyType(
    {
        "windscreen": Stand(
            middle_m=-1.3, length_m=6.5, width_m=1.9, lamps_m=_pair(1.75, 0.66), behind_windscreen=True
        ),
        "bumper": Stand(middle_m=-2.35, length_m=5.0, width_m=1.9, lamps_m=_pair(-0.1, 0.66)),
        "roof": Stand(middle_m=-0.6, length_m=5.4, width_m=1.9, lamps_m=_pair(2.0, 0.66)),
        "cab": Stand(
            middle_m=-4.55,
            length_m=10.9,
            width_m=2.55,
            lamps_m=_pair(0.75, 0.95, 1.9),
            behind_windscreen=True,
            body_hz=1.6,
            damping=0.2,
        ),
        "helmet": Stand(
            middle_m=0.3, length_m=2.4, width_m=0.9, lamps_m=((1.42, 0.0, 0.88),), body_hz=2.5, damping=0.25
        ),
        "pole": Stand(sway_deg=0.06, sway_hz=1.4),
        "gantry": Stand(sway_deg=0.02, sway_hz=3.0),
        "air": Stand(sway_deg=0.1, sway_hz=0.5),
    }
)
"""Station to what it means."""


def stand_of(camera: Camera) -> Stand:
    """Return what a camera's station means."""
    return STANDS[camera.station]
