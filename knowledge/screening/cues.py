"""Cues: words that together point to a class, or turn a match down. Read once from `cues/*.toml`."""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.resources.paths import read_toml
from knowledge.screening.matcher import MASK, Hits, Place, expand, negated
from knowledge.screening.places import ELSEWHERE, HERE, PLACE_FILE

_FOLDER = Path(__file__).parent / "cues"
_NAMED_LATER = frozenset({HERE, ELSEWHERE})
"""Groups that each jurisdiction fills with its own names."""
URGENT = "urgent"
"""Name under which danger that is present is weighed, beside the classes."""
LIVE = "live"
"""Name against which cues speak that say an emergency of whatever class is over."""


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One combination of words.

    `all` are groups that must stand together, at most `window` characters from the first one; `also` may stand
    anywhere, `unless` nowhere. A group is `@name` or its words by bars. `part` names a part of the class that some
    books leave out; `live` is false for what is over or not dangerous, so that it is not urgent.
    """

    why: str
    all: tuple[str, ...]
    score: int = 6
    window: int = 8
    ordered: bool = False
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    part: str = ""
    live: bool = True
    negatable: bool = True
    classes: tuple[str, ...] = ()
    against: tuple[str, ...] = ()

    def match(self, text: str, hits: Hits) -> tuple[Place, ...]:
        """The places of its words, or nothing."""
        if any(name not in hits for name in chain(self.all, self.also)) or any(name in hits for name in self.unless):
            return ()
        for anchor in hits[self.all[0]]:
            places = self._around(anchor, hits)
            if places and not (self.negatable and any(negated(text, start) for start, _ in places)):
                return tuple(sorted(places))
        return ()

    def _around(self, anchor: Place, hits: Hits) -> list[Place]:
        places = [anchor]
        for name in self.all[1:]:
            near = [place for place in hits[name] if self._reaches(anchor, place)]
            if not near:
                return []
            places.append(min(near, key=lambda place: abs(place[0] - anchor[0])))
        return places

    def _reaches(self, anchor: Place, place: Place) -> bool:
        after = place[0] - anchor[1]
        before = anchor[0] - place[1]
        return 0 <= after <= self.window or (not self.ordered and 0 <= before <= self.window)


class CueFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"screening_class": "class"}):
    """One file of cues: groups of words by name, words that hide others, cues for a class and against."""

    screening_class: str = ""
    groups: dict[str, str] = {}
    masks: str = ""
    cue: tuple[Cue, ...] = ()
    turn_down: tuple[Cue, ...] = ()


class CueTable(msgspec.Struct, frozen=True):
    """All cues by the group of their first words, and the words of every group."""

    by_anchor: dict[str, tuple[Cue, ...]]
    groups: dict[str, tuple[str, ...]]

    def matches(self, text: str, hits: Hits) -> list[tuple[Cue, tuple[Place, ...]]]:
        """Every cue that fits, with the places of its words."""
        found = []
        for name in hits:
            for cue in self.by_anchor.get(name, ()):
                places = cue.match(text, hits)
                if places:
                    found.append((cue, places))
        return found


@cache
def cue_table() -> CueTable:
    """The cues of the product. Raises BadInput naming the file that cannot be read."""
    return tabled([read_toml(path, CueFile) for path in sorted(_FOLDER.glob("*.toml")) if path.name != PLACE_FILE])


def tabled(files: list[CueFile]) -> CueTable:
    """The cues of these files together. Raises BadInput for a group that none of them names."""
    groups: dict[str, tuple[str, ...]] = {}
    for file in files:
        for name, pattern in file.groups.items():
            groups["@" + name] = tuple(expand(pattern))
    groups[MASK] = tuple(word for file in files if file.masks for word in expand(file.masks))
    anchored: dict[str, list[Cue]] = {}
    for cue in chain.from_iterable(_cues_of(file) for file in files):
        for pattern in chain(cue.all, cue.also, cue.unless):
            if pattern not in _NAMED_LATER:
                groups.setdefault(pattern, tuple(_words_of(pattern, groups)))
        anchored.setdefault(cue.all[0], []).append(cue)
    return CueTable(by_anchor={name: tuple(cues) for name, cues in anchored.items()}, groups=groups)


def _cues_of(file: CueFile) -> list[Cue]:
    own = (file.screening_class,)
    return [msgspec.structs.replace(cue, classes=cue.classes or own) for cue in file.cue] + list(file.turn_down)


def _words_of(pattern: str, groups: dict[str, tuple[str, ...]]) -> list[str]:
    words: list[str] = []
    for part in pattern.split("|"):
        if part.startswith("@"):
            if part not in groups:
                raise BadInput("error.cue", None, name=part)
            words.extend(groups[part])
        else:
            words.extend(expand(part))
    return words
