"""A worker does not outlive the process that started it."""

import subprocess
import sys
import time
from pathlib import Path

PARENT = """
import multiprocessing, os, time
from concurrent.futures import ProcessPoolExecutor
from scenes.orphans import end_with_parent

if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent)
    print(pool.submit(os.getpid).result(), flush=True)
    pool.submit(time.sleep, 60)
    time.sleep(60)
"""


def running(process_id):
    stat = Path(f"/proc/{process_id}/stat")
    return stat.is_file() and stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"


def ended(process_id, seconds):
    end = time.monotonic() + seconds
    while running(process_id) and time.monotonic() < end:
        time.sleep(0.05)
    return not running(process_id)


def test_a_worker_at_work_ends_when_its_parent_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    told = {"PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=told) as parent:
        worker = int(parent.stdout.readline())
        assert running(worker)
        parent.kill()
    assert ended(worker, 20)
