"""The clocks that run on an order, each from its own start."""

from __future__ import annotations

import pytest

from agent_console.domain.instants import parse
from agent_console.domain.work_order.order_clocks import (
    dispatching,
    foreseen,
    handling,
    return_window,
    running,
    signing,
)
from agent_console.domain.work_order.order_steps import DispatchOrder, ReturnOrder, SignOrder
from tests.support.clock import MONDAY
from tests.support.rule_of import CLERK, FIVE, clock_of, context, facts
from tests.support.stories import RETURNING, SIGNING, OrderStory, form


def clocks(story: OrderStory) -> dict[str, str]:
    """Due time of every clock that runs on the order."""
    answer = running(story.order, context(story.jurisdiction, story.at))
    return {name: clock_of(deadline.due) for name, deadline in answer.items()}


@pytest.mark.clause("FJ-14.2")
def test_in_fujian_the_line_itself_has_one_working_day_to_dispatch() -> None:
    assert clocks(OrderStory.raised("fujian")) == {"dispatch": "2026-03-03T23:59:59+08:00"}


@pytest.mark.parametrize("jurisdiction", ["zhijiang", "binzhou", "hebi"])
def test_elsewhere_no_date_is_made_up_for_the_dispatch(jurisdiction: str) -> None:
    assert clocks(OrderStory.raised(jurisdiction)) == {}


@pytest.mark.clause("FJ-14.3")
@pytest.mark.clause("BZ-7.2b")
def test_an_urgent_order_is_to_be_dispatched_at_once() -> None:
    for jurisdiction in ("fujian", "binzhou"):
        deadline = dispatching(OrderStory.raised(jurisdiction, urgency="urgent").order, context(jurisdiction))
        assert (deadline.immediate, deadline.due) == (True, parse(MONDAY)), jurisdiction


def test_the_clock_of_the_line_starts_when_the_caller_spoke_not_when_the_form_was_saved() -> None:
    story = OrderStory.raised("fujian", received_at=parse("2026-02-27T16:00+08:00"))
    assert clocks(story) == {"dispatch": "2026-02-28T23:59:59+08:00"}, "a Saturday that was worked"


@pytest.mark.parametrize(
    ("jurisdiction", "expected"),
    [
        pytest.param(
            "fujian",
            {
                "return": "2026-03-03T23:59:59+08:00",
                "handle": "2026-03-16T23:59:59+08:00",
                "extension_apply_by": "2026-03-16T11:45:00+08:00",
            },
            marks=[pytest.mark.clause("FJ-17.2"), pytest.mark.clause("FJ-20.2a")],
        ),
        pytest.param(
            "zhijiang",
            {
                "sign": "2026-03-02T15:45:00+08:00",
                "return": "2026-03-04T23:59:59+08:00",
                "handle": "2026-03-09T23:59:59+08:00",
                "extension_apply_by": "2026-03-09T23:59:59+08:00",
            },
            marks=[pytest.mark.clause("ZJ-17.1a"), pytest.mark.clause("ZJ-17.1b"), pytest.mark.clause("ZJ-17.2a")],
        ),
        pytest.param(
            "binzhou",
            {
                "return": "2026-03-04T23:59:59+08:00",
                "handle": "2026-03-09T23:59:59+08:00",
                "extension_apply_by": "2026-03-06T23:59:59+08:00",
            },
            marks=[pytest.mark.clause("BZ-22.3"), pytest.mark.clause("BZ-22.2a")],
        ),
        pytest.param("hebi", {"handle": "2026-03-16T23:59:59+08:00"}, marks=pytest.mark.clause("HB-6.2.1.3a")),
        pytest.param(
            "fuzhou",
            {
                "return": "2026-03-03T23:59:59+08:00",
                "handle": "2026-03-16T23:59:59+08:00",
                "extension_apply_by": "2026-03-16T11:45:00+08:00",
            },
            marks=pytest.mark.clause("FZ-7.4"),
        ),
    ],
)
def test_the_clocks_of_an_order_in_the_inbox_of_its_unit(jurisdiction: str, expected: dict[str, str]) -> None:
    assert clocks(OrderStory.dispatched(jurisdiction)) == expected


