"""Who may unlock a seat without its server, how often one may guess, and for how long it stays open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_console.domain.errors import BadInput
from agent_console.domain.instants import HOUR, SECOND
from agent_console.store.connection import open_connection
from agent_console.store.link_state import LinkState
from agent_console.sync.people import SESSION_KEY, PeopleOfSeat
from agent_console.sync.wire import Session

from ..support.clock import SettableClock

SERVER = "https://line.example"
SESSION = Session("token", "refresh", 1, "张三", "operator", "first", unlock_days=3)
DAY = 24 * HOUR


@pytest.fixture
def people(home: Path, clock: SettableClock) -> Iterator[PeopleOfSeat]:
    connection = open_connection(home / "seat.db")
    yield PeopleOfSeat(LinkState(connection, clock), home, clock, unlock_days=7, unlock_hours=12)
    connection.close()


def test_a_session_ends_with_its_time_and_with_signing_out(people: PeopleOfSeat, clock: SettableClock) -> None:
    people.signed_in(SESSION, "zhang", "secret", SERVER)
    clock.set(clock.now() + 12 * HOUR - 1)
    assert people.current() is not None
    clock.set(clock.now() + 1)
    assert people.current() is None
    people.unlock("zhang", "secret", SERVER)
    assert people.current() is not None
    people.sign_out()
    assert people.current() is None


def test_a_copy_of_the_file_alone_opens_nothing(people: PeopleOfSeat, home: Path) -> None:
    people.signed_in(SESSION, "zhang", "secret", SERVER)
    (home / SESSION_KEY).unlink()
    assert people.current() is None


def test_the_shorter_of_both_limits_counts(people: PeopleOfSeat, clock: SettableClock) -> None:
    people.signed_in(SESSION, "zhang", "secret", SERVER)
    start = clock.now()
    clock.set(start + 3 * DAY - SECOND)
    assert people.unlock("zhang", "secret", SERVER).actor.role == "operator"
    clock.set(start + 3 * DAY)
    with pytest.raises(BadInput):
        people.unlock("zhang", "secret", SERVER)


def test_a_server_that_allows_no_unlocking_has_none(people: PeopleOfSeat) -> None:
    people.signed_in(Session("t", "r", 1, "张三", "operator", "first"), "zhang", "secret", SERVER)
    with pytest.raises(BadInput):
        people.unlock("zhang", "secret", SERVER)


def test_another_server_s_people_do_not_unlock(people: PeopleOfSeat) -> None:
    people.signed_in(SESSION, "zhang", "secret", SERVER)
    with pytest.raises(BadInput):
        people.unlock("zhang", "secret", "https://other.example")


def test_guessing_becomes_slower_and_slower(people: PeopleOfSeat, clock: SettableClock) -> None:
    people.signed_in(SESSION, "zhang", "secret", SERVER)
    for _ in range(5):
        with pytest.raises(BadInput) as wrong:
            people.unlock("zhang", "guess", SERVER)
        assert wrong.value.message.key == "error.unlock"
    with pytest.raises(BadInput) as waits:
        people.unlock("zhang", "secret", SERVER)
    assert waits.value.message.key == "error.unlock_wait"
    clock.set(clock.now() + 30 * SECOND)
    people.unlock("zhang", "secret", SERVER)
    with pytest.raises(BadInput) as again:
        people.unlock("zhang", "guess", SERVER)
    assert again.value.message.key == "error.unlock"


def test_a_revoked_session_leaves_the_person_without_a_token_but_at_work(people: PeopleOfSeat) -> None:
    signed = people.signed_in(SESSION, "zhang", "secret", SERVER)
    people.without_token(signed)
    now = people.current()
    assert now is not None
    assert (now.token, now.refresh, now.actor) == ("", "", signed.actor)
