"""Grip of tyres and of bodies on a road, by the state of its surface.

Sources, quoted from memory and not held against the printed tables: Wallingford, Greenlees and Christoffersen, SAE
900103 (1990) for tyres on dry and wet roads; Navin, Macnabb and Nicolletti, SAE 960652 (1996) for snow and ice; Searle,
SAE 930659 (1993) for clothed bodies on dry asphalt; Lambourn, SAE 910125 (1991) for two-wheelers on their side.
"""

from __future__ import annotations

from scenes.errors import InputError
from scenes.spec import Street

DRY, WET, SNOW, ICE = 0.7, 0.4, 0.25, 0.1
HIGHEST = 1.5
"""No road grips better; who asks for more has mistyped."""
_BODY_DRY = 0.66
_FALLEN_MOUNT_DRY = 0.45


def tyre_friction(street: Street) -> float:
    """Return the mean friction of tyres on a road, the surface's shares weighing what covers them."""
    bare = DRY + (WET - DRY) * street.wetness
    ice = min(street.ice, 1.0)
    snow = min(street.snow, 1.0 - ice)
    return checked(bare * (1 - ice - snow) + SNOW * snow + ICE * ice)


def body_friction(tyre: float) -> float:
    """Return the friction of a person who slides: Searle's on a dry road, and less as tyres find less (assumed)."""
    return _BODY_DRY * min(1.0, tyre / DRY)


def mount_friction(tyre: float) -> float:
    """Return the friction of a two-wheeler on its side: metal scrapes, so that wet matters less than to tyres."""
    return _FALLEN_MOUNT_DRY * min(1.0, 0.5 + 0.5 * tyre / DRY)


def checked(friction: float) -> float:
    """Return a friction that a road can have.

    Raises:
        InputError: it is not above 0, or above 1.5.
    """
    if not 0 < friction <= HIGHEST:
        raise InputError("friction", f"must lie in (0, {HIGHEST}]", got=friction, fix="dry roads have about 0.7")
    return friction
