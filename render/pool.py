"""Worker processes: start them, give them one job at a time, notice when they die or dawdle, replace them."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from render.jobs import Answer, ViewJob, encoded
from scenes.errors import RareblendError

START_SECONDS = 180.0
"""Importing Blender takes 5 s; a cold disk under load has been seen to need a minute."""
_POLL_SECONDS = 0.2
_CLOSE_SECONDS = 5.0
_CHATTER = ("Fra:", "INFO:")


class WorkerDiedError(RareblendError):
    """A worker process ended without an answer."""


class WorkerLateError(RareblendError):
    """A worker took longer than it may; it has been killed."""


class StoppedError(RareblendError):
    """The pool is being stopped."""


@dataclass(frozen=True, kw_only=True)
class WorkerSetup:
    """How to start a worker.

    Args:
        command: program and arguments.
        threads: CPU threads that each worker may use.
        scratch: folder for logs and temporary files; the pool's owner removes it.
        job_seconds: time limit of one job.
        jobs_per_worker: a worker is replaced after so many.
        stop: set by the owner to end everything.
    """

    command: Sequence[str]
    threads: int
    scratch: Path
    job_seconds: float
    jobs_per_worker: int
    stop: threading.Event = field(default_factory=threading.Event)

    def environment(self) -> Mapping[str, str]:
        """Return the environment of a worker: its thread count, temporary folder, and where this package lies."""
        libraries = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        root = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
        own = dict.fromkeys(libraries, str(self.threads)) | {"TMPDIR": str(self.scratch), "PYTHONPATH": path}
        return {**os.environ, **own}


class Worker:
    """One running worker process."""

    def __init__(self, setup: WorkerSetup) -> None:
        self._setup = setup
        self._log = Path(tempfile.mkstemp(prefix="worker-", suffix=".log", dir=setup.scratch)[1])
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                list(setup.command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self._setup.environment(),
                start_new_session=True,  # Ctrl-C reaches the farm alone, which then ends its workers in order
            )
        self._rest = b""
        self.jobs = 0
        self.greeting = self._answer(START_SECONDS)

    def ask(self, job: ViewJob) -> Answer:
        """Hand over one job and wait for its answer.

        Raises:
            WorkerDiedError, WorkerLateError, StoppedError: see each.
        """
        assert self._process.stdin is not None
        self.jobs += 1
        try:
            self._process.stdin.write(encoded(job))
            self._process.stdin.flush()
        except OSError:
            raise self._death() from None
        return self._answer(self._setup.job_seconds)

    def close(self) -> None:
        """End an idle worker: politely, and after a few seconds for certain."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            self._process.stdin.close()
            self._process.wait(timeout=_CLOSE_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the worker now."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()

    def _answer(self, seconds: float) -> Answer:
        assert self._process.stdout is not None
        deadline = time.monotonic() + seconds
        while b"\n" not in self._rest:
            if self._setup.stop.is_set():
                self.kill()
                raise StoppedError("stopped")
            if time.monotonic() > deadline:
                self.kill()
                raise WorkerLateError(f"it took longer than {seconds:g} s")
            if select.select([self._process.stdout], [], [], _POLL_SECONDS)[0]:
                self._receive(self._process.stdout.fileno())
        line, _, self._rest = self._rest.partition(b"\n")
        return Answer(**json.loads(line))

    def _receive(self, pipe: int) -> None:
        chunk = os.read(pipe, 65536)
        if not chunk:
            raise self._death()
        self._rest += chunk

    def _death(self) -> WorkerDiedError:
        self.kill()
        told = [line for line in self._log.read_text(errors="replace").splitlines() if line.strip()]
        last = next((line.strip() for line in reversed(told) if not line.startswith(_CHATTER)), "")
        return WorkerDiedError(f"its worker ended with code {self._process.returncode}{': ' if last else ''}{last}")


class Pool:
    """Threads that each own one worker and take jobs from a common list."""

    def __init__(self, setup: WorkerSetup, report: Callable[[ViewJob, Answer], None]) -> None:
        self._setup = setup
        self._report = report
        self._lock = threading.Lock()
        self._jobs: list[ViewJob] = []
        self._broken: BaseException | None = None
        self.device = ""

    def run(self, jobs: Sequence[ViewJob], workers: int) -> None:
        """Do all jobs; `report` is called once for each, under a lock.

        Raises:
            RareblendError: no job can be done at all.
            KeyboardInterrupt: the workers are dead by then.
        """
        self._jobs = list(reversed(jobs))
        threads = [threading.Thread(target=self._work) for _ in range(min(workers, len(jobs)))]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        finally:
            self._setup.stop.set()
            for thread in threads:
                thread.join()
        if self._broken:
            raise self._broken

    def _work(self) -> None:
        worker: Worker | None = None
        try:
            while not self._setup.stop.is_set() and (job := self._next()):
                worker, answer = self._done(worker, job)
                self._tell(job, answer)
        except StoppedError:
            pass
        except BaseException as broken:  # noqa: BLE001  # it is raised again by `run`, in the caller's thread
            self._broken = self._broken or broken
            self._setup.stop.set()
        finally:
            if worker:
                worker.close()

    def _done(self, worker: Worker | None, job: ViewJob) -> tuple[Worker | None, Answer]:
        """Do one job, a second time if the worker dies of it."""
        reason = ""
        for _ in range(2):
            try:
                worker = self._fresh(worker)
                return worker, worker.ask(job)
            except WorkerDiedError as died:
                worker, reason = None, str(died)
            except WorkerLateError as late:
                return None, Answer(status="failed", text=str(late), wall_s=self._setup.job_seconds)
        return None, Answer(status="failed", text=f"{reason}, twice")

    def _fresh(self, worker: Worker | None) -> Worker:
        if worker and worker.jobs < self._setup.jobs_per_worker:
            return worker
        if worker:
            worker.close()
        started = Worker(self._setup)
        if started.greeting.status == "fatal":
            started.close()
            raise RareblendError(started.greeting.text)
        self.device = started.greeting.text
        return started

    def _next(self) -> ViewJob | None:
        with self._lock:
            return self._jobs.pop() if self._jobs else None

    def _tell(self, job: ViewJob, answer: Answer) -> None:
        if answer.status == "fatal":
            raise RareblendError(answer.text)
        with self._lock:
            self._report(job, answer)
