"""How dogs, deer and cattle are built: stations of trunk, neck and head, and the bones of their legs.

All numbers are in shoulder heights: x forward from the body's middle, z up from the ground.
Sources: proportions measured on side views in Ellenberger, Baum & Dittrich, "An Atlas of Animal Anatomy for Artists"
(1911); a red deer's and a cow's trunk are 1.05 to 1.2 shoulder heights long, a working dog's about 1.05.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scenes.spec.living import Animal

Station = tuple[float, float, float, float]
_NUMBER = {"dog": 501, "deer": 502, "cow": 503}


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One pair of legs.

    Args:
        root: (x, y, z) of elbow (fore) or hip (hind).
        bones: lengths of forearm, cannon and pastern; hind legs have a thigh before them.
        flesh: (half width, half depth) at root, thigh's end, knee or hock, cannon, fetlock and foot.
        foot_x: where the foot stands.
        hock_back: whether the joint between the two long bones bends backwards.
    """

    root: tuple[float, float, float]
    bones: tuple[float, ...]
    flesh: tuple[tuple[float, float], ...]
    foot_x: float
    hock_back: bool


@dataclass(frozen=True, kw_only=True)
class Build:
    """One animal's body.

    Args:
        trunk, neck, head: stations (x, z, half width, half height), from rump to muzzle.
        fore, hind: legs.
        tail: (x, z) path; tail_m: half thickness along it.
        ear: length, half width; ear_droop: 0 upright, 1 hanging.
        eye: (x, y, z) and size.
        horns: "none", "horns" or "antlers"; horn: its size.
        hump: height of a zebu's.
        udder, dewlap: of cattle; rump: whether it is pale behind, as a deer's.
        claws: whether feet are hooves.
        blend: how softly its parts grow together; step: of the grid that finds its skin.
    """

    trunk: tuple[Station, ...]
    neck: tuple[Station, ...]
    head: tuple[Station, ...]
    fore: Leg
    hind: Leg
    tail: tuple[tuple[float, float], ...]
    tail_m: tuple[float, ...]
    ear: tuple[float, float]
    ear_droop: float
    eye: tuple[float, float, float, float]
    horns: str = "none"
    horn: float = 0.0
    hump: float = 0.0
    udder: bool = False
    rump: bool = False
    dewlap: float = 0.0
    claws: bool = True
    blend: float = 0.02
    step: float = 0.0245


_DEER = Build(
    trunk=(
        (-0.57, 0.84, 0.05, 0.07),
        (-0.5, 0.835, 0.11, 0.14),
        (-0.38, 0.815, 0.145, 0.18),
        (-0.2, 0.79, 0.14, 0.175),
        (0.0, 0.77, 0.15, 0.195),
        (0.18, 0.765, 0.142, 0.215),
        (0.32, 0.785, 0.115, 0.212),
        (0.41, 0.81, 0.088, 0.15),
        (0.46, 0.83, 0.06, 0.09),
    ),
    neck=((0.28, 0.84, 0.085, 0.165), (0.41, 0.98, 0.068, 0.135), (0.51, 1.13, 0.056, 0.092), (0.58, 1.26, 0.05, 0.07)),
    head=(
        (0.57, 1.3, 0.045, 0.05),
        (0.63, 1.31, 0.06, 0.072),
        (0.7, 1.285, 0.056, 0.066),
        (0.78, 1.235, 0.045, 0.056),
        (0.855, 1.19, 0.037, 0.045),
        (0.885, 1.172, 0.033, 0.036),
    ),
    fore=Leg(
        root=(0.27, 0.085, 0.6),
        bones=(0.24, 0.225, 0.095),
        flesh=((0.055, 0.095), (0.042, 0.062), (0.026, 0.03), (0.0185, 0.023), (0.021, 0.025), (0.018, 0.02)),
        foot_x=0.29,
        hock_back=False,
    ),
    hind=Leg(
        root=(-0.4, 0.085, 0.83),
        bones=(0.26, 0.3, 0.3, 0.085),
        flesh=((0.07, 0.15), (0.06, 0.105), (0.024, 0.04), (0.0195, 0.026), (0.022, 0.026), (0.018, 0.02)),
        foot_x=-0.47,
        hock_back=True,
    ),
    tail=((-0.56, 0.87), (-0.6, 0.83), (-0.615, 0.77)),
    tail_m=(0.03, 0.028, 0.012),
    ear=(0.19, 0.058),
    ear_droop=0.62,
    eye=(0.685, 0.053, 1.3, 0.0145),
    rump=True,
)

