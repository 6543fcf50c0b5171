"""A list that does not jump while somebody reads it."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.search.entry import Hit

CLEARLY = 2.0
"""Points of the score by which an entry has to be better to pass one that stands before it."""


def calm(shown: Sequence[str], hits: Sequence[Hit]) -> list[Hit]:
    """The hits in the order in which they were shown before; new ones, and those that gained, pass only clearly."""
    before = {entry_id: place for place, entry_id in enumerate(shown)}
    ordered: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: before.get(hit.id, len(before))):
        place = len(ordered)
        while place and hit.score > ordered[place - 1].score + CLEARLY:
            place -= 1
        ordered.insert(place, hit)
    return ordered