@pytest.mark.clause("FJ-17.2")
def test_after_signing_only_the_doors_that_are_open_have_a_clock() -> None:
    assert set(clocks(OrderStory.signed("fujian"))) == {"handle", "extension_apply_by"}
    assert set(clocks(OrderStory.signed("zhijiang"))) == {"return", "handle", "extension_apply_by"}


@pytest.mark.parametrize("jurisdiction", FIVE)
def test_nothing_runs_on_an_order_that_is_completed(jurisdiction: str) -> None:
    assert clocks(OrderStory.completed(jurisdiction)) == {}


def test_an_order_that_came_back_runs_on_the_line() -> None:
    story = OrderStory.dispatched("fujian")
    facts(story.do(ReturnOrder(RETURNING["fujian"]), CLERK))
    assert set(clocks(story)) == {"dispatch"}


@pytest.mark.parametrize(
    ("jurisdiction", "signed", "due"),
    [
        pytest.param("fujian", "2026-03-04T09:00+08:00", "2026-03-18T23:59:59+08:00", id="fujian: from signing"),
        pytest.param("zhijiang", "2026-03-04T09:00+08:00", "2026-03-11T23:59:59+08:00", id="zhijiang: from signing"),
        pytest.param("binzhou", "2026-03-04T09:00+08:00", "2026-03-09T23:59:59+08:00", id="binzhou: from arrival"),
        pytest.param("hebi", "2026-03-04T09:00+08:00", "2026-03-16T23:59:59+08:00", id="hebi: from arrival"),
        pytest.param("fuzhou", "2026-03-04T09:00+08:00", "2026-03-18T23:59:59+08:00", id="fuzhou: from signing"),
    ],
)
@pytest.mark.clause("FJ-18.1")
@pytest.mark.clause("BZ-22.2a")
def test_the_handling_clock_starts_where_the_rule_book_starts_it(jurisdiction: str, signed: str, due: str) -> None:
    story = OrderStory.dispatched(jurisdiction)
    facts(story.do(SignOrder(SIGNING), CLERK, at=signed))
    assert clocks(story)["handle"] == due


def test_a_new_unit_has_a_new_limit() -> None:
    story = OrderStory.dispatched("binzhou")
    facts(story.do(ReturnOrder(RETURNING["binzhou"]), CLERK))
    facts(story.do(DispatchOrder("水利局"), at="2026-03-04T09:00+08:00"))
    assert clocks(story)["handle"] == "2026-03-11T23:59:59+08:00"


@pytest.mark.clause("HB-6.2.1.4a")
def test_joint_handling_in_hebi_has_fifteen_days_from_the_naming_of_the_lead() -> None:
    story = OrderStory.raised("hebi")
    facts(story.do(DispatchOrder("城市管理局", ("公安局",)), at="2026-03-04T09:00+08:00"))
    deadline = handling(story.order, context("hebi", "2026-03-04T09:00+08:00"))
    assert (clock_of(deadline.due), deadline.clause) == ("2026-03-25T23:59:59+08:00", "HB-6.2.1.4a")


@pytest.mark.clause("HB-6.3.2.1c")
def test_a_written_complaint_in_hebi_counts_from_its_receipt() -> None:
    story = OrderStory.signed(
        "hebi", channel="service_hall", form="written", received_at=parse("2026-02-27T09:00+08:00")
    )
    deadline = handling(story.order, context("hebi"))
    assert (clock_of(deadline.due), deadline.clause) == ("2026-03-05T23:59:59+08:00", "HB-6.3.2.1c")


@pytest.mark.clause("HB-6.2.0")
def test_the_website_of_hebi_has_the_limits_of_its_hotline() -> None:
    deadline = handling(OrderStory.signed("hebi", channel="12345_website").order, context("hebi"))
    assert (deadline.amount, deadline.clause) == (10, "HB-6.2.1.3a")


