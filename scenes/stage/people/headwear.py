"""Caps, hats, helmets and headscarves that fit the head they sit on."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.people.garment import Cloth, cloth, cut, hemmed
from scenes.stage.people.hair import Head, curtain
from scenes.stage.people.section import tube_faces

_SECTORS = 32


def headwear(head: Head, kind: str, rng: np.random.Generator) -> list[Cloth]:
    """Return what sits on a head; nothing for "none"."""
    makers = {
        "cap": lambda: _cap(head),
        "peaked_cap": lambda: _peaked(head),
        "beanie": lambda: [_knitted(head)],
        "hat": lambda: [_dome(head, base=0.52, grow=(0.010, 0.010, 0.03), brim_m=0.062)],
        "hard_hat": lambda: [
            _dome(head, base=0.48, grow=(0.024, 0.022, 0.045), brim_m=0.018),
            _visor(head, base=0.50, out_m=0.055, wide_deg=60),
        ],
        "bicycle_helmet": lambda: _bicycle(head),
        "helmet": lambda: _full_face(head),
        "headscarf": lambda: _scarf(head, rng),
    }
    return makers[kind]() if kind in makers else []


def covers_hair(kind: str) -> bool:
    """Return whether no hair shows below."""
    return kind in ("headscarf", "helmet")


def _skull(head: Head) -> tuple[Points, Points]:
    """Return the middle and the half axes of the skull above the brow."""
    own = head.cage.points[head.own & (head.local[:, 2] > 0.5)]
    low, high = own.min(axis=0), own.max(axis=0)
    middle = (low + high) / 2
    return middle, (high - low) / 2


def _dome(
    head: Head,
    *,
    base: float,
    grow: tuple[float, float, float],
    brim_m: float = 0.0,
    flat: float = 2.0,
    tilt: float = 0.10,
) -> Cloth:
    """Return a crown from `base` (skull heights over the head joint) up, with a brim all around if wanted."""
    middle, half = _skull(head)
    bottom = head.joint[2] + base * head.size
    top = head.cage.points[head.own, 2].max() + grow[2] * 0.5
    share = np.linspace(0, 1, 9)
    wide = (1 - share**flat) ** (1 / flat)
    wide[-1] = 0.02
    rings = [(w, bottom + s * (top - bottom), 0.0) for w, s in zip(wide, share, strict=True)]
    if brim_m:
        rings = [(1.0, bottom - 0.004, brim_m), (1.0, bottom + 0.002, brim_m), *rings]
    rings = [(0.97, bottom - 0.002, 0.0), *rings]
    angle = np.linspace(0, 2 * np.pi, _SECTORS, endpoint=False)
    points = []
    for w, z, out in rings[::-1]:
        x = middle[0] + np.cos(angle) * ((half[0] + grow[0]) * w + out)
        y = np.sin(angle) * ((half[1] + grow[1]) * w + out)
        points.append(np.stack([x, y, z + tilt * (x - middle[0])], axis=1))
    flat_points = np.concatenate(points)
    return cloth(flat_points, head.carried(flat_points), tube_faces(len(rings), _SECTORS), "headwear")


def _visor(
    head: Head, *, base: float, out_m: float, wide_deg: float, slot: str = "headwear", drop: float = 0.25
) -> Cloth:
    middle, half = _skull(head)
    angle = np.deg2rad(np.linspace(-wide_deg, wide_deg, 17))
    z = head.joint[2] + base * head.size
    rows = []
    for out, lower in ((-0.010, 0.0), (0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 0.005), (0.0, 0.005)):
        reach = out * out_m * np.cos(angle / np.deg2rad(wide_deg) * np.pi / 2) ** 0.6
        x = middle[0] + np.cos(angle) * (half[0] + 0.008) + reach
        y = np.sin(angle) * (half[1] + 0.008)
        rows.append(np.stack([x, y, z + 0.1 * (x - middle[0]) - drop * np.maximum(reach, 0) - lower], axis=1))
    points = np.concatenate(rows)
    index = np.arange(len(points)).reshape(len(rows), -1)
    a, b, c, d = index[:-1, :-1].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel(), index[:-1, 1:].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return cloth(points, head.carried(points), faces, slot)


def _cap(head: Head) -> list[Cloth]:
    return [
        _dome(head, base=0.52, grow=(0.011, 0.010, 0.018), flat=2.3),
        _visor(head, base=0.53, out_m=0.068, wide_deg=58),
    ]


def _peaked(head: Head) -> list[Cloth]:
    """Return a police officer's cap: a band, a wide flat top and a black shining peak."""
    middle, half = _skull(head)
    angle = np.linspace(0, 2 * np.pi, _SECTORS, endpoint=False)
    base = head.joint[2] + 0.55 * head.size
    rings = (
        (0.02, 0.074),
        (0.5, 0.076),
        (0.94, 0.070),
        (1.0, 0.062),
        (0.98, 0.055),
        (0.80, 0.040),
        (0.78, 0.0),
        (0.74, -0.002),
    )
    wide = half + np.array([0.052, 0.046, 0.0])
    points = np.concatenate(
        [
            np.stack(
                [
                    middle[0] + np.cos(angle) * wide[0] * w,
                    np.sin(angle) * wide[1] * w,
                    base + z + (0.12 + 0.22 * (z > 0.05)) * np.cos(angle) * wide[0] * w,
                ],
                axis=1,
            )
            for w, z in rings
        ]
    )
    crown = cloth(points, head.carried(points), tube_faces(len(rings), _SECTORS), "headwear")
    return [crown, _visor(head, base=0.56, out_m=0.048, wide_deg=62, slot="belt", drop=0.55)]


