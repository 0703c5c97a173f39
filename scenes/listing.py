"""The page that lists everything that can be asked for: `python -m scenes.listing > docs/scenarios.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import resources

from scenes.atlas import shipped
from scenes.cells import CoverageSettings
from scenes.crashes.near_miss import NEAR_MISSES
from scenes.crashes.registry import CRASH_TYPES
from scenes.scenario import SCENARIOS, SENTENCES
from scenes.settings import compose, validated


def page() -> str:
    """Return the page as Markdown."""
    parts = (_crashes, _others, _conditions, _cameras, _rules)
    return "\n\n".join("\n".join(part()) for part in parts) + "\n"


def _table(head: str, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    names = head.split("|")
    yield f"| {' | '.join(names)} |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _crashes() -> Iterator[str]:
    numbers = {kind.nhtsa for kind in CRASH_TYPES.values()}
    yield "# Scenarios, light, weather, cameras"
    yield ""
    yield "Made by `python -m scenes.listing`. Names go into `scenario.mix`, `lighting=`, `weather=`, `camera=`."
    yield ""
    yield f"## Crashes: {len(CRASH_TYPES)} types over {len(numbers)} of NHTSA's 37 pre-crash scenarios"
    yield ""
    yield "![Every type of crash](gallery/crashes.jpg)"
    yield ""
    yield "`rareblend render diagram NAME out=DIR` draws one from above; [physics.md](physics.md) tells the models."
    yield ""
    kinds = sorted(CRASH_TYPES.values(), key=lambda kind: (kind.nhtsa, kind.name))
    yield from _table(
        "name|NHTSA|what happens|places", ((f"`{k.name}`", str(k.nhtsa), k.sentence, _places(k.places)) for k in kinds)
    )


def _places(places: Iterable[str]) -> str:
    return ", ".join(place.replace("_", " ") for place in places)


def _others() -> Iterator[str]:
    yield "## Other scenarios"
    yield ""
    yield from _table(
        "name|what it shows", ((f"`{name}`", _sentence(name)) for name in SCENARIOS if name not in CRASH_TYPES)
    )


def _sentence(name: str) -> str:
    if name not in NEAR_MISSES:
        return SENTENCES[name]
    low, high = NEAR_MISSES[name].gap_m
    return NEAR_MISSES[name].sentence.format(gap=f"{low:g} to {high:g}")


def _conditions() -> Iterator[str]:
    atlas = shipped()
    yield "## Light and weather"
    yield ""
    yield "[light_and_weather.md](light_and_weather.md) tells the numbers and their sources, and what goes with what."
    yield ""
    yield "![Light atlas](gallery/lighting.jpg)"
    yield "![Weather](gallery/conditions.jpg)"
    yield ""
    told = {name: item.sentence for name, item in atlas.lightings.items()}
    told |= {name: item.sentence for name, item in atlas.weathers.items()}
    yield from _table("name|what one sees", ((f"`{name}`", sentence) for name, sentence in told.items()))


def _cameras() -> Iterator[str]:
    yield "## Cameras"
    yield ""
    yield "![Cameras](gallery/cameras.jpg)"
    yield ""
    files = (entry for entry in resources.files("conf").joinpath("camera").iterdir() if entry.name.endswith(".yaml"))
    told = sorted((entry.name.removesuffix(".yaml"), _comment(entry.read_text(encoding="utf-8"))) for entry in files)
    yield from _table("name|when to use it", ((f"`{name}`", comment) for name, comment in told))


def _comment(text: str) -> str:
    """Return the comment that a file begins with, in one line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)


def _rules() -> Iterator[str]:
    coverage = validated("coverage", CoverageSettings, compose("render", ())["coverage"])
    yield "## What cannot be"
    yield ""
    yield "`coverage.json` counts light, weather, place, scenario, phase and camera of a round, all pairs but these:"
    yield ""
    yield from (f"- {rule.reason}" for rule in coverage.impossible)


if __name__ == "__main__":
    print(page(), end="")
