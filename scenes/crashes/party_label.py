"""What hits leave on a vehicle: labels, dents, and what breaks."""

from __future__ import annotations

from typing import Any

from scenes.collision import broken, lamps_after
from scenes.crashes.impacts import Hit
from scenes.crashes.slider import Slider
from scenes.spec.party import CrashParty, Dent

_MOST_DENTS = 4
_ROOF_M = (0.1, 0.28)
_SOFT, _NARROW = ("person", "animal", "object"), ("pole", "tree", "person", "animal")


def damage_of(slider: Slider, hits: list[Hit]) -> dict[str, Any]:
    """Return labels, dents and what breaks, by the hardest hit and all others."""
    body, worst = slider.party.body, hits[0]
    if slider.folded_deg:
        return {"crash": label_of(worst), "lamps": ("head", "tail", "brake")}
    dents = [_dent(hit, body) for hit in sorted(hits, key=lambda hit: hit.seconds)[:_MOST_DENTS]]
    if slider.tipped_deg and abs(slider.tipped_deg[-1]) >= 180:
        dents.append(_roof(body))
    crash, *further = (label_of(hit) for hit in hits)
    made = broken(worst.side, max(dents, key=lambda dent: dent.depth_m), crash)
    hurt = made if worst.against not in _SOFT else {**made, "opened": (), "lost": (), "airbags": False}
    later = sorted(zip(hits[1:], further, strict=True), key=lambda pair: pair[0].seconds)
    return {
        "dents": tuple(dents),
        "crash": crash,
        "further": tuple(label for _, label in later),
        "lamps": lamps_after(worst.side, "impact"),
        **hurt,
    }


def label_of(hit: Hit) -> CrashParty:
    """Return a hit as the spec labels it."""
    return CrashParty(
        partner=hit.other + 1,
        phase="impact",
        delta_v_mps=round(hit.delta_v_mps, 3),
        pdof_deg=round(hit.pdof_deg, 2) % 360.0,
        closing_speed_mps=round(hit.closing_mps, 3),
        impact_point_m=(round(hit.point_m[0], 3), round(hit.point_m[1], 3)),
        absorbed_energy_j=round(hit.absorbed_j, 1),
        crush_m=round(hit.crush_m, 4),
        against=hit.against,
    )


def _dent(hit: Hit, body: dict[str, Any]) -> Dent:
    narrow = hit.against in _NARROW
    return Dent(
        point_m=(round(hit.point_m[0], 3), round(hit.point_m[1], 3), round(0.36 * body["height_m"], 3)),
        direction=(round(hit.push[0], 4), round(hit.push[1], 4), 0.0),
        depth_m=round(hit.shown_m, 3),
        width_m=round(hit.width_m + (0.25 if narrow else 0.35), 3),
        height_m=round(0.62 * body["height_m"], 3),
        made_s=round(hit.seconds, 4),
    )


def _roof(body: dict[str, Any]) -> Dent:
    """Return how a roof gives way that has borne the vehicle; a heavier one presses it deeper (assumed)."""
    share = min(max((body["mass_kg"] - 1200.0) / 1200.0, 0.0), 1.0)
    return Dent(
        point_m=(round(-0.03 * body["length_m"], 3), 0.0, body["height_m"]),
        direction=(0.0, 0.0, -1.0),
        depth_m=round(_ROOF_M[0] + share * (_ROOF_M[1] - _ROOF_M[0]), 3),
        width_m=round(1.1 * body["width_m"], 3),
        height_m=2.0,
    )
