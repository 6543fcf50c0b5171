"""What one lead does shows at another's monitor, and any order can be opened there: two monitors at a real server."""

from __future__ import annotations

import msgspec

from agent_console.desk.monitor import deciding, hot, lists
from agent_console.desk.monitor.seat_wall import LocalWall
from agent_console.desk.monitor.snapshot import Glance, glance
from agent_console.desk.orders import handling
from agent_console.desk.orders.step_commands import command_for
from agent_console.desk.sync.taking import take_stream
from agent_console.domain.decisions import Done
from agent_console.domain.oversight.hot_events import HotWords
from agent_console.settings import Settings
from agent_console.sync.wire import StreamHistory

from .people import bearer
from .seats import Centre, Seat

WORDS = HotWords("某某路停水", "今晚十点前恢复", ("某某路",), ("停水",))


def seen(lead: Seat) -> Glance:
    """What stands on a lead's monitor."""
    settings = Settings(jurisdiction=lead.line, seat="1", operator=lead.actor.name, server="http://127.0.0.1:1")
    return glance(lead.opened, LocalWall(lead.opened, settings), settings)


async def test_a_hot_event_one_lead_pins_stands_on_the_others_monitor_until_it_is_over(centre: Centre) -> None:
    first, second = await centre.sit("li"), await centre.sit("zhao")
    decision, event = hot.pin(first.desk, WORDS)
    assert isinstance(decision, Done)
    await first.push()
    await second.pull()
    assert [one.words for one in seen(second).hot] == [WORDS]
    assert isinstance(hot.unpin(second.desk, event), Done)
    await second.push()
    await first.pull()
    assert seen(first).hot == ()


async def test_what_one_lead_decided_is_off_the_others_list_with_who_decided(centre: Centre) -> None:
    operator, clerk = await centre.sit("zhang"), await centre.sit("clerk_a")
    first, second = await centre.sit("li"), await centre.sit("zhao")
    order = operator.dispatched()
    await operator.push()
    await clerk.pull()
    asking = command_for("return", {"reason": "不属本单位", "basis": "三定方案"}, clerk.desk.order(order))
    assert isinstance(handling.take(clerk.desk, order, asking), Done)
    await clerk.push()
    for lead in (first, second):
        await lead.pull()
        assert [one.order.id for one in lists.orders(lead.opened, "returns")] == [order]
    step = deciding.step_on(first.desk, "returns", order)
    [outcome] = deciding.decide(first.desk, [order], step, {"lead": "水利局", "granted": "no", "reason": "属你单位"})
    assert isinstance(outcome.decision, Done), outcome.decision
    await first.push()
    await second.pull()
    assert seen(second).counts.orders["returns"] == 0
    assert second.opened.store.log.load(f"order:{order}")[-1].envelope.actor == first.actor.name


async def test_an_order_that_is_not_on_the_own_mirror_is_opened_from_the_server(centre: Centre) -> None:
    operator, lead = await centre.sit("zhang"), await centre.sit("li")
    order = operator.dispatched()
    await operator.push()
    answer = await centre.server.client.get(f"/v1/streams/order:{order}", headers=bearer(lead.token))
    assert lead.desk.order(order).id == ""
    take_stream(lead.desk, lead.opened.store, msgspec.json.decode(answer.content, type=StreamHistory))
    assert lead.desk.order(order).status == "dispatched"
    await lead.pull()
    assert len(lead.opened.store.log.load(f"order:{order}")) == len(operator.opened.store.log.load(f"order:{order}"))
