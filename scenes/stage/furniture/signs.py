"""Road signs of a generic set: the Vienna Convention's shapes, our own pictograms and invented words.

Sizes: EN 12899-1 "middle" sizes (triangle 900 mm, disc 600 mm, octagon 900 mm across, rectangle 600 mm), lower edge
2.0 to 2.25 m above a footway; posts of 76 mm steel tube.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture import lettering
from scenes.stage.furniture.draft import Draft, inset, on_axis, regular, rounded, rounded_box
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import plain_finish
from scenes.stage.furniture.symbols import ARROWS, INFORMATION, WARNINGS, Shapes
from scenes.stage.mesh import Points

_TUBE_M = 0.038
_LAYER_M = 0.0012
Layer = tuple[Points, str]


def post(draft: Draft, high_m: float, *, y_m: float = 0.0, radius_m: float = _TUBE_M) -> None:
    """Stand a tube with a domed cap and a collar at its foot."""
    with draft.moved(0.0, y_m):
        draft.use("galvanised", "frame").turned(
            [(radius_m, 0.0), (radius_m, high_m - 0.02), (radius_m * 0.7, high_m - 0.004), (0.0, high_m)], segments=10
        )
        draft.use("concrete", "frame").turned([(0.13, 0.0), (0.12, 0.015), (0.0, 0.02)], segments=10)


def plate(draft: Draft, outline: Points, high_m: float, layers: Sequence[Layer], *, x_m: float = 0.05) -> None:
    """Hang a sheet before a post: a folded rim, a bare back, two clamps, and printed layers.

    Args:
        draft: what it belongs to.
        outline: (y, z) about the sign's centre, convex and counter-clockwise.
        high_m: of the centre.
        layers: outlines and the slots that they show, from the bottom up.
        x_m: of the back.
    """
    with draft.moved(x_m, 0.0, high_m):
        draft.use("aluminium", "plate").extrude(outline, 0.0, 0.014, bevel_m=0.003)
        for level, (shape, slot) in enumerate(layers):
            draft.use(slot, "plate").face(shape, 0.0145 + _LAYER_M * level)
        reach = float(np.ptp(outline[:, 1])) * 0.22
        for z in (-reach, reach):
            draft.use("galvanised", "frame").block((-0.1, -0.055, z - 0.02), (0.0, 0.055, z + 0.02), 0.006)


def picture(
    shapes: Shapes, size_m: float, slot: str = "print_black", centre: tuple[float, float] = (0, 0)
) -> list[Layer]:
    """Return a pictogram as layers."""
    return [(np.asarray(shape) * size_m + centre, slot) for shape in shapes]


def words(
    draft: Draft, text: str, high_m: float, slot: str, x_m: float, *, centre: tuple[float, float] = (0, 0)
) -> None:
    """Write a line of text that looks along +x."""
    work = draft.use(slot, "plate")
    shapes = lettering.strokes(text, high_m)  # strokes overlap, and coplanar faces would shade each other
    quads = [on_axis(quad + centre, x_m + 0.0001 * layer, "x") for layer, quad in enumerate(shapes)]
    if quads:
        work.add(np.concatenate(quads), np.arange(4 * len(quads)).reshape(-1, 4))


def _bordered(outline: Points, border: float, rim: str, field: str) -> list[Layer]:
    return [(outline, rim), (inset(outline, border), field)]


def _triangle(side_m: float, start_deg: float = 90.0) -> Points:
    return rounded(regular(3, side_m / np.sqrt(3), start_deg), 0.055 * side_m)


def warning(variant: int) -> Asset:
    """Return a triangle with a red border, apex up; variants: bend, walkers, danger, bump, cattle, works, signals."""
    draft = Draft()
    outline = _triangle(0.9)
    post(draft, 2.95)
    field = "sheet_yellow" if variant % len(WARNINGS) == 5 else "sheet_white"
    layers = [(outline, "sheet_red"), (_triangle(0.66), field), *picture(WARNINGS[variant % len(WARNINGS)], 0.185)]
    plate(draft, outline, 2.4, layers)
    return draft.asset("warning sign")


def order(variant: int) -> Asset:
    """Return a disc: speed limits, closed, no entry, and blue arrows."""
    draft, disc = Draft(), regular(28, 0.3)
    post(draft, 2.5)
    kind = variant % 8
    limits = ("30", "50", "70", "20")
    if kind < 4:
        layers = _bordered(disc, 0.055, "sheet_red", "sheet_white")
    elif kind == 4:
        layers = [(disc, "sheet_red"), (rounded_box(-0.22, 0.22, -0.055, 0.055, 0.01), "sheet_white")]
    elif kind == 5:
        layers = _bordered(disc, 0.055, "sheet_red", "sheet_white")
    else:
        shapes = ARROWS[0] if kind == 6 else ARROWS[3]
        layers = [(disc, "sheet_white"), (inset(disc, 0.012), "sheet_blue"), *picture(shapes, 0.3, "sheet_white")]
    plate(draft, disc, 2.2, layers)
    if kind < 4:
        words(draft, limits[kind], 0.24, "print_black", 0.05 + 0.018, centre=(0.0, 2.2))
    return draft.asset("order sign")


def info(variant: int) -> Asset:
    """Return a blue rectangle with a white pictogram."""
    draft, outline = Draft(), rounded_box(-0.3, 0.3, -0.3, 0.3, 0.03)
    post(draft, 2.55)
    kind = variant % len(INFORMATION)
    layers = [(outline, "sheet_white"), (inset(outline, 0.015), "sheet_blue")]
    if kind in (1, 2, 3):
        layers += [(rounded_box(-0.22, 0.22, -0.23, 0.23, 0.01), "sheet_white"), *picture(INFORMATION[kind], 0.2)]
    else:
        layers += picture(INFORMATION[kind], 0.25, "sheet_white")
    plate(draft, outline, 2.25, layers)
    return draft.asset("information sign")


def stop(variant: int) -> Asset:  # noqa: ARG001  # one look
    """Return the octagon, 0.9 m across, with the word."""
    draft, outline = Draft(), regular(8, 0.45 / np.cos(np.pi / 8), 22.5)
    post(draft, 2.75)
    plate(draft, outline, 2.3, [(outline, "sheet_white"), (inset(outline, 0.03), "sheet_red")])
    words(draft, "STOP", 0.2, "sheet_white", 0.068, centre=(0.0, 2.3))
    return draft.asset("stop sign")


def give_way(variant: int) -> Asset:  # noqa: ARG001
    """Return the triangle on its apex."""
    draft, outline = Draft(), _triangle(0.9, 270.0)
    post(draft, 2.75)
    plate(draft, outline, 2.35, [(outline, "sheet_red"), (_triangle(0.6, 270.0), "sheet_white")])
    return draft.asset("give way sign")


def direction(variant: int) -> Asset:
    """Return a large board on two posts, 3.2 by 1.9 m: two or three invented places with arrows."""
    draft, rng = Draft(), np.random.default_rng([71, variant])
    wide, high, middle = 1.6, 0.95, 3.2
    ground = ("sheet_blue", "sheet_green", "sheet_white")[variant % 3]
    ink = "print_black" if ground == "sheet_white" else "sheet_white"
    outline = rounded_box(-wide, wide, -high, high, 0.1)
    for y in (-1.1, 1.1):
        post(draft, middle + high - 0.1, y_m=y, radius_m=0.057)
    lines = 2 + variant % 2
    layers = [(outline, ink), (inset(outline, 0.03), ground)]
    for number in range(lines):
        y, z = -1.25, high * (0.58 - 1.16 * number / (lines - 1))
        layers += picture(ARROWS[(0, 2, 1)[number]], 0.36, ink, (y, z))
    plate(draft, outline, middle, layers, x_m=0.07)
    for number in range(lines):
        name = lettering.word(rng, 2 + int(rng.integers(2)))[:8]
        z = high * (0.58 - 1.16 * number / (lines - 1))
        words(draft, name, 0.3, ink, 0.07 + 0.0145 + 0.012, centre=(0.3, middle + z))
    return draft.asset("direction sign")


def street_name(variant: int) -> Asset:
    """Return two name plates across each other on one post."""
    draft, rng = Draft(), np.random.default_rng([72, variant])
    post(draft, 2.85)
    for heading, z in ((0.0, 2.55), (90.0, 2.73)):
        name = lettering.word(rng, 2)
        half = lettering.width(name, 0.09) / 2 + 0.06
        outline = rounded_box(-half, half, -0.075, 0.075, 0.015)
        with draft.moved(0.0, 0.0, 0.0, heading):
            _two_faced(draft, outline, z, name, ("sheet_blue", "sheet_green", "sheet_white")[variant % 3])
    return draft.asset("street name")


def _two_faced(draft: Draft, outline: Points, z: float, name: str, ground: str) -> None:
    ink = "print_black" if ground == "sheet_white" else "sheet_white"
    for back in (0.0, 180.0):
        with draft.moved(0.0, 0.0, z, back), draft.moved(_TUBE_M):
            draft.use("aluminium", "plate").extrude(outline, 0.0, 0.004)
            draft.use(ground, "plate").face(outline, 0.005)
            words(draft, name, 0.09, ink, 0.0065)


def chevrons(variant: int) -> Asset:
    """Return a board that marks a bend: arrow heads to the right as seen, or to the left."""
    draft = Draft()
    for y in (-0.55, 0.55):
        post(draft, 1.65, y_m=y)
    outline = rounded_box(-0.9, 0.9, -0.25, 0.25, 0.03)
    side = 1 if variant % 2 == 0 else -1
    heads = [shape * (side, 1) for shape in _heads()]
    heads = heads if side > 0 else [head[::-1] for head in heads]
    plate(draft, outline, 1.35, [(outline, "sheet_white"), *((head, "sheet_red") for head in heads)])
    return draft.asset("chevron board")


def _heads() -> Iterator[Points]:
    for number in range(4):
        y = -0.78 + 0.4 * number
        yield np.array([(y, -0.22), (y + 0.17, -0.22), (y + 0.36, 0.0), (y + 0.17, 0.22), (y, 0.22), (y + 0.19, 0.0)])


def delineator(variant: int) -> Asset:
    """Return a marker post of the verge: white, 1.0 m, black band, reflector; variant 1 is orange-topped."""
    draft = Draft()
    outline = np.array([(0.05, -0.06), (0.05, 0.06), (0.0, 0.075), (-0.05, 0.0), (0.0, -0.075)])
    for low, high, slot in ((0.0, 0.68, "plastic_white"), (0.68, 0.92, "plastic_black"), (0.92, 1.0, "plastic_white")):
        draft.use(slot if variant % 2 == 0 or low < 0.9 else "plastic_orange", "body").extrude(
            outline, low, high, axis="z"
        )
    draft.use("sheet_white" if variant % 2 == 0 else "sheet_orange", "plate").face(
        rounded_box(-0.03, 0.03, 0.71, 0.89, 0.02), 0.0515
    )
    return draft.asset("delineator post")


def kilometre(variant: int) -> Asset:
    """Return a stone, or a small plate on a post, with a number."""
    draft, number = Draft(), str(12 + 17 * variant)
    if variant % 2 == 0:
        arch = [
            (-0.17, 0.0),
            (0.17, 0.0),
            (0.17, 0.6),
            *[(0.17 * np.cos(a), 0.6 + 0.17 * np.sin(a)) for a in np.linspace(0.2, np.pi - 0.2, 9)],
            (-0.17, 0.6),
        ]
        draft.use("concrete_pale").extrude(np.array(arch), -0.09, 0.09, bevel_m=0.0)
        draft.use("sheet_yellow", "plate").face(rounded_box(-0.169, 0.169, 0.48, 0.62, 0.005), 0.0915)
        words(draft, number, 0.15, "print_black", 0.0915, centre=(0.0, 0.33))
    else:
        post(draft, 1.5)
        outline = rounded_box(-0.2, 0.2, -0.15, 0.15, 0.03)
        plate(draft, outline, 1.3, [(outline, "sheet_white"), (inset(outline, 0.012), "sheet_blue")])
        words(draft, number, 0.16, "sheet_white", 0.068, centre=(0.0, 1.3))
    return draft.asset("kilometre post")


SIGNS = {
    "sign_warning": Furniture(geometry=warning, finish=plain_finish, footprint_m=(0.3, 0.9), variants=len(WARNINGS)),
    "sign_order": Furniture(geometry=order, finish=plain_finish, footprint_m=(0.3, 0.6), variants=8),
    "sign_info": Furniture(geometry=info, finish=plain_finish, footprint_m=(0.3, 0.6), variants=len(INFORMATION)),
    "sign_direction": Furniture(geometry=direction, finish=plain_finish, footprint_m=(0.4, 3.2), variants=6),
    "sign_street_name": Furniture(geometry=street_name, finish=plain_finish, footprint_m=(0.9, 0.9), variants=6),
    "sign_stop": Furniture(geometry=stop, finish=plain_finish, footprint_m=(0.3, 0.9)),
    "give_way": Furniture(geometry=give_way, finish=plain_finish, footprint_m=(0.3, 0.9)),
    "chevron_board": Furniture(geometry=chevrons, finish=plain_finish, footprint_m=(0.3, 1.8), variants=2),
    "delineator_post": Furniture(geometry=delineator, finish=plain_finish, footprint_m=(0.12, 0.15), variants=2),
    "kilometre_post": Furniture(geometry=kilometre, finish=plain_finish, footprint_m=(0.26, 0.4), variants=4),
}
