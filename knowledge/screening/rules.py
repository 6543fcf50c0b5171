"""What the cues make of a note: points for and against every class, by one rule book."""

from __future__ import annotations

from functools import cached_property

import msgspec

from agent_console.domain.rule_book import RuleBook
from agent_console.resources.jurisdictions import folder_of
from agent_console.resources.refusals import Beside, load_places, load_refusals
from knowledge.screening.cues import LIVE, URGENT, Cue, cue_table
from knowledge.screening.matcher import Hits, Place, WordIndex, negated, normalise
from knowledge.screening.model import ACCEPT, CLASSES, COMMON, EMERGENCIES
from knowledge.screening.places import place_groups, settle_places

SENSE = "@s_"
"""How the names of groups begin that only the model reads."""
STANDS = 4
"""Points from which a class stands by its cues alone."""
_SETS = {"emergency": EMERGENCIES, "refusal": tuple(name for name in CLASSES[1:] if name not in EMERGENCIES)}
_INSTEAD = {"civil_dispute": "litigation"}
"""Where a book has no item for the first class, the second one takes it as a matter that is due there."""

_MARKS = "，。！？；、,!?;… "

Match = tuple[Cue, tuple[Place, ...]]


class Verdict(msgspec.Struct):
    """Points for and against one class, and the cues that spoke for it."""

    points: list[int] = []
    against: list[int] = []
    cues: list[Match] = []

    @property
    def net(self) -> int:
        """What is left: the best cue and a little for the others, less what turns it down."""
        return total(self.points) - total(self.against)


class Reading(msgspec.Struct, frozen=True, dict=True):
    """One note as the cues read it; positions are those of the note."""

    plain: str
    hits: Hits
    matches: list[Match]
    verdicts: dict[str, Verdict]
    left_out: tuple[str, ...]
    """Parts of a class (`class:part`) that a cue found but this book does not refuse."""

    def live(self, name: str) -> int:
        """Points for an emergency that goes on, not one that is over."""
        verdict = self.verdicts.get(name)
        if verdict is None or name not in EMERGENCIES:
            return 0
        live = [cue.score for cue, _ in verdict.cues if cue.live]
        return total(live) - total(verdict.against + self.verdicts[LIVE].against) if live else 0

    @cached_property
    def denied(self) -> frozenset[int]:
        """Where something begins that stands right after a negation."""
        starts = {start for places in self.hits.values() for start, _ in places}
        return frozenset(start for start in starts if negated(self.plain, start))

    @property
    def barred(self) -> frozenset[str]:
        """Classes of which the note shows only a part that this book does not refuse."""
        parts = {part.partition(":")[0] for part in self.left_out}
        return frozenset(name for name in parts if name not in self.verdicts)

    @cached_property
    def last_clause(self) -> int:
        """Where the last clause begins; 0 if there is only one."""
        body = self.plain.rstrip(_MARKS)
        return max(body.rfind(mark) for mark in _MARKS) + 1

    @property
    def is_hazard(self) -> bool:
        """Whether cues say that danger is present, whoever must act."""
        hazard = self.verdicts.get(URGENT)
        return hazard is not None and hazard.net >= STANDS


def total(points: list[int]) -> int:
    """The best of several cues and a little for the others."""
    return max(points) + min(2, len(points) - 1) if points else 0


class Rules:
    """The cues, read by one rule book; without a book, by what is common to all of them."""

    def __init__(self, book: RuleBook | None = None) -> None:
        """Read the cues and, with a book, its list of refusals and its places."""
        self._book = book
        self._beside: dict[str, Beside] = {}
        self.leaves_out: frozenset[str] = frozenset()
        self.own_places: frozenset[str] = frozenset()
        if book is not None and (folder_of(book.code) / "refusals.toml").is_file():
            listed = load_refusals(book.code, book.parent)
            self._beside = {item.screening_class: item for item in listed.beside}
            self.leaves_out = listed.leaves_out
            self.own_places = load_places(book.code, book.parent)
        self._cues = cue_table()
        self._index = WordIndex({**self._cues.groups, **place_groups(self.own_places)})
        self.known = frozenset(name for name in CLASSES if self._knows(name))

    def _knows(self, name: str) -> bool:
        if name == ACCEPT or name in EMERGENCIES:
            return True
        if self._book is None:
            return name in COMMON
        return self._book.refusal_for(name) is not None or name in self._beside

    def read(self, text: str) -> Reading:
        """Find the words of the note and weigh what they say."""
        plain = normalise(text)
        hits = self._index.find(plain)
        settle_places(plain, hits)
        matches = self._cues.matches(plain, hits)
        left_out: list[str] = []
        return Reading(plain, hits, matches, self._weigh(matches, left_out), tuple(left_out))

    def _weigh(self, matches: list[Match], left_out: list[str]) -> dict[str, Verdict]:
        verdicts: dict[str, Verdict] = {LIVE: Verdict()}
        for cue, places in matches:
            for name in cue.classes:
                target, part = self._target(name, cue.part)
                if self._leaves(target, part):
                    left_out.append(f"{target}:{part}")
                    continue
                verdict = verdicts.setdefault(target, Verdict())
                verdict.points.append(cue.score)
                verdict.cues.append((cue, places))
        for cue, _ in matches:
            for name in _spread(cue.against):
                if name in verdicts:
                    verdicts[name].against.append(cue.score)
        return verdicts

    def _target(self, name: str, part: str) -> tuple[str, str]:
        return (_INSTEAD[name], "due") if name not in self.known and name in _INSTEAD else (name, part)

    def _leaves(self, name: str, part: str) -> bool:
        if not part:
            return False
        return f"{name}:{part}" in self.leaves_out or (self._book is None and name not in EMERGENCIES)

    def ground(self, name: str) -> tuple[str, str]:
        """The clause a class rests on in this book, and whether by its letter."""
        if self._book is None:
            return "", "推定"
        if name in EMERGENCIES:
            return self._book.emergency_clause, self._book.emergency_basis
        item = self._book.refusal_for(name)
        if item is not None:
            return item.clause, item.basis
        beside = self._beside[name]
        return beside.clause, beside.basis


def _spread(names: tuple[str, ...]) -> list[str]:
    return [single for name in names for single in _SETS.get(name, (name,))]
