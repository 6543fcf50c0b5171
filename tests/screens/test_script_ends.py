"""What a script comes to at the seat: its outcome, what was told on the way, and what must not be kept."""

from __future__ import annotations

from agent_console.desk.calls import intake
from agent_console.domain.intake.outcomes import (
    Ended,
    FollowedUp,
    Interrupted,
    Refused,
    Transferred,
)
from knowledge.scripts.model import script_for
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.script import ScriptDialog
from screens.seat import SeatScreen

from ..conftest import Office
from ..support.stories import form
from .conftest import Sit
from .seating import Operator

FIRE = "五四路12号家里着火了，浓烟滚滚"
SHELLING = "部队打靶震裂了我家的墙"
LAMP = "五四路的路灯又不亮了"
SECRET = "绝密文件，导弹阵地在牛头山"


async def walk(operator: Operator, *keys: str) -> ScriptDialog:
    """Give these keys to the script that opens, then go on by Enter to its end; the end stays open."""
    dialog = await operator.screen(ScriptDialog)
    for key in keys:
        await operator.press(key)
    while dialog._walk.outcome is None:
        await operator.press("1" if dialog._walk.step.kind == "choice" else "enter")
    return dialog


def ground(dialog: ScriptDialog) -> str:
    """The second line of the window: what it rests on."""
    return dialog._ground


class TestTheLastEnter:
    async def test_it_ends_the_script_and_answers_nothing_that_is_asked_after_it(self, sit: Sit) -> None:
        async with sit() as operator:
            await operator.take()
            await operator.write(SHELLING)
            await operator.press("f5")
            await operator.pick("军")
            await walk(operator, "2")
            await operator.press("enter")
            asked = await operator.screen(ChoiceDialog)
            assert [choice.value for choice in asked._choices][:2] == ["人大", "政协"]
            assert not operator.matter.outcome
            await operator.pick("军队")
            await operator.until(lambda: operator.outcome)
            assert isinstance(operator.outcome, Refused)
            assert operator.outcome.told == {"institution": "军队"}

    async def test_of_two_like_orders_it_takes_none_unasked(self, sit: Sit, office: Office) -> None:
        numbers = [intake.raise_order(office().desk, "", "", form("fujian"), intake.Telling()).number for _ in range(2)]
        async with sit() as operator:
            await operator.take()
            await operator.write(LAMP)
            await operator.press("f5")
            await operator.pick("FJ-13.4")
            dialog = await walk(operator, "2", "1")
            await operator.press("enter")
            asked = await operator.screen(ChoiceDialog)
            assert {choice.value for choice in asked._choices} >= set(numbers)
            assert not operator.matter.outcome
            await operator.press("2")
            await operator.until(lambda: operator.outcome)
            followed = operator.outcome
            assert isinstance(followed, FollowedUp)
            assert followed.number == asked._choices[1].value
            guide = script_for("in_progress_or_duplicate")
            assert (followed.script, followed.script_version) == (guide.id, guide.version)
            assert followed.path == dialog._walk.path
            assert (followed.explained, followed.guided) == (True, True)


class TestBesideTheList:
    async def test_binzhou_warns_an_abusive_caller_by_its_article_8_and_ends_the_call(self, sit: Sit) -> None:
        async with sit("binzhou") as operator:
            await operator.take()
            await operator.write("你他妈的就是个废物")
            await operator.press("ctrl+r")
            dialog = await operator.screen(ScriptDialog)
            assert ground(dialog).startswith("BZ-8")
            await walk(operator, "enter", "2", "enter", "2")
            await operator.press("enter")
            await operator.until(lambda: not operator.seat.in_call)
            assert (operator.call.status, operator.call.reason) == ("invalid", "骚扰")
            assert [mark.mark for mark in operator.call.marks] == ["harassment"]

    async def test_binzhou_adds_a_repeat_to_its_order_whether_open_or_answered(self, sit: Sit, office: Office) -> None:
        number = intake.raise_order(office("binzhou").desk, "", "", form("binzhou"), intake.Telling()).number
        for state in ("1", "2"):
            async with sit("binzhou") as operator:
                await operator.take()
                await operator.write(LAMP)
                await operator.press("f5")
                await operator.pick("BZ-23.3")
                dialog = await operator.screen(ScriptDialog)
                assert ground(dialog).startswith("BZ-23.3")
                await walk(operator, "2", state)
                await operator.press("enter")
                await operator.pick("路灯")
                await operator.until(lambda: operator.calls[-1].matters[-1].outcome)
                followed = operator.calls[-1].matters[-1].outcome
                assert isinstance(followed, FollowedUp)
                assert followed.number == number
                await operator.press("f9")

    async def test_what_is_out_of_hebi_ends_explained_for_its_list_has_no_item(self, sit: Sit) -> None:
        async with sit("hebi") as operator:
            await operator.take()
            await operator.write("郑州的公交车不来")
            await operator.press("f5")
            await operator.pick("HB-2.2")
            dialog = await walk(operator)
            await operator.press("enter")
            await operator.until(lambda: operator.outcome)
            guide = script_for("out_of_area")
            assert operator.outcome == Ended(
                guide.id, guide.version, dialog._walk.path, "HB-2.2", explained=True, guided=True
            )
            assert operator.matter.chosen == "out_of_area"


