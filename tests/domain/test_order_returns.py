"""Sending an order back: what it needs, until when, and who decides."""

from __future__ import annotations

import pytest

from agent_console.domain.decisions import Missing
from agent_console.domain.instants import parse
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_steps import (
    CompleteOrder,
    DecideReturn,
    DispatchOrder,
    ReturnOrder,
    SignOrder,
)
from agent_console.domain.work_order.orders import OrderReturned, ReturnRefused, ReturnRequested, evolve
from tests.support.clock import MONDAY
from tests.support.rule_of import BUREAU, CENTRE, CLERK, FIVE, LEAD, OPERATOR, STRANGER, blocked, facts
from tests.support.stories import RESULT, RETURNING, OrderStory


def asked_back() -> OrderStory:
    story = OrderStory.dispatched("zhijiang")
    facts(story.do(ReturnOrder({"reason": "不属本单位"}), CLERK))
    return story


@pytest.mark.parametrize(
    ("jurisdiction", "fields", "clause"),
    [
        pytest.param("fujian", ("reason", "basis"), "FJ-17.2", marks=pytest.mark.clause("FJ-17.2")),
        pytest.param("zhijiang", ("reason",), "ZJ-17.1b", marks=pytest.mark.clause("ZJ-17.1b")),
        pytest.param("binzhou", ("reason", "basis", "suggestion"), "BZ-22.3", marks=pytest.mark.clause("BZ-22.3")),
        pytest.param("fuzhou", ("reason", "basis"), "FJ-17.2"),
    ],
)
def test_a_return_says_why(jurisdiction: str, fields: tuple[str, ...], clause: str) -> None:
    story = OrderStory.dispatched(jurisdiction)
    assert story.do(ReturnOrder({}), CLERK) == Missing(fields, clause)
    blank = dict.fromkeys(RETURNING[jurisdiction], " ")
    assert story.do(ReturnOrder(blank), CLERK) == Missing(fields, clause)
    facts(story.do(ReturnOrder(RETURNING[jurisdiction]), CLERK))


def test_hebi_asks_for_nothing_its_text_does_not_ask_for() -> None:
    facts(OrderStory.dispatched("hebi").do(ReturnOrder({}), CLERK))


@pytest.mark.parametrize("jurisdiction", ["fujian", "binzhou", "hebi", "fuzhou"])
def test_a_return_takes_effect_where_nobody_has_to_decide_it(jurisdiction: str) -> None:
    story = OrderStory.dispatched(jurisdiction)
    [returned] = facts(story.do(ReturnOrder(RETURNING[jurisdiction]), CLERK))
    assert returned == OrderReturned("城市管理局", RETURNING[jurisdiction], parse(MONDAY))
    assert story.order.status == "returned"
    facts(story.do(DispatchOrder("水利局")))
    assert story.order.lead == "水利局"


@pytest.mark.parametrize(
    ("jurisdiction", "last", "too_late", "clause"),
    [
        pytest.param(
            "fujian",
            "2026-03-03T23:59:59.9+08:00",
            "2026-03-04T00:00:00+08:00",
            "FJ-17.2",
            marks=pytest.mark.clause("FJ-17.2"),
        ),
        pytest.param(
            "zhijiang",
            "2026-03-04T23:59:59.9+08:00",
            "2026-03-05T00:00:00+08:00",
            "ZJ-17.1b",
            marks=pytest.mark.clause("ZJ-17.1b"),
        ),
        pytest.param(
            "binzhou",
            "2026-03-04T23:59:59.9+08:00",
            "2026-03-05T00:00:00+08:00",
            "BZ-22.3",
            marks=pytest.mark.clause("BZ-22.3"),
        ),
        pytest.param("fuzhou", "2026-03-03T23:59:59.9+08:00", "2026-03-04T00:00:00+08:00", "FJ-17.2"),
    ],
)
def test_the_door_is_open_to_the_end_of_its_last_day(jurisdiction: str, last: str, too_late: str, clause: str) -> None:
    command = ReturnOrder(RETURNING[jurisdiction])
    facts(OrderStory.dispatched(jurisdiction).do(command, CLERK, at=last))
    decision = OrderStory.dispatched(jurisdiction).do(command, CLERK, at=too_late)
    assert blocked(decision) == ((clause,), "order.return_too_late")


def test_hebi_sets_no_last_day_for_a_return() -> None:
    facts(OrderStory.dispatched("hebi").do(ReturnOrder({}), CLERK, at="2026-03-31T10:00+08:00"))


@pytest.mark.clause("FJ-17.3")
def test_an_urgent_order_can_still_be_sent_back_though_its_return_is_red_from_the_start() -> None:
    story = OrderStory.dispatched("fujian", urgency="urgent")
    facts(story.do(ReturnOrder(RETURNING["fujian"]), CLERK, at="2026-03-02T10:30+08:00"))


