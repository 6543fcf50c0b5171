"""Binzhou: five working days, sending back, and more time for what is especially complex."""

from __future__ import annotations

import pytest

from agent_console.desk.orders import handling
from agent_console.domain.decisions import Decision, NeedsOverride
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_steps import CompleteOrder, DecideExtension, ExtendOrder, ReturnOrder

from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, clock_of, facts
from .conftest import Case, NewCase, allowed, missing

UNIT_LEADER = Actor("局长", "unit_leader", "城市管理局")
FIFTH_DAY = "2026-03-09T23:59:59+08:00"
RESULT = {"result": "已修好", "answered_at": "2026-03-03", "reported_at": "2026-03-03", "acceptance": "accepted"}
TOLD = {"extended_by": "3个工作日", "reason": "备件未到", "told_at": "2026-03-04T10:00+08:00"}


def decided(order: Case, *, granted: bool = True, actor: Actor = BUREAU, at: str = "", **more: object) -> Decision:
    """Whoever consents decides the extension that was asked for."""
    return order.do(DecideExtension(granted, **more), actor, at)  # type: ignore[arg-type]


@pytest.mark.clause("BZ-22.2a")
@pytest.mark.parametrize("kind", ["咨询", "求助", "投诉", "意见建议", "其他"])
@pytest.mark.parametrize("channel", ["phone", "mailbox", "other"])
def test_every_kind_by_every_channel_is_due_five_working_days_after_the_unit_got_it(
    case: NewCase, kind: str, channel: str
) -> None:
    order = case("binzhou").dispatched("2026-03-02T10:00+08:00", kind=kind, channel=channel)
    assert (order.due(), order.clause()) == (FIFTH_DAY, "BZ-22.2a")


@pytest.mark.clause("BZ-22.2a")
@pytest.mark.parametrize(
    ("arrival", "due"),
    [
        ("2026-02-13T17:00+08:00", "2026-02-27T23:59:59+08:00"),  # 14 February is a working Saturday, 15 to 23 are off
        ("2026-04-02T09:00+08:00", "2026-04-10T23:59:59+08:00"),  # 4 to 6 April are off
        ("2026-03-07T23:30+08:00", "2026-03-13T23:59:59+08:00"),  # a Saturday night
    ],
)
def test_holidays_are_skipped_and_signing_later_moves_nothing(case: NewCase, arrival: str, due: str) -> None:
    order = case("binzhou").dispatched(arrival)
    assert order.due() == due
    facts(order.sign(at=due))
    assert order.due() == due


@pytest.mark.clause("BZ-22.2a")
@pytest.mark.parametrize("actor", [CLERK, UNIT_LEADER])
def test_the_clock_stops_when_it_is_handled_and_the_caller_answered_and_the_line_informed(
    case: NewCase, actor: Actor
) -> None:
    order = case("binzhou").dispatched()
    assert not allowed(order.sign(actor=OPERATOR))
    facts(order.sign(actor=actor))
    four = ("result", "answered_at", "reported_at", "acceptance")
    assert missing(order.do(CompleteOrder({}), actor))[0] == four
    for field in four:
        rest = {name: value for name, value in RESULT.items() if name != field}
        assert missing(order.do(CompleteOrder(rest), actor))[0] == (field,)
        assert "handle" in order.clocks
    facts(order.do(CompleteOrder(RESULT), actor))
    assert order.clocks == {}


@pytest.mark.clause("BZ-22.2f")
@pytest.mark.parametrize(
    ("amount", "unit", "due"),
    [(30, "natural_day", "2026-04-01T23:59:59+08:00"), (3, "working_day", "2026-03-05T23:59:59+08:00")],
)
def test_a_limit_set_by_law_takes_the_place_of_the_five_days_longer_or_shorter(
    case: NewCase, amount: int, unit: str, due: str
) -> None:
    law = {"statutory_amount": amount, "statutory_unit": unit, "statutory_source": "某法第十条"}
    order = case("binzhou").dispatched("2026-03-02T10:00+08:00", **law)
    assert (order.due(), order.clause()) == (due, "BZ-22.2f")
    nameless = case("binzhou").dispatched("2026-03-02T10:00+08:00", **{**law, "statutory_source": ""})
    assert (nameless.due(), nameless.clause()) == (FIFTH_DAY, "BZ-22.2a")


@pytest.mark.clause("BZ-22.3")
def test_an_order_that_is_not_the_units_goes_back_within_two_working_days_with_three_things_said(
    case: NewCase,
) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00")
    assert (order.due("return"), order.clause("return")) == ("2026-03-04T23:59:59+08:00", "BZ-22.3")
    assert missing(order.do(ReturnOrder({}), CLERK)) == (("reason", "basis", "suggestion"), "BZ-22.3")
    for field in ("reason", "basis", "suggestion"):
        assert missing(order.return_(without=field)) == ((field,), "BZ-22.3")
    assert blocked(order.return_(actor=OPERATOR)) == (("BZ-22.3",), "order.not_your_step")
    assert blocked(order.return_(actor=STRANGER)) == (("BZ-22.3",), "order.not_your_order")
    facts(order.return_(at="2026-03-04T23:59:59+08:00", actor=UNIT_LEADER))
    assert order.order.status == "returned"


@pytest.mark.clause("BZ-22.3")
@pytest.mark.parametrize("signed", [True, False])
def test_from_the_third_day_on_it_stays_where_it_is(case: NewCase, signed: bool) -> None:
    order = case("binzhou").dispatched("2026-03-02T10:00+08:00")
    if signed:
        facts(order.sign())
    assert blocked(order.return_(at="2026-03-05T00:00+08:00")) == (("BZ-22.3",), "order.return_too_late")


