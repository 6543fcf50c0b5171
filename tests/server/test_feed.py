"""Who is told what: the feed is enforced by the rule books, for every token, and skips nothing."""

from __future__ import annotations

from pathlib import Path

import msgspec

from agent_console.desk.orders import handling
from agent_console.domain.decisions import Done
from agent_console.domain.work_order.order_secrecy import ClassifyOrder
from agent_console.server.store.database import Database
from agent_console.store.keyring import Keyring, SeatConnection
from agent_console.sync.wire import FeedRow
from tests.support.clock import SettableClock

from .people import bearer, code_of
from .seats import UNIT_A, UNIT_B, Centre, Seat, centre_at

NAME, NUMBER = "陈女士", "13800138000"


def told_of(rows: list[FeedRow], order: str) -> list[str]:
    """What sorts of rows speak of an order."""
    return [row.kind for row in rows if row.stream == f"order:{order}"]


async def handed_out(centre: Centre, **details: object) -> tuple[Seat, str]:
    """A lead with an order in the inbox of unit A."""
    lead = await centre.sit("li")
    order = lead.raise_order(lead=UNIT_A, **details)
    assert isinstance(handling.dispatch(lead.desk, order, UNIT_A), Done)
    await lead.in_step()
    return lead, order


async def test_a_unit_is_told_of_its_orders_and_of_no_others(centre: Centre) -> None:
    _, order = await handed_out(centre)
    unit_a, unit_b = await centre.sit("clerk_a"), await centre.sit("clerk_b")
    assert told_of(await unit_a.rows(), order) == ["event", "event"]
    assert told_of(await unit_b.rows(), order) == []
    assert {row.stream.partition(":")[0] for row in await unit_b.rows()} <= {"directory", "article", "answer_task"}
    for stream, status in ((f"order:{order}", 404), ("call:none", 404)):
        answer = await centre.server.client.get(f"/v1/streams/{stream}", headers=bearer(unit_b.token))
        assert (answer.status_code, code_of(answer)) == (status, "not_found")


async def test_the_history_is_told_when_an_order_comes_and_forgotten_when_it_goes(centre: Centre) -> None:
    lead, order = await handed_out(centre)
    unit_a, unit_b = await centre.sit("clerk_a"), await centre.sit("clerk_b")
    await unit_a.pull()
    assert unit_a.desk.order(order).status == "dispatched"
    cursor = (await unit_b.page()).next
    assert isinstance(handling.return_(unit_a.desk, order, {"reason": "不属本单位", "basis": "三定方案"}), Done)
    await unit_a.in_step()
    await lead.in_step()
    if lead.desk.order(order).return_requested:
        assert isinstance(handling.decide_return(lead.desk, order, granted=True, reason=""), Done)
    assert isinstance(handling.dispatch(lead.desk, order, UNIT_B), Done)
    await lead.push()
    came = [row for row in await unit_b.rows(cursor) if row.stream == f"order:{order}"]
    assert [msgspec.json.decode(row.envelope)["version"] for row in came] == list(range(1, len(came) + 1))
    assert len({row.seq for row in came}) == 1
    assert told_of(await unit_a.rows(), order)[-1] == "forget"
    await unit_a.pull()
    await unit_b.pull()
    assert (unit_a.desk.order(order).id, unit_b.desk.order(order).lead) == ("", UNIT_B)


async def test_who_complains_is_not_told_to_the_unit_complained_about(centre: Centre) -> None:
    _, order = await handed_out(centre, kind="投诉", content=f"{NAME}（{NUMBER}）反映路灯不亮")
    unit = await centre.sit("clerk_a")
    pages = await centre.server.client.get("/v1/feed", headers=bearer(unit.token))
    assert "路灯不亮" in pages.text
    assert NAME not in pages.text
    assert NUMBER not in pages.text
    looked = await centre.server.client.get(f"/v1/streams/order:{order}", headers=bearer(unit.token))
    assert looked.json()["is_masked"]
    assert NAME not in looked.text
    asked = {"ground": "须上门核实"}
    shown = await centre.server.client.get(f"/v1/streams/order:{order}", params=asked, headers=bearer(unit.token))
    assert NUMBER in shown.text
    trail = await centre.server.database.fetch("SELECT what FROM audit WHERE object = $1 ORDER BY at", f"order:{order}")
    assert sorted(row[0] for row in trail) == ["identity.unmasked", "stream.read"]


async def test_an_operator_has_their_own_orders_whole_and_outlines_of_the_others(centre: Centre) -> None:
    _, order = await handed_out(centre)
    operator = await centre.sit("zhang")
    mine = operator.dispatched()
    await operator.push()
    rows = await operator.rows()
    assert told_of(rows, mine) == ["event", "event"]
    assert told_of(rows, order) == ["outline"]
    [told] = [row for row in rows if row.kind == "outline"]
    outline = told.outline
    assert told.recorded_at > 0, "the seat says as of when the outline is"
    assert outline is not None
    assert outline.number_hash
    assert outline.lead == UNIT_A
    assert NAME not in str(outline)
    looked = await centre.server.client.get(f"/v1/streams/order:{order}", headers=bearer(operator.token))
    assert len(looked.json()["rows"]) == 2


