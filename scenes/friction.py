"""How much a tyre holds on a road, from the state of its surface.

Sources, from memory: Wallman and Åström, "Friction measurement methods and the correlation between road friction and
traffic safety", VTI meddelande 911A (2001): packed snow 0.20 to 0.30, loose snow and slush 0.20 to 0.50, black ice
0.15 to 0.30, wet black ice 0.05 to 0.10. Dry and wet asphalt by tyres that slide, as wrecks do: Fricke, "Traffic Crash
Reconstruction" (Northwestern University, 2nd ed. 2010): 0.55 to 0.80 and 0.40 to 0.70, where VTI has 0.8 to 1.0 and 0.7
to 0.8 for the best that a rolling tyre reaches. Standing water: Horne and Dreher, NASA TN D-2056 (1963), full planing
above 10.35 √p (knots, psi), 94 km/h for a car's tyre; below it between planing and wet. Wet leaves, sand and dust on
asphalt: no measurement is known to us, the ranges are assumed.
Bodies: Searle, SAE 930659 (1993), clothed people on dry asphalt; Lambourn, SAE 910125 (1991), two-wheelers on their
side; both from memory.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from types import MappingProxyType

from scenes.errors import InputError
from scenes.spec.place import Street

_FREEZING_C = -1.0
_ABOUT_WET = 0.3
HIGHEST = 1.5
"""No road grips better; who asks for more has mistyped."""
_BODY_DRY = 0.66
_FALLEN_MOUNT_DRY = 0.45


@dataclass(frozen=True, kw_only=True)
class Road:
    """State of a road's surface, shares in [0, 1]; see `scenes.spec.place.Street`, which will do in its place."""

    wetness: float = 0.0
    puddles: float = 0.0
    snow: float = 0.0
    ice: float = 0.0
    leaves: float = 0.0
    sand: float = 0.0

    def __post_init__(self) -> None:
        for name, share in asdict(self).items():
            if not 0 <= share <= 1:
                raise InputError(f"road.{name}", "must lie in [0, 1]", got=share)

    def on(self, street: Street) -> Street:
        """Return a street in this state."""
        return replace(street, **{name: round(value, 3) for name, value in asdict(self).items()})


@dataclass(frozen=True, kw_only=True)
class Friction:
    """Coefficient of friction between sliding tyres and the road, as a mean over its surface and what it may be."""

    mean: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.mean <= self.high <= 1.5:
            told = (self.low, self.mean, self.high)
            raise InputError("friction", "must be in order, 0 < low <= mean <= high <= 1.5", got=told)


SURFACES = MappingProxyType(
    {
        "dry": Friction(low=0.55, mean=0.70, high=0.80),
        "wet": Friction(low=0.40, mean=0.55, high=0.70),
        "flooded": Friction(low=0.15, mean=0.32, high=0.50),
        "snow": Friction(low=0.20, mean=0.28, high=0.45),
        "ice": Friction(low=0.10, mean=0.18, high=0.30),
        "wet_ice": Friction(low=0.05, mean=0.08, high=0.10),
        "leaves": Friction(low=0.20, mean=0.30, high=0.45),
        "sand": Friction(low=0.35, mean=0.45, high=0.60),
    }
)
"""Surface to its friction; see the module's sources."""


def shares(road: Road | Street, temperature_c: float = 20.0) -> dict[str, float]:
    """Return how much of a road is of which surface; the shares add up to 1.

    Snow lies on ice, both on whatever is loose, that in puddles and on the film. A wet film on ice is told by the
    temperature: it stands from -1 degrees on.

    Args:
        road: the state of its surface.
        temperature_c: of the air.
    """
    left, found = 1.0, {}
    icy = "wet_ice" if temperature_c > _FREEZING_C and road.wetness > _ABOUT_WET else "ice"
    layers = {"snow": road.snow, icy: road.ice, "leaves": road.leaves, "sand": road.sand, "flooded": road.puddles}
    for name, share in (*layers.items(), ("wet", road.wetness), ("dry", 1.0)):
        found[name] = left * share
        left -= found[name]
    return {name: share for name, share in found.items() if share > 0}


def friction(road: Road | Street, temperature_c: float = 20.0) -> Friction:
    """Return the friction of a road: each surface's, weighted by its share of the area.

    Args:
        road: the state of its surface; a `Street` will do.
        temperature_c: of the air; decides whether ice is wet.
    """
    parts = shares(road, temperature_c)
    low, mean, high = (
        round(sum(share * getattr(SURFACES[name], end) for name, share in parts.items()), 4)
        for end in ("low", "mean", "high")
    )
    return Friction(low=low, mean=mean, high=high)


def tyre_friction(street: Street, temperature_c: float = 20.0) -> float:
    """Return the mean friction of tyres on a road."""
    return checked(friction(street, temperature_c).mean)


def body_friction(tyre: float) -> float:
    """Return the friction of a person who slides: Searle's on a dry road, and less as tyres find less (assumed)."""
    return _BODY_DRY * min(1.0, tyre / SURFACES["dry"].mean)


def mount_friction(tyre: float) -> float:
    """Return the friction of a two-wheeler on its side: metal scrapes, so that wet matters less than to tyres."""
    return _FALLEN_MOUNT_DRY * min(1.0, 0.5 + 0.5 * tyre / SURFACES["dry"].mean)


def checked(friction: float) -> float:
    """Return a friction that a road can have.

    Raises:
        InputError: it is not above 0, or above 1.5.
    """
    if not 0 < friction <= HIGHEST:
        raise InputError("friction", f"must lie in (0, {HIGHEST}]", got=friction, fix="dry roads have about 0.7")
    return friction
