"""What lines a street: houses with windows in depth, shops, street lamps, and closed ends."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scenes.spec import Street
from scenes.stage import materials
from scenes.stage.lamps import TRACE_GAIN
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.road import AHEAD_M, BEHIND_M, SIDE_REACH_M, SIDE_ROAD_HALF_M, stretches

_WALLS = ((0.42, 0.36, 0.28), (0.5, 0.47, 0.42), (0.30, 0.12, 0.08), (0.22, 0.2, 0.19), (0.46, 0.3, 0.18), (0.55, 0.52, 0.45))
_ROOM_LIGHTS = ((1.0, 0.62, 0.30), (1.0, 0.74, 0.45), (1.0, 0.86, 0.68), (0.86, 0.93, 1.0), (1.0, 0.5, 0.2))
_SIGNS = ((1.0, 0.08, 0.05), (0.1, 0.5, 1.0), (0.15, 0.9, 0.35), (1.0, 0.75, 0.1), (1.0, 1.0, 1.0), (0.9, 0.15, 0.7))
WALL, GLASS, FRAME, STONE = range(4)


@dataclass
class _House:
    """One house under construction: its own walls, and the street's lit panes."""

    rng: np.random.Generator
    lit: MeshBuilder
    lit_share: float
    mesh: MeshBuilder = field(default_factory=MeshBuilder)

    def __post_init__(self) -> None:
        self.floor_m = self.rng.uniform(2.9, 3.6)
        self.bay_m = self.rng.uniform(2.2, 3.6)
        self.window_m = (self.bay_m * self.rng.uniform(0.38, 0.62), self.floor_m * self.rng.uniform(0.48, 0.66))
        self.recess_m = self.rng.uniform(0.14, 0.28)
        self.balcony_share = self.rng.choice([0.0, 0.0, 0.25, 0.5])
        self.shop = bool(self.rng.random() < 0.6)

    def facade(self, origin: Points, along: Points, outward: Points, width_m: float, height_m: float) -> None:
        """Build one side: a ground floor, floors of windows, and a cornice."""
        bays = max(1, int(width_m // self.bay_m))
        bay = width_m / bays
        ground = 3.8
        floors = max(1, int((height_m - ground - 0.6) // self.floor_m))
        up = np.array([0.0, 0.0, 1.0])
        frame = (along, up, outward)
        for index in range(bays):
            self._shop(origin + along * index * bay, frame, bay, ground)
            for floor in range(floors):
                corner = origin + along * index * bay + up * (ground + floor * self.floor_m)
                self._bay(corner, frame, bay, self.floor_m)
        top = ground + floors * self.floor_m
        self._slab(origin + up * top, frame, width_m, height_m - top, 0.0, WALL)
        self._slab(origin + up * (height_m - 0.35), frame, width_m, 0.35, 0.28, STONE)
        self._slab(origin + up * (ground - 0.3), frame, width_m, 0.22, 0.12, STONE)

    def _rect(
        self, origin: Points, frame: tuple[Points, Points, Points], size: tuple[float, float, float, float], depth: float,
        slot: int,
    ) -> None:
        x0, x1, z0, z1 = size
        along, up, outward = frame
        corners = [origin + along * x + up * z + outward * depth for x, z in ((x0, z0), (x1, z0), (x1, z1), (x0, z1))]
        self.mesh.quad(np.array(corners), slot)

    def _slab(
        self, origin: Points, frame: tuple[Points, Points, Points], width: float, height: float, depth: float, slot: int
    ) -> None:
        along, up, outward = frame
        self._rect(origin, frame, (0, width, 0, height), depth, slot)
        if depth > 0:
            low, high = np.array([origin, origin + along * width]), np.array([origin + along * width, origin])
            self.mesh.quad(np.array([low[0], low[1], low[1] + outward * depth, low[0] + outward * depth])[::-1], slot)
            raised = up * height
            self.mesh.quad(np.array([high[1], high[0], high[0] + outward * depth, high[1] + outward * depth]) + raised, slot)

    def _opening(
        self, origin: Points, frame: tuple[Points, Points, Points], cell: tuple[float, float], hole: tuple[float, ...]
    ) -> None:
        """Wall around a hole, and the hole's reveals."""
        (width, height), (x0, x1, z0, z1) = cell, hole
        for size in ((0, width, 0, z0), (0, width, z1, height), (0, x0, z0, z1), (x1, width, z0, z1)):
            self._rect(origin, frame, size, 0.0, WALL)
        along, up, outward = frame
        ring = [origin + along * x + up * z for x, z in ((x0, z0), (x1, z0), (x1, z1), (x0, z1))]
        for start, end in zip(ring, ring[1:] + ring[:1], strict=True):
            self.mesh.quad(np.array([start, end, end - outward * self.recess_m, start - outward * self.recess_m]), STONE)

    def _pane(
        self, origin: Points, frame: tuple[Points, Points, Points], hole: tuple[float, ...], luminance: float, share: float
    ) -> None:
        x0, x1, z0, z1 = hole
        along, up, outward = frame
        depth = -self.recess_m
        if self.rng.random() < share:
            corners = [origin + along * x + up * z + outward * depth for x, z in ((x0, z0), (x1, z0), (x1, z1), (x0, z1))]
            colour = _ROOM_LIGHTS[int(self.rng.integers(len(_ROOM_LIGHTS)))]
            level = luminance * float(self.rng.lognormal(0, 0.7))
            self.lit.quad(np.array(corners), 0, tint=(*colour, level))
        else:
            self._rect(origin, frame, hole, depth, GLASS)
        bar = 0.05
        middle = (x0 + x1) / 2
        for size in ((middle - bar / 2, middle + bar / 2, z0, z1), (x0, x1, z1 - (z1 - z0) * 0.3, z1 - (z1 - z0) * 0.3 + bar),
                     (x0, x0 + bar, z0, z1), (x1 - bar, x1, z0, z1), (x0, x1, z0, z0 + bar), (x0, x1, z1 - bar, z1)):
            self._rect(origin, frame, size, depth + 0.04, FRAME)

    def _bay(self, origin: Points, frame: tuple[Points, Points, Points], bay: float, floor: float) -> None:
        wide, high = min(self.window_m[0], bay - 0.5), self.window_m[1]
        hole = ((bay - wide) / 2, (bay + wide) / 2, 0.28 * floor, 0.28 * floor + high)
        self._opening(origin, frame, (bay, floor), hole)
        self._pane(origin, frame, hole, 60.0, self.lit_share)
        along, up, outward = frame
        if self.rng.random() < self.balcony_share:
            self._slab(origin + along * 0.2 + up * 0.02, frame, bay - 0.4, 0.16, 0.9, STONE)
            self._rect(origin + along * 0.2 + up * 0.18, frame, (0, bay - 0.4, 0, 0.06), 0.88, FRAME)
            for step in np.arange(0, bay - 0.4, 0.16):
                self._rect(origin + along * 0.2 + up * 0.18, frame, (step, step + 0.025, 0, 0.9), 0.88, FRAME)
            self._rect(origin + along * 0.2 + up * 1.06, frame, (0, bay - 0.4, 0, 0.06), 0.88, FRAME)
        else:
            self._slab(origin + along * (hole[0] - 0.08) + up * (hole[2] - 0.1), frame, wide + 0.16, 0.09, 0.1, STONE)

    def _shop(self, origin: Points, frame: tuple[Points, Points, Points], bay: float, ground: float) -> None:
        if not self.shop:
            door = self.rng.random() < 0.3
            hole = (bay * 0.3, bay * 0.7, 0.06 if door else 1.1, 2.5)
            self._opening(origin, frame, (bay, ground), hole)
            self._pane(origin, frame, hole, 40.0, self.lit_share * 0.7)
            return
        hole = (0.18, bay - 0.18, 0.35, 2.75)
        self._opening(origin, frame, (bay, ground), hole)
        self._pane(origin, frame, hole, 160.0, min(0.9, 1.6 * self.lit_share))
        along, up, outward = frame
        if self.rng.random() < 0.35:
            colour = _SIGNS[int(self.rng.integers(len(_SIGNS)))]
            x0, z0 = 0.15 * bay, 2.92
            corners = [(x0, z0), (0.85 * bay, z0), (0.85 * bay, z0 + 0.42), (x0, z0 + 0.42)]
            face = np.array([origin + along * x + up * z + outward * 0.14 for x, z in corners])
            self.lit.quad(face, 1, tint=(*colour, 220.0 * float(self.rng.lognormal(0, 0.4))))
        else:
            self._slab(origin + along * 0.1 + up * 2.85, frame, bay - 0.2, 0.5, 0.12, FRAME)

    def finish(self, name: str) -> None:
        colour = np.array(_WALLS[int(self.rng.integers(len(_WALLS)))]) * self.rng.uniform(0.7, 1.15)
        surfaces = [
            materials.wall(f"{name} wall", colour.tolist(), brick=bool(colour[0] > 1.8 * colour[2])),
            materials.glass(f"{name} glass"),
            materials.plain(f"{name} frame", [float(self.rng.choice([0.02, 0.1, 0.5]))] * 3, roughness=0.5),
            materials.plain(f"{name} stone", (colour * 0.8 + 0.05).tolist(), roughness=0.85),
        ]
        self.mesh.build(name, surfaces)


def _build_house(
    name: str, low: tuple[float, float], high: tuple[float, float], height_m: float, house: _House, sides: str
) -> None:
    (x0, y0), (x1, y1) = low, high
    base = -0.1
    faces = {
        "south": ((x0, y0), (1, 0), (0, -1), x1 - x0),
        "north": ((x1, y1), (-1, 0), (0, 1), x1 - x0),
        "west": ((x0, y1), (0, -1), (-1, 0), y1 - y0),
        "east": ((x1, y0), (0, 1), (1, 0), y1 - y0),
    }
    for side in sides.split():
        corner, along, outward, width = faces[side]
        house.facade(
            np.array([*corner, base], dtype=float), np.array([*along, 0.0]), np.array([*outward, 0.0]), width, height_m
        )
    house.mesh.quad([[x0, y0, height_m], [x1, y0, height_m], [x1, y1, height_m], [x0, y1, height_m]], STONE)
    house.mesh.box((x0 + 2, y0 + 2, height_m), (x0 + 4.5, y0 + 4.5, height_m + 2.2), STONE)
    house.finish(name)


def build_street(street: Street) -> None:
    """Line both sides with houses, close the ends, and light the street's lamps."""
    rng = np.random.default_rng(street.seed + 17)
    lit = MeshBuilder()
    front = street.road_half_width_m + street.sidewalk_width_m
    for start, end in stretches(street):
        for side in (1, -1):
            _row(street, rng, lit, (start, end), side * front)
    _closed_ends(street, rng, lit, front)
    if lit.faces:
        signs = materials.Nodes("sign")
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
        house = _House(rng=np.random.default_rng(rng.integers(2**31)), lit=lit, lit_share=street.lit_window_share)
        setback = float(rng.choice([0.0, 0.0, 0.3, 0.8]))
        near = front_m + np.sign(front_m) * setback
        far = near + np.sign(front_m) * 14
        sides = ("south" if front_m > 0 else "north") + " west east"
        _build_house(f"house {number}", (x, min(near, far)), (x + width, max(near, far)), height, house, sides)
        x += width
        number += 1


def _closed_ends(street: Street, rng: np.random.Generator, lit: MeshBuilder, front: float) -> None:
    """Put a house across each open end, so that no edge of the world is seen."""
    def house() -> _House:
        return _House(rng=np.random.default_rng(rng.integers(2**31)), lit=lit, lit_share=street.lit_window_share)

    high = 1.1 * street.houses_height_m
    _build_house("end", (AHEAD_M, -front - 6), (AHEAD_M + 14, front + 6), 0.75 * high, house(), "west")
    _build_house("start", (BEHIND_M - 14, -front - 6), (BEHIND_M, front + 6), high, house(), "east")
    if street.side_street_x_m is not None:
        reach = street.road_half_width_m + SIDE_REACH_M
        x0, x1 = street.side_street_x_m - SIDE_ROAD_HALF_M - 8, street.side_street_x_m + SIDE_ROAD_HALF_M + 8
        _build_house("side end", (x0, reach), (x1, reach + 12), high, house(), "south")
        _build_house("side end", (x0, -reach - 12), (x1, -reach), high, house(), "north")


def _street_lamps(street: Street) -> None:
    """Stand lamps in turn on either side; each lantern is a downward face of its true luminous flux."""
    posts, lanterns = MeshBuilder(), MeshBuilder()
    kerb = street.road_half_width_m
    size = np.array([0.62, 0.24])
    clear = street.side_street_x_m
    for number, x in enumerate(np.arange(BEHIND_M + 8, AHEAD_M - 10, street.lamp_spacing_m / 2)):
        if clear is not None and abs(x - clear) < SIDE_ROAD_HALF_M + 1:
            continue
        side = 1 if number % 2 else -1
        foot, head = side * (kerb + 0.7), side * (kerb - 0.9)
        high = street.lamp_height_m
        path = np.array([[x, foot, 0], [x, foot, high * 0.6], [x, foot, high - 0.5], [x, foot - side * 0.25, high],
                         [x, (foot + head) / 2, high + 0.14], [x, head, high + 0.18]])
        posts.tube(path, [0.09, 0.07, 0.055, 0.05, 0.045, 0.04], segments=10)
        posts.lathe(np.array([(0.13, 0.0), (0.13, 0.9), (0.08, 1.0)]), segments=12)
        posts.vertices[-1] = posts.vertices[-1] + (x, foot, 0)
        low = np.array([x - size[1] / 2, head - size[0] / 2, high + 0.12])
        posts.box(low, low + (size[1], size[0], 0.11))
        x0, y0, z = low + (0.02, 0.04, -0.004)
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

