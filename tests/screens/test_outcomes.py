"""Every matter ends with exactly one outcome, and the file says which."""

from __future__ import annotations

import pytest

from agent_console.domain.intake.outcomes import Answered, FollowedUp, Interrupted, Transferred
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import ChoiceDialog
from screens.seat import SeatScreen
from screens.widgets.history import HistoryPane

from .conftest import Sit
from .seating import Operator


async def told_to_its_end(operator: Operator) -> None:
    await operator.until(lambda: operator.outcome is not None)
    await operator.until(lambda: "已记录" in operator.told)


def joined(operator: Operator) -> str:
    """Number of the order that the second call was added to."""
    outcome = operator.calls[1].matters[0].outcome
    assert isinstance(outcome, FollowedUp)
    return outcome.number


async def raise_order(operator: Operator, lead: str = "csgl") -> None:
    """A call that ended with an order."""
    await operator.take()
    await operator.write("鼓楼区五四路路灯坏了请帮忙修")
    await operator.form()
    await operator.key_in(lead)
    await operator.press("f4")
    await operator.until(lambda: operator.on_top(SeatScreen) and operator.orders)
    await operator.press("f9")
    await operator.until(lambda: not operator.seat.in_call)


async def test_answered_keeps_the_entry_in_its_version_and_the_note(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("想问路灯坏了归谁管")
        entry = operator.answers.found[0]
        await operator.press("f3")
        await operator.screen(ChoiceDialog)
        await operator.press("1")
        await told_to_its_end(operator)
        assert operator.outcome == Answered(entry.id, entry.version)
        assert operator.matter.note == "想问路灯坏了归谁管"
        assert operator.matter.words == entry.title


async def test_answered_by_heart_needs_words(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.press("f3")
        await operator.pick("凭经验答复")
        dialog = await operator.screen(AskDialog)
        await operator.press("enter")
        assert operator.app.screen is dialog
        await operator.key_in("请带身份证到窗口办理")
        await operator.press("enter")
        await told_to_its_end(operator)
        assert operator.outcome == Answered()
        assert operator.matter.words == "请带身份证到窗口办理"


async def test_transferred_keeps_to_whom_and_how(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("想请律师")
        await operator.press("f6")
        await operator.pick("12348")
        await operator.pick("三方通话")
        await told_to_its_end(operator)
        assert operator.outcome == Transferred("12348", "three_way")


async def test_transferred_to_anybody_else_by_name(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.press("f6")
        await operator.pick("其他单位")
        await operator.screen(AskDialog)
        await operator.key_in("某某街道")
        await operator.press("enter")
        await operator.pick("直接转接")
        await told_to_its_end(operator)
        assert operator.outcome == Transferred("某某街道", "transfer")


async def test_a_caller_who_hung_up_leaves_an_interrupted_matter_and_a_call_back(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("说到一半没声了")
        await operator.press("f8")
        await operator.pick("记为中断")
        await told_to_its_end(operator)
        assert operator.outcome == Interrupted()
        assert operator.matter.note == "说到一半没声了"
        assert operator.desk.records.callbacks_owed() == 1
        await operator.until(lambda: "待回访 1" in operator.line("#header"))


async def test_hanging_up_by_mistake_can_be_taken_back(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.press("f8")
        await operator.pick("取消")
        await operator.until(lambda: operator.note.has_focus)
        assert operator.outcome is None
        assert operator.desk.records.callbacks_owed() == 0


async def test_the_same_matter_again_joins_the_order_that_runs(sit: Sit) -> None:
    async with sit() as operator:
        await raise_order(operator)
        await operator.take()
        await operator.write("上次报的路灯还没修")
        assert operator.seat.query_one(HistoryPane).display
        assert "未结工单 1" in operator.line("#history")
        await operator.press("f7")
        await operator.screen(ChoiceDialog)
        await operator.press("1")
        await operator.until(lambda: operator.calls[1].matters[0].outcome)
        assert joined(operator) == operator.orders[0].number
        assert operator.calls[1].matters[0].chosen == "in_progress_or_duplicate"


async def test_an_order_is_also_found_by_the_last_five_digits_of_its_number(sit: Sit) -> None:
    async with sit() as operator:
        await raise_order(operator)
        await operator.take("13900000009")
        await operator.press("f7")
        await operator.pick("输入工单号")
        await operator.screen(AskDialog)
        await operator.key_in(operator.orders[0].number[-5:])
        await operator.press("enter")
        await operator.until(lambda: operator.calls[1].matters[0].outcome)
        assert joined(operator) == operator.orders[0].number


async def test_a_number_that_belongs_to_no_order_ends_nothing(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.press("f7")
        await operator.pick("输入工单号")
        await operator.screen(AskDialog)
        await operator.key_in("99999")
        await operator.press("enter")
        await operator.until(lambda: "99999" in operator.told)
        assert operator.outcome is None


@pytest.mark.parametrize("key", ["f3", "f4", "f5", "f6", "f7", "f8"])
async def test_a_matter_that_has_its_outcome_gets_no_second_one(sit: Sit, key: str) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.answered_by_heart()
        facts = operator.facts
        await operator.press(key)
        await operator.until(lambda: "本件已有结果；按 F12 登记下一件" in operator.told)
        assert operator.on_top(SeatScreen)
        assert operator.facts == facts


async def test_what_the_screening_proposed_is_kept_beside_what_was_chosen(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("朋友借我五万块钱不还")
        await operator.answered_by_heart()
        [concluded] = [
            event.fact
            for event in operator.desk.store.log.load(f"call:{operator.call.id}")
            if event.envelope.type == "matter.concluded"
        ]
        assert getattr(concluded, "proposed")[0] == "litigation"  # noqa: B009
        assert operator.matter.chosen == "accept"
