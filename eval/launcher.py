"""One function on many items: on threads of this machine, or on the processes of a Ray cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, TypeVar

from scenes.errors import MissingPieceError

Launcher = Literal["local", "ray"]
Item = TypeVar("Item")
Result = TypeVar("Result")

_BATCH = 64  # items a task: a second's work, beside which sending them is nothing
_AHEAD = 4  # tasks in work a processor, so that millions of items are never queued at once


def run_each(
    function: Callable[[Item], Result], items: Sequence[Item], *, workers: int = 1, launcher: Launcher = "local"
) -> Iterator[Result]:
    """Yield the result of each item, in order.

    Args:
        function: with "ray" it is sent to other processes, so it and the items must pickle.
        items: what to work on.
        workers: threads of this machine; a cluster takes what processors it has.
        launcher: where to work.

    Raises:
        MissingPieceError: Ray is wanted and not installed.
    """
    if launcher == "ray":
        yield from _on_ray(function, items)
        return
    with ThreadPoolExecutor(max_workers=workers) as pool:
        yield from pool.map(function, items)


def _on_ray(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    try:
        import ray  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MissingPieceError("ray", "eval.launcher=ray", "pip install 'rareblend[ray]'") from error
    if not ray.is_initialized():
        ray.init(log_to_driver=False, include_dashboard=False)  # joins the cluster of RAY_ADDRESS, else starts its own
    task = ray.remote(num_cpus=1)(_batch)
    shared = ray.put(function)
    most = _AHEAD * max(int(ray.cluster_resources().get("CPU", 1)), 1)
    waiting: list[Any] = []
    for part in (items[low : low + _BATCH] for low in range(0, len(items), _BATCH)):
        if len(waiting) == most:
            yield from ray.get(waiting.pop(0))
        waiting.append(task.remote(shared, part))
    for left in waiting:
        yield from ray.get(left)


def _batch(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    return [function(item) for item in items]
