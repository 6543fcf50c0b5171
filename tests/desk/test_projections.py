"""Whatever was done at the desk: the tables say what the events say, and say it again when folded anew."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agent_console.desk.calls import intake
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.orders import handling
from agent_console.domain.instants import MINUTE
from agent_console.domain.intake.outcomes import Answered, Interrupted, Refused
from agent_console.domain.people import Actor
from agent_console.settings import Settings
from agent_console.store.connection import rows
from agent_console.store.projections.calls import CALLS
from agent_console.store.projections.orders import ORDERS
from tests.support.clock import SettableClock
from tests.support.rule_of import FIVE
from tests.support.stories import EXTENDING, RESULT, RETURNING, SIGNING, form

ENDINGS = (Answered("kb-1", 1), Refused("FJ-13.7", explained=True, guided=True), Interrupted())
TABLES = (
    "SELECT stream, status, operator, channel, number_hash, taken_at, closed_at, matters, last_outcome FROM call",
    "SELECT stream, number, tail, call, status, kind, lead, number_hash, received_at, signed_at FROM work_order",
    "SELECT task, stream, matter, opened_at, done_at FROM callback",
    "SELECT stream, operator, activity, reason, since FROM seat",
)


class DeskLife(RuleBasedStateMachine):
    """People at one seat's file, working through calls and orders."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.clock = SettableClock()
        self.seat: OpenDesk
        self.unit: OpenDesk
        self.call = ""
        self.orders: list[str] = []

    @initialize(code=st.sampled_from(FIVE))
    def in_some_city(self, code: str) -> None:
        self.code = code
        chosen = Settings(jurisdiction=code, seat="12", operator="张三")
        self.seat = open_desk(self.home, chosen, self.clock)
        self.unit = open_desk(self.home, chosen, self.clock, Actor("王经办", "unit_clerk", "城市管理局"))

    @rule()
    def a_call_comes(self) -> None:
        _, self.call = intake.take_call(self.seat.desk, "13800138000")

    @rule(ending=st.sampled_from(ENDINGS))
    def a_matter_ends(self, ending: Answered | Refused | Interrupted) -> None:
        matter = self.seat.desk.call(self.call).open_matter
        intake.conclude(self.seat.desk, self.call, matter.id if matter else "", ending, intake.Telling("路灯"))

    @rule(kind=st.sampled_from(["投诉", "咨询", "表扬"]))
    def an_order_is_raised(self, kind: str) -> None:
        matter = self.seat.desk.call(self.call).open_matter
        details = form(self.code, kind=kind)
        raised = intake.raise_order(self.seat.desk, self.call, matter.id if matter else "", details, intake.Telling())
        self.orders += [raised.order] if raised.order else []

    @rule(step=st.sampled_from([intake.park, intake.resume, intake.hang_up, intake.next_matter, intake.close]))
    def the_call_goes_on(self, step: object) -> None:
        assert callable(step)
        step(self.seat.desk, self.call)

    @rule(step=st.sampled_from(["dispatch", "sign", "return", "extend", "complete"]))
    def an_order_goes_on(self, step: str) -> None:
        order = self.orders[-1] if self.orders else "none"
        seat, unit = self.seat.desk, self.unit.desk
        {
            "dispatch": lambda: handling.dispatch(seat, order),
            "sign": lambda: handling.sign(unit, order, SIGNING),
            "return": lambda: handling.return_(unit, order, RETURNING[self.code]),
            "extend": lambda: handling.extend(unit, order, 2, EXTENDING),
            "complete": lambda: handling.complete(unit, order, RESULT[self.code]),
        }[step]()

    @rule()
    def the_call_is_erased(self) -> None:
        if self.call and self.seat.desk.call(self.call).status == "closed":
            intake.erase_call(self.seat.desk, self.call, "保存期满")
            self.call = ""

    @invariant()
    def the_tables_say_what_the_events_say(self) -> None:
        if not hasattr(self, "seat"):
            return
        connection = self.seat.store.connection
        if self.call:
            assert CALLS.state(connection, f"call:{self.call}") == self.seat.desk.call(self.call)
        for order in self.orders:
            assert ORDERS.state(connection, f"order:{order}") == self.seat.desk.order(order)

    @invariant()
    def rows_are_found_by_what_the_events_say(self) -> None:
        if not hasattr(self, "seat"):
            return
        connection, desk = self.seat.store.connection, self.seat.desk
        open_columns = "status, number, tail, kind, lead, received_at, signed_at, completed_at"
        for name in self.orders:
            order = desk.order(name)
            expected = (order.status, order.number, order.number[-5:], order.details.kind, "城市管理局")
            found = rows(connection, f"SELECT {open_columns} FROM work_order WHERE stream = ?", (f"order:{name}",))
            assert found == [(*expected, order.received_at, order.signed_at, order.completed_at)]
        if self.call:
            call = desk.call(self.call)
            sql = "SELECT status, operator, taken_at, closed_at, matters FROM call WHERE stream = ?"
            expected_call = (call.status, call.operator, call.taken_at, call.closed_at, len(call.matters))
            assert rows(connection, sql, (f"call:{self.call}",)) == [expected_call]

    @rule()
    def a_minute_passes(self) -> None:
        self.clock.set(self.clock.now() + MINUTE)

    def teardown(self) -> None:
        if hasattr(self, "seat"):
            before = self._tables()
            self.seat.store.rebuild()
            assert self._tables() == before
            self.seat.close()
            self.unit.close()
        shutil.rmtree(self.home)

    def _tables(self) -> list[list[tuple[object, ...]]]:
        """Every row but those of calls that were erased: folded anew, nothing is left of them."""
        connection = self.seat.store.connection
        kept = {stream for (stream,) in rows(connection, "SELECT stream FROM call WHERE sealed IS NOT NULL")}
        tables = [sorted(rows(connection, sql)) for sql in TABLES]
        tables[0] = [row for row in tables[0] if row[0] in kept]
        return tables


TestDeskLife = DeskLife.TestCase
TestDeskLife.settings = settings(max_examples=30, stateful_step_count=20)
