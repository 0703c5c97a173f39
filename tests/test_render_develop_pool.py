from __future__ import annotations

from pathlib import Path

import pytest
from dying_jobs import die_always, die_once

from render.develop import pool
from scenes.errors import RareblendError


def refuse(job: int) -> int:
    raise RareblendError(f"no {job}")


def test_no_jobs_give_no_results():
    assert list(pool.unordered(refuse, [], 2)) == []


def test_an_error_of_a_job_reaches_the_caller():
    with pytest.raises(RareblendError, match="no 1"):
        list(pool.unordered(refuse, [1], 1))


@pytest.mark.slow
def test_a_killed_worker_loses_no_job_and_does_none_twice(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    jobs = [(number, str(tmp_path / "killed")) for number in range(6)]
    assert sorted(pool.unordered(die_once, jobs, 2)) == list(range(6))


@pytest.mark.slow
def test_workers_that_always_die_are_given_up(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    with pytest.raises(RareblendError, match="run again"):
        list(pool.unordered(die_always, [1, 2, 3], 2))