@pytest.mark.clause("BZ-22.2b")
@pytest.mark.parametrize("complexity", ["", "general", "complex"])
def test_nothing_but_an_especially_complex_matter_gets_more_time(case: NewCase, complexity: str) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00", complexity=complexity)
    assert blocked(order.extend(3)) == (("BZ-22.2b",), "reason.no_ground")
    assert order.order.extension_requested is None


@pytest.mark.clause("BZ-22.2b")
def test_the_unit_asks_for_it_no_later_than_the_working_day_before_the_due_date(case: NewCase) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00", complexity="especially_complex")
    assert (order.due("extension_apply_by"), order.clause("extension_apply_by")) == (
        "2026-03-06T23:59:59+08:00",
        "BZ-22.2b",
    )
    for actor in (OPERATOR, LEAD, BUREAU):
        assert blocked(order.extend(3, actor=actor)) == (("BZ-22.2b",), "order.not_your_step")
    assert blocked(order.extend(3, at="2026-03-07T00:00+08:00")) == (("BZ-22.2b",), "reason.late")
    facts(order.extend(3, at="2026-03-06T23:59:59+08:00", actor=UNIT_LEADER))
    # days and reason stand on the form of the step
    other = case("binzhou").signed("2026-03-02T10:00+08:00", complexity="especially_complex")
    assert missing(other.do(ExtendOrder(0, {}), CLERK)) == (("reason", "days"), "BZ-22.2d")


@pytest.mark.clause("BZ-22.2c")
def test_the_mayors_line_consents_and_the_new_due_date_is_the_one_applied_for(case: NewCase) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00", complexity="especially_complex")
    facts(order.extend(3, at="2026-03-04T09:00+08:00"))
    assert order.due() == FIFTH_DAY
    for actor in (CLERK, UNIT_LEADER, OPERATOR, LEAD, CENTRE):
        assert blocked(decided(order, actor=actor))[1] == "order.not_your_step"
    facts(decided(order, at="2026-03-05T09:00+08:00"))
    assert order.due() == "2026-03-12T23:59:59+08:00"
    assert order.order.extended_days == 3


@pytest.mark.clause("BZ-22.2b")
@pytest.mark.clause("BZ-22.2c")
def test_without_consent_the_due_date_stays_and_the_refusal_has_a_reason(case: NewCase) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00", complexity="especially_complex")
    facts(order.extend(3))
    assert missing(decided(order, granted=False)) == (("reason",), "BZ-22.2b")
    facts(decided(order, granted=False, reason="不属特别复杂"))
    assert order.due() == FIFTH_DAY
    assert order.order.extension_requested is None


@pytest.mark.clause("BZ-22.2d")
def test_length_and_reason_of_every_extension_are_told_to_the_caller_before_the_order_can_end(case: NewCase) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00", complexity="especially_complex")
    assert blocked(order.record("extension_told", CLERK, **TOLD)) == (("BZ-22.2d",), "record.not_this_order")
    facts(order.extend(3, at="2026-03-03T09:00+08:00"))
    assert order.owes == {}
    facts(decided(order, at="2026-03-03T10:00+08:00"))
    assert order.owes == {"extension_told": False}
    assert blocked(order.complete()) == (("BZ-22.2d",), "duty.owed")
    assert missing(order.record("extension_told", CLERK)) == (("extended_by", "reason", "told_at"), "BZ-22.2d")
    assert blocked(order.record("extension_told", OPERATOR, **TOLD)) == (("BZ-22.2d",), "order.not_your_step")
    facts(order.record("extension_told", CLERK, at="2026-03-03T11:00+08:00", **TOLD))
    assert order.owes == {}
    facts(order.extend(2, at="2026-03-04T09:00+08:00"))
    facts(decided(order, at="2026-03-04T10:00+08:00"))
    assert order.owes == {"extension_told": False}
    facts(order.record("extension_told", UNIT_LEADER, at="2026-03-04T11:00+08:00", **TOLD))
    assert allowed(order.complete())


@pytest.mark.clause("BZ-22.2e")
def test_ten_working_days_in_all_are_ordinary_and_more_only_on_a_recorded_override(case: NewCase) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00", complexity="especially_complex")
    facts(order.extend(6))
    facts(decided(order))
    facts(order.extend(4))
    facts(decided(order))
    assert order.due() == "2026-03-23T23:59:59+08:00"
    facts(order.extend(1))
    beyond = decided(order)
    assert isinstance(beyond, NeedsOverride)
    assert (beyond.role, beyond.clause) == ("bureau", "BZ-22.2e")
    facts(decided(order, override=True))
    assert order.due() == "2026-03-24T23:59:59+08:00"
    last = order.opened.store.log.load(f"order:{order.id}")[-1].fact
    assert getattr(last, "override", False) is True


@pytest.mark.clause("BZ-22.2c")
@pytest.mark.clause("BZ-22.2e")
@pytest.mark.parametrize(("days", "ordinary"), [(10, True), (11, False)])
def test_at_once_too_ten_days_are_ordinary_and_eleven_are_not(case: NewCase, days: int, ordinary: bool) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00", complexity="especially_complex")
    facts(order.extend(days))
    assert allowed(decided(order)) is ordinary


@pytest.mark.clause("BZ-14.2b")
def test_an_order_has_no_dispatch_limit_in_number_and_goes_out_from_the_line(case: NewCase) -> None:
    order = case("binzhou").raised("2026-03-02T10:00+08:00")
    assert order.clocks == {}
    assert blocked(handling.dispatch(order.desk(CLERK), order.id)) == (("BZ-14.2b",), "order.not_your_step")
    facts(handling.dispatch(order.desk(), order.id))
    assert clock_of(order.order.received_at) == "2026-03-02T10:00:00+08:00"
