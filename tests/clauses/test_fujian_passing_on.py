"""Fujian: sending an order back, passing it on, and asking for more time."""

from __future__ import annotations

import pytest

from agent_console.desk.orders import handling
from agent_console.domain.people import Actor

from ..cli.conftest import Ask
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, facts
from .conftest import NewCase, missing

MONDAY = "2026-03-02T10:00+08:00"
UNIT_LEADER = Actor("陈局长", "unit_leader", "城市管理局")
REQUEST = {"basis": "三定方案", "suggestion": "水利局"}


@pytest.mark.clause("FJ-17.2")
def test_a_unit_sends_back_within_one_working_day_with_reason_and_basis(case: NewCase) -> None:
    order = case("fujian").dispatched(MONDAY)
    assert (order.due("return"), order.clause("return")) == ("2026-03-03T23:59:59+08:00", "FJ-17.2")
    assert missing(order.return_(without="reason")) == (("reason",), "FJ-17.2")
    assert missing(order.return_(without="basis")) == (("basis",), "FJ-17.2")
    assert blocked(order.return_(actor=OPERATOR)) == (("FJ-17.2",), "order.not_your_step")
    facts(order.return_("2026-03-03T23:59:59+08:00"))
    assert order.order.status == "returned"
    late = case("fujian").dispatched(MONDAY)
    assert blocked(late.return_("2026-03-04T00:00:00+08:00")) == (("FJ-17.2",), "order.return_too_late")
    signed = case("fujian").signed(MONDAY)
    assert blocked(signed.return_()) == (("FJ-17.2",), "order.return_after_signing")
    facts(case("fujian").dispatched(MONDAY).return_(actor=UNIT_LEADER))


@pytest.mark.clause("FJ-17.3")
def test_an_urgent_order_is_sent_back_at_once_and_is_red_from_its_arrival(case: NewCase) -> None:
    order = case("fujian").dispatched(MONDAY, urgency="urgent")
    clock = order.clocks["return"]
    assert (clock.immediate, clock.clause) == (True, "FJ-17.3")
    assert order.due("return") == "2026-03-02T10:00:00+08:00"
    assert missing(order.return_(without="reason"))[0] == ("reason",)
    facts(order.return_("2026-03-02T10:20+08:00"))
    assert case("fujian").dispatched(MONDAY).clocks["return"].immediate is False


@pytest.mark.clause("FJ-19.1")
def test_after_signing_the_unit_asks_at_once_with_basis_and_the_unit_it_proposes(case: NewCase, ask: Ask) -> None:
    order = case("fujian").signed(MONDAY)
    assert blocked(order.reassign("水利局", LEAD)) == (("FJ-19.1",), "duty.owed")
    assert missing(order.record("reassign_request", CLERK, suggestion="水利局")) == (("basis",), "FJ-19.1")
    assert missing(order.record("reassign_request", CLERK, basis="三定方案")) == (("suggestion",), "FJ-19.1")
    assert blocked(order.record("reassign_request", LEAD, **REQUEST)) == (("FJ-19.1",), "order.not_your_step")
    facts(order.record("reassign_request", CLERK, **REQUEST))
    facts(order.reassign("水利局", LEAD))
    assert order.order.lead == "水利局"
    assert blocked(order.reassign("公安局", LEAD)) == (("FJ-19.1",), "duty.owed")
    words = ("--jurisdiction=FJ", "--limit=return", f"--start={MONDAY}", "--start-event=finding_after_signing")
    found = ask("deadline", *words, "--json").json
    assert (found["immediate"], found["clause"]) == (True, "FJ-19.1")
    unsigned = case("fujian").dispatched(MONDAY)
    assert blocked(unsigned.record("reassign_request", CLERK, **REQUEST)) == (("FJ-19.1",), "record.not_now")


