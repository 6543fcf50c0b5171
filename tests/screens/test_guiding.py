"""What the note tells beside its class: a threat, words that were recognised, matters that came before."""

from __future__ import annotations

from agent_console.desk.calls import intake
from agent_console.domain.intake.outcomes import FollowedUp, Interrupted, Refused, Transferred
from agent_console.domain.work_order.order_numbers import grouped
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.script import ScriptDialog
from screens.widgets.history import HistoryPane

from ..conftest import Office
from ..support.stories import form
from .conftest import Sit
from .seating import NARROW, Operator

SUICIDE = "我不想活了，站在桥上"
LAMP = "五四路的路灯又不亮了"
SECRET = "某某单位的绝密文件内容是这样的"
OTHER = "13900139000"


def raised(office: Office) -> str:
    """Number of an order about a street lamp at 五四路 that another caller brought."""
    raising = intake.raise_order(office().desk, "", "", form("fujian"), intake.Telling())
    return raising.number


async def answered(operator: Operator, *keys: str) -> ScriptDialog:
    """Give these answers to the script that is open."""
    dialog = await operator.screen(ScriptDialog)
    for key in keys:
        if dialog._walk.step.kind == "ask" and key != "f8":
            await operator.key_in(key)
            await operator.press("enter")
        else:
            await operator.press(key)
    return dialog


