from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from small_round import write_round

from eval.review import app, dataset, pictures
from eval.review.database import Place, database, place, settings
from eval.review.mongod import MONGOD_SETTING, URI_SETTING, find_mongod, run
from eval.review.server import Guard
from scenes.errors import InputError, MissingPieceError, RareblendError

ROOT = Path(__file__).parents[1]


def program(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_an_empty_folder_has_nothing_to_review(tmp_path):
    with pytest.raises(InputError, match="must hold pictures to review"):
        pictures.read(tmp_path)


def test_the_blend_comes_first_and_frames_that_it_left_out_follow(tmp_path):
    found = pictures.read(write_round(tmp_path))
    assert [picture.fields["stage"] for picture in found] == ["blend"] * 7 + ["frame"] * 4
    assert {picture.fields["split"] for picture in found[7:]} == {"left out"}


def test_scores_and_provenance_stand_on_the_picture(tmp_path):
    found = {picture.fields["key"]: picture for picture in pictures.read(write_round(tmp_path))}
    varied = found["images/variety.jpg"]
    assert varied.fields["parents"] == ["aaaaaaaaaaaa-0-111111"]
    assert json.loads(varied.fields["augment"])["pipeline"] == "light"
    frame = found["aaaaaaaaaaaa-0-111111"]
    assert frame.fields["nearest_real"] == "images/real-1.jpg"
    assert frame.fields["crash"]
    assert frame.xy is not None


def test_a_mask_is_cut_to_its_box_and_a_crash_is_told(tmp_path):
    frame = next(p for p in pictures.read(write_round(tmp_path)) if p.fields["key"] == "aaaaaaaaaaaa-0-111111")
    assert frame.boxes is not None
    box = frame.boxes[0]
    assert box.bounding_box == (30 / 96, 20 / 64, 30 / 96, 20 / 64)
    assert box.mask is not None
    assert box.mask.shape == (20, 30)
    assert box.mask.all()
    assert box.fields["crash_delta_v_mps"] == 7.5
    assert box.fields["crash_pdof_deg"] == 12.0


def test_two_rounds_of_one_name_are_two_datasets(tmp_path):
    names = {dataset.name_of(tmp_path / parent / "my round") for parent in "ab"}
    assert len(names) == 2
    assert all(name.startswith("rareblend-my-round-") for name in names)


def test_another_score_is_another_state_of_the_round(tmp_path):
    out = write_round(tmp_path)
    before = pictures.fingerprint(out)
    assert pictures.fingerprint(out) == before
    (out / "eval" / "images.json").write_text('{"images": []}')
    assert pictures.fingerprint(out) != before


@pytest.mark.parametrize("depth", [0, 12])
def test_the_socket_is_private_and_short_enough(tmp_path, depth):
    cache = tmp_path.joinpath(*["a-long-folder"] * depth)
    where = place(cache)
    assert len(os.fsencode(where.socket_path)) < 108
    for folder in (where.dbpath, where.socket_path.parent):
        assert folder.stat().st_mode & 0o077 == 0


def test_the_address_quotes_the_socket():
    where = Place(dbpath=Path("/d"), socket_path=Path("/d/m.sock"))
    assert where.uri == "mongodb://%2Fd%2Fm.sock/"


def test_fiftyone_is_kept_inside_the_cache_and_told_to_be_quiet(tmp_path):
    told = settings(tmp_path, "mongodb://x/")
    assert told["FIFTYONE_DO_NOT_TRACK"] == "1"
    assert all(Path(value).is_relative_to(tmp_path) for name, value in told.items() if name.endswith("_DIR"))


def test_a_database_of_the_users_own_is_taken_and_nothing_started(tmp_path, monkeypatch):
    monkeypatch.setenv(URI_SETTING, "mongodb://theirs/")
    monkeypatch.setenv(MONGOD_SETTING, "/nowhere/mongod")
    monkeypatch.delitem(sys.modules, "fiftyone", raising=False)
    with database(tmp_path) as uri:
        assert uri == "mongodb://theirs/"
        assert os.environ["FIFTYONE_DATABASE_NAME"] == "rareblend"
    assert os.environ.get("FIFTYONE_DO_NOT_TRACK") is None


def test_a_named_mongod_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv(MONGOD_SETTING, "/nowhere/mongod")
    with pytest.raises(InputError, match="RAREBLEND_MONGOD: must name a mongod program"):
        find_mongod()


def test_a_missing_library_is_named_with_what_brings_it(tmp_path, monkeypatch):
    line = "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file"
    monkeypatch.setenv(MONGOD_SETTING, program(tmp_path / "mongod", f"echo '{line}' >&2; exit 127"))
    with pytest.raises(MissingPieceError, match=r"libcurl\.so\.4 is missing.*libcurl4 libssl3"):
        run("--fork")


def test_a_mongod_that_fails_is_quoted(tmp_path, monkeypatch):
    monkeypatch.setenv(MONGOD_SETTING, program(tmp_path / "mongod", "echo no room left; exit 14"))
    with pytest.raises(MissingPieceError, match="code 14 and said: no room left"):
        run("--fork")


def test_a_taken_port_is_refused_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="port: must be free"):
            app.serve(tmp_path, taken.getsockname()[1])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([(b"host", b"127.0.0.1:5151")], 200),
        ([(b"host", b"localhost:5151"), (b"origin", b"http://localhost:5151")], 200),
        ([(b"host", b"rebound.example:5151")], 403),
        ([(b"host", b"127.0.0.1:5151"), (b"origin", b"http://stranger.example")], 403),
        ([], 403),
    ],
)
def test_only_pages_of_this_machine_are_served(headers, status):
    sent = []

    async def behind(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200})

    async def send(message):
        sent.append(message)

    asyncio.run(Guard(behind, 5151)({"type": "http", "headers": headers}, None, send))
    assert sent[0]["status"] == status


