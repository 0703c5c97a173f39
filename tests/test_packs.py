"""Packs: pinned, verified, unpacked once and whole."""

import hashlib
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

import packs
from scenes.errors import InputError, MissingPieceError

PROGRAM = """
import sys
from pathlib import Path
from types import MappingProxyType
from packs import Pack, obtain
members = MappingProxyType({"tiny_data/": "", "tiny_data/bin/run": "run"})
pack = Pack(name="tiny", distribution="tiny-data", version="1.0", sha256=sys.argv[1], size_mb=1, licence="CC0-1.0",
            members=members, why="a test")
print(obtain(pack, Path(sys.argv[2])))
"""


def _wheel(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tiny_data-1.0-py3-none-any.whl"
    info = "tiny_data-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-data\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder that is the only place where pip looks."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def _pack(sha256):
    return packs.Pack(
        name="tiny",
        distribution="tiny-data",
        version="1.0",
        sha256=sha256,
        size_mb=1,
        licence="CC0-1.0",
        members=MappingProxyType({"tiny_data/bin/run": "run", "tiny_data/text/": "text/"}),
        executables=("run",),
        why="a test",
    )


FILES = {"tiny_data/bin/run": "#!/bin/sh\n", "tiny_data/text/a/b.txt": "b", "tiny_data/code.py": "unwanted"}


def test_a_pack_without_members_or_with_a_short_hash_is_refused():
    whole = packs.PACKS["people"]
    with pytest.raises(InputError, match="at least one member"):
        replace(whole, members=MappingProxyType({}))
    with pytest.raises(InputError, match="64 lower-case hex"):
        replace(whole, sha256="abc")


def test_an_unknown_pack_is_refused_in_one_line_that_names_the_known_ones():
    with pytest.raises(InputError, match="must be one of mongod, people, dashcam; got nobody"):
        packs.find("nobody")


def test_the_cache_is_where_the_variable_says(monkeypatch, tmp_path):
    monkeypatch.setenv("RAREBLEND_CACHE", str(tmp_path))
    assert packs.cache_dir() == tmp_path
    monkeypatch.setenv("RAREBLEND_CACHE", "")
    assert packs.cache_dir() == Path.home() / ".cache" / "rareblend"
    monkeypatch.setenv("RAREBLEND_CACHE", str(tmp_path))
    assert packs.find("people") is None


def test_only_the_wanted_members_are_unpacked_and_programs_can_run(shelf, tmp_path):
    pack = _pack(_wheel(shelf, FILES))
    place = packs.obtain(pack, tmp_path / "packs")
    assert sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()) == [
        "run",
        "text/a/b.txt",
    ]
    assert os.access(place / "run", os.X_OK)
    assert not (tmp_path / "packs" / "tiny.partial").exists()


def test_a_pack_that_is_here_needs_no_shelf(shelf, tmp_path):
    pack = _pack(_wheel(shelf, FILES))
    place = packs.obtain(pack, tmp_path / "packs")
    (shelf / "tiny_data-1.0-py3-none-any.whl").unlink()
    assert packs.obtain(pack, tmp_path / "packs") == place


def test_a_wheel_that_is_not_there_gives_one_line_with_what_why_and_how(shelf, tmp_path):
    with pytest.raises(MissingPieceError) as refusal:
        packs.obtain(_pack("0" * 64), tmp_path / "packs")
    line = str(refusal.value)
    assert "\n" not in line
    assert "tiny-data==1.0" in line
    assert "(a test)" in line
    assert "python -m packs fetch tiny" in line


def test_another_wheel_than_the_pinned_one_is_refused_and_leaves_nothing(shelf, tmp_path):
    _wheel(shelf, FILES)
    pack = _pack("0" * 64)
    with pytest.raises(MissingPieceError, match="sha256"):
        packs.obtain(pack, tmp_path / "packs")
    assert [path.name for path in (tmp_path / "packs").iterdir()] == ["tiny.lock"]


def test_a_member_that_climbs_out_of_the_pack_is_refused(shelf, tmp_path):
    pack = _pack(_wheel(shelf, {**FILES, "tiny_data/text/../../../../evil.txt": "x"}))
    with pytest.raises(InputError, match="stay inside"):
        packs.obtain(pack, tmp_path / "packs")
    assert not list(tmp_path.rglob("evil.txt"))
    assert not (tmp_path / "packs" / pack.folder).exists()


def test_what_a_killed_process_left_half_done_is_begun_anew(shelf, tmp_path):
    pack = _pack(_wheel(shelf, FILES))
    stale = tmp_path / "packs" / "tiny.partial" / "pack"
    stale.mkdir(parents=True)
    (stale / "run").write_text("half")
    place = packs.obtain(pack, tmp_path / "packs")
    assert (place / "run").read_text() == FILES["tiny_data/bin/run"]


def test_a_cache_that_cannot_be_written_is_named(shelf, tmp_path):
    (tmp_path / "packs").write_text("a file, not a folder")
    with pytest.raises(InputError, match="RAREBLEND_CACHE"):
        packs.obtain(_pack("0" * 64), tmp_path / "packs")


def test_two_processes_that_start_together_fetch_once(shelf, tmp_path):
    sha256 = _wheel(shelf, FILES)
    command = [sys.executable, "-c", PROGRAM, sha256, str(tmp_path / "packs")]
    home = Path(packs.__file__).parent
    both = [
        subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert told[0][0] == told[1][0]
    assert sum(errors.count("fetching") for _, errors in told) == 1


def test_an_unknown_word_shows_the_usage(capsys):
    assert packs.main([]) == 2
    assert packs.main(["fetch"]) == 2
    assert "usage:" in capsys.readouterr().err
