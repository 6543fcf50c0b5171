"""Ranks entries: grams find candidate lines, the dictionary adds official words, rapidfuzz compares what is left."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from knowledge.search.grams import grams_of
from knowledge.search.index import (
    BODY,
    FIELDS,
    HEAD_ONLY,
    Flags,
    Ids,
    Numbers,
    Scores,
    gram_code,
    gram_points,
)
from knowledge.search.likeness import likeness
from knowledge.search.pool import Pool, Texts
from knowledge.search.query import Element, Reading, Token
from knowledge.search.segment import Marks
from knowledge.search.words import ENTRY, Unit

CANDIDATES = 60
"""Entries that are compared letter by letter; the study found no gain from more."""
_ROUGHLY = 100
"""Entries whose lines are looked at to choose these."""
_GRAMS = 48
"""Grams of a long query that are looked up, those that say most."""
_FULL_MARK = 180
"""Mark of an entry that has everything that was typed; with what nearness adds it stays below 256."""
_STEPS = (0.9, 0.8, 0.65, 0.5, 0.35, 0.2, 0.1, 0.0)
"""Shares of the best mark that are tried as the least one, until enough entries reach it."""
_LINES_EACH = 2
_WORD, _SAID = 1.0, 0.85
"""Worth of a dictionary term: typed as it stands in the text or naming the entry, or reached from what people say."""
_TOPIC = 1.5
"""Weight of a word of the dictionary beside a pair of characters: it is a topic, a pair may be anything."""
_GUESSED = 0.7
"""The same for a word of which only the first letters were typed."""
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
_FOREIGN = 0.5
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
_MEANING = 0.5
"""Worth of being close in meaning where nothing is alike; the less, the more alike the best entry is."""
_TITLES = np.array([field in ("title", "question", "said") for field in FIELDS])
_CHAFF = 0.3
"""Entries less alike than this share of the best are left out."""


class Ranked(msgspec.Struct, frozen=True, gc=False):
    """An entry with its score and the lines that matched best."""

    entry: int
    score: float
    alike: float
    """The score without what the rule book and the kind of entry add."""
    lines: tuple[int, ...]
    reading: int
    meaning: float = 0.0
    """What of the score is owed to being close in meaning."""


def best_first(ranked: Sequence[Ranked], pool: Pool, limit: int) -> list[Ranked]:
    """The first entries, each once, by its best reading, without those that are hardly alike; equal ones by id."""
    best: dict[int, Ranked] = {}
    for one in ranked:
        if one.entry not in best or one.score > best[one.entry].score:
            best[one.entry] = one
    floor = _CHAFF * max((one.alike for one in best.values()), default=0.0)
    kept = [(-round(one.score, 5), one) for one in best.values() if one.alike >= floor]
    scores = sorted(score for score, _ in kept)
    last = scores[limit - 1] if limit <= len(scores) else 0.0
    kept = [(score, one) for score, one in kept if score <= last]
    kept.sort(key=lambda each: (each[0], pool.entry(each[1].entry).id))
    return [one for _, one in kept[:limit]]


class _Gram(msgspec.Struct, frozen=True, gc=False):
    """A gram that was looked up, and what an entry and a line gain that contain it."""

    kind: int
    code: int
    places: tuple[int, ...]
    of_entry: float
    of_line: float
    known: bool


class _Topic(msgspec.Struct, frozen=True):
    """A word of the dictionary: for each entry which of the rates it has; the first is 0."""

    rate: Marks
    rates: Scores
    weight: float


class _Asked(msgspec.Struct, frozen=True):
    """Everything one reading asks for, and what a perfect entry and a perfect line would reach."""

    grams: list[_Gram]
    topics: list[_Topic]
    total: float
    of_lines: float


class _Rough(msgspec.Struct, frozen=True):
    """What is left for a closer look: entries with what they have of the words, and their best lines."""

    entries: Ids
    words: Scores
    lines: Ids
    owners: Numbers
    """Place of the entry of each line."""


class Ranker:
    """One search over a pool."""

    def __init__(self, pool: Pool, jurisdiction: str) -> None:
        self._pool = pool
        self._jurisdiction = jurisdiction
        self._near = pool.nearness(jurisdiction)

    def rank(self, reading: Reading, units: Sequence[Unit], number: int) -> list[Ranked]:
        """Candidates of one reading of the query; `number` says which reading."""
        asked = self._asked(reading, units)
        if asked.total <= 0:
            return []
        entries = self._candidates(self._marks(asked))
        if not len(entries):
            return []
        texts = self._pool.texts(entries)
        rough = self._rough(asked, entries, texts)
        return self._compare(reading, rough, texts, bool(asked.topics), number)

    def rank_terms(self, terms: Sequence[str]) -> list[Ranked]:
        """Candidates for words that the dictionary gave for the whole query; the more of them the better."""
        cover = np.zeros(self._pool.size, np.float32)
        heaviest = 1e-6
        for term in terms:
            entries = self._pool.containing(term)
            weight = self._rarity(len(entries))
            cover[entries] += weight
            heaviest = max(heaviest, weight if len(entries) else 0.0)
        found = np.flatnonzero(cover).astype(np.int32)
        worth = cover[found]
        alike = self._holds(found) * worth / (worth + heaviest)
        best = np.argsort(-(alike + _NEAR_BONUS * self._near[found]), kind="stable")[:CANDIDATES]
        found, alike = found[best], alike[best]
        rows = zip(found.tolist(), (alike + self._bonus(found)).tolist(), alike.tolist(), strict=True)
        return [Ranked(entry, score, like, (), 0) for entry, score, like in rows]

    def add_meaning(self, ranked: Sequence[Ranked], closest: Sequence[tuple[str, float]]) -> list[Ranked]:
        """These candidates and the closest in meaning; `closest` are ids with their closeness, 0 to 1."""
        holding = (one.alike for one in ranked if self._near[one.entry] > 0)
        weight = _MEANING * (1 - max(holding, default=0.0))
        if weight <= 0:
            return list(ranked)
        numbered = ((self._pool.containing(ENTRY + entry_id), close) for entry_id, close in closest)
        gains = {int(found[0]): weight * close for found, close in numbered if len(found)}
        seen = {one.entry for one in ranked}
        fresh = np.array([entry for entry in gains if entry not in seen], np.int32)
        bonus = zip(fresh.tolist(), self._bonus(fresh).tolist(), strict=True) if len(fresh) else ()
        return [
            *(_nearer(one, gains[one.entry]) if one.entry in gains else one for one in ranked),
            *(_nearer(Ranked(entry, more, 0.0, (), 0), gains[entry]) for entry, more in bonus),
        ]

    def _holds(self, entries: Ids) -> Scores:
        return np.where(self._near[entries] > 0, 1, _FOREIGN).astype(np.float32)

    def _bonus(self, entries: Ids) -> Scores:
        plain = self._pool.plainness(entries.tolist())
        return np.asarray(_NEAR_BONUS * self._near[entries] + _LETTER_BONUS * plain, np.float32)

    def _rarity(self, count: int) -> float:
        return float(np.log1p(self._pool.size / (count + 0.5)))

    def _asked(self, reading: Reading, units: Sequence[Unit]) -> _Asked:
        grams = [gram for number, token in enumerate(reading) for gram in self._grams(number, token, units)]
        if len(grams) > _GRAMS:
            grams = sorted(grams, key=lambda gram: -gram.of_line)[:_GRAMS]
        topics = self._topics(reading, units)
        return _Asked(
            grams,
            topics,
            sum(gram.of_entry for gram in grams) + sum(topic.weight for topic in topics),
            max(sum(gram.of_line * (1 if gram.known else _ABSENT) for gram in grams), 1e-6),
        )

    def _grams(self, number: int, token: Token, units: Sequence[Unit]) -> list[_Gram]:
        grams = grams_of(token)
        codes = [gram_code(gram.kind, gram.gram) for gram in grams]
        skipped, inside = _covered(number, units)
        found = []
        for gram, code, places in zip(grams, codes, self._pool.grams(codes), strict=True):
            count = self._pool.count(places)
            weight = gram.worth * self._rarity(count)
            if any(inside_one.issuperset(gram.places) for inside_one in inside):
                share = 0.0
            elif not skipped.isdisjoint(gram.places):
                share = _SKIPPED
            else:
                share = 1.0 if count else _ABSENT
            found.append(_Gram(gram.kind, code, places, share * weight, weight, count > 0))
        return found

    def _topics(self, reading: Reading, units: Sequence[Unit]) -> list[_Topic]:
        found = []
        for unit in units:
            if not unit.terms:
                continue
            part = reading[unit.token][unit.start : unit.end]
            chars = "".join(element.char for element in part)
            rated = sorted(self._rated(unit.terms), key=lambda each: each[1])
            if len(chars) == len(part):
                rated.append((self._pool.containing(chars), _WORD))
            rate = np.zeros(self._pool.size, np.uint8)
            for place, (entries, _) in enumerate(rated, 1):
                rate[entries] = min(place, 255)
            rates = np.array([0.0, *(worth for _, worth in rated)], np.float32)[:256]
            weight = (
                (_GUESSED if unit.guessed else _TOPIC)
                * self._rarity(int(np.count_nonzero(rate)))
                * max(1.0, len(part) / 2)
            )
            found.append(_Topic(rate, rates, weight))
        return found

    def _rated(self, terms: Sequence[str]) -> list[tuple[Ids, float]]:
        """The entries of each term and its worth: most for a named entry, then for the term that fewest carry."""
        found = [self._pool.containing(term) for term in terms]
        rarity = [self._rarity(len(entries)) if len(entries) else 0.0 for entries in found]
        most = max(rarity, default=0.0) or 1.0
        shares = (_COMMON + (1 - _COMMON) * rare / most for rare in rarity)
        rates = (_WORD if term.startswith(ENTRY) else _SAID * share for term, share in zip(terms, shares, strict=True))
        return list(zip(found, rates, strict=True))

    def _marks(self, asked: _Asked) -> Marks:
        """A rough mark for every entry, in one byte, so that many entries are marked in little time."""
        marks = np.zeros(self._pool.size, np.uint8)
        scale = _FULL_MARK / asked.total
        for gram in asked.grams:
            weight = round(scale * gram.of_entry)
            if weight and gram.known:
                self._pool.add(marks, gram.places, weight)
        for topic in asked.topics:
            marks += np.rint(scale * topic.weight * topic.rates).astype(np.uint8)[topic.rate]
        self._pool.clear_dead(marks)
        return marks

    def _candidates(self, marks: Marks) -> Ids:
        """The entries with the best marks, nearer rule books before others, in their order."""
        near = self._pool.near_marks(self._jurisdiction, round(_NEAR_BONUS * _FULL_MARK))
        if near is not None:
            np.add(marks, near, out=marks, where=marks > 0)
        best = int(marks.max())
        found = np.zeros(0, np.intp)
        for share in _STEPS if best else ():
            found = np.flatnonzero(marks >= max(1, round(share * best)))
            if len(found) >= _ROUGHLY:
                break
        if len(found) > _ROUGHLY:
            mine = marks[found]
            least = np.partition(mine, len(mine) - _ROUGHLY)[len(mine) - _ROUGHLY]
            above, equal = found[mine > least], found[mine == least]
            found = np.sort(np.concatenate((above, equal[: _ROUGHLY - len(above)])))
        return found.astype(np.int32)

    def _rough(self, asked: _Asked, entries: Ids, texts: Texts) -> _Rough:
        """The best of the entries by what they, and their best line, contain of everything that was asked."""
        starts = _starts(texts.owner, len(entries))
        present = _present(asked.grams, texts)
        worth = np.array([gram.of_line for gram in asked.grams], np.float32) @ present
        holding = np.logical_or.reduceat(present, starts, axis=1)
        cover = np.array([gram.of_entry for gram in asked.grams], np.float32) @ holding
        for topic in asked.topics:
            cover = cover + topic.weight * topic.rates[topic.rate[entries]]
        best_line = np.maximum.reduceat(worth, starts) / asked.of_lines
        words = np.asarray((1 - _LINE_SHARE) * cover / asked.total + _LINE_SHARE * best_line, np.float32)
        order = np.argsort(-(words + _NEAR_BONUS * self._near[entries]), kind="stable")
        kept = np.sort(order[:CANDIDATES])
        lines = _best_lines(texts.owner, worth)
        lines = lines[np.isin(texts.owner[lines], kept)]
        return _Rough(entries[kept], words[kept], lines, np.searchsorted(kept, texts.owner[lines]))

    def _compare(self, reading: Reading, rough: _Rough, texts: Texts, topics: bool, number: int) -> list[Ranked]:
        lines = rough.lines
        starts = _starts(rough.owners, len(rough.entries))
        phrases, titles = _phrases(reading, texts, lines)
        together = np.maximum.reduceat(phrases.mean(axis=0), starts)
        apart = np.maximum.reduceat(phrases, starts, axis=1).mean(axis=0)
        alike = _PHRASE_SHARE * 0.5 * (together + apart) + (1 - _PHRASE_SHARE) * rough.words
        if topics:
            alike = np.maximum(alike, _WORDS_ALONE * rough.words)
        alike = alike * self._holds(rough.entries)
        near = self._near[rough.entries]
        scores = alike + np.maximum.reduceat(titles, starts) * np.minimum(1, 2 * near)
        scores += self._bonus(rough.entries) - _READING_MALUS * number
        shown, ends = texts.number[lines].tolist(), [*starts[1:].tolist(), len(lines)]
        each = [tuple(shown[first:end]) for first, end in zip(starts.tolist(), ends, strict=True)]
        rows = zip(rough.entries.tolist(), scores.tolist(), alike.tolist(), each, strict=True)
        return [Ranked(entry, score, like, best, number) for entry, score, like, best in rows]


def _nearer(one: Ranked, gain: float) -> Ranked:
    return Ranked(one.entry, one.score + gain, one.alike + gain, one.lines, one.reading, gain)


def _starts(owner: Numbers, count: int) -> npt.NDArray[np.intp]:
    return np.searchsorted(owner, np.arange(count))


def _present(grams: Sequence[_Gram], texts: Texts) -> Flags:
    """Which line contains which gram."""
    line_of = np.repeat(np.arange(len(texts.sizes)), texts.sizes)
    found = np.zeros((len(grams), len(texts.sizes)), bool)
    points: dict[int, npt.NDArray[np.uint32]] = {}
    head = texts.field != BODY
    for row, gram in enumerate(grams):
        if gram.kind not in points:
            points[gram.kind] = gram_points(gram.kind, texts.form(gram.kind))
        found[row, line_of[np.flatnonzero(points[gram.kind] == np.uint32(gram.code & 0xFFFFFFFF))]] = True
        if gram.kind in HEAD_ONLY:
            found[row] &= head
    return found


def _best_lines(owner: Ids, lines: Scores) -> Ids:
    """The best lines of each entry, in the order of the entries; at least one of each."""
    order = np.lexsort((-lines, owner))
    place = np.arange(len(order)) - np.searchsorted(owner, owner[order])
    good: Ids = order[(place == 0) | ((place < _LINES_EACH) & (lines[order] > 0))]
    return good


def _phrases(reading: Reading, texts: Texts, lines: Ids) -> tuple[Scores, Scores]:
    """Likeness of each token to each line, and what titles and questions add."""
    forms = texts.forms(lines)
    weights = np.array([[len(token)] for token in reading], np.float32)
    rows = np.stack([likeness(token, forms) for token in reading])
    trust = np.array([[min(1.0, sum(map(_knowledge, token)) / _ENOUGH)] for token in reading], np.float32)
    sharp = (np.clip((rows - _BLUR) / (1 - _BLUR), 0, 1) ** _STEEP) * trust * weights / weights.mean()
    typed = sum(len(token) for token in reading)
    fields = texts.field[lines]
    equal = _TITLES[fields] & (texts.sizes[lines] == typed + 1) & (rows.min(axis=0) > 0.9)
    extra = (fields != BODY) * _HEAD_BONUS * sharp.mean(axis=0) + _WHOLE_TITLE_BONUS * equal
    return np.asarray(sharp, np.float32), np.asarray(extra, np.float32)


def _knowledge(element: Element) -> float:
    """How much an element narrows the search: an ideograph, a syllable, a first letter."""
    if element.char:
        return 2.0
    return 1.2 if element.sound else 0.6


def _covered(number: int, units: Sequence[Unit]) -> tuple[set[int], list[set[int]]]:
    """Places whose pairs say little, and the stretches that the dictionary accounts for.

    A pair that stands half in a known word only says which words happened to be neighbours. First letters say the
    same whether the dictionary knows a word for them or not.
    """
    own = [unit for unit in units if unit.token == number and not unit.guessed]
    known = [set(range(unit.start, unit.end)) for unit in own]
    return set().union(*known), [places for places, unit in zip(known, own, strict=True) if unit.terms]
