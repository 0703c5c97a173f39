"""What the `render` section of the config may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict

from scenes.errors import InputError

_MOST_SAMPLES = 65_536
_FAMILIES = ("day", "low_sun", "night")


def _samples(value: Any) -> Any:
    if value != "auto" and (isinstance(value, bool) or not isinstance(value, int)):
        raise InputError("render.spp", "must be a whole number of samples, or auto", got=value)
    return value


Samples = Annotated[int | Literal["auto"], BeforeValidator(_samples)]


@dataclass(frozen=True, kw_only=True)
class RenderSettings:
    """How a view is traced.

    Args:
        resolution: width and height in pixels, each 16 to 8192.
        spp: paths per pixel, >= 1, or "auto", which takes them from `auto_spp` view by view.
        auto_spp: lighting family of the scene to its paths per pixel, each >= 1; see `conf/round.yaml`.
        diffuse_bounces, glossy_bounces, transmission_bounces: path depth by kind, >= 0.
        clamp_indirect: largest indirect contribution of one path, in trace units (cd/m² times the stage's gain); 0 for
            no limit. It acts on each light group and on their sum alike, so groups still add up.
        blur_glossy: how much Cycles may roughen what is seen by blurred paths, >= 0; fewer fireflies.
        view_seconds: a view that takes longer is given up, > 0.
        scenes_per_worker: a worker process is replaced after so many scenes, >= 1, so that leaks cannot grow.
    """

    resolution: tuple[int, int] = (640, 384)
    spp: Samples = 6
    auto_spp: Mapping[str, int] = field(default_factory=dict)
    diffuse_bounces: int = 2
    glossy_bounces: int = 3
    transmission_bounces: int = 4
    clamp_indirect: float = 0.0
    blur_glossy: float = 1.0
    view_seconds: float = 600.0
    scenes_per_worker: int = 50
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not all(16 <= side <= 8192 for side in self.resolution):
            raise InputError("render.resolution", "width and height must lie in [16, 8192]", got=self.resolution)
        self._check_samples()
        if self.scenes_per_worker < 1:
            raise InputError("render.scenes_per_worker", "must be at least 1", got=self.scenes_per_worker)
        bounces = ("diffuse_bounces", "glossy_bounces", "transmission_bounces")
        for name in (*bounces, "clamp_indirect", "blur_glossy"):
            if getattr(self, name) < 0:
                raise InputError(f"render.{name}", "must not be negative", got=getattr(self, name))
        if self.view_seconds <= 0:
            raise InputError("render.view_seconds", "must be > 0", got=self.view_seconds)

    def _check_samples(self) -> None:
        _samples(self.spp)
        told = {"spp": self.spp} | {f"auto_spp.{family}": count for family, count in self.auto_spp.items()}
        for name, count in told.items():
            if count != "auto" and not 1 <= count <= _MOST_SAMPLES:
                raise InputError(f"render.{name}", f"must be 1 to {_MOST_SAMPLES}", got=count)
        if strange := [family for family in self.auto_spp if family not in _FAMILIES]:
            raise InputError("render.auto_spp", f"must name families of {', '.join(_FAMILIES)}", got=strange[0])
        if self.spp == "auto" and not self.auto_spp:
            raise InputError("render.auto_spp", "must name samples by lighting family where render.spp is auto")

    def for_view(self, lighting: str) -> RenderSettings:
        """Return the settings with a number of samples that suits a view.

        Args:
            lighting: the scene's family; one that `auto_spp` does not name takes the largest number there.
        """
        if self.spp != "auto":
            return self
        return replace(self, spp=self.auto_spp.get(lighting, max(self.auto_spp.values())))

    @property
    def max_bounces(self) -> int:
        """Total path depth."""
        return max(self.diffuse_bounces, self.glossy_bounces, self.transmission_bounces) + 1