_COW = Build(
    trunk=(
        (-0.64, 0.8, 0.06, 0.08),
        (-0.57, 0.8, 0.15, 0.16),
        (-0.45, 0.77, 0.205, 0.215),
        (-0.25, 0.71, 0.2, 0.255),
        (-0.02, 0.69, 0.215, 0.285),
        (0.2, 0.69, 0.2, 0.29),
        (0.36, 0.715, 0.155, 0.28),
        (0.48, 0.73, 0.12, 0.2),
        (0.56, 0.74, 0.06, 0.1),
    ),
    neck=((0.38, 0.8, 0.1, 0.2), (0.54, 0.88, 0.082, 0.155), (0.68, 0.96, 0.075, 0.12), (0.76, 1.0, 0.072, 0.1)),
    head=(
        (0.76, 1.03, 0.07, 0.07),
        (0.82, 1.02, 0.088, 0.095),
        (0.89, 0.965, 0.082, 0.088),
        (0.96, 0.88, 0.066, 0.078),
        (1.01, 0.815, 0.062, 0.07),
        (1.035, 0.785, 0.066, 0.06),
    ),
    fore=Leg(
        root=(0.31, 0.125, 0.52),
        bones=(0.235, 0.16, 0.075),
        flesh=((0.075, 0.115), (0.06, 0.078), (0.038, 0.042), (0.026, 0.03), (0.03, 0.034), (0.026, 0.028)),
        foot_x=0.33,
        hock_back=False,
    ),
    hind=Leg(
        root=(-0.45, 0.125, 0.74),
        bones=(0.26, 0.27, 0.215, 0.07),
        flesh=((0.1, 0.2), (0.08, 0.135), (0.034, 0.056), (0.027, 0.036), (0.031, 0.035), (0.026, 0.028)),
        foot_x=-0.53,
        hock_back=True,
    ),
    tail=((-0.62, 0.93), (-0.68, 0.9), (-0.7, 0.75), (-0.69, 0.5), (-0.68, 0.36)),
    tail_m=(0.024, 0.022, 0.016, 0.014, 0.014),
    ear=(0.17, 0.055),
    ear_droop=0.75,
    eye=(0.905, 0.082, 0.995, 0.017),
    horns="horns",
    horn=0.16,
    udder=True,
    dewlap=0.05,
    blend=0.026,
    step=0.03,
)

