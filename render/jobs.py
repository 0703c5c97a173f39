"""What the farm and a worker say to each other: one JSON line per job, one per answer.

A worker reads jobs from standard input and answers on standard output, which it keeps to itself; whatever libraries
print goes to standard error. It dies with its parent.
"""

from __future__ import annotations

import ctypes
import json
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from render.clips.stored import moment_of, read, view_name
from scenes.errors import MissingPieceError, RareblendError
from scenes.spec.scene import SceneSpec, loads

Status = Literal["ready", "done", "unfit", "failed", "fatal"]
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, kw_only=True)
class ViewJob:
    """One view to trace: scene id, index of the camera, the round's folder, and which frame of a clip it is."""

    scene: str
    view: int
    out: str
    frame: int | None = None

    @property
    def view_name(self) -> str:
        """As the view's files are named."""
        return view_name(self.view, self.frame)

    @property
    def name(self) -> str:
        """Scene and view, as masks are named."""
        return f"{self.scene}-{self.view_name}"

    def spec(self) -> SceneSpec:
        """Read from the round what the view shows: the scene, or the still of a clip's frame."""
        path = Path(self.out) / "scenes" / self.scene / "spec.json"
        spec = loads(path.read_text(), where=str(path))
        return moment_of(Path(self.out), spec, self.scene, self.view_name)[0]

    def told(self) -> dict[str, Any]:
        """Return what a view's labels repeat of its job."""
        time_s = 0.0 if self.frame is None else read(Path(self.out), self.scene).time_s(self.frame)
        return {"scene": self.scene, "view": self.view_name, "time_s": time_s}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a job.

    Args:
        status: `ready` (no job yet), `done` (files are committed), `unfit` (traced, but not worth keeping), `failed`
            (this view cannot be traced), `fatal` (no view can).
        text: the reason, or the device for `ready`.
        cpu_s: processor time, over all threads.
        wall_s: time that passed.
    """

    status: Status
    text: str = ""
    cpu_s: float = 0.0
    wall_s: float = 0.0


Handler = Callable[[ViewJob], Answer]


def encoded(message: ViewJob | Answer) -> bytes:
    """Return a message as one line."""
    return json.dumps(asdict(message)).encode() + b"\n"


def serve(prepare: Callable[[], tuple[Answer, Handler | None]]) -> None:
    """Answer jobs until standard input ends.

    Args:
        prepare: starts up and returns the first answer, and what handles a job (None after a fatal start).
    """
    answers = _own_stdout()
    die_with_parent()
    busy, waiting = threading.Event(), queue.SimpleQueue[bytes]()
    threading.Thread(target=_listen, args=(waiting, busy), daemon=True).start()
    first, handler = prepare()
    answers.write(encoded(first))
    answers.flush()
    if handler is None:
        return
    for line in _lines(waiting):
        busy.set()
        answers.write(encoded(timed(handler, ViewJob(**json.loads(line)))))
        answers.flush()
        busy.clear()


def timed(handler: Handler, job: ViewJob) -> Answer:
    """Handle one job; an exception becomes an answer."""
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        answer = handler(job)
    except (RareblendError, OSError) as refused:
        answer = Answer(status=_gravity(refused), text=str(refused))
    except Exception as broken:  # noqa: BLE001  # a stage is code that users extend: its failure is a label, not an end
        answer = Answer(status="failed", text=f"{type(broken).__name__}: {' '.join(str(broken).split())}")
    spent = {"cpu_s": round(time.process_time() - cpu, 3), "wall_s": round(time.perf_counter() - wall, 3)}
    return Answer(status=answer.status, text=answer.text, **spent)


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies (Linux); elsewhere the end of standard input does it."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _gravity(refused: Exception) -> Status:
    """Tell what spoils this view from what would spoil every further one: a full disk, a missing pack."""
    fatal = isinstance(refused, OSError | MissingPieceError) or "must be writable" in str(refused)
    return "fatal" if fatal else "failed"


def _own_stdout() -> BinaryIO:
    sys.stdout.flush()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _listen(waiting: queue.SimpleQueue[bytes], busy: threading.Event) -> None:
    for line in sys.stdin.buffer:
        waiting.put(line)
    if busy.is_set():  # a farm that is alive closes the pipe only between jobs
        os._exit(1)
    waiting.put(b"")


def _lines(waiting: queue.SimpleQueue[bytes]) -> Iterator[bytes]:
    while line := waiting.get():
        yield line
