"""What one person wears and looks like: cut of clothes and hair, and colours; drawn from the seed, read by geometry
and finish alike.

Colour statistics: our counts by eye over street photographs; about 60 % of tops and 80 % of trousers are black, grey,
navy, blue or white.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.spec.living import Person
from scenes.stage.people.shape import origins

Colour = tuple[float, float, float]
_OLD_YEARS, _CHILD_YEARS = 58.0, 13.0

_SKINS = {"african": (0.115, 0.052, 0.029), "asian": (0.47, 0.285, 0.19), "caucasian": (0.56, 0.35, 0.265)}
_SOUTH_ASIAN: Colour = (0.27, 0.145, 0.085)
_SOBER: tuple[Colour, ...] = (
    (0.012, 0.012, 0.014),
    (0.012, 0.012, 0.014),
    (0.035, 0.036, 0.04),
    (0.10, 0.10, 0.105),
    (0.27, 0.27, 0.275),
    (0.012, 0.018, 0.045),
    (0.02, 0.035, 0.09),
    (0.055, 0.10, 0.20),
    (0.70, 0.69, 0.66),
    (0.62, 0.60, 0.55),
    (0.06, 0.05, 0.035),
    (0.16, 0.125, 0.08),
    (0.045, 0.055, 0.03),
)
_BRIGHT: tuple[Colour, ...] = (
    (0.42, 0.025, 0.025),
    (0.20, 0.012, 0.03),
    (0.02, 0.16, 0.09),
    (0.03, 0.14, 0.42),
    (0.62, 0.38, 0.04),
    (0.60, 0.16, 0.03),
    (0.48, 0.16, 0.26),
    (0.20, 0.09, 0.30),
    (0.10, 0.32, 0.36),
    (0.40, 0.50, 0.62),
)
_TROUSERS: tuple[Colour, ...] = (
    (0.012, 0.012, 0.014),
    (0.015, 0.018, 0.03),
    (0.03, 0.03, 0.034),
    (0.07, 0.07, 0.072),
    (0.20, 0.15, 0.095),
    (0.045, 0.042, 0.03),
    (0.10, 0.078, 0.052),
)
_DENIM: tuple[Colour, ...] = ((0.022, 0.038, 0.085), (0.045, 0.085, 0.17), (0.12, 0.19, 0.30), (0.014, 0.016, 0.022))
_HAIR: tuple[Colour, ...] = ((0.006, 0.005, 0.0045), (0.013, 0.008, 0.005), (0.03, 0.016, 0.008), (0.065, 0.034, 0.015))
_FAIR: tuple[Colour, ...] = ((0.20, 0.115, 0.045), (0.11, 0.035, 0.013), (0.32, 0.22, 0.11))
_GREY: tuple[Colour, ...] = ((0.30, 0.295, 0.285), (0.52, 0.51, 0.49), (0.14, 0.135, 0.13))
_LEATHER: tuple[Colour, ...] = ((0.012, 0.011, 0.011), (0.012, 0.011, 0.011), (0.06, 0.028, 0.014), (0.11, 0.06, 0.03))
_SNEAKERS: tuple[Colour, ...] = ((0.65, 0.64, 0.62), (0.02, 0.02, 0.022), (0.16, 0.16, 0.165), (0.03, 0.05, 0.12))
HI_VIS: tuple[Colour, ...] = ((0.72, 0.86, 0.03), (0.95, 0.26, 0.02))
_UNIFORM: Colour = (0.012, 0.017, 0.036)


@dataclass(frozen=True, kw_only=True)
class Look:
    """Cuts by name, colours as linear RGB, `pattern` of the top: plain, stripes or checks."""

    top: str
    bottom: str
    shoes: str
    hair: str
    beard: bool
    headwear: str
    vest: bool
    loose: float
    skin_rgb: Colour
    hair_rgb: Colour
    iris_rgb: Colour
    top_rgb: Colour
    top_second_rgb: Colour
    pattern: str
    shirt_rgb: Colour
    bottom_rgb: Colour
    shoe_rgb: Colour
    sole_rgb: Colour
    headwear_rgb: Colour
    vest_rgb: Colour
    bag_rgb: Colour
    denim: bool
    canopy_rgb: Colour
    seed: int


def look_of(person: Person) -> Look:
    """Draw what a person wears."""
    rng = np.random.default_rng([person.seed, 3])
    top, bottom, shoes, vest = _cut(person, rng)
    hair = _haircut(person, rng)
    headwear = _headwear(person, rng, hair)
    skin, hair_rgb = _tones(person, rng)
    denim = bottom == "jeans" or (bottom == "shorts" and rng.random() < 0.3)
    bottom_rgb = _pick(_DENIM if denim else _TROUSERS, rng)
    top_rgb = _pick(_BRIGHT if rng.random() < _bright_share(person, top) else _SOBER, rng)
    shirt_rgb = _pick(((0.68, 0.68, 0.67), (0.68, 0.68, 0.67), (0.36, 0.44, 0.58), (0.03, 0.03, 0.033)), rng)
    if person.outfit == "business":
        top_rgb = _pick(_SOBER[:7], rng)
        bottom_rgb = tuple(min(1.0, value) for value in top_rgb) if rng.random() < 0.7 else bottom_rgb  # type: ignore[assignment]
    if person.outfit == "uniform":
        top_rgb, bottom_rgb = (_UNIFORM, _UNIFORM) if rng.random() < 0.6 else ((0.33, 0.40, 0.52), _UNIFORM)
    if person.outfit == "hi_vis":
        top_rgb, bottom_rgb = _pick(_SOBER[:8], rng), _pick(_TROUSERS, rng)
    if bottom in ("skirt", "sari", "gown"):
        bottom_rgb = top_rgb if bottom != "skirt" else _pick(_SOBER, rng)
    if person.outfit == "rider":
        top_rgb, bottom_rgb = _pick((*_SOBER[:4], _BRIGHT[0], _BRIGHT[3]), rng), (0.012, 0.012, 0.013)
    shoe_rgb = _pick(_SNEAKERS if shoes == "sneakers" else _LEATHER, rng)
    sober = person.outfit in ("business", "uniform", "rider", "hi_vis", "sari", "coat")
    pattern = "plain" if sober else str(rng.choice(["plain", "plain", "plain", "stripes", "checks"]))
    return Look(
        top=top,
        bottom=bottom,
        shoes=shoes,
        hair=hair,
        beard=person.sex == "male" and person.age_years > 19 and bool(rng.random() < 0.38),
        headwear=headwear,
        vest=vest,
        loose=float(rng.uniform(0.0, 1.0)),
        skin_rgb=skin,
        hair_rgb=hair_rgb,
        iris_rgb=(0.09, 0.16, 0.22) if skin[0] > 0.5 and rng.random() < 0.4 else (0.035, 0.018, 0.009),
        top_rgb=top_rgb,
        top_second_rgb=_pick(_SOBER if rng.random() < 0.7 else _BRIGHT, rng),
        pattern=pattern,
        shirt_rgb=shirt_rgb,
        bottom_rgb=bottom_rgb,
        shoe_rgb=shoe_rgb,
        sole_rgb=(0.62, 0.61, 0.58) if shoes == "sneakers" and rng.random() < 0.7 else (0.02, 0.019, 0.018),
        headwear_rgb=_headwear_rgb(person, headwear, rng),
        vest_rgb=HI_VIS[0 if rng.random() < 0.6 else 1],
        bag_rgb=_pick(_BRIGHT if rng.random() < 0.25 else (*_LEATHER, *_SOBER[:7]), rng),
        denim=denim,
        canopy_rgb=_pick((_SOBER[0], _SOBER[0], _SOBER[5], _BRIGHT[0], _BRIGHT[8]), rng),
        seed=person.seed,
    )


def _cut(person: Person, rng: np.random.Generator) -> tuple[str, str, str, bool]:
    """Return top, bottom, shoes, and whether a high-visibility vest is worn."""
    woman = person.sex == "female"
    legs = str(rng.choice(["jeans", "jeans", "trousers", "leggings" if woman else "trousers"]))
    everyday = str(rng.choice(["tshirt", "tshirt", "shirt", "sweater", "hoodie", "jacket"]))
    feet = "sneakers" if rng.random() < 0.65 else "leather"
    fine = "flats" if woman and rng.random() < 0.6 else "leather"
    cuts = {
        "casual": (everyday, legs, feet, False),
        "business": ("suit", "skirt" if woman and rng.random() < 0.35 else "trousers", fine, False),
        "coat": ("coat", legs, "boots" if rng.random() < 0.4 else feet, False),
        "dress": ("dress", "gown", fine, False),
        "shorts": (str(rng.choice(["tshirt", "tshirt", "shirt_short"])), "shorts", "sneakers", False),
        "sari": ("blouse", "sari", "flats", False),
        "hi_vis": (str(rng.choice(["sweater", "jacket", "tshirt"])), "trousers", "boots", True),
        "rider": ("rider", "leathers", "boots", False),
        "uniform": (str(rng.choice(["shirt", "jacket", "shirt_short"])), "trousers", "boots", False),
    }
    top, bottom, shoes, vest = cuts[person.outfit]
    if person.outfit == "casual" and woman and rng.random() < 0.15:
        top, bottom = "kurta", "leggings"
    elif person.outfit == "casual" and not woman and rng.random() < 0.07:
        top, bottom = "kurta", "trousers"
    return top, bottom, shoes, vest


def _bright_share(person: Person, top: str) -> float:
    if person.outfit == "sari" or person.age_years < _CHILD_YEARS:
        return 0.75
    return 0.12 if top in ("coat", "suit", "jacket") else 0.33


def _haircut(person: Person, rng: np.random.Generator) -> str:
    if person.sex == "female":
        return str(rng.choice(["long", "long", "long", "bob", "bob", "ponytail", "ponytail", "bun", "short"]))
    if person.age_years > 45 and rng.random() < 0.35:
        return str(rng.choice(["bald", "receding"]))
    return str(rng.choice(["short", "short", "short", "crop", "crop", "full"]))


def _headwear(person: Person, rng: np.random.Generator, hair: str) -> str:  # noqa: PLR0911
    draw = float(rng.random())
    if person.helmet:
        if person.outfit == "rider" or person.pose == "riding":
            return "helmet"
        return "bicycle_helmet" if person.pose == "cycling" else "hard_hat"
    if person.outfit == "uniform":
        return "peaked_cap" if draw < 0.75 else "none"
    if person.outfit == "hi_vis":
        return "hard_hat" if draw < 0.35 else "none"
    if person.sex == "female" and draw < 0.12 and person.age_years > _CHILD_YEARS and person.outfit != "shorts":
        return "headscarf"
    if draw > 0.90 and hair not in ("bun", "ponytail"):
        return "cap"
    if draw > 0.87 and person.outfit in ("coat", "casual"):
        return "beanie"
    return "hat" if draw > 0.855 and person.age_years > 30 else "none"


def _headwear_rgb(person: Person, headwear: str, rng: np.random.Generator) -> Colour:
    if headwear == "hard_hat":
        return _pick(((0.75, 0.73, 0.70), (0.80, 0.45, 0.02), (0.75, 0.12, 0.02)), rng)
    if person.outfit == "uniform":
        return _UNIFORM
    if headwear in ("helmet", "bicycle_helmet"):
        return _pick(((0.012, 0.012, 0.013), (0.65, 0.65, 0.64), *_BRIGHT[:4], (0.10, 0.10, 0.105)), rng)
    return _pick(_BRIGHT if rng.random() < 0.35 else _SOBER, rng)


def _tones(person: Person, rng: np.random.Generator) -> tuple[Colour, Colour]:
    """Return the colours of skin and hair; a third of the lighter skins are brown, as on South Asian streets."""
    mixed = origins(person.seed)
    tone = np.exp(sum(share * np.log(_SKINS[name]) for share, name in zip(mixed, _SKINS, strict=True)))
    brown = mixed[0] < 0.3 and (person.outfit == "sari" or rng.random() < 0.33)
    tone = np.array(_SOUTH_ASIAN) if brown else tone
    tone = np.clip(tone * float(np.exp(rng.normal(0, 0.16))), 0.02, 0.66)
    fair = mixed[2] > 0.6 and not brown and rng.random() < 0.35
    hair = _pick(_FAIR if fair else _HAIR, rng)
    if person.age_years > _OLD_YEARS or (person.age_years > 45 and rng.random() < 0.3):
        hair = _pick(_GREY, rng)
    return (float(tone[0]), float(tone[1]), float(tone[2])), hair


def _pick(choices: tuple[Colour, ...], rng: np.random.Generator) -> Colour:
    return choices[int(rng.integers(len(choices)))]
