from __future__ import annotations

import pytest

from render.blender import devices
from render.settings import RenderSettings
from scenes.errors import InputError, MissingPieceError
from scenes.scenario import SCENARIOS, sample
from scenes.settings import compose, validated


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"resolution": (8, 384)}, "render.resolution: width and height must lie in"),
        ({"spp": 0}, "render.spp: must be 1 to 65536; got 0"),
        ({"spp": "many"}, "render.spp: must be a whole number of samples, or auto; got many"),
        ({"spp": 6.5}, "render.spp: must be a whole number of samples, or auto; got 6.5"),
        ({"spp": True}, "render.spp: must be a whole number of samples, or auto; got True"),
        ({"spp": "auto"}, "render.auto_spp: must name samples by lighting family where render.spp is auto"),
        ({"auto_spp": {"day": 8, "night": 0}}, "render.auto_spp.night: must be 1 to 65536; got 0"),
        ({"glossy_bounces": -1}, "render.glossy_bounces: must not be negative"),
        ({"view_seconds": 0.0}, "render.view_seconds: must be > 0"),
    ],
)
def test_a_setting_out_of_range_is_named(broken, message):
    with pytest.raises(InputError, match=message):
        RenderSettings(**broken)


def test_a_given_number_of_samples_is_every_views_own():
    settings = RenderSettings(spp=5, auto_spp={"night": 24})
    assert settings.for_view("night") is settings


def test_auto_takes_the_samples_of_the_lighting_family_and_the_most_for_one_without_an_entry():
    settings = RenderSettings(spp="auto", auto_spp={"day": 8, "night": 24, "low_sun": 12})
    chosen = {family: settings.for_view(family).spp for family in ("day", "night", "low_sun", "showcase")}
    assert chosen == {"day": 8, "night": 24, "low_sun": 12, "showcase": 24}
    assert settings.for_view("day") == settings.for_view("day")
    assert settings.for_view("day").max_bounces == settings.max_bounces


@pytest.mark.parametrize("value", ["many", 6.5, 0, "[8]", "Auto"])
def test_the_command_refuses_samples_that_are_none_in_one_line(value):
    config = compose("render", [f"render.spp={value}"])
    with pytest.raises(InputError, match=r"^render\.spp: must be ") as told:
        validated("render", RenderSettings, config["render"])
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("entry", ["day=many", "day=2.5", "day=[8]"])
def test_the_command_refuses_a_table_that_is_none_with_its_entry(entry):
    config = compose("render", ["render.spp=auto", f"render.auto_spp.{entry}"])
    with pytest.raises(InputError, match=r"^render\.auto_spp\.day: "):
        validated("render", RenderSettings, config["render"])


def test_the_table_that_ships_serves_auto_and_every_scenario():
    config = compose("render", ["render.spp=auto"])
    settings = validated("render", RenderSettings, config["render"])
    families = {sample(name, seed=1, index=0).lighting for name in SCENARIOS}
    assert families <= set(settings.auto_spp)
    assert all(1 <= settings.for_view(family).spp <= 512 for family in families)


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
