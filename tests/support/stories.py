"""Calls and orders that are led through their life, one command after the other, without a store."""

from __future__ import annotations

from typing import Self

import msgspec

from agent_console.domain.decisions import Decision, Done
from agent_console.domain.instants import parse
from agent_console.domain.intake import calls
from agent_console.domain.intake.calls import Call, TakeCall
from agent_console.domain.people import Actor
from agent_console.domain.work_order import order_steps, orders
from agent_console.domain.work_order.order_steps import CompleteOrder, DispatchOrder, RaiseOrder, SignOrder
from agent_console.domain.work_order.orders import Order, OrderDetails

from .clock import MONDAY
from .rule_of import CLERK, OPERATOR, context, facts

CHANNEL = {"fujian": "phone", "zhijiang": "phone", "binzhou": "phone", "hebi": "12345_hotline", "fuzhou": "phone"}
CALLER_TYPE = {
    "fujian": "citizen",
    "zhijiang": "citizen",
    "binzhou": "public",
    "hebi": "individual",
    "fuzhou": "citizen",
}
SIGNING = {"department": "市政科", "officer": "王经办"}
RESULT = {
    "fujian": {"result": "已修好", "leader": "陈局长", "answered_at": "2026-03-03T09:00+08:00"},
    "zhijiang": {
        "result": "已修好",
        "platform_reply_at": "2026-03-03T09:00+08:00",
        "phone_reply_at": "2026-03-03T09:10+08:00",
    },
    "binzhou": {
        "result": "已修好",
        "answered_at": "2026-03-03T09:00+08:00",
        "reported_at": "2026-03-03T09:10+08:00",
        "acceptance": "accepted",
    },
    "hebi": {
        "result": "已修好",
        "answered_at": "2026-03-03T09:00+08:00",
        "reported_at": "2026-03-03T09:10+08:00",
    },
    "fuzhou": {"result": "已修好", "leader": "陈局长", "answered_at": "2026-03-03T09:00+08:00"},
}
RETURNING = {
    "fujian": {"reason": "不属本单位", "basis": "三定方案"},
    "zhijiang": {"reason": "不属本单位"},
    "binzhou": {"reason": "不属本单位", "basis": "三定方案", "suggestion": "水利局"},
    "hebi": {},
    "fuzhou": {"reason": "不属本单位", "basis": "三定方案"},
}
EXTENDING = {
    "written_text": "因备件未到，申请延期",
    "leader": "陈局长",
    "consented_at": "2026-03-03T08:50+08:00",
    "reason": "备件未到",
    "explained_at": "2026-03-03T09:00+08:00",
}


def form(jurisdiction: str, **changes: object) -> OrderDetails:
    """An order form with everything any of the five books asks for."""
    full = OrderDetails(
        channel=CHANNEL[jurisdiction],
        received_at=parse(MONDAY),
        caller_name="陈女士",
        caller_number="13800138000",
        caller_type=CALLER_TYPE[jurisdiction],
        kind="投诉",
        title="五四路路灯不亮",
        content="五四路口路灯三天不亮，希望尽快修复",
        district="鼓楼区",
        urgent_cause="环境污染",
        lead="城市管理局",
    )
    return msgspec.structs.replace(full, **changes)


class CallStory:
    """One call under one rule book."""

    def __init__(self, jurisdiction: str = "fujian", at: str = MONDAY) -> None:
        self.jurisdiction = jurisdiction
        self.at = at
        self.call = Call()
        self.facts: list[msgspec.Struct] = []

    @classmethod
    def taken(cls, jurisdiction: str = "fujian") -> Self:
        """A call just answered, its first matter `m1` open."""
        story = cls(jurisdiction)
        facts(story.do(TakeCall("c1", "m1", number="13800138000")))
        return story

    def do(self, command: calls.Command, at: str = "") -> Decision:
        """Give a command; what follows from it has happened."""
        self.at = at or self.at
        decision = calls.decide(self.call, command, context(self.jurisdiction, self.at))
        if isinstance(decision, Done):
            for fact in decision.facts:
                self.call = calls.evolve(self.call, fact)
                self.facts.append(fact)
        return decision


class OrderStory:
    """One order under one rule book; a step is taken by whoever it falls to, unless said otherwise."""

    def __init__(self, jurisdiction: str = "fujian", at: str = MONDAY) -> None:
        self.jurisdiction = jurisdiction
        self.at = at
        self.order = Order()
        self.facts: list[msgspec.Struct] = []

    @classmethod
    def raised(cls, jurisdiction: str = "fujian", **details: object) -> Self:
        """An order on the line's desk."""
        story = cls(jurisdiction)
        facts(story.do(RaiseOrder("o1", "260302900100012", "c1", "m1", form(jurisdiction, **details))))
        return story

    @classmethod
    def dispatched(cls, jurisdiction: str = "fujian", **details: object) -> Self:
        """An order in the inbox of its unit since Monday 2026-03-02 10:00."""
        story = cls.raised(jurisdiction, **details)
        facts(story.do(DispatchOrder()))
        return story

    @classmethod
    def signed(cls, jurisdiction: str = "fujian", **details: object) -> Self:
        """An order its unit signed for at the moment it came."""
        story = cls.dispatched(jurisdiction, **details)
        facts(story.do(SignOrder(SIGNING), CLERK))
        return story

    @classmethod
    def completed(cls, jurisdiction: str = "fujian", **details: object) -> Self:
        """An order that was handled and answered."""
        story = cls.signed(jurisdiction, **details)
        facts(story.do(CompleteOrder({**RESULT[jurisdiction], "adopted": "是", "adopted_reason": "可行"}), CLERK))
        return story

    def do(self, command: order_steps.Command, actor: Actor = OPERATOR, at: str = "") -> Decision:
        """Give a command; what follows from it has happened."""
        self.at = at or self.at
        decision = order_steps.decide(self.order, command, context(self.jurisdiction, self.at, actor))
        if isinstance(decision, Done):
            for fact in decision.facts:
                self.order = orders.evolve(self.order, fact)
                self.facts.append(fact)
        return decision
