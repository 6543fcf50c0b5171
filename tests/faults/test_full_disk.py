"""A disk that is full in earnest: nothing shown as saved is lost, what is not saved is said so, and it goes on."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import Telling
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.orders import attaching
from agent_console.domain.decisions import Done
from agent_console.domain.errors import StoreFull
from agent_console.server.store.database import open_database
from agent_console.settings import Settings
from agent_console.store.connection import rows
from agent_console.store.drafts import Draft
from agent_console.sync import backoff, files
from tests.server.seats import LINE, Centre, Seat, centre_at
from tests.support.clock import SettableClock
from tests.support.media import video
from tests.support.stories import form

from .disk import SmallDisk, small_disk

_SIZE = 8 << 20
_LEFT = 300_000
_MOST = 500


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A small disk; skipped where this machine does not let us mount one."""
    mounted = small_disk(tmp_path / "disk", _SIZE)
    try:
        made = mounted.__enter__()
    except OSError as error:
        pytest.skip(str(error))
    yield made
    mounted.__exit__(None, None, None)


@pytest.fixture
async def centre(disk: SmallDisk, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Centre]:
    """A server whose file stands on the small disk; the seats have theirs elsewhere."""
    database = await open_database(str(disk.folder / "server.db"))
    async with centre_at(database, clock, tmp_path / "seats") as opened:
        yield opened
    await database.close()


def _sit_down(disk: SmallDisk, clock: SettableClock) -> OpenDesk:
    return open_desk(disk.folder / "seat", Settings(jurisdiction=LINE, seat="12", operator="张三"), clock)


def _raise_order(opened: OpenDesk) -> str:
    _, call = intake.take_call(opened.desk, "13800138000", caller_name="陈女士")
    matter = opened.desk.call(call).matters[0].id
    raising = intake.raise_order(opened.desk, call, matter, form(LINE), Telling(note="路灯不亮"))
    assert isinstance(raising.decision, Done)
    return raising.order


def _until_full(opened: OpenDesk) -> list[str]:
    """Orders shown as saved until one was refused for want of room."""
    shown: list[str] = []
    for _ in range(_MOST):
        try:
            shown.append(_raise_order(opened))
        except StoreFull:
            return shown
    pytest.fail("the disk does not become full")


def test_a_seat_says_that_its_disk_is_full_and_keeps_what_it_had_shown_as_saved(
    disk: SmallDisk, clock: SettableClock
) -> None:
    opened = _sit_down(disk, clock)
    shown = [_raise_order(opened)]
    disk.fill(_LEFT)
    shown += _until_full(opened)
    assert len(shown) > 1
    assert [opened.desk.order(order).id for order in shown] == shown
    opened.close()
    disk.make_room()
    with sqlite3.connect(disk.folder / "seat" / "seat.db") as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    file.close()
    again = _sit_down(disk, clock)
    assert {order.id for order in again.records.orders(_MOST)} == set(shown)
    shown.append(_raise_order(again))
    assert [entry.n for entry in again.store.outbox.queued(1 << 30)] == list(range(1, _entries(again) + 1))
    again.close()


def test_a_seat_goes_on_by_itself_once_there_is_room(disk: SmallDisk, clock: SettableClock) -> None:
    opened = _sit_down(disk, clock)
    disk.fill(_LEFT)
    shown = _until_full(opened)
    with pytest.raises(StoreFull):
        intake.save_draft(opened.desk, Draft("call:unfinished", fields={"note": "x" * 100_000}))
    disk.make_room()
    shown.append(_raise_order(opened))
    assert {order.id for order in opened.records.orders(_MOST)} == set(shown)
    opened.close()


def test_a_file_that_does_not_fit_is_refused_and_leaves_nothing_behind(
    disk: SmallDisk, clock: SettableClock, tmp_path: Path
) -> None:
    opened = _sit_down(disk, clock)
    order = _raise_order(opened)
    disk.fill(_LEFT)
    with pytest.raises(StoreFull):
        attaching.attach(opened, order, [video(tmp_path)], _SIZE)
    kept = [path for path in (disk.folder / "seat" / "attachments").rglob("*") if path.is_file()]
    assert (opened.desk.order(order).attachments, kept) == ((), [])
    disk.make_room()
    assert isinstance(attaching.attach(opened, order, [video(tmp_path)], _SIZE), Done)
    assert [line.state for line in attaching.lines(opened, opened.desk.order(order), check=True)] == ["there"]
    opened.close()


def test_files_are_still_carried_after_a_full_disk_hindered_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, is_up, tried = threading.Event(), threading.Event(), list[int]()
    is_up.set()

    def step(_: files.FileCarrier) -> bool:
        tried.append(1)
        if len(tried) == 1:
            raise StoreFull("error.store_full", "advice.store_full", path="seat.db")
        stop.set()
        return True

    monkeypatch.setattr(files.FileCarrier, "step", step)
    monkeypatch.setattr(backoff, "LONGEST", 0.0)
    files.carry(None, threading.Lock(), stop, is_up)  # type: ignore[arg-type]
    assert len(tried) == 2


async def test_a_server_whose_disk_is_full_takes_nothing_and_the_seats_keep_it(disk: SmallDisk, centre: Centre) -> None:
    seat = await centre.sit()
    first = seat.raise_order()
    await seat.in_step()
    disk.fill(_LEFT)
    shown = [first]
    answer = None
    for _ in range(_MOST):
        shown.append(seat.raise_order())
        entries = seat.waiting()
        answer = await seat.ask(entries)
        if answer.status_code != 200:
            break
        await seat.push()
    assert answer is not None
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "away")
    assert [entry.id for entry in seat.waiting()] == [entry.id for entry in entries]
    assert len(await seat.rows()) > 0
    disk.make_room()
    assert {verdict.status for verdict in await seat.push()} == {"applied"}
    await seat.pull()
    assert await _orders_of(centre) == sorted(f"order:{order}" for order in shown)
    assert _unconfirmed(seat) == 0


async def _orders_of(centre: Centre) -> list[str]:
    sql = "SELECT stream FROM event WHERE type = 'order.raised' ORDER BY stream"
    return [row[0] for row in await centre.server.database.fetch(sql)]


def _unconfirmed(seat: Seat) -> int:
    return int(rows(seat.opened.store.connection, "SELECT count(*) FROM event WHERE seq IS NULL")[0][0])


def _entries(opened: OpenDesk) -> int:
    return int(rows(opened.store.connection, "SELECT count(*) FROM outbox")[0][0])
