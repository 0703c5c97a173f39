"""Every lighting has in the render the lux that it states, within 15 %."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from render.develop.atlas import looks_of
from render.develop.photometry import open_sky_lux
from render.develop.preset import LookSettings, draw
from render.develop.relight import gains
from scenes.atlas import Pair, shipped
from scenes.scenario import sample

pytestmark = pytest.mark.blender
ROOT = Path(__file__).parent.parent
LIGHTINGS = shipped().lightings
STATED = {of: [name for name, item in LIGHTINGS.items() if item.lux.of == of] for of in ("open_ground", "street_lamps")}
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
WITHIN = 0.15


@pytest.fixture(scope="module")
def traced():
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/light_probe.py")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    found = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    assert found, done.stderr[-2000:]
    return json.loads(found[0].removeprefix("RESULT"))


def within(lux, bounds):
    return bounds[0] * (1 - WITHIN) <= lux <= bounds[1] * (1 + WITHIN)


def test_no_lighting_is_left_unmeasured(traced):
    assert {*STATED["open_ground"], *STATED["street_lamps"], "tunnel_exit"} == set(LIGHTINGS)
    assert set(traced["plate"]) == set(STATED["open_ground"])


@pytest.mark.parametrize("name", STATED["open_ground"])
def test_open_ground_has_the_stated_lux_under_every_look(name, traced):
    """A grey plate, relit by the look's own gains, has what the lighting states and what the frame's record tells."""
    spec = sample("day_traffic", seed=11, index=0, pair=Pair(lighting=LIGHTINGS[name]))
    looks = draw(looks_of(spec, LookSettings()), spec.lighting, 4, seed=1, scene="plate", street=spec.street)
    for look in looks:
        factors = gains(look)
        rgb = sum(factors[group] * np.array(layer) for group, layer in traced["plate"][name].items())
        lux = float(rgb @ LUMINANCE)
        assert within(lux, LIGHTINGS[name].lux.range), (look.sun_lux, look.sky_lux)
        assert lux == pytest.approx(open_sky_lux(look, spec.sun.elevation_deg), rel=WITHIN)


@pytest.mark.parametrize("name", ["street_lit_night", "failing_lamp", "car_park_neon"])
def test_street_lamps_lay_the_stated_lux_on_the_road(name, traced):
    """The others of this kind get their flux in the same way, which `test_scenes_light` holds to their ranges."""
    seen = traced["road"][name]
    assert seen["share"] > 0.1
    assert seen["traced"] == pytest.approx(seen["stated"], rel=WITHIN)
    assert within(seen["traced"], LIGHTINGS[name].lux.range)


def test_a_tunnels_lamps_lay_the_stated_lux_on_its_road(traced):
    seen, light = traced["road"]["tunnel_exit"], LIGHTINGS["tunnel_exit"]
    assert seen["share"] > 0.1
    for weight in light.look["lamps"]["street"]:
        assert within(weight * seen["traced"], light.lux.range)


@pytest.mark.parametrize("what", ["leaves", "sand"])
def test_leaves_and_sand_cover_the_share_of_the_road_that_is_told_in_their_own_colours(what, traced):
    seen = {name: np.array(rgb) for name, rgb in traced["strewn"].items()}
    bare, full = seen["bare"], seen[f"{what} 1.0"]
    assert bare[0] == pytest.approx(bare[2], rel=0.15)
    assert full[0] > 1.5 * full[2]  # brown and ochre, not grey
    for share in (0.3, 0.6):
        covered = (seen[f"{what} {share}"] - bare)[0] / (full - bare)[0]
        assert covered == pytest.approx(share, abs=0.1)
