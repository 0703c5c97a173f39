"""Words after `rareblend render`: what is done with a round besides tracing it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from render.clips import export as clips
from render.durable import locked
from render.frame_checks import checked
from render.inspect import diagram as crash_diagram
from render.inspect import inspection, script_diagram
from scenes.errors import InputError
from scenes.settings import compose, validated


def export(words: Sequence[str]) -> int:
    """Write the clips of a round as films or for trackers."""
    config = compose("export", words)
    out, settings = (
        Path(config["out"]),
        validated("", clips.ExportSettings, {key: config[key] for key in ("format", "labels")}),
    )
    if not out.is_dir():
        raise InputError(f"out={out}", "must be the folder of a round", fix="begin one with: rareblend run")
    with locked(out):
        done = clips.export(out, settings)
    for name, why in done.left_out.items():
        print(f"left out: {name}: {why}")
    print(f"export: {len(done.written)} clips in {done.folder}")
    return 0


def check(words: Sequence[str]) -> int:
    """Check a round again; 1 if there is a fault."""
    report = checked(Path(compose("render", words)["out"]))
    for name, lines in report.examples.items():
        print(f"{name}, {report.by_files[name]} times:", *lines, sep="\n  ")
    print(f"check: {report.line}")
    return int(bool(report.by_files))


def inspect(words: Sequence[str]) -> int:
    """Draw every label of one frame and tell its record."""
    names = [word for word in words if "=" not in word]
    if len(names) != 1:
        raise InputError(
            "render inspect", "must name one frame", got=names, fix="rareblend render inspect FRAME out=DIR"
        )
    config = compose("render", [word for word in words if "=" in word])
    sheet, told = inspection.inspect(Path(config["out"]), names[0])
    print(f"{told}\n\ninspect: {sheet}")
    return 0


def diagram(words: Sequence[str]) -> int:
    """Draw a crash or a scenario file from above."""
    names = [word for word in words if "=" not in word]
    if len(names) != 1:
        fix = "rareblend render diagram SCENARIO out=DIR"
        raise InputError("render diagram", "must name one scenario, scenario file or spec file", got=names, fix=fix)
    config = compose("render", [word for word in words if "=" in word])
    write = script_diagram.write if Path(names[0]).suffix in script_diagram.SUFFIXES else crash_diagram.write
    print(f"diagram: {write(names[0], Path(config['out']), seed=int(config['seed']))}")
    return 0
