"""A year of orders in one seat's file: how long lists, clocks, reports and one order take, and how that grows.

`python -m benchmarks.orders [--sizes 1000 10000 100000] [--jurisdiction FJ]`: orders are made from a fixed seed,
through the real log and projections, many to a transaction.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

import msgspec

from agent_console.desk.desk import Desk, new_id, order_stream
from agent_console.desk.listing import newest_orders, orders_of_day
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.orders import callbacks, supervision, worklists
from agent_console.desk.orders.handling import clocks
from agent_console.desk.reports import figures, lists
from agent_console.desk.reports.figures import Period
from agent_console.desk.reports.statistics import draw, house_report
from agent_console.domain.instants import HOUR, Instant, parse
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_life_facts import Archived, Rated
from agent_console.domain.work_order.order_numbers import compose
from agent_console.domain.work_order.orders import (
    OrderCompleted,
    OrderDetails,
    OrderDispatched,
    OrderRaised,
    OrderSigned,
)
from agent_console.settings import Settings
from agent_console.store.log import Context

_SEED = 12345
_BATCH = 1000
_YEAR = parse("2026-01-01T08:00:00+08:00")
_NOW = parse("2026-12-31T18:00:00+08:00")
_DAY = 24 * HOUR
_UNITS = ("城市管理局", "水利局", "公安局", "教育局", "民政局", "供电公司", "供水公司", "交通运输局")
_KINDS = ("咨询", "求助", "投诉", "建议")
_PLACES = ("鼓楼区", "台江区", "仓山区", "晋安区")
_TOPICS = tuple(f"{place}{what}" for place in _PLACES for what in ("路灯", "停水", "噪音", "占道", "公交", "学位"))
_SMALL_UNIT, _EVERY = "园林绿化中心", 250
"""A unit with few orders, those in one out of so many."""
_FIELDS = {"result": "已办结", "leader": "示例", "answered_at": "2026-03-03T09:00+08:00"}


class _Standing:
    """A clock that stands at one instant."""

    is_test = True

    def __init__(self, instant: Instant) -> None:
        self._instant = instant

    def now(self) -> Instant:
        return self._instant


def made(number: int, count: int, chance: Random) -> tuple[str, list[msgspec.Struct]]:
    """One order of the year and what happened to it; a twentieth of the youngest are still on their way."""
    order, raised = new_id(), _YEAR + (number * 364 * _DAY) // count
    unit = chance.choice(_UNITS)
    if number % _EVERY == _EVERY - 1:
        unit = _SMALL_UNIT
    details = OrderDetails(
        channel="phone",
        line="12345",
        received_at=raised,
        caller_name="示例",
        caller_number=f"1380000{chance.randrange(10_000):04d}",
        caller_type="citizen",
        kind=chance.choice(_KINDS),
        title="示例工单",
        content="示例内容，" * 10,
        district=chance.choice(_PLACES),
        concerns=chance.choice(_TOPICS),
        lead=unit,
    )
    day = date.fromordinal(date(2026, 1, 1).toordinal() + (number * 364) // count)
    drawn = compose(day, 9001, number % 9999 + 1)
    facts: list[msgspec.Struct] = [
        OrderRaised(order, drawn, "", "", details, raised, "fujian"),
        OrderDispatched(unit, (), raised + HOUR),
        OrderSigned(unit, {"department": "一科", "officer": "示例"}, raised + 2 * HOUR),
    ]
    if number < count * 0.95:
        done = raised + chance.randrange(1, 25) * _DAY
        facts += [OrderCompleted(unit, _FIELDS, done)]
        facts += [Rated(chance.choice(("satisfied", "satisfied", "dissatisfied")), "", done + HOUR)]
        facts += [Archived("", automatic=True, occurred_at=done + 2 * HOUR)]
    return order, facts


def fill(desk: Desk, start: int, total: int) -> None:
    """Write the orders of a year from number `start` on, up to `total` of them in the file."""
    chance, context = Random(_SEED + start), _written_by(desk)
    for batch in range(start, total, _BATCH):
        with desk.transaction():
            for number in range(batch, min(batch + _BATCH, total)):
                order, facts = made(number, total, chance)
                desk.store.log.append(facts, stream=order_stream(order), expected_version=0, context=context)


def _written_by(desk: Desk) -> Context:
    return Context(
        actor=desk.actor.name,
        role=desk.actor.role,
        seat=desk.seat,
        jurisdiction=desk.rule_book.code,
        rule_book=desk.rule_book.version,
        calendar=desk.calendar.version,
    )


def timed(what: Callable[[], object], times: int = 5) -> float:
    """Median seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        what()
        taken.append(time.perf_counter() - start)
    return median(taken)


