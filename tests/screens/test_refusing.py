"""No refusal without explanation and guidance; an emergency is handed over first and asked about later."""

from __future__ import annotations

from agent_console.domain.intake.outcomes import Interrupted, Refused, Transferred
from knowledge.scripts.model import script_for
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.script import ScriptDialog
from screens.seat import SeatScreen

from .conftest import Sit
from .seating import Operator

DEBT = "朋友借我五万块钱不还"
EMERGENCY = "楼下有人拿刀打架"


async def step(operator: Operator, text: str) -> None:
    """Wait until the script says this."""
    await operator.until(lambda: text in str(operator.app.screen.query("#script-step").first().render()))


async def say_on(operator: Operator, *keys: str) -> None:
    """One key after the other, each once the step before has settled."""
    for key in keys:
        await operator.press(key)


async def test_a_refusal_keeps_its_clause_its_script_and_the_way_through_it(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(DEBT)
        await operator.press("f5")
        await operator.screen(ChoiceDialog)
        await operator.press("1")
        dialog = await operator.screen(ScriptDialog)
        while dialog._walk.outcome is None:
            await operator.press("enter" if dialog._walk.step.kind != "choice" else "1")
        await operator.press("enter")
        await answer_what_is_needed(operator)
        refused = operator.outcome
        assert isinstance(refused, Refused)
        assert (refused.clause, refused.screening_class, refused.script) == ("FJ-13.3", "litigation", "litigation")
        assert refused.explained
        assert refused.guided
        assert len(refused.path) >= 2
        assert operator.matter.note == DEBT


async def answer_what_is_needed(operator: Operator) -> None:
    """Fill in what the item asks the record to carry, where it asks for something."""
    await operator.until(lambda: operator.on_top(AskDialog) or operator.outcome)
    if operator.on_top(AskDialog):
        await operator.press("enter")
    await operator.until(lambda: operator.outcome)


async def test_a_script_left_half_way_records_nothing(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(DEBT)
        facts = operator.facts
        await operator.press("f5")
        await operator.screen(ChoiceDialog)
        await operator.press("1")
        await operator.screen(ScriptDialog)
        await say_on(operator, "enter", "f9")
        await operator.until(lambda: operator.on_top(SeatScreen))
        assert operator.outcome is None
        assert operator.facts == facts
        assert operator.note.text == DEBT


async def test_an_item_without_a_script_is_not_refused_before_both_duties_are_done(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("说不清的事情")
        await operator.press("f5")
        await operator.pick("FJ-13.8")
        await operator.screen(AskDialog)
        await operator.key_in("依法不能受理")
        await operator.press("enter")
        await operator.pick("已说明")
        await operator.pick("还没有")
        await operator.until(lambda: "还缺：已告知途径" in operator.told)
        assert not operator.matter.outcome
        await operator.press("f5")
        await operator.pick("FJ-13.8")
        await operator.screen(AskDialog)
        await operator.key_in("依法不能受理")
        await operator.press("enter")
        await operator.pick("已说明")
        await operator.pick("已告知")
        await operator.until(lambda: operator.outcome)
        refused = operator.outcome
        assert isinstance(refused, Refused)
        assert (refused.clause, refused.reason) == ("FJ-13.8", "依法不能受理")


async def test_of_a_secret_only_category_and_time_are_kept(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("某某单位的绝密文件内容是这样的")
        await operator.saved()
        await operator.press("f5")
        await operator.pick("FJ-13.1")
        dialog = await operator.screen(ScriptDialog)
        while dialog._walk.outcome is None:
            await operator.press("enter")
        await operator.press("enter")
        await operator.until(lambda: operator.outcome)
        await operator.saved()
        assert isinstance(operator.outcome, Refused)
        assert operator.outcome.clause == "FJ-13.1"
        assert (operator.matter.note, operator.matter.words) == ("", "")
        assert operator.note.text == ""
        assert not operator.draft
        assert len(operator.call.matters) == 1


async def test_an_emergency_is_handed_over_first_and_asked_about_later(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(EMERGENCY)
        await operator.lead("s")
        dialog = await operator.screen(ScriptDialog)
        assert dialog.has_class("urgent")
        await operator.press("1")
        await step(operator, "什么位置")
        await operator.key_in("五四路某某店门口")
        await operator.press("enter")
        await operator.press("enter")
        await operator.until(lambda: operator.outcome)
        handed = operator.outcome
        assert isinstance(handed, Transferred)
        assert (handed.target, handed.way, handed.script) == ("110", "transfer", "police_110")
        assert operator.matter.words == "五四路某某店门口"
        assert operator.matter.note == EMERGENCY


async def test_a_key_the_step_does_not_take_changes_nothing(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(EMERGENCY)
        await operator.lead("s")
        dialog = await operator.screen(ScriptDialog)
        before = dialog._walk
        await say_on(operator, "enter", "9", "x", "space")
        assert dialog._walk == before
        assert operator.app.screen is dialog


async def test_a_check_is_answered_by_digits_too_for_an_input_method_eats_letters(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.press("f5")
        await operator.pick("FJ-13.1")
        dialog = await operator.screen(ScriptDialog)
        while dialog._walk.step.kind != "check":
            await operator.press("enter")
        asked = dialog._walk
        await operator.press("2")
        assert dialog._walk.path[-1] == f"{asked.step.id}:no"


async def test_a_caller_who_hangs_up_in_the_script_is_interrupted_and_nothing_is_ticked(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(EMERGENCY)
        await operator.lead("s")
        await operator.screen(ScriptDialog)
        await operator.press("f8")
        await operator.until(lambda: operator.outcome)
        gone = operator.outcome
        assert isinstance(gone, Interrupted)
        assert (gone.script, gone.script_version) == ("police_110", script_for("police_110").version)
        assert gone.path == ("hand_over:hangup",)
        assert operator.desk.records.callbacks_owed() == 1


async def test_a_caller_who_hangs_up_once_they_were_handed_over_was_handed_over(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(EMERGENCY)
        await operator.lead("s")
        await operator.screen(ScriptDialog)
        await say_on(operator, "1", "f8")
        await operator.until(lambda: operator.outcome)
        handed = operator.outcome
        assert isinstance(handed, Transferred)
        assert handed.path == ("hand_over:1", "where:hangup")
        assert operator.desk.records.callbacks_owed() == 0


async def test_without_a_proposal_the_script_key_offers_every_item_of_the_list(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("五四路路灯不亮")
        await operator.lead("s")
        dialog = await operator.screen(ChoiceDialog)
        clauses = {choice.detail for choice in dialog._choices}
        assert clauses - {item.clause for item in operator.seat.book.refusals} == {"FJ-6.3"}


async def test_what_was_proposed_stands_first_in_the_list(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(DEBT)
        await operator.press("f5")
        dialog = await operator.screen(ChoiceDialog)
        assert dialog._choices[0].value == "litigation"
