"""Gates and scores: what passes, what fails, and what was not shown."""

import json

import pytest
import yaml
from pydantic import TypeAdapter

from eval import gate, scores
from eval.gate import GateRule, GateSettings
from eval.measure import EvalSettings
from eval.parity import verb
from eval.scores import Null, Score
from scenes.errors import InputError

CONF = {"eval": EvalSettings, "gate": GateSettings}


def _score(value=1.0, interval=None, **more):
    return Score(name="kid", definition="a distance", value=value, interval=interval, **more)


def _judge(rule, score, **more):
    return gate.judge(GateRule(gate="g", score="kid", rule=rule, **more), [score])


@pytest.mark.parametrize(
    ("rule", "interval", "expected"),
    [
        ("<= 1", (0.5, 0.9), "pass"),
        ("<= 1", (0.5, 1.0), "pass"),
        ("<= 1", (0.5, 1.1), "not measured"),
        ("<= 1", (1.1, 1.2), "fail"),
        (">= 1", (1.0, 1.2), "pass"),
        (">= 1", (0.9, 1.2), "not measured"),
        (">= -0.5", (-0.9, -0.6), "fail"),
        ("<= 1", None, "pass"),
        (">= 1.5", None, "fail"),
    ],
)
def test_a_rule_is_judged_on_the_whole_interval(rule, interval, expected):
    assert _judge(rule, _score(interval=interval)).verdict == expected


def test_too_small_a_sample_is_not_measured_and_says_how_small():
    verdict = _judge("<= 2", _score(n={"synthetic": 32, "real": 200, "real_groups": 6}), min_n=200)
    assert (verdict.verdict, verdict.why) == ("not measured", "insufficient: 32 of 200")


def test_a_reason_is_passed_on_and_fails_only_where_required():
    score = Score(name="kid", definition="a distance", not_measured="no boxes")
    assert _judge("<= 2", score).why == "no boxes"
    assert _judge("<= 2", score, required=True).verdict == "fail"


def test_unknown_score_is_refused_and_unknown_condition_is_not_measured():
    assert _judge("<= 2", _score(), condition="night").verdict == "not measured"
    with pytest.raises(InputError, match="must be one of mmd"):
        _judge("<= 2", Score(name="mmd", definition="", value=0.0))


@pytest.mark.parametrize("rule", ["< 1", "<= x", "", "<= 1 or so"])
def test_a_rule_that_cannot_be_read_is_refused(rule):
    with pytest.raises(InputError, match=r"gate\.rules\.g\.rule"):
        GateRule(gate="g", score="kid", rule=rule)


def test_only_a_failure_sets_the_exit_code(tmp_path):
    good, open_, bad = (_judge(rule, _score(interval=(0.5, 1.5))) for rule in ("<= 2", "<= 1", "<= 0"))
    assert gate.exit_code([]) == gate.exit_code([good, open_]) == 0
    gate.write(tmp_path, [good, bad])
    content = json.loads((tmp_path / "eval/verdicts.json").read_text())
    assert (content["exit_code"], [v["verdict"] for v in content["verdicts"]]) == (1, ["pass", "fail"])


def test_a_score_has_a_value_or_a_reason_and_never_both():
    for wrong in ({}, {"value": 1.0, "not_measured": "why"}, {"value": float("nan")}):
        with pytest.raises(InputError, match="score kid"):
            Score(name="kid", definition="", **wrong)
    with pytest.raises(InputError, match="interval"):
        _score(interval=(2.0, 1.0))


def test_scores_survive_their_file(tmp_path):
    kept = [_score(interval=(0.5, 1.5), n={"real": 3}, null=Null(value=0.0, interval=(-1.0, 1.0)), p=0.5)]
    kept.append(Score(name="drift", definition="", not_measured="no earlier round"))
    scores.write(tmp_path, kept)
    assert scores.read(tmp_path) == kept
    assert [path.name for path in (tmp_path / "eval").iterdir()] == ["scores.json"]


def test_missing_or_broken_scores_are_named(tmp_path):
    with pytest.raises(InputError, match=r"scores\.json: must be readable"):
        scores.read(tmp_path)
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval/scores.json").write_text('{"schema": 1}')
    with pytest.raises(InputError, match="schema 1"):
        scores.read(tmp_path)


@pytest.mark.parametrize("path", ["eval/standard", "gate/smoke", "gate/release"])
def test_the_shipped_settings_are_valid(path, request):
    text = (request.config.rootpath / f"conf/{path}.yaml").read_text()
    assert text.startswith("#")
    TypeAdapter(CONF[path.split("/")[0]]).validate_python(yaml.safe_load(text))


def _shipped(root, name):
    rules = yaml.safe_load((root / f"conf/gate/{name}.yaml").read_text())["rules"]
    (rule,) = (GateRule(**rule) for rule in rules if rule["score"] == "detector_difference")
    return rule


@pytest.mark.parametrize(
    ("interval", "smoke", "release"),
    [
        ((-0.02, 0.03), "pass", "pass"),
        ((-0.03, 0.03), "not measured", "fail"),
        ((-0.05, -0.03), "fail", "fail"),
        (None, "not measured", "fail"),
    ],
)
def test_a_release_needs_detectors_shown_not_inferior_and_a_smoke_gate_fails_only_on_inferior_ones(
    request, interval, smoke, release
):
    told = {"not_measured": verb.NO_STUDY} if interval is None else {"value": sum(interval) / 2, "interval": interval}
    score = Score(name="detector_difference", definition="", **told)
    for name, expected in (("smoke", smoke), ("release", release)):
        assert gate.judge(_shipped(request.config.rootpath, name), [score]).verdict == expected


@pytest.mark.parametrize("name", ["smoke", "release"])
@pytest.mark.parametrize("parity", ["quick", "fine"])
def test_the_gate_on_detectors_has_the_margin_of_the_study(request, name, parity):
    margin = yaml.safe_load((request.config.rootpath / f"conf/parity/{parity}.yaml").read_text())["margin"]
    assert _shipped(request.config.rootpath, name).rule == f">= -{margin}"
