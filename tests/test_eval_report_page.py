from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from small_round import write_round

from eval.report import page, wording
from eval.report.inputs import RoundFolder
from scenes.errors import InputError

VOID = {"meta", "link", "img", "input", "br"}
CHROMIUM = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--window-size=1366,768", "--enable-logging=stderr"),
]
OVERFLOW = (
    "<script>addEventListener('load', () => { const root = document.documentElement;"
    "document.title = 'overflow ' + (root.scrollWidth - root.clientWidth); })</script></body>"
)


class Outline(HTMLParser):
    """Follows the nesting of tags, and keeps every address and id."""

    def __init__(self):
        super().__init__()
        self.open, self.addresses, self.ids = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "xlink:href")]
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_startendtag(self, _, attrs):
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def outline(html):
    parsed = Outline()
    parsed.feed(html)
    parsed.close()
    return parsed


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    return page.write(write_round(tmp_path_factory.mktemp("reported") / "round")).read_text()


def test_an_empty_folder_gives_a_page_that_names_what_is_missing(tmp_path):
    html = page.write(tmp_path).read_text()
    assert html.count("not measured: ") >= 8
    for name in ("verdicts.json", "scores.json", "annotations.json", "blend.json", "round.json"):
        assert name in html
    assert not outline(html).open


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="must be the folder of a round"):
        page.write(tmp_path / "none")


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "scores.json").write_text("{")
    with pytest.raises(InputError, match=r"scores\.json"):
        page.write(tmp_path)


def test_every_tag_is_closed_and_no_id_stands_twice(html):
    parsed = outline(html)
    assert not parsed.open
    assert len(parsed.ids) == len(set(parsed.ids))


def test_the_page_is_self_contained(html):
    addresses = outline(html).addresses
    assert all(address.startswith(("data:", "#")) for address in addresses), addresses
    assert "@import" not in html
    assert "<script" not in html
    assert not re.search(r"url\((?!#)", html)


def test_every_link_inside_the_page_has_its_target(html):
    parsed = outline(html)
    assert {address[1:] for address in parsed.addresses if address.startswith("#")} <= set(parsed.ids)


def test_what_was_made_and_judged_stands_in_the_summary(html):
    assert "4 labelled frames of 2 rare scenes, blended with 6 real pictures." in html
    assert "1 of 1 gate passed; none failed." in html


def test_scores_stand_with_interval_null_and_reason(html):
    for text in ("0.233", "0.142 to 0.324", "(0 to 0.02)", "squared discrepancy", "needs an earlier round"):
        assert text in html


def test_frames_neighbours_faults_and_timings_are_shown(html):
    assert html.count("data:image/jpeg") >= 8
    for text in ("One car has run into another.", "PDOF 12°", "copy.jpg", "truncated", "r1.png", "20.50"):
        assert text in html
    assert html.count("<svg") >= 3 + 4


def test_words_of_a_round_cannot_become_markup(html):
    assert "unlit <night>" not in html
    assert "unlit &lt;night&gt;" in html


def test_the_same_round_gives_the_same_bytes(tmp_path):
    out = write_round(tmp_path / "round")
    assert page.write(out).read_bytes() == page.write(out).read_bytes()


def test_a_picture_that_cannot_be_read_leaves_a_note_in_its_place(tmp_path):
    out = write_round(tmp_path / "round")
    next((out / "images").iterdir()).write_bytes(b"no picture")
    assert "the file cannot be read" in page.write(out).read_text()


def test_a_failed_gate_is_named_in_the_summary():
    verdicts = [{"gate": "variety", "verdict": "fail"}, {"gate": "near", "verdict": "not measured"}]
    assert wording.outcome(verdicts) == (
        "fail",
        "0 of 2 gates passed; 1 failed (variety); 1 could not be judged (near).",
    )


def test_varieties_and_composites_are_told_apart_where_the_record_does(tmp_path):
    out = write_round(tmp_path / "round")
    assert '"augmented": 1' in (out / "blend" / "blend.json").read_text()
    before = dict(wording.key_figures(RoundFolder(out=out)))
    assert before["synthetic in the blend"] == "1"
    record = json.loads((out / "blend" / "blend.json").read_text())
    record["counts"] = {"real": 6, "synthetic": 5, "augmented": 2, "composite": 3, "earlier": 0}
    (out / "blend" / "blend.json").write_text(json.dumps(record))
    now = dict(wording.key_figures(RoundFolder(out=out)))
    assert now["synthetic in the blend (2 varied, 3 composites)"] == "10"


@pytest.mark.parametrize(("value", "text"), [(None, "—"), (0.0, "0"), (0.2328, "0.233"), (-0.00147, "−0.00147")])
def test_numbers_have_three_digits(value, text):
    assert wording.number(value) == text


def test_scores_of_one_name_stand_together_under_a_shared_definition():
    scores = [{"name": name, "definition": name} for name in ("kid", "mmd", "kid")]
    rows = wording.score_rows(scores)
    assert [row["name"] for row in rows] == ["kid", "kid", "mmd"]
    assert [row["first"] for row in rows] == [True, False, True]
    assert rows[0]["about"] == "kid"


@pytest.mark.browser
def test_a_browser_shows_the_page_without_overflow_or_complaint(tmp_path, html):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is missing")
    probe = tmp_path / "probe.html"
    probe.write_text(html.replace("</body>", OVERFLOW))
    command = [chromium, *CHROMIUM, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", probe.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "<title>overflow 0</title>" in done.stdout
    assert "CONSOLE" not in done.stderr


def test_frame_lists_survive_a_round_without_a_blend(tmp_path):
    out = write_round(tmp_path / "round")
    shutil.rmtree(out / "blend")
    (out / "eval" / "images.json").write_text(json.dumps({"images": []}))
    html = page.write(out).read_text()
    assert "not blended yet" in html
    assert "the real and synthetic side has no measured picture" in html


def test_what_differs_most_is_shown_with_a_picture_of_each_side(tmp_path):
    out = write_round(tmp_path / "round")
    shown = {"synthetic": ["aaaaaaaaaaaa-0-111111"], "real": ["images/real-1.jpg"]}
    one = {"kind": "low level", "effect": 2.5, "interval": [2.0, 3.0], "null": 0.1, "pictures": shown}
    one |= {"median": {"synthetic": 0.3, "real": 0.1}}
    listed = [{**one, "name": "octave_1", "p_holm": 0.01}, {**one, "name": "local_contrast", "p_holm": 0.4}]
    (out / "eval/differences.json").write_text(json.dumps({"schema": 1, "differences": listed}))
    html = page.write(out).read_text()
    assert "octave 1: 2.5 (2 to 3)" in html
    assert "local contrast" not in html
