"""Binzhou: the six matters that are in principle not taken, and emergencies."""

from __future__ import annotations

import msgspec
import pytest
from textual.widgets import OptionList

from agent_console.desk.calls import intake
from agent_console.domain.decisions import Decision, NeedsOverride
from agent_console.domain.intake.calls import DescribeCaller
from agent_console.domain.intake.outcomes import Answered, Ordered, Refused, Transferred
from agent_console.domain.people import Actor
from knowledge.scripts.model import script_for
from knowledge.scripts.runner import Run, begin
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.script import ScriptDialog

from ..cli.conftest import Ask
from ..conftest import Office
from ..screens.conftest import Sit
from ..support.rule_of import CENTRE, LEAD, OPERATOR, blocked, facts
from ..support.stories import form
from .conftest import Line, NewLine, missing

SIX = ("BZ-6.1", "BZ-6.2", "BZ-6.3", "BZ-6.4", "BZ-6.5", "BZ-6.6")
FULL = {"institution": "党委", "route": "诉讼", "petition_office": "县信访局", "petition_date": "2026-02-01"}
BZ = "--jurisdiction=BZ"
WITHHELD = ("", "anonymous", "未知号码", "138****0001", "12", "0000000", "1380013800013800")


def refuse(seat: Line, clause: str, note: str = "路灯不亮", **told: str) -> Decision:
    """A refusal with everything said."""
    outcome = Refused(clause, explained=True, guided=True, told=told or FULL)
    return seat.conclude(seat.take(), outcome, note)


def proposed(ask: Ask, text: str) -> tuple[str | None, bool]:
    """The first clause the screening proposes, and whether it is an emergency."""
    found = ask("screen", text, BZ, "--json").json
    return found["clause"], found["urgent"]


def script(name: str) -> Run:
    return begin(script_for(name), "binzhou")


def raised(
    line: Line, office: Office, call_id: str, actor: Actor = OPERATOR, **more: str
) -> tuple[Decision, list[str]]:
    """An order of the matter in hand, and the numbers of the orders there are then."""
    desk = office("binzhou", actor).desk
    matter = desk.call(call_id).matters[0].id
    telling = msgspec.structs.replace(intake.Telling("外地的路灯"), **more)
    raising = intake.raise_order(desk, call_id, matter, form("binzhou"), telling)
    return raising.decision, [order.number for order in line.opened.records.orders(10)]


@pytest.mark.clause("BZ-6.0")
def test_exactly_six_matters_are_refused(line: NewLine) -> None:
    seat = line("binzhou")
    for clause in SIX:
        facts(refuse(seat, clause))
    for clause in ("BZ-6.7", "BZ-6.0", "BZ-7.1", "BZ-8", "FJ-13.1", ""):
        assert blocked(refuse(seat, clause))[1] == "matter.no_such_refusal"
    assert tuple(item.clause for item in seat.desk.rule_book.refusals) == SIX


@pytest.mark.clause("BZ-6.0")
@pytest.mark.clause("BZ-14.2b")
def test_what_the_operator_chose_from_the_list_becomes_no_order(line: NewLine, office: Office) -> None:
    seat = line("binzhou")
    decision, orders = raised(seat, office, seat.take(), chosen="out_of_area")
    assert isinstance(decision, NeedsOverride)
    assert (decision.role, decision.clause, orders) == ("lead", "BZ-6.4", [])


@pytest.mark.clause("BZ-6.0")
def test_a_lead_takes_a_matter_of_the_list_all_the_same_with_a_reason(line: NewLine, office: Office) -> None:
    seat = line("binzhou")
    call_id = seat.take()
    exception = {"chosen": "out_of_area", "admits": "BZ-6.4"}
    for actor in (OPERATOR, CENTRE):
        decision, _ = raised(seat, office, call_id, actor, **exception, admit_reason="跨界路段")
        assert isinstance(decision, NeedsOverride)
        assert (decision.role, decision.clause) == ("lead", "BZ-6.0")
    assert missing(raised(seat, office, call_id, LEAD, **exception)[0]) == (("admit_reason",), "BZ-6.0")
    assert blocked(raised(seat, office, call_id, LEAD, admits="BZ-7.1")[0])[1] == "matter.no_such_refusal"
    decision, orders = raised(seat, office, call_id, LEAD, **exception, admit_reason="跨界路段")
    facts(decision)
    outcome = seat.call(call_id).matters[0].outcome
    assert isinstance(outcome, Ordered)
    assert (outcome.admits, outcome.reason, [outcome.number]) == ("BZ-6.4", "跨界路段", orders)


