"""An abusive caller: warned, warned again, the call ended; in every city, and a lead hears of it."""

from __future__ import annotations

import pytest

from agent_console.domain.instants import MINUTE
from agent_console.domain.intake.outcomes import Refused
from agent_console.domain.oversight.alarms import Alarm
from agent_console.resources.rule_books import house, jurisdiction_codes, load_book
from agent_console.texts import say
from knowledge.scripts.model import script_for
from knowledge.scripts.runner import begin
from screens.dialogs.script import ScriptDialog
from screens.doing import abusive
from screens.doing.grounds import ABUSE_CLASS
from screens.monitor.rows import alarm_text

from .conftest import Sit
from .seating import Operator

ABUSE = "你们都是饭桶，混蛋"
IN_ITS_LIST = {"hebi": "HB-5.1"}
"""Books that refuse who is abusive."""


async def warn(operator: Operator, *answers: str) -> None:
    """Open the warning and walk it: `n` where the caller goes on, `y` where they stop."""
    await operator.lead("i")
    await operator.pick("两次提醒")
    dialog = await operator.screen(ScriptDialog)
    left = list(answers)
    while dialog._walk.outcome is None:
        await operator.press(left.pop(0) if dialog._walk.step.kind == "check" and left else "enter")
    await operator.press("enter")


@pytest.mark.parametrize("code", jurisdiction_codes())
async def test_who_goes_on_after_two_warnings_is_cut_off_and_a_lead_hears_of_it(sit: Sit, code: str) -> None:
    async with sit(code) as operator:
        await operator.take()
        await operator.write(ABUSE)
        await warn(operator, "n", "n")
        await operator.until(lambda: operator.call.marks)
        [mark] = operator.call.marks
        assert mark.ended
        assert mark.path[:2] == ("which:1", "warn_first:next")
        assert "告知班长" in operator.told
        if code in IN_ITS_LIST:
            assert isinstance(operator.outcome, Refused)
            assert operator.outcome.clause == IN_ITS_LIST[code]
        else:
            assert (operator.call.status, operator.call.reason) == ("invalid", "骚扰")
            assert mark.note == ABUSE
            await operator.until(lambda: not operator.seat.in_call)
            assert operator.draft is None


async def test_who_calms_down_goes_on_telling_and_nothing_is_marked(sit: Sit) -> None:
    async with sit("zhijiang") as operator:
        await operator.take()
        await operator.write(ABUSE)
        await warn(operator, "n", "y")
        await operator.until(lambda: say("script.resumed") in operator.told)
        assert operator.outcome is None
        assert operator.call.marks == ()
        assert operator.note.text == ABUSE


@pytest.mark.parametrize("code", ["", *jurisdiction_codes()])
def test_the_script_begins_at_the_first_warning_and_its_end_is_one_of_the_call(code: str) -> None:
    run = abusive.warning(begin(script_for(ABUSE_CLASS), code, load_book(code).parent if code else ""))
    assert run.step.id == "warn_first"
    again = run.answer("next").answer("no")
    assert again.step.id == "warn_second"
    ended = again.answer("next").answer("no").answer("next").answer("next")
    assert abusive.ends_call(ended)
    assert not abusive.ends_call(begin(script_for(ABUSE_CLASS), code).answer("2").answer("next"))


def test_the_alarm_names_seat_operator_and_for_how_long() -> None:
    told = alarm_text(Alarm("abuse:1", "abuse", 0, seat="12", operator="张三"), 5 * MINUTE)
    assert told.startswith("因辱骂结束通话  12号席 张三")


def test_the_reason_given_is_one_of_those_for_invalid_calls() -> None:
    assert say("abuse.reason") in house().invalid_reasons
