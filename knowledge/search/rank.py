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
from knowledge.search.query import Reading, Token
from knowledge.search.sound import folded
from knowledge.search.words import Unit

CANDIDATES = 60
"""Entries that are compared letter by letter; the study found no gain from more."""
_LINES_EACH = 2
_WORD, _SAID = 1.0, 0.85
"""Worth of a dictionary term: typed as it stands in the text, or reached from what people say."""
_ABSENT = 0.3
"""Weight of a pair that no entry contains: it is a slip of the finger or stands between two words."""
_SKIPPED = 0.08
"""Weight of pairs that touch a word which says nothing about the matter."""
_PHRASE_SHARE = 0.55
_LINE_SHARE = 0.3
_BLUR, _STEEP = 0.4, 1.5
"""Likeness below `_BLUR` is chance; the rest is raised to `_STEEP`."""
_NEAR_BONUS = 0.22
_HEAD_BONUS = 0.03
_WHOLE_TITLE_BONUS = 0.3
_READING_MALUS = 0.01


class Weights(msgspec.Struct, frozen=True):
    """What a kind of gram is worth, beside how rare it is."""

    kind: int
    gram: str
    worth: float
    places: tuple[int, ...]


class Ranked(msgspec.Struct, frozen=True):
    """An entry with its score and the lines that matched best."""

    entry: int
    score: float
    lines: tuple[int, ...]
    reading: int


def _grams(token: Token) -> list[Weights]:
    found: list[Weights] = []
    single = len(token) == 1
    for place, element in enumerate(token):
        if single and element.char:
            found.append(Weights(CHARS_1, element.char, 1.0, (place,)))
        if single and element.sound:
            found.append(Weights(SOUND_1, folded(element.sound), 0.5, (place,)))
        if place + 1 < len(token):
            found += _pairs(element.char, token, place)
        if place + 2 < len(token) and not all(other.sound for other in token[place : place + 3]):
            letters = "".join(other.initial for other in token[place : place + 3])
            found.append(Weights(INITIALS_3, letters, 0.8, (place, place + 1, place + 2)))
    return found


def _pairs(char: str, token: Token, place: int) -> list[Weights]:
    one, two = token[place], token[place + 1]
    places = (place, place + 1)
    found: list[Weights] = []
    if one.sound and two.sound:
        found.append(Weights(SOUND_2, folded(one.sound + two.sound), 0.75, places))
    else:
        found.append(Weights(INITIALS_2, one.initial + two.initial, 0.3, places))
    if char and two.char:
        found.append(Weights(CHARS_2, char + two.char, 0.25 if one.sound and two.sound else 1.0, places))
    return found


