"""What the `render` section of the config may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict

from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class RenderSettings:
    """How a view is traced.

    Args:
        resolution: width and height in pixels, each 16 to 8192.
        spp: paths per pixel, >= 1; 6 to 16 is enough, because the developed frame is denoised.
        diffuse_bounces, glossy_bounces, transmission_bounces: path depth by kind, >= 0.
        clamp_indirect: largest indirect contribution of one path, in trace units (cd/m² times the stage's gain); 0 for
            no limit. It acts on each light group and on their sum alike, so groups still add up.
        blur_glossy: how much Cycles may roughen what is seen by blurred paths, >= 0; fewer fireflies.
        view_seconds: a view that takes longer is given up, > 0.
        scenes_per_worker: a worker process is replaced after so many scenes, >= 1, so that leaks cannot grow.
    """

    resolution: tuple[int, int] = (640, 384)
    spp: int = 6
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
        for name in ("spp", "scenes_per_worker"):
            if getattr(self, name) < 1:
                raise InputError(f"render.{name}", "must be at least 1", got=getattr(self, name))
        bounces = ("diffuse_bounces", "glossy_bounces", "transmission_bounces")
        for name in (*bounces, "clamp_indirect", "blur_glossy"):
            if getattr(self, name) < 0:
                raise InputError(f"render.{name}", "must not be negative", got=getattr(self, name))
        if self.view_seconds <= 0:
            raise InputError("render.view_seconds", "must be > 0", got=self.view_seconds)

    @property
    def max_bounces(self) -> int:
        """Total path depth."""
        return max(self.diffuse_bounces, self.glossy_bounces, self.transmission_bounces) + 1
