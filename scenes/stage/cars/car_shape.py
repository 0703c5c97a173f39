"""The shape of a passenger car or light van as numbers: proportions of its kind, varied by model.

Sources:
    Proportions: side-view drawings in data sheets of best-selling European models of 1995 to 2023; tyre diameters
    0.60 to 0.80 m (ETRTO 185/60 R15 to 265/65 R17); ground clearance 0.13 to 0.23 m (ISO 612).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.cars.wheel import WheelStyle, draw_style
from scenes.stage.mesh import Points

CAR_KINDS = ("sedan", "hatchback", "estate", "suv", "pickup", "van", "minibus")
Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Ranges of a kind: stations as shares of length from the nose, heights as shares of body height."""

    screen_base: Range
    screen_top: Range
    roof_end: Range
    cabin_end: Range
    nose: Range
    belt_front: Range
    belt_rear: Range
    tumble_deg: Range
    sill: Range
    tyre_m: Range
    pillars: tuple[Range, ...]
    older: float = 0.35


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "sedan": Kind(
            screen_base=(0.265, 0.29),
            screen_top=(0.425, 0.455),
            roof_end=(0.67, 0.73),
            cabin_end=(0.845, 0.89),
            nose=(0.47, 0.53),
            belt_front=(0.60, 0.635),
            belt_rear=(0.64, 0.68),
            tumble_deg=(16, 22),
            sill=(0.125, 0.145),
            tyre_m=(0.312, 0.340),
            pillars=((0.53, 0.55), (0.725, 0.745)),
        ),
        "hatchback": Kind(
            screen_base=(0.225, 0.255),
            screen_top=(0.385, 0.415),
            roof_end=(0.86, 0.92),
            cabin_end=(0.985, 0.985),
            nose=(0.475, 0.53),
            belt_front=(0.595, 0.625),
            belt_rear=(0.63, 0.69),
            tumble_deg=(14, 20),
            sill=(0.125, 0.145),
            tyre_m=(0.296, 0.325),
            pillars=((0.545, 0.57), (0.765, 0.80)),
        ),
        "estate": Kind(
            screen_base=(0.26, 0.285),
            screen_top=(0.415, 0.445),
            roof_end=(0.905, 0.94),
            cabin_end=(0.985, 0.985),
            nose=(0.47, 0.52),
            belt_front=(0.60, 0.63),
            belt_rear=(0.63, 0.66),
            tumble_deg=(15, 20),
            sill=(0.125, 0.145),
            tyre_m=(0.312, 0.338),
            pillars=((0.52, 0.54), (0.70, 0.725)),
        ),
        "suv": Kind(
            screen_base=(0.235, 0.265),
            screen_top=(0.375, 0.41),
            roof_end=(0.885, 0.93),
            cabin_end=(0.985, 0.985),
            nose=(0.53, 0.585),
            belt_front=(0.60, 0.63),
            belt_rear=(0.635, 0.68),
            tumble_deg=(11, 16),
            sill=(0.15, 0.175),
            tyre_m=(0.345, 0.372),
            pillars=((0.525, 0.55), (0.735, 0.765)),
        ),
        "pickup": Kind(
            screen_base=(0.245, 0.265),
            screen_top=(0.355, 0.375),
            roof_end=(0.585, 0.60),
            cabin_end=(0.625, 0.635),
            nose=(0.555, 0.60),
            belt_front=(0.605, 0.63),
            belt_rear=(0.62, 0.64),
            tumble_deg=(10, 14),
            sill=(0.19, 0.215),
            tyre_m=(0.372, 0.395),
            pillars=((0.44, 0.45),),
        ),
        "van": Kind(
            screen_base=(0.125, 0.155),
            screen_top=(0.255, 0.29),
            roof_end=(0.962, 0.97),
            cabin_end=(0.99, 0.99),
            nose=(0.40, 0.47),
            belt_front=(0.525, 0.555),
            belt_rear=(0.525, 0.555),
            tumble_deg=(3, 6),
            sill=(0.105, 0.125),
            tyre_m=(0.325, 0.350),
            pillars=((0.40, 0.42), (0.62, 0.66)),
        ),
        "minibus": Kind(
            screen_base=(0.09, 0.115),
            screen_top=(0.195, 0.225),
            roof_end=(0.972, 0.978),
            cabin_end=(0.992, 0.992),
            nose=(0.36, 0.41),
            belt_front=(0.475, 0.50),
            belt_rear=(0.475, 0.50),
            tumble_deg=(2, 4),
            sill=(0.10, 0.115),
            tyre_m=(0.340, 0.360),
            pillars=((0.285, 0.30), (0.46, 0.48), (0.65, 0.67), (0.83, 0.85)),
            older=0.25,
        ),
    }
)
"""Kind of passenger car or light van to its proportions."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One model in metres, in the vehicle's frame.

    Args:
        vehicle: the spec.
        rng: draws what no field names; read in a fixed order.
        boxy: 0 rounded and modern, 1 an older, squarer car.
        screen_base_m, screen_top_m, roof_end_m, cabin_end_m: x of the windscreen's and the rear window's ends.
        nose_m, belt_front_m, belt_rear_m, sill_m: heights.
        tumble_deg: lean of the side windows.
        tyre_m, tyre_width_m: tyre radius and width.
        pillars_m: x of the pillars behind the doors, front first.
        doors: 1 or 2 a side.
        wheel: rim.
    """

    vehicle: Vehicle
    rng: np.random.Generator
    boxy: float
    screen_base_m: float
    screen_top_m: float
    roof_end_m: float
    cabin_end_m: float
    nose_m: float
    belt_front_m: float
    belt_rear_m: float
    sill_m: float
    tumble_deg: float
    tyre_m: float
    tyre_width_m: float
    pillars_m: tuple[float, ...]
    doors: int
    wheel: WheelStyle
    corner_m: float
    bow_m: float
    edge_m: float
    flare_m: float
    crease_m: float
    crease_at: float

    @property
    def kind(self) -> str:
        """Kind of vehicle."""
        return self.vehicle.kind

    @property
    def boxed(self) -> bool:
        """Whether it is a van or minibus, whose flanks stand up to the roof."""
        return self.kind in ("van", "minibus")

    @property
    def half_m(self) -> float:
        """Half the width."""
        return self.vehicle.width_m / 2

    @property
    def high_m(self) -> float:
        """Height of the body."""
        return self.vehicle.height_m

    @property
    def nose_x_m(self) -> float:
        """Foremost x."""
        return self.vehicle.length_m / 2

    @property
    def axles_m(self) -> tuple[float, float]:
        """Stations of front and rear axle; the front overhang is a little shorter than the rear one."""
        forward = self.vehicle.length_m * (-0.005 if self.boxed else 0.012)
        return self.vehicle.wheelbase_m / 2 + forward, -self.vehicle.wheelbase_m / 2 + forward

    @property
    def arch_m(self) -> float:
        """Radius of the wheel arches' openings."""
        return self.tyre_m * (1.17 if self.kind in ("suv", "pickup") else 1.13)

    def belt_m(self, x: Points) -> Points:
        """Return the height of the lower shell's upper edge along x."""
        length, nose = self.vehicle.length_m, self.nose_x_m
        stations = [-nose, -nose + 0.02 * length, self.cabin_end_m, self.screen_base_m - 0.1 * length]
        heights = [self.belt_rear_m - 0.02, self.belt_rear_m, self.belt_rear_m, self.belt_front_m]
        if self.kind == "pickup":
            heights[:2] = [self.belt_rear_m] * 2
        stations += [self.screen_base_m, nose - 0.05 * length, nose]
        heights += [self.belt_front_m - 0.01, self.nose_m + 0.02, self.nose_m]
        fine = np.linspace(-nose, nose, 400)
        kernel = np.hanning(41) / np.hanning(41).sum()
        smooth = np.convolve(np.pad(np.interp(fine, stations, heights), 20, mode="edge"), kernel, mode="valid")
        return np.interp(x, fine, smooth)


