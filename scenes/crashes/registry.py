"""All types of crash, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scenes.crashes import (
    backing_parking,
    control_loss,
    crossing_paths,
    departure,
    jack_knife,
    lane_change,
    objects,
    opposite_direction,
    pile_up,
    rear_end,
    vulnerable,
)
from scenes.crashes.crash_type import CrashType

CRASH_TYPES: Mapping[str, CrashType] = MappingProxyType(
    {
        kind.name: kind
        for family in (
            rear_end,
            crossing_paths,
            lane_change,
            backing_parking,
            opposite_direction,
            vulnerable,
            departure,
            control_loss,
            jack_knife,
            objects,
            pile_up,
        )
        for kind in family.TYPES
    }
)
"""Name to type."""
