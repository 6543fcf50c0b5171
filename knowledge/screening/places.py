"""Which places a statement names, and whether they are where the matter happened."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from agent_console.resources.paths import read_toml
from knowledge.screening.matcher import Hits, Place

HERE = "@here"
ELSEWHERE = "@elsewhere"
PLACE_FILE = "places.toml"


class PlaceNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of places, and what stands before or after a name that is not the place of the matter."""

    elsewhere: tuple[str, ...]
    heads: tuple[str, ...]
    tails: tuple[str, ...]

    def of_the_matter(self, text: str, places: list[Place]) -> list[Place]:
        """The places of `places` that may be where it happened."""
        return [
            (start, end)
            for start, end in places
            if not text.endswith(self.heads, max(0, start - 4), start) and not text.startswith(self.tails, end)
        ]


@cache
def place_names() -> PlaceNames:
    """The gazetteer. Raises BadInput if it cannot be read."""
    return read_toml(Path(__file__).parent / "cues" / PLACE_FILE, PlaceNames)


def place_groups(own: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Groups of words for places inside and outside an area; none outside where the area has no names."""
    if not own:
        return {}
    outside = tuple(name for name in place_names().elsewhere if name not in own)
    return {HERE: tuple(sorted(own)), ELSEWHERE: outside}


def settle_places(text: str, hits: Hits) -> None:
    """Drop from `hits` the outside places that only say where somebody comes from or goes to."""
    if ELSEWHERE not in hits:
        return
    places = place_names().of_the_matter(text, hits.pop(ELSEWHERE))
    if places:
        hits[ELSEWHERE] = places
