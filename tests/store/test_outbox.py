"""What waits for a server: written with its events, numbered without a gap, sealed; files from before have it, too."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec

from agent_console.store.connection import open_connection, part, rows
from agent_console.store.migrations import migrate
from agent_console.store.outbox import HISTORY, TOGETHER, KeptStep
from agent_console.store.schema import SCHEMA, SCHEMA_SET
from agent_console.store.seat_file import Store

from .facts import CALL, CONTEXT, NOON, ORDER, Closed, MishapError, Noted, SettableClock, mishap_at_the_end

STEP = KeptStep(CALL, 0, "test.note", '{"text":"井盖丢了"}'.encode(), ("event-1",))


def _add(store: Store, *steps: KeptStep) -> str:
    with store.transaction():
        for step in steps:
            store.outbox.add(step, CONTEXT)
        return store.outbox.entry_id()


def test_steps_of_one_transaction_are_one_entry(store: Store) -> None:
    _add(store, STEP, msgspec.structs.replace(STEP, stream=ORDER))
    _add(store, STEP)
    first, second = store.outbox.queued(10)
    assert [step.stream for step in first.steps] == [CALL, ORDER]
    assert second.steps == (STEP,)
    assert (first.n, second.n, first.at, first.actor) == (1, 2, NOON, "林晓")


def test_a_number_of_a_transaction_that_fails_is_given_again(store: Store) -> None:
    _add(store, STEP)
    with mishap_at_the_end(store):
        store.outbox.add(STEP, CONTEXT)
    _add(store, STEP)
    assert [entry.n for entry in store.outbox.queued(10)] == [1, 2]


def test_a_part_that_is_undone_leaves_no_step(store: Store) -> None:
    with store.transaction():
        with suppress(MishapError), part(store.connection):
            store.outbox.add(STEP, CONTEXT)
            raise MishapError
        store.outbox.add(msgspec.structs.replace(STEP, base=7), CONTEXT)
    [entry] = store.outbox.queued(10)
    assert [step.base for step in entry.steps] == [7]


def test_a_transaction_too_large_to_be_sent_at_once_is_told_in_pieces(store: Store) -> None:
    large = msgspec.structs.replace(STEP, body=b"1" * (TOGETHER + 1))
    _add(store, large, STEP)
    assert [len(entry.steps) for entry in store.outbox.queued(10)] == [1, 1]


def test_what_is_typed_goes_with_the_key_of_its_owner(store: Store) -> None:
    _add(store, STEP, msgspec.structs.replace(STEP, body=b'{"ground":"expired"}', in_open=True))
    store.erase(CALL)
    [entry] = store.outbox.queued(10)
    assert [step.body for step in entry.steps] == [None, b'{"ground":"expired"}']


def test_all_steps_of_a_transaction_are_as_of_one_instant(store: Store, clock: SettableClock) -> None:
    with store.transaction():
        first = store.outbox.instant(clock.now())
        clock.instant -= 3_600_000_000
        assert store.outbox.instant(clock.now()) == first
    assert store.outbox.instant(clock.now()) == clock.now()


def test_a_file_from_before_tells_what_it_holds_as_it_is(tmp_path: Path, clock: SettableClock) -> None:
    path = tmp_path / "old" / "seat.db"
    _old_file(path, clock)
    with Store.open(path, clock) as store:
        entries = store.outbox.queued(10)
        assert [entry.n for entry in entries] == [1, 2, 3]
        assert [(step.stream, step.base, step.command) for entry in entries for step in entry.steps] == [
            (CALL, 0, HISTORY), (ORDER, 0, HISTORY), (CALL, 2, HISTORY),
        ]  # fmt: skip
        told = [id_ for entry in entries for step in entry.steps for id_ in step.events]
        assert told == [event.envelope.id for event in store.log.everything()]
        assert [step.body for step in entries[0].steps] == [b""]
        _add(store, STEP)
        assert store.outbox.queued(10)[-1].n == 4


def _old_file(path: Path, clock: SettableClock) -> None:
    """A file as it was before there was an outbox, with four events on two streams."""
    with Store.open(path.with_name("new.db"), clock) as new:
        for stream, version, facts in (
            (CALL, 0, (Noted("电话", "甲"), Closed())), (ORDER, 0, (Closed(),)), (CALL, 2, (Closed(),)),
        ):  # fmt: skip
            new.log.append(facts, stream=stream, expected_version=version, context=CONTEXT)
    connection = open_connection(path)
    migrate(connection, SCHEMA_SET, SCHEMA[:6])
    connection.execute("ATTACH ? AS newer", (str(path.with_name("new.db")),))
    for table in ("device", "sealing_key", "event"):
        names = ", ".join(name for _, name, *_ in rows(connection, f"PRAGMA main.table_info({table})"))
        values = names.replace("acked", "0")
        connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {values} FROM newer.{table}")
    connection.close()
