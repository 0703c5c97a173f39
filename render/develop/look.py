"""A look: how bright and of what colour each group of lights is, and what lies between street and lens.

`render.develop.preset` draws looks; one traced view carries many.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

from pydantic import ConfigDict

from render.develop.atmosphere import Air
from render.develop.hydrometeors import Precipitation
from render.develop.smoke import Plume
from render.develop.windscreen import Windscreen
from scenes.errors import InputError
from scenes.ontology import LIGHT_GROUPS

LAMP_GROUPS = tuple(group for group in LIGHT_GROUPS if group not in ("sun", "sky", "overcast"))
LEGAL_WEIGHTS = {"ego": 1.13, "head": 1.13, "ego_high": 2.15}
"""Multiples of nominal output up to which headlamps are lawful: a dipped beam reaches the limit at 75L, before oncoming
eyes, first (UNECE R112); a vehicle's main beams may have 215,000 cd and are traced with 2 x 50,000 (R48)."""
EGO_BEAM_CD, EGO_HIGH_BEAM_CD = 20_000.0, 50_000.0
"""Peak candela of one of the ego's beams at weight 1, as the stage traces them."""
SHARES = ("veil", "bloom", "spikes", "wiper", "ghosts")
_STRICT = ConfigDict(extra="forbid")

Rgb = tuple[float, float, float]
WHITE: Rgb = (1.0, 1.0, 1.0)


@dataclass(frozen=True, kw_only=True)
class Look:
    """One lighting, air and lens state under which a view is developed.

    Args:
        name: the preset it came from.
        sun_lux: illuminance of the sun (or moon) at normal incidence; sun_kelvin: its colour.
        sky_lux: illuminance of the sky on the ground; sky_tint_rgb: its colour, luminance 1.
        weights: per lamp group, a multiple of nominal output, >= 0; a lamp that does not work, or that is between two
            flashes, has 0.
        tints: per lamp group, the colour that multiplies the nominal one.
        dazzling: headlamps may exceed what the law allows: misaimed, broken or illegal ones.
        overcast: share of the sky that a closed cloud cover takes, in [0, 1].
        air: fog, haze, dust.
        plumes: clouds of smoke and dust before the camera.
        precipitation: rain, snow, hail.
        windscreen: what sticks to the glass.
        ev_bias: what the driver's camera adds to its metering, in stops.
        veil, bloom, spikes, wiper, ghosts: shares of the light that lens and windscreen spread, in [0, 1), sum < 1.
        seed: draws noise, drops, lens rotation and codec of the frame.
    """

    name: str
    sun_lux: float
    sun_kelvin: float
    sky_lux: float
    sky_tint_rgb: Rgb
    weights: dict[str, float]
    tints: dict[str, Rgb] = field(default_factory=dict)
    dazzling: bool = False
    overcast: float = 0.0
    air: Air = field(default_factory=Air)
    plumes: tuple[Plume, ...] = ()
    precipitation: Precipitation = field(default_factory=Precipitation)
    windscreen: Windscreen = field(default_factory=Windscreen)
    ev_bias: float = 0.0
    veil: float = 0.0
    bloom: float = 0.0
    spikes: float = 0.0
    wiper: float = 0.0
    ghosts: float = 0.0
    seed: int = 0
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        where = f"look.{self.name}"
        if not (self.sun_lux >= 0 and self.sky_lux >= 0):
            raise InputError(where, "sun_lux and sky_lux must be >= 0", got=(self.sun_lux, self.sky_lux))
        if not 0 <= self.overcast <= 1:
            raise InputError(f"{where}.overcast", "must lie in [0, 1]", got=self.overcast)
        for group in (*self.weights, *self.tints):
            if group not in LAMP_GROUPS:
                raise InputError(f"{where}.weights", f"groups are {', '.join(LAMP_GROUPS)}", got=group)
        for group, weight in self.weights.items():
            self._check_weight(f"{where}.weights.{group}", group, weight)
        shares = {share: getattr(self, share) for share in SHARES}
        if not all(0 <= value <= 1 for value in shares.values()) or self.scattered >= 1:
            raise InputError(where, "scattering shares must lie in [0, 1] and sum to < 1", got=shares)

    def _check_weight(self, where: str, group: str, weight: float) -> None:
        if not 0 <= weight < float("inf"):
            raise InputError(where, "must be >= 0 and finite", got=weight)
        if not self.dazzling and weight > LEGAL_WEIGHTS.get(group, float("inf")):
            rule = f"must be <= {LEGAL_WEIGHTS[group]}, the law's limit, unless the look is `dazzling`"
            raise InputError(where, rule, got=weight)

    @property
    def scattered(self) -> float:
        """Share of the light that does not go where it should."""
        return self.veil + self.bloom + self.spikes + self.wiper + self.ghosts

    @property
    def look_id(self) -> str:
        """First 6 hex digits of the SHA-256 of the canonical JSON, seed included."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:6]
