"""Zhijiang: its handling units, who answers there, and the transfer that goes before an order for a question."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from agent_console.desk.calls import intake
from agent_console.domain.decisions import Decision
from agent_console.domain.intake.outcomes import Transferred
from agent_console.domain.units.directory import ListedUnit
from screens.widgets.fields import TextField

from ..cli.conftest import Ask
from ..screens.conftest import Sit
from ..support.directories import Register
from ..support.rule_of import blocked, facts
from ..support.stories import form
from .conftest import Line, NewCase, NewLine, allowed, missing

ZJ = "--jurisdiction=ZJ"
OFFICE = ListedUnit(
    "城市管理局", "department", deputy="某甲", section="热线科", handler="某乙", duty_number="07170000001",
    reachable_always=True,
)  # fmt: skip


@pytest.mark.clause("ZJ-8.0")
@pytest.mark.parametrize(
    ("unit_class", "name"),
    [
        ("township", "镇（街道）人民政府"),
        ("zone", "开发区管委会"),
        ("department", "市直部门和单位"),
        ("upper", "中省在枝单位"),
        ("other", "其他承担热线职能的单位"),
    ],
)
def test_handling_units_are_of_five_classes(case: NewCase, ask: Ask, unit_class: str, name: str) -> None:
    register = Register(case("zhijiang")).entered(ListedUnit("某单位", unit_class))
    assert name in ask("unit", "show", "某单位", ZJ).out
    order = register.order.dispatched(lead="某单位")
    assert order.order.lead == "某单位"
    assert blocked(register.enter(ListedUnit("某村", "village"))) == (("ZJ-8.0",), "record.not_allowed")
    assert len(order.desk().rule_book.directory.classes) == 5


@pytest.mark.clause("ZJ-24")
@pytest.mark.parametrize("field", ["deputy", "section", "handler"])
def test_a_unit_without_leader_in_charge_section_or_handler_is_listed(case: NewCase, ask: Ask, field: str) -> None:
    register = Register(case("zhijiang")).entered(OFFICE)
    assert register.gaps == []
    facts(register.change(OFFICE.name, **{field: ""}))
    assert register.gaps == [(OFFICE.name, field, "ZJ-24")]
    [listed] = ask("unit", "list", "--incomplete", ZJ, "--json").json
    assert listed["lacks"] == [{"field": field, "clause": "ZJ-24"}]


@pytest.mark.clause("ZJ-16.1b")
def test_a_unit_whose_duty_number_is_not_answered_day_and_night_is_listed(case: NewCase) -> None:
    register = Register(case("zhijiang")).entered(OFFICE)
    facts(register.change(OFFICE.name, reachable_always=False))
    assert register.gaps == [(OFFICE.name, "reachable_always", "ZJ-16.1b")]
    assert missing(register.change(OFFICE.name, duty_number="", reachable_always=True))[0] == ("duty_number",)


def asked(seat: Line, **told: object) -> Decision:
    """An order for what a caller asks, made of the call in hand."""
    call_id = seat.take()
    [matter] = seat.call(call_id).matters
    details = form("zhijiang", **{"kind": "咨询", **told})
    return intake.raise_order(seat.desk, call_id, matter.id, details, intake.Telling("问")).decision


@pytest.mark.clause("ZJ-16.1b")
def test_an_order_for_a_question_on_the_phone_says_what_came_of_the_transfer(line: NewLine) -> None:
    seat = line("zhijiang")
    tried = {"transfer_unit": "城市管理局", "transfer_outcome": "无人接听"}
    assert missing(asked(seat)) == (("transfer_unit", "transfer_outcome"), "ZJ-16.1b")
    for name in tried:
        assert missing(asked(seat, **{**tried, name: ""})) == ((name,), "ZJ-16.1b")
    for outcome in ("无人接听", "诉求人不愿转接"):
        assert allowed(asked(seat, **{**tried, "transfer_outcome": outcome}))
    answered = {**tried, "transfer_outcome": "接听后不能即时解答"}
    assert missing(asked(seat, **answered)) == (("transfer_person",), "ZJ-16.1b")
    assert allowed(asked(seat, **answered, transfer_person="某乙"))
    assert blocked(asked(seat, **{**tried, "transfer_outcome": "忘了"})) == (("ZJ-16.1b",), "record.not_allowed")


@pytest.mark.clause("ZJ-16.1b")
@pytest.mark.parametrize("told", [{"kind": "投诉"}, {"kind": "求助"}, {"channel": "website"}])
def test_other_matters_and_written_questions_need_no_transfer(line: NewLine, told: dict[str, object]) -> None:
    assert allowed(asked(line("zhijiang"), **told))


@pytest.mark.clause("ZJ-16.1b")
def test_a_transfer_to_the_duty_number_records_unit_person_and_outcome(line: NewLine) -> None:
    seat = line("zhijiang")
    told = {"person": "某乙", "outcome": "已当场解答"}
    for name in told:
        rest = {field: value for field, value in told.items() if field != name}
        decision = seat.conclude(seat.take(), Transferred("城市管理局", "duty_phone", told=rest))
        assert missing(decision) == ((name,), "ZJ-16.1b")
    call_id = seat.take()
    facts(seat.conclude(call_id, Transferred("城市管理局", "duty_phone", told=told)))
    assert seat.call(call_id).matters[0].outcome == Transferred("城市管理局", "duty_phone", told=told)


@pytest.mark.clause("ZJ-16.1b")
async def test_the_form_offers_the_transfer_and_shows_the_duty_number_first(sit: Sit, case: NewCase) -> None:
    Register(case("zhijiang")).entered(OFFICE)
    async with sit("zhijiang") as operator:
        await operator.take()
        await operator.write("想问路灯坏了归谁管")
        form_open = await operator.form()
        line = form_open.query_one("#form-transfer", Static)
        form_open.query_one("#field-kind").focus()
        await operator.press("1")
        form_open.query_one("#field-lead", TextField).value = ""
        form_open.query_one("#field-lead").focus()
        await operator.key_in("csgl")
        await operator.until(lambda: "24小时值班电话07170000001" in str(line.render()))
        assert "（ZJ-16.1b）" in str(line.render())
        await operator.press("f4")
        await operator.until(lambda: "转接的单位" in str(form_open.query_one("#form-message", Static).render()))
        form_open.query_one("#field-kind").focus()
        await operator.press("3")
        await operator.until(lambda: str(line.render()) == "")
