"""Crush depth from absorbed energy: Campbell's line, the same force on both vehicles.

Source:
    CRASH3 User's Guide and Technical Manual, DOT HS 805 732 (1981): f = A + B C, E = (1 + tan²α) w f² / (2 B), and its
    default stiffness coefficients for vehicle classes 3 (compact) and 6 (van).
    Not yet held against the printed table: class 3 and 6 are quoted from secondary knowledge of it, so absolute crush
    depths carry that doubt; delta-v, PDOF and the energy of both together do not depend on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

Side = Literal["front", "side", "rear"]
_POUND_PER_INCH = 175.127  # N/m
_PSI = 6894.76  # N/m²


@dataclass(frozen=True, kw_only=True)
class Stiffness:
    """Force per metre of damage width: `a_n_m` before any crush stays, plus `b_n_m2` per metre of crush."""

    a_n_m: float
    b_n_m2: float


def _class(a_pound_inch: float, b_psi: float) -> Stiffness:
    return Stiffness(a_n_m=a_pound_inch * _POUND_PER_INCH, b_n_m2=b_psi * _PSI)


STIFFNESS = MappingProxyType({"front": _class(317, 56), "side": _class(173, 57), "rear": _class(410, 44)})
"""CRASH3 class 3."""

VAN_FRONT = _class(383, 126)
"""CRASH3 class 6."""


def stiffness(kind: str, side: Side) -> Stiffness:
    """Return a vehicle's stiffness; what CRASH3 has no class for borrows the nearest."""
    return VAN_FRONT if side == "front" and kind in ("van", "truck", "bus") else STIFFNESS[side]


def alone(absorbed_j: float, side: Stiffness, *, width_m: float, oblique_deg: float = 0.0) -> tuple[float, float]:
    """Return energy (J) and residual crush (m, >= 0) of a vehicle against what does not give way; arguments as `share`.

    A rigid partner is the limit of ever stiffer ones: the vehicle takes all the energy.
    """
    oblique = 1 + np.tan(np.deg2rad(min(abs(oblique_deg), 45.0))) ** 2
    force = np.sqrt(2 * absorbed_j * side.b_n_m2 / (oblique * width_m))
    return absorbed_j, float(max(0.0, (force - side.a_n_m) / side.b_n_m2))


def share(
    absorbed_j: float, first: Stiffness, second: Stiffness, *, width_m: float, oblique_deg: float = 0.0
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Split absorbed energy between two vehicles that press on each other with the same force.

    Args:
        absorbed_j: energy lost in the impact, >= 0.
        first: one vehicle's stiffness.
        second: the other's.
        width_m: width of the damage, > 0.
        oblique_deg: angle of the force against the surface's normal; CRASH3 holds it to 45.

    Returns:
        Energy (J) and residual crush (m, >= 0) of each.
    """
    oblique = 1 + np.tan(np.deg2rad(min(abs(oblique_deg), 45.0))) ** 2
    softness = 1 / first.b_n_m2 + 1 / second.b_n_m2
    force = np.sqrt(2 * absorbed_j / (oblique * width_m * softness))
    energies = [float(oblique * width_m * force**2 / (2 * side.b_n_m2)) for side in (first, second)]
    depths = [float(max(0.0, (force - side.a_n_m) / side.b_n_m2)) for side in (first, second)]
    return (energies[0], depths[0]), (energies[1], depths[1])
