"""The event log: appended, never edited, one running number per device."""

from __future__ import annotations

import sqlite3

import msgspec
import pytest

from agent_console.domain.errors import StoreError, StoreIsNewer
from agent_console.store import log as log_module
from agent_console.store.log import StreamMoved
from agent_console.store.seat_file import Store

from .facts import CALL, CONTEXT, NOON, ORDER, Closed, Noted, SettableClock, mishap_at_the_end

NOTE = Noted("电话", "井盖丢了", "13800138000")


def _append(store: Store, *facts: msgspec.Struct, stream: str = CALL, version: int = 0) -> None:
    store.log.append(facts, stream=stream, expected_version=version, context=CONTEXT)


def test_facts_come_back_as_they_were_written(store: Store) -> None:
    written = store.log.append([NOTE, Closed()], stream=CALL, expected_version=0, context=CONTEXT)
    assert store.log.load(CALL) == written
    envelope = written[0].envelope
    assert (envelope.version, envelope.n, envelope.type, envelope.schema) == (1, 1, "test.noted", 1)
    assert (envelope.actor, envelope.seat, envelope.cause) == ("林晓", "12", "command-1")
    assert envelope.device == store.identity.device
    assert envelope.occurred_at == NOON
    assert envelope.clock_offset is None


def test_the_instant_decided_for_counts_where_it_is_given(store: Store) -> None:
    context = msgspec.structs.replace(CONTEXT, occurred_at=NOON - 5, clock_offset=-3)
    [event] = store.log.append([NOTE], stream=CALL, expected_version=0, context=context)
    assert (event.envelope.occurred_at, event.envelope.clock_offset) == (NOON - 5, -3)


def test_running_number_goes_through_all_streams_without_a_gap(store: Store) -> None:
    _append(store, NOTE, Closed())
    _append(store, NOTE, stream=ORDER)
    _append(store, NOTE, version=2)
    assert [event.envelope.n for event in store.log.everything()] == [1, 2, 3, 4]
    assert [event.envelope.n for event in store.log.load(CALL)] == [1, 2, 4]


def test_a_number_given_in_a_transaction_that_fails_is_given_again(store: Store) -> None:
    with mishap_at_the_end(store):
        _append(store, NOTE)
    assert store.log.load(CALL) == []
    _append(store, NOTE)
    assert store.log.load(CALL)[0].envelope.n == 1


def test_a_stream_that_has_moved_on_takes_nothing(store: Store) -> None:
    _append(store, NOTE)
    with pytest.raises(StreamMoved):
        _append(store, NOTE)
    assert store.log.version(CALL) == 1


def test_all_facts_of_one_step_are_kept_or_none(store: Store) -> None:
    class NeverRegistered(msgspec.Struct, frozen=True):
        pass

    with pytest.raises(KeyError):
        _append(store, NOTE, NeverRegistered())
    assert store.log.load(CALL) == []


def test_a_clock_set_back_changes_no_order(store: Store, clock: SettableClock) -> None:
    _append(store, NOTE)
    clock.instant -= 3_600_000_000
    _append(store, Closed(), version=1)
    assert [event.envelope.n for event in store.log.load(CALL)] == [1, 2]
    assert [type(event.fact) for event in store.log.everything()] == [Noted, Closed]


def test_an_event_is_final(store: Store) -> None:
    _append(store, NOTE)
    for statement in ("UPDATE event SET body = '{}'", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError, match="final"):
            store.connection.execute(statement)


@pytest.mark.parametrize(("name", "schema"), [("test.from_the_future", 1), ("test.closed", 2)])
def test_a_stream_with_events_of_a_newer_program_can_be_read_but_not_continued(
    store: Store, name: str, schema: int
) -> None:
    _append(store, NOTE, Closed())
    store.connection.execute("DROP TRIGGER event_is_never_changed")
    store.connection.execute("UPDATE event SET type = ?, schema = ? WHERE version = 2", (name, schema))
    assert [event.fact for event in store.log.load(CALL)] == [NOTE, None]
    with pytest.raises(StoreIsNewer):
        _append(store, NOTE, version=2)
    _append(store, NOTE, stream=ORDER)


def test_a_body_that_does_not_fit_its_type_is_named(store: Store) -> None:
    _append(store, Closed())
    store.connection.execute("DROP TRIGGER event_is_never_changed")
    store.connection.execute("UPDATE event SET body = '{\"reason\": 7}'")
    with pytest.raises(StoreError) as raised:
        store.log.load(CALL)
    assert raised.value.message.key == "error.store_event"


def test_the_whole_log_is_read_in_batches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "_BATCH", 2)
    _append(store, *[Noted("电话", str(number)) for number in range(5)])
    texts = [event.fact.text for event in store.log.everything() if isinstance(event.fact, Noted)]
    assert texts == ["0", "1", "2", "3", "4"]
