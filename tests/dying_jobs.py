"""Jobs whose workers die; beside the tests, so that a worker can import them whatever else is called `tests`."""

from __future__ import annotations

import os
import signal
from pathlib import Path


def die_once(job: tuple[int, str]) -> int:
    number, marker = job
    if number == 2 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_always(job: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return job