@pytest.mark.clause("BZ-6.0")
def test_the_exception_is_made_on_the_command_line_too(ask: Ask) -> None:
    words = (
        "order",
        "raise",
        BZ,
        "--kind=投诉",
        "--title=路灯",
        "--content=路灯不亮",
        "--caller-name=甲",
        "--lead=某局",
    )
    more = ("--caller-number=13800000001", "--district=示例区", "--admits=bz-6.4", "--admit-reason=跨界路段", "--json")
    refused = ask(*words, *more)
    assert refused.code == 3
    assert "BZ-6.0" in refused.err
    order = ask(*words, *more, "--as=lead").json
    call = ask("call", "show", order["call"], BZ, "--json").json
    assert call["matters"][0]["outcome"]["admits"] == "BZ-6.4"
    assert call["matters"][0]["outcome"]["reason"] == "跨界路段"


@pytest.mark.clause("BZ-6.1")
def test_only_opinions_on_five_powers_are_refused_and_the_party_committee_is_one(line: NewLine, ask: Ask) -> None:
    seat = line("binzhou")
    for body in ("党委", "人大", "政协", "军队", "司法机关"):
        facts(refuse(seat, "BZ-6.1", institution=body))
    for body in ("公安局", "纪检监察", "有关部门"):
        assert blocked(refuse(seat, "BZ-6.1", institution=body)) == (("BZ-6.1",), "record.not_allowed")
    assert missing(refuse(seat, "BZ-6.1", route="诉讼")) == (("institution",), "BZ-6.1")
    assert proposed(ask, "我对市委的工作提一个建议") == ("BZ-6.1", False)


@pytest.mark.clause("BZ-6.2")
def test_only_what_is_already_before_a_court_or_tribunal_is_refused(line: NewLine, ask: Ask) -> None:
    seat = line("binzhou")
    for route in ("诉讼", "仲裁", "行政复议"):
        facts(refuse(seat, "BZ-6.2", route=route))
    assert blocked(refuse(seat, "BZ-6.2", route="信访")) == (("BZ-6.2",), "record.not_allowed")
    assert missing(refuse(seat, "BZ-6.2", institution="党委")) == (("route",), "BZ-6.2")
    assert proposed(ask, "法院正在审理我的案子，想让你们管管") == ("BZ-6.2", False)
    assert script("litigation").answer("2").outcome == "resume"
    assert script("litigation").answer("1").outcome is None
    assert script("reconsideration_arbitration").answer("3").outcome == "resume"
    assert script("reconsideration_arbitration").answer("1").outcome is None


@pytest.mark.clause("BZ-6.3")
def test_of_a_petition_the_office_and_the_date_are_asked_for_and_kept(line: NewLine, ask: Ask) -> None:
    seat = line("binzhou")
    only_office = refuse(seat, "BZ-6.3", petition_office="县信访局")
    assert missing(only_office) == (("petition_date",), "BZ-6.3")
    assert missing(refuse(seat, "BZ-6.3", petition_date="2026-02-01")) == (("petition_office",), "BZ-6.3")
    facts(refuse(seat, "BZ-6.3", petition_office="县信访局", petition_date="2026-02-01"))
    office = script("petition").answer("1")
    date = office.answer("next", "县信访局")
    assert "哪个信访部门" in office.step.text
    assert "什么时候" in date.step.text
    known = date.answer("next", "2026-02-01").answers
    assert known == {"petition_office": "县信访局", "petition_date": "2026-02-01"}
    assert script("petition").answer("3").outcome == "resume"
    assert proposed(ask, "县信访局去年已经书面答复我了") == ("BZ-6.3", False)


@pytest.mark.clause("BZ-6.3")
async def test_what_the_script_asked_about_a_petition_is_not_asked_again(sit: Sit) -> None:
    async with sit("binzhou") as operator:
        await operator.take()
        await operator.press("f5")
        await operator.pick("BZ-6.3")
        dialog = await operator.screen(ScriptDialog)
        await operator.press("2")
        for answer in ("县信访局", "2026-02-01"):
            await operator.key_in(answer)
            await operator.press("enter")
        while dialog._walk.outcome is None:
            await operator.press("enter")
        await operator.press("enter")
        await operator.until(lambda: operator.outcome)
        assert isinstance(operator.outcome, Refused)
        assert operator.outcome.told == {"petition_office": "县信访局", "petition_date": "2026-02-01"}


@pytest.mark.clause("BZ-6.4")
def test_the_border_is_the_city(line: NewLine, ask: Ask) -> None:
    facts(refuse(line("binzhou"), "BZ-6.4"))
    assert proposed(ask, "淄博市张店区的路灯坏了") == ("BZ-6.4", False)
    assert proposed(ask, "滨州市黄河五路的路灯坏了")[0] != "BZ-6.4"


