"""Patterns of garments: their measures, and fields over the body that are positive where a garment covers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.people.tailoring import Cage

WAIST_M = -0.095  # of trousers, from the hip joints down, for a body of 1.7 m


@dataclass(frozen=True, kw_only=True)
class Top:
    """A top's cut for a body of 1.7 m: sleeves as a share of the arm, metres below the hip joints for the hem."""

    sleeve: float
    hem_m: float
    ease_m: float
    looseness: float
    upper_m: float
    cuff_m: float
    neck_m: float = 0.0
    collar: str = "none"
    depth_m: float = 0.006
    thickness_m: float = 0.004


TOPS: Mapping[str, Top] = MappingProxyType(
    {
        "tshirt": Top(sleeve=0.42, hem_m=0.05, ease_m=0.010, looseness=0.55, upper_m=0.064, cuff_m=0.070),
        "shirt_short": Top(
            sleeve=0.40,
            hem_m=0.06,
            ease_m=0.011,
            looseness=0.6,
            upper_m=0.064,
            cuff_m=0.070,
            neck_m=0.018,
            collar="leaf",
        ),
        "shirt": Top(
            sleeve=0.96,
            hem_m=0.06,
            ease_m=0.011,
            looseness=0.6,
            upper_m=0.060,
            cuff_m=0.046,
            neck_m=0.018,
            collar="leaf",
        ),
        "blouse": Top(sleeve=0.30, hem_m=-0.20, ease_m=0.006, looseness=0.1, upper_m=0.05, cuff_m=0.05, neck_m=-0.012),
        "sweater": Top(
            sleeve=0.97,
            hem_m=0.04,
            ease_m=0.016,
            looseness=0.7,
            upper_m=0.068,
            cuff_m=0.052,
            neck_m=0.006,
            depth_m=0.008,
        ),
        "hoodie": Top(
            sleeve=0.98,
            hem_m=0.04,
            ease_m=0.020,
            looseness=0.8,
            upper_m=0.064,
            cuff_m=0.056,
            neck_m=0.012,
            collar="hood",
            depth_m=0.010,
            thickness_m=0.006,
        ),
        "jacket": Top(
            sleeve=0.98,
            hem_m=0.07,
            ease_m=0.024,
            looseness=0.85,
            upper_m=0.074,
            cuff_m=0.060,
            neck_m=0.020,
            collar="leaf",
            depth_m=0.010,
            thickness_m=0.008,
        ),
        "suit": Top(
            sleeve=0.95,
            hem_m=0.10,
            ease_m=0.021,
            looseness=0.6,
            upper_m=0.068,
            cuff_m=0.058,
            neck_m=0.006,
            collar="lapel",
            depth_m=0.005,
            thickness_m=0.007,
        ),
        "coat": Top(
            sleeve=0.98,
            hem_m=0.0,
            ease_m=0.028,
            looseness=0.8,
            upper_m=0.076,
            cuff_m=0.064,
            neck_m=0.022,
            collar="leaf",
            depth_m=0.008,
            thickness_m=0.009,
        ),
        "dress": Top(sleeve=0.30, hem_m=0.0, ease_m=0.008, looseness=0.35, upper_m=0.062, cuff_m=0.07, neck_m=-0.018),
        "kurta": Top(sleeve=0.80, hem_m=0.0, ease_m=0.014, looseness=0.75, upper_m=0.064, cuff_m=0.060, neck_m=0.012),
        "rider": Top(
            sleeve=1.0,
            hem_m=0.03,
            ease_m=0.022,
            looseness=0.55,
            upper_m=0.068,
            cuff_m=0.054,
            neck_m=0.026,
            depth_m=0.007,
            thickness_m=0.008,
        ),
    }
)
LEGS: Mapping[str, tuple[float, float, float, float]] = MappingProxyType(  # end of leg, ease, knee, hem radius
    {
        "jeans": (1.0, 0.007, 0.076, 0.075),
        "trousers": (1.0, 0.010, 0.086, 0.088),
        "leggings": (0.97, 0.003, 0.05, 0.045),
        "shorts": (0.50, 0.010, 0.092, 0.09),
        "leathers": (0.99, 0.012, 0.082, 0.072),
    }
)


def ground_field(cage: Cage, shoes: str) -> Points:
    """Feet are in shoes."""
    high = 0.058 if shoes == "flats" else 0.085
    return np.asarray(cage.rest.joints["sole"][2] + high * cage.size - cage.points[:, 2])


def neck_field(cage: Cage, up_m: float) -> Points:
    """Positive below a neckline that is lower in front."""
    neck = cage.rest.joints["neck_01"]
    aside = np.maximum(np.abs(cage.points[:, 1]) - 0.052 * cage.size, 0)
    fall = neck[2] + (up_m - 0.014) * cage.size - 0.45 * (cage.points[:, 0] - neck[0]) + 0.6 * aside
    return np.asarray(np.where(cage.arm > 0, 1.0, fall - cage.points[:, 2]))


def _sleeve_field(cage: Cage, share: float) -> Points:
    total = sum(cage.rest.arm_m("l"))
    return np.asarray(np.where(cage.arm > 0, share * total - cage.arm, 1.0))


def top_field(cage: Cage, top: Top) -> Points:
    """Positive between a top's neckline, hem and cuffs."""
    hem = np.where(cage.arm > 0, 1.0, top.hem_m * cage.size - cage.leg)
    return np.asarray(np.min([hem, _sleeve_field(cage, top.sleeve), neck_field(cage, top.neck_m)], axis=0))


def inner_field(cage: Cage) -> Points:
    """Positive where a shirt under a jacket or coat covers the trunk."""
    hem = np.where(cage.arm > 0, -1.0, -0.05 * cage.size - cage.leg)
    return np.asarray(np.minimum(hem, neck_field(cage, 0.012)))


def lapel_field(cage: Cage, low_m: float, slope: float) -> Points:
    """Negative in the V of an open front."""
    down = cage.rest.joints["neck_01"][2] - cage.points[:, 2]
    wide = 0.085 * cage.size - slope * down
    front = cage.points[:, 0] > cage.rest.joints["neck_01"][0]
    outside = np.abs(cage.points[:, 1]) - np.where(down < low_m * cage.size, wide, -1.0)
    return np.asarray(np.where(front & (down > -0.2), outside, 1.0))


def trouser_field(cage: Cage, kind: str) -> Points:
    """Positive between waistband and hems."""
    long = cage.rest.joints["thigh_l"][2] - cage.rest.joints["sole"][2]
    end = LEGS[kind][0] * long - 0.042 * cage.size
    return np.asarray(np.where(cage.arm > 0, -1.0, np.minimum(cage.leg - WAIST_M * cage.size, end - cage.leg)))