def draw_shape(vehicle: Vehicle) -> Shape:
    """Return the shape that a vehicle's kind and model number stand for."""
    rng = np.random.default_rng([CAR_KINDS.index(vehicle.kind), vehicle.model])
    kind = KINDS[vehicle.kind]
    boxy = float(rng.uniform(0.65, 1.0) if rng.random() < kind.older else rng.uniform(0.0, 0.4))
    length, high = vehicle.length_m, vehicle.height_m

    def station(limits: Range) -> float:
        return length * (0.5 - float(rng.uniform(*limits)))

    def height(limits: Range) -> float:
        return high * float(rng.uniform(*limits))

    boxed = vehicle.kind in ("van", "minibus")
    tyre = float(rng.uniform(*kind.tyre_m))
    values: dict[str, Any] = {
        name: station(getattr(kind, name.removesuffix("_m")))
        for name in ("screen_base_m", "screen_top_m", "roof_end_m", "cabin_end_m")
    }
    values |= {
        name: height(getattr(kind, name.removesuffix("_m")))
        for name in ("nose_m", "belt_front_m", "belt_rear_m", "sill_m")
    }
    values["pillars_m"] = tuple(station(limits) for limits in kind.pillars)
    doors = 1 if vehicle.kind == "van" or (vehicle.kind == "hatchback" and rng.random() < 0.22) else 2
    return Shape(
        vehicle=vehicle,
        rng=rng,
        boxy=boxy,
        tumble_deg=float(rng.uniform(*kind.tumble_deg)),
        tyre_m=tyre,
        tyre_width_m=float(rng.uniform(0.62, 0.70)) * tyre,
        doors=1 if vehicle.kind == "minibus" else doors,
        wheel=draw_style(rng, plain=0.85 if boxed else 0.12 + 0.4 * boxy),
        corner_m=(0.14 if boxed else 0.26) + (0.14 if boxed else 0.26) * (1 - boxy) * float(rng.uniform(0.7, 1.0)),
        bow_m=0.05 + 0.10 * (1 - boxy) * float(rng.uniform(0.6, 1.1)),
        edge_m=0.045 + 0.06 * (1 - boxy) * float(rng.uniform(0.7, 1.0)),
        flare_m=float(rng.uniform(0.010, 0.028)) * (0.5 if boxed else 1.0),
        crease_m=float(rng.uniform(0.006, 0.016)) * (0.4 if boxed else 1.0),
        crease_at=float(rng.uniform(0.66, 0.80)),
        **values,
    )
