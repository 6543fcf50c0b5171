"""Lists by which units and people are supervised, as far as the rule book of the desk has them.

Orders and units are told from the open columns of `order_figure`; only the orders of the lines that are shown are
opened. Every list names who may see it; people of a unit see the lines of their unit.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import msgspec

from agent_console.desk.leaving.shown import Row
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders.order_lists import lines_of_orders
from agent_console.desk.reports.figures import Period
from agent_console.desk.units import attendance, unit_measures
from agent_console.desk.units.entries import counted
from agent_console.domain.decisions import Blocked
from agent_console.domain.instants import Instant, local_date
from agent_console.domain.messages import message
from agent_console.domain.oversight.list_rules import ListRule
from agent_console.texts import say


class Narrowed(msgspec.Struct, frozen=True):
    """How a list is narrowed: to a unit, to a part it has in an order, to a period (None: this year until today)."""

    unit: str = ""
    part: str = ""
    period: Period | None = None


class Listed(msgspec.Struct, frozen=True):
    """A list: its lines as far as they are shown, and what they come to per unit over all of them."""

    id: str
    rule: ListRule
    period: Period
    rows: tuple[Row, ...]
    totals: tuple[Row, ...] = ()


def known(opened: OpenDesk) -> dict[str, ListRule]:
    """The lists of the rule book that the actor may see."""
    role = opened.desk.actor.role
    return {name: rule for name, rule in opened.desk.rule_book.lists.lists.items() if _may_see(rule, role)}


def listed(opened: OpenDesk, name: str, narrowed: Narrowed | None = None) -> Listed | Blocked:
    """One list as of now. Blocked where the book has no such list, or keeps it from the actor's role."""
    asked = narrowed or Narrowed()
    book = opened.desk.rule_book
    rule = book.lists.lists.get(name)
    if rule is None:
        told = "、".join(known(opened)) or say("lists.none")
        unknown = message("lists.unknown", list=name, book=book.short_title)
        return Blocked((), unknown, message("lists.known", lists=told))
    if not _may_see(rule, opened.desk.actor.role):
        roles = "、".join(rule.roles)
        refused = message("lists.not_yours", list=rule.name, roles=roles)
        return Blocked((rule.clause,), refused)
    if asked.part and asked.part not in rule.parts:
        allowed = "、".join(rule.parts) or say("lists.none")
        cited = rule.parts_clause or rule.clause
        return Blocked((cited,), message("record.not_allowed", value=asked.part, allowed=allowed))
    return _listed(opened, name, rule, asked)


def _may_see(rule: ListRule, role: str) -> bool:
    return not rule.roles or role in rule.roles


def _listed(opened: OpenDesk, name: str, rule: ListRule, asked: Narrowed) -> Listed:
    today = local_date(opened.desk.clock.now())
    period = asked.period or Period(date(today.year, 1, 1), today)
    unit = opened.desk.actor.unit or asked.unit
    if rule.of == "orders":
        lines = lines_of_orders(opened, rule, unit, asked.part, asked.period)
        return Listed(name, rule, period, lines.rows, lines.totals)
    if rule.of == "entries":
        return Listed(name, rule, period, counted(opened, rule, period, unit))
    if rule.of == "units":
        return Listed(name, rule, period, unit_measures.of_units(opened, rule, period, unit))
    if rule.of == "agents":
        return Listed(name, rule, period, unit_measures.of_agents(opened, rule))
    days = asked.period or Period(today, today)
    return Listed(name, rule, days, attendance.not_logged_in(opened, days, unit))


class WatchedOrder(msgspec.Struct, frozen=True):
    """An order and the names of the lists it stands on."""

    row: Row
    lists: tuple[str, ...]
    is_late: bool


class Watch(msgspec.Struct, frozen=True):
    """All lists of orders at once, as of `now`: how many stand on each, and the orders, those due first."""

    counts: tuple[tuple[str, int], ...]
    orders: tuple[WatchedOrder, ...]
    now: Instant


def watch(opened: OpenDesk) -> Watch:
    """What those who lead the line keep an eye on; nothing for a role that may see no list of orders."""
    rules = [(name, rule) for name, rule in known(opened).items() if rule.of == "orders"]
    counts, found, on = [], {}, defaultdict[str, list[str]](list)
    late = set()
    for _, rule in rules:
        lines = lines_of_orders(opened, rule, opened.desk.actor.unit, "", None)
        counts.append((rule.name, sum(int(total["count"] or 0) for total in lines.totals)))
        for row in lines.rows:
            found[str(row["id"])] = row
            on[str(row["id"])].append(rule.name)
            if "overdue" in rule.selects:
                late.add(str(row["id"]))
    ordered = sorted(found, key=lambda id_: str(found[id_]["due"] or found[id_]["unit_received_at"] or ""))
    orders = tuple(WatchedOrder(found[id_], tuple(on[id_]), id_ in late) for id_ in ordered)
    return Watch(tuple(counts), orders, opened.desk.clock.now())
