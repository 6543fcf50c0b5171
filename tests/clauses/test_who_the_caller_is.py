"""From whom it is kept who called, and who looked."""

from __future__ import annotations

import pytest

from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_corrections import AmendOrder, JoinCaller
from agent_console.domain.work_order.order_steps import DispatchOrder

from ..cli.conftest import Ask
from ..support.eyes import kept_out, looked
from ..support.rule_of import CLERK, LEAD, OPERATOR, facts
from .conftest import Case, NewCase

MONDAY = "2026-03-02T10:00+08:00"
NAME, NUMBER = "陈女士", "13800138000"
UNIT = ("--as", "unit_clerk:城市管理局:王经办")
DEPUTY = Actor("陈局长", "unit_leader", "城市管理局")


@pytest.fixture(autouse=True)
def that_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line stands at the same hour as the desks."""
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-03-02T10:00+08:00")


def with_unit(order: Case, **details: object) -> Case:
    """An order in the inbox of the unit."""
    facts(order.raised(MONDAY, **details).do(DispatchOrder()))
    return order


def seen(ask: Ask, *words: str, city: str = "FJ") -> list[dict[str, object]]:
    """The list of those who looked, the first one first."""
    lines = ask("order", "seen", *words, "--json", "--jurisdiction", city).json
    return [{name: line[name] for name in ("by", "role", "unit", "masked")} for line in reversed(lines)]


@pytest.mark.clause("FJ-6.2")
def test_the_unit_complained_about_learns_who_called_only_where_handling_needs_it(case: NewCase, ask: Ask) -> None:
    complaint = with_unit(case("fujian"), kind="投诉")
    request = with_unit(case("fujian"), kind="求助")
    for actor in (CLERK, DEPUTY):
        shown = looked(complaint, actor)
        assert shown.identity == "hidden"
        details = shown.order.details
        assert (details.caller_name, details.caller_number, details.contact_number) == ("", "", "")
        assert kept_out(complaint, actor, unmask=True) == (("FJ-6.2",), "sight.ground_wanting")
        assert kept_out(complaint, actor, unmask=True, ground="  ")[0] == ("FJ-6.2",)
        assert looked(complaint, actor, unmask=True, ground="须上门核对").order.details.caller_name == NAME
    assert looked(request, CLERK).identity == looked(complaint, LEAD).identity == "masked"
    assert looked(request, CLERK, unmask=True).order.details.caller_name == NAME
    told = ask("order", "show", complaint.order.number, *UNIT, "--json", "--jurisdiction=FJ").out
    assert [text in told for text in ("三天不亮", NAME, "陈*", "138000")] == [True, False, False, False]
    [mine] = [one for one in ask("order", "list", *UNIT, "--json", "--jurisdiction=FJ").json if one["kind"] == "投诉"]
    assert (mine["caller_name"], mine["caller_number"]) == ("", "")
    logged = ask("order", "seen", complaint.order.number, "--json", "--jurisdiction=FJ").json
    grounds = [(line["by"], line["ground"]) for line in logged if not line["masked"]]
    assert sorted(grounds) == [("王经办", "须上门核对"), ("陈局长", "须上门核对")]


@pytest.mark.clause("FJ-29.3")
def test_every_view_of_a_complaint_is_on_record_with_who_looked(case: NewCase, ask: Ask) -> None:
    number = with_unit(case("fujian"), kind="投诉").order.number
    assert seen(ask, number) == []
    for who in (("--as=lead::李班长",), ("--as=operator::张三", "--unmask"), ("--as=province::省级",)):
        assert ask("order", "show", number, *who, "--jurisdiction=FJ").code == 0
    assert ask("order", "show", number, "--as=unit_clerk:水利局:赵经办", "--jurisdiction=FJ").code == 3
    assert seen(ask, number) == [
        {"by": "李班长", "role": "lead", "unit": "", "masked": True},
        {"by": "张三", "role": "operator", "unit": "", "masked": False},
        {"by": "省级", "role": "province", "unit": "", "masked": True},
    ]


@pytest.mark.clause("FJ-30.5")
def test_every_view_by_a_unit_is_on_record_and_shows_no_caller(case: NewCase, ask: Ask) -> None:
    order = with_unit(case("fujian"), kind="投诉")
    facts(order.do(AmendOrder("caller_name", "林先生", "听错了")))
    facts(order.do(JoinCaller("", "黄女士", "13911112222", "同一盏灯")))
    number = order.order.number
    for words in ((), ("--unmask",), ("--unmask", "--ground", "须上门核对"), ("--json",)):
        told = ask("order", "show", number, *UNIT, *words, "--jurisdiction=FJ")
        names = [name for name in ("陈", "林", "黄", "138000", "112222") if name in told.out]
        assert (told.code, names) == {
            (): (0, []),
            ("--unmask",): (3, []),
            ("--unmask", "--ground", "须上门核对"): (0, ["陈", "林", "黄", "138000", "112222"]),
            ("--json",): (0, []),
        }[words]
    clerk = {"by": "王经办", "role": "unit_clerk", "unit": "城市管理局"}
    assert seen(ask, number) == [{**clerk, "masked": hidden} for hidden in (True, False, True)]


@pytest.mark.clause("ZJ-25.2")
def test_a_reporter_is_never_named_to_a_unit(case: NewCase, ask: Ask) -> None:
    report = with_unit(case("zhijiang"), kind="举报")
    complaint = with_unit(case("zhijiang"), kind="投诉")
    for actor in (CLERK, DEPUTY):
        assert looked(report, actor).identity == "hidden"
        assert kept_out(report, actor, unmask=True, ground="须上门核对") == (("ZJ-25.2",), "sight.never_told")
    assert looked(report, OPERATOR, unmask=True).order.details.caller_name == NAME
    assert looked(complaint, CLERK, unmask=True).order.details.caller_number == NUMBER
    asked = ask("order", "show", report.order.number, *UNIT, "--unmask", "--ground=核对", "--jurisdiction=ZJ")
    assert (asked.code, "ZJ-25.2" in asked.err, NAME in asked.out) == (3, True, False)
    told = ask("order", "sign", report.order.number, *UNIT, "--json", "--jurisdiction=ZJ").json
    assert (told["status"], told["caller_name"], told["caller_number"]) == ("signed", "", "")


@pytest.mark.clause("ZJ-25.1")
def test_only_roles_of_the_book_act_and_every_look_can_be_listed(case: NewCase, ask: Ask) -> None:
    first, second = with_unit(case("zhijiang")), with_unit(case("zhijiang"))
    for role in ("operator", "lead", "callback_agent", "centre", "bureau", "government_office", "evaluator"):
        assert ask("order", "show", first.order.number, f"--as={role}::{role}甲", "--jurisdiction=ZJ").code == 0
    for role in ("province", "city_leader", "efficiency_office", "service_monitor", "guest"):
        refused = ask("order", "show", first.order.number, f"--as={role}", "--jurisdiction=ZJ")
        assert (refused.code, "政务督查室" in refused.err) == (1, True)
    nameless = ask("order", "list", "--as=unit_clerk", "--jurisdiction=ZJ")
    assert (nameless.code, "单位" in nameless.err) == (3, True)
    first.clock.set("2026-03-03T09:00+08:00")
    looked(second, OPERATOR)
    assert [line["by"] for line in seen(ask, "--from=2026-03-03", city="ZJ")] == [OPERATOR.name]
    assert [line["by"] for line in seen(ask, "--by=lead甲", city="ZJ")] == ["lead甲"]
    assert len(seen(ask, "--to=2026-03-02", city="ZJ")) == 7
    assert ask("order", "seen", "--from=gestern", "--jurisdiction=ZJ").code == 1


def test_the_file_holds_no_ground_in_the_open(case: NewCase) -> None:
    order = with_unit(case("fujian"))
    looked(order, CLERK, unmask=True, ground="须到幸福里三号核对")
    order.opened.store.close()
    assert "幸福里".encode() not in order.opened.store.path.read_bytes()
