"""An erased call stands nowhere in the file or its log: neither its text nor its key."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.domain.errors import StoreError
from agent_console.store.connection import rows
from agent_console.store.drafts import Draft
from agent_console.store.seat_file import Store

from .facts import CALL, CONTEXT, Closed, LastNote, Noted, SettableClock, mishap_at_the_end

TEXT = "住在鼓楼区某街某号的井盖丢了"
CALLS = [f"call:{number:04}" for number in range(160)]
"""Enough that their keys fill several pages."""


@pytest.fixture
def busy_day(path: Path) -> Store:
    store = Store.open(path, SettableClock(), (LastNote(),))
    for stream in CALLS:
        with store.transaction():
            fact = Noted("电话", TEXT + stream, "13800138000")
            store.log.append([fact], stream=stream, expected_version=0, context=CONTEXT)
            store.drafts.save(Draft(stream, {"note": TEXT * 200}))
    return store


def _everything_on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def _key(store: Store, owner: str) -> bytes:
    [(key,)] = rows(store.connection, "SELECT key FROM sealing_key WHERE owner = ?", (owner,))
    assert isinstance(key, bytes)
    return key


@pytest.mark.parametrize("place", [0, 80, 159])
def test_neither_text_nor_key_of_an_erased_call_is_left_on_the_disk(busy_day: Store, path: Path, place: int) -> None:
    erased, kept = CALLS[place], CALLS[(place + 1) % 160]
    with busy_day as store, Store.open(path, SettableClock(), (LastNote(),)) as second_console:
        key = _key(store, erased)
        assert key in _everything_on_disk(path)
        store.erase(erased)
        after = _everything_on_disk(path)
        assert key not in after
        assert TEXT.encode() not in after
        assert b"13800138000" not in after
        assert path.with_name(path.name + "-wal").stat().st_size == 0
        assert _key(second_console, kept) in after
        assert second_console.log.load(kept)[0].fact == Noted("电话", TEXT + kept, "13800138000")
        assert second_console.log.load(erased)[0].fact is None


def test_no_key_of_many_erased_calls_is_left_and_no_other_is_lost(busy_day: Store, path: Path) -> None:
    with busy_day as store:
        keys = {stream: _key(store, stream) for stream in CALLS}
        for stream in CALLS[::3]:
            store.erase(stream)
        on_disk = _everything_on_disk(path)
        left = [stream for stream, key in keys.items() if key in on_disk]
        assert left == [stream for stream in CALLS if stream not in CALLS[::3]]
        assert rows(store.connection, "PRAGMA integrity_check") == [("ok",)]


def test_an_erased_stream_still_loads_and_goes_on(busy_day: Store) -> None:
    erased = CALLS[7]
    with busy_day as store:
        with store.transaction():
            store.erase(erased)
            store.log.append([Closed("erased")], stream=erased, expected_version=1, context=CONTEXT)
        assert [event.fact for event in store.log.load(erased)] == [None, Closed("erased")]
        assert store.log.version(erased) == 2
        assert store.drafts.load(erased) is None
        assert erased not in LastNote.read(store.connection)
        assert CALLS[8] in LastNote.read(store.connection)
        with pytest.raises(StoreError):
            store.log.append([Noted("电话", "")], stream=erased, expected_version=2, context=CONTEXT)
        with pytest.raises(StoreError):
            store.drafts.save(Draft(erased))
        store.rebuild()
        assert erased not in LastNote.read(store.connection)


def test_an_erasure_that_is_rolled_back_erases_nothing(busy_day: Store) -> None:
    with busy_day as store:
        with mishap_at_the_end(store):
            store.erase(CALLS[7])
        assert isinstance(store.log.load(CALLS[7])[0].fact, Noted)


def test_bytes_that_somebody_is_still_reading_go_with_the_next_transaction(busy_day: Store, path: Path) -> None:
    with busy_day as store, Store.open(path, SettableClock(), (LastNote(),)) as reader:
        key = _key(store, CALLS[7])
        store.connection.execute("PRAGMA busy_timeout = 0").fetchall()
        reader.connection.execute("BEGIN")
        assert reader.log.version(CALLS[7]) == 1
        store.erase(CALLS[7])
        assert not store.scrub()
        reader.connection.execute("COMMIT")
        store.log.append([Closed()], stream=CALL, expected_version=0, context=CONTEXT)
        assert key in _everything_on_disk(path)
        with store.transaction():
            store.log.append([Closed()], stream=CALL, expected_version=1, context=CONTEXT)
        assert key not in _everything_on_disk(path)