async def test_a_call_is_its_own_seats(centre: Centre) -> None:
    lead, _ = await handed_out(centre)
    operator = await centre.sit("zhang")
    assert any(row.stream.startswith("call:") for row in await lead.rows())
    assert not any(row.stream.startswith("call:") for row in await operator.rows())


async def test_a_lead_is_told_of_the_calls_of_every_seat_and_a_unit_of_none(centre: Centre) -> None:
    operator, lead, unit = await centre.sit("zhang"), await centre.sit("li"), await centre.sit("clerk_a")
    operator.raise_order(lead=UNIT_A)
    await operator.push()
    [call] = {row.stream for row in await operator.rows() if row.stream.startswith("call:")}
    await lead.pull()
    assert lead.desk.call(call.partition(":")[2]).operator == operator.desk.actor.name
    assert not any(row.stream.startswith("call:") for row in await unit.rows())


async def test_a_confidential_order_is_told_to_its_readers_only(
    database: Database, clock: SettableClock, tmp_path: Path
) -> None:
    async with centre_at(database, clock, tmp_path, "binzhou") as centre:
        lead, operator, other = await centre.sit("li"), await centre.sit("zhang"), await centre.sit("wang")
        order = operator.dispatched()
        await operator.push()
        await lead.pull()
        cursor = (await operator.page()).next
        rule = centre.server.app.state.services.shelf.present("binzhou").confidentiality.secret
        assert "lead" in rule.roles
        assert "operator" not in rule.readers
        category = next(iter(rule.categories))
        secret = ClassifyOrder(category, "领导批示")
        keyring = Keyring({"lead": (await centre.server.cabinet.role_keys("binzhou"))["lead"]}, "lead")
        for store in (lead.opened.store, lead.side.store):
            assert isinstance(store.connection, SeatConnection)
            store.connection.keyring = keyring
        assert isinstance(handling.take(lead.desk, order, secret), Done)
        assert {verdict.status for verdict in await lead.push()} == {"applied"}
        assert told_of(await operator.rows(cursor), order) == ["forget", "outline"]
        [outline] = [row.outline for row in await other.rows(cursor)]
        assert outline is not None
        assert (outline.topic, outline.place, outline.number_hash) == ("", "", "")
        assert told_of(await lead.rows(cursor), order) == ["event"]
        looked = await centre.server.client.get(f"/v1/streams/order:{order}", headers=bearer(operator.token))
        assert looked.status_code == 404
        places = await database.fetch("SELECT key FROM sealing_key WHERE owner = $1", f"order:{order}")
        assert set(bytes(places[0][0])) == {1}


async def test_a_message_of_a_lead_reaches_the_seats_it_is_for(centre: Centre) -> None:
    lead, one, other = await centre.sit("li"), await centre.sit("zhang"), await centre.sit("wang")
    unit = await centre.sit("clerk_a")
    client = centre.server.client
    for device in ("", one.device):
        said = {"text": f"台风预警{device}", "device": device}
        answer = await client.post("/v1/messages", json=said, headers=bearer(lead.token))
        assert answer.status_code == 200
    assert [row.kind for row in await one.rows()].count("message") == 2
    assert [row.kind for row in await other.rows()].count("message") == 1
    assert [row.kind for row in await unit.rows()].count("message") == 0
    refused = await client.post("/v1/messages", json={"text": "大家好"}, headers=bearer(one.token))
    assert (refused.status_code, code_of(refused)) == (403, "not_your_role")


async def test_a_cursor_of_another_life_of_the_data_begins_anew(centre: Centre) -> None:
    lead, _ = await handed_out(centre)
    assert (await lead.page(10_000)).resync
    assert (await lead.page(0, epoch="of-yesterday")).resync
    assert not (await lead.page(0, epoch=lead.epoch)).resync


async def test_pages_of_any_size_tell_the_same(centre: Centre) -> None:
    lead, _ = await handed_out(centre)
    whole = [(row.seq, row.kind, row.stream) for row in await lead.rows()]
    piecewise, cursor, more = [], 0, True
    while more:
        page = await lead.page(cursor, limit=1)
        piecewise += [(row.seq, row.kind, row.stream) for row in page.rows]
        assert page.next == cursor + 1
        cursor, more = page.next, page.more
    assert piecewise == whole


async def test_whoever_waits_is_told_at_once(centre: Centre) -> None:
    import asyncio

    lead, operator = await centre.sit("li"), await centre.sit("zhang")
    cursor = (await lead.page()).next
    waiting = asyncio.create_task(lead.page(cursor, wait=30))
    await asyncio.sleep(0)
    operator.raise_order()
    await operator.push()
    page = await waiting
    assert page.rows
