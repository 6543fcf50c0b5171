"""Screening of a statement: accept, a refusal of this rule book, or an emergency, and on which words.

Every cue that fits gives points to its class or takes points from others; an emergency that stands goes before
everything else.
"""

from __future__ import annotations

import msgspec

from agent_console.domain.rule_book import RuleBook
from agent_console.resources.paths import data_folder
from agent_console.resources.refusals import Beside, load_places, load_refusals
from agent_console.texts import say
from knowledge.screening.cues import LIVE, URGENT, Cue, cue_table
from knowledge.screening.matcher import Place, WordIndex, normalise
from knowledge.screening.model import ACCEPT, CLASSES, COMMON, EMERGENCIES, Proposal, Screening, Span
from knowledge.screening.places import place_groups, settle_places

STANDS = 4
"""Points from which a class goes before `accept`."""
CLEAR = 7
"""Points from which a proposal is called clear."""
MENTIONED = 2
"""Points from which a class is still named, after `accept`."""
_SETS = {"emergency": EMERGENCIES, "refusal": tuple(name for name in CLASSES[1:] if name not in EMERGENCIES)}
_INSTEAD = {"civil_dispute": "litigation"}
"""Where a book has no item for the first class, the second one takes it as a matter that is due there."""
MOST_WORDS = 6


class Verdict(msgspec.Struct):
    """Points for and against one class, and the cues that spoke for it."""

    points: list[int] = []
    against: list[int] = []
    cues: list[tuple[Cue, tuple[Place, ...]]] = []

    @property
    def net(self) -> int:
        """What is left: the best cue and a little for the others, less what turns it down."""
        return _sum(self.points) - _sum(self.against)


def _sum(points: list[int]) -> int:
    return max(points) + min(2, len(points) - 1) if points else 0


class Screener:
    """Screens statements against one rule book; without a book, by what is common to all of them."""

    def __init__(self, book: RuleBook | None = None) -> None:
        self._book = book
        self._beside: dict[str, Beside] = {}
        self._leaves_out: frozenset[str] = frozenset()
        own: frozenset[str] = frozenset()
        if book is not None and (data_folder("jurisdictions") / book.code / "refusals.toml").is_file():
            listed = load_refusals(book.code, book.parent)
            self._beside = {item.screening_class: item for item in listed.beside}
            self._leaves_out = listed.leaves_out
            own = load_places(book.code, book.parent)
        self._cues = cue_table()
        self._index = WordIndex({**self._cues.groups, **place_groups(own)})
        self._known = frozenset(name for name in CLASSES if self._knows(name))

    def _knows(self, name: str) -> bool:
        if name == ACCEPT or name in EMERGENCIES:
            return True
        if self._book is None:
            return name in COMMON
        return self._book.refusal_for(name) is not None or name in self._beside

    def screen(self, text: str) -> Screening:
        """Ranked proposals for the statement `text`, whether it is urgent, and the script that fits."""
        plain = normalise(text)
        hits = self._index.find(plain)
        settle_places(plain, hits)
        verdicts = self._weigh(self._cues.matches(plain, hits))
        ranked = sorted(
            ((name, verdict) for name, verdict in verdicts.items() if name in self._known and verdict.net >= MENTIONED),
            key=lambda pair: (not _is_live(verdicts, pair[0]), -pair[1].net, CLASSES.index(pair[0])),
        )
        before = [self._proposal(text, *pair) for pair in ranked if pair[1].net >= STANDS]
        after = [self._proposal(text, *pair) for pair in ranked if pair[1].net < STANDS]
        proposals = (*before, self._acceptance(text, verdicts, alone=not ranked), *after)
        best = proposals[0].screening_class
        return Screening(proposals=proposals, urgent=_is_urgent(verdicts, best), script="" if best == ACCEPT else best)

    def _weigh(self, matches: list[tuple[Cue, tuple[Place, ...]]]) -> dict[str, Verdict]:
        verdicts: dict[str, Verdict] = {LIVE: Verdict()}
        for cue, places in matches:
            for name in cue.classes:
                target = self._target(name, cue.part)
                if target:
                    verdict = verdicts.setdefault(target, Verdict())
                    verdict.points.append(cue.score)
                    verdict.cues.append((cue, places))
        for cue, _ in matches:
            for name in _spread(cue.against):
                if name in verdicts:
                    verdicts[name].against.append(cue.score)
        return verdicts

    def _target(self, name: str, part: str) -> str:
        if name not in self._known and name in _INSTEAD:
            name, part = _INSTEAD[name], "due"
        if part and (f"{name}:{part}" in self._leaves_out or (self._book is None and name not in EMERGENCIES)):
            return ""
        return name

    def _proposal(self, text: str, name: str, verdict: Verdict) -> Proposal:
        clause, basis = self._ground(name)
        best = max(verdict.cues, key=lambda pair: pair[0].score)[0]
        return Proposal(
            screening_class=name,
            clause=clause,
            words=_spans(text, [places for _, places in verdict.cues]),
            why=best.why,
            confidence="clear" if verdict.net >= CLEAR else "suspected",
            basis=basis,
        )

    def _acceptance(self, text: str, verdicts: dict[str, Verdict], *, alone: bool) -> Proposal:
        hazard = verdicts.get(URGENT)
        cues = hazard.cues if hazard and hazard.net >= STANDS else []
        return Proposal(
            screening_class=ACCEPT,
            clause="",
            words=_spans(text, [places for _, places in cues]),
            why=cues[0][0].why if cues else say("screening.accept"),
            confidence="clear" if alone else "suspected",
        )

    def _ground(self, name: str) -> tuple[str, str]:
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


def _spans(text: str, places: list[tuple[Place, ...]]) -> tuple[Span, ...]:
    found = sorted({place for group in places for place in group})
    return tuple(Span(start, end, text[start:end]) for start, end in found[:MOST_WORDS])


def _is_live(verdicts: dict[str, Verdict], name: str) -> bool:
    """Whether `name` is an emergency that goes on, not one that is over."""
    if name not in EMERGENCIES:
        return False
    live = [cue.score for cue, _ in verdicts[name].cues if cue.live]
    return bool(live) and _sum(live) - _sum(verdicts[name].against + verdicts[LIVE].against) >= STANDS


def _is_urgent(verdicts: dict[str, Verdict], best: str) -> bool:
    hazard = verdicts.get(URGENT)
    return (hazard is not None and hazard.net >= STANDS) or _is_live(verdicts, best)
