"""People as a street has them: ages, bodies, clothes, and what they carry and do.

Sources:
    Body heights: NCD-RisC 2020 means over countries (women 1.62 m, men 1.75 m) with 0.065 m between persons; children's
    from the WHO growth reference 2007, linear from 1.10 m at 5 years to 1.63 m at 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, get_args

import numpy as np

from scenes.draws import drawn
from scenes.spec.living import Carried, Outfit, Pose

_GROWN_UP_YEARS = 15
_OUTFITS: tuple[tuple[Outfit, float, float], ...] = (  # share among women, men
    ("casual", 0.46, 0.60),
    ("business", 0.10, 0.15),
    ("coat", 0.14, 0.10),
    ("dress", 0.14, 0.0),
    ("shorts", 0.06, 0.09),
    ("sari", 0.07, 0.0),
    ("hi_vis", 0.01, 0.03),
    ("uniform", 0.02, 0.03),
)
_CARRIED: tuple[tuple[Carried, float], ...] = (
    ("backpack", 0.16),
    ("handbag", 0.14),
    ("shopping", 0.10),
    ("suitcase", 0.03),
    ("umbrella", 0.03),
)
_RAINY, _UMBRELLA_WHEN_WET = 0.5, 0.35
_CHILD_SHARE = 0.09
_FREE_HANDED: tuple[Pose, ...] = ("walking", "standing", "crossing")
CAST = 480
"""Different people in each pose."""
_STROLLER_SHARES: Mapping[Pose, float] = MappingProxyType(
    {
        "walking": 0.60,
        "standing": 0.17,
        "phoning": 0.07,
        "running": 0.04,
        "sitting": 0.04,
        "pushing": 0.03,
        "wheelchair": 0.02,
        "crossing": 0.03,
    }
)
STROLLERS: tuple[Pose, ...] = tuple(_STROLLER_SHARES)
"""Poses of people on a pavement."""


def draw_pose(rng: np.random.Generator) -> Pose:
    """Draw what somebody on a pavement does."""
    return drawn(_STROLLER_SHARES, rng)


def draw_person(rng: np.random.Generator, *, pose: Pose, wetness: float = 0.0) -> dict[str, Any]:
    """Draw somebody of the cast: the keyword arguments of `Person` but place and number.

    A cast is to people what models are to vehicles: the stage builds each of its members in a pose once.

    Args:
        rng: the scene's generator.
        pose: how the body is held; riders wear riders' clothes, those who push something are grown up.
        wetness: of the road, in [0, 1]; when it rains, people open umbrellas.
    """
    member = dict(_member(pose, int(rng.integers(CAST))))
    if pose in _FREE_HANDED and wetness > _RAINY and rng.random() < _UMBRELLA_WHEN_WET:
        member["carries"] = ("umbrella",)
    return member


@cache
def _member(pose: Pose, number: int) -> Mapping[str, Any]:
    rng = np.random.default_rng([get_args(Pose).index(pose), number])
    grown_up = pose in ("riding", "driving", "directing", "pushing") or rng.random() > _CHILD_SHARE
    age = float(rng.triangular(16, 30, 85)) if grown_up else float(rng.uniform(5, _GROWN_UP_YEARS))
    female = bool(rng.random() < 0.5)
    return MappingProxyType(
        {
            "pose": pose,
            "height_m": round(_height_m(age, female=female, rng=rng), 3),
            "sex": "female" if female else "male",
            "age_years": round(age, 1),
            "build": round(float(np.clip(rng.normal(0.1, 0.45), -1, 1)), 2),
            "outfit": _outfit(pose, age, female=female, rng=rng),
            "carries": _carried(pose, rng),
            "helmet": bool(rng.random() < _HELMET_SHARES.get(pose, 0.0)),
            "seed": int(rng.integers(2**31)),
        }
    )


_HELMET_SHARES = MappingProxyType({"riding": 0.85, "cycling": 0.4})


def _height_m(age_years: float, *, female: bool, rng: np.random.Generator) -> float:
    if age_years < _GROWN_UP_YEARS:
        return float(np.clip(1.10 + 0.053 * (age_years - 5) + rng.normal(0, 0.05), 0.95, 1.75))
    return float(np.clip((1.62 if female else 1.75) + rng.normal(0, 0.065), 1.42, 2.0))


def _outfit(pose: Pose, age_years: float, *, female: bool, rng: np.random.Generator) -> Outfit:
    if pose == "riding":
        return "rider" if rng.random() < 0.5 else "casual"
    if pose == "directing":
        return "hi_vis" if rng.random() < 0.6 else "uniform"
    if age_years < _GROWN_UP_YEARS or pose == "cycling":
        return "shorts" if rng.random() < 0.3 else "casual"
    shares = np.array([women if female else men for _, women, men in _OUTFITS])
    return _OUTFITS[int(rng.choice(len(_OUTFITS), p=shares / shares.sum()))][0]


def _carried(pose: Pose, rng: np.random.Generator) -> tuple[Carried, ...]:
    if pose == "pushing":
        return ("pram",)
    if pose in ("riding", "cycling", "running"):
        return ("backpack",) if rng.random() < 0.2 else ()
    if pose not in _FREE_HANDED:
        return ()
    left = rng.random()
    for name, share in _CARRIED:
        left -= share
        if left < 0:
            return (name,)
    return ()
