"""What tells one bus from another: destination signs, adverts, engine louvres and roof units."""

from __future__ import annotations

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.heavy.bodyshell import Bodyshell, Face, Patch
from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box
from scenes.stage.mesh import MeshBuilder

_GLYPHS = {
    "0": "01110100011001110101110011000101110",
    "1": "00100011000010000100001000010001110",
    "2": "01110100010000100010001000100011111",
    "3": "11111000100010000010000011000101110",
    "4": "00010001100101010010111110001000010",
    "5": "11111100001111000001000011000101110",
    "6": "00110010001000011110100011000101110",
    "7": "11111000010001000100010000100001000",
    "8": "01110100011000101110100011000101110",
    "9": "01110100011000101111000010001001100",
    "A": "01110100011000111111100011000110001",
    "E": "11111100001000011110100001000011111",
    "H": "10001100011000111111100011000110001",
    "L": "10000100001000010000100001000011111",
    "N": "10001110011010110011100011000110001",
    "O": "01110100011000110001100011000101110",
    "R": "11110100011000111110101001001010001",
    "T": "11111001000010000100001000010000100",
}
"""Dot matrix signs, 5 columns by 7 rows, from the top left."""


def destination_signs(
    work: Coachwork,
    shell: Bodyshell,
    rng: np.random.Generator,
    *,
    z_m: tuple[float, float],
    cant_m: float | None,
) -> None:
    """Add the glowing line number and destination over the windscreen, on city buses at the side and rear as well.

    Args:
        work: takes the faces.
        shell: the bus's body.
        rng: draws what the signs say.
        z_m: where the front sign's panel begins and ends.
        cant_m: upper edge of the side windows; None for no signs at side and rear.
    """
    line = "".join(rng.choice(list("123456789"), int(rng.integers(1, 4))))
    town = "".join(rng.choice(list("AEHLNORT"), int(rng.integers(5, 9))))
    half, high = shell.half_m, min(z_m[1] - z_m[0], 0.24)
    middle = (z_m[0] + z_m[1]) / 2
    builder = work.lit("windows", "glass")
    _dots(
        builder,
        shell,
        "front",
        f"{line} {town}",
        along_m=(half - 0.35, -half + 0.35),
        z_m=(middle - high / 2, middle + high / 2),
    )
    if cant_m is None:
        return
    front = shell.x_m[1]
    _dots(
        builder,
        shell,
        "right",
        line,
        along_m=(front - 2.2, front - 1.75),
        z_m=(cant_m - 0.2, cant_m - 0.05),
        out_m=0.014,
    )
    rear = shell.patch("rear", (0.2, 0.85), (cant_m + 0.04, cant_m + 0.26))
    shell.pane(work.part("glass"), rear, Slot.GLASS_DARK, out_m=0.009)
    _dots(builder, shell, "rear", line, along_m=(0.25, 0.8), z_m=(cant_m + 0.07, cant_m + 0.23), out_m=0.014)


