"""Whether the words of the search can be used: each leads somewhere, and each can be found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from knowledge.article import Article
from knowledge.search.normal_form import kept_lines
from knowledge.search.query import parse
from knowledge.search.word_files import Group, Place, Words
from knowledge.search.words import ENTRY, Dictionary

MOST_GROUPS = 5
"""A word that more groups than this share says too little to be of use."""


class WordFault(msgspec.Struct, frozen=True):
    """What is wrong with a line of the words; `reason` names a sentence of `agent_console.texts`.

    A remark is no error: the search works, but the line says the same twice or something odd.
    """

    place: Place
    reason: str
    detail: str = ""
    remark: bool = False


def check_words(words: Words, entries: Iterable[Article]) -> list[WordFault]:
    """Errors and remarks, by file and line."""
    faults = [*_goals(words, list(entries)), *_unreachable(words), *_repeated(words.groups), *_skipped(words)]
    return sorted(faults, key=lambda fault: (fault.remark, fault.place.file, fault.place.line))


def _goals(words: Words, entries: Sequence[Article]) -> Iterator[WordFault]:
    """Groups that lead to no entry and to no listed term, and ids that do not exist."""
    ids = {ENTRY + entry.id for entry in entries}
    carried = _carried(words, entries)
    listed = set(_normal([term for term, _ in words.terms]))
    sections: set[tuple[str, ...]] = set()
    for group in words.groups:
        fresh = () if group.otherwise in sections else group.otherwise
        sections.add(group.otherwise)
        for term in (*group.official, *fresh):
            if term.startswith(ENTRY) and term not in ids:
                yield WordFault(group.place, "kb.word.no_such_entry", term)
        pairs = list(zip(group.official, _normal(group.official), strict=True))
        if not any(term in ids or form in carried or form in listed for term, form in pairs):
            yield WordFault(group.place, "kb.word.no_term", "，".join(group.official))
    used = {form for group in words.groups for form in _normal(group.official)}
    for (term, place), form in zip(words.terms, _normal([term for term, _ in words.terms]), strict=True):
        if form not in used:
            yield WordFault(place, "kb.word.unused_term", term, remark=True)


def _carried(words: Words, entries: Sequence[Article]) -> set[str]:
    """The official terms, in normal form, that stand in an entry."""
    lines = [line for entry in entries for line in _text(entry).splitlines()]
    text = "\n".join(form.text for form in kept_lines(lines))
    return {form for group in words.groups for form in _normal(group.official) if form and form in text}


def _text(entry: Article) -> str:
    return "\n".join((entry.title, *entry.questions, *entry.keywords, entry.body))


def _normal(texts: Sequence[str]) -> list[str]:
    return [form.text for form in kept_lines(texts)]


def _unreachable(words: Words) -> Iterator[WordFault]:
    """Words that no typing finds: too long, nothing but punctuation, or hidden by the way letters are read."""
    dictionary = Dictionary(words)
    for group in words.groups:
        goals = set(_normal([term for term in group.official if not term.startswith(ENTRY)]))
        goals |= {term for term in group.official if term.startswith(ENTRY)}
        lost = [word for word in group.said if not _finds(dictionary, word, goals)]
        if len(lost) == len(group.said):
            yield WordFault(group.place, "kb.word.dead_group", "，".join(group.official))
        else:
            yield from (WordFault(group.place, "kb.word.unreachable", word) for word in lost)


def _finds(dictionary: Dictionary, word: str, goals: set[str]) -> bool:
    query = parse(word)
    if goals.intersection(dictionary.english(query.words)):
        return True
    units = (unit for reading in query.readings for unit in dictionary.units(reading, query.words))
    return any(goals.intersection(unit.terms) for unit in units)


def _repeated(groups: Sequence[Group]) -> Iterator[WordFault]:
    """Words that say the same twice, that lead in a circle, or that lead to too many groups."""
    owners: dict[str, list[Group]] = {}
    for group in groups:
        for word in _normal(group.said):
            owners.setdefault(word, []).append(group)
    for word, own in owners.items():
        for first, second in pairwise(own):
            if set(first.official) & set(second.official):
                detail = f"{word} {first.place.file}:{first.place.line}"
                yield WordFault(second.place, "kb.word.repeated", detail, remark=True)
        if len(own) > MOST_GROUPS:
            yield WordFault(own[-1].place, "kb.word.vague", word, remark=True)
    yield from _circles(groups, owners)


def _circles(groups: Sequence[Group], owners: dict[str, list[Group]]) -> Iterator[WordFault]:
    """Two groups, each of which calls the other's official term an everyday word."""
    for group in groups:
        said = set(_normal(group.said))
        for term in _normal([term for term in group.official if not term.startswith(ENTRY)]):
            for other in owners.get(term, ()):
                if other.place != group.place and said.intersection(_normal(other.official)):
                    detail = f"{term} {other.place.file}:{other.place.line}"
                    yield WordFault(group.place, "kb.word.circle", detail, remark=True)


def _skipped(words: Words) -> Iterator[WordFault]:
    """Words that are to say nothing and yet lead somewhere."""
    skip = set(_normal(words.skip))
    for group in words.groups:
        for word, form in zip(group.said, _normal(group.said), strict=True):
            if form in skip:
                yield WordFault(group.place, "kb.word.skipped", word)
