from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from render.develop import pool
from scenes.errors import RareblendError


def die_once(job: tuple[int, str]) -> int:
    number, marker = job
    if number == 2 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_always(job: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return job


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
