"""Orders that wait, run late or were not done well, with what they come to per unit."""

from __future__ import annotations

from collections import defaultdict
from datetime import time
from typing import NamedTuple

from agent_console.desk.leaving.shown import Row
from agent_console.desk.listing import sight, visible
from agent_console.desk.opening import OpenDesk
from agent_console.desk.records import DAY
from agent_console.desk.reports.figures import Period, bring_up_to_date
from agent_console.domain.confidentiality.sight import FILED, FILED_CONFIDENTIAL, IN_WORK, Sight
from agent_console.domain.instants import Instant, at, iso, local_date
from agent_console.domain.oversight.list_rules import ListRule
from agent_console.domain.work_order.orders import Order
from agent_console.store.projections.lists import ALWAYS, Moments, Span, Waiting

SHOWN = 200
"""Lines of one list that are opened and shown; the totals count all of them."""
MINUTE: Instant = 60_000_000
_UNSIGNED = "dispatched"


class OrderLines(NamedTuple):
    """Lines of orders, at most `SHOWN`, and the count per unit over all."""

    rows: tuple[Row, ...]
    totals: tuple[Row, ...]


def lines_of_orders(opened: OpenDesk, rule: ListRule, unit: str, part: str, period: Period | None) -> OrderLines:
    """The orders a list selects as of now, those first that are due or came first.

    unit: only orders in which it has a part, or the named `part`. period: only those raised in it. The actor's sight
    holds for the lines and for the totals.
    """
    now = opened.desk.clock.now()
    found = [one for one in _selected(opened, rule, period) if _concerns(one, unit, part)]
    waiting = {one.stream: one for one in found}
    shown = visible(opened.desk, opened.records.orders_of([one.stream for one in found[:SHOWN]]))
    rows = tuple(_row(order, waiting[f"order:{order.id}"], now) for order in shown)
    return OrderLines(rows, _totals(found, unit, part, now))


def _selected(opened: OpenDesk, rule: ListRule, period: Period | None) -> list[Waiting]:
    desk = opened.desk
    bring_up_to_date(desk)
    raised = Span(period.start, period.end) if period is not None else ALWAYS
    code = desk.rule_book.code
    found = opened.records.lists.waiting(code, rule.selects, rule.requests, moments(opened), raised)
    seen = sight(desk)
    return [one for one in found if is_listed(one, seen)]


def moments(opened: OpenDesk) -> Moments:
    """Now, and where today begins and ends in local time."""
    now = opened.desk.clock.now()
    today = at(local_date(now), time())
    return Moments(now, today, today + DAY)


def is_listed(one: Waiting, seen: Sight) -> bool:
    """Whether an order stands in lists of that sight, told by its open columns as `Sight.lists` would."""
    flags = names(one.flags)
    if not seen.hiding.isdisjoint(flags):
        return False
    if seen.everything:
        return True
    filed = IN_WORK if one.status != "archived" else FILED_CONFIDENTIAL if one.confidential else FILED
    units = (one.lead, *names(one.supporting)) if one.received_at else ()
    return filed <= seen.filed and not (seen.units.isdisjoint(units) and seen.flags.isdisjoint(flags))


def names(joined: str) -> tuple[str, ...]:
    """Names that are joined by 、."""
    return tuple(name for name in joined.split("、") if name)


def _units(one: Waiting, part: str) -> tuple[str, ...]:
    """The units that have that part in the order; the one that leads it where no part is named."""
    if part == "supporting":
        return names(one.supporting)
    return (one.lead,) if part != "fallback" or one.fallback else ()


def _concerns(one: Waiting, unit: str, part: str) -> bool:
    if not unit:
        return bool(_units(one, part))
    return unit in (_units(one, part) if part else (one.lead, *names(one.supporting)))


def _row(order: Order, one: Waiting, now: Instant) -> Row:
    return {
        "id": order.id,
        "number": order.number,
        "kind": order.details.kind,
        "title": order.details.title,
        "status": order.status,
        "lead": one.lead,
        "supporting": "、".join(names(one.supporting)),
        "fallback": one.lead if one.fallback else "",
        "unit_received_at": iso(one.received_at) if one.received_at else None,
        "waiting_minutes": _waited(one, now),
        "due": iso(one.due) if one.due else None,
    }


def _waited(one: Waiting, now: Instant) -> int | None:
    """Minutes an order lies in the inbox of its unit; None once it was signed."""
    return (now - one.received_at) // MINUTE if one.status == _UNSIGNED else None


def _totals(found: list[Waiting], unit: str, part: str, now: Instant) -> tuple[Row, ...]:
    counts: dict[str, int] = defaultdict(int)
    longest: dict[str, int] = defaultdict(int)
    for one in found:
        for name in (unit,) if unit else _units(one, part):
            counts[name] += 1
            longest[name] = max(longest[name], _waited(one, now) or 0)
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    return tuple({"unit": name, "count": counts[name], "longest_waiting_minutes": longest[name]} for name in ordered)
