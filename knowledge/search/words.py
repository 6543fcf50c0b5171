"""The dictionary of what people say and what officials call it: used on the query only, with less weight."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from itertools import chain

import msgspec

from agent_console.settings import home
from knowledge.search.letters import readings
from knowledge.search.normal_form import kept_lines
from knowledge.search.query import Reading, Token
from knowledge.search.sound import is_sound, sounds
from knowledge.search.word_files import FOLDER, Group, Words, read_words

ENTRY = "@"
"""Before the id of an entry: the words lead to this one entry."""
LONGEST = 12
"""Characters of the longest word that is looked up."""
_SHORTEST_INITIALS = 3
_SHORTEST_SOUND = 3
"""Syllables of the shortest word that is heard inside a longer run of letters; two may be there by chance."""
_OTHERWISE = "~"
"""Before a term that is looked for only when no entry carries the others."""
_SHORTEST_ENGLISH = 4
_MOST_MEANINGS = 3
"""A sound or first letters that more groups than this share say nothing."""
_DAYS = ("个工作日", "日", "天")
_BREAK = "\n"
_AFTER_LETTERS = "\U0010ffff"
_LATIN = re.compile("[a-z]")

Terms = tuple[str, ...]
Meanings = dict[str, list[Terms]]
Leads = Callable[[str], bool]


def _anywhere(_term: str) -> bool:
    return True


class Unit(msgspec.Struct, frozen=True, gc=False):
    """A stretch of a token that the dictionary knows: elements `start` to `end`, and where it leads.

    `terms` are official terms in normal form; none: the word says nothing about the matter.
    """

    token: int
    start: int
    end: int
    terms: tuple[str, ...]
    guessed: bool = False
    """Only its first letters were typed, which may stand for something else."""


class Dictionary:
    """Looks words up by characters, by sound, by first letters and in English."""

    def __init__(self, words: Words) -> None:
        self._by_chars: dict[str, Terms] = {}
        self._latin: dict[str, Terms] = {}
        self._spoken: list[str] = []
        self._owners: list[Terms] = []
        for terms, forms in _normal_groups(words.groups):
            for text, said in forms:
                table = self._latin if _LATIN.search(text) else self._by_chars
                table[text] = table[text] + terms if text in table else terms
                if table is self._by_chars:
                    self._spoken.append(said)
                    self._owners.append(terms)
        for form in kept_lines(words.skip):
            self._by_chars.setdefault(form.text, ())

    @cached_property
    def heard(self) -> tuple[Meanings, Meanings]:
        """Meanings by sound and by first letters: made by the first query typed in letters, or before it."""
        by_sound: Meanings = {}
        by_initials: Meanings = {}
        exact, initials = (form.split(_BREAK) for form in sounds(_BREAK.join(self._spoken)))
        for sound, letters, terms in zip(exact, initials, self._owners, strict=True):
            if len(sound) > 1:
                by_sound.setdefault(sound, []).append(terms)
            if len(letters) >= _SHORTEST_INITIALS:
                by_initials.setdefault(letters, []).append(terms)
        return by_sound, by_initials

    @cached_property
    def _latin_words(self) -> list[str]:
        return sorted(self._latin)

    def units(self, reading: Reading, typed: Sequence[str] = (), leads: Leads = _anywhere) -> list[Unit]:
        """Stretches of the query that the dictionary knows, longest first from the left.

        `typed` are the words of the query as they were typed. `leads` says whether an entry contains a term: a
        word that leads nowhere here is passed over, so that a shorter one in it can be found.
        """
        found: list[Unit] = []
        for number, token in enumerate(reading):
            terms = self._latin_terms(typed[number]) if typed else ()
            if terms:
                found.append(Unit(number, 0, len(token), _living(terms, leads)))
            else:
                found += self._token_units(number, token, leads)
        return found

    def _token_units(self, number: int, token: Token, leads: Leads) -> Iterator[Unit]:
        start = 0
        while start < len(token):
            unit = self._longest(number, token, start, leads)
            if unit is not None:
                yield unit
            start = start + 1 if unit is None else unit.end

    def _longest(self, number: int, token: Token, start: int, leads: Leads) -> Unit | None:
        """The longest word from here whose terms lead on; else the longest whose section does."""
        spare: Unit | None = None
        guessed = not any(element.sound for element in token)
        for end in range(min(len(token), start + LONGEST), start, -1):
            part = token[start:end]
            terms = self._terms(part, whole=end - start == len(token))
            if terms is None:
                continue
            official = tuple(dict.fromkeys(term for term in terms if not term.startswith(_OTHERWISE)))
            if not terms or _leads_on(part, official, leads):
                return Unit(number, start, end, official, guessed)
            living = _living(terms, leads)
            if spare is None and any(map(leads, living)):
                spare = Unit(number, start, end, living, guessed)
        return spare

    def _terms(self, part: Token, *, whole: bool) -> Terms | None:
        if all(element.char for element in part):
            chars = "".join(element.char for element in part)
            terms = self._by_chars.get(chars)
            return _days(chars) if terms is None else terms
        if len(part) > 1 and all(is_sound(element.sound) for element in part if element.sound):
            if all(element.sound for element in part):
                if len(part) < _SHORTEST_SOUND and not whole:
                    return None
                return _few(self.heard[0].get("".join(element.sound for element in part)))
            if whole and not any(element.sound for element in part):
                return _few(self.heard[1].get("".join(element.initial for element in part)))
        return None

    def _latin_terms(self, word: str) -> Terms:
        """Terms of one word that is English, or has letters in it, such as etc卡; pinyin is not taken for English."""
        return () if _is_pinyin(word) else self._latin.get(word, ())

    def english(self, words: tuple[str, ...], leads: Leads = _anywhere) -> tuple[str, ...]:
        """Official terms for a query typed in English; its last word may be half-typed."""
        if not _is_latin(words):
            return ()
        whole = "".join(words)
        found = self._latin.get(whole, ())
        if not found and len(whole) >= _SHORTEST_ENGLISH:
            known = self._latin_words
            first, last = bisect_left(known, whole), bisect_left(known, whole + _AFTER_LETTERS)
            found = _joined(self._latin[word] for word in known[first:last])
        if not found:
            found = _joined(self._latin.get(word, ()) for word in words)
        return _living(found, leads)


def _normal_groups(groups: Sequence[Group]) -> Iterator[tuple[Terms, list[tuple[str, str]]]]:
    """The terms of each group, and each of its words in normal form and as it is read aloud."""
    words = [(*(term for term in group.official if not term.startswith(ENTRY)), *group.said) for group in groups]
    forms = iter(kept_lines([word for each in words for word in each]))
    for group, each in zip(groups, words, strict=True):
        normal = [(form.text, form.spoken) for _, form in zip(each, forms, strict=False)]
        official = [text for text, _ in normal[: len(each) - len(group.said)]]
        entries = [term for term in group.official if term.startswith(ENTRY)]
        yield (*official, *entries, *(_OTHERWISE + term for term in group.otherwise)), normal


def _living(terms: Terms, leads: Leads) -> Terms:
    """The official terms, or those of the section where no entry carries one of them; each once."""
    official = tuple(dict.fromkeys(term for term in terms if not term.startswith(_OTHERWISE)))
    if any(map(leads, official)):
        return official
    return tuple(dict.fromkeys(term[len(_OTHERWISE) :] for term in terms if term.startswith(_OTHERWISE))) or official


def _leads_on(part: Token, terms: Terms, leads: Leads) -> bool:
    return any(map(leads, terms)) or leads("".join(element.char for element in part))


def _few(meanings: list[Terms] | None) -> Terms | None:
    return None if meanings is None or len(set(meanings)) > _MOST_MEANINGS else _joined(meanings)


def _joined(meanings: Iterator[Terms] | list[Terms]) -> Terms:
    return tuple(chain.from_iterable(meanings))


def _is_latin(words: tuple[str, ...]) -> bool:
    whole = "".join(words)
    return whole.isascii() and _LATIN.search(whole) is not None


def _is_pinyin(word: str) -> bool:
    """True for letters that are whole syllables, such as ban or women."""
    if not (word.isascii() and word.isalpha()):
        return False
    return all(piece.kind == "syllable" for piece in readings(word)[0])


def _days(chars: str) -> Terms | None:
    """A length of time in days is said in three ways: 10天, 10日, 10个工作日."""
    for ending in _DAYS:
        number = chars.removesuffix(ending)
        if number != chars and number.isdigit():
            return tuple(number + other for other in _DAYS)
    return None


def all_words() -> Words:
    """The shipped words and those in the folder `words` of the console's home."""
    return read_words(FOLDER, home() / FOLDER.name)


@cache
def dictionary() -> Dictionary:
    """The shipped words and those of the centre, read at the first use."""
    return Dictionary(all_words())
