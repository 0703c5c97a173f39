"""Models of two- and three-wheelers: the layout that a model has, within its spec's size.

The axles follow the spec's length and wheelbase, the style (commuter, city bike, ...) follows from the model and from
what its size allows.

Sources:
    Motorcycles: rake 24 to 32 degrees, trail 0.09 to 0.13 m, seats 0.68 to 0.83 m, tyres 0.60 to 0.65 m across, as data
    sheets of Honda CB125F and CB500F, Yamaha R3, Harley-Davidson Sportster and BMW R 1250 RT have them.
    Scooters: Honda Activa, Vespa Primavera and Yamaha XMAX; wheels of 12 to 15 inch, seats 0.76 to 0.80 m.
    Bicycles: tyres 47-622, 28-622 and 57-622 (ETRTO), head angle 71, seat angle 73 degrees, cranks of 0.17 m.
    Three-wheelers: Bajaj RE (tyres 4.00-8), Dhaka cycle rickshaws (28 inch wheels), battery rickshaws (3.00-12).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.mounts.mount import Mount, Wheel, shape_rng
from scenes.vehicle import rickshaw_style


def mount(vehicle: Vehicle) -> Mount:
    """Return the layout of a two- or three-wheeler."""
    rng = shape_rng(vehicle)
    if vehicle.kind == "motorcycle":
        return _motorcycle(vehicle, rng)
    if vehicle.kind == "scooter":
        return _scooter(vehicle, rng)
    if vehicle.kind == "bicycle":
        return _bicycle(vehicle, rng)
    return _three_wheeler(vehicle)


def _pick(rng: np.random.Generator, *choices: tuple[str, bool]) -> str:
    fitting = [name for name, fits in choices if fits]
    return fitting[int(rng.integers(len(fitting)))]


@dataclass(frozen=True, kw_only=True)
class _Posture:
    """Of a motorcycle's style; shares are of the wheelbase, from the rear axle."""

    rake_deg: float
    trail_m: float
    head_z_m: float
    saddle_share: float
    saddle_z_m: float
    pillion_z_m: float
    peg_share: float
    peg_z_m: float
    grip_back_m: float
    grip_z_m: float


_POSTURES = MappingProxyType(
    {
        "commuter": _Posture(
            rake_deg=25.5, trail_m=0.1, head_z_m=0.93, saddle_share=0.36, saddle_z_m=0.79, pillion_z_m=0.83,
            peg_share=0.37, peg_z_m=0.34, grip_back_m=0.15, grip_z_m=1.03,
        ),
        "sports": _Posture(
            rake_deg=24.0, trail_m=0.095, head_z_m=0.89, saddle_share=0.33, saddle_z_m=0.81, pillion_z_m=0.9,
            peg_share=0.29, peg_z_m=0.39, grip_back_m=0.06, grip_z_m=0.91,
        ),
        "cruiser": _Posture(
            rake_deg=32.0, trail_m=0.13, head_z_m=0.86, saddle_share=0.27, saddle_z_m=0.68, pillion_z_m=0.74,
            peg_share=0.62, peg_z_m=0.31, grip_back_m=0.2, grip_z_m=1.16,
        ),
        "tourer": _Posture(
            rake_deg=26.0, trail_m=0.11, head_z_m=0.94, saddle_share=0.36, saddle_z_m=0.80, pillion_z_m=0.84,
            peg_share=0.37, peg_z_m=0.34, grip_back_m=0.19, grip_z_m=1.04,
        ),
    }
)  # fmt: skip