async def test_of_a_secret_nothing_is_kept_when_the_caller_hangs_up_in_its_script(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(SECRET)
        await operator.saved()
        await operator.press("f5")
        await operator.pick("FJ-13.1")
        await operator.screen(ScriptDialog)
        await operator.press("enter")
        await operator.press("f8")
        await operator.until(lambda: operator.outcome)
        await operator.until(lambda: operator.on_top(SeatScreen))
        await operator.saved()
        gone = operator.outcome
        assert isinstance(gone, Interrupted)
        assert (gone.clause, operator.matter.chosen) == ("FJ-13.1", "secret")
        assert (operator.matter.note, operator.matter.words, operator.note.text) == ("", "", "")
        assert not operator.draft
        assert operator.desk.records.callbacks_owed() == 1


async def test_an_emergency_that_was_not_dismissed_opens_before_what_was_written_later(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("家里着火了，浓烟滚滚")
        operator.note.load_text("")
        await operator.write("科长收了老板的红包")
        assert operator.screening.alarm is not None
        await operator.press("ctrl+r")
        dialog = await operator.screen(ScriptDialog)
        assert dialog._walk.script.id == "fire_119"


class TestTheHandOverNote:
    async def test_number_and_place_stand_in_it_without_being_typed_again(self, sit: Sit) -> None:
        async with sit() as operator:
            await operator.take()
            await operator.write(FIRE)
            await operator.press("ctrl+r")
            dialog = await operator.screen(ScriptDialog)
            await operator.press("1")
            assert dialog._walk.step.field == "place"
            await operator.press("enter")
            await operator.press("enter")
            await operator.until(lambda: operator.outcome)
            handed = operator.outcome
            assert isinstance(handed, Transferred)
            assert handed.told == {"number": "13800138000", "place": "五四路12号"}

    async def test_what_is_typed_takes_the_place_of_what_the_note_said(self, sit: Sit) -> None:
        async with sit() as operator:
            await operator.take()
            await operator.write(FIRE)
            await operator.press("ctrl+r")
            await operator.screen(ScriptDialog)
            await operator.press("2")
            await operator.key_in("六一路3号")
            await operator.press("enter")
            await operator.press("enter")
            await operator.until(lambda: operator.outcome)
            assert isinstance(operator.outcome, Transferred)
            assert operator.outcome.told["place"] == "六一路3号"

    async def test_nobody_is_handed_over_without_a_word_on_where(self, sit: Sit) -> None:
        async with sit() as operator:
            await operator.take()
            await operator.write("家里着火了，浓烟滚滚")
            await operator.press("ctrl+r")
            dialog = await operator.screen(ScriptDialog)
            await operator.press("1")
            await operator.press("enter")
            assert dialog._walk.step.field == "place"
            assert "问不到写“不详”" in operator.screen_text


class TestTakenUpAfterAll:
    async def test_a_number_that_was_left_stands_with_the_caller_and_an_order_can_be_made(self, sit: Sit) -> None:
        async with sit("binzhou") as operator:
            await operator.take("")
            await operator.write("路灯不亮")
            await operator.press("f5")
            await operator.pick("BZ-6.5")
            await operator.screen(ScriptDialog)
            await operator.key_in("13711112222")
            await operator.press("enter")
            await operator.press("1")
            await operator.press("enter")
            await operator.until(lambda: operator.call.contact)
            await operator.until(lambda: operator.on_top(SeatScreen))
            assert (operator.call.contact, operator.call.number) == ("13711112222", "13711112222")
            assert not operator.matter.outcome
            assert operator.note.text == "路灯不亮"

    async def test_what_the_caller_told_in_the_script_stands_in_the_note(self, sit: Sit) -> None:
        async with sit("zhijiang") as operator:
            await operator.take()
            await operator.write("你们要管管")
            await operator.press("f5")
            await operator.pick("ZJ-11.4")
            await operator.screen(ScriptDialog)
            await operator.key_in("昨晚马家店路灯不亮")
            await operator.press("enter")
            await operator.press("1")
            await operator.press("enter")
            await operator.until(lambda: operator.on_top(SeatScreen))
            await operator.saved()
            assert operator.note.text == "你们要管管\n补充情况：昨晚马家店路灯不亮"
            assert operator.draft == operator.note.text
            assert not operator.matter.outcome


async def test_every_class_of_every_item_has_a_line_of_its_own(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.press("f5")
        dialog = await operator.screen(ChoiceDialog)
        lines = {(choice.value.rpartition(":")[2], choice.detail) for choice in dialog._choices}
        book = operator.seat.book
        assert lines >= {(name, item.clause) for item in book.refusals for name in item.classes if not item.emergency}
        await operator.pick("军队")
        opened = await operator.screen(ScriptDialog)
        assert opened._walk.script.id == "military"
