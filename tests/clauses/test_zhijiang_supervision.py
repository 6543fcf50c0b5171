"""Zhijiang: supervision, coordination of several units, designation and precedent."""

from __future__ import annotations

import pytest

from agent_console.desk.orders import precedents, supervision
from agent_console.desk.orders.routing import suggestions
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_corrections import JoinCaller
from agent_console.domain.work_order.order_steps import DispatchOrder

from ..cli.conftest import Ask
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, facts
from ..support.stories import form
from .conftest import Case, NewCase, missing

GOVERNMENT = Actor("市府办", "government_office")
INSPECTOR = Actor("督查室", "supervision_office")
NAMED = {"lead": "水利局", "supporting": "公安局", "designated_on": "2026-03-04"}
MONDAY = "2026-03-02T10:00+08:00"


def waiting(order: Case) -> dict[str, tuple[str, ...]]:
    """Orders that are to be supervised, and why."""
    found = supervision.queue(order.desk(LEAD), order.opened.records)
    return {one.order.id: one.triggers for one in found}


@pytest.mark.clause("ZJ-6.4")
@pytest.mark.parametrize("complexity", ["complex", "especially_complex"])
def test_the_bureau_calls_a_meeting_on_a_complex_order_or_supervises_it(case: NewCase, complexity: str) -> None:
    order = case("zhijiang").signed(complexity=complexity)
    held = {"units": "水利局、公安局", "note": "三日内会商"}
    for nobody in (CLERK, LEAD, CENTRE):
        assert blocked(order.record("meeting", nobody, **held)) == (("ZJ-6.4",), "order.not_your_step")
    assert missing(order.record("meeting", BUREAU)) == (("units", "note"), "ZJ-6.4")
    facts(order.record("meeting", BUREAU, **held))
    facts(order.record("supervision", BUREAU, reason="疑难"))
    assert "supervised" in order.order.flags
    simple = case("zhijiang").signed()
    assert blocked(simple.record("meeting", BUREAU, **held)) == (("ZJ-6.4",), "record.not_this_order")


@pytest.mark.clause("ZJ-7.3")
def test_an_overdue_order_waits_for_supervision_from_the_first_day_after(case: NewCase) -> None:
    order = case("zhijiang").signed(MONDAY)
    order.clock.set("2026-03-09T23:59:59+08:00")
    assert waiting(order) == {}
    order.clock.set("2026-03-10T00:00:00+08:00")
    assert waiting(order) == {order.id: ("overdue",)}
    facts(order.record("supervision", LEAD, reason="超期"))
    assert waiting(order) == {}


