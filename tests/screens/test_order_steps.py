"""Every step of an order is taken on its key at the console, and a rule that forbids it says which clause does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from agent_console.domain.people import Actor
from agent_console.domain.work_order.orders import Order

from ..clauses.conftest import Case
from ..conftest import Office
from ..support.clock import SettableClock
from ..support.rule_of import CLERK, LEAD, OPERATOR, facts
from ..support.stories import EXTENDING, RESULT, SIGNING
from .conftest import Sit
from .seating import NARROW, WIDE
from .working import confirmed, filled, opened_by_number, opened_order, took

DONE = RESULT["fujian"]
GROUNDS = {"reason": "不属本单位", "basis": "三定方案"}


class Taken(msgspec.Struct, frozen=True):
    """A step: its key, who takes it, how the order came to it, what is filled in, and what it led to."""

    key: str
    actor: Actor
    way: Callable[[Case], object]
    fields: dict[str, str] | None
    led_to: Callable[[Order], Any]
    jurisdiction: str = "fujian"
    confirm: bool = False


def judged(case: Case) -> None:
    case.completed()
    facts(case.rate("dissatisfied"))
    case.record("verification", OPERATOR, "", means="phone", finding="unit_responsible")


def put_away(case: Case) -> None:
    case.completed()
    case.record("platform_file", OPERATOR, "", materials="登记表")
    case.record("unit_file", CLERK, "", materials="答复函")
    facts(case.archive())


def asked_back(case: Case) -> None:
    case.dispatched()
    facts(case.return_())


def asked_for_time(case: Case) -> None:
    case.signed()
    facts(case.extend(5))


def asked_elsewhere(case: Case) -> None:
    case.signed()
    case.record("reassign_request", CLERK, "", basis="三定方案", suggestion="水利局")


STEPS = {
    "dispatch": Taken("f5", OPERATOR, lambda case: case.raised(), {}, lambda order: order.status == "dispatched"),
    "sign": Taken("f3", CLERK, lambda case: case.dispatched(), SIGNING, lambda order: order.status == "signed"),
    "return": Taken("t", CLERK, lambda case: case.dispatched(), GROUNDS, lambda order: order.status == "returned"),
    "decide_return": Taken(
        "k", LEAD, asked_back, {"granted": "no", "reason": "属你单位"}, lambda order: order.refused_returns, "zhijiang"
    ),
    "decide_extension": Taken(
        "x", LEAD, asked_for_time, {"granted": "yes"}, lambda order: order.extensions == 1, "zhijiang"
    ),
    "extend": Taken(
        "f8", CLERK, lambda case: case.signed(), {**EXTENDING, "days": "2"}, lambda order: order.extensions == 1,
    ),
    "complete": Taken("f4", CLERK, lambda case: case.signed(), DONE, lambda order: order.status == "completed"),
    "reassign": Taken(
        "g", LEAD, asked_elsewhere, {"lead": "水利局"},
        lambda order: (order.lead, order.status) == ("水利局", "dispatched"),
    ),
    "rate": Taken("p", OPERATOR, lambda case: case.completed(), {"rating": "satisfied"}, lambda order: order.rating),
    "redo": Taken("d", OPERATOR, judged, {"ground": "dissatisfied"}, lambda order: order.redos == 1),
    "reopen": Taken("o", LEAD, put_away, {"reason": "另有新证据"}, lambda order: order.status == "completed"),
    "add": Taken("f7", OPERATOR, lambda case: case.signed(), {"content": "灯杆也歪了"}, lambda order: order.id),
    "withdraw": Taken(
        "h", OPERATOR, lambda case: case.signed(), {"reason": "已自行解决"}, lambda order: order.status == "withdrawn",
        confirm=True,
    ),
    "void": Taken(
        "v", LEAD, lambda case: case.signed(), {"reason": "重复立单"}, lambda order: order.status == "voided",
        confirm=True,
    ),
    "undo": Taken("f12", OPERATOR, lambda case: case.raised(), None, lambda order: order.status == "voided"),
    "record": Taken(
        "1", OPERATOR, lambda case: case.dispatched(urgency="urgent"),
        {"called_person": "李科长", "called_at": "10:05"},
        lambda order: order.recorded("phone_notice"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("step", "size"), [(step, (WIDE, NARROW)[number % 2]) for number, step in enumerate(STEPS)], ids=str
)
async def test_the_step_is_taken_on_its_key(
    sit: Sit, office: Office, clock: SettableClock, step: str, size: tuple[int, int]
) -> None:
    taken = STEPS[step]
    case = Case(office, clock, taken.jurisdiction)
    taken.way(case)
    async with sit(size=size, actor=taken.actor) as operator:
        if case.order.status == "archived":
            screen = await opened_by_number(operator, case.order.number)
        else:
            screen = await opened_order(operator)
        before = len(case.log())
        if taken.confirm:
            await operator.press(taken.key)
            await filled(operator, taken.fields or {})
            await operator.press("f4")
            await confirmed(operator)
            await operator.until(lambda: "已办：" in operator.told)
        else:
            await took(operator, screen, taken.key, taken.fields)
        assert len(case.log()) > before
        assert taken.led_to(case.order)
        assert screen.sight is not None
        shown, kept = screen.sight.order, case.order
        assert (shown.status, shown.lead, shown.records) == (kept.status, kept.lead, kept.records)
