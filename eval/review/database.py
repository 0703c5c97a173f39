"""The MongoDB server under FiftyOne, owned by us: one per cache folder, on a private unix socket.

FiftyOne would start a server of its own (7 s, and two settings silently share one database). This one takes
about 1 s, is reached through a socket that only the user can open, and ends with its last user.
Nothing here imports fiftyone: its settings are read once, at import, so the environment has to be right first.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from eval.review.mongod import URI_SETTING, run
from packs import cache_dir
from scenes.errors import InputError, RareblendError

NO_JOURNAL_SETTING = "RAREBLEND_MONGOD_NOJOURNAL"
"""Set in tests: 0.2 instead of 301 MB, and no safety against a power cut."""
_SOCKET_PATH_BYTES = 107  # sun_path of unix(7) holds 108 with its closing zero


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one database lives.

    Args:
        dbpath: folder of its files, private to the user.
        socket_path: unix socket it listens on, at most 107 bytes long.
    """

    dbpath: Path
    socket_path: Path

    @property
    def uri(self) -> str:
        """Address in the form that pymongo and FiftyOne take."""
        return f"mongodb://{quote(str(self.socket_path), safe='')}/"


def place(cache: Path) -> Place:
    """Private folder and socket of the database under a cache folder, made if need be.

    Args:
        cache: see `packs.cache_dir`.

    Raises:
        InputError: the folder cannot be made, or the short one for the socket belongs to someone else.
    """
    dbpath = _private(cache / "database")
    socket_path = dbpath / "m.sock"
    if len(os.fsencode(socket_path)) > _SOCKET_PATH_BYTES:
        digest = hashlib.sha256(os.fsencode(dbpath)).hexdigest()[:10]
        socket_path = _private(Path(tempfile.gettempdir()) / f"rareblend-{os.getuid()}-{digest}") / "m.sock"
    return Place(dbpath=dbpath, socket_path=socket_path)


def _private(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid == os.getuid():
            folder.chmod(0o700)
            return folder
    except OSError as error:
        raise InputError(folder, "must be a folder that can be written", got=error.strerror) from error
    raise InputError(folder, "must belong to the user who runs this", fix="set TMPDIR to a folder of your own")


def answers(socket_path: Path) -> bool:
    """Whether a server accepts connections on the socket (mongod listens only once its storage is open)."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1.0)
        try:
            client.connect(os.fspath(socket_path))
        except OSError:
            return False
    return True


@contextmanager
def database(cache: Path | None = None) -> Iterator[str]:
    """Hold a running database and an environment in which `import fiftyone` uses it.

    A `FIFTYONE_DATABASE_URI` of the user's wins and nothing is started. Otherwise the server of the cache folder is
    started, or shared if it runs already; whoever leaves last stops it.

    Args:
        cache: folder to keep the database under; None for `packs.cache_dir()`.

    Yields:
        The database's URI.

    Raises:
        InputError: fiftyone was imported before, with another database.
        MissingPieceError: no mongod, or a library that it needs is absent.
    """
    root = cache_dir() if cache is None else cache
    theirs = os.environ.get(URI_SETTING) or None
    with ExitStack() as stack:
        uri = theirs or stack.enter_context(_server(root))
        _refuse_other(uri)
        stack.enter_context(_environment(settings(root, uri)))
        if theirs is None:  # a server that goes on, of the user's or of a caller further out, is not left
            stack.callback(_hang_up)
        yield uri


def settings(cache: Path, uri: str) -> dict[str, str]:
    """Environment that keeps FiftyOne inside the cache folder, quiet and on the given database."""
    home = cache / "fiftyone"
    return {
        URI_SETTING: uri,
        "FIFTYONE_DATABASE_NAME": os.environ.get("FIFTYONE_DATABASE_NAME", "rareblend"),
        "FIFTYONE_DATABASE_VALIDATION": "false",
        "FIFTYONE_DEFAULT_DATASET_DIR": str(home / "datasets"),
        "FIFTYONE_DATASET_ZOO_DIR": str(home / "dataset_zoo"),
        "FIFTYONE_MODEL_ZOO_DIR": str(home / "model_zoo"),
        "FIFTYONE_PLUGINS_DIR": os.environ.get("FIFTYONE_PLUGINS_DIR", str(home / "plugins")),
        "FIFTYONE_DO_NOT_TRACK": "1",
        "FIFTYONE_SHOW_PROGRESS_BARS": "false",
        "FIFTYONE_LOGGING_LEVEL": os.environ.get("FIFTYONE_LOGGING_LEVEL", "WARNING"),
    }


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _refuse_other(uri: str) -> None:
    loaded = sys.modules.get("fiftyone")
    config: object = getattr(loaded, "config", None)
    if config is not None and getattr(config, "database_uri", uri) != uri:
        raise InputError(URI_SETTING, "fiftyone was imported with another database", fix="start a new process")


def _hang_up() -> None:
    """Close FiftyOne's connection; it comes back by itself, and at exit it would wait 30 s for a stopped server."""
    odm: Any = sys.modules.get("fiftyone.core.odm.database")
    if odm is not None:
        odm._disconnect()  # noqa: SLF001  there is no public way


@contextmanager
def _server(cache: Path) -> Iterator[str]:
    where = place(cache)
    with (where.dbpath.parent / "database.users").open("a") as users:
        with _starting(where):
            if not answers(where.socket_path):
                _start(where)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield where.uri
        finally:
            with _starting(where):
                _stop_if_last(where, users.fileno())


@contextmanager
def _starting(where: Place) -> Iterator[None]:
    with (where.dbpath.parent / "database.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(where: Place) -> None:
    # --nounixsocket spares only the public /tmp/mongodb-27017.sock, over which two users of a machine would quarrel
    where.socket_path.unlink(missing_ok=True)
    run(
        "--dbpath", str(where.dbpath), "--bind_ip", str(where.socket_path),
        "--nounixsocket", "--filePermissions", "0700", "--wiredTigerCacheSizeGB", "0.25",
        "--setParameter", "diagnosticDataCollectionEnabled=false",
        "--fork", "--logpath", str(where.dbpath.parent / "database.log"),
        *(["--nojournal"] if os.environ.get(NO_JOURNAL_SETTING) else []),
    )  # fmt: skip


def _stop_if_last(where: Place, users: int) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    with suppress(RareblendError):  # it is gone already: nothing to stop
        run("--shutdown", "--dbpath", str(where.dbpath))