FORESEEN = [
    ("fujian", {"kind": "咨询"}, "2026-03-04T23:59:59+08:00", "FJ-20.1"),
    ("fujian", {"kind": "投诉"}, "2026-03-16T23:59:59+08:00", "FJ-20.2a"),
    ("fujian", {"kind": "投诉", "listed": True}, "2026-03-05T23:59:59+08:00", "FJ-20.2b"),
    ("fujian", {"kind": "建议"}, "2026-03-09T23:59:59+08:00", "FJ-20.3"),
    ("fujian", {"kind": "求助"}, "2026-03-05T23:59:59+08:00", "FJ-20.4a"),
    ("fujian", {"kind": "投诉", "urgency": "urgent"}, "2026-03-02T23:59:59+08:00", "FJ-20.5"),
    ("fujian", {"kind": "投诉", "simple": True}, "2026-03-02T23:59:59+08:00", "FJ-20.5"),
    ("fujian", {"kind": "投诉", "supporting": ("公安局",)}, "2026-03-16T23:59:59+08:00", "FJ-20.2a"),
    ("zhijiang", {"kind": "表扬"}, "2026-03-09T23:59:59+08:00", "ZJ-17.2a"),
    ("zhijiang", {"complexity": "complex"}, "2026-03-23T23:59:59+08:00", "ZJ-17.2b"),
    ("binzhou", {"kind": "其他"}, "2026-03-09T23:59:59+08:00", "BZ-22.2a"),
    ("hebi", {"channel": "online_platform"}, "2026-03-09T23:59:59+08:00", "HB-6.1.1d"),
    ("hebi", {"channel": "online_platform", "complexity": "complex"}, "2026-03-23T23:59:59+08:00", "HB-6.1.1e"),
    ("hebi", {"supporting": ("公安局",)}, "2026-03-23T23:59:59+08:00", "HB-6.2.1.4a"),
    ("hebi", {"channel": "service_hall", "kind": "建议"}, "2026-03-09T23:59:59+08:00", "HB-6.3.2.2"),
    ("fuzhou", {"kind": "举报"}, "2026-03-16T23:59:59+08:00", "FZ-7.4"),
    ("fuzhou", {"kind": "举报", "listed": True}, "2026-03-05T23:59:59+08:00", "FZ-7.5"),
    ("fuzhou", {"kind": "咨询"}, "2026-03-04T23:59:59+08:00", "FZ-7.3"),
]


@pytest.mark.parametrize(
    ("jurisdiction", "details", "due", "clause"),
    [pytest.param(*case, marks=pytest.mark.clause(case[3])) for case in FORESEEN],
)
def test_the_limit_is_seen_while_the_form_is_filled(
    jurisdiction: str, details: dict[str, object], due: str, clause: str
) -> None:
    basis = context(jurisdiction)
    deadline = foreseen(form(jurisdiction, **details), basis.rule_book, basis.calendar, basis.now)
    assert (clock_of(deadline.due), deadline.clause) == (due, clause)


def test_a_form_without_a_kind_promises_nothing_in_fujian() -> None:
    basis = context("fujian")
    assert foreseen(form("fujian", kind=""), basis.rule_book, basis.calendar, basis.now).due is None


def test_what_has_not_arrived_has_no_clock_of_the_unit() -> None:
    order = OrderStory.raised("zhijiang").order
    assert return_window(order, context("zhijiang")) is None
    assert signing(order, context("zhijiang")) is None


@pytest.mark.clause("FJ-17.3")
def test_the_return_of_an_urgent_order_is_red_from_its_receipt() -> None:
    window = return_window(OrderStory.dispatched("fujian", urgency="urgent").order, context("fujian"))
    assert window is not None
    assert (window.immediate, window.due, window.clause) == (True, parse(MONDAY), "FJ-17.3")


def test_reading_a_clock_moves_none() -> None:
    story = OrderStory.signed("zhijiang")
    story.at = "2026-03-06T10:00+08:00"
    assert clocks(story)["handle"] == "2026-03-09T23:59:59+08:00"
