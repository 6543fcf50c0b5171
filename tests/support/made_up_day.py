"""A morning at one seat under the Fujian rules, all of it made up."""

from __future__ import annotations

from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import Telling
from agent_console.desk.desk import Desk
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import handling
from agent_console.domain.decisions import Done
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.outcomes import Answered, Refused
from agent_console.domain.work_order.orders import OrderDetails

from .clock import SettableClock


def made_up_day(opened: OpenDesk, clock: SettableClock) -> None:
    """A morning: an order that runs, an answer, a refusal, and a call that waits to be finished."""
    desk = opened.desk
    clock.set("2026-03-02T08:31:00")
    call = _taken(desk, "13800138000", "陈某某")
    details = OrderDetails(
        channel="phone", caller_name="陈某某", caller_number="13800138000", caller_type="citizen", kind="求助",
        title="某某路路口路灯三天不亮", content="某某路路口路灯三天不亮，请尽快修", district="某某区",
        lead="城市管理局",
    )  # fmt: skip
    raised = intake.raise_order(desk, call.id, call.matters[0].id, details, Telling(details.content))
    handling.dispatch(desk, raised.order)
    intake.close(desk, call.id)
    clock.set("2026-03-02T08:52:00")
    call = _taken(desk, "13900000001", "林某某")
    intake.conclude(desk, call.id, call.matters[0].id, Answered(), Telling("问社保卡怎么补", "带身份证到窗口"))
    intake.close(desk, call.id)
    clock.set("2026-03-02T09:10:00")
    call = _taken(desk, "13800138000", "陈某某")
    refused = Refused("FJ-13.3", "litigation", explained=True, guided=True, told={"route": "法院诉讼"})
    told = Telling("官司判了不服，想让我们改判")
    assert isinstance(intake.conclude(desk, call.id, call.matters[0].id, refused, told), Done)
    intake.close(desk, call.id)
    clock.set("2026-03-02T09:40:00")
    intake.park(desk, _taken(desk, "13900000002", "黄某某").id)
    clock.set("2026-03-02T10:00:00")


def _taken(desk: Desk, number: str, name: str) -> Call:
    _, call_id = intake.take_call(desk, number, caller_name=name)
    return desk.call(call_id)
