"""More time for an order: who asks, who consents, how long, until when, by the rule book of the city."""

from __future__ import annotations

import pytest

from agent_console.domain.decisions import Blocked, Missing, NeedsOverride
from agent_console.domain.instants import parse
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_clocks import handling
from agent_console.domain.work_order.order_steps import DecideExtension, ExtendOrder
from agent_console.domain.work_order.orders import ExtensionRefused, ExtensionRequested, OrderExtended
from tests.support.clock import MONDAY
from tests.support.rule_of import (
    BUREAU,
    CENTRE,
    CITY_LEADER,
    CLERK,
    LEAD,
    OPERATOR,
    blocked,
    clock_of,
    context,
    facts,
)
from tests.support.stories import EXTENDING, OrderStory

WHY = {"reason": "备件未到"}


def zhijiang_asks(**details: object) -> OrderStory:
    story = OrderStory.signed("zhijiang", **details)
    facts(story.do(ExtendOrder(0, WHY), CLERK))
    return story


def binzhou_asks(days: int) -> OrderStory:
    story = OrderStory.signed("binzhou", complexity="especially_complex")
    facts(story.do(ExtendOrder(days, WHY), CLERK))
    return story


def hebi_joint() -> OrderStory:
    return OrderStory.signed("hebi", complexity="especially_complex", supporting=("公安局",))


@pytest.mark.parametrize("jurisdiction", ["fujian", "fuzhou"])
@pytest.mark.clause("FJ-20.6a")
@pytest.mark.clause("FJ-20.6c")
def test_fujian_asks_for_the_written_application_and_everything_around_it(jurisdiction: str) -> None:
    story = OrderStory.signed(jurisdiction)
    assert story.do(ExtendOrder(0, {}), CLERK) == Missing(
        ("written_text", "leader", "consented_at", "reason", "days", "explained_at"), "FJ-20.6a"
    )
    assert story.do(ExtendOrder(0, EXTENDING), CLERK) == Missing(("days",), "FJ-20.6c")
    assert story.do(ExtendOrder(5, {**EXTENDING, "explained_at": ""}), CLERK) == Missing(("explained_at",), "FJ-20.6c")


@pytest.mark.clause("FJ-20.6c")
def test_in_fujian_an_extension_is_a_notice_nobody_has_to_approve() -> None:
    story = OrderStory.signed("fujian")
    [extended] = facts(story.do(ExtendOrder(5, EXTENDING), CLERK))
    assert isinstance(extended, OrderExtended)
    assert (extended.days, clock_of(extended.due), extended.override) == (5, "2026-03-23T23:59:59+08:00", False)
    assert (story.order.extensions, story.order.extended_days) == (1, 5)


@pytest.mark.clause("FJ-20.6d")
def test_in_fujian_all_extensions_together_are_no_longer_than_the_limit() -> None:
    assert blocked(OrderStory.signed("fujian").do(ExtendOrder(11, EXTENDING), CLERK)) == (
        ("FJ-20.6d",),
        "reason.too_long",
    )
    story = OrderStory.signed("fujian")
    facts(story.do(ExtendOrder(6, EXTENDING), CLERK))
    assert blocked(story.do(ExtendOrder(5, EXTENDING), CLERK)) == (("FJ-20.6d",), "reason.too_long")
    facts(story.do(ExtendOrder(4, EXTENDING), CLERK))
    assert clock_of(story.order.due) == "2026-03-30T23:59:59+08:00"
    assert (story.order.extensions, story.order.extended_days) == (2, 10)


@pytest.mark.clause("FJ-20.6b")
def test_in_fujian_the_form_closes_half_a_working_day_before_the_end() -> None:
    command = ExtendOrder(5, EXTENDING)
    facts(OrderStory.signed("fujian").do(command, CLERK, at="2026-03-16T11:59:59+08:00"))
    late = OrderStory.signed("fujian").do(command, CLERK, at="2026-03-16T12:00:01+08:00")
    assert blocked(late) == (("FJ-20.6b",), "reason.late")


@pytest.mark.clause("FJ-20.5")
def test_what_is_due_today_cannot_be_extended() -> None:
    decision = OrderStory.signed("fujian", urgency="urgent").do(ExtendOrder(1, EXTENDING), CLERK)
    assert blocked(decision)[0] == ("FJ-20.6d",)


@pytest.mark.clause("ZJ-17.3")
def test_in_zhijiang_the_centre_decides_and_the_length_is_the_limit() -> None:
    story = OrderStory.signed("zhijiang")
    assert story.do(ExtendOrder(0, {}), CLERK) == Missing(("reason",), "ZJ-17.3")
    [asked] = facts(story.do(ExtendOrder(0, WHY), CLERK))
    assert asked == ExtensionRequested(5, WHY, parse(MONDAY))
    assert story.order.due == 0
    [extended] = facts(story.do(DecideExtension(granted=True, reason="同意"), CENTRE))
    assert isinstance(extended, OrderExtended)
    assert (extended.days, clock_of(extended.due), extended.clause) == (5, "2026-03-16T23:59:59+08:00", "ZJ-17.3")
    assert extended.fields == {"reason": "备件未到", "decided_by": "运营中心", "decision": "同意"}


