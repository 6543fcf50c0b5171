"""Fujian, Hebi, Zhijiang: which unit a matter belongs to, and why."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from agent_console.desk.orders.routing import suggestions
from agent_console.domain.units.directory import ListedUnit

from ..cli.conftest import Ask
from ..screens.conftest import Sit
from ..support.stories import form
from ..support.units import enter
from .conftest import Case, NewCase

FUJIAN = (
    ListedUnit("福州市人民政府", "government", "city", region="福州市"),
    ListedUnit("福州市城市管理局", "government", "city", "福州市人民政府", "福州市", ("路灯", "市容")),
    ListedUnit("鼓楼区人民政府", "government", "county", "福州市人民政府", "鼓楼区"),
    ListedUnit("仓山区城市管理局", "government", "county", "福州市人民政府", "仓山区", ("路灯",)),
    ListedUnit("鼓楼区城市管理局", "government", "county", "鼓楼区人民政府", "鼓楼区", ("路灯",)),
)


def suggested(order: Case, **details: object) -> list[tuple[str, str]]:
    """Names and clauses of the units for a lamp that is out in Gulou, the best first."""
    found = suggestions(order.desk(), form(order.jurisdiction, **details))
    return [(suggestion.unit, suggestion.clause) for suggestion in found]


@pytest.mark.clause("FJ-5.1")
def test_units_are_suggested_by_place_first_then_by_competence_each_with_its_reason(case: NewCase, ask: Ask) -> None:
    order = enter(case("fujian"), *FUJIAN)
    assert suggested(order) == [
        ("鼓楼区城市管理局", "FJ-5.1"),
        ("鼓楼区人民政府", "FJ-5.1"),
        ("福州市城市管理局", "FJ-5.1"),
    ]
    elsewhere = suggested(order, district="仓山区")
    assert elsewhere == [("仓山区城市管理局", "FJ-5.1"), ("福州市城市管理局", "FJ-5.1")]
    assert suggested(order, district="", title="工资拖欠", content="工资拖欠") == []
    order.raised(lead="福州市城市管理局")
    shown = ask("order", "suggest", order.order.number, "--jurisdiction=FJ", "--json").json
    assert [(one["unit"], one["reasons"]) for one in shown] == [
        ("鼓楼区城市管理局", ["属地：鼓楼区", "主管：路灯"]),
        ("鼓楼区人民政府", ["属地：鼓楼区"]),
        ("福州市城市管理局", ["主管：路灯"]),
    ]


@pytest.mark.clause("FJ-5.1")
async def test_the_form_opens_with_the_first_suggestion_and_says_why(sit: Sit, case: NewCase) -> None:
    enter(case("fujian"), *FUJIAN)
    async with sit("fujian") as operator:
        await operator.take()
        await operator.write("鼓楼区五四路路灯坏了，请帮忙修")
        form_open = await operator.form()
        assert form_open.details().lead == "鼓楼区城市管理局"
        line = form_open.query_one("#form-suggested", Static)
        told = "建议 鼓楼区城市管理局：属地：鼓楼区、主管：路灯（FJ-5.1）"
        await operator.until(lambda: told in str(line.render()))
        form_open.query_one("#field-district").focus()
        await operator.press("ctrl+u")
        await operator.key_in("仓山区")
        await operator.press("tab")
        await operator.until(lambda: "建议 仓山区城市管理局" in str(line.render()))
        assert form_open.details().lead == "仓山区城市管理局"


@pytest.mark.clause("FJ-5.1")
def test_an_order_without_a_unit_is_not_sent_anywhere_but_answered_with_the_suggestions(
    case: NewCase, ask: Ask
) -> None:
    order = enter(case("fujian"), *FUJIAN)
    told = ask(
        "order", "raise", "--jurisdiction=FJ", "--kind=投诉", "--title=路灯不亮", "--content=三天不亮",
        "--caller-type=citizen", "--caller-name=示例甲", "--caller-number=13800000001", "--district=鼓楼区",
    )  # fmt: skip
    assert told.code == 3
    assert "鼓楼区城市管理局  属地：鼓楼区、主管：路灯（FJ-5.1）" in told.err
    assert order.opened.records.orders(10) == []


@pytest.mark.clause("HB-6.0")
def test_the_area_comes_before_the_department(case: NewCase) -> None:
    order = enter(
        case("hebi"),
        ListedUnit("市城市管理局", "department", duties=("路灯",)),
        ListedUnit("淇滨区人民政府", "county", region="淇滨区"),
        ListedUnit("浚县人民政府", "county", region="浚县"),
    )
    assert suggested(order, district="淇滨区") == [("淇滨区人民政府", "HB-6.0"), ("市城市管理局", "HB-6.0")]
    assert suggested(order, district="浚县") == [("浚县人民政府", "HB-6.0"), ("市城市管理局", "HB-6.0")]


@pytest.mark.clause("ZJ-8.0")
def test_whoever_is_competent_for_the_matter_comes_before_the_place(case: NewCase) -> None:
    order = enter(
        case("zhijiang"),
        ListedUnit("马家店街道办事处", "township", region="马家店街道"),
        ListedUnit("市住房和城乡建设局", "department", duties=("路灯",)),
        ListedUnit("枝江供电公司", "upper", duties=("停电",)),
    )
    place = {"district": "枝江市", "street": "马家店街道"}
    assert suggested(order, **place) == [("市住房和城乡建设局", "ZJ-8.0"), ("马家店街道办事处", "ZJ-8.0")]
    out = suggested(order, **place, title="小区停电", content="小区停电两天")
    assert out == [("枝江供电公司", "ZJ-8.0"), ("马家店街道办事处", "ZJ-8.0")]
