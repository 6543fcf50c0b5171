"""The knowledge base of this seat as the commands open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from agent_console.texts import say

if TYPE_CHECKING:
    from agent_console.clock import Clock
    from agent_console.desk.opening import OpenDesk
    from agent_console.domain.errors import UnknownName
    from knowledge.article import Article
    from knowledge.library import Library

_NEAREST = 3


def has_rule_book(jurisdiction: str, acting: str) -> bool:
    """Whether a rule book says who may do what: one is named or set, or somebody is named who acts under one."""
    from agent_console.settings import home, load_settings

    return bool(jurisdiction or acting or load_settings(home()).jurisdiction)


@contextmanager
def opened_library(folder: Path | None = None) -> Iterator[tuple[Library, Clock]]:
    """The knowledge base of this seat, or of a folder, with the entries that ship with the console in it."""
    from agent_console.clock import clock_from_environment
    from agent_console.desk.opening import SEAT_FILE
    from agent_console.settings import home
    from agent_console.store.seat_file import Store
    from knowledge.library import Library

    clock = clock_from_environment()
    with Store.open((folder or home()) / SEAT_FILE, clock) as store:
        library = Library(store.connection)
        library.load_stock()
        yield library, clock


def entry_named(library: Library, name: str) -> Article:
    """An entry by its whole id: one that lacks a letter may be another's. Raises UnknownName naming the nearest."""
    found = library.find(name)
    if found is None:
        raise _unknown(library, name)
    return found


def _unknown(library: Library, name: str) -> UnknownName:
    from agent_console.domain.errors import UnknownName

    ids = [entry.id for entry in library.entries()]
    like = dict.fromkeys([*get_close_matches(name, ids, _NEAREST), *_found(library, name)])
    near = library.named(list(like)[:_NEAREST])
    if not near:
        return UnknownName("kb.error.unknown", "kb.advice.unknown", id=name)
    told = "、".join(say("kb.nearest", id=entry.id, title=entry.title) for entry in near.values())
    return UnknownName("kb.error.unknown", "kb.advice.nearest", id=name, like=told)


def _found(library: Library, words: str) -> list[str]:
    """Ids of the entries that somebody may have meant who wrote words instead of an id."""
    from agent_console.resources.rule_books import parent_of
    from agent_console.settings import home
    from knowledge.search.kept import INDEX_FILE, KeptSearch

    searching = KeptSearch(library, home() / INDEX_FILE, parent_of, at_once=True)
    return [hit.id for hit in searching.search(words, limit=_NEAREST)]


@contextmanager
def knowledge_desk(jurisdiction: str, acting: str, folder: Path | None = None) -> Iterator[OpenDesk]:
    """The same with somebody at the desk, under a rule book. Raises BadInput where none is set."""
    from agent_console.cli.acting import desk_of
    from knowledge.library import Library

    with desk_of(jurisdiction, acting, folder) as opened:
        Library(opened.store.connection).load_stock()
        yield opened
