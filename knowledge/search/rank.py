"""Ranks entries: grams find candidate lines, the dictionary adds official words, rapidfuzz compares what is left."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from knowledge.search.index import (
    CHARS_1,
    CHARS_2,
    INITIALS_2,
    INITIALS_3,
    SOUND_1,
    SOUND_2,
    Ids,
    gram_code,
)
from knowledge.search.likeness import likeness
from knowledge.search.pool import Pool, Scores
from knowledge.search.query import Element, Reading, Token
from knowledge.search.sound import folded
from knowledge.search.words import ENTRY, Unit

CANDIDATES = 60
"""Entries that are compared letter by letter; the study found no gain from more."""
_LINES_EACH = 2
_WORD, _SAID = 1.0, 0.85
"""Worth of a dictionary term: typed as it stands in the text or naming the entry, or reached from what people say."""
_TOPIC = 1.5
"""Weight of a word of the dictionary beside a pair of characters: it is a topic, a pair may be anything."""
_COMMON = 0.3
"""Least share of that worth for a term that many entries carry, beside a rarer one of the same group."""
_WORDS_ALONE = 0.8
"""Words that lead to an entry weigh this much where the dictionary knows some and no phrase is like it."""
_ABSENT = 0.3
"""Weight of a pair that no entry contains: it is a slip of the finger or stands between two words."""
_SKIPPED = 0.08
"""Weight of pairs that touch a word which says nothing about the matter."""
_PHRASE_SHARE = 0.55
_LINE_SHARE = 0.3
_ENOUGH = 2.4
"""Knowledge that makes a token worth its full likeness: two ideographs, two syllables or four first letters."""
_BLUR, _STEEP = 0.4, 1.5
"""Likeness below `_BLUR` is chance; the rest is raised to `_STEEP`."""
_NEAR_BONUS = 0.3
_FOREIGN = 0.7
"""An entry that holds only under the rule book of another city is worth this much of its likeness."""
_HEAD_BONUS = 0.03
"""A match in a title, question or keyword beside one in a body."""
_WHOLE_TITLE_BONUS = 0.3
"""The query is the whole title or the whole question."""
_LETTER_BONUS = 0.12
"""An entry that rests on one article is its letter; one that rests on several explains them: shared by their number."""
_READING_MALUS = 0.01
"""For each reading of the letters that is likelier than this one."""
FULL_SCORE = 1.0 + _NEAR_BONUS + _HEAD_BONUS + _WHOLE_TITLE_BONUS + _LETTER_BONUS
"""Score of an entry of the asked book whose title was typed out."""
SURE = 0.9
"""A reading of the letters that finds an entry as alike as this is the one that was meant."""
_TITLES = ("title", "question", "said")
_CHAFF = 0.3
"""Entries less alike than this share of the best are left out."""


class Gram(msgspec.Struct, frozen=True):
    """A gram of the query, where it stands, and what it is worth beside how rare it is."""

    kind: int
    gram: str
    worth: float
    places: tuple[int, ...]


class Ranked(msgspec.Struct, frozen=True):
    """An entry with its score and the lines that matched best."""

    entry: int
    score: float
    alike: float
    """The score without what the rule book and the kind of entry add."""
    lines: tuple[int, ...]
    reading: int


def _grams(token: Token) -> list[Gram]:
    found: list[Gram] = []
    single = len(token) == 1
    for place, element in enumerate(token):
        if single and element.char:
            found.append(Gram(CHARS_1, element.char, 1.0, (place,)))
        if single and element.sound:
            found.append(Gram(SOUND_1, folded(element.sound), 0.5, (place,)))
        if place + 1 < len(token):
            found += _pairs(element.char, token, place)
        if place + 2 < len(token) and not all(other.sound for other in token[place : place + 3]):
            letters = "".join(other.initial for other in token[place : place + 3])
            found.append(Gram(INITIALS_3, letters, 0.8, (place, place + 1, place + 2)))
    return found


def _pairs(char: str, token: Token, place: int) -> list[Gram]:
    one, two = token[place], token[place + 1]
    places = (place, place + 1)
    found: list[Gram] = []
    if one.sound and two.sound:
        found.append(Gram(SOUND_2, folded(one.sound + two.sound), 0.75, places))
    else:
        found.append(Gram(INITIALS_2, one.initial + two.initial, 0.3, places))
    if char and two.char:
        found.append(Gram(CHARS_2, char + two.char, 0.25 if one.sound and two.sound else 1.0, places))
    return found


def best_first(ranked: Sequence[Ranked], pool: Pool) -> list[Ranked]:
    """Each entry once, by its best reading, without those that are hardly alike; equal ones by id."""
    best: dict[int, Ranked] = {}
    for one in ranked:
        if one.entry not in best or one.score > best[one.entry].score:
            best[one.entry] = one
    floor = _CHAFF * max((one.alike for one in best.values()), default=0.0)
    kept = (one for one in best.values() if one.alike >= floor)
    return sorted(kept, key=lambda one: (-round(one.score, 5), pool.entry(one.entry).id))


class Ranker:
    """One search over a pool."""

    def __init__(self, pool: Pool, jurisdiction: str) -> None:
        self._pool = pool
        self._near = pool.nearness(jurisdiction)
        self._alive = pool.alive()
        self._holds = np.where(self._near > 0, 1, _FOREIGN).astype(np.float32)
        self._bonus = _NEAR_BONUS * self._near + _LETTER_BONUS * pool.plainness

    def rank(self, reading: Reading, units: Sequence[Unit], number: int) -> list[Ranked]:
        """Candidates of one reading of the query; `number` says which reading."""
        lines = np.zeros(self._pool.line_count, np.float32)
        cover = np.zeros(self._pool.entry_count, np.float32)
        total, of_lines = self._add_grams(reading, units, lines, cover)
        known = self._add_units(reading, units, cover)
        total += known
        if total <= 0:
            return []
        best_line = np.maximum.reduceat(lines, self._pool.first_lines) / of_lines
        words = np.asarray((1 - _LINE_SHARE) * cover / total + _LINE_SHARE * best_line, np.float32)
        alone = _WORDS_ALONE * words if known else np.zeros_like(words)
        return self._compare(reading, self._candidates(words), (words, alone), lines, number)

    def rank_terms(self, terms: Sequence[str]) -> list[Ranked]:
        """Candidates for words that the dictionary gave for the whole query; the more of them the better."""
        cover = np.zeros(self._pool.entry_count, np.float32)
        heaviest = 1e-6
        for term in terms:
            entries = self._pool.containing(term)
            weight = self._rarity(len(entries))
            cover[entries] += weight
            heaviest = max(heaviest, weight if len(entries) else 0.0)
        cover *= self._holds / (cover + heaviest)
        return [
            Ranked(entry, float(cover[entry] + self._bonus[entry]), float(cover[entry]), (), 0)
            for entry in self._candidates(cover)
        ]

    def _candidates(self, words: Scores) -> list[int]:
        rough = np.where(self._alive & (words > 0), words + _NEAR_BONUS * self._near, -1.0)
        order = np.argsort(-rough, kind="stable")[:CANDIDATES]
        return [entry for entry in order.tolist() if rough[entry] > 0]

    def _rarity(self, count: int) -> float:
        return float(np.log1p(self._pool.entry_count / (count + 0.5)))

    def _entries(self, lines: Ids) -> Ids:
        entries = self._pool.entry_of[lines]
        fresh: Ids = entries[np.diff(entries, prepend=-1) != 0]
        return fresh

    def _add_grams(self, reading: Reading, units: Sequence[Unit], lines: Scores, cover: Scores) -> tuple[float, float]:
        """Returns what a perfect entry and a perfect line would reach."""
        total = of_lines = 0.0
        for number, token in enumerate(reading):
            grams = _grams(token)
            codes = [gram_code(gram.kind, gram.gram) for gram in grams]
            skipped, inside = _covered(number, units)
            for gram, found in zip(grams, self._pool.postings(codes), strict=True):
                entries = self._entries(found)
                weight = gram.worth * self._rarity(len(entries))
                lines[found] += weight
                of_lines += weight if len(found) else _ABSENT * weight
                if any(set(gram.places) <= stretch for stretch in inside):
                    continue
                if skipped.intersection(gram.places):
                    weight *= _SKIPPED
                elif not len(entries):
                    weight *= _ABSENT
                cover[entries] += weight
                total += weight
        return total, max(of_lines, 1e-6)

    def _add_units(self, reading: Reading, units: Sequence[Unit], cover: Scores) -> float:
        total = 0.0
        for unit in units:
            part = reading[unit.token][unit.start : unit.end]
            if not unit.terms:
                continue
            worth = np.zeros(len(cover), np.float32)
            chars = "".join(element.char for element in part)
            for entries, rate in self._rated(unit.terms):
                worth[entries] = np.maximum(worth[entries], rate)
            if len(chars) == len(part):
                worth[self._pool.containing(chars)] = _WORD
            weight = _TOPIC * self._rarity(int(np.count_nonzero(worth))) * max(1.0, len(part) / 2)
            cover += weight * worth
            total += weight
        return total

    def _rated(self, terms: Sequence[str]) -> list[tuple[Ids, float]]:
        """The entries of each term and its worth: most for a named entry, then for the term that fewest carry."""
        found = [self._pool.containing(term) for term in terms]
        rarity = [self._rarity(len(entries)) if len(entries) else 0.0 for entries in found]
        most = max(rarity, default=0.0) or 1.0
        shares = (_COMMON + (1 - _COMMON) * rare / most for rare in rarity)
        rates = (_WORD if term.startswith(ENTRY) else _SAID * share for term, share in zip(terms, shares, strict=True))
        return list(zip(found, rates, strict=True))

    def _lines(self, entry: int, lines: Scores) -> tuple[int, ...]:
        span = self._pool.lines_of(entry)
        worth = lines[span.start : span.stop].tolist()
        best = sorted(range(len(worth)), key=lambda place: -worth[place])[:_LINES_EACH]
        return tuple(span.start + place for place in best if worth[place] > 0) or (span.start,)

    def _compare(
        self, reading: Reading, entries: Sequence[int], rough: tuple[Scores, Scores], lines: Scores, number: int
    ) -> list[Ranked]:
        if not entries:
            return []
        chosen = [self._lines(entry, lines) for entry in entries]
        starts = np.cumsum([0, *(len(each) for each in chosen[:-1])])
        phrases, titles = self._phrases(reading, [line for each in chosen for line in each])
        together = np.maximum.reduceat(phrases.mean(axis=0), starts)
        apart = np.maximum.reduceat(phrases, starts, axis=1).mean(axis=0)
        near = self._near[entries]
        alike = _PHRASE_SHARE * 0.5 * (together + apart) + (1 - _PHRASE_SHARE) * rough[0][entries]
        alike = np.maximum(alike, rough[1][entries]) * self._holds[entries]
        scores = alike + np.maximum.reduceat(titles, starts) * np.minimum(1, 2 * near)
        scores += self._bonus[entries] - _READING_MALUS * number
        rows = zip(entries, scores.tolist(), alike.tolist(), chosen, strict=True)
        return [Ranked(entry, score, like, each, number) for entry, score, like, each in rows]

    def _phrases(self, reading: Reading, flat: Sequence[int]) -> tuple[Scores, Scores]:
        """Likeness of each token to each line, and what titles and questions add."""
        forms = self._pool.forms(flat)
        weights = np.array([[len(token)] for token in reading], np.float32)
        rows = np.stack([likeness(token, forms) for token in reading])
        trust = np.array([[min(1.0, sum(map(_knowledge, token)) / _ENOUGH)] for token in reading], np.float32)
        sharp = (np.clip((rows - _BLUR) / (1 - _BLUR), 0, 1) ** _STEEP) * trust * weights / weights.mean()
        typed = sum(len(token) for token in reading)
        fields = [self._pool.line(line).field for line in flat]
        heads = np.array([field != "body" for field in fields])
        titles = np.array([field in _TITLES for field in fields])
        equal = titles & np.array([len(text) == typed for text in forms.chars]) & (rows.min(axis=0) > 0.9)
        extra = heads * _HEAD_BONUS * sharp.mean(axis=0) + _WHOLE_TITLE_BONUS * equal
        return np.asarray(sharp, np.float32), np.asarray(extra, np.float32)


def _knowledge(element: Element) -> float:
    """How much an element narrows the search: an ideograph, a syllable, a first letter."""
    if element.char:
        return 2.0
    return 1.2 if element.sound else 0.6


def _covered(number: int, units: Sequence[Unit]) -> tuple[set[int], list[set[int]]]:
    """Places whose pairs say little, and the stretches that the dictionary accounts for.

    A pair that stands half in a known word only says which words happened to be neighbours.
    """
    own = [unit for unit in units if unit.token == number]
    known = [set(range(unit.start, unit.end)) for unit in own]
    return set().union(*known), [places for places, unit in zip(known, own, strict=True) if unit.terms]