def _motorcycle(vehicle: Vehicle, rng: np.random.Generator) -> Mount:
    low, narrow = vehicle.height_m < 1.17, vehicle.width_m < 0.84
    style = _pick(
        rng,
        ("commuter", True),
        ("sports", low and narrow),
        ("sports", low and narrow),
        ("cruiser", low),
        ("tourer", not low),
    )
    posture = _POSTURES[style]
    radius = min((vehicle.length_m - vehicle.wheelbase_m) / 2, float(rng.uniform(0.302, 0.318)))
    front = Wheel(x_m=vehicle.length_m / 2 - radius, radius_m=radius, half_m=0.055 if style == "commuter" else 0.06)
    rear_x = front.x_m - vehicle.wheelbase_m
    broad = {"commuter": 0.065, "cruiser": 0.075}.get(style, 0.085)
    layout = {
        "style": style,
        "front": front,
        "rear": Wheel(x_m=rear_x, radius_m=radius, half_m=broad),
        "rake_deg": posture.rake_deg,
        "trail_m": posture.trail_m,
        "head_z_m": posture.head_z_m,
    }
    head_x = front.x_m + posture.trail_m - posture.head_z_m * float(np.tan(np.deg2rad(posture.rake_deg)))
    grip_z = min(posture.grip_z_m, vehicle.height_m - 0.018)
    share = vehicle.wheelbase_m
    return Mount(
        **layout,  # type: ignore[arg-type]  # each value has its field's type
        grip_m=(head_x - posture.grip_back_m, vehicle.width_m / 2 - 0.065, grip_z),
        bar_m=vehicle.width_m / 2,
        saddle_m=(rear_x + posture.saddle_share * share, posture.saddle_z_m),
        pillion_m=(rear_x + (posture.saddle_share - 0.235) * share, posture.pillion_z_m),
        peg_m=(rear_x + posture.peg_share * share, 0.25, posture.peg_z_m),
    )


def _scooter(vehicle: Vehicle, rng: np.random.Generator) -> Mount:
    style = "maxi" if vehicle.length_m > 2.02 or vehicle.height_m > 1.27 else "step"
    radius = float(np.clip((vehicle.length_m - vehicle.wheelbase_m) / 2 - 0.02, 0.215, 0.262))
    spare = vehicle.length_m - vehicle.wheelbase_m - 2 * radius
    front = Wheel(x_m=vehicle.length_m / 2 - radius - 0.25 * spare, radius_m=radius, half_m=0.055)
    rear_x = front.x_m - vehicle.wheelbase_m
    seat_z = float(rng.uniform(0.76, 0.79))
    head_z = 0.93
    head_x = front.x_m + 0.085 - head_z * float(np.tan(np.deg2rad(26.5)))
    grip_z = min(1.03, vehicle.height_m - 0.075)
    return Mount(
        style=style,
        front=front,
        rear=Wheel(x_m=rear_x, radius_m=radius, half_m=0.06),
        rake_deg=26.5,
        trail_m=0.085,
        head_z_m=head_z,
        grip_m=(head_x - 0.1, vehicle.width_m / 2 - 0.065, grip_z),
        bar_m=vehicle.width_m / 2,
        saddle_m=(rear_x + 0.25 * vehicle.wheelbase_m, seat_z),
        pillion_m=(rear_x + 0.02 * vehicle.wheelbase_m, seat_z + 0.035),
        peg_m=(rear_x + (0.56 if style == "step" else 0.54) * vehicle.wheelbase_m, 0.135, 0.33),
    )


_TYRES_M = MappingProxyType({"city": 0.355, "cargo": 0.355, "mountain": 0.368, "road": 0.342})
_TYRE_HALVES_M = MappingProxyType({"city": 0.021, "cargo": 0.023, "mountain": 0.028, "road": 0.015})


