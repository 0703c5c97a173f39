"""What follows a measurement: a history, an alert once per slip and once at recovery, JUnit XML, a summary."""

import json
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import small_round
from lxml import etree

from eval import alert, gate, history, publish, scores
from eval.alert import AlertSettings
from eval.gate import Verdict
from eval.history import HistorySettings
from eval.report import page
from eval.scores import Score
from scenes.errors import InputError


@pytest.fixture
def webhook():
    """Serve a webhook that keeps what it is sent, and refuses while `refuses` is set."""
    heard = []

    class Handler(BaseHTTPRequestHandler):
        refuses = False

        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if not Handler.refuses:
                heard.append(json.loads(content))
            self.send_response(500 if Handler.refuses else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/", heard, Handler
    server.shutdown()
    server.server_close()
    thread.join()


def _verdict(outcome, name="variety"):
    return Verdict(gate=name, score="vendi_ratio", condition="all", rule=">= 0.3", verdict=outcome, why="lower end 0.2")


def _send(path, url, *outcomes):
    told = []
    with history.opened(path) as past:
        for outcome in outcomes:
            told += alert.send(AlertSettings(urls=(url,)), "round", [_verdict(outcome)], past)
    return told


def test_people_are_told_once_per_slip_and_once_at_recovery(tmp_path, webhook):
    url, heard, _ = webhook
    outcomes = ("pass", "fail", "fail", "not measured", "fail", "pass", "pass", "fail")
    _send(tmp_path / "h.sqlite", url, *outcomes)
    assert [message["type"] for message in heard] == ["failure", "success", "failure"]
    assert heard[0]["message"] == "SLIPPED: variety (lower end 0.2)"
    assert heard[1]["message"].startswith("holds again: variety")


def test_a_webhook_that_is_down_is_told_later_and_costs_one_line(tmp_path, webhook):
    url, heard, handler = webhook
    handler.refuses = True
    told = _send(tmp_path / "h.sqlite", url, "fail")
    assert told == ["alert: json://… cannot be reached; it is told with the next measurement"]
    handler.refuses = False
    assert _send(tmp_path / "h.sqlite", url, "fail")[0].startswith("alert: told json://…: SLIPPED: variety")
    assert len(heard) == 1


def test_each_target_is_remembered_alone(tmp_path, webhook):
    url, heard, _ = webhook
    with history.opened(tmp_path / "h.sqlite") as past:
        both = AlertSettings(urls=(url, "json://127.0.0.1:9/"))
        first = alert.send(both, "round", [_verdict("fail")], past)
        second = alert.send(both, "round", [_verdict("fail")], past)
    assert len(heard) == 1
    assert [len(first), len(second)] == [2, 1]


def test_an_address_that_is_none_is_refused_and_not_repeated(tmp_path):
    with pytest.raises(InputError, match=r"alert.urls.0: must be a URL that Apprise knows") as told:
        AlertSettings(urls=("carrier-pigeon://user:secret@loft",))
    assert "secret" not in str(told.value)


def _scores(value):
    return [
        Score(name="kid", definition="", value=value, interval=(value - 0.1, value + 0.1), n={"real": 20}),
        Score(name="coverage", definition="", not_measured="insufficient: 3 of 8 frames"),
    ]


def test_history_keeps_scores_in_order_and_what_was_not_measured(tmp_path):
    path = tmp_path / "deep" / "history.sqlite"
    for value in (0.3, 0.2):
        with history.opened(path) as past:
            past.add("eval", "round", _scores(value), [_verdict("pass")])
    with history.opened(path) as past:
        assert [point.value for point in past.trend("kid")] == [0.3, 0.2]
        assert past.trend("kid")[0].interval == pytest.approx((0.2, 0.4))
        assert [point.value for point in past.trend("coverage")] == [None, None]


def test_history_of_a_newer_version_or_another_kind_is_refused_and_kept(tmp_path):
    newer, other, broken = (tmp_path / name for name in ("newer.sqlite", "other.sqlite", "broken.sqlite"))
    with sqlite3.connect(newer) as db:
        db.execute(f"PRAGMA user_version = {history.HISTORY_VERSION + 1}")
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE song (title TEXT)")
    broken.write_bytes(b"no database at all, but long enough to be read as one" * 40)
    for path, rule in (
        (newer, "version 1 or older"),
        (other, "a history of rareblend"),
        (broken, "a history that can"),
    ):
        before = path.read_bytes()
        with pytest.raises(InputError, match=rule), history.opened(path):
            pass
        assert path.read_bytes() == before


def test_a_window_is_never_written_twice(tmp_path):
    with history.opened(tmp_path / "h.sqlite") as past:
        past.add_window("family", "digest", past.next_window("family"), "2026-01", {"drifted": False})
        assert past.window("family", "digest") == (1, {"drifted": False})
        assert past.next_window("family") == 2
        with pytest.raises(sqlite3.IntegrityError):
            past.add_window("family", "digest", 2, "again", {})


def test_publishing_writes_junit_and_summary_that_say_what_the_gates_said(tmp_path):
    out = small_round.write_round(tmp_path / "round")
    scores.write(out, _scores(0.25))
    gate.write(out, [_verdict("pass", "close"), _verdict("fail"), _verdict("not measured", "few | copies")])
    publish.publish(out, remembered=HistorySettings(), alerts=AlertSettings())
    suite = etree.parse(out / "eval/junit.xml").getroot()
    assert {key: suite.get(key) for key in ("tests", "failures", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "skipped": "1",
    }
    assert [[child.tag for child in case] for case in suite] == [[], ["failure"], ["skipped"]]
    text = (out / "eval/summary.md").read_text()
    assert "| ❌ | variety | `vendi_ratio >= 0.3` | lower end 0.2 |" in text
    assert "| kid | 0.25 | 0.15 to 0.35 |  | 20 real |" in text
    assert "| coverage | not measured | insufficient: 3 of 8 frames | |  |" in text


def test_the_report_shows_trends_from_two_measurements_on(tmp_path):
    out = small_round.write_round(tmp_path / "round")
    assert "the history holds fewer than two measurements" in page.write(out).read_text()
    for value in (0.3, 0.2, 0.25):
        scores.write(out, _scores(value))
        publish.publish(out, remembered=HistorySettings(), alerts=AlertSettings())
    html = page.write(out).read_text()
    assert html.count('id="trend-kid-') > 0
    assert "trend-coverage" not in html
