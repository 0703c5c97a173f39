"""Losses of a model and of reference models, picture by picture, and the file by which a team gives its own.

The file is JSON or NPZ with `loss` (n), `member` (n, 0 or 1: was the picture trained on), `reference_loss` (k x n), and
where references were trained on some of the pictures `reference_member` (k x n, 0 or 1).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.resample import Bools, Floats, Ints
from scenes.errors import InputError

Train = Callable[[Bools], Floats]
"""Trains on the pictures that are marked, (n,) bool, and returns the model's loss of every picture, (n,)."""
_KEYS = ("loss", "member", "reference_loss")


@dataclass(frozen=True, kw_only=True)
class Losses:
    """Losses of n pictures under one target model and k reference models.

    Args:
        loss: of the target, (n,), finite, >= 0: minus the log of how likely it finds the picture's labels.
        member: whether the target was trained on the picture, (n,).
        reference_loss: of the references, (k, n), k at least 1.
        reference_member: whether a reference was trained on the picture, (k, n); every picture needs one that was not.
    """

    loss: Floats
    member: Bools
    reference_loss: Floats
    reference_member: Bools

    def __post_init__(self) -> None:
        count, models = len(self.loss), len(self.reference_loss)
        shapes = {"member": (count,), "reference_loss": (models, count), "reference_member": (models, count)}
        for key, shape in shapes.items():
            if getattr(self, key).shape != shape or not models:
                raise InputError(
                    f"losses.{key}",
                    f"must have the shape {shape} with at least one model",
                    got=getattr(self, key).shape,
                )
        for key in ("loss", "reference_loss"):
            wrong = int(np.sum(~(np.isfinite(getattr(self, key)) & (getattr(self, key) >= 0))))
            if wrong:
                raise InputError(f"losses.{key}", "must be finite and not negative", got=f"{wrong} that are not")
        if not 0 < self.member.sum() < count:
            raise InputError(
                "losses.member",
                "must name both members and non-members",
                got=f"{int(self.member.sum())} members of {count}",
            )
        if self.reference_member.all(axis=0).any():
            raise InputError("losses.reference_member", "must leave every picture out of one reference at least")


def under_references(
    loss: Floats, train: Train, *, groups: Ints, member: Bools, pairs: int, rng: np.random.Generator
) -> Losses:
    """Return losses under a target and under references that are trained on halves of the non-members.

    References come in pairs whose halves, of whole groups, complement each other. A non-member is judged by the one of
    each pair that was trained without it, a member by one of each at random, so that both are judged by as many.

    Args:
        loss: of the target, (n,).
        train: trains a reference.
        groups: code per picture, (n,).
        member: whether the target was trained on it, (n,).
        pairs: of references, at least 1.
        rng: draws the halves.
    """
    found, trained = [], []
    outside = np.unique(groups[~member])
    for _ in range(pairs):
        half = np.isin(groups, rng.permutation(outside)[: len(outside) // 2])
        coin = rng.random(len(loss)) < 0.5
        for chosen, hidden in ((half, coin), (~half, ~coin)):
            rows = chosen & ~member
            found.append(train(rows))
            trained.append(np.where(member, hidden, rows))
    return Losses(loss=loss, member=member, reference_loss=np.array(found), reference_member=np.array(trained))


def read(path: Path) -> Losses:
    """Read a file of losses.

    Raises:
        InputError: the file cannot be read, a key is missing, or its numbers break a rule of `Losses`.
    """
    try:
        content = _json(path) if path.suffix == ".json" else _npz(path)
        given = {key: np.asarray(content[key], dtype=np.float64) for key in _KEYS}
        references = np.asarray(content.get("reference_member", np.zeros_like(given["reference_loss"])))
    except OSError as error:
        raise InputError(path, "must be readable", got=error.strerror or str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise InputError(path, f"must be JSON or NPZ with {', '.join(_KEYS)}", got=str(error)) from error
    try:
        return Losses(
            loss=given["loss"],
            member=given["member"] > 0,
            reference_loss=given["reference_loss"],
            reference_member=references > 0,
        )
    except InputError as error:
        raise error.at(f"{path}: {error.where}") from error


def _json(path: Path) -> Mapping[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise TypeError(f"a {type(found).__name__}")
    return found


def _npz(path: Path) -> Mapping[str, Any]:
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}