@pytest.mark.clause("ZJ-17.3")
def test_in_zhijiang_a_complex_order_is_extended_by_its_fifteen_days() -> None:
    story = zhijiang_asks(complexity="complex")
    facts(story.do(DecideExtension(granted=True), LEAD))
    assert story.order.extended_days == 15


@pytest.mark.clause("ZJ-17.3")
def test_in_zhijiang_no_other_length_can_be_asked_for() -> None:
    decision = OrderStory.signed("zhijiang").do(ExtendOrder(3, WHY), CLERK)
    assert blocked(decision) == (("ZJ-17.3",), "reason.exactly")


@pytest.mark.clause("ZJ-17.3")
def test_in_zhijiang_an_order_is_extended_once() -> None:
    story = zhijiang_asks()
    facts(story.do(DecideExtension(granted=True), CENTRE))
    assert blocked(story.do(ExtendOrder(0, WHY), CLERK)) == (("ZJ-17.3",), "reason.times")


def test_in_zhijiang_a_refused_application_leaves_the_one_extension() -> None:
    story = zhijiang_asks()
    assert story.do(DecideExtension(granted=False), CENTRE) == Missing(("reason",), "ZJ-17.3")
    [refused] = facts(story.do(DecideExtension(granted=False, reason="备件已到"), CENTRE))
    assert refused == ExtensionRefused("备件已到", parse(MONDAY))
    assert (story.order.due, story.order.extensions) == (0, 0)
    facts(story.do(ExtendOrder(0, WHY), CLERK))


@pytest.mark.parametrize("actor", [OPERATOR, CLERK, BUREAU, CITY_LEADER])
def test_in_zhijiang_nobody_else_decides(actor: Actor) -> None:
    decision = zhijiang_asks().do(DecideExtension(granted=True), actor)
    assert blocked(decision) == (("ZJ-17.3",), "order.not_your_step")


def test_an_application_waits_for_its_answer() -> None:
    assert blocked(zhijiang_asks().do(ExtendOrder(0, WHY), CLERK)) == (("ZJ-17.3",), "order.extension_waits")


def test_an_application_made_in_time_may_be_answered_later() -> None:
    story = OrderStory.signed("zhijiang")
    facts(story.do(ExtendOrder(0, WHY), CLERK, at="2026-03-09T23:00+08:00"))
    facts(story.do(DecideExtension(granted=True), CENTRE, at="2026-03-11T09:00+08:00"))
    assert clock_of(story.order.due) == "2026-03-16T23:59:59+08:00"


@pytest.mark.clause("BZ-22.2b")
def test_binzhou_extends_only_what_is_especially_complex() -> None:
    decision = OrderStory.signed("binzhou").do(ExtendOrder(5, WHY), CLERK)
    assert blocked(decision) == (("BZ-22.2b",), "reason.no_ground")
    complex_only = OrderStory.signed("binzhou", complexity="complex").do(ExtendOrder(5, WHY), CLERK)
    assert blocked(complex_only) == (("BZ-22.2b",), "reason.no_ground")


@pytest.mark.clause("BZ-22.2c")
@pytest.mark.clause("BZ-22.2d")
def test_binzhou_asks_for_length_and_reason() -> None:
    story = OrderStory.signed("binzhou", complexity="especially_complex")
    assert story.do(ExtendOrder(0, {}), CLERK) == Missing(("reason", "days"), "BZ-22.2d")
    assert story.do(ExtendOrder(0, WHY), CLERK) == Missing(("days",), "BZ-22.2c")


@pytest.mark.clause("BZ-22.2b")
def test_binzhou_is_asked_one_working_day_before_the_end() -> None:
    command = ExtendOrder(5, WHY)
    in_time = OrderStory.signed("binzhou", complexity="especially_complex")
    facts(in_time.do(command, CLERK, at="2026-03-06T23:59:59+08:00"))
    late = OrderStory.signed("binzhou", complexity="especially_complex")
    assert blocked(late.do(command, CLERK, at="2026-03-07T00:00:00+08:00")) == (("BZ-22.2b",), "reason.late")


@pytest.mark.clause("BZ-22.2c")
def test_in_binzhou_the_mayors_line_consents_to_what_was_applied_for() -> None:
    story = binzhou_asks(7)
    for actor in (OPERATOR, LEAD, CENTRE, CLERK):
        refused = story.do(DecideExtension(granted=True), actor)
        assert blocked(refused) == (("BZ-22.2b",), "order.not_your_step")
    facts(story.do(DecideExtension(granted=True), BUREAU))
    assert clock_of(story.order.due) == "2026-03-18T23:59:59+08:00"