_DOG = Build(
    trunk=(
        (-0.55, 0.83, 0.05, 0.06),
        (-0.48, 0.82, 0.1, 0.125),
        (-0.36, 0.81, 0.13, 0.15),
        (-0.17, 0.79, 0.12, 0.15),
        (0.0, 0.76, 0.14, 0.19),
        (0.18, 0.735, 0.15, 0.235),
        (0.32, 0.75, 0.135, 0.235),
        (0.41, 0.785, 0.09, 0.145),
        (0.46, 0.8, 0.055, 0.085),
    ),
    neck=((0.3, 0.84, 0.1, 0.16), (0.43, 0.97, 0.085, 0.125), (0.52, 1.08, 0.078, 0.1), (0.57, 1.15, 0.076, 0.085)),
    head=(
        (0.55, 1.2, 0.07, 0.07),
        (0.62, 1.215, 0.094, 0.092),
        (0.7, 1.195, 0.085, 0.082),
        (0.77, 1.15, 0.05, 0.055),
        (0.87, 1.125, 0.04, 0.046),
        (0.93, 1.115, 0.032, 0.036),
    ),
    fore=Leg(
        root=(0.27, 0.1, 0.56),
        bones=(0.27, 0.17, 0.075),
        flesh=((0.06, 0.1), (0.046, 0.06), (0.033, 0.036), (0.029, 0.031), (0.03, 0.034), (0.036, 0.034)),
        foot_x=0.27,
        hock_back=False,
    ),
    hind=Leg(
        root=(-0.4, 0.095, 0.8),
        bones=(0.26, 0.28, 0.2, 0.07),
        flesh=((0.07, 0.14), (0.056, 0.1), (0.027, 0.042), (0.026, 0.032), (0.028, 0.032), (0.035, 0.033)),
        foot_x=-0.5,
        hock_back=True,
    ),
    tail=((-0.53, 0.88), (-0.62, 0.86), (-0.72, 0.76), (-0.78, 0.64), (-0.82, 0.58)),
    tail_m=(0.034, 0.034, 0.034, 0.03, 0.014),
    ear=(0.13, 0.055),
    ear_droop=0.0,
    eye=(0.745, 0.05, 1.2, 0.0155),
    claws=False,
)


def build_of(animal: Animal) -> Build:
    """Return an animal's build; its seed draws sex, breed and how stout it is."""
    rng = np.random.default_rng([_NUMBER[animal.kind], animal.seed])
    if animal.kind == "deer":
        stag = rng.random() < 0.5
        made = replace(_DEER, horns="antlers" if stag else "none", horn=float(rng.uniform(0.35, 0.58)))
        return _stout(made, float(rng.normal(1.08 if stag else 1.0, 0.04)))
    if animal.kind == "cow":
        return _cow(rng)
    return _dog(rng)


def _cow(rng: np.random.Generator) -> Build:
    zebu = rng.random() < 0.45
    made = replace(_COW, horn=float(rng.uniform(0.1, 0.34 if zebu else 0.2)), udder=bool(rng.random() < 0.6))
    if rng.random() < 0.3:
        made = replace(made, horns="none")
    if zebu:
        made = replace(made, hump=float(rng.uniform(0.1, 0.16)), dewlap=0.1, ear=(0.24, 0.06), ear_droop=1.15)
    return _stout(made, float(rng.normal(0.9 if zebu else 1.0, 0.04)))


def _dog(rng: np.random.Generator) -> Build:
    """A street dog, a shepherd, a hound or a retriever."""
    breed = int(rng.integers(4))
    droop, stout, snout = ((0.25, 0.9, 1.0), (0.0, 1.0, 1.05), (1.5, 0.95, 1.0), (1.35, 1.12, 0.92))[breed]
    curled = ((-0.53, 0.9), (-0.6, 0.97), (-0.62, 1.08), (-0.55, 1.15), (-0.46, 1.13))
    ear = ((0.12, 0.06), (0.135, 0.066), (0.17, 0.07), (0.14, 0.066))[breed]
    made = replace(_DOG, ear_droop=droop, ear=ear, tail=curled if breed == 0 else _DOG.tail)
    if breed == 1:
        made = replace(made, tail_m=(0.04, 0.05, 0.056, 0.045, 0.015))
    head = tuple(
        (x if number < 3 else 0.74 + (x - 0.74) * snout, z, w, h) for number, (x, z, w, h) in enumerate(made.head)
    )
    return _stout(replace(made, head=head), stout * float(rng.normal(1.0, 0.04)))


def _stout(build: Build, share: float) -> Build:
    """Return a build whose trunk and neck are wider by a share; its back stays level."""
    trunk = tuple((x, z + h * (1 - share) * 0.6, w * share, h * (1 + (share - 1) * 0.6)) for x, z, w, h in build.trunk)
    neck = tuple((x, z, w * share, h * share) for x, z, w, h in build.neck)
    return replace(build, trunk=trunk, neck=neck)
