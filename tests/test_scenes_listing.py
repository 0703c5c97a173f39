"""The page of everything that can be asked for."""

from pathlib import Path

from scenes.atlas import shipped
from scenes.crashes.registry import CRASH_TYPES
from scenes.listing import page
from scenes.scenario import SCENARIOS

PAGE = Path(__file__).parents[1] / "docs" / "scenarios.md"


def test_the_page_names_everything_that_is_registered():
    text = page()
    for name in (*SCENARIOS, *shipped().lightings, *shipped().weathers):
        assert f"| `{name}` |" in text, name
    assert all(kind.sentence in text for kind in CRASH_TYPES.values())


def test_the_page_in_docs_is_todays():
    assert PAGE.read_text(encoding="utf-8") == page(), "make it again: python -m scenes.listing > docs/scenarios.md"
