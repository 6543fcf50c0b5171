"""Binzhou: which unit an order goes to, and who answers for it meanwhile."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList

from agent_console.desk.calls import intake
from agent_console.desk.orders import handling
from agent_console.desk.orders.routing import suggestions
from agent_console.domain.decisions import Decision
from agent_console.domain.intake.outcomes import Answered, Transferred
from agent_console.domain.people import Actor
from agent_console.domain.units.directory import ListedUnit
from agent_console.domain.units.routing_steps import PassOnOrder
from agent_console.domain.work_order.order_corrections import ReassignOrder
from agent_console.domain.work_order.order_steps import DispatchOrder
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import ChoiceDialog

from ..cli.conftest import Ask
from ..screens.conftest import Sit
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, clock_of, facts
from ..support.stories import form
from ..support.units import clerk_of, enter
from .conftest import Case, NewCase, NewLine, allowed, missing

BZ = "--jurisdiction=BZ"
DUE = "2026-03-09T23:59:59+08:00"
ASKED = {"asked_at": "2026-03-03T09:00+08:00", "question": "路灯归谁管"}
RULED = {"unit": "水利局", "answer": "归水利局", "answered_at": "2026-03-04T09:00+08:00"}


def answering(ask: Ask, order: Case) -> str:
    """The unit the console says answers for the order."""
    return str(ask("order", "show", order.order.number, BZ, "--json").json["answering"])


@pytest.mark.clause("BZ-14.2b")
def test_what_cannot_be_answered_at_once_and_is_in_scope_becomes_an_order_and_goes_to_a_unit(line: NewLine) -> None:
    seat = line("binzhou")
    call_id = seat.take()
    assert blocked(intake.close(seat.desk, call_id)) == (("BZ-14.2b",), "matter.owes_outcome")
    matter = seat.call(call_id).matters[0].id
    telling = intake.Telling("路灯不亮", chosen="accept")
    raising = intake.raise_order(seat.desk, call_id, matter, form("binzhou"), telling)
    facts(raising.decision)
    facts(handling.dispatch(seat.desk, raising.order))
    assert seat.desk.order(raising.order).lead == "城市管理局"


@pytest.mark.clause("BZ-21.1")
def test_the_first_unit_answers_until_another_has_signed_and_its_clock_runs_on(case: NewCase, ask: Ask) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00")
    assert answering(ask, order) == "城市管理局"
    facts(order.return_(at="2026-03-03T10:00+08:00"))
    assert (order.order.status, answering(ask, order)) == ("returned", "城市管理局")
    assert order.due() == DUE
    facts(order.do(DispatchOrder("水利局"), at="2026-03-04T10:00+08:00"))
    assert answering(ask, order) == "城市管理局"
    facts(order.sign(actor=STRANGER))
    assert answering(ask, order) == "水利局"
    assert order.due() == "2026-03-11T23:59:59+08:00"


@pytest.mark.clause("BZ-21.1")
def test_an_order_that_the_second_unit_sends_back_too_is_still_with_the_first(case: NewCase, ask: Ask) -> None:
    order = case("binzhou").dispatched("2026-03-02T10:00+08:00")
    assert answering(ask, order) == "城市管理局"
    facts(order.return_())
    facts(order.do(DispatchOrder("水利局")))
    facts(order.return_(actor=STRANGER))
    assert answering(ask, order) == "城市管理局"


@pytest.mark.clause("BZ-21.2")
def test_returns_are_counted_per_order_and_per_unit_and_the_second_of_an_order_raises_the_alarm(
    case: NewCase, ask: Ask
) -> None:
    order, other = case("binzhou").dispatched(), case("binzhou").dispatched()
    facts(order.return_())
    facts(other.return_())
    assert list(order.order.flags) == []
    facts(order.do(DispatchOrder("水利局")))
    facts(order.return_(actor=STRANGER))
    shown = ask("order", "show", order.order.number, BZ, "--json").json
    assert shown["returned_by"] == ["城市管理局", "水利局"]
    assert shown["flags"] == ["returned_again"]
    assert list(other.order.flags) == []
    assert ask("order", "returns", BZ, "--json").json == {"城市管理局": 2, "水利局": 1}
    facts(order.do(DispatchOrder()))
    facts(order.return_())
    assert list(order.order.flags) == ["returned_again"]
    for actor in (CLERK, OPERATOR):
        assert blocked(order.flag("returned_again", actor, on=False)) == (("BZ-21.2",), "order.not_your_step")
    assert allowed(order.flag("returned_again", LEAD, on=False))


@pytest.mark.clause("BZ-21.3")
def test_where_the_duty_is_unclear_the_nearest_function_is_named_and_gets_the_order_at_once(case: NewCase) -> None:
    order = case("binzhou").raised()
    named = {"unit": "城市管理局", "reason": "管市政照明"}
    assert blocked(order.record("nearest_unit", **named)) == (("BZ-21.3",), "record.needs_flag")
    assert blocked(order.flag("duty_unclear", CLERK)) == (("BZ-21.3",), "order.not_your_step")
    facts(order.flag("duty_unclear"))
    assert order.owes == {"nearest_unit": False}
    assert blocked(order.do(DispatchOrder())) == (("BZ-21.3",), "duty.owed")
    assert missing(order.record("nearest_unit")) == (("unit", "reason"), "BZ-21.3")
    assert blocked(order.record("nearest_unit", CLERK, **named)) == (("BZ-21.3",), "order.not_your_step")
    facts(order.record("nearest_unit", **named))
    facts(order.do(DispatchOrder()))
    assert order.order.lead == "城市管理局"


@pytest.mark.clause("BZ-21.3")
def test_the_unit_whose_function_is_nearest_is_proposed(case: NewCase) -> None:
    order = enter(
        case("binzhou"),
        ListedUnit("市长公开电话办公室", "mayors_line", "1"),
        ListedUnit("滨城区人民政府", "county", "2", "市长公开电话办公室", "滨城区"),
        ListedUnit("市住房和城乡建设局", "department", "2", "市长公开电话办公室", duties=("路灯",)),
        ListedUnit("市城市管理局", "department", "2", "市长公开电话办公室", duties=("路灯", "五四路")),
    )
    found = suggestions(order.desk(), form("binzhou", district="滨城区"))
    assert [(one.unit, one.clause) for one in found] == [("市城市管理局", "BZ-21.3"), ("市住房和城乡建设局", "BZ-21.3")]


@pytest.mark.clause("BZ-21.4")
@pytest.mark.parametrize("actor", [OPERATOR, LEAD, CENTRE])
def test_for_several_departments_the_tier_above_names_the_one_lead(case: NewCase, actor: Actor) -> None:
    order = case("binzhou").raised(supporting=("水利局",))
    assert blocked(order.do(DispatchOrder(), actor)) == (("BZ-21.4",), "order.lead_named_by")
    assert blocked(order.do(DispatchOrder("公安局", ("水利局",)), actor)) == (("BZ-21.4",), "order.lead_named_by")
    facts(order.do(DispatchOrder("水利局", ("城市管理局", "公安局")), BUREAU))
    assert (order.order.lead, order.order.supporting) == ("水利局", ("城市管理局", "公安局"))
    alone = case("binzhou").raised()
    assert allowed(alone.do(DispatchOrder(), actor))


def _referred(order: Case) -> Case:
    facts(order.flag("duty_unclear"))
    facts(order.record("duty_referral", LEAD, **ASKED))
    return order


@pytest.mark.clause("BZ-21.5")
def test_a_dispute_over_duty_goes_to_the_staffing_office_and_its_answer_is_written_down(case: NewCase) -> None:
    order = case("binzhou").dispatched()
    assert blocked(order.record("duty_referral", LEAD, **ASKED)) == (("BZ-21.5",), "record.needs_flag")
    facts(order.flag("duty_unclear"))
    assert blocked(order.record("duty_ruling", LEAD, **RULED)) == (("BZ-21.5",), "record.needs_record")
    assert missing(order.record("duty_referral", LEAD)) == (("asked_at", "question"), "BZ-21.5")
    assert blocked(order.record("duty_referral", CLERK, **ASKED)) == (("BZ-21.5",), "order.not_your_step")
    facts(order.record("duty_referral", LEAD, **ASKED))
    assert missing(order.record("duty_ruling", BUREAU)) == (("unit", "answer", "answered_at"), "BZ-21.5")
    assert blocked(order.record("duty_ruling", CLERK, **RULED)) == (("BZ-21.5",), "order.not_your_step")
    facts(order.record("duty_ruling", BUREAU, **RULED))
    assert order.order.recorded("duty_ruling")[0].fields == RULED


@pytest.mark.clause("BZ-21.5")
def test_the_answer_binds_whoever_hands_the_order_on(case: NewCase) -> None:
    order = _referred(case("binzhou").dispatched())
    facts(order.return_())
    facts(order.record("duty_ruling", LEAD, **RULED))
    for actor in (OPERATOR, LEAD, BUREAU):
        assert blocked(order.do(DispatchOrder("城市管理局"), actor)) == (("BZ-21.5",), "order.bound_to")
    facts(order.do(DispatchOrder("水利局")))
    assert order.order.lead == "水利局"


@pytest.mark.clause("BZ-21.5")
@pytest.mark.clause("BZ-21.1")
def test_a_signed_order_moves_only_by_the_ruling_and_its_clock_runs_on_until_then(case: NewCase, ask: Ask) -> None:
    order = _referred(case("binzhou").signed("2026-03-02T10:00+08:00"))
    assert order.due() == DUE
    assert blocked(order.reassign("水利局", LEAD)) == (("BZ-21.5",), "duty.owed")
    facts(order.record("duty_ruling", LEAD, **RULED))
    assert order.due() == DUE
    assert blocked(order.reassign("公安局", LEAD)) == (("BZ-21.5",), "order.bound_to")
    for actor in (CLERK, OPERATOR):
        assert blocked(order.do(ReassignOrder("水利局", (), {}), actor)) == (("BZ-21.5",), "order.not_your_step")
    facts(order.reassign("水利局", LEAD, "2026-03-05T10:00+08:00"))
    assert answering(ask, order) == "城市管理局"
    facts(order.sign(actor=STRANGER))
    assert answering(ask, order) == "水利局"


@pytest.mark.clause("BZ-11.3")
def test_an_order_reaches_the_third_tier_only_by_way_of_its_second(case: NewCase, ask: Ask) -> None:
    district, street, other = "滨城区人民政府", "市东街道办事处", "惠民县人民政府"
    order = enter(
        case("binzhou"),
        ListedUnit("市长公开电话办公室", "mayors_line", "1"),
        ListedUnit(district, "county", "2", "市长公开电话办公室", "滨城区"),
        ListedUnit(other, "county", "2", "市长公开电话办公室", "惠民县"),
        ListedUnit(street, "township", "3", district, "市东街道", ("路灯",)),
        ListedUnit("东区社区工作站", "station", "", street, "东区社区"),
    ).raised("2026-03-02T10:00+08:00", lead=street, street="市东街道")
    for unit in ("", "东区社区工作站"):
        for actor in (OPERATOR, LEAD, BUREAU):
            assert blocked(order.do(DispatchOrder(unit), actor)) == (("BZ-11.3",), "routing.through_parent")
    assert blocked(order.do(DispatchOrder(district, (street,)), BUREAU)) == (("BZ-11.3",), "routing.through_parent")
    [first, *_] = ask("order", "suggest", order.order.number, BZ, "--json").json
    assert first["unit"] == district
    assert "经上级转“市东街道办事处”（BZ-11.3）" in first["reasons"]
    facts(order.do(DispatchOrder(district)))
    assert blocked(order.do(PassOnOrder(street), clerk_of(other)))[0] == ("BZ-11.3",)
    facts(order.do(PassOnOrder(street), clerk_of(district)))
    facts(order.sign(actor=clerk_of(street)))
    facts(order.do(PassOnOrder("东区社区工作站"), clerk_of(street)))
    assert (order.order.lead, order.order.units) == (district, (district, street, "东区社区工作站"))
    signed = enter(case("binzhou"), ListedUnit("城市管理局", "department", "2", "市长公开电话办公室")).signed()
    facts(signed.flag("duty_unclear"))
    facts(signed.record("duty_referral", LEAD, **ASKED))
    facts(signed.record("duty_ruling", LEAD, **{**RULED, "unit": street}))
    assert blocked(signed.reassign(street, LEAD)) == (("BZ-11.3",), "routing.through_parent")
    assert blocked(signed.reassign(other, LEAD)) == (("BZ-21.5",), "order.bound_to")
    facts(signed.reassign(district, LEAD))


@pytest.mark.clause("BZ-21.6")
def test_a_dispute_over_the_law_goes_to_the_judicial_office_and_its_answer_is_written_down(case: NewCase) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00")
    law = {"answer": "适用某条例", "answered_at": "2026-03-04"}
    assert blocked(order.record("law_answer", LEAD, **law)) == (("BZ-21.6",), "record.needs_record")
    assert missing(order.record("law_referral", LEAD)) == (("asked_at", "question"), "BZ-21.6")
    assert blocked(order.record("law_referral", CLERK, **ASKED)) == (("BZ-21.6",), "order.not_your_step")
    facts(order.record("law_referral", LEAD, **ASKED))
    assert missing(order.record("law_answer", LEAD)) == (("answer", "answered_at"), "BZ-21.6")
    assert blocked(order.record("law_answer", CLERK, **law)) == (("BZ-21.6",), "order.not_your_step")
    facts(order.record("law_answer", LEAD, **law))
    assert order.order.recorded("law_answer")[0].fields == law
    assert order.due() == DUE


# --- what is in the knowledge base, and what is not


@pytest.mark.clause("BZ-22.1a")
async def test_what_the_knowledge_base_answers_is_answered_in_the_call_and_names_entry_and_version(sit: Sit) -> None:
    async with sit("binzhou") as operator:
        await operator.take()
        await operator.write("路灯坏了归谁管")
        await operator.press("f3")
        await operator.pick("占道垃圾路灯归谁管")
        await operator.until(lambda: operator.call.matters[0].outcome is not None)
        assert operator.call.matters[0].outcome == Answered("where-12319", 1)
        assert operator.orders == []


@pytest.mark.clause("BZ-22.1b")
@pytest.mark.parametrize(
    ("way", "name"), [("three_way", "三方通话"), ("expert_seat", "专家坐席"), ("on_behalf", "代为咨询")]
)
async def test_where_the_search_finds_nothing_three_ways_are_offered(sit: Sit, way: str, name: str) -> None:
    async with sit("binzhou") as operator:
        await operator.take()
        await operator.press("f3")
        await operator.pick(name)
        await operator.screen(AskDialog)
        await operator.key_in("医疗保障局")
        await operator.press("enter")
        await operator.until(lambda: operator.call.matters[0].outcome is not None)
        outcome = operator.call.matters[0].outcome
        assert outcome == Transferred("医疗保障局", way)


@pytest.mark.clause("BZ-22.1b")
def test_the_three_ways_are_those_of_this_city(line: NewLine) -> None:
    def by(way: str, jurisdiction: str) -> Decision:
        seat = line(jurisdiction)
        return seat.conclude(seat.take(), Transferred("医疗保障局", way))

    for way in ("three_way", "expert_seat", "on_behalf"):
        assert allowed(by(way, "binzhou"))
    assert blocked(by("pigeon", "binzhou")) == (("BZ-22.1b",), "record.not_allowed")
    assert blocked(by("expert_seat", "fujian")) == ((), "record.not_allowed")


@pytest.mark.clause("BZ-14.2a")
def test_an_answer_on_the_spot_closes_the_call_without_an_order(line: NewLine) -> None:
    seat = line("binzhou")
    call_id = seat.take()
    assert blocked(intake.close(seat.desk, call_id))[0] == ("BZ-14.2b",)
    assert missing(seat.conclude(call_id, Answered(), note="", words="")) == (("answer",), "")
    facts(seat.conclude(call_id, Answered("binzhou-medical-07", 3)))
    facts(intake.close(seat.desk, call_id))
    closed = seat.call(call_id)
    assert (closed.status, closed.matters[0].outcome) == ("closed", Answered("binzhou-medical-07", 3))
    assert seat.opened.records.orders(10) == []


@pytest.mark.clause("BZ-16.2")
@pytest.mark.parametrize("target", ["120", "12348"])
def test_a_transfer_to_an_emergency_or_convenience_line_keeps_time_and_target(line: NewLine, target: str) -> None:
    seat = line("binzhou")
    call_id = seat.take()
    assert missing(seat.conclude(call_id, Transferred("", "transfer"))) == (("target",), "")
    seat.clock.set("2026-03-02T10:04:05+08:00")
    facts(seat.conclude(call_id, Transferred(target, "transfer")))
    [matter] = seat.call(call_id).matters
    assert matter.outcome == Transferred(target, "transfer")
    assert clock_of(matter.concluded_at) == "2026-03-02T10:04:05+08:00"


@pytest.mark.clause("BZ-22.1b")
async def test_where_the_search_finds_an_answer_the_other_ways_are_not_in_the_list(sit: Sit) -> None:
    async with sit("binzhou") as operator:
        await operator.take()
        await operator.write("路灯坏了归谁管")
        await operator.press("f3")
        dialog = await operator.screen(ChoiceDialog)
        shown = "".join(str(option.prompt) for option in dialog.query_one(OptionList).options)
        assert "路灯" in shown
        assert "专家坐席" not in shown
