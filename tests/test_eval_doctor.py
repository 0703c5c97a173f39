"""The doctor: what is missing is said with what to do about it."""

import subprocess

import packs
from eval import doctor, libraries


def test_nothing_found_is_nothing_wrong():
    assert doctor.exit_code([]) == 0


def test_only_a_missing_thing_that_is_needed_ends_with_2(capsys):
    fine = doctor.Finding(name="cores", found="2")
    wish = doctor.Finding(name="memory", found="2 GB", advice="use workers=1", needed=False)
    lack = doctor.Finding(name="mongod", found="none", advice="python -m packs fetch mongod")
    assert doctor.exit_code([fine, wish]) == 0
    assert doctor.exit_code([fine, wish, lack]) == 2
    doctor.tell([fine, wish, lack])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["ok", "note", "MISSING"]
    assert lines[2].endswith("-> python -m packs fetch mongod")


def test_an_empty_cache_names_the_command_for_every_pack(monkeypatch, tmp_path):
    monkeypatch.setenv("RAREBLEND_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("FIFTYONE_DATABASE_URI", raising=False)
    monkeypatch.delenv("RAREBLEND_MONGOD", raising=False)
    advice = {finding.name: finding.advice for finding in doctor.examine(tmp_path / "no" / "such" / "round")}
    for name in packs.PACKS:
        assert advice[f"pack {name}"].startswith(f"python -m packs fetch {name}")
    assert advice["mongod"]
    assert not advice["disk for out"] or "GB more" in advice["disk for out"]


def test_missing_libraries_become_one_line_to_paste(monkeypatch, capsys):
    monkeypatch.setattr(libraries, "missing", lambda: ("libgl1", "libsm6"))
    monkeypatch.setattr(libraries.os, "geteuid", lambda: 1000)
    assert libraries.install() == 2
    assert capsys.readouterr().out.strip().endswith("sudo apt-get install -y libgl1 libsm6")


def test_root_with_apt_installs_only_what_is_missing(monkeypatch):
    calls, answers = [], [("libgl1",), ()]
    monkeypatch.setattr(libraries, "missing", lambda: answers.pop(0))
    monkeypatch.setattr(libraries.os, "geteuid", lambda: 0)
    monkeypatch.setattr(libraries.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: calls.append(command))
    assert libraries.install() == 0
    assert [call[1] for call in calls] == ["update", "install"]
    assert calls[1][-1] == "libgl1"


def test_a_library_that_nobody_has_is_told_from_one_that_is_here():
    assert not libraries._loads("libnobodyhasthis.so.9")
    assert libraries._loads("libc.so.6")
