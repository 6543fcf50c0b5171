"""What is being written is on the disk whenever the hands rest, and comes back as it was."""

from __future__ import annotations

from screens.debounce import Debounce
from screens.widgets.answers import Answers

from ..support.clock import SettableClock
from .conftest import Sit


async def test_a_pause_in_typing_saves_and_says_so(sit: Sit, clock: SettableClock) -> None:
    async with sit() as operator:
        await operator.take()
        clock.set("2026-03-02T10:01:07")
        await operator.key_in("路灯不亮")
        await operator.saved()
        await operator.until(lambda: operator.line("#status") == "已保存 10:01:07")
        assert operator.draft == "路灯不亮"


async def test_an_unfinished_call_comes_back_with_text_cursor_and_running_clock(sit: Sit, clock: SettableClock) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.key_in("第一行\n第二行很长")
        await operator.press("left", "left")
        await operator.key_in("不")
        await operator.saved()
    clock.set("2026-03-02T10:05:00")
    async with sit() as operator:
        assert operator.note.text == "第一行\n第二行不很长"
        assert operator.note.cursor_location == (1, 4)
        assert operator.note.has_focus
        assert "通话 05:00" in operator.line("#call-line")
        assert operator.call.status == "live"
        await operator.key_in("算")
        assert operator.note.text == "第一行\n第二行不算很长"


async def test_leaving_by_the_quit_key_keeps_the_last_character(sit: Sit) -> None:
    async with sit() as operator:
        operator.seat.draft_pause = Debounce(60_000, operator.seat.save_draft)
        await operator.take()
        await operator.key_in("最后一个字")
        await operator.press("ctrl+q")
        await operator.until(lambda: operator.app.return_code is not None)
        assert operator.draft == "最后一个字"


async def test_the_answers_of_a_call_that_came_back_are_there_at_once(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.key_in("路灯坏了归谁管")
        await operator.saved()
    async with sit() as operator:
        assert operator.seat.query_one(Answers).found
