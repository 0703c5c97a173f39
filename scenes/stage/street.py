"""What lines a street: houses, street lamps, and closed ends."""

from __future__ import annotations

import numpy as np

from scenes.spec import Street
from scenes.stage.house import House, build_house
from scenes.stage.lamps import TRACE_GAIN
from scenes.stage.materials import base as materials
from scenes.stage.materials.nodes import Nodes
from scenes.stage.mesh import MeshBuilder
from scenes.stage.road import AHEAD_M, BEHIND_M, SIDE_REACH_M, SIDE_ROAD_HALF_M, stretches


def build_street(street: Street) -> None:
    """Line both sides with houses, close the ends, and light the street's lamps."""
    rng = np.random.default_rng(street.seed + 17)
    lit = MeshBuilder()
    front = street.road_half_width_m + street.sidewalk_width_m
    for start, end in stretches(street):
        for side in (1, -1):
            _row(street, rng, lit, (start, end), side * front)
    _closed_ends(street, rng, lit, front)
    if lit:
        signs = Nodes("sign")
        tint = signs.node("ShaderNodeAttribute", attribute_name="tint")
        letters = signs.ramp(signs.noise(7.0, detail=1.0), 0.47, 0.53, (0.15, 1.0))
        level = signs.math("MULTIPLY", tint.outputs["Alpha"], letters)
        glow = signs.node("ShaderNodeEmission", {"Color": tint.outputs["Color"], "Strength": level}).outputs[0]
        lit.build("lit windows", [materials.lit_window("lit window"), signs.finish(glow)], light_group="windows")
    _street_lamps(street)


def _row(street: Street, rng: np.random.Generator, lit: MeshBuilder, span: tuple[float, float], front_m: float) -> None:
    x, number = span[0], 0
    while x < span[1] - 4:
        width = min(float(rng.uniform(11, 20)), span[1] - x)
        if span[1] - x - width < 6:
            width = span[1] - x
        height = max(7.5, street.houses_height_m * float(rng.uniform(0.7, 1.35)))
        house = House(rng=np.random.default_rng(rng.integers(2**31)), lit=lit, lit_share=street.lit_window_share)
        setback = float(rng.choice([0.0, 0.0, 0.3, 0.8]))
        near = front_m + np.sign(front_m) * setback
        far = near + np.sign(front_m) * 14
        sides = ("south" if front_m > 0 else "north") + " west east"
        build_house(
            f"house {number}", (x, min(near, far)), (x + width, max(near, far)), height, house=house, sides=sides
        )
        x += width
        number += 1


def _closed_ends(street: Street, rng: np.random.Generator, lit: MeshBuilder, front: float) -> None:
    """Put a house across each open end, so that no edge of the world is seen."""

    def house() -> House:
        return House(rng=np.random.default_rng(rng.integers(2**31)), lit=lit, lit_share=street.lit_window_share)

    high = 1.1 * street.houses_height_m
    build_house("end", (AHEAD_M, -front - 6), (AHEAD_M + 14, front + 6), 0.75 * high, house=house(), sides="west")
    build_house("start", (BEHIND_M - 14, -front - 6), (BEHIND_M, front + 6), high, house=house(), sides="east")
    if street.feature_x_m is not None:
        reach = street.road_half_width_m + SIDE_REACH_M
        x0, x1 = street.feature_x_m - SIDE_ROAD_HALF_M - 8, street.feature_x_m + SIDE_ROAD_HALF_M + 8
        build_house("side end", (x0, reach), (x1, reach + 12), high, house=house(), sides="south")
        build_house("side end", (x0, -reach - 12), (x1, -reach), high, house=house(), sides="north")


def _street_lamps(street: Street) -> None:
    """Stand lamps in turn on either side; each lantern is a downward face of its true luminous flux."""
    posts, lanterns = MeshBuilder(), MeshBuilder()
    kerb = street.road_half_width_m
    size = np.array([0.62, 0.24])
    clear = street.feature_x_m
    for number, x in enumerate(np.arange(BEHIND_M + 8, AHEAD_M - 10, street.lamp_spacing_m / 2)):
        if clear is not None and abs(x - clear) < SIDE_ROAD_HALF_M + 1:
            continue
        side = 1 if number % 2 else -1
        foot, head = side * (kerb + 0.7), side * (kerb - 0.9)
        high = street.lamp_height_m
        path = np.array(
            [
                [x, foot, 0],
                [x, foot, high * 0.6],
                [x, foot, high - 0.5],
                [x, foot - side * 0.25, high],
                [x, (foot + head) / 2, high + 0.14],
                [x, head, high + 0.18],
            ]
        )
        posts.tube(path, [0.09, 0.07, 0.055, 0.05, 0.045, 0.04], segments=10)
        posts.lathe(np.array([(0.13, 0.0), (0.13, 0.9), (0.08, 1.0)]), segments=12)
        posts.vertices[-1] = posts.vertices[-1] + (x, foot, 0)
        low = np.array([x - size[1] / 2, head - size[0] / 2, high + 0.12])
        posts.box(low.tolist(), [low[0] + size[1], low[1] + size[0], low[2] + 0.11])
        x0, y0, z = low[0] + 0.02, low[1] + 0.04, low[2] - 0.004
        x1, y1 = x0 + size[1] - 0.04, y0 + size[0] - 0.08
        lanterns.quad([[x0, y1, z], [x1, y1, z], [x1, y0, z], [x0, y0, z]])
    posts.build("lamp posts", [materials.plain("post", (0.05, 0.055, 0.06), roughness=0.45, metallic=0.4)], smooth=True)
    area = float((size[1] - 0.04) * (size[0] - 0.08))
    luminance = street.lamp_lm / (np.pi * area) * TRACE_GAIN["street"]
    glow = materials.emission("lantern", kelvin_rgb(street.lamp_kelvin), luminance)
    lanterns.build("lanterns", [glow], light_group="street")


def kelvin_rgb(kelvin: float) -> tuple[float, float, float]:
    """Return the colour of a black body at unit luminance, linear Rec. 709 (Planckian locus by Kim et al. 2002).

    Args:
        kelvin: 1,667 to 25,000.
    """
    t = 1000 / float(np.clip(kelvin, 1667, 25000))
    x = (
        -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
        if kelvin < 4000
        else -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
    )
    if kelvin < 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif kelvin < 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    xyz = np.array([x / y, 1.0, (1 - x - y) / y])
    to_rgb = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
    red, green, blue = np.clip(to_rgb @ xyz, 0.0, None)
    return float(red), float(green), float(blue)
