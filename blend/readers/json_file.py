"""One JSON file of annotations, read whole or refused in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scenes.errors import InputError


def load(path: Path, key: str) -> Any:
    """Read a JSON file.

    Args:
        path: the file.
        key: the setting that names it.

    Raises:
        InputError: it is missing, or is not JSON.
    """
    if not path.is_file():
        raise InputError(key, "must be a file that exists", got=str(path))
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(path, "must be JSON", got=str(error)) from None