STORY = """
    import json, sys
    from pathlib import Path
    from eval.review import dataset, decisions
    from eval.review.database import database

    out = Path(sys.argv[1])
    with database():
        name = dataset.load(out)
        import fiftyone as fo

        loaded = fo.load_dataset(name)
        loaded.match(fo.ViewField("key") == "aaaaaaaaaaaa-0-111111").tag_samples("keep")
        told = {
            "count": len(loaded),
            "masks": sum(mask is not None for masks in loaded.values("ground_truth.detections.mask") for mask in masks),
            "views": loaded.list_saved_views(),
            "crash": len(loaded.load_saved_view("night crash")),
            "leaves": [leaf.active_child is not None for leaf in loaded.load_workspace("review").children],
            "map": loaded.list_brain_runs(),
            "persistent": loaded.persistent,
        }
        (out / "eval" / "images.json").write_text('{"images": []}')
        assert dataset.load(out) == name
        told["again"] = [len(fo.load_dataset(name)), fo.load_dataset(name).count_sample_tags(), fo.list_datasets()]
        told["decisions"] = decisions.write(out)
    print(json.dumps(told))
"""


@pytest.mark.slow
def test_a_round_goes_into_the_database_and_decisions_outlive_a_reload(tmp_path):
    try:
        find_mongod()
    except RareblendError as error:
        pytest.skip(str(error))
    out = write_round(tmp_path / "round")
    environment = os.environ | {
        "RAREBLEND_CACHE": str(tmp_path / "cache"),
        "RAREBLEND_MONGOD": str(find_mongod()),
        "RAREBLEND_MONGOD_NOJOURNAL": "1",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", textwrap.dedent(STORY), str(out)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["count"] == 11
    assert told["masks"] == 5
    assert {"night crash", "low sun", "real", "augmented", "composites"} <= set(told["views"])
    assert told["crash"] == 2
    assert told["leaves"] == [True, True]
    assert told["map"] == ["map"]
    assert told["persistent"]
    assert told["again"][:2] == [11, {"keep": 1}]
    assert len(told["again"][2]) == 1
    assert told["decisions"] == 1
    assert json.loads((out / "eval" / "decisions.json").read_text())["decisions"][0]["decision"] == "keep"
    assert not (tmp_path / "cache" / "database" / "m.sock").exists()
