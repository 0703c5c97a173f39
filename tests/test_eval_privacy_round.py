"""`rareblend eval privacy`: what is measured of a round, what is released, and what the certificate says."""

import json
import shutil
from dataclasses import replace

import cv2
import numpy as np
import pytest

from eval import measure
from eval.privacy import audit, canary, certificate, ledger, pictures, release, report, training
from eval.privacy.accounting import SampledGaussian
from eval.samples import Round, Sample
from rareblend.main import main
from scenes.errors import InputError
from scenes.ontology import CATEGORIES

TINY = (48, 32)
MEMBERS, OTHERS = 120, 104


def picture(number):
    """Draw blocks whose colour has something to do with what is labelled."""
    rng = np.random.default_rng(number)
    small = rng.integers(0, 255, (4, 6, 3), dtype=np.uint8)
    small[..., 2] //= 1 + number % 2
    return cv2.resize(small, TINY, interpolation=cv2.INTER_NEAREST)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a round whose blend holds real pictures only, each fourth one of a take."""
    out = tmp_path_factory.mktemp("privacy") / "round"
    (out / "blend" / "images").mkdir(parents=True)
    images, boxes = [], []
    for number in range(MEMBERS + OTHERS):
        name = f"images/{number}.png"
        assert cv2.imwrite(str(out / "blend" / name), picture(number))
        facts = {"source": "real", "split": "train" if number < MEMBERS else "test", "group": f"take{number // 4}"}
        size = {"width": TINY[0], "height": TINY[1], "labelled": True, "augment": None}
        images.append({"id": number, "file_name": name, **facts, **size})
        boxes.append({"id": number, "image_id": number, "category_id": 1 + number % 2, "bbox": [1, 1, 9, 9]})
    categories = [{"id": number, "name": name} for name, number in CATEGORIES.items()]
    content = {"images": images, "annotations": boxes, "categories": categories}
    (out / "blend" / "annotations.json").write_text(json.dumps(content))
    (out / "blend" / "blend.json").write_text(json.dumps({"schema": 1, "leaks": 0}))
    (out / "annotations.json").write_text(json.dumps({"images": [], "annotations": [], "categories": []}))
    return out


@pytest.fixture
def out(made, tmp_path):
    return shutil.copytree(made, tmp_path / "round")


def changed(out, change):
    path = out / "blend" / "annotations.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def scores(out):
    return {(row.name, row.condition): row for row in report.of_round(out)}


def test_without_a_run_nothing_is_claimed(tmp_path):
    rows = {row.name: row for row in report.of_round(tmp_path)}
    assert rows["membership_tpr_at_1pct_fpr"].not_measured.endswith("rareblend eval privacy out=DIR does")
    assert rows["epsilon"].not_measured == "a blend that holds real pixels is under no ε"


def test_a_round_is_attacked_audited_and_certified(out, capsys):
    code = main(["eval", "privacy", f"out={out}", "privacy.head.ridge=1e-5", "privacy.canary.count=200"])
    rows = scores(out)
    found = rows["membership_tpr_at_1pct_fpr", "all"]
    assert code == int(found.interval[0] > 0.05)
    assert (found.n["members"], found.n["non_members"]) == (MEMBERS, OTHERS)
    assert found.interval[0] <= found.value <= found.interval[1]
    assert found.null is None  # half of the non-members are too few
    assert rows["membership_tpr_at_01pct_fpr", "all"].not_measured == f"insufficient: {OTHERS} of 1000 non-members"
    assert rows["canary_epsilon_lower_bound", "all"].value >= 3
    assert "so no ε bounds what it tells" in rows["epsilon", "all"].not_measured
    certificate = (out / "privacy" / "certificate.md").read_text()
    assert "Any ε for the blend itself: the blend holds 224 real pictures" in certificate
    assert "An attack that fails shows that this attack fails" in certificate
    assert not (out / "privacy" / "ledger.jsonl").exists()
    assert "privacy: membership tpr at 1pct fpr: " in capsys.readouterr().out


def test_the_same_seed_gives_the_same_scores(out):
    told = []
    for _ in range(2):
        main(["eval", "privacy", f"out={out}", "privacy.membership.held_out=half", "privacy.canary.count=20"])
        told.append((out / "privacy" / "privacy.json").read_bytes())
    assert told[0] == told[1]


def test_eval_shows_what_the_privacy_run_found(out, monkeypatch):
    main(["eval", "privacy", f"out={out}", "privacy.canary.count=20"])
    monkeypatch.setattr(measure, "_parity", lambda *_: [])
    settings, gates = measure.EvalSettings(null_draws=10, permutations=100), measure.GateSettings()
    measure.measure(out, settings=settings, gates=gates, seed=7)
    rows = {row["name"]: row for row in json.loads((out / "eval" / "scores.json").read_text())["scores"]}
    assert rows["membership_tpr_at_1pct_fpr"]["value"] is not None


def test_the_losses_of_a_teams_own_model_are_judged(out, tmp_path):
    rng = np.random.default_rng(0)
    member = np.arange(3000) < 1500
    path = tmp_path / "losses.npz"
    np.savez(path, loss=np.where(member, 0.01, 2.0), member=member, reference_loss=np.full((2, 3000), 2.0))
    assert main(["eval", "privacy", f"out={out}", f"privacy.membership.losses={path}"]) == 1
    rows = scores(out)
    assert rows["membership_tpr_at_01pct_fpr", "all"].value == 1
    assert rows["membership_tpr_at_1pct_fpr", "head"].n["members"] == MEMBERS
    np.savez(path, loss=rng.exponential(size=3000), member=member, reference_loss=rng.exponential(size=(2, 3000)))
    assert main(["eval", "privacy", f"out={out}", f"privacy.membership.losses={path}"]) == 0
    assert scores(out)["membership_tpr_at_1pct_fpr", "all"].interval[1] < 0.03


@pytest.mark.slow
def test_a_detector_is_trained_and_attacked(out):
    changed(out, lambda content: content.update(images=content["images"][96:144]))
    words = ["privacy.membership.pairs=1", "privacy.membership.detector_steps=2", "privacy.canary.count=20"]
    assert main(["eval", "privacy", f"out={out}", *words]) == 0
    found = scores(out)["membership_tpr_at_1pct_fpr", "all"]
    assert found.not_measured == "insufficient: 24 of 100 non-members"
    assert not list((out / "privacy" / "maps").iterdir())


def test_a_guarantee_that_the_audit_refutes_is_not_certified():
    mechanism = SampledGaussian(noise_multiplier=5.0)
    for epsilon, refuted in [(3.0, True), (1.5, False)]:
        audited = canary.Audit(epsilon=epsilon, right=1, guesses=1, count=10, ceiling=4.0)
        found = audit.Findings(
            head=audit.HeadFindings(attacked="", audited=audited, mechanism=mechanism),
            detector=None,
            given=None,
            released=(),
            spent=2.0,
            pictures={},
            real_pixels="",
        )
        settings = audit.PrivacySettings(training=training.TrainingSettings(epsilon=2.0))
        told = "\n".join(certificate.content(found, settings)["shown"])
        assert ("REFUTES THE GUARANTEE of ε = 2" in told) == refuted


def test_a_private_head_is_charged_written_and_certified(out):
    pytest.importorskip("opacus")
    told = ["privacy=private_head", "privacy.training.steps=5", "privacy.membership.pairs=1", "privacy.canary.count=20"]
    main(["eval", "privacy", f"out={out}", *told])
    assert scores(out)["epsilon_spent", "all"].value == pytest.approx(2, abs=0.01)
    with np.load(out / "privacy" / "head.npz") as arrays:
        assert arrays["weights"].shape == (1281, len(CATEGORIES))
    assert "are (ε = 2, δ = 1e-05)-private" in (out / "privacy" / "certificate.md").read_text()


def test_statistics_are_charged_until_the_budget_is_spent(out, capsys):
    pytest.importorskip("opendp")
    words = ["eval", "privacy", f"out={out}", "privacy=statistics", "privacy.canary.count=20"]
    words += ["privacy.ledger.epsilon=1.5"]
    main(words)
    tables = json.loads((out / "privacy" / "statistics.json").read_text())["tables"]
    assert [table["name"] for table in tables] == ["boxes_by_class", "pictures_by_boxes", "pictures_by_mean_luma"]
    before = (out / "privacy" / "statistics.json").read_bytes()
    assert main(words) == 2
    assert "must stay within its budget of ε = 1.5" in capsys.readouterr().err
    assert (out / "privacy" / "statistics.json").read_bytes() == before
    assert ledger.read(out / "privacy" / "ledger.jsonl").spent() <= 1.001


def test_a_claim_over_real_pixels_is_refused(out, capsys):
    assert main(["eval", "privacy", f"out={out}", "privacy.claim_epsilon=1"]) == 2
    assert "privacy.claim_epsilon: is refused; got the blend holds 224 real pictures" in capsys.readouterr().err


def _few(content):
    for image in content["images"][5:]:
        image["split"] = "test"


def _one_take(content):
    for image in content["images"][MEMBERS:]:
        image["group"] = "last"


def _one_class(content):
    for annotation in content["annotations"]:
        annotation["category_id"] = 1


def _unlabelled(content):
    for image in content["images"]:
        image["labelled"] = False


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_few, "insufficient: 5 of 20 members"),
        (_one_take, "insufficient: 1 of 2 takes of non-members"),
        (_one_class, "every picture holds the same classes"),
        (_unlabelled, "no real picture of the blend is labelled, and models learn from labels"),
    ],
)
def test_what_cannot_be_attacked_is_told_and_the_rest_goes_on(out, change, said):
    changed(out, change)
    assert main(["eval", "privacy", f"out={out}"]) == 0
    rows = scores(out)
    assert said in rows["membership_tpr_at_1pct_fpr", "all"].not_measured
    assert said in rows["canary_epsilon_lower_bound", "all"].not_measured
    assert said in (out / "privacy" / "certificate.md").read_text()


def _no_real(out):
    changed(out, lambda content: content.update(images=[], annotations=[]))


def _cut_ledger(out):
    (out / "privacy").mkdir()
    (out / "privacy" / "ledger.jsonl").write_text("{")


@pytest.mark.parametrize(
    ("words", "spoil", "said"),
    [
        ([], _no_real, "must hold a real picture whose privacy is at stake"),
        ([], _cut_ledger, "must end with a whole line"),
        ([], shutil.rmtree, "must be the folder of a round"),
        (["privacy.canary.count=2"], None, "privacy.canary.count: must be at least 10"),
        (["privacy.release.epsilon=0"], None, "privacy.release.epsilon: must be above 0"),
        (["privacy.membership.losses=/nowhere.json"], None, "must be readable"),
        (["privacy.nothing=1"], None, "there is no such key"),
    ],
)
def test_bad_input_is_told_in_one_line(out, capsys, words, spoil, said):
    if spoil:
        spoil(out)
    assert main(["eval", "privacy", f"out={out}", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_file_of_scores_that_was_spoilt_is_told(out):
    (out / "privacy").mkdir()
    (out / "privacy" / "privacy.json").write_text("[]")
    with pytest.raises(InputError, match="must hold scores of schema 1"):
        report.of_round(out)


def sample(*names):
    """Make a picture with boxes of these classes."""
    boxes = tuple((name, (0.0, 0.0, 1.0, 1.0)) for name in names)
    facts = {"split": "", "group": "", "condition": "", "size_wh": (4, 4), "labelled": True, "augmented": False}
    return Sample(key="", path=None, stage="blend", source="real", boxes=boxes, **facts)


def test_composites_of_all_rounds_count_as_real_pixels():
    made = replace(sample("car"), source="synthetic", augmented=True, composite=True)
    told = pictures.real_pixels(Round(samples=(sample(), made, made), blend={"composites": {"made": 1}}))
    assert "the blend holds 1 real pictures and 2 composites with real pixels" in told


def test_tables_count_what_is_there_and_no_more_of_a_picture_than_said():
    settings = release.ReleaseSettings(max_boxes=3)
    pictures = [sample(), sample("car"), sample("car", "car", "bus", "person", "person")]
    classes, boxes, light = release.tables(pictures, np.array([0.0, 31.9, 255.0]), settings)
    assert classes.counts == dict.fromkeys(CATEGORIES, 0) | {"car": 3, "bus": 1}
    assert boxes.counts == {"0": 1, "1": 1, "2": 0, "3 or more": 1}
    assert list(light.counts.values()) == [2, 0, 0, 0, 0, 0, 0, 1]


def test_one_picture_changes_a_table_by_no_more_than_its_sensitivity():
    settings, rng = release.ReleaseSettings(max_boxes=4), np.random.default_rng(0)
    for _ in range(50):
        pictures = [sample(*rng.choice(list(CATEGORIES), rng.integers(0, 9))) for _ in range(5)]
        luma = rng.uniform(0, 255, 5)
        for more, fewer in zip(
            release.tables(pictures, luma, settings), release.tables(pictures[1:], luma[1:], settings), strict=True
        ):
            change = sum(abs(more.counts[row] - fewer.counts[row]) for row in more.counts)
            assert change <= more.sensitivity


def test_noise_costs_what_opendp_says_and_errs_as_told():
    pytest.importorskip("opendp")
    table = release.Table(name="t", counts=dict.fromkeys(map(str, range(2000)), 1000), sensitivity=3)
    found = release.released(table, 0.5)
    assert release.epsilon_by_opendp(table, found.scale) == pytest.approx(0.5)
    off = np.abs(np.array(list(found.counts.values())) - 1000)
    assert 0.93 <= np.mean(off <= found.error) <= 0.985
    assert release.released(table, 0.5).counts != found.counts
