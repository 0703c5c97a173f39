"""The `rareblend` command: the main job, each stage of it alone, and one clear line when something is wrong.

Exit codes: 0 done (and every gate passed), 1 a gate said no, 2 could not run, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

from rareblend import fault, usage
from rareblend.verbs import VERBS
from scenes.errors import InputError

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "run": "rareblend.run",
        "render": "rareblend.render",
        "develop": "rareblend.develop",
        "blend": "rareblend.blend",
        "eval": "rareblend.eval",
        "review": "rareblend.review",
        "gallery": "rareblend.gallery",
        "doctor": "rareblend.doctor",
    }
)
"""Where each command is: `step(job)` there checks every setting and returns what runs. Only one of them is loaded."""
_WITHOUT_ROUND = ("run", "render", "gallery", "doctor")
_WITHOUT_LOCK = ("review", "doctor")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _answered(words)
    except KeyboardInterrupt:
        print("\nrareblend: stopped; the same command goes on where it stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # what read our lines, as `head`, has ended
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except Exception as trouble:  # noqa: BLE001  an uncaught one would end with 1, which means that a gate failed
        print(f"rareblend: {fault.line(trouble)}", file=sys.stderr)
        return 2


def _answered(told: Sequence[str]) -> int:
    """Tell the version or the help, do what a word after the command asks for, or run the command itself."""
    if not told or told[0] in ("-h", "--help", "help"):
        print(usage.of_all(COMMANDS), flush=True)
        return 0 if told else 2
    command, *words = told
    if command == "--version":
        from eval.lineage import version

        print(f"rareblend {version()}")
        return 0
    if command not in COMMANDS:
        raise InputError("command", f"must be one of {', '.join(COMMANDS)}", got=command)
    verb = words[0] if words else ""
    asked = VERBS.get(command, {}).get(verb)
    if "-h" in words or "--help" in words:
        print(usage.of(asked.config if asked and asked.config else command))
        return 0
    if asked:
        return int(getattr(import_module(asked.module), verb)(words[1:]))
    return _run(command, words)


def _run(command: str, words: Sequence[str]) -> int:
    """Check every setting, then run the command with its round locked and its config recorded."""
    from eval.lineage import record
    from rareblend import job
    from render.durable import locked

    told = job.read(command, words)
    out = told.round.out
    if command not in _WITHOUT_ROUND and not out.is_dir():
        raise InputError(f"out={out}", "must be the folder of a round", fix="begin one with: rareblend run")
    step = import_module(COMMANDS[command]).step(told)
    if command in _WITHOUT_LOCK:
        return int(step())
    with locked(out):
        record(out, command=command, config=told.config)
        return int(step())
