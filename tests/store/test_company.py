"""Two consoles and the loop of a shell work on one file."""

from __future__ import annotations

import threading
from pathlib import Path

from agent_console.store.connection import rows
from agent_console.store.seat_file import Store

from .facts import CALL, CONTEXT, ORDER, Noted, SettableClock
from .writers import Writers


def test_two_processes_and_a_shell_loop_lose_nothing(writers: Writers, path: Path) -> None:
    """None has opened the file before: the first start is shared too."""
    processes = [
        writers.start("write_some", path, CALL, 150),
        writers.start("write_some", path, ORDER, 150),
        writers.start("open_and_write", path, "call:shell", 40),
    ]
    assert sorted(writers.until_over(*processes)) == sorted(f"over {process} 0" for process in processes)
    with Store.open(path, SettableClock()) as store:
        assert [store.log.version(stream) for stream in (CALL, ORDER, "call:shell")] == [150, 150, 40]
        assert [event.envelope.n for event in store.log.everything()] == list(range(1, 341))
        assert len({event.envelope.id for event in store.log.everything()}) == 340
        assert rows(store.connection, "SELECT count(*) FROM device") == [(1,)]
        assert rows(store.connection, "PRAGMA integrity_check") == [("ok",)]


def test_each_thread_opens_the_file_for_itself(path: Path, store: Store) -> None:
    def write() -> None:
        with Store.open(path, SettableClock()) as mine:
            mine.log.append([Noted("电话", "甲")], stream=ORDER, expected_version=0, context=CONTEXT)

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert store.changed()
    assert store.log.version(ORDER) == 1
    assert not store.changed()


def test_own_writing_is_no_change_by_others(store: Store) -> None:
    store.log.append([Noted("电话", "甲")], stream=CALL, expected_version=0, context=CONTEXT)
    assert not store.changed()
