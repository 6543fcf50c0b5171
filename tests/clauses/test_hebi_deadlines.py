"""Hebi: what is due when, by the channel a matter came in on."""

from __future__ import annotations

import pytest

from agent_console.domain.instants import parse
from agent_console.domain.work_order.order_steps import DecideExtension, DispatchOrder

from ..cli.conftest import Ask
from ..support.rule_of import BUREAU, CENTRE, CITY_LEADER, CLERK, LEAD, OPERATOR, blocked, facts
from .conftest import Case, NewCase, missing

MONDAY = "2026-03-02T10:00+08:00"
WEDNESDAY = "2026-03-04T10:00+08:00"
END = "T23:59:59+08:00"
ONLINE, HOTLINE, WEBSITE, HALL = "online_platform", "12345_hotline", "12345_website", "service_hall"
MEETING = {"held_on": "2026-03-02", "units": "城市管理局、公安局", "lead": "城市管理局"}


def joint(case: NewCase, channel: str = HOTLINE, complexity: str = "", at: str = MONDAY) -> Case:
    """An order of two units that waits for the meeting."""
    return case("hebi").raised(at, channel=channel, supporting=("公安局",), complexity=complexity)


def handed_on(order: Case) -> Case:
    """The same after the meeting, in the hands of its units."""
    facts(order.record("joint_meeting", BUREAU, **MEETING))
    facts(order.do(DispatchOrder()))
    facts(order.sign())
    return order


@pytest.mark.clause("HB-6.1.0")
@pytest.mark.clause("HB-6.2.0")
@pytest.mark.clause("HB-6.3.0")
@pytest.mark.parametrize(
    ("channel", "kind", "due", "clause"),
    [
        (ONLINE, "咨询", "2026-03-09", "HB-6.1.1d"),
        (ONLINE, "投诉", "2026-03-09", "HB-6.1.1d"),
        (ONLINE, "建议", "2026-03-09", "HB-6.1.1d"),
        (HOTLINE, "咨询", "2026-03-16", "HB-6.2.1.3a"),
        (WEBSITE, "投诉", "2026-03-16", "HB-6.2.1.3a"),
        (WEBSITE, "建议", "2026-03-16", "HB-6.2.1.3a"),
        (HALL, "建议", "2026-03-09", "HB-6.3.2.2"),
    ],
)
def test_the_channel_alone_decides_which_limits_act(
    case: NewCase, channel: str, kind: str, due: str, clause: str
) -> None:
    order = case("hebi").signed(MONDAY, channel=channel, kind=kind)
    assert (order.due(), order.clause()) == (due + END, clause)


@pytest.mark.clause("HB-6.1.0")
@pytest.mark.clause("HB-6.2.0")
@pytest.mark.clause("HB-6.3.0")
def test_what_one_channel_asks_for_cannot_be_written_on_another(case: NewCase) -> None:
    own = {
        ONLINE: {"contact": CLERK},
        HOTLINE: {"clue_handover": OPERATOR, "special_report": CENTRE, "urging": OPERATOR},
        WEBSITE: {"clue_handover": OPERATOR, "special_report": CENTRE, "urging": OPERATOR},
        HALL: {"delay_explanation": BUREAU},
    }
    for channel, known in own.items():
        order = case("hebi").signed(MONDAY, channel=channel, form="oral")
        for name, actor in ((name, actor) for records in own.values() for name, actor in records.items()):
            decision = order.record(name, actor)
            if name not in known:
                assert blocked(decision)[1] == "record.not_this_order", (channel, name)
            elif name == "clue_handover":
                assert missing(decision)[0] == ("recipient", "handed_over_at")


@pytest.mark.clause("HB-6.1.1a")
def test_an_urgent_matter_of_the_platform_stands_first_and_has_no_due_time_of_its_own(case: NewCase, ask: Ask) -> None:
    urgent = case("hebi").dispatched(MONDAY, channel=ONLINE, urgency="urgent")
    assert set(urgent.clocks) == {"handle"}
    assert (urgent.due(), urgent.clause()) == ("2026-03-09" + END, "HB-6.1.1d")
    hard = case("hebi").dispatched(MONDAY, channel=ONLINE, urgency="urgent", complexity="complex")
    assert (hard.due(), hard.clause()) == ("2026-03-23" + END, "HB-6.1.1e")
    later = case("hebi").dispatched(WEDNESDAY, channel=ONLINE)
    hotline = case("hebi").dispatched(WEDNESDAY, channel=HOTLINE, urgency="urgent")
    listed = [line["number"] for line in ask("order", "list", "--jurisdiction=HB", "--json").json]
    assert {*listed[:2]} == {urgent.order.number, hard.order.number}
    assert {*listed[2:]} == {later.order.number, hotline.order.number}
    asked = ("deadline", "--jurisdiction=HB", "--limit=dispose", f"--start={MONDAY}", f"--channel={ONLINE}", "--json")
    assert ask(*asked, "--urgent").json["due"] is None
    assert ask(*asked, "--simple").json["immediate"] is True