def questions(opened: OpenDesk, of_unit: OpenDesk) -> dict[str, Callable[[], object]]:
    """What a seat asks of its file, by name; `of_unit` is the desk of a clerk of the small unit on the same file."""
    desk, records = opened.desk, opened.records
    year = Period(date(2026, 1, 1), date(2026, 12, 31), "2026")
    [newest] = records.orders(1)
    middle = desk.store.figures.figures("raised_at >= ?", (_YEAR + 180 * _DAY,), 1)[0]
    by_unit = house_report(("unit",), ())
    by_two = house_report(("unit", "month"), ())
    by_topic = house_report(("topic",), ("received", "repeated"))
    return {
        "open an order": lambda: desk.order(middle.stream.removeprefix("order:")),
        "find by number": lambda: records.order(middle.number),
        "clocks of an order": lambda: clocks(desk, newest.id),
        "newest 200": lambda: newest_orders(opened, 200),
        "newest 200 signed": lambda: newest_orders(opened, 200, status="signed"),
        "orders of the day": lambda: orders_of_day(opened),
        "to supervise": lambda: supervision.queue(desk, records),
        "to call back": lambda: callbacks.queue(desk, records),
        "my orders of a lead": lambda: worklists.my_orders(opened),
        "callback queue": lambda: worklists.callback_queue(opened),
        "supervision ledger": lambda: worklists.ledger(opened),
        "my orders of a small unit": lambda: worklists.my_orders(of_unit),
        "ledger of a small unit": lambda: worklists.ledger(of_unit),
        "running with due times": lambda: figures.figures(desk, is_running=True),
        "year by unit": lambda: draw(desk, "figures", by_unit, year),
        "year by unit and month": lambda: draw(desk, "figures", by_two, year),
        "year by topic": lambda: draw(desk, "figures", by_topic, year),
        **{f"list {name}": partial(lists.listed, opened, name) for name in lists.known(opened)},
    }


def measure(size: int, jurisdiction: str) -> dict[str, float]:
    """Seconds of each question in a file of `size` orders."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        opened = open_desk(home, Settings(jurisdiction=jurisdiction, seat="1"), _Standing(_NOW), Actor("示例", "lead"))
        try:
            start = time.perf_counter()
            fill(opened.desk, 0, size)
            written = time.perf_counter()
            figures.bring_up_to_date(opened.desk)
            dated = time.perf_counter()
            size_mb = (home / "seat.db").stat().st_size / 1e6
            told = f"written in {written - start:.1f} s, due times in {dated - written:.1f} s, {size_mb:.0f} MB"
            print(f"{size} orders: {told}", flush=True)
            clerk = Actor("示例", "unit_clerk", _SMALL_UNIT)
            of_unit = open_desk(home, Settings(jurisdiction=jurisdiction, seat="1"), _Standing(_NOW), clerk)
            try:
                return {name: timed(ask) for name, ask in questions(opened, of_unit).items()}
            finally:
                of_unit.close()
        finally:
            opened.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options.add_argument("--jurisdiction", default="fujian")
    given = options.parse_args()
    found = [measure(size, given.jurisdiction) for size in given.sizes]
    print(f"{'ms':<28}" + "".join(f"{size:>10}" for size in given.sizes) + f"{'growth':>10}")
    for name in found[0]:
        times = [answers[name] * 1000 for answers in found]
        print(f"{name:<28}" + "".join(f"{value:>10.1f}" for value in times) + f"{times[-1] / times[0]:>10.1f}")


if __name__ == "__main__":
    main()
