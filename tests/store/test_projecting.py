"""Projections are kept in the transaction of the event, and can be folded again from the log."""

from __future__ import annotations

from pathlib import Path
from sqlite3 import Connection

import pytest

from agent_console.domain.errors import StoreIsNewer
from agent_console.domain.events import Event
from agent_console.store.connection import rows
from agent_console.store.seat_file import Store

from .facts import CALL, CONTEXT, ORDER, Closed, LastNote, Noted, SettableClock


class Failing(LastNote):
    def apply(self, connection: Connection, event: Event) -> None:
        super().apply(connection, event)
        raise RuntimeError


def _two_calls(store: Store) -> None:
    first = [Noted("电话", "甲"), Noted("电话", "乙"), Closed()]
    store.log.append(first, stream=CALL, expected_version=0, context=CONTEXT)
    store.log.append([Noted("网络", "丙")], stream=ORDER, expected_version=0, context=CONTEXT)


def test_every_event_goes_through_the_projection(path: Path) -> None:
    with Store.open(path, SettableClock(), (LastNote(),)) as store:
        _two_calls(store)
        assert LastNote.read(store.connection) == {CALL: "乙", ORDER: "丙"}


def test_event_and_projection_are_kept_together_or_not_at_all(path: Path) -> None:
    with Store.open(path, SettableClock(), (Failing(),)) as store:
        with pytest.raises(RuntimeError):
            _two_calls(store)
        assert store.log.load(CALL) == []
        assert rows(store.connection, "SELECT count(*) FROM test_last_note") == [(0,)]


def test_a_projection_that_comes_later_is_folded_from_the_log(path: Path) -> None:
    with Store.open(path, SettableClock()) as store:
        _two_calls(store)
    with Store.open(path, SettableClock(), (LastNote(),)) as store:
        assert LastNote.read(store.connection) == {CALL: "乙", ORDER: "丙"}


def test_a_projection_of_a_newer_form_is_folded_again_and_an_older_program_keeps_off(path: Path) -> None:
    with Store.open(path, SettableClock(), (LastNote(),)) as store:
        _two_calls(store)
        store.connection.execute("DELETE FROM test_last_note")
    with Store.open(path, SettableClock(), (LastNote(),)) as store:
        assert LastNote.read(store.connection) == {}
    with Store.open(path, SettableClock(), (LastNote(version=2),)) as store:
        assert LastNote.read(store.connection) == {CALL: "乙", ORDER: "丙"}
    with pytest.raises(StoreIsNewer):
        Store.open(path, SettableClock(), (LastNote(),))


def test_a_rebuild_gives_what_was_there(path: Path) -> None:
    with Store.open(path, SettableClock(), (LastNote(),)) as store:
        _two_calls(store)
        store.connection.execute("DELETE FROM test_last_note WHERE stream = ?", (CALL,))
        store.rebuild()
        assert LastNote.read(store.connection) == {CALL: "乙", ORDER: "丙"}
