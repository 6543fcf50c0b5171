"""Hebi: taking a matter in, by three channels, and what is not taken."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList

from agent_console.desk.calls import intake
from agent_console.desk.calls.whole_call import log_call
from agent_console.domain.decisions import Decision
from agent_console.domain.instants import parse
from agent_console.domain.intake.calls import DescribeCaller
from agent_console.domain.intake.outcomes import Answered, FollowedUp, Ordered, Refused, Transferred
from agent_console.domain.work_order.order_steps import DispatchOrder
from knowledge.scripts.model import script_for
from knowledge.scripts.runner import begin
from screens.dialogs.choice import ChoiceDialog

from ..cli.conftest import Ask
from ..screens.conftest import Sit
from ..support.rule_of import blocked, facts
from ..support.stories import form
from .conftest import Line, NewCase, NewLine, missing

MONDAY = "2026-03-02T10:00+08:00"
ONLINE, HOTLINE, WEBSITE, HALL = "online_platform", "12345_hotline", "12345_website", "service_hall"
NIGHTS = ["2026-03-02T02:30+08:00", "2026-02-17T12:00+08:00", "2026-03-01T23:59+08:00"]
FOUR = ("HB-5.1", "HB-5.2", "HB-5.3", "HB-5.4")
FULL = {"institution": "信访局"}


def refuse(seat: Line, clause: str, **more: object) -> Decision:
    """A refusal with everything said, unless told otherwise."""
    said: dict[str, object] = {"explained": True, "guided": True, "told": FULL, **more}
    return seat.conclude(seat.take(), Refused(clause, **said))  # type: ignore[arg-type]


def proposed(ask: Ask, text: str) -> tuple[str, str]:
    """Class and clause the screening proposes first."""
    found = ask("screen", text, "--jurisdiction=HB", "--json").json
    return str(found["predicted"][0]), str(found["clause"])


def raising(seat: Line, **details: object) -> Decision:
    """An order form handed in."""
    return intake.raise_order(seat.desk, "", "", form("hebi", **details), intake.Telling()).decision


@pytest.mark.clause("HB-2.1")
def test_a_record_names_one_of_three_channels_the_hotline_by_telephone_or_website(line: NewLine) -> None:
    seat = line("hebi")
    for channel in (ONLINE, HOTLINE, WEBSITE, HALL):
        assert seat.call(seat.take(channel=channel)).channel == channel
    for channel in ("phone", "wechat", "mailbox"):
        assert missing(intake.take_call(seat.desk, "1", channel=channel)[0])[0] == ("channel",)
        assert missing(raising(seat, channel=channel))[0] == ("channel",)
    assert missing(raising(seat, channel="")) == (("channel",), "HB-2.1")


@pytest.mark.clause("HB-2.2")
@pytest.mark.parametrize("at", NIGHTS)
def test_platform_and_hotline_take_in_at_every_hour(line: NewLine, case: NewCase, at: str) -> None:
    seat = line("hebi")
    for channel in (ONLINE, HOTLINE, WEBSITE):
        assert case("hebi").raised(at, channel=channel).order.status == "raised"
        call_id = seat.take(channel=channel)
        facts(seat.conclude(call_id, Answered("kb-1", 1)))


@pytest.mark.clause("HB-2.2")
def test_the_kinds_are_three_and_the_caller_is_an_enterprise_or_an_individual(line: NewLine, case: NewCase) -> None:
    seat = line("hebi")
    for kind in ("咨询", "投诉", "建议"):
        assert case("hebi").raised(kind=kind).order.details.kind == kind
    for kind in ("求助", "举报", "表扬", "其他"):
        assert blocked(raising(seat, kind=kind)) == (("HB-2.2",), "order.unknown_kind")
    for caller_type in ("individual", "enterprise"):
        assert case("hebi").raised(caller_type=caller_type).order.details.caller_type == caller_type
    for caller_type in ("", "organisation"):
        assert missing(raising(seat, caller_type=caller_type)) == (("caller_type",), "HB-2.2")
    assert missing(raising(seat, kind="")) == (("kind",), "HB-2.2")


@pytest.mark.clause("HB-2.3")
@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-03-02T08:29:59+08:00", False),
        ("2026-03-02T08:30:00+08:00", True),
        ("2026-03-02T11:59:59+08:00", True),
        ("2026-03-02T12:00:00+08:00", False),
        ("2026-03-02T14:30:00+08:00", True),
        ("2026-03-02T17:30:00+08:00", False),
        ("2026-02-28T10:00:00+08:00", True),
        ("2026-03-07T10:00:00+08:00", False),
        ("2026-10-01T10:00:00+08:00", False),
    ],
)
def test_outside_its_opening_hours_the_hall_takes_a_record_only_with_a_reason(
    line: NewLine, at: str, is_open: bool
) -> None:
    seat = line("hebi")
    seat.clock.set(at)
    hall = {"channel": HALL, "form": "oral", "received_at": parse(at)}
    who = DescribeCaller(channel=HALL, number="13800138000")
    answered = log_call(seat.desk, who, Answered("kb-1", 1), intake.Telling()).decision
    if is_open:
        facts(raising(seat, **hall))
        facts(answered)
        return
    assert missing(raising(seat, **hall)) == (("off_hours_reason",), "HB-2.3")
    assert missing(answered) == (("off_hours_reason",), "HB-2.3")
    assert seat.opened.records.orders(10) == []
    facts(raising(seat, **hall, off_hours_reason="开放日活动"))
    with_reason = DescribeCaller(channel=HALL, number="13800138000", off_hours_reason="开放日活动")
    logged = log_call(seat.desk, with_reason, Answered("kb-1", 1), intake.Telling())
    facts(logged.decision)
    assert seat.call(logged.call).off_hours_reason == "开放日活动"


@pytest.mark.clause("HB-5.0")
def test_exactly_four_items_are_not_received(line: NewLine) -> None:
    seat = line("hebi")
    for clause in FOUR:
        facts(refuse(seat, clause, reason="违反某规定"))
    for clause in ("HB-5.0", "HB-5.5", "FJ-13.1", "ZJ-11.3", "BZ-6.1", ""):
        assert blocked(refuse(seat, clause))[1] == "matter.no_such_refusal"
    assert tuple(item.clause for item in seat.desk.rule_book.refusals) == FOUR


@pytest.mark.clause("HB-5.0")
def test_the_filter_reads_the_text_and_a_person_confirms_what_it_found(line: NewLine, ask: Ask) -> None:
    assert proposed(ask, "村支书贪污修路的公款") == ("discipline", "HB-5.3")
    seat = line("hebi")
    call_id = seat.take()
    [matter] = seat.call(call_id).matters
    assert matter.outcome is None
    said = intake.Telling("村支书贪污修路的公款", "", ("discipline", "accept"), "discipline")
    refused = Refused("HB-5.3", "discipline", explained=True, guided=True, told=FULL)
    facts(intake.conclude(seat.desk, call_id, matter.id, refused, said))
    concluded = seat.call(call_id).matters[0]
    assert (concluded.chosen, concluded.outcome) == ("discipline", refused)
    log = [event.fact for event in seat.opened.store.log.load(f"call:{call_id}")]
    assert log[-1].proposed == ("discipline", "accept")  # type: ignore[union-attr]
    assert log[-1].chosen == "discipline"  # type: ignore[union-attr]


@pytest.mark.clause("HB-5.0")
async def test_the_four_items_are_one_key_away(sit: Sit) -> None:
    async with sit("hebi") as operator:
        await operator.take()
        await operator.press("f5")
        dialog = await operator.screen(ChoiceDialog)
        shown = "".join(str(option.prompt) for option in dialog.query_one(OptionList).options)
        assert [clause for clause in FOUR if clause not in shown] == []


@pytest.mark.clause("HB-5.1")
def test_what_endangers_security_or_spreads_superstition_is_item_one(line: NewLine, ask: Ask) -> None:
    for text in ("村里风水坏了，要政府请大仙来驱鬼", "明天大家都去广场聚集闹事，你们也来"):
        assert proposed(ask, text) == ("security_superstition_abuse", "HB-5.1")
    facts(refuse(line("hebi"), "HB-5.1", told={}))


@pytest.mark.clause("HB-5.2")
def test_what_is_vague_is_asked_once_more_before_it_is_refused() -> None:
    asked = begin(script_for("vague_unreasonable"), "hebi")
    assert asked.step.kind == "ask"
    told = asked.answer("next", "没什么具体的")
    assert told.outcome is None
    assert told.answer("yes").outcome == "resume"
    assert told.answer("no").answer("next").answer("next").answer("yes").outcome == "refused"


@pytest.mark.clause("HB-5.2")
def test_a_repeat_joins_the_earlier_case_and_what_is_vague_gets_no_order(line: NewLine, case: NewCase) -> None:
    running = case("hebi").signed(MONDAY)
    seat = line("hebi")
    again = Refused("HB-5.2", "in_progress_or_duplicate", explained=True, guided=True)
    assert missing(seat.conclude(seat.take(), again)) == (("earlier_order",), "HB-5.2")
    call_id = seat.take()
    history = seat.opened.records.history("13800138000", without_call=call_id)
    assert [order.number for order in history.open_orders] == [running.order.number]
    facts(seat.conclude(call_id, FollowedUp(running.order.number, running.id), note="又来催"))
    assert [joined.note for joined in running.order.callers] == ["又来催"]
    vague = seat.take()
    matter = seat.call(vague).matters[0].id
    telling = intake.Telling("就是不满意", chosen="vague_unreasonable")
    decision = intake.conclude(seat.desk, vague, matter, Ordered("o1", "260302900100012"), telling)
    assert blocked(decision) == (("HB-5.2",), "matter.is_refused")
    facts(seat.conclude(vague, Refused("HB-5.2", "vague_unreasonable", explained=True, guided=True)))


@pytest.mark.clause("HB-5.3")
@pytest.mark.parametrize(
    "text",
    [
        "法院判决书下来了我不服",
        "村支书贪污修路的公款",
        "我对行政处罚不服，已经申请了行政复议",
        "我已经到信访局上访登记了",
    ],
)
def test_what_belongs_to_another_body_is_refused_with_the_body_named(line: NewLine, ask: Ask, text: str) -> None:
    assert proposed(ask, text)[1] == "HB-5.3"
    seat = line("hebi")
    assert missing(refuse(seat, "HB-5.3", told={})) == (("institution",), "HB-5.3")
    facts(refuse(seat, "HB-5.3", told={"institution": "市纪委监委"}))
    assert "12388" in begin(script_for("discipline"), "hebi").answer("no").answer("next").step.text


@pytest.mark.clause("HB-5.4")
def test_any_other_breach_of_rules_is_refused_with_a_written_reason(line: NewLine) -> None:
    seat = line("hebi")
    assert missing(refuse(seat, "HB-5.4", told={})) == (("reason",), "HB-5.4")
    facts(refuse(seat, "HB-5.4", told={}, reason="违反某规定"))


@pytest.mark.clause("HB-6.2.1.1")
def test_what_is_clear_is_answered_in_the_call_without_an_order(line: NewLine, ask: Ask) -> None:
    seat = line("hebi")
    call_id = seat.take(channel=HOTLINE)
    facts(seat.conclude(call_id, Answered("hebi-01", 2)))
    facts(intake.close(seat.desk, call_id))
    assert seat.opened.records.orders(10) == []
    asked = ("deadline", "--jurisdiction=HB", "--limit=answer_on_the_spot", f"--start={MONDAY}", "--json")
    told = ask(*asked, f"--channel={HOTLINE}").json
    assert (told["immediate"], told["clause"]) == (True, "HB-6.2.1.1")


@pytest.mark.clause("HB-6.2.1.2")
def test_a_three_way_call_records_unit_person_and_what_came_of_it(line: NewLine) -> None:
    seat = line("hebi")
    call_id = seat.take(channel=HOTLINE)
    assert missing(seat.conclude(call_id, Transferred("", "three_way")))[0] == ("target",)
    assert missing(seat.conclude(call_id, Transferred("公安局", "three_way"))) == (("person", "answer"), "HB-6.2.1.2")
    told = {"person": "小林", "answer": "当场答复，三日内办好"}
    facts(seat.conclude(call_id, Transferred("公安局", "three_way", told=told)))
    assert seat.call(call_id).matters[0].outcome == Transferred("公安局", "three_way", told=told)
    assert seat.opened.records.orders(10) == []


@pytest.mark.clause("HB-6.3.1")
def test_the_hall_answers_questions_on_the_spot_registers_complaints_and_hands_on_suggestions(
    line: NewLine, case: NewCase, ask: Ask
) -> None:
    question = case("hebi").dispatched(MONDAY, channel=HALL, kind="咨询")
    clock = question.clocks["handle"]
    assert (clock.immediate, clock.clause) == (True, "HB-6.3.1")
    seat = line("hebi")
    hall = {"channel": HALL, "received_at": parse(MONDAY)}
    assert missing(raising(seat, **hall, form="")) == (("form",), "HB-6.3.1")
    assert blocked(raising(seat, **hall, form="sung")) == (("HB-6.3.1",), "record.not_allowed")
    assert missing(raising(seat, **hall, form="oral", caller_name="")) == (("caller_name",), "HB-6.3.1")
    assert missing(raising(seat, **hall, form="oral", caller_number="")) == (("contact",), "HB-6.3.1")
    facts(raising(seat, **hall, form="oral"))
    complaint = case("hebi").raised(
        MONDAY, channel=HALL, form="written", contact_number="0392-3300000", wish="尽快修好"
    )
    sheet = ("order", "paper", complaint.order.number, "complaint_registration", "--jurisdiction=HB", "--json")
    printed = ask(*sheet).json
    assert (printed["name"], printed["clause"]) == ("投诉受理登记表", "HB-6.3.1")
    assert (printed["fields"]["caller_name"], printed["fields"]["form"]) == ("陈*", "书面")
    registered = {"received_at", "caller_name", "contact_number", "form", "title", "content", "wish", "lead"}
    assert set(printed["fields"]) == {"number", "due", *registered}
    assert ask(*sheet, "--unmask").json["fields"]["caller_name"] == "陈女士"
    assert ask("order", "paper", question.order.number, *sheet[3:]).code == 3
    suggestion = case("hebi").raised(MONDAY, channel=HALL, kind="建议")
    facts(suggestion.do(DispatchOrder("城市管理局")))
    assert suggestion.order.status == "dispatched"


@pytest.mark.clause("HB-6.3.1")
@pytest.mark.parametrize(
    ("empty", "field"),
    [({"form": ""}, "form"), ({"caller_name": ""}, "caller_name"), ({"caller_number": ""}, "contact")],
)
def test_only_a_complaint_in_the_hall_is_registered_with_form_and_caller(
    line: NewLine, empty: dict[str, str], field: str
) -> None:
    seat = line("hebi")
    hall = {"channel": HALL, "received_at": parse(MONDAY)}
    asked = {"form": "oral", **empty}
    assert missing(raising(seat, **hall, kind="投诉", **asked)) == ((field,), "HB-6.3.1")
    for kind in ("咨询", "建议"):
        facts(raising(seat, **hall, kind=kind, **asked))
    for channel in ("12345_hotline", "12345_website", "online_platform"):
        facts(raising(seat, channel=channel, kind="投诉", **asked))


@pytest.mark.clause("HB-6.1.1f")
def test_only_on_the_platform_a_limit_of_the_law_needs_its_unit_and_source(line: NewLine) -> None:
    seat = line("hebi")
    online = {"channel": "online_platform", "statutory_amount": 3}
    assert missing(raising(seat, **online)) == (("statutory_unit", "statutory_source"), "HB-6.1.1f")
    sourced = raising(seat, **online, statutory_source="某法第十条")
    assert missing(sourced) == (("statutory_unit",), "HB-6.1.1f")
    facts(raising(seat, **online, statutory_unit="working_day", statutory_source="某法第十条"))
    facts(raising(seat, channel="12345_hotline", statutory_amount=3))