def _bicycle(vehicle: Vehicle, rng: np.random.Generator) -> Mount:
    spare = (vehicle.length_m - vehicle.wheelbase_m) / 2
    sporty = spare < 0.36 and vehicle.width_m < 0.63
    style = _pick(
        rng, ("city", True), ("mountain", vehicle.width_m > 0.58), ("road", sporty), ("road", sporty), ("cargo", True)
    )
    radius = min(spare, _TYRES_M[style])
    half = _TYRE_HALVES_M[style]
    front = Wheel(x_m=vehicle.wheelbase_m / 2, radius_m=radius, half_m=half)
    rear = Wheel(x_m=-vehicle.wheelbase_m / 2, radius_m=radius, half_m=half)
    upright = style in ("city", "cargo")
    length = 0.605 if upright else 0.645
    crank = (rear.x_m + 0.435, 0.285, 0.17)
    lean = np.deg2rad(19.0 if upright else 16.5)
    saddle = (crank[0] - length * float(np.sin(lean)), crank[1] + length * float(np.cos(lean)))
    head_z = min(0.86 if style == "city" else 0.84, vehicle.height_m - 0.14)
    head_x = front.x_m + 0.06 - head_z * float(np.tan(np.deg2rad(19.0)))
    ahead = {"city": -0.1, "cargo": -0.1, "mountain": 0.05, "road": 0.125}[style]
    grip_y = 0.215 if style == "road" else vehicle.width_m / 2 - 0.06
    return Mount(
        style=style,
        front=front,
        rear=rear,
        rake_deg=19.0,
        trail_m=0.06,
        head_z_m=head_z,
        grip_m=(head_x + ahead, grip_y, vehicle.height_m - (0.055 if style == "road" else 0.018)),
        bar_m=vehicle.width_m / 2,
        saddle_m=saddle,
        pillion_m=(rear.x_m + (0.02 if style == "city" else -0.02), 0.80) if upright else None,
        peg_m=(crank[0], 0.14, crank[1]),
        crank_m=crank,
    )


def _three_wheeler(vehicle: Vehicle) -> Mount:
    style = rickshaw_style(vehicle.model)
    radius, half = {"auto": (0.205, 0.05), "cycle": (0.345, 0.02), "battery": (0.225, 0.045)}[style]
    spare = vehicle.length_m - vehicle.wheelbase_m
    front_x = vehicle.length_m / 2 - (radius + 0.002 if style == "cycle" else 0.42 * spare)
    front = Wheel(x_m=front_x, radius_m=radius, half_m=half)
    rear = Wheel(x_m=front_x - vehicle.wheelbase_m, radius_m=radius, half_m=half)
    sizes: dict[str, Wheel | float] = {
        "front": front,
        "rear": rear,
        "track_m": vehicle.width_m - 2 * half - (0.08 if style != "cycle" else 0.12),
    }
    if style == "cycle":
        return _cycle_rickshaw(sizes)
    head_z = 0.88
    head_x = front_x + 0.05 - head_z * float(np.tan(np.deg2rad(18.0)))
    return Mount(
        style=style,
        **sizes,  # type: ignore[arg-type]  # each value has its field's type
        rake_deg=18.0,
        trail_m=0.05,
        head_z_m=head_z,
        grip_m=(head_x - 0.1, 0.31, 0.95),
        bar_m=0.37,
        saddle_m=(head_x - 0.53, 0.62),
        pillion_m=(rear.x_m + 0.14, 0.60),
        peg_m=(head_x - 0.06, 0.16, 0.30),
    )


def _cycle_rickshaw(sizes: dict[str, Wheel | float]) -> Mount:
    front, rear = sizes["front"], sizes["rear"]
    assert isinstance(front, Wheel)
    assert isinstance(rear, Wheel)
    head_x = front.x_m + 0.06 - 0.86 * float(np.tan(np.deg2rad(19.0)))
    crank = (front.x_m - 0.62, 0.29, 0.17)
    return Mount(
        style="cycle",
        **sizes,  # type: ignore[arg-type]  # each value has its field's type
        rake_deg=19.0,
        trail_m=0.06,
        head_z_m=0.86,
        grip_m=(head_x - 0.12, 0.24, 0.99),
        bar_m=0.29,
        saddle_m=(crank[0] - 0.2, 0.875),
        pillion_m=(rear.x_m + 0.16, 0.71),
        peg_m=(crank[0], 0.14, crank[1]),
        crank_m=crank,
    )
