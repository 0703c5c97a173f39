"""The shape of a lens: how far it is from a pinhole, by the coefficients that a calibration gives."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType
from typing import Literal

from pydantic import ConfigDict

from scenes.errors import InputError

_COEFFICIENTS = MappingProxyType({"none": 0, "brown_conrady": 3, "fisheye": 4})


@dataclass(frozen=True, kw_only=True)
class LensShape:
    """Coefficients of one lens, as OpenCV names them; `render.develop.distortion` bends pictures by them.

    Args:
        model: `brown_conrady` (k1 k2 k3, p1 p2) or `fisheye` (k1 to k4).
        k: radial coefficients; missing ones are 0.
        p: tangential coefficients, `brown_conrady` only.
    """

    model: Literal["none", "brown_conrady", "fisheye"] = "none"
    k: tuple[float, ...] = ()
    p: tuple[float, ...] = ()
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if self.model not in _COEFFICIENTS:
            raise InputError("distortion.model", f"must be one of {sorted(_COEFFICIENTS)}", got=self.model)
        if len(self.k) > _COEFFICIENTS[self.model]:
            raise InputError("distortion.k", f"must have <= {_COEFFICIENTS[self.model]} numbers", got=self.k)
        if len(self.p) > (2 if self.model == "brown_conrady" else 0):
            raise InputError("distortion.p", "must be 2 numbers for brown_conrady, else none", got=self.p)
        if not all(isfinite(number) for number in (*self.k, *self.p)):
            raise InputError("distortion", "must be finite", got=(self.k, self.p))
