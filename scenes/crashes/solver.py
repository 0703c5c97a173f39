"""Solves an event: the first impact, then everybody's way to rest with all further impacts.

Impacts are instants. In the track, hulls press into each other by what they crush: before time 0 for the first impact,
within a step for the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, sin

import numpy as np

from scenes.checks import Footprint, footprint
from scenes.crash import Mover
from scenes.crashes import contact
from scenes.crashes.contact import Touch
from scenes.crashes.event import Event, Fixed, Loose, Party
from scenes.crashes.folding import folding
from scenes.crashes.impacts import Hit, Struck, at_contact, meet
from scenes.crashes.launch import Thrown, hit_of, riders, slowed, thrown_by
from scenes.crashes.rolling import rolling
from scenes.crashes.sequel import RAIL_FRICTION, run_to_rest
from scenes.crashes.slider import Slider
from scenes.trajectory import pressing_s

_RESTITUTION, _HULL_FRICTION = (0.05, 0.25), (0.35, 0.6)
_TRIP_S = 0.05


@dataclass(frozen=True, kw_only=True)
class Solution:
    """A solved event.

    Args:
        event: what was solved.
        sliders: every party with its states since time 0, impacts and tyre tracks.
        contact_s: when the first contact began, < 0.
        before: the first contact's parties just before it.
        thrown: who flew.
        absorbed_j: energy that hulls took, in all impacts.
    """

    event: Event
    sliders: tuple[Slider, ...]
    contact_s: float
    before: tuple[Mover, ...]
    thrown: tuple[Thrown, ...]
    absorbed_j: float


def solve_event(event: Event, rng: np.random.Generator) -> Solution | None:
    """Solve an event; None if its first two do not approach each other.

    Args:
        event: see `crashes.event`.
        rng: draws restitution, hull friction and throws.
    """
    movers = [_mover(party, (0.0, event.y_m)) for party in event.parties if party.waits_m is None]
    told = float(rng.uniform(*_RESTITUTION)), float(rng.uniform(*_HULL_FRICTION))
    if event.rolls or event.folds_deg:
        return _by_itself(event, movers[0])
    if isinstance(event.struck, Loose):
        thrown = [thrown_by(event, movers[0], event.struck, rng)]
        after, hits = [slowed(movers[0], event.struck, thrown[0])], [hit_of(event, movers[0], thrown[0])]
    else:
        thrown, met = [], _first_impact(event, movers, *told)
        if met is None:
            return None
        after, hits = met
    crushed = sum(hit.shown_m for hit in hits)
    sliders = _sliders(event, _pressed(event, after, hits), hits)
    thrown += riders(event, movers, after, rng)
    run_to_rest(event, sliders, crushed)
    return _solution(event, sliders, movers, -pressing_s(crushed, hits[0].closing_mps), thrown)


def _by_itself(event: Event, mover: Mover) -> Solution:
    """Return a rollover or a jack-knife: the first party goes by itself, others slide."""
    first = event.parties[0]
    if event.rolls:
        rolled = rolling(first, mover)
        sliders = _sliders(event, [mover], [rolled.hit])
        sliders[0].rows, sliders[0].tipped_deg = rolled.rows, rolled.tipped_deg
    else:
        folded = folding(first, mover, friction=event.friction, first_deg=event.folds_deg)
        sliders = _sliders(event, [mover], [folded.hit])
        sliders[0].rows, sliders[0].folded_deg = folded.rows, folded.folded_deg
    sliders[0].still = True
    run_to_rest(event, sliders, 0.0)
    return _solution(event, sliders, [mover], -_TRIP_S, [])


def _solution(
    event: Event, sliders: list[Slider], before: list[Mover], contact_s: float, thrown: list[Thrown]
) -> Solution:
    return Solution(
        event=event,
        sliders=tuple(sliders),
        contact_s=contact_s,
        before=tuple(before),
        thrown=tuple(thrown),
        absorbed_j=sum(hit.absorbed_j for slider in sliders for hit in slider.hits),
    )


def _mover(party: Party, point_m: tuple[float, float]) -> Mover:
    return at_contact(
        party.body,
        heading_deg=party.heading_deg,
        velocity_mps=party.velocity_mps,
        yaw_rate_rad_s=party.yaw_rate_rad_s,
        own_m=party.point_m,
        point_m=point_m,
    )


def _outward(party: Party, mover: Mover) -> tuple[float, float]:
    """Return the outward normal of a party's struck side."""
    c, s = cos(mover.heading_rad), sin(mover.heading_rad)
    if party.side == "side":
        sign = 1.0 if party.point_m[1] > 0 else -1.0
        return -s * sign, c * sign
    return (c, s) if party.side == "front" else (-c, -s)


