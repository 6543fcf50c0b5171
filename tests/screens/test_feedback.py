"""Telling the editor what is wrong with an entry, on one key; and what was searched for on purpose."""

from __future__ import annotations

from agent_console.desk import articles
from agent_console.desk.calls import searches

from .conftest import Sit
from .seating import Operator
from .test_answers import searched


async def complain(operator: Operator, complaint: str, words: str) -> None:
    """Press the key, pick what is wrong, say it."""
    await operator.lead("v")
    await operator.pick(complaint)
    await operator.key_in(words)
    await operator.press("enter")
    await operator.until(lambda: "反馈已记下" in operator.told)


async def test_feedback_on_the_marked_answer_carries_the_call(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await searched(operator, "路灯")
        await operator.press("down", "down")
        marked = operator.answers.marked
        assert marked is not None
        assert marked != operator.answers.found[0]
        await complain(operator, "过时", "电话换了")
        [(entry, (given,))] = articles.complaints(operator.desk)
        assert (entry, given.version, given.complaint) == (marked.id, marked.version, "outdated")
        assert (given.words, given.call, given.by) == ("电话换了", operator.call.id, "张三")


async def test_without_a_marked_answer_it_is_on_the_one_that_is_shown(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.lead("v")
        assert "先在答案列表里选中一条" in operator.told
        await operator.write("路灯坏了归谁管")
        shown = operator.answers.found[0]
        await complain(operator, "有误", "")
        assert [entry for entry, _ in articles.complaints(operator.desk)] == [shown.id]


async def test_only_what_was_typed_into_the_search_line_counts_as_searched_for(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.write("木头桥收费")
        await operator.answered_by_heart()
        assert searches.gaps(operator.desk) == []
        await operator.press("f12")
        await operator.until(lambda: operator.seat.view is not None and operator.seat.view.matter is not None)
        await searched(operator, "木头桥年检")
        await operator.press("enter")
        await searched(operator, "木头桥收费")
        await operator.answered_by_heart()
        assert {gap.topic for gap in searches.gaps(operator.desk)} == {"木头桥年检", "木头桥收费"}
