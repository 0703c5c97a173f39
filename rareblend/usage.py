"""What `--help` says: of all commands their purpose, of one its words, its groups and its keys with their defaults."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources

from rareblend.verbs import VERBS


def of_all(commands: Iterable[str]) -> str:
    """Return the purpose of every command, a line each."""
    lines = [f"  {command:8} {_purpose(command)}" for command in commands]
    more = "`rareblend COMMAND --help` shows its keys, `rareblend --version` the version."
    return "\n".join(["usage: rareblend COMMAND [KEY=VALUE ...]\n", *lines, f"\n{more}"])


def of(command: str) -> str:
    """Return the help of one command, or of a word that has a file in conf.

    Args:
        command: name of a file in conf.
    """
    from omegaconf import OmegaConf

    from scenes.settings import compose

    config = compose(command, ())
    return "\n".join(
        [
            f"usage: rareblend {command.replace('_', ' ')} [KEY=VALUE ...]\n\n{_purpose(command)}\n",
            *_words(command),
            *_groups(config),
            f"\nkeys and their defaults:\n{OmegaConf.to_yaml(OmegaConf.create(config))}",
        ]
    )


def _purpose(command: str) -> str:
    """Return the comment that its file in conf begins with."""
    return resources.files("conf").joinpath(f"{command}.yaml").read_text().splitlines()[0].removeprefix("# ")


def _words(command: str) -> list[str]:
    return [
        f"rareblend {command} {name}{verb.usage and f' {verb.usage}'} [KEY=VALUE ...]\n  {verb.what}\n"
        for name, verb in VERBS.get(command, {}).items()
    ]


def _groups(config: Iterable[str]) -> list[str]:
    """Return each group of files that the command chooses from."""
    conf, lines = resources.files("conf"), []
    for group in sorted(key for key in config if conf.joinpath(key).is_dir()):
        files = sorted(entry.name for entry in conf.joinpath(group).iterdir() if entry.name.endswith(".yaml"))
        lines.append(f"{group}={' | '.join(name.removesuffix('.yaml') for name in files)}")
    return lines
