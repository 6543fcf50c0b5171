"""Any sequence of any commands on orders of a real file, under each book and one nobody has heard of.

Whatever is done, by whomever: nothing raises, the order stands in a state of its book, a refusal names a clause of that
book, a clock moves for a reason that its history tells, and what is kept is what the facts say.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agent_console.desk.calls import intake
from agent_console.desk.desk import Desk, order_stream
from agent_console.desk.opening import seat_projectors
from agent_console.desk.orders import handling
from agent_console.desk.records import Records
from agent_console.desk.reports.figures import bring_up_to_date
from agent_console.domain.decisions import Blocked, Decision, Done, Missing, NeedsOverride
from agent_console.domain.events import Event
from agent_console.domain.instants import HOUR, MINUTE, Instant, iso, parse
from agent_console.domain.people import Actor
from agent_console.domain.rule_book import RequiredField
from agent_console.domain.time_limits.working_time import Calendar, make_calendar
from agent_console.domain.units import routing_steps
from agent_console.domain.work_order import order_corrections, order_endings, order_records, order_steps, orders
from agent_console.domain.work_order.clock_history import clock_history
from agent_console.domain.work_order.order_clocks import running
from agent_console.domain.work_order.order_life import stage_of
from agent_console.domain.work_order.order_life_facts import Amended, Reassigned, Recalculated, Recorded, RedoOrdered
from agent_console.domain.work_order.order_rules import FieldRule
from agent_console.domain.work_order.orders import Order, OrderDetails, OrderDispatched, OrderExtended, OrderSigned
from agent_console.resources.calendars import load_calendar
from agent_console.resources.rule_books import load_book
from agent_console.store.seat_file import Store

from ..support.clock import MONDAY, SettableClock
from ..support.rule_of import FIVE
from ..support.sixth_city import BOOK

SIX = (*FIVE, "yunting")
PREFIXES = {
    "fujian": ("FJ-",),
    "zhijiang": ("ZJ-",),
    "binzhou": ("BZ-",),
    "hebi": ("HB-",),
    "fuzhou": ("FZ-", "FJ-"),
    "yunting": ("YT-",),
}
STATUSES = {
    "raised",
    "dispatched",
    "signed",
    "returned",
    "completed",
    "archived",
    "withdrawn",
    "voided",
    "merged",
}
UNITS = ("城市管理局", "水利局", "公安局")
AMENDMENTS = (
    ("kind", None),
    ("complexity", "complex"),
    ("complexity", "especially_complex"),
    ("urgency", "urgent"),
    ("simple", "true"),
    ("point", "三号桥"),
    ("caller_name", "某某"),
    ("supporting", "水利局"),
    ("supporting", ""),
    ("form", "written"),
    ("superior_due", "2026-03-20T18:00:00+08:00"),
    ("weather", "fog"),
)
NOT_FOR_EVERYBODY = ("order.not_your_step", "order.not_your_order", "sight.reads_only", "order.lead_named_by")
DAY = 24 * HOUR
STARTS = (OrderDispatched, Reassigned, OrderSigned, RedoOrdered)
"""Facts by which a clock starts."""


@pytest.fixture(autouse=True)
def _a_sixth_city(home: Path) -> None:
    shutil.copytree(BOOK, home / "jurisdictions" / "yunting")


class WholeLife(RuleBasedStateMachine):
    """Two orders of one city; time runs on, somebody acts."""

    code = ""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = SettableClock(MONDAY)
        self.calendar: Calendar = load_calendar()
        self.store = Store.open(Path(self.folder.name) / "seat.db", self.clock, seat_projectors())
        self.desks: dict[tuple[str, str], Desk] = {}
        self.ids: list[str] = []
        self.is_careful = True
        self.who: dict[tuple[type, str], str] = {}

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @initialize(data=st.data(), far=st.sampled_from([3, 2, 1]))
    def orders_are_raised(self, data: st.DataObject, far: int) -> None:
        self.book = load_book(self.code)
        for _ in range(2):
            details = OrderDetails(
                channel=data.draw(st.sampled_from([one.id for one in self.book.channels])),
                received_at=self.clock.now(),
                caller_name="陈女士",
                caller_number="13800138000",
                caller_type=self.book.caller_types[0].id,
                kind=data.draw(st.sampled_from([kind.id for kind in self.book.kinds])),
                title="路灯不亮",
                content="路灯不亮三天",
                district="鼓楼区",
                point="一号桥",
                urgency=data.draw(st.sampled_from(["normal", "normal", "urgent"])),
                urgent_cause=next((f.values[0] for f in self.book.required if f.field == "urgent_cause"), ""),
                complexity=data.draw(st.sampled_from(["", "complex"])),
                lead="城市管理局",
                supporting=data.draw(st.sampled_from([(), ("公安局",)])),
                transfer_unit="城市管理局",
                transfer_outcome="无人接听",
                superior_number="YC-1",
                form="oral",
            )
            raising = intake.raise_order(self.desk("operator"), "", "", details, intake.Telling())
            assert isinstance(raising.decision, Done), raising.decision
            self.ids.append(raising.order)
        for _ in range(far):
            self.goes_on(self.ids[0], data)
        self.is_careful = False

    # who and what

    def desk(self, role: str, unit: str = "") -> Desk:
        desk = self.desks.get((role, unit))
        if desk is None or desk.calendar is not self.calendar:
            desk = Desk(self.store, self.book, self.calendar, self.clock, Actor("某人", role, unit), "1")
            self.desks[role, unit] = desk
        return desk

    def order(self, order_id: str) -> Order:
        return self.desk("lead").order(order_id)

    def log(self, order_id: str) -> list[Event]:
        return self.store.log.load(order_stream(order_id))

    def pick(self, data: st.DataObject, *statuses: str) -> str:
        """One of the orders, mostly one in such a state."""
        fitting = [order_id for order_id in self.ids if self.order(order_id).status in statuses]
        anywhere: int = data.draw(st.integers(0, 5))
        chosen: str = data.draw(st.sampled_from(fitting if fitting and anywhere else self.ids))
        return chosen

    def fields(self, asked: tuple[FieldRule | RequiredField, ...], data: st.DataObject) -> dict[str, str]:
        """What is asked for, mostly; sometimes a field is empty or says something of its own."""
        told = {known.field: known.values[0] if known.values else "2026-03-03" for known in asked}
        if self.is_careful:
            return told
        for known in asked:
            if bool(known.values) and data.draw(st.booleans()):
                told[known.field] = data.draw(st.sampled_from(known.values))
        if told and data.draw(st.integers(0, 7)) == 0:
            told[data.draw(st.sampled_from(sorted(told)))] = data.draw(st.sampled_from(["", "别的"]))
        return told

    def step_fields(self, step: str, data: st.DataObject) -> dict[str, str]:
        rule = self.book.steps.get(step)
        return self.fields(rule.requires, data) if rule is not None else {}

    @property
    def late(self) -> bool:
        """Orders are not taken back before something came of them."""
        return self.clock.now() > parse(MONDAY) + 8 * DAY

    # what is done

    def tried(self, order_id: str, command: msgspec.Struct, data: st.DataObject) -> Decision:
        """By somebody at random, and where that was refused by whoever may."""
        self.clock.set(self.clock.now() + 7 * MINUTE)
        roles = sorted(self.book.roles)
        at_random, step = data.draw(st.sampled_from(roles)), (type(command), str(getattr(command, "record", "")))
        decision: Decision = Missing(())
        for role in dict.fromkeys((at_random, self.who.get(step, at_random), *roles)):
            lead = self.order(order_id).lead
            unit = data.draw(st.sampled_from([lead, "水利局"])) if role == at_random else lead
            decision = self.done(order_id, command, role, unit if self.book.roles[role].of_unit else "")
            if isinstance(decision, Done | Missing):
                self.who[step] = role
                return decision
            if isinstance(decision, Blocked) and decision.message.key not in NOT_FOR_EVERYBODY:
                return decision
        return decision

    def done(self, order_id: str, command: msgspec.Struct, role: str, unit: str) -> Decision:
        before, events = self.order(order_id), len(self.log(order_id))
        decision = handling.take(self.desk(role, unit), order_id, command)
        assert isinstance(decision, Done | Missing | Blocked | NeedsOverride)
        self.cites_its_own_book(decision)
        facts = decision.facts if isinstance(decision, Done) else ()
        assert len(self.log(order_id)) == events + len(facts)
        self.clocks_moved_for_a_reason(order_id, before, facts)
        return decision

    def cites_its_own_book(self, decision: Decision) -> None:
        if isinstance(decision, Done):
            return
        clauses = decision.clauses if isinstance(decision, Blocked) else (decision.clause,)
        assert all(clause.startswith(PREFIXES[self.code]) for clause in clauses if clause), decision

    def clocks_moved_for_a_reason(self, order_id: str, before: Order, facts: tuple[msgspec.Struct, ...]) -> None:
        after = self.order(order_id)
        old, new = (running(order, self.desk("lead").context_for(order)) for order in (before, after))
        amended = any(isinstance(fact, Amended) for fact in facts)
        starts = {name for name, known in self.book.life.records.items() if known.starts}
        told = clock_history(self.log(order_id), self.desk("lead").context_for(after))
        for limit in old.keys() & new.keys():
            moved = (old[limit].start, old[limit].due) != (new[limit].start, new[limit].due)
            if not moved:
                continue
            if old[limit].start != new[limit].start:
                named = any(isinstance(fact, Recorded) and fact.record in starts for fact in facts)
                assert named or amended or any(isinstance(fact, STARTS) for fact in facts), (limit, facts)
            elif not amended:
                assert any(isinstance(fact, (OrderExtended, *STARTS)) for fact in facts), (limit, facts)
            last = [change for change in told if change.limit == limit][-1]
            assert (last.start_after, last.after) == (new[limit].start, new[limit].due)
            assert last.at == self.clock.now()

    @rule(pause=st.sampled_from([timedelta(seconds=1), timedelta(hours=5), timedelta(days=1), timedelta(days=6)]))
    def time_passes(self, pause: timedelta) -> None:
        self.clock.set(self.clock.now() + pause // timedelta(microseconds=1))

    @rule(data=st.data())
    def it_goes_on(self, data: st.DataObject) -> None:
        """The next main step, as the book asks for it."""
        self.goes_on(self.pick(data), data)

    @rule(data=st.data())
    def and_on(self, data: st.DataObject) -> None:
        """The same again, or few orders would get anywhere."""
        self.goes_on(self.pick(data, "raised", "returned", "dispatched", "signed"), data)

    def goes_on(self, order_id: str, data: st.DataObject) -> None:
        match self.order(order_id).status:
            case "raised" | "returned":
                command: msgspec.Struct = order_steps.DispatchOrder()
            case "dispatched":
                command = order_steps.SignOrder(self.step_fields("sign", data))
            case "signed":
                self.owed_is_written(order_id, data)
                command = order_steps.CompleteOrder(self.step_fields("complete", data))
            case _:
                return
        # A field that is not as the book wants it is left for another time.
        self.tried(order_id, command, data)

    def owed_is_written(self, order_id: str, data: st.DataObject) -> None:
        for duty in self.book.life.duties:
            if "complete" in duty.before:
                asked = self.book.life.records[duty.record].requires
                self.tried(order_id, order_records.WriteRecord(duty.record, self.fields(asked, data)), data)

    @rule(data=st.data())
    def it_is_sent_back(self, data: st.DataObject) -> None:
        order_id = self.pick(data, "dispatched")
        decision = self.tried(order_id, order_steps.ReturnOrder(self.step_fields("return", data)), data)
        if isinstance(decision, Done):
            granted = data.draw(st.booleans())
            self.tried(order_id, order_steps.DecideReturn(granted, "属贵单位"), data)

    @rule(data=st.data(), days=st.sampled_from([0, 1, 3, 3, 12, 10**9]), granted=st.sampled_from([True, True, False]))
    def more_time_is_asked_for(self, data: st.DataObject, days: int, granted: bool) -> None:
        order_id = self.pick(data, "signed", "dispatched")
        self.tried(
            order_id, order_steps.ExtendOrder(days, {**self.step_fields("extend", data), "reason": "备件"}), data
        )
        self.tried(order_id, order_steps.DecideExtension(granted, "可以", override=data.draw(st.booleans())), data)

    @rule(data=st.data())
    def something_is_recorded(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from([*sorted(self.book.life.records), "moon_phase"]))
        known = self.book.life.records.get(name)
        fields = self.fields(known.requires, data) if known else {}
        self.tried(self.pick(data), order_records.WriteRecord(name, fields), data)

    @rule(data=st.data(), on=st.sampled_from([True, True, False]))
    def a_flag_is_set(self, data: st.DataObject, on: bool) -> None:
        name = data.draw(st.sampled_from([*sorted(self.book.life.flags), "moon_phase"]))
        known = self.book.life.flags.get(name)
        cause = data.draw(st.sampled_from(["", *(known.causes if known else ())]))
        self.tried(self.pick(data), order_records.SetFlag(name, on, cause), data)

    @rule(data=st.data(), amendment=st.sampled_from(AMENDMENTS))
    def a_field_is_corrected(self, data: st.DataObject, amendment: tuple[str, str | None]) -> None:
        field, new = amendment
        text = data.draw(st.sampled_from([kind.id for kind in self.book.kinds])) if new is None else new
        self.tried(self.pick(data), order_corrections.AmendOrder(field, text, "说错了"), data)

    @rule(data=st.data(), unit=st.sampled_from(UNITS))
    def it_goes_to_another_unit(self, data: st.DataObject, unit: str) -> None:
        fields = self.step_fields("reassign", data)
        supporting = data.draw(st.sampled_from([(), ("公安局",)]))
        order_id = self.pick(data)
        for command in (
            order_corrections.ReassignOrder(unit, supporting, fields),
            order_steps.DispatchOrder(unit, supporting),
            routing_steps.PassOnOrder(unit),
            routing_steps.HandBackOrder("不归我"),
        ):
            self.tried(order_id, command, data)

    @rule(data=st.data())
    def it_is_judged(self, data: st.DataObject) -> None:
        order_id, life = self.pick(data, "completed"), self.book.life
        value = data.draw(st.sampled_from([*(life.rating.values if life.rating else ()), "meh"]))
        self.tried(order_id, order_endings.RateOrder(value), data)

    @rule(data=st.data())
    def it_is_done_again(self, data: st.DataObject) -> None:
        order_id, redo = self.pick(data, "completed"), self.book.life.redo
        ground = data.draw(st.sampled_from([*(redo.grounds if redo else ()), "full_moon"]))
        need = redo.needs.get(ground, "") if redo else ""
        if need:
            fields = self.fields(self.book.life.records[need].requires, data)
            known = {"finding": redo.finding} if redo and redo.finding and "finding" in fields else {}
            self.tried(order_id, order_records.WriteRecord(need, {**fields, **known}), data)
        if redo and redo.rating.get(ground):
            self.tried(order_id, order_endings.RateOrder(redo.rating[ground]), data)
        self.tried(order_id, order_endings.RedoOrder(ground, "没修好"), data)

    @rule(data=st.data())
    def it_ends(self, data: st.DataObject) -> None:
        archive = self.book.life.archive
        file_class = data.draw(st.sampled_from([*(archive.classes if archive else ()), ""]))
        command = data.draw(
            st.sampled_from(
                [
                    order_endings.ArchiveOrder(file_class),
                    order_endings.ArchiveOrder(file_class),
                    order_endings.ReopenOrder("新线索"),
                    order_endings.ReopenOrder("新线索"),
                    *((order_endings.WithdrawOrder("好了"), order_endings.VoidOrder("重复")) if self.late else ()),
                    order_endings.UndoOrder() if self.late else order_endings.ReopenOrder(""),
                ]
            )
        )
        self.tried(self.pick(data, "completed", "archived"), command, data)

    @rule(data=st.data())
    def callers_are_joined(self, data: st.DataObject) -> None:
        order_id = self.pick(data)
        self.tried(order_id, order_corrections.AddToOrder(data.draw(st.sampled_from(["", "还是不亮"]))), data)
        self.tried(order_id, order_corrections.JoinCaller("c2", "李某", "13900000002", "也不亮"), data)

    @rule(repeat=st.sampled_from([0, 1]), role=st.sampled_from(["operator", "lead", "callback_agent"]))
    def a_repeat_is_merged(self, repeat: int, role: str) -> None:
        if not self.late:
            return
        master = self.order(self.ids[1 - repeat])
        self.cites_its_own_book(handling.merge(self.desk(role), self.ids[repeat], master))

    @rule(ahead=st.integers(1, 9))
    def another_table_of_holidays_is_loaded(self, ahead: int) -> None:
        day = date.fromisoformat(iso(self.clock.now())[:10]) + timedelta(days=ahead)
        off = {**self.calendar.off, day: "台风停工"}
        worked = {other: name for other, name in self.calendar.worked.items() if other != day}
        before = self.ends()
        self.calendar = make_calendar(off, worked, self.calendar.years)
        told: list[tuple[str, Recalculated]] = []
        bring_up_to_date(self.desk("lead"), tell=lambda order, change: told.append((order.id, change)))
        after = self.ends()
        moved = {key for key in before.keys() & after.keys() if before[key] != after[key]}
        assert {(order_id, change.limit) for order_id, change in told} == moved
        for order_id, change in told:
            key = (order_id, change.limit)
            assert (change.before, change.after) == (before[key], after[key])

    def ends(self) -> dict[tuple[str, str], Instant | None]:
        desk = self.desk("lead")
        clocks = {one: running(self.order(one), desk.context_for(self.order(one))) for one in self.ids}
        going = {one for one in self.ids if self.order(one).status in orders.RUNNING}
        return {(one, limit): clock.due for one in going for limit, clock in clocks[one].items()}

    # what holds whatever was done

    @invariant()
    def what_is_kept_is_what_the_facts_say(self) -> None:
        records = Records(self.store)
        for order_id in self.ids:
            state = Order()
            for event in self.log(order_id):
                state = orders.evolve(state, event.fact)
            assert state == self.order(order_id) == records.order(order_id)

    @invariant()
    def it_stands_in_a_state_of_its_book(self) -> None:
        for order_id in self.ids:
            order = self.order(order_id)
            assert order.status in STATUSES
            assert order.rule_book == self.code
            stages = self.book.life.stages
            assert stage_of(order, self.book.life) in ("", *stages)
            assert set(order.flags) <= {*self.book.life.flags, "supervised"}
            assert {entry.record for entry in order.records} <= set(self.book.life.records)

    @invariant()
    def a_clock_rests_on_a_clause_of_its_book(self) -> None:
        for order_id in self.ids:
            order = self.order(order_id)
            for clock in running(order, self.desk("lead").context_for(order)).values():
                assert clock.clause.startswith(PREFIXES[self.code])
                assert clock.due is not None


THOROUGH = settings(
    max_examples=6,
    stateful_step_count=25,
    # Each step writes to a file: making a failing run smaller would take minutes.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _life_in(city: str) -> Any:
    machine: Any = type(f"LifeIn{city.title()}", (WholeLife,), {"code": city})
    machine.TestCase.settings = THOROUGH
    return machine.TestCase


TestFujian, TestZhijiang, TestBinzhou, TestHebi, TestFuzhou, TestYunting = map(_life_in, SIX)
