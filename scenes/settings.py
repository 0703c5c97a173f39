"""Config in: YAML and the user's overrides become a dict, a section of it becomes a checked settings dataclass."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Any, TypeVar

import hydra
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from pydantic import TypeAdapter, ValidationError

from scenes.errors import InputError

T = TypeVar("T")
_NOISE = ("See https", "full_key", "object_type", "To append")
_NAMED = ("lighting.name", "weather.name")
"""What labels, ledger and looks call a file by."""
_NO_SUCH_KEY = ("unexpected_keyword_argument", "extra_forbidden")


def compose(command: str, overrides: Sequence[str]) -> dict[str, Any]:
    """Resolve `conf/<command>.yaml` with the user's overrides.

    Args:
        command: name of a file in conf.
        overrides: Hydra overrides; a dotted key may also set what the YAML leaves at its default.

    Raises:
        InputError: an override is malformed, or names no key or no file of a group.
    """
    overrides = [part for override in overrides for part in _spelt_out(override)]
    for override in overrides:
        _check_group(override)
    config, known = _resolved(command, overrides), _resolved(command, ())
    for key in config.keys() - known.keys():
        raise InputError(key, f"there is no such key; `rareblend {command}` knows {', '.join(sorted(known))}")
    return config


def _check_group(override: str) -> None:
    """Refuse to rename a file, to take a group away, or several of its files at once, which Hydra would merge."""
    key, _, value = override.partition("=")
    bare = key.lstrip("~+")
    if bare in _NAMED:
        fix = f"choose another with {bare.removesuffix('.name')}=NAME"
        raise InputError(bare, "is its file's name and cannot be set", got=override, fix=fix)
    if "." in key or not resources.files("conf").joinpath(bare).is_dir():
        return
    if key.startswith("~") or value.strip().startswith("["):
        raise InputError(bare, f"must be one file of conf/{bare}", got=override)


def _spelt_out(override: str) -> list[str]:
    """Read `real=DIR` as `real=folder real.images=DIR`; a name without a slash is a file of `conf/real`."""
    key, _, value = override.partition("=")
    return ["real=folder", f"real.images={value}"] if key == "real" and "/" in value else [override]


def validated(where: str, kind: type[T], value: object) -> T:
    """Check a piece of config against a dataclass or another type that pydantic knows.

    Args:
        where: its key, for the message; empty for the top level.
        kind: the type wanted.
        value: plain dicts, lists, numbers and strings.

    Raises:
        InputError: the first broken rule, with its key.
    """
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as broken:
        first = broken.errors()[0]
        key = ".".join(str(step) for step in ((where,) if where else ()) + first["loc"])
        rule = "there is no such key" if first["type"] in _NO_SUCH_KEY else first["msg"]
        raise InputError(key or "config", rule, got=first["input"]) from broken


def _resolved(command: str, overrides: Sequence[str]) -> dict[str, Any]:
    try:
        with hydra.initialize_config_module("conf", version_base="1.3"):
            config = hydra.compose(command, [word for override in overrides for word in _forced(override)])
        resolved = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    except (HydraException, OmegaConfBaseException, ValueError) as refused:
        raise _refusal(str(refused)) from refused
    assert isinstance(resolved, dict)
    return {str(key): value for key, value in resolved.items()}


def _forced(override: str) -> list[str]:
    """Let a dotted key set what the YAML leaves out, and let a mapping replace the one that was there.

    The settings dataclasses refuse the names that nobody knows; Hydra alone would merge mappings.
    """
    key, _, value = override.partition("=")
    if "." not in key or key.startswith(("+", "~")):
        return [override]
    anew = [f"++{key}={{}}", f"~{key}"] if value.lstrip().startswith("{") else []
    return [*anew, f"++{override}"]


def _refusal(told: str) -> InputError:
    lines = [line.strip() for line in told.split("Config search path", maxsplit=1)[0].splitlines()]
    kept = [line for line in lines if line and not line.startswith(_NOISE)]
    return InputError("override", " ".join(kept) or told, fix="see `rareblend COMMAND --help`")