def _first_impact(
    event: Event, movers: list[Mover], restitution: float, hull_friction: float
) -> tuple[list[Mover], list[Hit]] | None:
    first = Struck(mover=movers[0], kind=event.parties[0].body["kind"], index=0, side=event.parties[0].side)
    second: Struck | Fixed
    if isinstance(event.struck, Fixed):
        x, y = _outward(event.parties[0], movers[0])
        normal = (0.0, float(event.struck.faces)) if event.struck.faces else (-x, -y)
        second = event.struck
        hull_friction = RAIL_FRICTION if event.struck.faces else hull_friction
    else:
        normal = _outward(event.parties[1], movers[1])
        kind = event.parties[1].body["kind"]
        second = Struck(mover=movers[1], kind=kind, index=1, side=event.parties[1].side)
    met = meet(
        first,
        second,
        Touch(0.0, (0.0, event.y_m), normal),
        seconds=0.0,
        width_m=event.width_m,
        restitution=restitution,
        hull_friction=hull_friction,
    )
    if met is None:
        return None
    impact, hits = met
    return [impact.first, impact.second][: len(hits)], hits


def _pressed(event: Event, after: list[Mover], hits: list[Hit]) -> list[Mover]:
    """Return the movers where, at the end of the first impact, dented hulls touch."""
    if isinstance(event.struck, Loose):
        return after
    if isinstance(event.struck, Fixed):
        (c, s), deep = _outward(event.parties[0], after[0]), hits[0].shown_m
        if event.struck.faces:
            c, s = 0.0, -float(event.struck.faces)
        return [replace(after[0], position_m=after[0].position_m + deep * np.array([c, s]))]
    bodies = [_footprint(party, mover) for party, mover in zip(event.parties, after, strict=False)]
    normal = np.array(_outward(event.parties[1], after[1]))
    touch = contact.between(*bodies)
    inward = normal * (sum(hit.shown_m for hit in hits) - (touch.depth_m if touch else 0.0)) / 2
    return [
        replace(after[0], position_m=after[0].position_m - inward),
        replace(after[1], position_m=after[1].position_m + inward),
    ]


def _footprint(party: Party, mover: Mover) -> Footprint:
    x, y = mover.position_m
    told = party.body
    return footprint(float(x), float(y), float(np.rad2deg(mover.heading_rad)), told["length_m"], told["width_m"])


def _sliders(event: Event, pressed: list[Mover], hits: list[Hit]) -> list[Slider]:
    made, ready = [], iter(zip(pressed, (*hits, *[None] * len(pressed)), strict=False))
    for index, party in enumerate(event.parties):
        if party.waits_m is None:
            mover, hit = next(ready)
            slider = Slider(party=party, index=index, mover=mover, friction=event.friction, struck=True)
            slider.hits += [hit] if hit else []
        else:
            mover = _mover(replace(party, point_m=(0.0, 0.0)), party.waits_m)
            slider = Slider(party=party, index=index, mover=mover, friction=event.friction, struck=False)
        made.append(slider)
    return made
