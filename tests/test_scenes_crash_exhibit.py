"""The gallery's crashes: the camera is turned to the parties, and the draw is taken in which all are seen."""

from dataclasses import replace

import pytest

from scenes.crash_exhibit import crash_cells, phase, shown, turned
from scenes.scenario import sample


@pytest.fixture(scope="module")
def rear_end():
    drawn = (sample("lead_vehicle_stopped", seed=5, index=index, lighting="day") for index in range(16))
    return next(spec for spec in drawn if phase(spec) == "after")


def test_turning_to_the_parties_shows_them_larger_than_before(rear_end):
    spec = turned(rear_end)
    assert shown(spec) > shown(rear_end)
    assert spec.cameras[0].hfov_deg <= rear_end.cameras[0].hfov_deg
    assert replace(spec, cameras=rear_end.cameras) == rear_end


def test_what_stands_before_a_party_hides_it(rear_end):
    spec = turned(rear_end)
    camera = spec.cameras[0]
    party = min((v for v in spec.vehicles if v.crash), key=lambda v: v.x_m)
    near = replace(party, actor_id=900, crash=None, track=None, x_m=(party.x_m + camera.x_m) / 2)
    near = replace(near, y_m=(party.y_m + camera.y_m) / 2)
    assert shown(replace(spec, vehicles=(*spec.vehicles, near))) < shown(spec) / 2


@pytest.mark.slow
def test_in_every_cell_every_party_can_be_seen_and_what_it_ran_into():
    specs = {cell.caption: cell.spec for cell in crash_cells()}
    parties = {caption: shown(replace(spec, obstacles=())) for caption, spec in specs.items()}
    assert {caption: share for caption, share in parties.items() if share < 0.008} == {}
    with_trunks = {caption: shown(spec) for caption, spec in specs.items()}  # a post is thin
    assert {caption: share for caption, share in with_trunks.items() if share < 0.003} == {}
