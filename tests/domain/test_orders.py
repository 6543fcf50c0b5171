"""Raising an order, and what each fact changes in it."""

from __future__ import annotations

import msgspec
import pytest

from agent_console.domain.decisions import Missing
from agent_console.domain.instants import parse
from agent_console.domain.intake.seats import SignedIn
from agent_console.domain.work_order.order_steps import (
    DecideExtension,
    DecideReturn,
    DispatchOrder,
    ExtendOrder,
    RaiseOrder,
    ReturnOrder,
    SignOrder,
)
from agent_console.domain.work_order.orders import Order, OrderDetails, evolve
from tests.support.clock import MONDAY
from tests.support.rule_of import BUREAU, CENTRE, CLERK, FIVE, blocked, facts
from tests.support.stories import EXTENDING, RETURNING, OrderStory, form


def raising(jurisdiction: str, **changes: object) -> RaiseOrder:
    return RaiseOrder("o1", "260302900100012", "c1", "m1", form(jurisdiction, **changes))


@pytest.mark.parametrize("jurisdiction", FIVE)
def test_a_full_form_becomes_an_order(jurisdiction: str) -> None:
    order = OrderStory.raised(jurisdiction).order
    assert (order.id, order.number, order.call, order.matter) == ("o1", "260302900100012", "c1", "m1")
    assert (order.status, order.raised_at, order.lead) == ("raised", parse(MONDAY), "")
    assert order.details == form(jurisdiction)


@pytest.mark.parametrize(
    ("jurisdiction", "fields", "clause"),
    [
        pytest.param("fujian", ("caller_type", "kind", "title", "content", "lead"), "FJ-2.2"),
        pytest.param("zhijiang", ("caller_type", "kind", "title", "content", "lead"), "ZJ-3"),
        pytest.param("binzhou", ("caller_name", "place", "content", "contact", "kind", "title", "lead"), "BZ-14.1a"),
        pytest.param("hebi", ("channel", "caller_type", "kind", "title", "content", "lead"), "HB-2.1"),
        pytest.param("fuzhou", ("caller_type", "kind", "title", "content", "lead"), "FJ-2.2"),
    ],
)
@pytest.mark.clause("FJ-2.2")
@pytest.mark.clause("ZJ-3")
@pytest.mark.clause("BZ-14.1a")
@pytest.mark.clause("HB-2.1")
def test_an_empty_form_says_what_the_rule_book_asks_for(
    jurisdiction: str, fields: tuple[str, ...], clause: str
) -> None:
    empty = RaiseOrder("o1", "260302900100012", "c1", "m1", OrderDetails())
    assert OrderStory(jurisdiction).do(empty) == Missing(fields, clause)


@pytest.mark.parametrize("field", ["title", "content", "lead"])
@pytest.mark.parametrize("jurisdiction", FIVE)
def test_a_field_of_blanks_is_empty(jurisdiction: str, field: str) -> None:
    decision = OrderStory(jurisdiction).do(raising(jurisdiction, **{field: " 　"}))
    assert isinstance(decision, Missing)
    assert decision.fields == (field,)


@pytest.mark.parametrize(("kind", "asked"), [("投诉", True), ("求助", True), ("咨询", False), ("建议", False)])
def test_the_place_is_asked_for_where_somebody_has_to_go_there(kind: str, asked: bool) -> None:
    decision = OrderStory("fujian").do(raising("fujian", kind=kind, district=""))
    assert isinstance(decision, Missing) is asked


@pytest.mark.parametrize("part", ["district", "street", "community", "point"])
def test_any_part_of_the_place_will_do(part: str) -> None:
    facts(OrderStory("fujian").do(raising("fujian", **{"district": "", part: "五四路"})))


@pytest.mark.clause("BZ-14.1a")
def test_binzhou_asks_for_the_place_whatever_the_kind() -> None:
    assert OrderStory("binzhou").do(raising("binzhou", kind="咨询", district="")) == Missing(("place",), "BZ-14.1a")


@pytest.mark.clause("BZ-14.1a")
def test_binzhou_asks_for_the_name_of_the_caller_unless_they_stay_anonymous() -> None:
    nameless = OrderStory("binzhou").do(raising("binzhou", caller_name=""))
    assert nameless == Missing(("caller_name",), "BZ-14.1a")
    facts(OrderStory("binzhou").do(raising("binzhou", caller_name="", anonymous=True)))


KINDS = {
    "fujian": ("咨询", "投诉", "建议", "求助"),
    "zhijiang": ("咨询", "求助", "投诉", "建议", "表扬", "举报"),
    "binzhou": ("咨询", "求助", "意见建议", "投诉", "其他"),
    "hebi": ("咨询", "投诉", "建议"),
    "fuzhou": ("咨询", "投诉", "举报", "建议", "求助"),
}
ALL_KINDS = sorted({kind for kinds in KINDS.values() for kind in kinds} | {"点赞"})


