"""The answers beside the note, and the screening line above them."""

from __future__ import annotations

from textual.widgets import Input, OptionList

from agent_console.domain.intake.outcomes import Answered
from screens.dialogs.choice import ChoiceDialog

from .conftest import Sit
from .seating import Operator

EMERGENCY = "楼下有人拿刀打架"


def titles(operator: Operator) -> list[str]:
    return [answer.title for answer in operator.answers.found]


async def searched(operator: Operator, typed: str) -> list[str]:
    await operator.lead("k")
    operator.answers.query_one("#search", Input).value = ""
    await operator.key_in(typed)
    await operator.looked_up()
    return titles(operator)


async def test_answers_come_while_the_note_is_written(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        assert titles(operator) == []
        await operator.write("路灯坏了归谁管")
        assert any("路灯" in title for title in titles(operator)[:3])


async def test_the_search_line_understands_characters_pinyin_and_initials(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        for typed in ("路灯", "ludeng", "zdljld"):
            found = await searched(operator, typed)
            assert any("路灯" in title for title in found[:3]), typed


async def test_the_answers_do_not_change_under_the_hands_of_somebody_in_the_list(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await searched(operator, "路灯")
        shown = titles(operator)
        await operator.press("down")
        await operator.until(lambda: operator.answers.query_one("#hits", OptionList).has_focus)
        operator.answers.query_one("#search", Input).value = "着火"
        await operator.looked_up()
        assert titles(operator) == shown
        assert operator.answers.has_class("newer")
        await operator.lead("e")
        await operator.until(lambda: titles(operator) != shown)
        assert "着火" in titles(operator)[0]


async def test_enter_on_an_answer_offers_it_first_as_the_outcome(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("路灯坏了归谁管")
        second = operator.answers.found[1]
        await operator.lead("k")
        await operator.press("down", "down", "enter")
        await operator.screen(ChoiceDialog)
        await operator.press("enter")
        await operator.until(lambda: operator.outcome)
        assert operator.outcome == Answered(second.id, second.version)


async def test_escape_leads_back_from_the_answers_to_the_note(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("路灯坏了归谁管")
        await operator.lead("k")
        await operator.press("down", "escape")
        await operator.until(lambda: operator.note.has_focus)
        await operator.key_in("？")
        assert operator.note.text == "路灯坏了归谁管？"


async def test_nothing_is_judged_before_anything_was_written(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.looked_up()
        assert operator.line("#screening") == ""
        await operator.write("路灯不亮")
        assert operator.line("#screening") == "可受理"


async def test_an_emergency_turns_the_line_red_with_clause_and_words(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(EMERGENCY)
        assert operator.screening.has_class("emergency")
        assert "明确 转110 警情 FJ-13.6" in operator.line("#screening")
        assert "刀" in operator.line("#screening")


async def test_an_emergency_that_is_written_over_dims_but_stays(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(EMERGENCY)
        operator.note.load_text("小区门口路灯不亮")
        await operator.looked_up()
        assert not operator.screening.has_class("emergency")
        assert operator.screening.has_class("dimmed")
        assert "转110 警情" in operator.line("#screening")
        operator.note.load_text("")
        await operator.looked_up()
        assert operator.screening.has_class("dimmed")


async def test_an_emergency_is_dismissed_only_on_purpose(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(EMERGENCY)
        operator.note.load_text("小区门口路灯不亮")
        await operator.looked_up()
        await operator.lead("k")
        await operator.lead("e")
        assert operator.screening.has_class("dimmed")
        await operator.lead("e")
        await operator.until(lambda: not operator.screening.has_class("dimmed"))
        assert operator.line("#screening") == "可受理"


async def test_the_next_matter_begins_with_a_calm_line(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write(EMERGENCY)
        await operator.answered_by_heart()
        await operator.looked_up()
        assert operator.line("#screening") == ""
        assert not operator.screening.has_class("emergency", "dimmed")


async def test_a_selected_answer_stays_where_it_is_while_the_note_goes_on(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("路灯坏了归谁管")
        shown = titles(operator)
        await operator.lead("k")
        await operator.press("down", "down", "escape")
        await operator.until(lambda: operator.note.has_focus)
        await operator.write("，还有楼道着火了")
        assert titles(operator) == shown
        assert operator.answers.marked is not None
        assert operator.answers.has_class("newer")
        await operator.lead("k")
        await operator.until(lambda: titles(operator) != shown)
        assert not operator.answers.has_class("newer")