@pytest.mark.clause("BZ-6.5")
@pytest.mark.parametrize("number", WITHHELD)
def test_a_number_that_is_withheld_or_can_be_none_is_found_by_the_console_itself(
    line: NewLine, office: Office, ask: Ask, number: str
) -> None:
    seat = line("binzhou")
    call_id = seat.take(number)
    assert ask("call", "show", call_id, BZ, "--json").json["refused_by_number"] == "BZ-6.5"
    decision, orders = raised(seat, office, call_id, chosen="accept")
    assert isinstance(decision, NeedsOverride)
    assert (decision.role, decision.clause, orders) == ("lead", "BZ-6.5", [])
    facts(seat.conclude(call_id, Refused("BZ-6.5", explained=True, guided=True)))
    concluded = seat.opened.store.log.load(f"call:{call_id}")[-1].fact
    assert getattr(concluded, "proposed", ()) == ("hidden_number",)


@pytest.mark.clause("BZ-6.5")
@pytest.mark.parametrize("number", ["13800138000", "+86 138-0013-8000", "0543-3190000", "3190000", "10086"])
def test_a_number_somebody_can_be_called_under_is_nothing_to_refuse(
    line: NewLine, office: Office, ask: Ask, number: str
) -> None:
    seat = line("binzhou")
    call_id = seat.take(number)
    assert ask("call", "show", call_id, BZ, "--json").json["refused_by_number"] == ""
    facts(raised(seat, office, call_id)[0])


@pytest.mark.clause("BZ-6.5")
def test_a_letter_has_no_number_and_a_number_the_caller_tells_is_one(line: NewLine, office: Office) -> None:
    seat = line("binzhou")
    facts(raised(seat, office, seat.take("", channel="mailbox"))[0])
    told = seat.take("")
    facts(intake.describe_caller(seat.desk, told, DescribeCaller(number="13800138000")))
    facts(raised(seat, office, told)[0])
    exception = seat.take("")
    facts(raised(seat, office, exception, LEAD, admits="BZ-6.5", admit_reason="举报人怕报复")[0])
    answered = seat.take("")
    facts(seat.conclude(answered, Answered("kb-1", 1)))
    handed_over = seat.take("")
    facts(seat.conclude(handed_over, Transferred("110", "transfer")))


@pytest.mark.clause("BZ-6.5")
async def test_it_stands_first_before_the_operator_picks_a_category(sit: Sit) -> None:
    async with sit("binzhou") as operator:
        await operator.take("00000")
        await operator.press("f5")
        dialog = await operator.screen(ChoiceDialog)
        first = str(dialog.query_one(OptionList).options[0].prompt)
        assert "BZ-6.5" in first


@pytest.mark.clause("BZ-6.6")
@pytest.mark.parametrize("screening_class", ["secret", "privacy"])
def test_of_secrets_and_private_life_category_and_time_are_kept_and_nothing_that_was_said(
    line: NewLine, screening_class: str
) -> None:
    seat = line("binzhou")
    call_id = seat.take()
    refused = Refused("BZ-6.6", screening_class=screening_class, explained=True, guided=True, reason="军工图纸")
    facts(seat.conclude(call_id, refused, note="某厂的图纸在他手里", words="图纸"))
    [matter] = seat.call(call_id).matters
    assert (matter.note, matter.words) == ("", "")
    kept = Refused("BZ-6.6", screening_class=screening_class, explained=True, guided=True)
    assert (matter.outcome, matter.concluded_at) == (kept, seat.clock.now())
    other = seat.take()
    facts(seat.conclude(other, Refused("BZ-6.4", explained=True, guided=True), note="外市的事"))
    assert seat.call(other).matters[0].note == "外市的事"


@pytest.mark.clause("BZ-7.1")
@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("有人拿刀砍人", "police_110", "110"),
        ("家里着火了快来", "fire_119", "119"),
        ("我妈妈昏倒了没有呼吸", "medical_120", "120"),
        ("两车相撞有人受伤", "traffic_122", "122"),
    ],
)
async def test_danger_to_life_or_property_is_guided_to_the_four_numbers_before_anything_else(
    sit: Sit, ask: Ask, text: str, name: str, number: str
) -> None:
    assert proposed(ask, text) == ("BZ-7.1", True)
    assert number in script(name).step.text
    async with sit("binzhou") as operator:
        await operator.take()
        await operator.press("f5")
        dialog = await operator.screen(ChoiceDialog)
        first = [str(option.prompt) for option in dialog.query_one(OptionList).options[:4]]
        assert sum("BZ-7.1" in line for line in first) == 4
        assert any(number in line for line in first)