def _dots(
    builder: MeshBuilder,
    shell: Bodyshell,
    face: Face,
    text: str,
    *,
    along_m: tuple[float, float],
    z_m: tuple[float, float],
    out_m: float = 0.012,
) -> None:
    """Add lit dots row by row; runs of dots are one quad. The text fits between `along_m`, read from outside."""
    first, last = (shell.s(face, value) for value in along_m)
    begin, end = min(first, last), max(first, last)
    pitch = min((z_m[1] - z_m[0]) / 7, (end - begin) / (6 * len(text)))
    begin += 0.5 * ((end - begin) - 6 * pitch * len(text))
    cells = [
        (begin + pitch * (6 * place + index % 5), z_m[1] - pitch * (index // 5 + 1))
        for place, letter in enumerate(text)
        for index, dot in enumerate(_GLYPHS.get(letter, ""))
        if dot == "1"
    ]
    low = np.array(cells)
    size = 0.82 * pitch
    corners = low[:, None, :] + size * np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    points = shell.at(corners[..., 0], corners[..., 1], out_m)
    builder.add(points, np.arange(4 * len(cells)).reshape(-1, 4), int(Slot.SIGN))


def advert(
    work: Coachwork, shell: Bodyshell, x_m: tuple[float, float], z_m: tuple[float, float], rng: np.random.Generator
) -> None:
    """Add a poster of plain shapes to the left flank."""
    builder = work.part("body")
    wide = float(rng.uniform(2.2, min(3.6, x_m[1] - x_m[0])))
    begin = float(rng.uniform(x_m[0], x_m[1] - wide))
    tones = rng.uniform(0.02, 0.7, (5, 3))
    sheet = shell.patch("left", (begin, begin + wide), z_m)
    shell.pane(builder, sheet, Slot.DECAL, out_m=0.004, radius_m=0.02, tint=(*tones[0], 1.0))
    for tone in tones[1:]:
        size = rng.uniform(0.12, 0.45, 2) * (sheet.s1 - sheet.s0, sheet.z1 - sheet.z0)
        s = float(rng.uniform(sheet.s0 + 0.05, sheet.s1 - size[0] - 0.05))
        z = float(rng.uniform(sheet.z0 + 0.04, sheet.z1 - size[1] - 0.04))
        shape = Patch(s, s + float(size[0]), z, z + float(size[1]))
        radius = float(rng.choice([0.01, 0.5]))
        shell.pane(builder, shape, Slot.DECAL, out_m=0.007, radius_m=radius, tint=(*tone, 1.0))


def engine_bay(work: Coachwork, shell: Bodyshell, z_m: tuple[float, float], rng: np.random.Generator) -> None:
    """Add the rear bumper, the engine flap's seams and its louvres."""
    half, (low, high) = shell.half_m, z_m
    builder = work.part("bumper")
    shell.pane(builder, shell.patch("rear", (-half, half), (low, low + 0.2)), Slot.DARK, out_m=0.012, radius_m=0.04)
    flap = work.part("grille")
    for z in (low + 0.26, high - 0.08):
        shell.pane(
            flap, shell.patch("rear", (-half + 0.3, half - 0.3), (z, z + 0.012)), Slot.DARK, out_m=0.003, radius_m=0.004
        )
    begin, end = sorted(rng.uniform(-0.7, 0.7, 2))
    begin, end = (begin, end) if end - begin > 0.5 else (-0.7, 0.7)
    base = low + 0.5
    for row in range(int(rng.integers(4, 8))):
        z = base + 0.055 * row
        if z + 0.04 < high - 0.1:
            louvre = shell.patch("rear", (float(begin), float(end)), (z, z + 0.03))
            shell.pane(flap, louvre, Slot.DARK, out_m=0.004, radius_m=0.01)


def roof_units(work: Coachwork, vehicle: Vehicle, roof_m: float, rng: np.random.Generator, *, coach: bool) -> None:
    """Add air conditioning, hatches and, on some city buses, the fairing over gas tanks or batteries."""
    builder = work.part("roof")
    length, top = vehicle.length_m, vehicle.height_m
    half = vehicle.width_m / 2 - 0.36
    slot = Slot.PAINT if rng.random() < 0.6 else Slot.CARGO
    centre = float(rng.uniform(-0.3, 0.2)) * length
    long = float(rng.uniform(0.9, 1.5))
    bevel_box(builder, (centre - long, -half, roof_m - 0.06), (centre + long, half, top), slot, bevel_m=0.09)
    for x in (centre - 0.5 * long, centre + 0.5 * long):
        bevel_box(builder, (x - 0.28, -0.28, top - 0.02), (x + 0.28, 0.28, top + 0.005), Slot.DARK, bevel_m=0.005)
    for x in (centre - long - 1.2, centre + long + 1.3):
        if abs(x) < length / 2 - 1.0:
            bevel_box(
                builder, (x - 0.32, -0.4, roof_m - 0.01), (x + 0.32, 0.4, roof_m + 0.05), Slot.CARGO, bevel_m=0.03
            )
    if not coach and rng.random() < 0.5:
        low, high = (centre + long + 0.4, 0.36 * length) if centre < 0 else (-0.4 * length, centre - long - 0.4)
        bevel_box(builder, (low, -half - 0.1, roof_m - 0.08), (high, half + 0.1, top - 0.03), Slot.PAINT, bevel_m=0.12)
