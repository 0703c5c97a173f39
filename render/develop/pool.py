"""Worker processes of one thread each, which end with their parent and are replaced when they are killed."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from scenes.errors import RareblendError
from scenes.orphans import end_with_parent

T = TypeVar("T")
R = TypeVar("R")
_ATTEMPTS = 3  # a worker that was killed is replaced; one that dies for a reason of its own will die again
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def unordered(work: Callable[[T], R], jobs: Sequence[T], workers: int) -> Iterator[R]:
    """Yield the result of every job as it comes; with one worker, in this process.

    Args:
        work: a module-level function.
        jobs: its arguments.
        workers: processes, >= 1.

    Raises:
        RareblendError: workers die again and again.
    """
    if workers == 1 or len(jobs) < 2:
        yield from map(work, jobs)
        return
    left = dict(enumerate(jobs))
    for _ in range(_ATTEMPTS):
        with contextlib.suppress(BrokenProcessPool), _one_thread_each(), _pool(min(workers, len(left))) as pool:
            futures = {pool.submit(work, job): index for index, job in left.items()}
            try:
                for future in as_completed(futures):
                    result = future.result()
                    del left[futures[future]]
                    yield result
            except BaseException:  # a full disk or Ctrl-C: do not start what has not begun
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        if not left:
            return
    raise RareblendError(f"workers died {_ATTEMPTS} times, {len(left)} jobs are left (memory?); run again to go on")


def _pool(workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(max_workers=workers, mp_context=context, initializer=_serve)


def _serve() -> None:
    """Leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            os.environ.update({name: value} if value is not None else {})