@pytest.mark.clause("HB-6.1.1b")
@pytest.mark.clause("HB-6.1.1c")
@pytest.mark.clause("HB-6.1.1d")
@pytest.mark.clause("HB-6.1.1e")
def test_one_five_and_fifteen_days_run_side_by_side_from_the_arrival_at_the_unit(case: NewCase) -> None:
    unclear = case("hebi").dispatched(MONDAY, channel=ONLINE, unclear=True)
    assert (unclear.due("contact"), unclear.clause("contact")) == ("2026-03-03" + END, "HB-6.1.1c")
    assert (unclear.due(), unclear.clause()) == ("2026-03-09" + END, "HB-6.1.1d")
    facts(unclear.sign(WEDNESDAY))
    assert unclear.due() == "2026-03-09" + END
    assert missing(unclear.record("contact", CLERK)) == (("contacted_at", "contact_note"), "HB-6.1.1c")
    told = {"contacted_at": WEDNESDAY, "contact_note": "问清门牌"}
    assert blocked(unclear.record("contact", OPERATOR, **told)) == (("HB-6.1.1c",), "order.not_your_step")
    facts(unclear.record("contact", CLERK, **told))
    assert set(unclear.clocks) == {"handle"}
    both = case("hebi").dispatched(MONDAY, channel=ONLINE, unclear=True, complexity="complex")
    assert both.due("contact") == "2026-03-03" + END
    assert (both.due(), both.clause()) == ("2026-03-23" + END, "HB-6.1.1e")
    assert set(case("hebi").dispatched(MONDAY, channel=ONLINE).clocks) == {"handle"}
    assert "contact" not in case("hebi").dispatched(MONDAY, channel=HOTLINE, unclear=True).clocks


@pytest.mark.clause("HB-6.1.1f")
@pytest.mark.parametrize(("amount", "due"), [(3, "2026-03-05"), (30, "2026-04-14")])
def test_a_limit_of_the_law_replaces_five_and_fifteen_and_names_its_source(
    case: NewCase, amount: int, due: str
) -> None:
    law = {"statutory_amount": amount, "statutory_unit": "working_day", "statutory_source": "某行政法规第三条"}
    for complexity in ("", "complex"):
        order = case("hebi").signed(MONDAY, channel=ONLINE, complexity=complexity, **law)
        assert (order.due(), order.clause()) == (due + END, "HB-6.1.1f")
    with pytest.raises(AssertionError, match=r"Missing.*statutory_source.*HB-6\.1\.1f"):
        case("hebi").raised(MONDAY, channel=ONLINE, **{**law, "statutory_source": ""})
    with pytest.raises(AssertionError, match=r"Missing.*statutory_unit.*HB-6\.1\.1f"):
        case("hebi").raised(MONDAY, channel=ONLINE, **{**law, "statutory_unit": ""})
    assert case("hebi").signed(MONDAY, channel=HOTLINE, **law).clause() == "HB-6.2.1.3a"


@pytest.mark.clause("HB-6.2.1.3a")
def test_a_transferred_matter_has_ten_days_and_ends_with_the_report_to_the_line(case: NewCase) -> None:
    order = case("hebi").dispatched(MONDAY)
    assert (order.due(), order.clause()) == ("2026-03-16" + END, "HB-6.2.1.3a")
    facts(order.sign(WEDNESDAY))
    assert order.due() == "2026-03-16" + END
    assert missing(order.complete(without="reported_at")) == (("reported_at",), "HB-6.2.1.3a")
    facts(order.complete())


@pytest.mark.clause("HB-6.2.1.4a")
@pytest.mark.parametrize("channel", [HOTLINE, WEBSITE])
def test_joint_handling_waits_for_the_meeting_that_names_one_lead_and_has_fifteen_days_from_it(
    case: NewCase, channel: str
) -> None:
    order = joint(case, channel)
    assert blocked(order.do(DispatchOrder())) == (("HB-6.2.1.4a",), "duty.owed")
    assert order.owes == {"joint_meeting": False}
    for actor in (OPERATOR, LEAD, CENTRE):
        assert blocked(order.record("joint_meeting", actor, **MEETING)) == (("HB-6.2.1.4a",), "order.not_your_step")
    assert missing(order.record("joint_meeting", BUREAU)) == (("held_on", "units", "lead"), "HB-6.2.1.4a")
    facts(order.record("joint_meeting", BUREAU, **MEETING))
    assert blocked(order.do(DispatchOrder("公安局", ("城市管理局",))))[0] == ("HB-6.2.1.4a",)
    facts(order.do(DispatchOrder(), at=WEDNESDAY))
    assert (order.order.lead, order.order.supporting) == ("城市管理局", ("公安局",))
    assert (order.due(), order.clause()) == ("2026-03-23" + END, "HB-6.2.1.4a")
    alone = case("hebi").raised(MONDAY, channel=channel)
    assert blocked(alone.do(DispatchOrder("城市管理局", ("公安局",)))) == (("HB-6.2.1.4a",), "duty.owed")
    facts(alone.do(DispatchOrder()))
    assert blocked(alone.record("joint_meeting", BUREAU, **MEETING))[0] == ("HB-6.2.1.4a",)
    facts(alone.return_())
    assert blocked(alone.do(DispatchOrder("城市管理局", ("公安局",)))) == (("HB-6.2.1.4a",), "duty.owed")