@pytest.mark.clause("ZJ-7.3")
def test_a_dissatisfied_caller_and_a_repeated_complaint_put_an_order_on_the_list(
    case: NewCase, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", MONDAY)
    angry, again, asked = case("zhijiang").completed(), case("zhijiang").signed(), case("zhijiang").signed(kind="咨询")
    facts(angry.rate("dissatisfied"))
    for order in (again, asked):
        facts(order.do(JoinCaller("c2", "陈女士", "13800138000", "又来催")))
    assert waiting(angry) == {angry.id: ("dissatisfied",), again.id: ("repeated",)}
    listed = ask("order", "list", "--to-supervise", "--jurisdiction=ZJ", "--json").json
    assert {order["number"]: order["triggers"] for order in listed} == {
        angry.order.number: ["dissatisfied"],
        again.order.number: ["repeated"],
    }


@pytest.mark.clause("ZJ-7.3")
def test_five_orders_of_one_matter_within_thirty_days_are_a_concentrated_topic(case: NewCase) -> None:
    first = case("zhijiang").signed("2026-01-05T10:00+08:00", concerns="某供水公司", complexity="complex")
    same = [case("zhijiang").signed(MONDAY, title=f"停水{number}", concerns="某供水公司") for number in range(4)]
    case("zhijiang").signed(concerns="某物业公司")
    assert not any("concentrated" in triggers for triggers in waiting(first).values())
    fifth = case("zhijiang").signed(concerns="某供水公司")
    found = {id_ for id_, triggers in waiting(first).items() if "concentrated" in triggers}
    assert {fifth.id, *(order.id for order in same)} <= found


@pytest.mark.clause("ZJ-7.3")
@pytest.mark.parametrize(("at", "concentrated"), [("2026-04-01T10:00+08:00", True), ("2026-04-01T10:01+08:00", False)])
def test_the_thirty_days_of_a_concentrated_topic_end_to_the_minute(case: NewCase, at: str, concentrated: bool) -> None:
    four = [case("zhijiang").raised(MONDAY, title=f"停水{number}", concerns="某供水公司") for number in range(4)]
    fifth = case("zhijiang").raised(at, concerns="某供水公司")
    found = {id_ for id_, triggers in waiting(fifth).items() if "concentrated" in triggers}
    assert (found == {fifth.id, *(order.id for order in four)}) is concentrated


@pytest.mark.clause("ZJ-18.1")
def test_a_lead_puts_an_order_under_supervision_or_on_the_key_list_and_every_check_has_its_date(case: NewCase) -> None:
    order = case("zhijiang").signed(MONDAY)
    assert missing(order.record("supervision", LEAD)) == (("reason",), "ZJ-18.1")
    for nobody in (CLERK, OPERATOR):
        assert blocked(order.record("supervision", nobody, reason="久拖不决")) == (("ZJ-18.1",), "order.not_your_step")
        assert blocked(order.flag("key_order", nobody)) == (("ZJ-18.1",), "order.not_your_step")
    facts(order.record("supervision", LEAD, reason="久拖不决"))
    assert order.order.flags == ("supervised",)
    check = {"checked_on": "2026-03-03", "note": "已进场施工"}
    assert blocked(order.record("tracking_check", LEAD, **check)) == (("ZJ-18.1",), "record.needs_flag")
    facts(order.flag("key_order", LEAD))
    assert missing(order.record("tracking_check", LEAD, note="已进场施工")) == (("checked_on",), "ZJ-18.1")
    assert missing(order.record("tracking_check", LEAD, checked_on="2026-03-03")) == (("note",), "ZJ-18.1")
    assert blocked(order.record("tracking_check", LEAD, checked_on="昨天", note="无"))[1] == "record.not_allowed"
    facts(order.record("tracking_check", LEAD, **check))
    facts(order.record("tracking_check", INSPECTOR, "2026-03-05T09:00+08:00", checked_on="2026-03-05", note="完工"))
    assert [entry.fields["checked_on"] for entry in order.order.recorded("tracking_check")] == [
        "2026-03-03",
        "2026-03-05",
    ]


@pytest.mark.clause("ZJ-18.2")
def test_coordination_of_a_joint_order_is_written_and_read_by_all_its_units(case: NewCase, ask: Ask) -> None:
    order = case("zhijiang").raised(MONDAY)
    facts(order.do(DispatchOrder("城市管理局", ("水利局",))))
    assert missing(order.record("coordination", CLERK)) == (("note",), "ZJ-18.2")
    facts(order.record("coordination", CLERK, note="周三现场碰头"))
    facts(order.record("coordination", STRANGER, note="水利局派两人"))
    facts(order.record("coordination", LEAD, note="中心参加"))
    police = Actor("公安", "unit_clerk", "公安局")
    assert blocked(order.record("coordination", police, note="无"))[1] == "order.not_your_order"
    seen = ask("order", "show", order.order.number, "--jurisdiction=ZJ", "--as=unit_clerk:水利局", "--json").json
    notes = [event["fields"]["note"] for event in seen["history"] if event["type"] == "order.recorded"]
    assert notes == ["周三现场碰头", "水利局派两人", "中心参加"]
    alone = case("zhijiang").signed()
    assert blocked(alone.record("coordination", CLERK, note="无")) == (("ZJ-18.2",), "record.not_this_order")


@pytest.mark.clause("ZJ-16.4b")
def test_a_disputed_order_goes_from_centre_to_bureau_to_government_which_names_its_units(case: NewCase) -> None:
    order = case("zhijiang").raised(MONDAY)
    assert blocked(order.record("submitted_to_bureau", CENTRE, reason="职责交叉"))[1] == "record.needs_flag"
    facts(order.flag("disputed"))
    assert blocked(order.do(DispatchOrder())) == (("ZJ-16.4b",), "duty.owed")
    assert blocked(order.record("submitted_to_government", BUREAU, opinions="建议水利局"))[1] == "record.needs_record"
    assert blocked(order.record("designation", GOVERNMENT, **NAMED))[1] == "record.needs_record"
    assert missing(order.record("submitted_to_bureau", CENTRE)) == (("reason",), "ZJ-16.4b")
    assert blocked(order.record("submitted_to_bureau", BUREAU, reason="职责交叉"))[1] == "order.not_your_step"
    facts(order.record("submitted_to_bureau", CENTRE, reason="职责交叉"))
    assert blocked(order.record("designation", GOVERNMENT, **NAMED))[1] == "record.needs_record"
    assert missing(order.record("submitted_to_government", BUREAU)) == (("opinions",), "ZJ-16.4b")
    assert blocked(order.record("submitted_to_government", CENTRE, opinions="建议水利局"))[1] == "order.not_your_step"
    facts(order.record("submitted_to_government", BUREAU, opinions="建议水利局"))
    for nobody in (CENTRE, BUREAU, LEAD):
        assert blocked(order.record("designation", nobody, **NAMED)) == (("ZJ-16.4b",), "order.not_your_step")
    for field in ("lead", "designated_on"):
        rest = {name: value for name, value in NAMED.items() if name != field}
        assert missing(order.record("designation", GOVERNMENT, **rest)) == ((field,), "ZJ-16.4b")
    facts(order.record("designation", GOVERNMENT, **NAMED))
    assert order.order.recorded("designation")[0].fields["designated_on"] == "2026-03-04"
    assert order.order.flags == ("disputed", "precedent")
    assert "ZJ-16.4b" in blocked(order.do(DispatchOrder("城市管理局")))[0]
    facts(order.do(DispatchOrder("水利局", ("公安局",))))
    assert (order.order.lead, order.order.supporting) == ("水利局", ("公安局",))


@pytest.mark.clause("ZJ-16.4b")
def test_a_signed_order_changes_its_unit_only_on_a_designation(case: NewCase) -> None:
    order = case("zhijiang").signed(MONDAY)
    assert blocked(order.reassign("水利局", LEAD)) == (("ZJ-16.4b",), "duty.owed")
    designated(order)
    assert blocked(order.reassign("水利局", CLERK)) == (("ZJ-16.4b",), "order.not_your_step")
    facts(order.reassign("水利局", LEAD, "2026-03-04T10:00+08:00"))
    assert (order.order.lead, order.order.status) == ("水利局", "dispatched")


def designated(order: Case) -> None:
    """The whole way up to the government and back."""
    facts(order.flag("disputed"))
    facts(order.record("submitted_to_bureau", CENTRE, reason="职责交叉"))
    facts(order.record("submitted_to_government", BUREAU, opinions="建议水利局"))
    facts(order.record("designation", GOVERNMENT, **NAMED))


@pytest.mark.clause("ZJ-16.4c")
def test_a_designation_is_a_precedent_that_is_proposed_for_the_same_matter(case: NewCase, ask: Ask) -> None:
    decided = case("zhijiang").raised(title="沮漳河边违建堆场扬尘", kind="投诉")
    desk = decided.desk()
    assert precedents.proposed(desk, form("zhijiang", title="沮漳河边违建堆场扬尘")) is None
    designated(decided)
    assert "precedent" in decided.order.flags
    found = precedents.proposed(desk, form("zhijiang", title="沮漳河边违建堆场扬尘大"))
    assert found is not None
    assert (found.lead, found.supporting, found.order) == ("水利局", ("公安局",), decided.order.number)
    first = suggestions(desk, form("zhijiang", title="沮漳河边违建堆场扬尘大"))[0]
    assert (first.unit, first.clause) == ("水利局", "ZJ-16.4c")
    assert precedents.proposed(desk, form("zhijiang", title="沮漳河边违建堆场扬尘", kind="咨询")) is None
    assert precedents.proposed(desk, form("zhijiang", title="五四路路灯不亮")) is None
    again = case("zhijiang").raised(title="沮漳河边违建堆场扬尘大")
    shown = ask("order", "show", again.order.number, "--jurisdiction=ZJ", "--json").json
    assert shown["precedent"]["lead"] == "水利局"


@pytest.mark.clause("ZJ-23.0b")
def test_grave_consequences_are_referred_with_addressee_and_date(case: NewCase) -> None:
    order = case("zhijiang").completed()
    told = {"recipient": "市纪委监委", "referred_on": "2026-03-05"}
    assert blocked(order.record("accountability_referral", INSPECTOR, **told)) == (("ZJ-23.0b",), "record.needs_flag")
    assert blocked(order.flag("negative_impact", CLERK)) == (("ZJ-23.0b",), "order.not_your_step")
    facts(order.flag("negative_impact", LEAD))
    assert blocked(order.archive()) == (("ZJ-23.0b",), "duty.owed")
    for field in told:
        rest = {name: value for name, value in told.items() if name != field}
        assert missing(order.record("accountability_referral", INSPECTOR, **rest)) == ((field,), "ZJ-23.0b")
    assert blocked(order.record("accountability_referral", CLERK, **told))[1] == "order.not_your_step"
    facts(order.record("accountability_referral", INSPECTOR, **told))
    facts(order.archive())