@pytest.mark.clause("BZ-22.2e")
def test_binzhou_goes_beyond_ten_days_only_with_a_recorded_override() -> None:
    story = binzhou_asks(12)
    decision = story.do(DecideExtension(granted=True), BUREAU)
    assert isinstance(decision, NeedsOverride)
    assert (decision.role, decision.clause, decision.message.key) == ("bureau", "BZ-22.2e", "reason.override")
    [extended] = facts(story.do(DecideExtension(granted=True, reason="工程量大", override=True), BUREAU))
    assert isinstance(extended, OrderExtended)
    assert (extended.days, clock_of(extended.due)) == (12, "2026-03-25T23:59:59+08:00")
    assert (extended.clause, extended.override) == ("BZ-22.2e", True)


@pytest.mark.clause("BZ-22.2e")
def test_in_binzhou_ten_days_count_in_total() -> None:
    story = binzhou_asks(6)
    facts(story.do(DecideExtension(granted=True), BUREAU))
    facts(story.do(ExtendOrder(5, WHY), CLERK))
    assert isinstance(story.do(DecideExtension(granted=True), BUREAU), NeedsOverride)


def test_an_override_nobody_needed_is_not_recorded_as_one() -> None:
    story = binzhou_asks(10)
    [extended] = facts(story.do(DecideExtension(granted=True, override=True), BUREAU))
    assert isinstance(extended, OrderExtended)
    assert not extended.override


@pytest.mark.clause("HB-6.2.1.4b")
def test_hebi_extends_only_joint_handling_that_is_especially_complex() -> None:
    alone = OrderStory.signed("hebi", complexity="especially_complex").do(ExtendOrder(5, {}), CLERK)
    assert blocked(alone) == (("HB-6.2.1.4b",), "reason.no_extension")
    plain = OrderStory.signed("hebi", supporting=("公安局",)).do(ExtendOrder(5, {}), CLERK)
    assert blocked(plain) == (("HB-6.2.1.4b",), "reason.no_ground")


@pytest.mark.parametrize("channel", ["online_platform", "service_hall"])
@pytest.mark.clause("HB-6.2.1.4b")
def test_hebi_extends_nothing_that_came_another_way(channel: str) -> None:
    story = OrderStory.signed(
        "hebi", channel=channel, form="oral", complexity="especially_complex", supporting=("公安局",)
    )
    assert blocked(story.do(ExtendOrder(5, {}), CLERK))[1] == "reason.no_extension"


@pytest.mark.clause("HB-6.2.1.4b")
def test_in_hebi_a_city_leader_consents_to_any_length() -> None:
    story = hebi_joint()
    assert story.do(ExtendOrder(0, {}), CLERK) == Missing(("days",), "HB-6.2.1.4b")
    facts(story.do(ExtendOrder(40, {}), CLERK))
    for actor in (CENTRE, LEAD, BUREAU):
        decision = story.do(DecideExtension(granted=True), actor)
        assert blocked(decision) == (("HB-6.2.1.4b",), "order.not_your_step")
    facts(story.do(DecideExtension(granted=True), CITY_LEADER))
    assert story.order.extended_days == 40


def test_in_hebi_the_new_date_runs_on_from_the_old_one() -> None:
    story = hebi_joint()
    facts(story.do(ExtendOrder(5, {}), CLERK, at="2026-03-04T09:00+08:00"))
    facts(story.do(DecideExtension(granted=True), CITY_LEADER, at="2026-03-05T09:00+08:00"))
    assert clock_of(story.order.due) == "2026-03-30T23:59:59+08:00"


@pytest.mark.parametrize("days", [-1, 3661, 10**9])
@pytest.mark.parametrize("jurisdiction", ["fujian", "zhijiang", "binzhou", "hebi"])
def test_a_slip_of_the_keyboard_is_no_length(jurisdiction: str, days: int) -> None:
    joint = ("公安局",) if jurisdiction == "hebi" else ()
    story = OrderStory.signed(jurisdiction, complexity="especially_complex", supporting=joint)
    decision = story.do(ExtendOrder(days, EXTENDING), CLERK)
    assert isinstance(decision, Missing)
    assert decision.fields == ("days",)


def test_the_message_says_what_stands_against_it() -> None:
    decision = OrderStory.signed("fujian").do(ExtendOrder(11, EXTENDING), CLERK)
    assert isinstance(decision, Blocked)
    assert decision.message.fields == {"clause": "FJ-20.6d", "days": 10, "total": 11}


def test_the_date_that_was_announced_is_the_one_the_clock_shows() -> None:
    story = OrderStory.signed("fujian")
    facts(story.do(ExtendOrder(5, EXTENDING), CLERK))
    assert handling(story.order, context("fujian")).due == story.order.due
