"""Opening the file: who may read it, and what is said where it cannot be used."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from agent_console.domain.errors import StoreError, StoreFull, StoreIsNewer, StoreReadOnly
from agent_console.store import connection as files
from agent_console.store.connection import rows
from agent_console.store.drafts import Draft
from agent_console.store.seat_file import Store
from agent_console.texts import TEXTS, sentence

from .facts import CALL, CONTEXT, Closed, Noted, SettableClock


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _refused(path: Path) -> StoreError:
    with pytest.raises(StoreError) as raised:
        Store.open(path, SettableClock())
    assert str(path) in sentence(raised.value.message)
    assert raised.value.advice
    assert sentence(raised.value.advice)
    return raised.value


def _fill(store: Store) -> int:
    """Write until nothing more fits; returns how many events were said to be saved."""
    for version in range(2000):
        try:
            store.log.append([Noted("电话", "长" * 900)], stream=CALL, expected_version=version, context=CONTEXT)
        except StoreFull:
            return version
    pytest.fail("the disk never became full")


def test_only_the_owner_can_read_folder_and_files(store: Store, path: Path) -> None:
    store.log.append([Closed()], stream=CALL, expected_version=0, context=CONTEXT)
    assert _mode(path.parent) == 0o700
    assert {file.name: _mode(file) for file in path.parent.iterdir()} == {
        "seat.db": 0o600,
        "seat.db-wal": 0o600,
        "seat.db-shm": 0o600,
    }


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    with Store.open(path, SettableClock()):
        assert _mode(path) == 0o600


def test_the_file_is_opened_for_power_cuts_and_erasure(store: Store) -> None:
    settings = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store")
    assert [rows(store.connection, f"PRAGMA {name}")[0][0] for name in settings] == ["wal", 2, 1, 1, 2]


def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 99)
    assert _refused(path).message.key == "error.store_garbage"
    assert path.read_bytes() == b"not a database at all" * 99


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE diary (text)")
    other.close()
    before = path.read_bytes()
    assert _refused(path).message.key == "error.store_garbage"
    assert path.read_bytes() == before


def test_a_folder_in_place_of_the_file_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    assert _refused(path).message.key == "error.store_garbage"


def test_a_file_in_place_of_the_folder_is_refused(path: Path) -> None:
    path.parent.write_text("")
    assert _refused(path).message.key == "error.store_make"


def test_a_damaged_file_is_named(path: Path) -> None:
    with Store.open(path, SettableClock()) as store:
        _append_some(store)
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    assert _refused(path).message.key == "error.store_damaged"


def _append_some(store: Store) -> None:
    facts = [Noted("电话", "长" * 500)] * 20
    store.log.append(facts, stream=CALL, expected_version=0, context=CONTEXT)


def test_a_file_of_a_newer_program_is_refused_unchanged(path: Path) -> None:
    with Store.open(path, SettableClock()) as store:
        store.connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('store', '9999_later', '')"
        )
    before = path.read_bytes()
    assert isinstance(_refused(path), StoreIsNewer)
    assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("closed", ["file", "folder"])
def test_a_file_or_folder_without_permission_is_named(path: Path, closed: str) -> None:
    Store.open(path, SettableClock()).close()
    place, mode = (path, 0o400) if closed == "file" else (path.parent, 0o500)
    place.chmod(mode)
    try:
        assert isinstance(_refused(path), StoreReadOnly)
    finally:
        place.chmod(0o700)


def test_a_read_only_disk_is_named(small_disk: Path) -> None:
    path = small_disk / "seat.db"
    Store.open(path, SettableClock()).close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert isinstance(_refused(path), StoreReadOnly)
    assert isinstance(_refused(small_disk / "new" / "seat.db"), StoreReadOnly)


@pytest.mark.parametrize("refuses", ["file", "folder"])
def test_what_the_system_says_of_writing_is_believed(path: Path, monkeypatch: pytest.MonkeyPatch, refuses: str) -> None:
    """The same for machines where no disk can be mounted."""
    Store.open(path, SettableClock()).close()
    refused = path if refuses == "file" else path.parent
    monkeypatch.setattr(os, "access", lambda place, _mode: place != refused)
    assert isinstance(_refused(path), StoreReadOnly)


def test_a_disk_that_turns_read_only_while_working_is_named(store: Store) -> None:
    store.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreReadOnly):
        store.drafts.save(Draft(CALL))


def test_a_full_disk_keeps_what_was_saved(small_disk: Path) -> None:
    path, ballast = small_disk / "seat.db", small_disk / "ballast"
    ballast.write_bytes(bytes(200_000))
    with Store.open(path, SettableClock()) as store:
        saved = _fill(store)
        with pytest.raises(StoreFull):
            store.drafts.save(Draft(CALL, {"note": "长" * 9000}))
        assert len(store.log.load(CALL)) == saved > 10
        ballast.unlink()
        store.log.append([Closed()], stream=CALL, expected_version=saved, context=CONTEXT)
    with Store.open(path, SettableClock()) as store:
        assert [event.envelope.n for event in store.log.load(CALL)] == list(range(1, saved + 2))
        assert rows(store.connection, "PRAGMA integrity_check") == [("ok",)]


def test_no_file_is_begun_on_a_full_disk(small_disk: Path) -> None:
    with (small_disk / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
        while True:
            ballast.write(bytes(4096))
    assert isinstance(_refused(small_disk / "seat.db"), StoreFull)


def test_a_file_that_may_not_grow_keeps_what_was_saved(store: Store) -> None:
    """The same for machines where no small disk can be mounted."""
    pages = rows(store.connection, "PRAGMA page_count")[0][0]
    store.connection.execute(f"PRAGMA max_page_count = {pages + 20}").fetchall()
    saved = _fill(store)
    assert len(store.log.load(CALL)) == saved > 10
    assert rows(store.connection, "PRAGMA integrity_check") == [("ok",)]


def test_an_input_output_error_on_a_disk_without_space_is_a_full_disk(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    assert _told(store, error).message.key == "error.store_disk"
    monkeypatch.setattr(files, "_disk_is_full", lambda _path: True)
    assert isinstance(_told(store, error), StoreFull)


def _told(store: Store, error: sqlite3.Error) -> StoreError:
    with pytest.raises(StoreError) as raised, files.guarded(store.connection):
        raise error
    return raised.value


def test_waiting_for_others_has_an_end_and_a_name(store: Store, path: Path) -> None:
    with Store.open(path, SettableClock()) as other, other.transaction():
        store.connection.execute("PRAGMA busy_timeout = 0").fetchall()
        with pytest.raises(StoreError) as raised:
            store.drafts.save(Draft(CALL))
    assert raised.value.message.key == "error.store_busy"


def test_how_long_a_writer_waits_is_the_same_after_it_had_to_wait(store: Store, path: Path) -> None:
    store.connection.execute("PRAGMA busy_timeout = 20").fetchall()
    with Store.open(path, SettableClock()) as other:
        with other.transaction(), pytest.raises(StoreError):
            store.drafts.save(Draft(CALL))
        store.drafts.save(Draft(CALL))
    assert rows(store.connection, "PRAGMA busy_timeout") == [(20,)]


def test_errors_of_our_own_sql_are_not_dressed_up(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        rows(store.connection, "SELECT 1 FROM nowhere")


def test_every_reason_that_can_be_given_has_its_wording() -> None:
    for reason in files._UNUSABLE.values():
        assert f"error.store_{reason}" in TEXTS
        assert f"advice.store_{reason}" in TEXTS


def test_a_file_is_opened_again_without_loading_what_it_does_not_need(path: Path) -> None:
    Store.open(path, SettableClock()).close()
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from agent_console.clock import SystemClock\n"
        "from agent_console.store.seat_file import Store\n"
        f"Store.open(Path({str(path)!r}), SystemClock()).close()\n"
        "late = {'sqlite_utils', 'cryptography', 'uuid6', 'hmac', 'textual', 'rich'} & sys.modules.keys()\n"
        "sys.exit(', '.join(sorted(late)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_closing_twice_is_harmless(path: Path) -> None:
    store = Store.open(path, SettableClock())
    store.erase(CALL)
    store.close()
    store.close()
