"""What a person decided in the App: pictures tagged `keep` or `reject`, as a file that later stages can read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.review import dataset
from eval.review.database import database
from eval.scores import write_json
from scenes.errors import InputError
from scenes.settings import compose

DECISIONS_FILE = Path("eval") / "decisions.json"
DECISIONS_VERSION = 1
TAGS = ("keep", "reject")


def write(out: Path) -> int:
    """Write the decisions to `eval/decisions.json`, sorted; no decision gives an empty list.

    Args:
        out: the round's folder, loaded before.

    Returns:
        The number of pictures decided on.

    Raises:
        InputError: if the round was not loaded, or a picture has both tags.
    """
    name = dataset.name_of(out)
    with database():
        import fiftyone as fo

        if not fo.dataset_exists(name):
            raise InputError(out, "must be loaded before decisions can be read", fix="run `rareblend review` first")
        rows = _decided(fo.load_dataset(name).match_tags(list(TAGS)))
    write_json(out / DECISIONS_FILE, {"schema": DECISIONS_VERSION, "decisions": rows})
    return len(rows)


def decisions(words: Sequence[str]) -> int:
    """Write the decisions of a round and say how many: `rareblend review decisions`."""
    out = Path(compose("review", words)["out"])
    if not out.is_dir():
        raise InputError(f"out={out}", "must be the folder of a round", fix="begin one with: rareblend run")
    print(f"review: {write(out)} decisions written to {out / DECISIONS_FILE}")
    return 0


def _decided(view: Any) -> list[dict[str, str]]:
    rows = []
    for stage, key, sha256, tags in zip(*view.values(["stage", "key", "sha256", "tags"]), strict=True):
        said = [tag for tag in TAGS if tag in tags]
        if len(said) > 1:
            raise InputError(f"picture {key}", "must be tagged keep or reject", got="both", fix="take one tag off")
        rows.append({"stage": stage, "key": key, "sha256": sha256, "decision": said[0]})
    return sorted(rows, key=lambda row: (row["stage"], row["key"]))
