"""The knowledge base of this seat as the commands open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent_console.clock import Clock
    from agent_console.desk.opening import OpenDesk
    from knowledge.library import Library


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


@contextmanager
def knowledge_desk(jurisdiction: str, acting: str, folder: Path | None = None) -> Iterator[OpenDesk]:
    """The same with somebody at the desk, under a rule book. Raises BadInput where none is set."""
    from agent_console.cli.acting import desk_of
    from knowledge.library import Library

    with desk_of(jurisdiction, acting, folder) as opened:
        Library(opened.store.connection).load_stock()
        yield opened
