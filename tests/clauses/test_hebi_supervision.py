"""Hebi: who decides, who supervises, what goes up."""

from __future__ import annotations

import pytest

from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_steps import DispatchOrder

from ..cli.conftest import Ask
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from .conftest import NewCase, missing

MONDAY = "2026-03-02T10:00+08:00"
TUESDAY = "2026-03-03T10:00+08:00"
WEDNESDAY = "2026-03-04T10:00+08:00"
LATE = "2026-03-17T00:00:00+08:00"
END = "T23:59:59+08:00"
HALL = "service_hall"
GUIDANCE = Actor("督办科", "guidance_office")


@pytest.mark.clause("HB-3")
def test_the_platform_hands_over_and_decides_nothing(case: NewCase) -> None:
    for kind in ("投诉", "建议"):
        order = case("hebi").raised(MONDAY, kind=kind)
        assert blocked(order.record("decision", OPERATOR))[1] == "record.unknown"
        assert blocked(order.do(DispatchOrder(), CLERK)) == (("HB-3",), "order.not_your_step")
        facts(order.do(DispatchOrder("城市管理局")))
        facts(order.sign())
        for actor in (OPERATOR, LEAD, CENTRE, BUREAU):
            assert blocked(order.complete(actor=actor))[1] == "order.not_your_step"
            assert blocked(order.redo("dissatisfied", actor))[1] == "redo.no_ground"
        assert order.order.status == "signed"
    returned = case("hebi").dispatched(MONDAY)
    assert blocked(returned.return_(actor=LEAD)) == (("HB-3",), "order.not_your_step")
    facts(returned.return_())
    facts(returned.do(DispatchOrder("水利局"), LEAD))
    assert returned.order.lead == "水利局"


@pytest.mark.clause("HB-4.1")
def test_the_data_bureau_coordinates_supervises_and_evaluates(case: NewCase) -> None:
    order = case("hebi").completed(MONDAY)
    told = {"coordination": "note", "supervision": "reason", "evaluation": "conclusion"}
    for name, field in told.items():
        assert missing(order.record(name, BUREAU)) == ((field,), "HB-4.1")
        for actor in (OPERATOR, LEAD, CENTRE, CLERK):
            assert blocked(order.record(name, actor, "", **{field: "x"})) == (("HB-4.1",), "order.not_your_step")
        facts(order.record(name, BUREAU, "", **{field: "x"}))
    assert order.order.flags == ("supervised",)
    assert blocked(order.flag("supervised", LEAD, on=False)) == (("HB-4.1",), "order.not_your_step")
    facts(order.flag("supervised", BUREAU, on=False))


@pytest.mark.clause("HB-6.2.1.3b")
def test_a_clue_is_handed_over_and_leaves_the_ordinary_lists(case: NewCase, ask: Ask) -> None:
    order, other = case("hebi").signed(MONDAY), case("hebi").signed(MONDAY)
    told = {"recipient": "市纪委监委信访室", "handed_over_at": TUESDAY}
    assert missing(order.record("clue_handover")) == (("recipient", "handed_over_at"), "HB-6.2.1.3b")
    elsewhere = order.record("clue_handover", OPERATOR, "", **{**told, "recipient": "公安局"})
    assert blocked(elsewhere) == (("HB-6.2.1.3b",), "record.not_allowed")
    assert blocked(order.record("clue_handover", CLERK, "", **told)) == (("HB-6.2.1.3b",), "order.not_your_step")
    facts(order.record("clue_handover", OPERATOR, "", **told))
    seen = {
        role: {line["number"] for line in ask("order", "list", "--jurisdiction=HB", f"--as={role}", "--json").json}
        for role in ("operator", "unit_clerk:城市管理局", "lead", "centre", "bureau")
    }
    both = {order.order.number, other.order.number}
    for role, numbers in seen.items():
        assert numbers == (both if role in ("lead", "centre", "bureau") else {other.order.number}), role
    assert blocked(order.flag("clue", OPERATOR, on=False)) == (("HB-6.2.1.3b",), "order.not_your_step")


@pytest.mark.clause("HB-6.2.1.5")
def test_a_hard_matter_goes_up_by_report_and_with_the_instruction_to_the_supervisors(case: NewCase) -> None:
    order = case("hebi").signed(MONDAY)
    report = {"report_text": "涉及三个部门", "submitted_on": "2026-03-02"}
    instruction = {"instruction": "限期办结", "received_on": "2026-03-04"}
    handover = {"recipient": "市委市政府督查局", "handed_over_at": WEDNESDAY}
    steps = {"special_report": report, "instruction": instruction, "supervision_handover": handover}
    assert blocked(order.record("instruction", CENTRE, "", **instruction)) == (("HB-6.2.1.5",), "record.needs_record")
    facts(order.record("special_report", CENTRE, "", **report))
    early = order.record("supervision_handover", CENTRE, "", **handover)
    assert blocked(early) == (("HB-6.2.1.5",), "record.needs_record")
    facts(order.complete())
    assert blocked(order.archive()) == (("HB-6.2.1.5",), "duty.owed")
    for name in ("instruction", "supervision_handover"):
        assert missing(order.record(name, BUREAU)) == (tuple(steps[name]), "HB-6.2.1.5")
        assert blocked(order.record(name, OPERATOR, "", **steps[name])) == (("HB-6.2.1.5",), "order.not_your_step")
        facts(order.record(name, BUREAU, "", **steps[name]))
    facts(order.archive())
    fresh = case("hebi").signed(MONDAY)
    assert missing(fresh.record("special_report", CENTRE)) == (tuple(report), "HB-6.2.1.5")
    assert blocked(fresh.record("special_report", CLERK, "", **report)) == (("HB-6.2.1.5",), "order.not_your_step")


