"""Screening of a statement: accept, a refusal of this rule book, or an emergency, and on which words.

The cues read the note first; the models weigh what they found together with the note's characters and sounds. An
emergency goes before everything else, and one that a cue shows clearly stands unless they all but rule it out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property

import msgspec

from agent_console.domain.rule_book import RuleBook
from agent_console.texts import say
from knowledge.screening.classifier import Classifier
from knowledge.screening.cues import URGENT
from knowledge.screening.features import Features, read_features
from knowledge.screening.judgement import Judges, Opinion, judges
from knowledge.screening.matcher import Place
from knowledge.screening.model import ACCEPT, CLASSES, EMERGENCIES, Confidence, Proposal, Screening, Span
from knowledge.screening.rules import Match, Reading, Rules
from knowledge.screening.threats import threats_in
from knowledge.scripts.questions import questions

FLOOR = 10
"""Points of live cues from which an emergency stands, unless the model is all but certain that there is none."""
RULED_OUT = 0.1
"""Probability of any emergency below which even clear cues are taken for a manner of speaking."""
ALARM = 0.25
"""Probability of any emergency from which the note is one."""
GROWING_ALARM = ((6, 0.98), (12, 0.96), (24, 0.90), (1_000_000, 0.80))
"""The same for a note still being typed, by the characters it has up to now: the fewer, the surer."""
GROWING_URGENT = 0.75
"""How probably urgent a note still being typed must be besides; what is over can wait for the end of the sentence."""
REFUSES = 0.50
"""Probability against `accept` alone from which a refusal goes before it."""
URGENT_FROM = 0.35
CLEAR = 0.80
"""Probability from which a proposal is called clear."""
MENTIONED = 0.12
"""Probability from which a class is still named, after the first."""
MOST = 3
MOST_WORDS = 6
_MODEL_WORDS = 3


class Screener:
    """Screens statements against one rule book; without a book, by what is common to all of them."""

    def __init__(self, book: RuleBook | None = None, models: Judges | None = None) -> None:
        """Read the cues for `book`; the shipped models are read at the first statement unless some are given."""
        self._rules = Rules(book)
        self._models = models
        self._questions = questions(book.code, book.parent) if book is not None else questions()

    def screen(self, text: str, *, growing: bool = False) -> Screening:
        """Ranked proposals for the statement `text`, whether it is urgent, and the script that fits.

        A note that is still `growing` must be surer of an emergency, the more so while it is short.
        """
        models = self._models or judges()
        reading = self._rules.read(text)
        features = read_features(reading, self._rules.leaves_out)
        opinion = models.judge(self._rules, reading, features)
        floor = _floor(reading, opinion)
        best = floor or _decide(opinion, _growing_alarm(opinion, len(text)) if growing else ALARM)
        teller = _Teller(text, reading, features, opinion, models.linear)
        proposals = tuple(self._proposal(name, teller, sure=name == floor) for name in _ranked(best, opinion))
        threats = threats_in(text, reading.plain)
        script = "" if best == ACCEPT else best
        return Screening(
            proposals=proposals,
            urgent=_is_urgent(opinion, floor),
            script=threats[0].script if threats else script,
            threats=threats,
        )

    def _proposal(self, name: str, teller: _Teller, *, sure: bool) -> Proposal:
        clause, basis = ("", "letter") if name == ACCEPT else self._rules.ground(name)
        words, why = teller.ground(name)
        return Proposal(
            screening_class=name,
            clause=clause,
            words=words,
            why=why,
            confidence="clear" if sure else teller.confidence(name),
            basis=basis,
            question=self._questions.get(name, ""),
        )


class _Teller(msgspec.Struct, frozen=True, dict=True):
    """Says on which words a class is proposed, and how sure it is."""

    text: str
    reading: Reading
    features: Features
    opinion: Opinion
    linear: Classifier

    def confidence(self, name: str) -> Confidence:
        """In words, from the probability; emergencies are weighed together."""
        share = self.opinion.emergency if name in EMERGENCIES else self.opinion.shares[name]
        return "clear" if share >= CLEAR else "suspected"

    def ground(self, name: str) -> tuple[tuple[Span, ...], str]:
        """The words of the cues, else the stretches that weighed most; and the reason."""
        cues = self._cues(URGENT if name == ACCEPT else name)
        if name == ACCEPT and not (cues and self.reading.is_hazard):
            return (), say("screening.accept")
        if cues:
            why = max(cues, key=lambda pair: pair[0].score)[0].why
            return _spans(self.text, {place for _, places in cues for place in places}), why
        whole = (self._whole(stretch) for stretch in self.linear.stretches(self.features, name))
        return _spans(self.text, set(_apart(whole))), say("screening.learnt", name=say(f"class.{name}"))

    def _whole(self, stretch: Place) -> Place:
        """The known word the stretch is mostly part of, else the stretch as it is."""

        def shared(word: Place) -> int:
            return min(word[1], stretch[1]) - max(word[0], stretch[0])

        best = max(self._words, key=lambda word: (shared(word), word), default=stretch)
        return best if shared(best) > 1 else stretch

    @cached_property
    def _words(self) -> list[Place]:
        places = {place for found in self.reading.hits.values() for place in found}
        return sorted((start, end) for start, end in places if end - start > 1)

    def _cues(self, name: str) -> list[Match]:
        verdict = self.reading.verdicts.get(name)
        return verdict.cues if verdict else []


def _floor(reading: Reading, opinion: Opinion) -> str:
    """The emergency that cues show clearly, or nothing."""
    if opinion.emergency < RULED_OUT:
        return ""
    points = {name: reading.live(name) for name in EMERGENCIES}
    best = max(EMERGENCIES, key=lambda name: points[name])
    return best if points[best] >= FLOOR else ""


def _growing_alarm(opinion: Opinion, length: int) -> float:
    """The probability asked of an unfinished note; none reaches it unless it is urgent too."""
    if opinion.urgent < GROWING_URGENT:
        return math.inf
    return next(alarm for most, alarm in GROWING_ALARM if length <= most)


def _decide(opinion: Opinion, alarm: float) -> str:
    if opinion.emergency >= alarm:
        return opinion.strongest(EMERGENCIES)
    refusal = opinion.strongest([name for name in CLASSES if name != ACCEPT and name not in EMERGENCIES])
    against, accepted = opinion.shares[refusal], opinion.shares[ACCEPT]
    return refusal if against > 0 and against >= REFUSES * (against + accepted) else ACCEPT


def _ranked(best: str, opinion: Opinion) -> list[str]:
    """The best one, then what else is probable; `accept` is always among them."""
    others = sorted((name for name in CLASSES if name != best), key=lambda name: -opinion.shares[name])
    named = [best, *(name for name in others if opinion.shares[name] >= MENTIONED)][:MOST]
    if ACCEPT not in named:
        named[MOST - 1 :] = [ACCEPT]
    return named


def _is_urgent(opinion: Opinion, floor: str) -> bool:
    return bool(floor) or opinion.urgent >= URGENT_FROM


def _apart(stretches: Iterable[Place]) -> list[Place]:
    """The strongest stretches that do not overlap."""
    kept: list[Place] = []
    for start, end in stretches:
        if all(end <= first or last <= start for first, last in kept):
            kept.append((start, end))
        if len(kept) == _MODEL_WORDS:
            break
    return kept


def _spans(text: str, places: set[Place]) -> tuple[Span, ...]:
    return tuple(Span(start, end, text[start:end]) for start, end in sorted(places)[:MOST_WORDS])
