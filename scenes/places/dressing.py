"""What stands along a road: lamps, trees, and furniture by its surroundings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from scenes.places.draft import Draft, Edge, Track
from scenes.places.section import KERB_M, front_m, pavement_m
from scenes.places.spine import Spine
from scenes.road import half_width_m

Weights = Mapping[str, float]
_KERBSIDE: Mapping[str, Weights] = MappingProxyType(
    {
        "city": {
            "bollard": 5.0, "parking_meter": 2.0, "litter_bin": 2.0, "bicycle_stand": 1.5, "sign_info": 1.5,
            "sign_order": 2.0, "planter": 1.0, "hydrant": 0.6, "bus_stop": 0.8, "post_box": 0.4, "sign_street_name": 0.5,
            "wheelie_bins": 1.2, "litter": 2.5, "advertising_column": 0.25, "recycling_container": 0.3,
        },
        "suburb": {
            "wheelie_bins": 2.5, "bus_stop": 0.7, "sign_order": 1.2, "sign_warning": 0.8, "hydrant": 0.5, "litter": 1.0,
            "post_box": 0.4, "sign_street_name": 0.6, "bin": 0.5, "recycling_container": 0.3,
        },
        "industrial": {
            "sign_order": 1.2, "sign_warning": 1.0, "litter": 2.0, "wheelie_bins": 1.0, "hydrant": 0.8, "bollard": 1.2,
            "recycling_container": 0.8, "bus_stop": 0.4, "shopping_trolley": 0.15,
        },
        "rural": {"sign_warning": 1.0, "sign_order": 0.7, "bus_stop": 0.3, "litter": 0.6, "kilometre_post": 0.8},
    }
)  # fmt: skip
_BACKSIDE: Mapping[str, Weights] = MappingProxyType(
    {
        "city": {
            "bench": 1.5, "litter_bin": 1.0, "phone_cabinet": 1.0, "planter": 1.5, "wheelie_bins": 1.2, "litter": 1.5,
            "bicycle_stand": 0.7,
        },
        "suburb": {"phone_cabinet": 0.6, "bench": 0.4, "wheelie_bins": 1.5, "litter": 0.5},
        "industrial": {"phone_cabinet": 0.6, "litter": 1.5, "wheelie_bins": 0.6},
        "rural": {"bench": 0.3},
    }
)  # fmt: skip
_PER_M: Mapping[str, float] = MappingProxyType({"city": 0.09, "suburb": 0.05, "industrial": 0.05, "rural": 0.02})
_ALONG_ROAD = frozenset({"bench", "bicycle_stand", "bus_shelter"})
_TO_TRAFFIC = frozenset({"sign_warning", "sign_order", "sign_info", "bus_stop", "sign_direction"})
_SPAN_M = (-70.0, 190.0)
KERBSIDE_M = 0.75


def lamps(draft: Draft, line: Spine, spans: Sequence[tuple[float, float]]) -> None:
    """Stand lamps in turn on either side along stretches of a spine."""
    if not draft.dressed:
        return
    spacing = draft.street.lamp_spacing_m
    if spacing <= 0:
        return
    stations = np.arange(line.stations_m[0] + 8, line.stations_m[-1] - 4, spacing / 2)
    sides = np.where(np.arange(len(stations)) % 2, 1.0, -1.0)
    inside = np.zeros(len(stations), bool)
    for start, end in spans:
        inside |= (stations > start) & (stations < end)
    headings = line.headings_deg(stations)
    reach = half_width_m(draft.street) + KERBSIDE_M
    feet = line.at(stations) + sides[:, None] * reach * (line.at(stations, 1.0) - line.at(stations))
    for foot, side, heading in zip(feet[inside], sides[inside], headings[inside], strict=True):
        draft.lamp(foot, heading - 90 * side, z_m=draft.street.kerb_height_m)


def median_lamps(draft: Draft, line: Spine) -> None:
    """Stand lamps with two arms in the median."""
    if not draft.dressed:
        return
    if draft.street.lamp_spacing_m <= 0:
        return
    stations = np.arange(line.stations_m[0] + 10, line.stations_m[-1] - 10, draft.street.lamp_spacing_m)
    for where, heading in zip(line.at(stations), line.headings_deg(stations), strict=True):
        draft.lamp(where, heading + 90, arms=2)


def line_edges(draft: Draft) -> None:
    """Stand furniture and trees along every kerb that was drawn."""
    if not draft.dressed:
        return
    for edge in draft.edges:
        front = edge.track(KERBSIDE_M)
        clear = edge.kept_clear(front, 2.5)
        taken = _trees(draft, edge, front, clear)
        _scatter(draft, front, [*clear, *taken], _KERBSIDE)
        back = edge.track(KERB_M + pavement_m(draft.street) - 0.5)
        _scatter(draft, back, edge.kept_clear(back, 2.0), _BACKSIDE)


def _trees(draft: Draft, edge: Edge, track: Track, clear: list[tuple[float, float]]) -> list[tuple[float, float]]:
    street, rng = draft.street, draft.dress_rng
    if street.tree_spacing_m <= 0:
        return []
    stations = np.arange(rng.uniform(3, 9), track.length_m - 3, street.tree_spacing_m)
    stations = stations + rng.uniform(-0.8, 0.8, len(stations))
    stations = stations[rng.random(len(stations)) > 0.15]
    kept = _free(stations, clear, 3.0)
    points, _ = track.at(kept)
    for point, scale in zip(points, rng.uniform(0.75, 1.1, len(kept)), strict=True):
        draft.tree(point, float(scale), street.seed, "street", street.kerb_height_m)
    return [(station - 1.2, station + 1.2) for station in kept.tolist()]


def _free(stations: np.ndarray, spans: Sequence[tuple[float, float]], margin_m: float = 0.0) -> np.ndarray:
    """Return the stations outside all spans."""
    good = np.ones(len(stations), bool)
    for start, end in spans:
        good &= (stations < start - margin_m) | (stations > end + margin_m)
    return stations[good]


def _scatter(draft: Draft, track: Track, taken: list[tuple[float, float]], weights: Mapping[str, Weights]) -> None:
    """Draw furniture along a track, no two pieces within 3 m."""
    street, rng = draft.street, draft.dress_rng
    chosen = weights[street.surroundings]
    many = rng.poisson(_PER_M[street.surroundings] * 2 * street.clutter * min(track.length_m, 260.0))
    stations = np.sort(rng.uniform(2, max(track.length_m - 2, 2.1), many))
    stations = stations[np.diff(stations, prepend=-9.0) > 3.0]
    stations = _free(stations, taken, 0.7)
    share = np.array(list(chosen.values()))
    names = rng.choice(list(chosen), len(stations), p=share / share.sum())
    variants = rng.integers(0, 5040, len(stations))
    points, headings = track.at(stations)
    for name, point, heading, variant in zip(names.tolist(), points, headings, variants.tolist(), strict=True):
        aside = 0.0 if name in _TO_TRAFFIC else -90.0
        draft.item(name, point, heading + aside, variant, street.kerb_height_m)


def row(
    draft: Draft, name: str, track: Track, pitch_m: float, *, z_m: float = 0.0, front: int = 1, variant: int = 0
) -> None:
    """Set rails, fences or walls end to end along a track, their front to its left (1) or right (-1)."""
    if not draft.dressed:
        return
    many = int(track.length_m // pitch_m)
    if many < 1:
        return
    ends, _ = track.at(np.arange(many + 1) * pitch_m)
    ahead = np.diff(ends, axis=0)
    headings = np.rad2deg(np.arctan2(ahead[:, 1], ahead[:, 0])) + (0.0 if front > 0 else 180.0)
    for middle, heading in zip((ends[1:] + ends[:-1]) / 2, headings, strict=True):
        draft.item(name, middle, heading, variant, z_m)