@pytest.mark.parametrize("jurisdiction", ["fujian", "fuzhou"])
@pytest.mark.clause("FJ-17.2")
@pytest.mark.clause("FJ-19.1")
def test_in_fujian_the_door_is_closed_once_the_unit_has_signed(jurisdiction: str) -> None:
    decision = OrderStory.signed(jurisdiction).do(ReturnOrder(RETURNING[jurisdiction]), CLERK)
    assert blocked(decision) == (("FJ-17.2",), "order.return_after_signing")


@pytest.mark.parametrize("jurisdiction", ["zhijiang", "binzhou", "hebi"])
@pytest.mark.clause("ZJ-17.1b")
def test_elsewhere_signing_does_not_close_the_door(jurisdiction: str) -> None:
    facts(OrderStory.signed(jurisdiction).do(ReturnOrder(RETURNING[jurisdiction]), CLERK))


@pytest.mark.clause("ZJ-17.1c")
def test_in_zhijiang_the_line_decides_a_return() -> None:
    story = OrderStory.dispatched("zhijiang")
    [asked] = facts(story.do(ReturnOrder({"reason": "不属本单位"}), CLERK))
    assert asked == ReturnRequested("城市管理局", {"reason": "不属本单位"}, parse(MONDAY))
    assert (story.order.status, story.order.return_requested) == ("dispatched", True)


@pytest.mark.parametrize("actor", [CENTRE, LEAD])
@pytest.mark.clause("ZJ-17.1c")
def test_a_return_that_is_granted_brings_the_order_back(actor: Actor) -> None:
    story = asked_back()
    facts(story.do(DecideReturn(granted=True), actor))
    assert (story.order.status, story.order.return_requested) == ("returned", False)


@pytest.mark.parametrize("actor", [OPERATOR, CLERK, BUREAU])
def test_nobody_else_decides_a_return(actor: Actor) -> None:
    assert blocked(asked_back().do(DecideReturn(granted=True), actor)) == (("ZJ-17.1c",), "order.not_your_step")


def test_refusing_a_return_needs_a_reason() -> None:
    assert asked_back().do(DecideReturn(granted=False, reason=" "), CENTRE) == Missing(("reason",), "ZJ-17.1c")


@pytest.mark.clause("ZJ-17.1c")
def test_a_refused_return_is_not_repeated() -> None:
    story = asked_back()
    [refused] = facts(story.do(DecideReturn(granted=False, reason="属贵局职责"), CENTRE))
    assert refused == ReturnRefused("属贵局职责", parse(MONDAY))
    again = story.do(ReturnOrder({"reason": "不属本单位"}), CLERK)
    assert blocked(again) == (("ZJ-17.1c",), "order.return_refused_before")


@pytest.mark.clause("ZJ-17.1c")
def test_a_refused_return_starts_no_clock_anew() -> None:
    story = OrderStory.dispatched("zhijiang")
    arrived = story.order.received_at
    facts(story.do(ReturnOrder({"reason": "不属本单位"}), CLERK, at="2026-03-03T10:00+08:00"))
    facts(story.do(DecideReturn(granted=False, reason="属贵局职责"), CENTRE, at="2026-03-03T16:00+08:00"))
    assert (story.order.status, story.order.received_at, story.order.due) == ("dispatched", arrived, 0)


def test_another_unit_may_ask_though_the_first_was_refused() -> None:
    story = asked_back()
    facts(story.do(DecideReturn(granted=False, reason="属贵局职责"), CENTRE))
    story.order = evolve(story.order, OrderReturned("城市管理局", {}, parse(MONDAY)))
    facts(story.do(DispatchOrder("水利局")))
    facts(story.do(ReturnOrder({"reason": "不属本单位"}), STRANGER))


def test_while_a_return_waits_nothing_is_sent_back_or_completed() -> None:
    story = asked_back()
    assert blocked(story.do(ReturnOrder({"reason": "再退"}), CLERK)) == (("ZJ-17.1c",), "order.return_waits")
    facts(story.do(SignOrder({}), CLERK))
    decision = story.do(CompleteOrder(RESULT["zhijiang"]), CLERK)
    assert blocked(decision) == (("ZJ-19.1",), "order.return_waits")


@pytest.mark.parametrize("jurisdiction", FIVE)
def test_an_order_that_came_back_waits_for_its_next_unit(jurisdiction: str) -> None:
    story = OrderStory.dispatched(jurisdiction)
    facts(story.do(ReturnOrder(RETURNING[jurisdiction]), CLERK))
    if story.order.return_requested:
        facts(story.do(DecideReturn(granted=True), CENTRE))
    assert blocked(story.do(SignOrder({}), CLERK))[1] == "order.step_not_now.returned"
    facts(story.do(DispatchOrder("水利局")))
    assert story.order.units == ("城市管理局", "水利局")
