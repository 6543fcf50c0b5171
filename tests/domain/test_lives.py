"""Any sequence of commands on a call or an order: nothing raises, the facts tell the whole story, rules hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Done, Missing, NeedsOverride
from agent_console.domain.instants import Instant, parse
from agent_console.domain.intake import calls
from agent_console.domain.intake.calls import Call, CallTaken
from agent_console.domain.intake.matters import Conclude
from agent_console.domain.intake.outcomes import Answered, FollowedUp, Interrupted, Ordered, Refused, Transferred
from agent_console.domain.intake.seats import SignedIn
from agent_console.domain.people import Actor
from agent_console.domain.work_order import order_steps, orders
from agent_console.domain.work_order.order_clocks import running
from agent_console.domain.work_order.orders import Order, OrderDetails
from agent_console.resources.calendars import load_calendar
from agent_console.resources.rule_books import load_book
from tests.support.clock import MONDAY
from tests.support.rule_of import FIVE
from tests.support.stories import CALLER_TYPE, CHANNEL

MOMENT = timedelta(microseconds=1)
TEXT = st.sampled_from(["", " ", "路灯不亮", "a" * 300, "\x00\ud7ff🚒"])
MATTERS = st.sampled_from(["m1", "m2", "m3"])
UNITS = st.sampled_from(["城市管理局", "水利局", "公安局"])
CLAUSES = st.sampled_from(["FJ-13.1", "FJ-13.5", "ZJ-11.8", "BZ-6.1", "HB-5.4", ""])
ROLES = ["operator", "lead", "centre", "bureau", "city_leader", "unit_clerk", "unit_leader", "nobody"]
FIELD_NAMES = (
    *(
        "reason",
        "basis",
        "suggestion",
        "department",
        "officer",
        "written_text",
        "leader",
        "consented_at",
        "explained_at",
    ),
    *("result", "answered_at", "reported_at", "platform_reply_at", "phone_reply_at", "adopted"),
)
FULL = {**dict.fromkeys(FIELD_NAMES, "有"), "acceptance": "accepted"}
FIELDS = st.one_of(
    st.just(FULL),
    st.dictionaries(st.sampled_from(FIELD_NAMES), st.sampled_from(["", "有"])),
)
OUTCOMES = st.one_of(
    st.builds(Answered, st.sampled_from(["", "kb-1"])),
    st.builds(Refused, CLAUSES, explained=st.booleans(), guided=st.booleans(), reason=TEXT),
    st.builds(Transferred, st.sampled_from(["", "供水公司"]), st.sampled_from(["", "transfer"])),
    st.builds(Ordered, st.sampled_from(["", "o1"]), st.just("260302900100012")),
    st.builds(FollowedUp, st.sampled_from(["", "260302900100012"])),
    st.builds(Interrupted, path=st.lists(TEXT, max_size=3).map(tuple)),
)
CALL_COMMANDS: st.SearchStrategy[calls.Command] = st.one_of(
    st.builds(calls.TakeCall, st.just("c1"), MATTERS, number=TEXT, channel=st.sampled_from(["", "phone", "fax"])),
    st.builds(calls.DescribeCaller, TEXT, TEXT, caller_type=st.sampled_from(["", "citizen", "public", "martian"])),
    st.builds(calls.OpenMatter, MATTERS),
    st.builds(calls.DropMatter, MATTERS, st.booleans()),
    st.builds(Conclude, MATTERS, OUTCOMES, note=TEXT, words=TEXT, callback_task=st.just("t1")),
    st.sampled_from([calls.ParkCall(), calls.ResumeCall(), calls.HangUp(), calls.CloseCall()]),
    st.builds(calls.MarkInvalid, st.sampled_from(["", "无声", "别的"]), st.just(("无声",))),
)
DAYS = st.one_of(st.integers(-1, 20), st.sampled_from([0, 3660, 10**9]))
ORDER_COMMANDS: st.SearchStrategy[order_steps.Command] = st.one_of(
    st.builds(order_steps.DispatchOrder, UNITS, st.lists(UNITS, max_size=2, unique=True).map(tuple)),
    st.builds(order_steps.SignOrder, FIELDS),
    st.builds(order_steps.ReturnOrder, FIELDS),
    st.builds(order_steps.DecideReturn, st.booleans(), TEXT),
    st.builds(order_steps.ExtendOrder, DAYS, FIELDS),
    st.builds(order_steps.DecideExtension, st.booleans(), TEXT, st.booleans()),
    st.builds(order_steps.CompleteOrder, FIELDS),
)
IN_ORDER: st.SearchStrategy[order_steps.Command] = st.sampled_from(
    [
        order_steps.DispatchOrder(),
        order_steps.SignOrder(FULL),
        order_steps.ReturnOrder(FULL),
        order_steps.DecideReturn(granted=True),
        order_steps.DecideReturn(granted=False, reason="属贵单位"),
        order_steps.ExtendOrder(0, FULL),
        order_steps.ExtendOrder(1, FULL),
        order_steps.ExtendOrder(12, FULL),
        order_steps.DecideExtension(granted=True, override=True),
        order_steps.CompleteOrder(FULL),
    ]
)


def _fold(evolve: Any, empty: Any, facts: list[msgspec.Struct]) -> Any:
    state = empty
    for fact in facts:
        state = evolve(state, fact)
    return state


class _Life(RuleBasedStateMachine):
    """Time runs on, somebody acts, the facts pile up."""

    def __init__(self) -> None:
        super().__init__()
        self.code = "fujian"
        self.now: Instant = parse(MONDAY)
        self.facts: list[msgspec.Struct] = []

    @rule(pause=st.sampled_from([timedelta(seconds=1), timedelta(hours=5), timedelta(days=1)]))
    def time_passes(self, pause: timedelta) -> None:
        self.now += pause // MOMENT

    def context(self, actor: Actor) -> Context:
        return Context(load_book(self.code), load_calendar(), self.now, actor)


class CallLife(_Life):
    """Whatever is done to a call."""

    def __init__(self) -> None:
        super().__init__()
        self.call = Call()
        self.outcomes: dict[str, object] = {}

    @initialize(code=st.sampled_from(FIVE))
    def in_some_city(self, code: str) -> None:
        self.code = code

    @initialize()
    def the_telephone_rings(self) -> None:
        self.something_is_done(calls.TakeCall("c1", "m1", number="13800138000"))

    @rule(command=CALL_COMMANDS)
    def something_is_done(self, command: calls.Command) -> None:
        decision = calls.decide(self.call, command, self.context(Actor("张三")))
        assert isinstance(decision, Done | Missing | Blocked)
        for fact in decision.facts if isinstance(decision, Done) else ():
            self.call = calls.evolve(self.call, fact)
            self.facts.append(fact)

    @invariant()
    def the_facts_tell_the_whole_story(self) -> None:
        assert _fold(calls.evolve, Call(), self.facts) == self.call
        assert sum(isinstance(fact, CallTaken) for fact in self.facts) <= 1

    @invariant()
    def the_state_survives_being_written_down(self) -> None:
        assert msgspec.json.decode(msgspec.json.encode(self.call), type=Call) == self.call

    @invariant()
    def an_outcome_once_given_stays(self) -> None:
        given = {matter.id: matter.outcome for matter in self.call.matters if matter.outcome is not None}
        assert all(given.get(matter) == outcome for matter, outcome in self.outcomes.items())
        self.outcomes = dict(given)

    @invariant()
    def one_matter_at_most_is_open_and_none_of_a_closed_call(self) -> None:
        waiting = [matter for matter in self.call.matters if matter.outcome is None]
        assert len(waiting) <= (0 if self.call.status in ("closed", "invalid") else 1)
        assert bool(self.call.matters) is (self.call.status not in ("new", "invalid"))

    @invariant()
    def strange_facts_change_nothing(self) -> None:
        for strange in (None, SignedIn("张三", 0), orders.OrderDispatched("水利局", (), 0)):
            assert calls.evolve(self.call, strange) == self.call


class OrderLife(_Life):
    """Whatever is done to an order, by anybody, at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.order = Order()

    @initialize(
        code=st.sampled_from(FIVE),
        urgency=st.sampled_from(["normal", "urgent"]),
        complexity=st.sampled_from(["", "complex", "especially_complex"]),
        supporting=st.sampled_from([(), ("公安局",)]),
    )
    def an_order_is_raised(self, code: str, urgency: str, complexity: str, supporting: tuple[str, ...]) -> None:
        self.code = code
        details = OrderDetails(
            channel=CHANNEL[code],
            caller_name="陈女士",
            caller_number="13800138000",
            caller_type=CALLER_TYPE[code],
            kind="咨询",
            title="路灯不亮",
            content="路灯不亮三天",
            district="鼓楼区",
            urgency=urgency,
            urgent_cause="环境污染",
            complexity=complexity,
            lead="城市管理局",
            supporting=supporting,
            transfer_unit="城市管理局",
            transfer_outcome="无人接听",
        )
        self._do(order_steps.RaiseOrder("o1", "260302900100012", "c1", "m1", details), Actor("张三"))
        assert self.order.status == "raised"

    @rule(command=ORDER_COMMANDS, role=st.sampled_from(ROLES), own=st.booleans())
    def somebody_does_something(self, command: order_steps.Command, role: str, own: bool) -> None:
        unit = (self.order.lead if own else "财政局") if role.startswith("unit") else ""
        self._do(command, Actor("某人", role, unit))

    @rule(command=IN_ORDER)
    def whoever_may_does_something(self, command: order_steps.Command) -> None:
        for role in ROLES[:-1]:
            self._do(command, Actor("某人", role, self.order.lead if role.startswith("unit") else ""))

    def _do(self, command: order_steps.Command, actor: Actor) -> None:
        decision = order_steps.decide(self.order, command, self.context(actor))
        assert isinstance(decision, Done | Missing | Blocked | NeedsOverride)
        for fact in decision.facts if isinstance(decision, Done) else ():
            self.order = orders.evolve(self.order, fact)
            self.facts.append(fact)

    @invariant()
    def the_facts_tell_the_whole_story(self) -> None:
        assert _fold(orders.evolve, Order(), self.facts) == self.order

    @invariant()
    def the_state_survives_being_written_down(self) -> None:
        assert msgspec.json.decode(msgspec.json.encode(self.order), type=Order) == self.order

    @invariant()
    def an_order_in_work_has_a_unit_and_one_that_is_not_waits_for_nothing(self) -> None:
        if self.order.status in ("dispatched", "signed", "completed"):
            assert self.order.lead
            assert self.order.lead not in self.order.supporting
        if self.order.status in ("raised", "returned", "completed"):
            assert not self.order.return_requested
            assert self.order.extension_requested is None

    @invariant()
    def its_clocks_can_be_read(self) -> None:
        clocks = running(self.order, self.context(Actor("张三")))
        assert all(deadline.due is not None for deadline in clocks.values())
        # Where the first unit answers until another has taken it (BZ-21.1), its clock outlives the return.
        assert "handle" not in clocks or self.order.status in ("dispatched", "signed") or self.order.holder
        if self.order.due and "handle" in clocks:
            assert clocks["handle"].due == self.order.due

    @invariant()
    def strange_facts_change_nothing(self) -> None:
        for strange in (None, SignedIn("张三", 0), calls.CallParked(0)):
            assert orders.evolve(self.order, strange) == self.order


MODEST = settings(max_examples=100, stateful_step_count=40)
TestCallLife = CallLife.TestCase
TestCallLife.settings = MODEST
TestOrderLife = OrderLife.TestCase
TestOrderLife.settings = MODEST
