"""The lists a person works from: my orders, those to be called back, the supervision ledger.

Each is read through `listing.visible`, so nobody is shown an order that is not theirs to see.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from agent_console.desk.desk import Desk
from agent_console.desk.listing import sight, visible
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import callbacks, supervision
from agent_console.desk.reports.figures import bring_up_to_date
from agent_console.domain.instants import Instant
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.work_order.clock_states import ClockState, Left, left_of, next_clock, state_of
from agent_console.domain.work_order.order_clocks import running
from agent_console.domain.work_order.order_endings import CALLBACK, SUPERVISION
from agent_console.domain.work_order.order_life_facts import SUPERVISED
from agent_console.domain.work_order.order_rules import CallbackRule
from agent_console.domain.work_order.orders import RUNNING, Order

MOST = 500
"""Orders a list reads; it says when there were more."""

_FAR = 1 << 62


class MyOrder(msgspec.Struct, frozen=True):
    """An order with the clock that ends next; `limit` is "" where none runs."""

    order: Order
    limit: str = ""
    clock: Deadline | None = None
    state: ClockState = "calm"
    left: Left | None = None


class MyOrders(msgspec.Struct, frozen=True):
    """What is running, the most pressing first, then what is finished and not yet put away; read at `now`."""

    orders: tuple[MyOrder, ...]
    now: Instant
    more: bool = False

    def count(self, state: ClockState) -> int:
        """How many stand so."""
        return sum(mine.state == state for mine in self.orders)


class CallbackQueue(msgspec.Struct, frozen=True):
    """Orders whose citizen is to be called back, with how often it was tried; `rule` None: the book knows none."""

    orders: tuple[tuple[Order, int], ...]
    rule: CallbackRule | None
    share: int
    now: Instant
    more: bool = False


class LedgerEntry(msgspec.Struct, frozen=True):
    """An order of the ledger: waiting for supervision with its triggers, or supervised, by which means, until when."""

    order: Order
    stage: Literal["waiting", "running", "ended"]
    triggers: tuple[str, ...] = ()
    means: str = ""
    rectify_by: str = ""


class Ledger(msgspec.Struct, frozen=True):
    """The supervision ledger, read at `now`."""

    entries: tuple[LedgerEntry, ...]
    now: Instant

    def count(self, stage: str) -> int:
        """How many stand at that stage."""
        return sum(entry.stage == stage for entry in self.entries)


def my_orders(opened: OpenDesk, most: int = MOST) -> MyOrders:
    """Orders of the desk's actor that run or wait to be put away, at most so many: those that press most."""
    desk, records = opened.desk, opened.records
    bring_up_to_date(desk)
    pressing = records.work.pressing(sight(desk), most + 1)
    mine = [_with_clock(desk, order) for order in visible(desk, records.orders_of(pressing[:most]))]
    return MyOrders(tuple(sorted(mine, key=_pressing)), desk.clock.now(), more=len(pressing) > most)


def _with_clock(desk: Desk, order: Order) -> MyOrder:
    context = desk.context_for(order)
    clocks = running(order, context, windows=False) if order.status in RUNNING else {}
    limit = next_clock(clocks)
    if not limit:
        return MyOrder(order)
    clock, hours = clocks[limit], context.rule_book.limits.hours
    state = state_of(limit, clock, context.now, context.calendar)
    return MyOrder(order, limit, clock, state, left_of(clock, context.now, context.calendar, hours))


def _pressing(mine: MyOrder) -> tuple[bool, bool, Instant]:
    urgent = mine.order.details.urgency == "urgent"
    due = mine.clock.due if mine.clock is not None and mine.clock.due is not None else _FAR
    return mine.order.status not in RUNNING, not urgent, due


def callback_queue(opened: OpenDesk, most: int = MOST) -> CallbackQueue:
    """Who is to be called back, at most so many, the dissatisfied first where the rule book says so."""
    desk = opened.desk
    found = callbacks.queue(desk, opened.records, most + 1)
    tried = tuple((order, _tries(order)) for order in found[:most])
    rule, percent = desk.rule_book.life.callback, callbacks.share(desk)
    return CallbackQueue(tried, rule, percent, desk.clock.now(), more=len(found) > most)


def _tries(order: Order) -> int:
    return sum(entry.occurred_at >= order.redo_at for entry in order.recorded(CALLBACK))


def ledger(opened: OpenDesk, most: int = MOST) -> Ledger:
    """What waits for supervision, then what is supervised, the nearest term first, then what was taken off."""
    desk = opened.desk
    waiting = [LedgerEntry(one.order, "waiting", one.triggers) for one in supervision.queue(desk, opened.records)]
    streams = opened.records.work.supervised(sight(desk), most)
    supervised = [_supervised(order) for order in visible(desk, opened.records.orders_of(streams))]
    ordered = sorted(supervised, key=lambda entry: (entry.stage == "ended", entry.rectify_by or "9999"))
    return Ledger((*waiting, *ordered), desk.clock.now())


def _supervised(order: Order) -> LedgerEntry:
    entries = order.recorded(SUPERVISION)
    fields = entries[-1].fields if entries else {}
    ended = bool(order.recorded(f"{SUPERVISION}_end")) or SUPERVISED not in order.flags
    means, term = fields.get("means", ""), fields.get("rectify_by", "")
    return LedgerEntry(order, "ended" if ended else "running", means=means, rectify_by=term)