class Ranker:
    """One search over a pool."""

    def __init__(self, pool: Pool, jurisdiction: str) -> None:
        self._pool = pool
        self._near = pool.nearness(jurisdiction)
        self._alive = pool.alive()
        self._first_lines = pool.first_lines

    def rank(self, reading: Reading, units: Sequence[Unit], english: Sequence[str], number: int) -> list[Ranked]:
        """Candidates of one reading of the query, best first."""
        lines = np.zeros(self._pool.line_count, np.float32)
        cover = np.zeros(self._pool.entry_count, np.float32)
        total = self._add_grams(reading, units, lines, cover) if not english else 0.0
        total += self._add_units(reading, units, cover) if not english else self._add_english(english, cover)
        if total <= 0:
            return []
        cover /= total
        best_line = np.maximum.reduceat(lines, self._first_lines) if len(lines) else cover
        top = float(best_line.max(initial=0.0))
        words = (1 - _LINE_SHARE) * cover + (_LINE_SHARE * best_line / top if top > 0 else 0)
        rough = np.where(self._alive & (words > 0), words + _NEAR_BONUS * self._near, -1.0)
        entries = self._best(np.asarray(rough, np.float32))
        if english:
            return [Ranked(entry, float(rough[entry]), self._lines(entry, lines), number) for entry in entries]
        return self._compare(reading, entries, words, lines, number)

    def _best(self, rough: Scores) -> list[int]:
        order = np.argsort(-rough, kind="stable")[:CANDIDATES]
        return [entry for entry in order.tolist() if rough[entry] > 0]

    def _rarity(self, count: int) -> float:
        return float(np.log1p(self._pool.entry_count / (count + 0.5)))

    def _entries(self, lines: Ids) -> Ids:
        entries = self._pool.entry_of[lines]
        return entries[np.diff(entries, prepend=-1) != 0]

    def _add_grams(self, reading: Reading, units: Sequence[Unit], lines: Scores, cover: Scores) -> float:
        total = 0.0
        for number, token in enumerate(reading):
            grams = _grams(token)
            codes = [gram_code(gram.kind, gram.gram) for gram in grams]
            skipped, inside = _covered(number, units)
            for gram, found in zip(grams, self._pool.postings(codes), strict=True):
                entries = self._entries(found)
                weight = gram.worth * self._rarity(len(entries))
                lines[found] += weight
                if any(set(gram.places) <= stretch for stretch in inside):
                    continue
                if any(place in skipped for place in gram.places):
                    weight *= _SKIPPED
                elif not len(entries):
                    weight *= _ABSENT
                cover[entries] += weight
                total += weight
        return total

    def _add_units(self, reading: Reading, units: Sequence[Unit], cover: Scores) -> float:
        total = 0.0
        for unit in units:
            part = reading[unit.token][unit.start : unit.end]
            if not unit.terms:
                continue
            worth = np.zeros(len(cover), np.float32)
            chars = "".join(element.char for element in part)
            for term in unit.terms:
                worth[self._pool.containing(term)] = _SAID
            if len(chars) == len(part):
                worth[self._pool.containing(chars)] = _WORD
            weight = self._rarity(int(np.count_nonzero(worth))) * max(1.0, len(part) / 2)
            cover += weight * worth
            total += weight
        return total

    def _add_english(self, terms: Sequence[str], cover: Scores) -> float:
        total = 0.0
        for place, term in enumerate(terms):
            entries = self._pool.containing(term)
            weight = self._rarity(len(entries)) / (1 + 0.2 * place)
            cover[entries] += weight
            total = max(total, weight)
        return total

    def _lines(self, entry: int, lines: Scores) -> tuple[int, ...]:
        span = self._pool.lines_of(entry)
        part = lines[span.start : span.stop]
        best = np.argsort(-part, kind="stable")[:_LINES_EACH]
        return tuple(span.start + place for place in best.tolist() if part[place] > 0) or (span.start,)

    def _compare(
        self, reading: Reading, entries: Sequence[int], words: Scores, lines: Scores, number: int
    ) -> list[Ranked]:
        chosen = [self._lines(entry, lines) for entry in entries]
        flat = [line for each in chosen for line in each]
        if not flat:
            return []
        phrases, titles = self._phrases(reading, flat)
        ranked, place = [], 0
        for entry, each in zip(entries, chosen, strict=True):
            part = slice(place, place + len(each))
            place += len(each)
            together = float(phrases[:, part].mean(axis=0, dtype=np.float32).max())
            apart = float(phrases[:, part].max(axis=1).mean())
            phrase = 0.5 * (together + apart)
            score = _PHRASE_SHARE * phrase + (1 - _PHRASE_SHARE) * float(words[entry])
            score += float(titles[part].max()) + _NEAR_BONUS * float(self._near[entry]) - _READING_MALUS * number
            ranked.append(Ranked(entry, score, each, number))
        return sorted(ranked, key=lambda one: (-one.score, one.entry))

    def _phrases(self, reading: Reading, flat: Sequence[int]) -> tuple[Scores, Scores]:
        """Likeness of each token to each line, and what titles and questions add."""
        forms = self._pool.forms(flat)
        weights = np.array([[len(token)] for token in reading], np.float32)
        rows = np.stack([likeness(token, forms) for token in reading])
        sharp = (np.clip((rows - _BLUR) / (1 - _BLUR), 0, 1) ** _STEEP) * weights / weights.mean()
        typed = sum(len(token) for token in reading)
        heads = np.array([self._pool.line(line).field != "body" for line in flat])
        equal = np.array([len(text) == typed for text in forms.chars]) & (rows.min(axis=0) > 0.9)
        extra = np.where(heads, _HEAD_BONUS * sharp.mean(axis=0) + _WHOLE_TITLE_BONUS * equal, 0)
        return np.asarray(sharp, np.float32), np.asarray(extra, np.float32)


def _covered(number: int, units: Sequence[Unit]) -> tuple[set[int], list[set[int]]]:
    """Places of a token that say nothing, and the stretches that the dictionary accounts for."""
    own = [unit for unit in units if unit.token == number]
    skipped = {place for unit in own if not unit.terms for place in range(unit.start, unit.end)}
    return skipped, [set(range(unit.start, unit.end)) for unit in own if unit.terms]
