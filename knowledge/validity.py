"""Entries whose time is over or has not come: they are found, marked, after all that hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from knowledge.search.entry import Hit

Lapse = Literal["expired", "not_yet"]
"""Why an entry does not hold on a day: its last day is past, or its first is still to come."""


def holding_first(hits: Sequence[Hit], lapsed: Mapping[str, Lapse]) -> list[Hit]:
    """The hits in their order, those that do not hold today after the others."""
    return sorted(hits, key=lambda hit: hit.id in lapsed)
