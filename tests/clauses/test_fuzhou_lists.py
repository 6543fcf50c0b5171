"""Fuzhou: what its own list and letters add to those of Fujian."""

from __future__ import annotations

import pytest

from agent_console.desk.units import line_entries
from agent_console.domain.decisions import Decision
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_steps import DispatchOrder

from ..cli.conftest import Ask
from ..conftest import Office
from ..support.lists import kept_from, rows
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from .conftest import NewCase, missing

POLICE = Actor("经办", "unit_clerk", "公安局")
EFFICIENCY = Actor("效能办", "efficiency_office")
MONDAY = "2026-03-02T10:00+08:00"
LATE = "2026-03-17T00:00:00+08:00"
SMART = "智慧福州管理服务中心"
LETTER = {"letter_type": "告知函", "issuer": SMART, "document_number": "榕智函〔2026〕1号", "issued_on": "2026-03-02"}
CALLED_BACK = {"means": "phone", "handling": "已修", "feedback": "有", "satisfaction": "satisfied", "opinions": "无"}


@pytest.mark.clause("FZ-13.1")
def test_units_that_run_late_handle_badly_or_put_nothing_right_are_listed_for_a_public_notice(
    case: NewCase, office: Office
) -> None:
    late, marked, good = case("fuzhou").signed(MONDAY), case("fuzhou").completed(MONDAY), case("fuzhou").raised(MONDAY)
    facts(good.do(DispatchOrder("公安局")))
    facts(good.sign(actor=POLICE))
    facts(good.complete(actor=POLICE))
    water = Actor("经办", "unit_clerk", "水利局")
    problem = case("fuzhou").dispatched(MONDAY, lead="水利局")
    facts(problem.sign(actor=water))
    facts(problem.complete(actor=water))
    facts(problem.record("callback", **CALLED_BACK, problem="回填不平"))
    facts(marked.record("mark", LEAD, "", defect="敷衍"))
    late.clock.set(LATE)
    notice = [
        {"unit": "城市管理局", "overdue": 1, "marks": 1, "unrectified": 0},
        {"unit": "水利局", "overdue": 0, "marks": 0, "unrectified": 1},
    ]
    for actor in (LEAD, CENTRE, EFFICIENCY):
        assert rows(office("fuzhou", actor), "public_notice") == notice
    facts(problem.record("rectification", water, "", measure="重新回填", done_on="2026-03-17"))
    assert rows(office("fuzhou", LEAD), "public_notice") == notice[:1]
    assert rows(office("fuzhou", LEAD), "public_notice", "2026-02") == []
    for actor in (OPERATOR, CLERK):
        assert kept_from(office("fuzhou", actor), "public_notice") == (("FZ-13.1",), "lists.not_yours")


@pytest.mark.clause("FZ-14.1")
def test_letters_are_counted_by_type_and_issuer(case: NewCase, office: Office, ask: Ask) -> None:
    order = case("fuzhou").completed(MONDAY)
    order.clock.set("2026-03-20T10:00+08:00")
    facts(order.record("letter", CENTRE, "", **LETTER))
    facts(order.record("letter", CENTRE, "", **LETTER))
    facts(order.record("letter", EFFICIENCY, "", **{**LETTER, "letter_type": "整改通知书", "issuer": "效能办"}))
    to_all = {**LETTER, "letter_type": "通报", "issuer": "效能办"}
    facts(line_entries.write(office("fuzhou", EFFICIENCY).desk, "letter", to_all))
    counted = [
        {"letter_type": "告知函", "issuer": SMART, "count": 2},
        {"letter_type": "整改通知书", "issuer": "效能办", "count": 1},
        {"letter_type": "通报", "issuer": "效能办", "count": 1},
    ]
    for actor in (LEAD, CENTRE, EFFICIENCY):
        assert rows(office("fuzhou", actor), "letters") == counted
    facts(order.rate("dissatisfied"))
    notice = {"document_number": "榕智改〔2026〕1号", "issued_on": "2026-03-20"}
    facts(order.record("rectification_notice", LEAD, "", **notice))
    unnamed = {"letter_type": "整改通知书", "issuer": "未注明", "count": 1}
    assert unnamed in rows(office("fuzhou", LEAD), "letters")
    assert rows(office("fuzhou", LEAD), "letters", "2026-04") == []
    for actor in (OPERATOR, CLERK):
        assert kept_from(office("fuzhou", actor), "letters") == (("FZ-14.1",), "lists.not_yours")
    assert ask("order", "lists", "letters", "--jurisdiction=FJ", "--as=lead").code == 3


@pytest.mark.clause("FZ-14.1")
@pytest.mark.parametrize("record", ["order", "line"])
def test_a_letter_has_type_issuer_number_and_date(case: NewCase, office: Office, record: str) -> None:
    order = case("fuzhou").signed(MONDAY)

    def write(actor: Actor, **fields: str) -> Decision:
        if record == "order":
            return order.record("letter", actor, "", **fields)
        return line_entries.write(office("fuzhou", actor).desk, "letter", fields)

    for field in LETTER:
        told = {name: value for name, value in LETTER.items() if name != field}
        assert missing(write(CENTRE, **told)) == ((field,), "FZ-14.1")
    for field, value in (("letter_type", "公开信"), ("issuer", "水利局"), ("issued_on", "昨天")):
        assert blocked(write(CENTRE, **{**LETTER, field: value}))[1] == "record.not_allowed"
    for letter_type in ("告知函", "整改通知书", "通报"):
        facts(write(EFFICIENCY, **{**LETTER, "letter_type": letter_type, "issuer": "效能办"}))
    facts(write(CENTRE, **LETTER))
    for actor in (OPERATOR, CLERK):
        assert blocked(write(actor, **LETTER)) == (("FZ-14.1",), "order.not_your_step")
