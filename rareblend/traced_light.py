"""What `lighting=` and `weather=` still change once scenes are traced: the looks of those that were traced in them.

Where the sun stands, which lamps burn, the state of the road: all this is settled when a scene is drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from scenes.atlas import Atlas, shipped
from scenes.errors import InputError
from scenes.spec.scene import SceneSpec

_WITHOUT_CHOICE = {"lighting": "as_scenario", "weather": "as_look"}
_SETTLED = {"lighting": ("scene",), "weather": ("road", "temperature_c_range", "friction_range")}
"""Fields of a group that act before a scene is traced; all others make its looks."""


def check(specs: Sequence[SceneSpec], atlas: Atlas) -> None:
    """Refuse a choice that is none of the traced scenes', which would change nothing.

    Args:
        specs: of all traced scenes; nothing is refused if there are none.
        atlas: with what the config chooses.

    Raises:
        InputError: no scene was traced in the lighting, or none in the weather.
    """
    for group, wanted in _chosen(atlas).items():
        others = _others(specs, group, wanted)
        if specs and others.total() == len(specs):
            where = f"{group}={next(iter(wanted))}" if len(wanted) == 1 else f"{group}.mix"
            rule = "is settled when scenes are traced, and none of the round was traced so"
            fix = f"trace some with rareblend render {group}=NAME, or develop other looks with look=NAME"
            raise InputError(where, rule, got=_counted(others), fix=fix)


def kept(specs: Sequence[SceneSpec], atlas: Atlas) -> list[str]:
    """Return a line for each group of which some scenes keep what they were traced in, whatever is chosen now."""
    found = {group: _others(specs, group, wanted) for group, wanted in _chosen(atlas).items()}
    return [
        f"{others.total()} of {len(specs)} scenes keep the {group} that they were traced in: {_counted(others)}"
        for group, others in found.items()
        if others
    ]


def settled(atlas: Atlas) -> list[str]:
    """Return a line for each field that is told otherwise than in conf, and acts only before scenes are traced."""
    told = {"lighting": atlas.lightings, "weather": atlas.weathers}
    ours = {"lighting": shipped().lightings, "weather": shipped().weathers}
    return [
        f"{group}.{field} stays as it was when the scenes were traced"
        for group, wanted in _chosen(atlas).items()
        for field in _SETTLED[group]
        if any(getattr(told[group][name], field) != getattr(ours[group][name], field) for name in wanted)
    ]


def _chosen(atlas: Atlas) -> dict[str, Mapping[str, float]]:
    """Return the groups of which something is chosen."""
    groups = {"lighting": atlas.lighting_mix, "weather": atlas.weather_mix}
    return {group: mix for group, mix in groups.items() if mix}


def _others(specs: Iterable[SceneSpec], group: str, wanted: Mapping[str, float]) -> Counter[str]:
    """Count scenes that were traced in something else, by its name."""
    names = (getattr(spec.conditions, group, "") or _WITHOUT_CHOICE[group] for spec in specs)
    return Counter(name for name in names if name not in wanted)


def _counted(others: Counter[str]) -> str:
    return ", ".join(f"{name} ({scenes})" for name, scenes in sorted(others.items()))
