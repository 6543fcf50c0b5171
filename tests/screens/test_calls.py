"""Taking, parking, resuming and finishing calls, from the operator's side."""

from __future__ import annotations

from functools import partial

from agent_console.resources.rule_books import house
from screens.actions import ACTIONS
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import ChoiceDialog
from screens.keymap import load_keymap
from screens.seat import SeatScreen
from screens.widgets.banner import Banner
from screens.widgets.call_line import CallLine
from screens.widgets.day import DayPane
from screens.widgets.header import SeatHeader

from ..support.clock import SettableClock
from .conftest import Sit
from .seating import PHONE, Operator

ONLY_IN_CALL = [action for action in ACTIONS if action.when == "call"]


def told(operator: Operator, words: str) -> bool:
    return words in operator.told


def header(operator: Operator) -> str:
    return str(operator.seat.query_one(SeatHeader).render())


async def test_a_call_taken_by_hand_is_on_the_file_before_anything_is_typed(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take("13900000001")
        assert operator.call.status == "live"
        assert operator.call.number == "13900000001"
        assert operator.outcome is None
        assert operator.desk.desk.seat_state().activity == "busy"


async def test_a_call_whose_number_is_withheld_can_be_taken(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take("")
        assert operator.call.number == ""
        assert "未显示号码" in str(operator.seat.query_one(CallLine).render())


async def test_going_back_from_the_number_takes_no_call(sit: Sit) -> None:
    async with sit() as operator:
        await operator.press("f2")
        await operator.screen(AskDialog)
        await operator.press("escape")
        assert operator.calls == []


async def test_a_call_that_rings_is_shown_and_takes_nothing_from_the_hands(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.key_in("第一通正写着")
        operator.desk.store.rings.offer("13900000002", name="李某某")
        operator.seat.tick()
        await operator.until(lambda: operator.seat.query_one(Banner).has_class("ringing"))
        assert operator.note.has_focus
        await operator.key_in("，继续写")
        assert operator.note.text == "第一通正写着，继续写"
        assert "先 F9 完成或 ^G p 待结，再 F2 接听" in operator.line("#banner")


async def test_one_key_takes_the_call_that_rings_with_number_and_name(sit: Sit) -> None:
    async with sit() as operator:
        operator.desk.store.rings.offer("13900000002", name="李某某", call_id="pbx-1")
        await operator.press("f2")
        await operator.until(lambda: operator.seat.in_call)
        assert (operator.call.number, operator.call.caller_name) == ("13900000002", "李某某")
        operator.seat.tick()
        await operator.until(lambda: not operator.seat.query_one(Banner).has_class("ringing"))


async def test_a_second_call_is_not_taken_over_the_one_in_hand(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        facts = operator.facts
        await operator.press("f2")
        await operator.until(lambda: "手上还有一通电话" in operator.told)
        assert operator.facts == facts


async def test_without_a_call_nothing_of_a_call_can_be_done(sit: Sit) -> None:
    async with sit() as operator:
        facts, letters = operator.facts, load_keymap().letters
        for action in ONLY_IN_CALL:
            await operator.lead(letters[action.id])
            await operator.until(partial(told, operator, f"现在不能用“{action.name}”"))
            assert operator.on_top(SeatScreen)
        assert operator.facts == facts


async def test_a_call_without_outcome_cannot_be_finished(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.press("f9")
        await operator.until(lambda: "FJ-5.2：第1件诉求还没有处理结果" in operator.told)
        assert operator.call.status == "live"


async def test_finishing_leads_to_wrap_up_and_once_more_to_ready(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.answered_by_heart()
        await operator.press("f9")
        await operator.until(lambda: not operator.seat.in_call)
        assert operator.call.status == "closed"
        assert operator.desk.desk.seat_state().activity == "wrap_up"
        assert operator.seat.query_one(DayPane).has_focus
        await operator.press("f9")
        await operator.until(lambda: operator.desk.desk.seat_state().activity == "ready")


async def test_writing_on_after_an_outcome_opens_the_next_matter_and_keeps_every_character(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("第一件：小区门口路灯不亮")
        await operator.answered_by_heart()
        assert operator.note.text == ""
        await operator.key_in("第二件：楼道堆物")
        await operator.until(lambda: len(operator.call.matters) == 2)
        await operator.key_in("，请来看看")
        await operator.saved()
        assert operator.note.text == "第二件：楼道堆物，请来看看"
        assert operator.draft == "第二件：楼道堆物，请来看看"
        assert operator.call.matters[0].note == "第一件：小区门口路灯不亮"


async def test_an_empty_line_after_an_outcome_opens_no_matter(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.answered_by_heart()
        await operator.press("enter", "space")
        await operator.saved()
        assert len(operator.call.matters) == 1


async def test_a_matter_opened_by_a_stray_key_does_not_hold_up_the_end_of_the_call(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.answered_by_heart()
        await operator.press("f12")
        await operator.until(lambda: len(operator.call.matters) == 2)
        await operator.press("f9")
        await operator.until(lambda: not operator.seat.in_call)
        assert operator.call.status == "closed"
        assert len(operator.call.matters) == 1


async def test_the_next_matter_waits_until_this_one_has_its_outcome(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.press("f12")
        await operator.until(lambda: "FJ-5.2" in operator.told)
        assert len(operator.call.matters) == 1


async def test_an_invalid_call_needs_only_its_reason(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take("")
        await operator.lead("u")
        await operator.screen(ChoiceDialog)
        await operator.press("2")
        await operator.until(lambda: not operator.seat.in_call)
        assert (operator.call.status, operator.call.reason) == ("invalid", house().invalid_reasons[1])
        assert operator.call.matters == ()
        assert operator.desk.desk.seat_state().activity == "ready"


async def test_a_call_with_an_outcome_is_not_invalid(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.answered_by_heart()
        await operator.lead("u")
        await operator.screen(ChoiceDialog)
        await operator.press("1")
        await operator.until(lambda: "不能标为无效来电" in operator.told)
        assert operator.call.status == "live"


async def test_a_parked_call_is_counted_in_the_header_blocks_signing_out_and_not_the_next_call(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take("13900000001")
        await operator.key_in("这通先放下")
        await operator.lead("p")
        await operator.until(lambda: not operator.seat.in_call)
        assert operator.call.status == "parked"
        assert "待结 1" in header(operator)
        await operator.lead("q")
        await operator.until(lambda: "还有1通电话没有结束，不能签出" in operator.told)
        assert operator.app.is_running
        await operator.take("13900000002")
        assert [call.status for call in operator.calls] == ["parked", "live"]
        assert operator.note.text == ""


async def test_a_parked_call_comes_back_with_its_text_and_its_clock(sit: Sit, clock: SettableClock) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.key_in("说到一半")
        await operator.lead("p")
        await operator.until(lambda: not operator.seat.in_call)
        clock.set("2026-03-02T10:03:00")
        await operator.lead("r")
        await operator.pick("138****8000")
        await operator.until(lambda: operator.seat.in_call)
        assert operator.note.text == "说到一半"
        assert operator.note.cursor_location == (0, 4)
        assert operator.call.status == "live"
        assert "通话 03:00" in operator.line("#call-line")


async def test_taking_up_a_parked_call_parks_the_one_in_hand(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take("13900000001")
        await operator.lead("p")
        await operator.take("13900000002")
        await operator.key_in("第二通")
        await operator.lead("r")
        await operator.pick("139****0001")
        await operator.until(lambda: operator.calls[0].status == "live")
        assert operator.calls[1].status == "parked"
        assert operator.draft == "第二通"


async def test_who_calls_can_be_written_down_later(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take("")
        await operator.lead("c")
        await operator.screen(AskDialog)
        await operator.key_in("陈某某")
        await operator.press("enter")
        await operator.key_in(PHONE)
        await operator.press("enter")
        await operator.until(lambda: operator.call.number == PHONE)
        assert operator.call.caller_name == "陈某某"


async def test_the_number_brings_its_earlier_calls_open_orders_and_refusals(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("上回问过社保")
        await operator.answered_by_heart()
        await operator.press("f9")
        await operator.until(lambda: not operator.seat.in_call)
        await operator.take()
        assert "来电 1 次，未结工单 0，不予受理 0" in operator.line("#history")
        assert "上回问过社保" in operator.line("#history")
