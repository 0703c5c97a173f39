"""The ledger on the page: a square for every pair with its count, gaps by name, and why some are impossible."""

import json
import re
from html.parser import HTMLParser

import pytest

from eval.report import heat_map, page
from render.durable import write_json
from scenes.coverage import Factor, Impossible, Space, ledger

ROOM = Space(
    (
        Factor(name="light", values=("day", "night")),
        Factor(name="place", values=("street", "low_bridge")),
        Factor(name="camera", values=("dashcam", "drone<1>")),
    ),
    (Impossible(reason="girders stand before drones", when={"place": ("low_bridge",), "camera": ("drone<1>",)}),),
)
CASES = [{"light": "day", "place": "street", "camera": "dashcam"}] * 3 + [
    {"light": "night", "place": "street", "camera": "drone<1>"},
    {"light": "dawn", "place": "low_bridge", "camera": "dashcam"},
]


@pytest.fixture
def told():
    return ledger(ROOM, CASES).told()


def test_a_page_without_a_ledger_says_what_makes_it(tmp_path):
    assert "there is no coverage.json; rareblend render makes it" in page.write(tmp_path).read_text()


def test_a_ledger_of_no_cases_is_all_gaps():
    drawn = heat_map.svg(ledger(ROOM, []).told())
    assert drawn.count('class="gap"') == 11
    assert drawn.count('class="never"') == 1
    assert 'class="met"' not in drawn


def test_every_pair_has_a_square_and_the_met_ones_their_count(told):
    drawn = heat_map.svg(told)
    assert len(re.findall(r'<rect class="(?:met|gap|never)"', drawn)) == 12
    assert "light day, place street: 3 cases" in drawn
    assert "light night, camera drone&lt;1&gt;: 1 case<" in drawn
    assert "place low bridge, camera drone&lt;1&gt;: impossible" in drawn
    strengths = [float(value) for value in re.findall(r'fill-opacity="([0-9.]+)"', drawn)]
    assert max(strengths) == 1.0
    assert min(strengths) < 0.5


def test_squares_lie_apart_and_inside_the_drawing(told):
    drawn = heat_map.svg(told)
    width, height = (int(value) for value in re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn).groups())
    places = re.findall(r'<rect class="(?:met|gap)" x="(\d+)" y="(\d+)" width="(\d+)"', drawn)
    assert len({(x, y) for x, y, _ in places}) == len(places)
    assert all(int(x) + int(size) <= width and int(y) + int(size) <= height for x, y, size in places)


def test_the_page_tells_shares_gaps_reasons_and_what_it_does_not_know(tmp_path, told):
    write_json(tmp_path / "coverage.json", {"scenes": told})  # as the round does: keys are sorted
    html = page.write(tmp_path).read_text()
    assert "5 scenes over light, place, camera" in html
    assert f"{told['pairs']['covered']} of 11 possible pairs" in html
    for text in ("girders stand before drones", "light day &amp; place low bridge", "light dawn (1)", "<svg"):
        assert text in html
    parsed = HTMLParser()
    parsed.feed(html)
    parsed.close()


def test_frames_go_before_scenes(tmp_path, told):
    (tmp_path / "coverage.json").write_text(json.dumps({"scenes": told, "frames": told}))
    assert "5 frames over light" in page.write(tmp_path).read_text()
