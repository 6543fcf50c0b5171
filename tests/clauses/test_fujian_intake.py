"""Fujian: taking a matter in."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList

from agent_console.desk.calls import intake, shift
from agent_console.desk.calls.whole_call import log_order
from agent_console.domain.intake.calls import DescribeCaller
from agent_console.domain.intake.outcomes import Answered, FollowedUp, Ordered, Refused, Transferred
from agent_console.domain.people import Actor
from screens.dialogs.choice import ChoiceDialog
from screens.widgets.fields import ChoiceField

from ..cli.conftest import Ask
from ..conftest import Office
from ..screens.conftest import Sit
from ..support.rule_of import CLERK, LEAD, blocked, facts
from ..support.stories import form
from .conftest import NewCase, NewLine, missing

HOUR_OF_REST = ["2026-02-17T03:00+08:00", "2026-03-01T23:59:59+08:00", "2026-10-01T12:30+08:00"]


@pytest.mark.clause("FJ-2.1")
def test_every_record_of_a_call_stores_telephone_or_web_and_nothing_else(line: NewLine) -> None:
    seat = line("fujian")
    assert [seat.call(seat.take(channel=channel)).channel for channel in ("phone", "web")] == ["phone", "web"]
    decision, _ = intake.take_call(seat.desk, "13800138000", channel="wechat")
    assert missing(decision) == (("channel",), "FJ-2.1")
    assert seat.call(seat.take()).channel == "phone"


@pytest.mark.clause("FJ-2.2")
def test_an_order_names_the_caller_type_and_exactly_one_of_four_kinds(case: NewCase) -> None:
    for kind in ("咨询", "投诉", "建议", "求助"):
        assert case("fujian").raised(kind=kind).order.details.kind == kind
    for caller_type in ("citizen", "legal_person", "organisation"):
        assert case("fujian").raised(caller_type=caller_type).order.details.caller_type == caller_type
    desk = case("fujian").desk()

    def refused(**details: object) -> object:
        return intake.raise_order(desk, "", "", form("fujian", **details), intake.Telling()).decision

    assert missing(refused(caller_type="")) == (("caller_type",), "FJ-2.2")  # type: ignore[arg-type]
    assert missing(refused(kind="")) == (("kind",), "FJ-2.2")  # type: ignore[arg-type]
    assert missing(refused(caller_type="company")) == (("caller_type",), "FJ-2.2")  # type: ignore[arg-type]
    for kind in ("举报", "表扬", "其他"):
        assert blocked(refused(kind=kind))[1] == "order.unknown_kind"  # type: ignore[arg-type]


@pytest.mark.clause("FJ-3.2")
@pytest.mark.parametrize("hour", HOUR_OF_REST)
def test_a_call_is_taken_at_any_hour_and_its_language_is_there_for_whoever_calls_back(
    line: NewLine, ask: Ask, hour: str, office: Office
) -> None:
    seat = line("fujian")
    seat.clock.set(hour)
    call_id = seat.take()
    facts(intake.describe_caller(seat.desk, call_id, DescribeCaller(number="13800138000", language="闽南语")))
    assert (seat.call(call_id).status, seat.call(call_id).language) == ("live", "闽南语")
    who = DescribeCaller(number="13800138001", language="英语", caller_type="citizen", channel="phone")
    raised = log_order(seat.desk, who, form("fujian"), intake.Telling())
    facts(raised.decision)
    shown = ask("order", "show", raised.number, "--jurisdiction=FJ", "--as=callback_agent")
    assert "英语" in shown.out


@pytest.mark.clause("FJ-5.2")
@pytest.mark.parametrize(
    "outcome",
    [
        Answered("kb-1", 2),
        Refused("FJ-13.7", explained=True, guided=True),
        Ordered("o1", "260302900100012"),
        Transferred("供水公司", "transfer"),
        FollowedUp("260302900100012"),
    ],
)
def test_no_call_is_left_without_an_outcome(line: NewLine, outcome: Answered | Refused) -> None:
    seat = line("fujian")
    shift.sign_in(seat.desk)
    call_id = seat.take()
    assert blocked(intake.close(seat.desk, call_id)) == (("FJ-5.2",), "matter.owes_outcome")
    leaving = shift.change(seat.desk, "signed_out", records=seat.opened.records)
    assert blocked(leaving)[1] == "seat.unfinished_calls"
    facts(seat.conclude(call_id, outcome))
    facts(intake.close(seat.desk, call_id))
    assert seat.call(call_id).status == "closed"


@pytest.mark.clause("FJ-6.3")
async def test_one_key_tells_the_caller_to_be_truthful_and_civil_and_marks_the_record(sit: Sit) -> None:
    async with sit("fujian") as operator:
        await operator.take()
        await operator.lead("i")
        dialog = await operator.screen(ChoiceDialog)
        shown = "".join(str(option.prompt) for option in dialog.query_one(OptionList).options)
        assert "如实" in shown
        assert "文明" in shown
        await operator.press("1")
        await operator.until(lambda: bool(operator.call.marks))
        assert [mark.mark for mark in operator.call.marks] == ["abuse"]


@pytest.mark.clause("FJ-6.3")
def test_a_call_is_marked_for_abuse_or_suspected_fabrication_and_for_nothing_unheard_of(
    line: NewLine, office: Office
) -> None:
    seat = line("fujian")
    call_id = seat.take()
    facts(intake.mark_call(seat.desk, call_id, "abuse"))
    facts(intake.mark_call(seat.desk, call_id, "fabrication", "前后说法不一"))
    assert [(mark.mark, mark.by) for mark in seat.call(call_id).marks] == [("abuse", "张三"), ("fabrication", "张三")]
    assert blocked(intake.mark_call(seat.desk, call_id, "rudeness"))[1] == "call_mark.unknown"
    unit = office("fujian", CLERK).desk
    assert blocked(intake.mark_call(unit, call_id, "abuse")) == (("FJ-6.3",), "order.not_your_step")
    assert blocked(intake.mark_call(unit, call_id, "fabrication")) == (("FJ-6.3",), "order.not_your_step")


@pytest.mark.clause("FJ-12.0")
@pytest.mark.clause("FJ-12.1")
@pytest.mark.clause("FJ-12.2")
@pytest.mark.clause("FJ-12.3")
@pytest.mark.clause("FJ-12.4")
async def test_the_order_form_shows_the_four_kinds_and_what_each_one_is(sit: Sit) -> None:
    told = {
        "咨询": "问职能、问政策、问怎么办",
        "投诉": "对管理和公共服务不满意，要求处理",
        "建议": "希望怎样改进",
        "求助": "请政府帮忙解决困难",
    }
    async with sit("fujian") as operator:
        await operator.take()
        await operator.write("五四路路灯不亮")
        await operator.press("f4")
        await operator.until(lambda: bool(operator.app.screen.query("#field-kind")))
        field = operator.app.screen.query_one("#field-kind", ChoiceField)
        for number, (kind, meaning) in enumerate(told.items(), 1):
            field.focus()
            await operator.press(str(number))
            shown = str(field.render())
            assert field.value == kind
            assert meaning in shown
            assert all(f"{index}{name}" in shown for index, name in enumerate(told, 1))


@pytest.mark.clause("FJ-14.1")
def test_an_answer_on_the_spot_closes_the_call_without_an_order_and_names_the_article(line: NewLine) -> None:
    seat = line("fujian")
    call_id = seat.take()
    facts(seat.conclude(call_id, Answered("fujian-medical-07", 3)))
    facts(intake.close(seat.desk, call_id))
    [matter] = seat.call(call_id).matters
    assert matter.outcome == Answered("fujian-medical-07", 3)
    assert seat.call(call_id).status == "closed"
    assert seat.opened.records.orders(10) == []
    silent = seat.take()
    assert missing(seat.conclude(silent, Answered(), note="", words="")) == (("answer",), "")


@pytest.mark.clause("FJ-29.1")
def test_a_lead_sends_a_call_to_quality_review_with_a_note(line: NewLine, office: Office) -> None:
    seat = line("fujian")
    call_id = seat.take()
    facts(seat.conclude(call_id, Answered("kb-1", 1)))
    facts(intake.close(seat.desk, call_id))
    lead = office("fujian", LEAD).desk
    assert missing(intake.mark_call(lead, call_id, "quality_review")) == (("note",), "FJ-29.1")
    assert blocked(intake.mark_call(seat.desk, call_id, "quality_review", "x")) == (("FJ-29.1",), "order.not_your_step")
    facts(intake.mark_call(lead, call_id, "quality_review", "冷硬横推"))
    [mark] = seat.call(call_id).marks
    assert (mark.mark, mark.note, mark.by, mark.role) == ("quality_review", "冷硬横推", "李班长", "lead")
    centre = office("fujian", Actor("中心", "centre")).desk
    assert blocked(intake.mark_call(centre, call_id, "quality_review", "x"))[1] == "order.not_your_step"
