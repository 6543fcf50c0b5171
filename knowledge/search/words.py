"""The dictionary of what people say and what officials call it: `words/*.toml`, used on the query only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput
from knowledge.search.normal_form import kept
from knowledge.search.query import Reading, Token
from knowledge.search.sound import is_sound, sounds

FOLDER = Path(__file__).parent / "words"
_LONGEST = 12
_SHORTEST_INITIALS = 3
_SHORTEST_ENGLISH = 4
_DAYS = ("个工作日", "日", "天")


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that mean one thing: the official terms, what people say, English words."""

    official: tuple[str, ...]
    said: tuple[str, ...] = ()
    english: tuple[str, ...] = ()


class WordFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the dictionary; `skip` are words that say nothing about the matter."""

    group: tuple[Group, ...] = ()
    skip: tuple[str, ...] = ()


class Unit(msgspec.Struct, frozen=True):
    """A stretch of a token that the dictionary knows: elements `start` to `end`, and where it leads.

    `terms` are official terms in normal form; none: the word says nothing about the matter.
    """

    token: int
    start: int
    end: int
    terms: tuple[str, ...]


class Dictionary:
    """Looks words up by characters, by sound, by first letters and in English."""

    def __init__(self, files: Iterable[WordFile]) -> None:
        self._by_chars: dict[str, list[str]] = {}
        self._by_sound: dict[str, list[str]] = {}
        self._by_initials: dict[str, list[str]] = {}
        self._english: dict[str, list[str]] = {}
        for file in files:
            for group in file.group:
                self._add(group)
            for word in file.skip:
                self._by_chars.setdefault(kept(word).text, [])

    def _add(self, group: Group) -> None:
        terms = [kept(term).text for term in group.official]
        for word in (*group.official, *group.said):
            form = kept(word)
            self._by_chars[form.text] = [*self._by_chars.get(form.text, ()), *terms]
            exact, initials = sounds(form.spoken)
            if len(exact) > 1:
                self._by_sound.setdefault(exact, []).extend(terms)
            if len(initials) >= _SHORTEST_INITIALS:
                self._by_initials.setdefault(initials, []).extend(terms)
        for word in group.english:
            self._english.setdefault(kept(word).text, []).extend(terms)

    def units(self, reading: Reading) -> list[Unit]:
        """Stretches of the query that the dictionary knows, longest first from the left."""
        return [unit for number, token in enumerate(reading) for unit in self._token_units(number, token)]

    def _token_units(self, number: int, token: Token) -> Iterator[Unit]:
        start = 0
        while start < len(token):
            for end in range(min(len(token), start + _LONGEST), start, -1):
                terms = self._terms(token[start:end], whole=end - start == len(token))
                if terms is not None:
                    yield Unit(number, start, end, tuple(dict.fromkeys(terms)))
                    start = end
                    break
            else:
                start += 1

    def _terms(self, part: Token, *, whole: bool) -> list[str] | None:
        if all(element.char for element in part):
            chars = "".join(element.char for element in part)
            return self._by_chars.get(chars, _days(chars))
        if len(part) > 1 and all(is_sound(element.sound) for element in part if element.sound):
            if all(element.sound for element in part):
                return self._by_sound.get("".join(element.sound for element in part))
            if whole and not any(element.sound for element in part):
                return self._by_initials.get("".join(element.initial for element in part))
        return None

    def knows_english(self, words: tuple[str, ...]) -> bool:
        """True where the whole query is an English word of the dictionary: it was not meant as pinyin."""
        return "".join(words) in self._english

    def english(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Official terms for a query typed in English; its last word may be half-typed."""
        if not _is_latin(words):
            return ()
        whole = "".join(words)
        found = self._english.get(whole, [])
        if not found and len(whole) >= _SHORTEST_ENGLISH:
            found = [term for word in self._english if word.startswith(whole) for term in self._english[word]]
        if not found:
            found = [term for word in words for term in self._english.get(word, ())]
        return tuple(dict.fromkeys(found))


def _is_latin(words: tuple[str, ...]) -> bool:
    whole = "".join(words)
    return whole.isascii() and any(letter.isalpha() for letter in whole)


def _days(chars: str) -> list[str] | None:
    """A length of time in days is said in three ways: 10天, 10日, 10个工作日."""
    for ending in _DAYS:
        number = chars.removesuffix(ending)
        if number != chars and number.isdigit():
            return [number + other for other in _DAYS]
    return None


def read_words(folder: Path = FOLDER) -> list[WordFile]:
    """All files of a folder of words. Raises BadInput naming the file."""
    return [_read(path) for path in sorted(folder.glob("*.toml")) if path.name != "readings.toml"]


def _read(path: Path) -> WordFile:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=WordFile)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput("error.data", "advice.data", path=str(path), reason=str(error)) from error


@cache
def dictionary() -> Dictionary:
    """The shipped dictionary, read at the first use."""
    return Dictionary(read_words())
