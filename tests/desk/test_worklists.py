"""Lists people work from, cut short: nobody loses what is theirs, or what presses, to what is only newer."""

from __future__ import annotations

from agent_console.desk.orders.callbacks import set_share
from agent_console.desk.orders.worklists import callback_queue, ledger, my_orders
from agent_console.domain.people import Actor

from ..clauses.conftest import Case
from ..conftest import Office
from ..support.clock import SettableClock
from ..support.rule_of import CLERK, LEAD, OPERATOR, STRANGER, facts

TERMS = {"means": "整改通知", "issued_on": "2026-03-02", "rectify_by": "2026-03-09"}


def raised_for(office: Office, clock: SettableClock, unit: str, at: str, **details: object) -> Case:
    """An order in the inbox of a unit."""
    return Case(office, clock, "fujian").dispatched(at, lead=unit, **details)


def test_a_clerk_is_shown_their_order_however_many_newer_ones_others_have(office: Office, clock: SettableClock) -> None:
    mine = raised_for(office, clock, "城市管理局", "2026-03-02T10:00+08:00")
    for minute in range(3):
        raised_for(office, clock, "水利局", f"2026-03-02T11:0{minute}+08:00")
    found = my_orders(office("fujian", CLERK), most=2)
    assert ([own.order.id for own in found.orders], found.more) == ([mine.id], False)
    others = my_orders(office("fujian", STRANGER), most=2)
    assert (len(others.orders), others.more) == (2, True)


def test_a_list_that_is_cut_short_keeps_what_is_urgent_and_due_first(office: Office, clock: SettableClock) -> None:
    old = raised_for(office, clock, "城市管理局", "2026-03-02T10:00+08:00")
    urgent = raised_for(office, clock, "城市管理局", "2026-03-03T10:00+08:00", urgency="urgent")
    raised_for(office, clock, "城市管理局", "2026-03-06T10:00+08:00")
    found = my_orders(office("fujian", CLERK), most=2)
    assert ([own.order.id for own in found.orders], found.more) == ([urgent.id, old.id], True)


def test_an_order_that_was_put_away_is_in_nobodys_hands(office: Office, clock: SettableClock) -> None:
    case = Case(office, clock, "fujian").completed()
    facts(case.record("platform_file", OPERATOR, "", materials="登记表"))
    facts(case.record("unit_file", CLERK, "", materials="答复函"))
    assert [own.order.id for own in my_orders(office("fujian", CLERK)).orders] == [case.id]
    facts(case.archive())
    assert my_orders(office("fujian", CLERK)).orders == ()


def test_the_ledger_keeps_what_is_supervised_among_newer_orders(office: Office, clock: SettableClock) -> None:
    case = raised_for(office, clock, "城市管理局", "2026-03-02T10:00+08:00")
    facts(case.record("supervision", LEAD, "", **TERMS))
    for minute in range(3):
        raised_for(office, clock, "水利局", f"2026-03-02T11:0{minute}+08:00")
    entries = ledger(office("fujian", LEAD), most=1).entries
    assert [(entry.order.id, entry.stage) for entry in entries] == [(case.id, "running")]
    assert [entry.order.id for entry in ledger(office("fujian", CLERK)).entries] == [case.id]
    assert ledger(office("fujian", STRANGER)).entries == ()


def test_what_was_taken_off_the_ledger_stays_readable_there(office: Office, clock: SettableClock) -> None:
    case = raised_for(office, clock, "城市管理局", "2026-03-02T10:00+08:00")
    facts(case.record("supervision", LEAD, "", **TERMS))
    facts(case.flag("supervised", LEAD, on=False))
    [entry] = ledger(office("fujian", LEAD)).entries
    assert (entry.order.id, entry.stage) == (case.id, "ended")


def test_the_callback_queue_says_when_it_was_cut_short(office: Office, clock: SettableClock) -> None:
    for _ in range(3):
        Case(office, clock, "binzhou").completed()
    agent = office("binzhou", Actor("周回访", "callback_agent"))
    found = callback_queue(agent, most=2)
    assert (len(found.orders), found.more) == (2, True)
    assert (len(callback_queue(agent).orders), callback_queue(agent).more) == (3, False)


def test_a_dissatisfied_citizen_is_called_first_though_others_finished_later(
    office: Office, clock: SettableClock
) -> None:
    angry = Case(office, clock, "zhijiang").completed("2026-03-02T10:00+08:00")
    facts(angry.rate("dissatisfied"))
    for minute in range(3):
        Case(office, clock, "zhijiang").completed(f"2026-03-02T11:0{minute}+08:00")
    line = office("zhijiang", LEAD)
    facts(set_share(line.desk, 100))
    found = callback_queue(line, most=1)
    assert ([order.id for order, _ in found.orders], found.more) == ([angry.id], True)
