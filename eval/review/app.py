"""The FiftyOne App on one round, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from eval.review import dataset, decisions
from eval.review.database import database
from eval.review.server import ADDRESS
from packs import cache_dir
from scenes.errors import InputError, MissingPieceError

_START_LIMIT_S = 120.0  # 6 s when idle: the import of fiftyone
_POLL_S = 0.2
_STOP_LIMIT_S = 10.0
LOG_FILE = "app.log"


def serve(out: Path, port: int) -> None:
    """Show a loaded round in the App until Ctrl-C, then write the decisions made in it.

    Args:
        out: the round's folder, loaded before.
        port: on 127.0.0.1.

    Raises:
        InputError: if the port is taken.
        MissingPieceError: if database or server do not start.
    """
    _require_free(port)
    try:
        with database(), _ends_on_sigterm(), _server(port) as process:
            url = f"http://{ADDRESS}:{port}/datasets/{dataset.name_of(out)}?workspace={dataset.WORKSPACE}"
            print(f"review: {url}\ntag pictures `keep` or `reject`; Ctrl-C ends the App", flush=True)
            process.wait()
            raise _ended()
    except KeyboardInterrupt:
        print(f"\nreview: {decisions.write(out)} decisions in {out / decisions.DECISIONS_FILE}")


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise InputError(
                "port", "must be free", got=f"{port} ({error.strerror})", fix="try another port"
            ) from error


@contextmanager
def _server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    root = str(Path(__file__).parents[2])  # the package may be run from its folder, not installed
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
    command = [sys.executable, "-m", "eval.review.server", str(port)]
    with (cache_dir() / LOG_FILE).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  our own module; a session of its own, so that Ctrl-C comes to us alone
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _await(process, port)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    limit_s = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < limit_s:
        if process.poll() is not None:
            raise _ended()
        with socket.socket() as client:
            if client.connect_ex((ADDRESS, port)) == 0:
                return
        time.sleep(_POLL_S)
    raise _ended()


def _ended() -> MissingPieceError:
    log = cache_dir() / LOG_FILE
    return MissingPieceError("an App server that runs", f"it ended or never answered; {log} says why", "make setup")


@contextmanager
def _ends_on_sigterm() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