async def test_a_threat_of_suicide_is_shown_in_red_and_its_script_opens_on_one_key(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(SUICIDE)
        assert "听到有人要轻生〔不想活〕" in operator.line("#screening")
        assert "^R 话术" in operator.line("#screening")
        assert operator.screening.has_class("emergency")
        await operator.press("ctrl+r")
        dialog = await answered(operator, "2", "望江桥上", "2", "没有", "enter", "enter", "enter")
        assert dialog._walk.script.id == "suicide_threat"
        await operator.until(lambda: operator.outcome)
        handed = operator.outcome
        assert isinstance(handed, Transferred)
        assert (handed.target, handed.way, handed.script) == ("120", "three_way", "suicide_threat")
        assert operator.matter.words == "望江桥上；没有"
        assert operator.matter.chosen == "medical_120"


async def test_a_threat_of_violence_is_reported_by_another_telephone_where_nobody_can_speak(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("邻居扬言要砍死我")
        await operator.press("ctrl+r")
        await answered(operator, "4", "东门口", "1", "enter", "刀", "enter", "enter")
        await operator.until(lambda: operator.outcome)
        handed = operator.outcome
        assert isinstance(handed, Transferred)
        assert (handed.target, handed.way, handed.script) == ("110", "reported", "violence_threat")


async def test_whoever_hangs_up_on_a_threat_is_owed_a_call_and_110_is_told_at_once(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(SUICIDE)
        await operator.press("ctrl+r")
        await answered(operator, "1", "f8")
        await operator.until(lambda: operator.outcome)
        assert isinstance(operator.outcome, Interrupted)
        assert operator.desk.records.callbacks_owed() == 1
        await operator.until(lambda: "马上把号码和位置报110" in operator.told)


async def test_a_threat_dims_but_stays_until_it_is_dismissed(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(SUICIDE)
        operator.note.load_text("")
        await operator.write(LAMP)
        assert "听到有人要轻生" in operator.line("#screening")
        assert operator.screening.has_class("dimmed")
        await operator.lead("e")
        await operator.until(lambda: "轻生" not in operator.line("#screening"))


async def test_the_scripts_for_threats_can_be_chosen_where_none_was_heard(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.press("f5")
        await operator.pick("有人要轻生")
        dialog = await operator.screen(ScriptDialog)
        assert dialog._walk.script.id == "suicide_threat"


async def test_every_proposal_stands_with_the_question_that_decides_it(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("朋友借我五万块钱不还")
        assert "问：这件事进了法院没有？" in operator.line("#screening")


async def test_the_words_it_rests_on_are_underlined_in_the_note_and_move_with_it(sit: Sit) -> None:
    async with sit(size=NARROW) as operator:
        await operator.take()
        await operator.write("先说路灯的事\n楼下有人拿刀打架")
        assert "拿刀" in "".join(operator.note.marked)
        underlined = [
            segment.text
            for y in range(operator.note.size.height)
            for segment in operator.note.render_line(y)
            if segment.style and segment.style.underline
        ]
        assert "刀" in "".join(underlined)
        assert "路灯" not in "".join(underlined)
        operator.note.load_text("五四路路灯不亮")
        assert operator.note.marked == []


async def test_an_edit_leaves_no_wrong_word_underlined(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("楼下有人拿刀打架")
        assert operator.note.marked
        operator.note.move_cursor((0, 0))
        operator.note.insert("啊")
        assert operator.note.marked == []
        await operator.looked_up()
        assert "刀" in "".join(operator.note.marked)


async def test_an_order_of_another_caller_comes_up_while_the_note_grows_and_takes_the_matter(
    sit: Sit, office: Office
) -> None:
    number = raised(office)
    async with sit() as operator:
        await operator.take(OTHER)
        await operator.write("市民反映")
        assert "疑似同一件事" not in operator.line("#history")
        await operator.write(LAMP)
        assert "疑似同一件事 1 件" in operator.line("#history")
        assert "同地点 同事由" in operator.line("#history")
        await operator.press("f7")
        dialog = await operator.screen(ChoiceDialog)
        assert dialog._choices[0].value == number
        await operator.press("1")
        await operator.until(lambda: operator.outcome)
        assert isinstance(operator.outcome, FollowedUp)
        assert operator.outcome.number == number
        assert [caller.call for caller in operator.desk.records.order(number).callers] == [operator.call.id]


async def test_on_a_small_screen_the_number_of_the_order_found_is_seen_whole(sit: Sit, office: Office) -> None:
    number = raised(office)
    async with sit(size=NARROW) as operator:
        await operator.take(OTHER)
        await operator.write(LAMP)
        await operator.until(lambda: grouped(number) in operator.screen_text)


async def test_before_a_second_order_is_made_the_first_is_pointed_out(sit: Sit, office: Office) -> None:
    raised(office)
    async with sit() as operator:
        await operator.take(OTHER)
        await operator.write(LAMP)
        await operator.form()
        assert "F7 可以并入" in operator.told


async def test_the_next_matter_begins_without_what_was_like_the_last(sit: Sit, office: Office) -> None:
    raised(office)
    async with sit() as operator:
        await operator.take(OTHER)
        await operator.write(LAMP)
        await operator.answered_by_heart()
        await operator.press("f12")
        await operator.until(lambda: operator.seat.view is not None and operator.seat.view.matter)
        assert operator.seat.earlier is None
        assert "疑似同一件事" not in operator.line("#history")


async def test_while_cut_off_it_says_since_when_others_were_not_looked_at(sit: Sit) -> None:
    async with sit() as operator:
        operator.seat.query_one(HistoryPane).cut_off_since(operator.app.clock.now())
        await operator.take(OTHER)
        await operator.write(LAMP)
        assert "断网：10:00:00 以后别处登记的没有比对" in operator.line("#history")


async def test_nothing_that_stood_for_a_secret_is_left_on_the_screen(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(SECRET)
        await operator.press("f5")
        await operator.pick("FJ-13.1")
        dialog = await operator.screen(ScriptDialog)
        while dialog._walk.outcome is None:
            await operator.press("enter")
        await operator.press("enter")
        await operator.until(lambda: operator.outcome)
        await operator.saved()
        assert isinstance(operator.outcome, Refused)
        operator.note.undo()
        assert (operator.note.text, operator.note.marked) == ("", [])
        assert operator.line("#screening") == ""
        assert operator.answers.found == ()
        assert "绝密" not in operator.screen_text
        assert not operator.draft
