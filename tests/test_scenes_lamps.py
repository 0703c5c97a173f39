"""Headlamps throw what the law allows: candela at the test points of UNECE R112, and no more than its peaks."""

import numpy as np
import pytest

from scenes.ontology import LIGHT_GROUPS
from scenes.stage.lamps import HEAD_CD_M2, HIGH_BEAM_CD, TRACE_GAIN, dipped_candela, main_candela

CLASS_B = {
    "B50L": (-3.43, 0.57, 0, 350),
    "HV": (0.0, 0.0, 0, 625),
    "BR": (2.5, 1.0, 0, 1750),
    "75R": (1.15, -0.57, 10_100, 44_100),
    "75L": (-3.43, -0.57, 0, 10_600),
    "50R": (1.72, -0.86, 10_100, 44_100),
    "50V": (0.0, -0.86, 5_100, 44_100),
    "25L": (-9.0, -1.72, 1_700, 44_100),
    "25R": (9.0, -1.72, 1_700, 44_100),
}
"""Test point to degrees right, degrees up, least and most candela: class B, right-hand traffic, as remembered from
R112's table and not looked up; 50L is left out, as its limit differs between versions."""


def grid(right_deg, up_deg):
    return np.meshgrid(np.deg2rad(np.linspace(*right_deg, 241)), np.deg2rad(np.linspace(*up_deg, 161)))


def test_every_light_group_has_a_gain():
    assert set(TRACE_GAIN) == set(LIGHT_GROUPS)


@pytest.mark.parametrize("point", CLASS_B)
def test_a_dipped_beam_is_lawful_at_every_test_point(point):
    right_deg, up_deg, least, most = CLASS_B[point]
    candela = float(dipped_candela(np.deg2rad(right_deg), np.deg2rad(up_deg)))
    assert least <= candela <= most


def test_a_dipped_beam_does_not_dazzle_above_its_cut_off():
    right, up = grid((-8, 8), (0, 4))
    zone_iii = np.tan(up) >= np.tan(np.deg2rad(15)) * np.maximum(np.tan(right), 0)
    assert dipped_candela(right, up)[zone_iii].max() <= 625


def test_the_beams_peak_at_their_nominal_candela_and_below_the_law():
    right, up = grid((-12, 12), (-8, 8))
    assert dipped_candela(right, up).max() == pytest.approx(HEAD_CD_M2, rel=0.01)
    assert main_candela(right, up).max() == pytest.approx(HIGH_BEAM_CD, rel=1e-3)
    assert 2 * main_candela(right, up).max() <= 215_000


def test_the_cut_off_rises_by_fifteen_degrees_on_the_right():
    right = np.deg2rad(3.0)
    rise = np.tan(np.deg2rad(15)) * np.tan(right)
    raised = dipped_candela(right, np.arctan(rise - 0.01))
    assert raised == pytest.approx(float(dipped_candela(-right, np.arctan(-0.01))), rel=0.03)