@pytest.mark.clause("HB-6.2.1.4b")
def test_only_joint_handling_is_extended_for_any_length_with_the_consent_of_a_city_leader(case: NewCase) -> None:
    order = handed_on(joint(case, complexity="especially_complex"))
    assert missing(order.extend(0)) == (("days",), "HB-6.2.1.4b")
    for day in ("2026-03-23", "2026-03-28", "2026-02-31", "soon"):
        assert missing(order.extend(0, new_due=day))[0] == ("days",)
    assert blocked(order.extend(40, actor=LEAD)) == (("HB-6.2.1.4b",), "order.not_your_step")
    facts(order.extend(0, "2026-03-23T20:00+08:00", new_due="2026-05-29"))
    assert order.due() == "2026-03-23" + END
    for actor in (CENTRE, LEAD, BUREAU):
        assert blocked(order.do(DecideExtension(granted=True), actor)) == (("HB-6.2.1.4b",), "order.not_your_step")
    facts(order.do(DecideExtension(granted=True), CITY_LEADER))
    assert order.due() == "2026-05-29" + END
    facts(order.extend(5))
    facts(order.do(DecideExtension(granted=True), CITY_LEADER))
    assert order.due() == "2026-06-05" + END
    late = handed_on(joint(case, complexity="especially_complex"))
    assert blocked(late.extend(5, "2026-06-24T00:00+08:00"))[0] == ("HB-6.2.1.4b",)


@pytest.mark.clause("HB-6.2.1.4b")
def test_nothing_else_is_extended(case: NewCase) -> None:
    plain = handed_on(joint(case))
    assert blocked(plain.extend(5)) == (("HB-6.2.1.4b",), "reason.no_ground")
    for channel in (ONLINE, HOTLINE, WEBSITE):
        alone = case("hebi").signed(MONDAY, channel=channel, complexity="especially_complex")
        assert blocked(alone.extend(5)) == (("HB-6.2.1.4b",), "reason.no_extension")


@pytest.mark.clause("HB-6.3.2.1a")
def test_an_oral_complaint_in_the_hall_is_due_at_once_without_a_number(case: NewCase) -> None:
    order = case("hebi").dispatched(MONDAY, channel=HALL, form="oral")
    clock = order.clocks["handle"]
    assert (clock.immediate, clock.clause, clock.amount) == (True, "HB-6.3.2.1a", 0)
    assert order.due() == "2026-03-02T10:00:00+08:00"


@pytest.mark.clause("HB-6.3.2.1b")
def test_a_complex_oral_complaint_or_one_of_two_departments_has_five_days_from_acceptance(case: NewCase) -> None:
    hard = case("hebi").raised(MONDAY, channel=HALL, form="oral", complexity="complex")
    facts(hard.do(DispatchOrder(), at=WEDNESDAY))
    assert (hard.due(), hard.clause()) == ("2026-03-09" + END, "HB-6.3.2.1b")
    two = case("hebi").dispatched(MONDAY, channel=HALL, form="oral", supporting=("公安局",))
    assert (two.due(), two.clause()) == ("2026-03-09" + END, "HB-6.3.2.1b")


@pytest.mark.clause("HB-6.3.2.1c")
def test_a_written_complaint_has_five_days_from_its_receipt_and_closes_with_a_written_reply(case: NewCase) -> None:
    received = parse("2026-02-27T09:00+08:00")
    order = case("hebi").signed(MONDAY, channel=HALL, form="written", received_at=received)
    assert (order.due(), order.clause()) == ("2026-03-05" + END, "HB-6.3.2.1c")
    assert missing(order.complete()) == (("written_reply",), "HB-6.3.2.1c")
    facts(order.complete(written_reply="答复意见书.pdf"))
    facts(case("hebi").signed(MONDAY, channel=HALL, form="oral").complete())


@pytest.mark.clause("HB-6.3.2.2")
def test_a_suggestion_in_the_hall_has_five_days_from_the_hand_over_and_says_whether_it_is_taken_up(
    case: NewCase,
) -> None:
    order = case("hebi").raised(MONDAY, channel=HALL, kind="建议")
    facts(order.do(DispatchOrder(), at=WEDNESDAY))
    assert (order.due(), order.clause()) == ("2026-03-11" + END, "HB-6.3.2.2")
    facts(order.sign())
    assert missing(order.complete()) == (("adopted",), "HB-6.3.2.2")
    assert blocked(order.complete(adopted="也许")) == (("HB-6.3.2.2",), "record.not_allowed")
    facts(order.complete(adopted="否"))
