"""The seat with a server: header, change of shift, what waits for a person."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
import pytest
from textual.worker import WorkerCancelled

from agent_console.clock import SystemClock
from agent_console.desk.at_work import signed_in
from agent_console.desk.calls import intake
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.signing_in import sign_in_at, sign_out_at
from agent_console.domain.oversight.lead_messages import MessageSent
from agent_console.resources.rule_books import load_book
from agent_console.settings import Settings, save_settings
from agent_console.sync.wire import FeedRow, Outline
from screens.app import SeatApp
from screens.dialogs.choice import ChoiceDialog
from screens.keymap import load_keymap
from screens.sign_in import SignInApp
from screens.tray import TrayScreen

from ..support.line_server import PASSWORD, LineServer, line_server
from .seating import NARROW, WIDE, Operator, seated, shown

CLOCK = SystemClock()


@pytest.fixture
def line() -> Iterator[LineServer]:
    with line_server() as server:
        server.people["li"] = msgspec.structs.replace(server.people["zhang"], name="李四")
        yield server


@pytest.fixture
def settings(home: Path, line: LineServer) -> Settings:
    chosen = Settings(
        jurisdiction="fujian", seat="12", operator="张三", server=line.address, draft_pause_ms=1, search_pause_ms=1
    )
    save_settings(home, chosen)
    return chosen


def console(home: Path, settings: Settings) -> SeatApp:
    signed = signed_in(home, settings, CLOCK)
    assert signed is not None
    return SeatApp(home, settings, CLOCK, load_book("fujian"), load_keymap(""), signed.actor)


@asynccontextmanager
async def refused_call(home: Path, settings: Settings, line: LineServer) -> AsyncIterator[tuple[Operator, OpenDesk]]:
    """A seat before its tray, where a call stands that the server refused."""
    sign_in_at(home, settings, CLOCK, "zhang", PASSWORD)
    desk = open_desk(home, settings, CLOCK)
    line.rejecting.add("call.take")
    intake.take_call(desk.desk, "13800000001")
    async with seated(console(home, settings), desk) as operator:
        await operator.until(lambda: "待处理 1" in operator.line("#header"))
        await operator.lead("full_stop")
        await operator.screen(TrayScreen)
        yield operator, desk
    desk.close()


async def test_signing_in_takes_a_name_a_password_and_no_function_key(home: Path, settings: Settings) -> None:
    app = SignInApp(home, settings, CLOCK)
    async with app.run_test(size=NARROW) as pilot:
        for key in ("z", "h", "a", "n", "g", "enter"):
            await pilot.press(key)
        for character in "wrong":
            await pilot.press(character)
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "没有登录成" in shown(app)  # type: ignore[arg-type]
        app.query_one("#password").value = PASSWORD  # type: ignore[attr-defined]
        await pilot.press("enter")
        # Whoever is let in ends the app, and with it the worker that asked.
        with suppress(WorkerCancelled):
            await app.workers.wait_for_complete()
        await pilot.pause()
    assert app.return_value is not None
    assert app.return_value.actor.name == "张三"
    assert not app.return_value.actor.self_declared


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_header_says_how_the_line_stands(
    home: Path, settings: Settings, line: LineServer, size: tuple[int, int]
) -> None:
    sign_in_at(home, settings, CLOCK, "zhang", PASSWORD)
    desk = open_desk(home, settings, CLOCK)
    app = console(home, settings)
    async with seated(app, desk, size) as operator:
        await operator.until(lambda: "已连接 未上传 0" in operator.line("#header"))
        line.clock_ahead = 300_000_000
        line.rejecting.add("call.take")
        await operator.take()
        await operator.until(lambda: "待处理 1" in operator.line("#header"))
        body = msgspec.Raw(msgspec.json.encode(MessageSent("三号线改由二组接听", "", CLOCK.now())))
        line.rows.append(FeedRow(1, "message", "message:1", body=body, recorded_at=CLOCK.now()))
        app.close_line()
        app.start_line()
        await operator.until(lambda: "三号线改由二组接听" in operator.told)
        assert operator.seat.in_call or operator.calls == []
    desk.close()


async def test_a_list_says_up_to_when_it_knows_what_the_server_knows(
    home: Path, settings: Settings, line: LineServer
) -> None:
    async with refused_call(home, settings, line) as (operator, _):
        await operator.press("f5")
        await operator.until(lambda: "与服务器一致到" in operator.screen_text)


async def test_a_colleagues_order_opens_as_far_as_it_is_here(home: Path, settings: Settings, line: LineServer) -> None:
    known = Outline("order:x", "2026030200001234", "dispatched", "投诉", "路灯不亮", "五四路", lead="城市管理局")
    line.rows.append(FeedRow(1, "outline", "order:x", outline=known, recorded_at=CLOCK.now()))
    sign_in_at(home, settings, CLOCK, "zhang", PASSWORD)
    desk = open_desk(home, settings, CLOCK)
    async with seated(console(home, settings), desk) as operator:
        await operator.until(lambda: bool(desk.records.outlines("01234")))
        await operator.press("f7")
        await operator.key_in("01234")
        await operator.press("enter")
        await operator.until(lambda: "其余内容不在本机" in operator.screen_text)
        assert "城市管理局" in operator.screen_text
    desk.close()


async def test_what_was_refused_is_looked_at_and_settled_by_keyboard(
    home: Path, settings: Settings, line: LineServer
) -> None:
    async with refused_call(home, settings, line) as (operator, desk):
        await operator.until(lambda: "本机所做" in operator.screen_text and "服务器现状" in operator.screen_text)
        await operator.press("f6")
        await operator.key_in("来电人另打")
        await operator.press("enter")
        await operator.until(lambda: desk.store.outbox.in_tray() == 0)


async def test_the_next_shift_reads_the_note_and_sees_no_call_that_was_not_handed_over(
    home: Path, settings: Settings
) -> None:
    sign_in_at(home, settings, CLOCK, "zhang", PASSWORD)
    desk = open_desk(home, settings, CLOCK)
    app = console(home, settings)
    async with seated(app, desk) as operator:
        await operator.take()
        await operator.lead("p")
        await operator.until(lambda: not operator.seat.in_call)
        await operator.lead("minus")
        await operator.key_in("三号路停水，等水务回电")
        await operator.press("enter")
        await operator.until(lambda: app.next_person)
    desk.close()
    assert signed_in(home, settings, CLOCK) is None
    sign_in_at(home, settings, CLOCK, "li", PASSWORD)
    desk = open_desk(home, settings, CLOCK)
    async with seated(console(home, settings), desk, at_home=True) as operator:
        dialog = await operator.screen(ChoiceDialog)
        assert "三号路停水" in shown(operator.app)
        assert operator.seat.view is not None
        assert operator.seat.view.parked == ()
        dialog.dismiss("read")
        await operator.until(lambda: operator.seat.view is not None and len(operator.seat.view.parked) == 1)
    desk.close()
    sign_out_at(home, settings, CLOCK)
