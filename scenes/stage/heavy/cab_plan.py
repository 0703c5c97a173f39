"""The proportions of a lorry's cab, which all its builders share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CabPlan:
    """A cab's proportions.

    Args:
        nose_m: x of the front.
        length_m: from front to rear wall, bonnet not counted.
        half_m: half width.
        skirt_m: lower edge.
        floor_m: of the cab.
        roof_m: height of the roof.
        axle_m: x of the front axle.
        tyre_m: radius of its tyres.
        bonnet_m: length of the bonnet, 0 for a cab-over.
        crew: a second row of seats with its own doors.
        driver: whether somebody drives.
    """

    nose_m: float
    length_m: float
    half_m: float
    skirt_m: float
    floor_m: float
    roof_m: float
    axle_m: float
    tyre_m: float
    bonnet_m: float = 0.0
    crew: bool = False
    driver: bool = False

    @property
    def screen_m(self) -> tuple[float, float]:
        """Lower and upper edge of the windscreen."""
        return self.floor_m + 0.50, min(self.floor_m + 1.36, self.roof_m - 0.2)

    @property
    def front_m(self) -> float:
        """Where the cab's own front stands."""
        return self.nose_m - self.bonnet_m

    @property
    def rear_m(self) -> float:
        """Where its rear wall stands."""
        return self.front_m - self.length_m
