from __future__ import annotations

import pytest

from render.blender import devices
from render.settings import RenderSettings
from scenes.errors import InputError, MissingPieceError


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"resolution": (8, 384)}, "render.resolution: width and height must lie in"),
        ({"spp": 0}, "render.spp: must be at least 1; got 0"),
        ({"glossy_bounces": -1}, "render.glossy_bounces: must not be negative"),
        ({"view_seconds": 0.0}, "render.view_seconds: must be > 0"),
    ],
)
def test_a_setting_out_of_range_is_named(broken, message):
    with pytest.raises(InputError, match=message):
        RenderSettings(**broken)


def test_an_unknown_device_is_refused_before_blender_is_asked():
    with pytest.raises(InputError, match="device: must be auto, cpu or gpu; got tpu"):
        devices.choose("tpu")


class Preferences:
    """Cycles' preferences on a machine whose build knows only some backends."""

    def __init__(self, known):
        self.known = known
        self.devices = []

    def __setattr__(self, name, value):
        if name == "compute_device_type" and value not in (*self.known, "NONE"):
            raise TypeError(value)
        super().__setattr__(name, value)

    def refresh_devices(self):
        self.devices = [Found("CPU", "slow"), *(Found(kind, f"card {kind}") for kind in self.known.get("found", ()))]


class Found:
    def __init__(self, kind, name):
        self.type, self.name, self.use = kind, name, False


@pytest.mark.parametrize("known", [{}, {"CUDA": True}])
def test_a_demanded_gpu_that_is_not_there_is_an_error_and_auto_takes_the_cpu(monkeypatch, known):
    monkeypatch.setattr(devices, "_preferences", lambda: Preferences(known))
    assert devices.choose("auto").kind == "CPU"
    with pytest.raises(MissingPieceError, match="a GPU is missing"):
        devices.choose("gpu")


def test_the_first_backend_with_a_card_is_taken_and_only_its_devices_are_used(monkeypatch):
    preferences = Preferences({"CUDA": True, "ONEAPI": True, "found": ("ONEAPI",)})
    monkeypatch.setattr(devices, "_preferences", lambda: preferences)
    device = devices.choose("auto")
    assert (device.kind, device.names, device.why) == ("GPU", ("card ONEAPI",), "ONEAPI offers it")
    assert [(found.type, found.use) for found in preferences.devices] == [("CPU", False), ("ONEAPI", True)]
