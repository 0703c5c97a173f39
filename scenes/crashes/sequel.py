"""What follows the first impact: everybody slides to rest, and whoever meets something on the way is struck again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from scenes.crashes import contact
from scenes.crashes.contact import Touch
from scenes.crashes.event import Event, Fixed
from scenes.crashes.impacts import Struck, meet
from scenes.crashes.slider import Slider
from scenes.spinout import LONGEST_S, STEP_S

RAIL_FRICTION = 0.3
_AGAIN = {"restitution": 0.1, "hull_friction": 0.45}
_TOUCHED_M = 0.03
_FELT_MPS = 0.7
"""Closing speed below which a further contact only stops the overlap and is no impact of its own."""
_NARROW_M, _BENT_M = 1.4, 0.4
"""Width of further contacts between vehicles, and what bends along beside a post."""
Other = Slider | Fixed


def run_to_rest(event: Event, sliders: list[Slider], crushed_m: float) -> None:
    """Step everybody to rest; overlaps up to what a pair has crushed are no contacts."""
    posts = [*event.fixed, *([event.struck] if isinstance(event.struck, Fixed) else [])]
    spared: dict[tuple[int, int], float] = {(0, 1): crushed_m} if event.struck is None else {}
    if isinstance(event.struck, Fixed):
        spared[0, -len(posts)] = crushed_m
    seconds = 0.0
    while seconds < LONGEST_S and not all(slider.still for slider in sliders):
        for slider in sliders:
            slider.step(seconds)
        seconds += STEP_S
        for key, first, second, touch in _touches(sliders, posts):
            if touch.depth_m > spared.get(key, 0.0) + _TOUCHED_M:
                crushed = _again(first, second, touch, seconds)
                spared[key] = max(spared.get(key, 0.0), crushed) if crushed else touch.depth_m


def _touches(sliders: list[Slider], posts: list[Fixed]) -> Iterator[tuple[tuple[int, int], Slider, Other, Touch]]:
    bodies = [slider.body for slider in sliders]
    for (i, first), (j, second) in combinations(enumerate(sliders), 2):
        if not (first.still and second.still):
            touch = contact.between(bodies[i], bodies[j])
            if touch:
                yield (i, j), first, second, touch
    for i, first in enumerate(sliders):
        for number, post in enumerate(posts):
            found = None if first.still else contact.with_fixed(bodies[i], post)
            if found:
                yield (i, number - len(posts)), first, post, found


def _again(first: Slider, second: Other, touch: Touch, seconds: float) -> float:
    """Solve a further contact; returns how deep hulls are pressed now, 0 if they part by themselves."""
    one = first.as_struck(contact.side_of(first.body, touch.point_m, touch.normal))
    other: Struck | Fixed = (
        second
        if isinstance(second, Fixed)
        else second.as_struck(contact.side_of(second.body, touch.point_m, touch.normal))
    )
    told = {**_AGAIN, "hull_friction": RAIL_FRICTION} if isinstance(second, Fixed) and second.faces else _AGAIN
    width = 2 * second.radius_m + _BENT_M if isinstance(second, Fixed) and second.radius_m else _NARROW_M
    met = meet(one, other, touch, seconds=seconds, width_m=width, **told)
    if met is None:
        return 0.0
    impact, hits = met
    felt = hits[0].closing_mps > _FELT_MPS
    shown = sum(hit.shown_m for hit in hits) if felt else 0.0
    apart, gives = touch.depth_m - shown, _give(one, other)
    first.kicked(impact.first, _along(touch, apart * gives), seconds, hits[0] if felt else None)
    if isinstance(second, Slider):
        second.kicked(impact.second, _along(touch, -apart * (1 - gives)), seconds, hits[1] if felt else None)
    return max(shown, 1e-6)


def _give(one: Struck, other: Struck | Fixed) -> float:
    """Return which share of an overlap the first body gives way."""
    if isinstance(other, Fixed):
        return 1.0
    return other.mover.mass_kg / (one.mover.mass_kg + other.mover.mass_kg)


def _along(touch: Touch, way_m: float) -> tuple[float, float]:
    return touch.normal[0] * way_m, touch.normal[1] * way_m