@pytest.mark.parametrize("kind", ALL_KINDS)
@pytest.mark.parametrize(
    ("jurisdiction", "clause"),
    [("fujian", "FJ-12.1"), ("zhijiang", "ZJ-9.1"), ("binzhou", "BZ-5.1"), ("hebi", "HB-2.2"), ("fuzhou", "FZ-4.2")],
)
@pytest.mark.clause("FJ-2.2")
@pytest.mark.clause("ZJ-3")
@pytest.mark.clause("BZ-2.1")
@pytest.mark.clause("HB-2.2")
@pytest.mark.clause("FZ-4.2")
def test_no_kind_outside_the_rule_book(jurisdiction: str, clause: str, kind: str) -> None:
    tried = {"transfer_unit": "城市管理局", "transfer_outcome": "无人接听"}
    decision = OrderStory(jurisdiction).do(raising(jurisdiction, kind=kind, **tried))
    if kind in KINDS[jurisdiction]:
        facts(decision)
    else:
        assert blocked(decision) == ((clause,), "order.unknown_kind")


@pytest.mark.parametrize(
    ("jurisdiction", "changes", "field", "clause"),
    [
        pytest.param("fujian", {"channel": "visit"}, "channel", "FJ-2.1", marks=pytest.mark.clause("FJ-2.1")),
        pytest.param("hebi", {"channel": "phone"}, "channel", "HB-6.2.0", marks=pytest.mark.clause("HB-2.1")),
        pytest.param("binzhou", {"channel": "visit"}, "channel", "BZ-4", marks=pytest.mark.clause("BZ-9")),
        pytest.param("zhijiang", {"caller_type": "enterprise"}, "caller_type", "ZJ-3"),
    ],
)
def test_no_channel_and_no_type_of_caller_outside_the_rule_book(
    jurisdiction: str, changes: dict[str, str], field: str, clause: str
) -> None:
    assert OrderStory(jurisdiction).do(raising(jurisdiction, **changes)) == Missing((field,), clause)


@pytest.mark.parametrize("jurisdiction", FIVE)
@pytest.mark.parametrize("field", ["urgency", "complexity", "statutory_unit"])
def test_no_choice_that_no_book_knows_from_wherever_the_order_comes(jurisdiction: str, field: str) -> None:
    assert OrderStory(jurisdiction).do(raising(jurisdiction, **{field: "特急"})) == Missing((field,))


def test_an_order_is_raised_once() -> None:
    assert blocked(OrderStory.raised().do(raising("fujian"))) == ((), "order.already_raised")


def test_the_place_stands_in_one_line() -> None:
    details = form("fujian", street="东街街道", community="军门社区", point="五四路口")
    assert details.place == "鼓楼区东街街道军门社区五四路口"


def test_dispatch_signing_and_completion_each_leave_their_own_time() -> None:
    story = OrderStory.raised("zhijiang")
    facts(story.do(DispatchOrder(), at="2026-03-02T11:00+08:00"))
    facts(story.do(SignOrder({}), CLERK, at="2026-03-02T15:00+08:00"))
    order = story.order
    times = (order.raised_at, order.received_at, order.signed_at, order.completed_at)
    assert times == (parse(MONDAY), parse("2026-03-02T11:00+08:00"), parse("2026-03-02T15:00+08:00"), 0)
    assert OrderStory.completed("zhijiang").order.completed_at == parse(MONDAY)


def test_an_order_that_was_handed_on_begins_anew_and_remembers_its_units() -> None:
    story = OrderStory.signed("binzhou", complexity="especially_complex")
    facts(story.do(ExtendOrder(5, EXTENDING), CLERK))
    facts(story.do(DecideExtension(granted=True), BUREAU))
    facts(story.do(ReturnOrder(RETURNING["binzhou"]), CLERK))
    facts(story.do(DispatchOrder("水利局", ("城市管理局",)), BUREAU, at="2026-03-03T09:00+08:00"))
    order = story.order
    assert (order.status, order.lead, order.supporting) == ("dispatched", "水利局", ("城市管理局",))
    assert (order.signed_at, order.extensions, order.extended_days, order.due) == (0, 0, 0, 0)
    assert order.units == ("城市管理局", "水利局")


def test_an_application_for_more_time_does_not_outlive_the_unit_that_made_it() -> None:
    story = OrderStory.signed("zhijiang")
    facts(story.do(ReturnOrder({"reason": "不属本单位"}), CLERK))
    facts(story.do(ExtendOrder(0, {"reason": "备件未到"}), CLERK))
    facts(story.do(DecideReturn(granted=True), CENTRE))
    facts(story.do(DispatchOrder("水利局")))
    assert story.order.extension_requested is None
    assert blocked(story.do(DecideExtension(granted=True), CENTRE)) == (("ZJ-17.3",), "order.no_extension_asked")


@pytest.mark.parametrize("strange", [None, SignedIn("张三", 0)])
def test_what_cannot_be_read_changes_nothing(strange: msgspec.Struct | None) -> None:
    for order in (Order(), OrderStory.signed().order):
        assert evolve(order, strange) == order
