"""What is inside a car's headlamps, and the beams that they throw."""

from __future__ import annotations

import numpy as np

from scenes.ontology import PARTS
from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Beam
from scenes.stage.cars.car_front import Face, facing
from scenes.stage.cars.car_shape import Shape
from scenes.stage.cars.car_slots import Slot
from scenes.stage.cars.hull import Wall
from scenes.stage.cars.sheet import polygon
from scenes.stage.lamps import HEAD_CD_M2, HIGH_BEAM_CD, lamp_colour
from scenes.stage.mesh import MeshBuilder, Points


def furnish_headlamps(shape: Shape, face: Face, wall: Wall, builder: MeshBuilder) -> None:
    """Add modules or reflector bowls, day running lamps and indicators behind the covers."""
    builder.part = PARTS["headlamp"]
    inner, outer = face.lamp[:, 0].min(), min(face.lamp[:, 0].max(), shape.half_m * 0.95)
    count = int(shape.rng.integers(2, 4)) if face.led else 1
    places = inner + (np.arange(count) + 0.7) / (count + 0.6) * (outer - inner) if face.led else [0.62, 0.0]
    if not face.led:
        places = [inner + 0.55 * (outer - inner)]
    for side in (1, -1):
        for q in places:
            low, high = _reach(face, float(q))
            radius = min(0.040, 0.40 * (high - low)) if face.led else 0.46 * (high - low)
            where = wall.at(np.array([side * float(q)]), np.array([(low + high) / 2]))[0]
            (_module if face.led else _bowl)(builder, where - (0.035, side * 0.008, 0.0), radius)
        _day_lamp(face, wall, builder, side)
        _indicator(face, wall, builder, side)


def _reach(face: Face, q: float) -> tuple[float, float]:
    """Return lower and upper end of the lamp's opening at a length from the nose."""
    levels = np.linspace(face.lamp[:, 1].min() - 0.03, face.lamp[:, 1].max() + 0.03, 60)
    inside = levels[polygon(face.lamp, np.full(60, q), levels, round_m=face.round_m) < 0]
    return (float(inside[0]), float(inside[-1])) if len(inside) else (face.top_m - 0.12, face.top_m - 0.06)


def _turned(builder: MeshBuilder, where: Points, profile: Points, slots: tuple[Slot, ...]) -> None:
    made = MeshBuilder()
    made.lathe(profile, segments=18, slot=slots)
    builder.add(facing(made.vertices[0], 1) + where, made.loops[0].reshape(-1, 4), made.slots[0])


def _module(builder: MeshBuilder, where: Points, radius: float) -> None:
    """Add a projector: a chrome ring around a bulging lens."""
    ring = [(radius + 0.007, -0.03), (radius + 0.007, 0.002), (radius, 0.004), (radius * 0.96, -0.006)]
    lens = [(radius * 0.8, 0.004), (radius * 0.45, 0.011), (0.0, 0.013)]
    slots = (Slot.CHROME, Slot.CHROME, Slot.DARK, *(Slot.LAMP_HEAD,) * 3)
    _turned(builder, where, np.array(ring + lens), slots)


def _bowl(builder: MeshBuilder, where: Points, radius: float) -> None:
    """Add a reflector: a chrome bowl with a bulb's cap in it."""
    rim = [(radius + 0.004, -0.04), (radius + 0.004, 0.008), (radius, 0.008)]
    bowl = [(radius * 0.92, -0.008), (radius * 0.6, -0.028), (radius * 0.35, -0.036)]
    bulb = [(radius * 0.34, -0.034), (radius * 0.28, -0.006), (0.0, -0.002)]
    slots = (*(Slot.DARK,) * 2, *(Slot.CHROME,) * 3, *(Slot.LAMP_HEAD,) * 3)
    _turned(builder, where, np.array(rim + bowl + bulb), slots)


def _day_lamp(face: Face, wall: Wall, builder: MeshBuilder, side: int) -> None:
    q = np.linspace(face.lamp[:, 0].min() + 0.02, face.lamp[:, 0].max() - 0.06, 9)
    low = np.array([_reach(face, float(value))[0] for value in q]) + 0.016
    path = wall.at(side * q, low) - (0.014, 0.0, 0.0)
    if face.led:
        builder.tube(path, [0.0065] * 9, segments=5, slot=Slot.LAMP_DAY)


def _indicator(face: Face, wall: Wall, builder: MeshBuilder, side: int) -> None:
    """Add the amber chamber at the lamp's outer end."""
    end = float(face.lamp[:, 0].max())
    q = np.linspace(end - 0.16, end - 0.05, 5)
    reach = np.array([_reach(face, float(value)) for value in q])
    levels = (0.30, 0.62) if face.led else (0.12, 0.88)
    rows = [wall.at(side * q, reach[:, 0] + share * (reach[:, 1] - reach[:, 0])) for share in levels]
    strip = np.stack(rows, axis=1) - (0.012, side * 0.006, 0.0)
    slot = Slot.LAMP_INDICATOR_LEFT if side > 0 else Slot.LAMP_INDICATOR_RIGHT
    builder.grid(strip[::side], slot, part=PARTS["indicator"])


def beams_of(vehicle: Vehicle, shape: Shape, face: Face) -> tuple[Beam, ...]:
    """Return the beams that burn; each starts ahead of the lamp's cover."""
    high = "high_beam" in vehicle.lamps
    if not high and "head" not in vehicle.lamps:
        return ()
    z = float(face.lamp[:, 1].mean())
    return tuple(
        Beam(
            where_m=(shape.nose_x_m + 0.06, side * float(face.lamp[:, 0].mean()) * 0.95, z),
            candela=HIGH_BEAM_CD if high else HEAD_CD_M2,
            rgb=lamp_colour(vehicle.model),
            light_group="head",
            pattern="high" if high else "low",
        )
        for side in (1, -1)
    )