def _knitted(head: Head) -> Cloth:
    patch = head.patch("headwear")
    local = (patch.points - head.joint) / head.size
    field = local[:, 2] - np.interp(local[:, 0], [-0.5, 0.1, 0.8], [0.02, 0.22, 0.66])
    made = cut(patch, field * head.size)
    up = np.clip((made.points[:, 2] - head.joint[2]) / head.size, 0, 1)
    way = made.normals + np.array([0.0, 0.0, 0.35]) * up[:, None]
    return hemmed(made.moved(made.points + way * (0.010 + 0.014 * up)[:, None]), 0.006, lining_m=0.006)


def _bicycle(head: Head) -> list[Cloth]:
    dome = _dome(head, base=0.58, grow=(0.030, 0.020, 0.055), flat=2.2, tilt=0.12)
    side = np.arctan2(dome.points[:, 1], dome.points[:, 0] - head.joint[0])
    vents = 0.004 * np.sign(np.sin(side * 9))
    shaped = dome.points.copy()
    shaped[:, 2] += vents
    strap = _strap(head)
    return [dome.moved(shaped), strap]


def _strap(head: Head) -> Cloth:
    patch = head.patch("belt")
    local = (patch.points - head.joint) / head.size
    line = 0.36 + 0.22 * (local[:, 2] < -0.2) - 0.35 * np.minimum(local[:, 2] + 0.1, 0)
    field = np.minimum(0.035 - np.abs(local[:, 0] - line), 0.62 - local[:, 2])
    made = cut(patch, field * head.size)
    return made.moved(made.points + made.normals * 0.003)


def _full_face(head: Head) -> list[Cloth]:
    """Return a motorcyclist's helmet with a dark visor."""
    middle, half = _skull(head)
    centre = np.array([middle[0] + 0.008, 0.0, head.joint[2] + 0.36 * head.size])
    wide = np.array([half[0] + 0.040, half[1] + 0.036, 0.76 * head.size + 0.020])
    rows, sectors = 22, 36
    tilt = np.linspace(0.02, np.deg2rad(148), rows)
    angle = np.linspace(0, 2 * np.pi, sectors, endpoint=False)
    flat, up = np.sin(tilt), np.cos(tilt)
    chin = 1 + 0.16 * np.clip(-up - 0.05, 0, 1)[:, None] * np.maximum(np.cos(angle), 0)[None]
    points = np.stack(
        [
            centre[0] + wide[0] * flat[:, None] * np.cos(angle)[None] * chin,
            wide[1] * flat[:, None] * np.sin(angle)[None] * np.ones((rows, 1)),
            centre[2] + wide[2] * up[:, None] * np.ones((1, sectors)),
        ],
        axis=-1,
    )
    pane = (np.abs((angle + np.pi) % (2 * np.pi) - np.pi) < np.deg2rad(72))[None] & (
        (tilt > np.deg2rad(66)) & (tilt < np.deg2rad(106))
    )[:, None]
    points[pane] -= np.array([0.005, 0.0, 0.0])
    flat_points = points.reshape(-1, 3)
    made = cloth(flat_points, head.carried(flat_points), tube_faces(rows, sectors), "headwear")
    glass = pane.ravel()[made.faces].all(axis=1)
    return [hemmed(made.shown("visor", glass), 0.01, lining_m=0.02)]


def _scarf(head: Head, rng: np.random.Generator) -> list[Cloth]:
    """Return a scarf around hair, neck and shoulders that leaves the face free."""
    patch = head.patch("headwear")
    local = (patch.points - head.joint) / head.size
    face = np.hypot((local[:, 2] - 0.08) / 0.68, local[:, 1] / 0.50) - 1.0
    field = np.where(local[:, 0] > 0.30, face, 1.0)
    made = cut(patch, field * 0.5 * head.size)
    close = made.moved(made.points + made.normals * 0.011)
    fall = curtain(
        head,
        -0.72,
        rng,
        volume_m=0.016,
        slot="headwear",
        opening=((-0.97, 6), (-0.60, 40), (0.0, 58), (0.35, 50), (0.55, 4), (1.0, 2)),
    )
    return [hemmed(close, 0.004), fall]
