"""The page on light and weather says what the files say."""

from pathlib import Path

import pytest

from scenes.atlas import impossible, shipped
from scenes.friction import SURFACES

PAGE = Path(__file__).parent.parent / "docs/light_and_weather.md"
OF = {"open_ground": "open ground", "street_lamps": "road, by lamps", "tunnel_lamps": "road, by the tunnel's lamps"}


def span(bounds, unit=""):
    low, high = (f"{end:,.6g}" for end in bounds)
    return f"{low if low == high else f'{low} to {high}'}{unit}"


def lighting_row(item):
    return f"| `{item.name}` | {item.sentence} | {span(item.lux.range)} | {OF[item.lux.of]} |"


def weather_row(item):
    road = [
        f"{name} {span(getattr(item.road, f'{name}_range'))}"
        for name in ("wetness", "puddles", "snow", "ice", "leaves", "sand")
        if getattr(item.road, f"{name}_range")[1]
    ]
    falls = f"{item.falling} {span(item.rate_mm_h_range)}" if item.falling != "none" else "-"
    sight = span(item.visibility_m_range) if item.air else "-"
    cells = (
        item.sentence,
        span(item.temperature_c_range),
        ", ".join(road) or "dry",
        span(item.friction_range),
        falls,
        sight,
    )
    return f"| `{item.name}` | {' | '.join(cells)} |"


def impossible_row(lighting):
    never = [f"`{weather}`" for weather in shipped().weathers if impossible(lighting, weather)]
    return f"| `{lighting}` | {', '.join(never) or '-'} |"


def surface_row(name):
    told = SURFACES[name]
    return f"| {name.replace('_', ' ')} | {told.mean:.2f} | {told.low:.2f} to {told.high:.2f} |"


def rows():
    yield from (lighting_row(item) for item in shipped().lightings.values())
    yield from (weather_row(item) for item in shipped().weathers.values())
    yield from (surface_row(name) for name in SURFACES)
    yield from (impossible_row(name) for name in shipped().lightings)


def test_the_page_names_no_lighting_or_weather_that_is_gone():
    tables = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert set(tables) <= set(rows())


@pytest.mark.parametrize("row", list(rows()))
def test_the_page_has_the_row_that_the_files_make(row):
    assert row in PAGE.read_text(encoding="utf-8").splitlines()