@pytest.mark.clause("FJ-19.2")
def test_the_platform_passes_the_order_on_and_the_chain_of_units_is_kept(case: NewCase) -> None:
    order = case("fujian").signed(MONDAY)
    facts(order.record("reassign_request", CLERK, **REQUEST))
    for actor in (CLERK, OPERATOR):
        assert blocked(order.reassign("水利局", actor)) == (("FJ-19.2",), "order.not_your_step")
    facts(order.reassign("水利局", CENTRE, "2026-03-04T10:00+08:00"))
    assert order.order.units == ("城市管理局", "水利局")
    facts(order.sign("2026-03-05T10:00+08:00", STRANGER))
    assert order.due() == "2026-03-19T23:59:59+08:00"
    assert blocked(order.complete(actor=CLERK))[1] == "order.not_your_order"


@pytest.mark.clause("FJ-20.6a")
def test_more_time_needs_a_written_application_and_the_consent_of_the_units_own_leader(case: NewCase) -> None:
    order = case("fujian").signed(MONDAY)
    for field in ("written_text", "leader", "consented_at"):
        assert missing(order.extend(3, without=field)) == ((field,), "FJ-20.6a")
    assert blocked(order.extend(3, actor=LEAD))[1] == "order.not_your_step"
    facts(order.extend(3))
    assert order.due() == "2026-03-19T23:59:59+08:00"


@pytest.mark.clause("FJ-20.6b")
@pytest.mark.parametrize(
    ("kind", "at", "granted"),
    [
        ("咨询", "2026-03-04T11:45:00+08:00", True),
        ("咨询", "2026-03-04T12:00:00+08:00", True),
        ("咨询", "2026-03-04T12:01:00+08:00", False),
        ("咨询", "2026-03-05T08:30:00+08:00", False),
        ("投诉", "2026-03-16T11:45:00+08:00", True),
        ("投诉", "2026-03-16T14:00:00+08:00", False),
    ],
)
def test_the_door_closes_half_a_working_day_before_the_end(case: NewCase, kind: str, at: str, granted: bool) -> None:
    order = case("fujian").signed(MONDAY, kind=kind)
    assert order.clause("extension_apply_by") == "FJ-20.6b"
    assert (
        order.due("extension_apply_by")
        == {
            "咨询": "2026-03-04T11:45:00+08:00",
            "投诉": "2026-03-16T11:45:00+08:00",
        }[kind]
    )
    decision = order.extend(1, at)
    if granted:
        facts(decision)
    else:
        assert blocked(decision)[0] == ("FJ-20.6b",)


@pytest.mark.clause("FJ-20.6c")
def test_the_platform_is_told_reason_new_date_and_explanation_and_has_nothing_to_approve(case: NewCase) -> None:
    order = case("fujian").signed(MONDAY)
    for field in ("reason", "explained_at"):
        assert missing(order.extend(3, without=field)) == ((field,), "FJ-20.6c")
    assert missing(order.extend(0)) == (("days",), "FJ-20.6c")
    for field in ("written_text", "leader", "consented_at"):
        assert missing(order.extend(3, without=field))[0] == (field,)
    facts(order.extend(3))
    assert order.order.extension_requested is None
    assert order.due() == "2026-03-19T23:59:59+08:00"
    decision = handling.decide_extension(order.desk(LEAD), order.id, granted=True, reason="")
    assert blocked(decision) == (("FJ-20.6c",), "order.no_extension_asked")


@pytest.mark.clause("FJ-20.6d")
@pytest.mark.parametrize(
    ("kind", "listed", "most", "due"),
    [
        ("咨询", False, 2, "2026-03-06"),
        ("投诉", False, 10, "2026-03-30"),
        ("投诉", True, 3, "2026-03-10"),
        ("建议", False, 5, "2026-03-16"),
        ("求助", False, 3, "2026-03-10"),
    ],
)
def test_all_extensions_together_are_no_longer_than_the_original_limit(
    case: NewCase, kind: str, listed: bool, most: int, due: str
) -> None:
    beyond = case("fujian").signed(MONDAY, kind=kind, listed=listed)
    assert blocked(beyond.extend(most + 1))[0] == ("FJ-20.6d",)
    facts(beyond.extend(1))
    assert blocked(beyond.extend(most))[0] == ("FJ-20.6d",)
    facts(beyond.extend(most - 1))
    assert beyond.due() == f"{due}T23:59:59+08:00"
    assert blocked(beyond.extend(1))[0] == ("FJ-20.6d",)