@pytest.mark.clause("HB-6.2.1.6")
def test_only_an_overdue_order_is_urged_by_slip_or_by_telephone(case: NewCase, ask: Ask) -> None:
    order = case("hebi").signed(MONDAY)
    slip, phone = {"means": "slip", "slip_number": "催〔2026〕1号"}, {"means": "phone", "called_person": "小林"}
    early = order.record("urging", OPERATOR, "2026-03-16T23:59:59+08:00", **phone)
    assert blocked(early) == (("HB-6.2.1.6",), "record.not_overdue")
    show = ("order", "paper", order.order.number, "urging_slip", "--jurisdiction=HB", "--json")
    assert ask(*show).code == 3
    order.clock.set(LATE)
    assert missing(order.record("urging")) == (("means",), "HB-6.2.1.6")
    assert missing(order.record("urging", OPERATOR, "", means="slip")) == (("slip_number",), "HB-6.2.1.6")
    assert missing(order.record("urging", OPERATOR, "", means="phone")) == (("called_person",), "HB-6.2.1.6")
    assert blocked(order.record("urging", OPERATOR, "", means="letter")) == (("HB-6.2.1.6",), "record.not_allowed")
    assert blocked(order.record("urging", CLERK, "", **phone)) == (("HB-6.2.1.6",), "order.not_your_step")
    facts(order.record("urging", OPERATOR, "", **phone))
    facts(order.record("urging", CENTRE, "", **slip))
    assert [entry.fields["means"] for entry in order.order.recorded("urging")] == ["phone", "slip"]
    sheet = ask(*show).json
    assert (sheet["name"], sheet["clause"]) == ("催办单", "HB-6.2.1.6")
    facts(order.complete())
    assert blocked(order.record("urging", OPERATOR, "", **phone)) == (("HB-6.2.1.6",), "record.not_now")
    assert set(sheet["fields"]) == {"number", "lead", "title", "content", "due"}
    assert (sheet["fields"]["lead"], sheet["fields"]["title"]) == ("城市管理局", "五四路路灯不亮")


@pytest.mark.clause("HB-6.3.2.1d")
def test_an_overdue_complaint_of_the_hall_is_explained_and_tracked_and_its_date_does_not_move(
    case: NewCase, ask: Ask
) -> None:
    order = case("hebi").signed(MONDAY, channel=HALL, form="written")
    told = {"explained_at": "2026-03-10T09:00+08:00", "explanation": "配件未到"}
    check = {"checked_on": "2026-03-11", "note": "已订货"}
    assert blocked(order.record("delay_explanation", GUIDANCE, "2026-03-09T23:59:59+08:00", **told))[0] == (
        "HB-6.3.2.1d",
    )
    order.clock.set("2026-03-10T09:00+08:00")
    assert order.due() == "2026-03-09" + END
    assert blocked(order.extend(5)) == (("HB-6.3.2.1d",), "reason.no_extension")
    assert missing(order.record("delay_explanation", GUIDANCE)) == (tuple(told), "HB-6.3.2.1d")
    for actor in (OPERATOR, BUREAU, CLERK):
        assert blocked(order.record("delay_explanation", actor, "", **told))[1] == "order.not_your_step"
    assert blocked(order.record("tracking", GUIDANCE, "", **check)) == (("HB-6.3.2.1d",), "record.needs_record")
    facts(order.complete(written_reply="答复意见书.pdf"))
    assert blocked(order.archive()) == (("HB-6.3.2.1d",), "duty.owed")
    facts(order.record("delay_explanation", GUIDANCE, "", **told))
    facts(order.archive())
    slow = case("hebi").signed(MONDAY, channel=HALL, form="written")
    slow.clock.set("2026-03-10T09:00+08:00")
    facts(slow.record("delay_explanation", GUIDANCE, "", **told))
    assert missing(slow.record("tracking", GUIDANCE)) == (tuple(check), "HB-6.3.2.1d")
    assert blocked(slow.record("tracking", LEAD, "", **check))[1] == "order.not_your_step"
    facts(slow.record("tracking", GUIDANCE, "", **check))
    assert slow.due() == "2026-03-09" + END
    facts(slow.complete(written_reply="答复意见书.pdf"))
    facts(slow.archive())
    prompt = case("hebi").completed(MONDAY, channel=HALL, form="oral", complexity="complex")
    facts(prompt.archive(at="2026-04-01T09:00+08:00"))
