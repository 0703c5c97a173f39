"""Files that are whole or not there, and a folder that only one process writes to at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scenes.errors import InputError

_TEMPORARY = re.compile(r"^\..+\.(\d+)\.tmp$")
_LOCK = ".lock"
_held: dict[Path, int] = {}


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it is flushed to disk and takes the name at once.

    Raises:
        InputError: the disk is full or the folder may not be written to.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except OSError as refused:
        raise InputError(path, "must be writable", got=refused.strerror or str(refused)) from refused
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a whole file atomically."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def write_json(path: Path, document: Any) -> None:
    """Write a document as canonical JSON (sorted keys, no spaces, one line), atomically."""
    write_bytes(path, canonical_json(document).encode() + b"\n")


def canonical_json(document: Any) -> str:
    """Return the one spelling of a document; NaN and infinity are refused."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def append_line(path: Path, document: Any) -> None:
    """Add one JSON line; a short line in one write call is never torn between processes.

    Raises:
        InputError: the file may not be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as file:
            file.write(canonical_json(document).encode() + b"\n")
    except OSError as refused:
        raise InputError(path, "must be writable", got=refused.strerror or str(refused)) from refused


def lines(path: Path) -> list[Any]:
    """Read a JSON-lines file; a last line that a kill cut short is left out, a missing file is empty."""
    if not path.is_file():
        return []
    documents = []
    for line in path.read_bytes().splitlines():
        with contextlib.suppress(ValueError):
            documents.append(json.loads(line))
    return documents


def sweep(folder: Path) -> int:
    """Remove temporary files whose writer is dead, in the whole tree; return how many."""
    stale = [path for path in folder.rglob(".*.tmp") if _is_stale(path)]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold a round's folder; the same process may hold it several times, another is told who has it.

    Raises:
        InputError: another process works in the folder, or it cannot be made.
    """
    key = out.resolve()
    if _held.get(key):
        _held[key] += 1
        try:
            yield
        finally:
            _held[key] -= 1
        return
    with _lock_file(out):
        _held[key] = 1
        try:
            yield
        finally:
            del _held[key]


def is_alive(process: int) -> bool:
    """Say whether a process of this machine exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def _lock_file(out: Path) -> Iterator[None]:
    try:
        out.mkdir(parents=True, exist_ok=True)
        file = (out / _LOCK).open("a+")
    except OSError as refused:
        raise InputError(out, "must be a folder that can be written to", got=refused.strerror) from refused
    with file:
        try:
            fcntl.flock(
                file, fcntl.LOCK_EX | fcntl.LOCK_NB
            )  # the kernel lets go when the process dies, however it dies
        except OSError as taken:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            fix = "wait for it, or choose another folder with out=DIR"
            raise InputError(out, "is in use by another rareblend", got=f"process {owner}", fix=fix) from taken
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _is_stale(path: Path) -> bool:
    match = _TEMPORARY.match(path.name)
    return match is not None and not is_alive(int(match.group(1)))
