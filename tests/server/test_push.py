"""What a seat saved takes effect on the server exactly once, all of an entry or nothing, in its order."""

from __future__ import annotations

import msgspec

from agent_console.desk.orders import handling
from agent_console.domain.decisions import Done
from agent_console.domain.instants import HOUR
from agent_console.domain.work_order.order_corrections import AddToOrder, AmendOrder
from agent_console.domain.work_order.orders import Order, OrderDispatched, OrderRaised
from agent_console.server.feeding.slices import read_history
from agent_console.server.store.database import Database
from agent_console.sync.wire import PROTOCOL, TAKEN_BYTES, Push

from .people import bearer, code_of
from .seats import LINE, UNIT_A, UNIT_B, Centre


async def events(database: Database, stream: str = "") -> list[tuple[str, str]]:
    """Stream and type of every event, in order."""
    found = await database.fetch("SELECT stream, type FROM event ORDER BY seq")
    return [(row[0], row[1]) for row in found if row[0].startswith(stream)]


async def test_a_day_at_a_seat_stands_on_the_server_as_it_stood_there(centre: Centre) -> None:
    seat = await centre.sit()
    order = seat.dispatched()
    verdicts = await seat.push()
    assert {verdict.status for verdict in verdicts} == {"applied"}
    keys = await centre.server.cabinet.role_keys(LINE)
    stream = f"order:{order}"
    rows = await centre.server.database.read(lambda at: read_history(at, LINE, stream, keys))
    here = seat.opened.store.log.load(stream)
    assert [row.fact for row in rows] == [event.fact for event in here]
    assert [row.envelope.id for row in rows] == [event.envelope.id for event in here]
    assert {row.envelope.authority for row in rows} == {"token"}


async def test_what_is_sent_again_counts_once(centre: Centre) -> None:
    seat = await centre.sit()
    seat.dispatched()
    entries = seat.waiting()
    first, second = await seat.tell(entries), await seat.tell(entries)
    kept = await events(centre.server.database)
    assert {verdict.status for verdict in second.verdicts} == {"duplicate"}
    assert [verdict.seq for verdict in second.verdicts] == [verdict.seq for verdict in first.verdicts]
    assert second.last_n == first.last_n == entries[-1].n
    assert len(kept) == first.verdicts[-1].seq


async def test_every_push_writes_even_where_nothing_in_it_is_new(centre: Centre) -> None:
    seat = await centre.sit()
    seat.raise_order()
    entries = seat.waiting()
    for _ in range(3):
        await seat.tell(entries)
    [(pushes,)] = await centre.server.database.fetch("SELECT pushes FROM device WHERE device = $1", seat.device)
    assert pushes == 3


async def test_a_missing_entry_is_asked_for_and_nothing_after_it_counts(centre: Centre) -> None:
    seat = await centre.sit()
    seat.dispatched()
    entries = seat.waiting()
    answer = await seat.tell([entries[0], *entries[2:]])
    assert [verdict.status for verdict in answer.verdicts] == ["applied", *["gap"] * len(entries[2:])]
    assert {verdict.want for verdict in answer.verdicts[1:]} == {entries[1].n}
    assert answer.last_n == entries[0].n
    assert {verdict.status for verdict in (await seat.tell(entries)).verdicts} == {"duplicate", "applied"}


async def test_an_entry_takes_effect_as_a_whole_or_not_at_all(centre: Centre) -> None:
    seat = await centre.sit()
    await seat.push()
    seat.raise_order()
    taking, raising = seat.waiting()
    broken = msgspec.structs.replace(raising.steps[1], command="call.hold_the_line")
    torn = msgspec.structs.replace(raising, steps=(raising.steps[0], broken))
    answer = await seat.tell([taking, torn])
    assert [verdict.status for verdict in answer.verdicts] == ["applied", "rejected"]
    assert await events(centre.server.database, "order:") == []
    assert answer.last_n == raising.n


async def test_a_refused_entry_blocks_nobody_and_names_the_clause(centre: Centre) -> None:
    seat = await centre.sit()
    order = seat.dispatched()
    before = seat.waiting()
    wrong = msgspec.structs.replace(
        before[-1],
        id="01a00000-0000-7000-8000-000000000001",
        n=before[-1].n + 1,
        steps=(msgspec.structs.replace(before[-1].steps[0], base=2, events=()),),
    )
    later = msgspec.structs.replace(before[0], id="01a00000-0000-7000-8000-000000000002", n=wrong.n + 1, steps=())
    answer = await seat.tell([*before, wrong, later])
    refused = answer.verdicts[-2]
    assert (refused.status, answer.verdicts[-1].status) == ("rejected", "applied")
    assert refused.reason is not None
    assert refused.reason.clauses
    assert (await seat.tell([wrong])).verdicts[0].status == "rejected"
    assert order


async def test_who_came_second_is_told_what_came_first(centre: Centre) -> None:
    line, one, other = await centre.sit("li"), await centre.sit("clerk_a"), await centre.sit("clerk_a", "elsewhere")
    order = line.dispatched()
    await line.push()
    for seat in (one, other):
        await seat.in_step()
        assert isinstance(handling.sign(seat.desk, order, {"department": "市政科", "officer": seat.device}), Done)
    assert {verdict.status for verdict in await one.push()} == {"applied"}
    [late] = await other.push()
    [kept] = await centre.server.database.fetch("SELECT id FROM event WHERE type = 'order.signed'")
    assert (late.status, late.theirs) == ("conflict", (kept[0],))
    answer = await centre.server.client.get("/v1/conflicts", headers=bearer(line.token))
    [refused] = answer.json()["entries"]
    assert (refused["entry"]["id"], refused["device"]) == (late.id, other.device)
    assert other.device in str(refused["entry"]["steps"])


async def test_a_field_two_people_changed_is_not_written_over_unseen(centre: Centre) -> None:
    one, other = await centre.sit("zhang"), await centre.sit("li")
    order = one.raise_order()
    await one.in_step()
    await other.in_step()
    assert isinstance(handling.take(one.desk, order, AmendOrder("title", "路灯坏了")), Done)
    assert isinstance(handling.take(other.desk, order, AmendOrder("title", "整条路黑了")), Done)
    await one.push()
    [late] = await other.push()
    assert (late.status, len(late.theirs)) == ("conflict", 1)


async def test_filed_in_time_offline_is_in_time(centre: Centre) -> None:
    seat = await centre.sit()
    order = seat.dispatched()
    filed = centre.server.clock.now()
    centre.server.clock.set(filed + 8 * HOUR)
    await seat.renew()
    [*_, last] = await seat.push()
    keys = await centre.server.cabinet.role_keys(LINE)
    rows = await centre.server.database.read(lambda at: read_history(at, LINE, f"order:{order}", keys))
    [dispatched] = [row.fact for row in rows if isinstance(row.fact, OrderDispatched)]
    assert dispatched.occurred_at == filed
    assert not last.time_doubtful


async def test_an_instant_that_cannot_be_true_counts_and_is_marked(centre: Centre) -> None:
    seat = await centre.sit()
    seat.raise_order()
    first = seat.waiting()
    await seat.tell(first, left=0)
    drained = centre.server.clock.now()
    centre.server.clock.set(drained - 3 * HOUR)
    order = seat.dispatched()
    early = seat.waiting()[len(first) :]
    centre.server.clock.set(drained + HOUR)
    await seat.renew()
    answer = await seat.tell(early)
    assert all(verdict.time_doubtful for verdict in answer.verdicts)
    keys = await centre.server.cabinet.role_keys(LINE)
    rows = await centre.server.database.read(lambda at: read_history(at, LINE, f"order:{order}", keys))
    raised = rows[0]
    assert isinstance(raised.fact, OrderRaised)
    assert (raised.fact.occurred_at, raised.time_doubtful) == (drained, True)


async def test_a_clock_that_is_wrong_and_was_measured_counts_corrected(centre: Centre) -> None:
    seat = await centre.sit()
    order = seat.raise_order()
    now = centre.server.clock.now()
    wrong = [msgspec.structs.replace(entry, at=entry.at - HOUR, offset=HOUR) for entry in seat.waiting()]
    push = Push(seat.device, seat.device_key, seat.epoch, PROTOCOL, now - HOUR, tuple(wrong))
    headers = {**bearer(seat.token), "content-type": "application/json"}
    answer = await centre.server.client.post("/v1/push", content=msgspec.json.encode(push), headers=headers)
    assert {verdict["time_doubtful"] for verdict in answer.json()["verdicts"]} == {False}
    keys = await centre.server.cabinet.role_keys(LINE)
    rows = await centre.server.database.read(lambda at: read_history(at, LINE, f"order:{order}", keys))
    assert isinstance(rows[0].fact, OrderRaised)
    assert rows[0].fact.occurred_at == now
    assert (rows[0].envelope.occurred_at, rows[0].envelope.clock_offset) == (now - HOUR, HOUR)


async def test_work_from_before_the_first_sign_in_counts_as_self_declared(centre: Centre) -> None:
    seat = centre.unsigned()
    seat.desk.actor = msgspec.structs.replace(seat.actor, name="从前的人", self_declared=True)
    seat.raise_order()
    await seat.sign_in()
    assert {verdict.status for verdict in await seat.push()} == {"applied"}
    found = await centre.server.database.fetch(
        "SELECT DISTINCT actor, authority FROM event WHERE stream LIKE 'order:%'"
    )
    assert [tuple(row) for row in found] == [("从前的人", "self_declared")]


async def test_nobody_gains_a_role_by_going_offline(centre: Centre) -> None:
    seat = await centre.sit()
    await seat.push()
    seat.raise_order()
    raised = [msgspec.structs.replace(entry, actor="李班长", role="lead") for entry in seat.waiting()]
    answer = await seat.tell(raised)
    assert {verdict.reason.key for verdict in answer.verdicts if verdict.reason} == {"sync.role_not_vouched"}
    assert await events(centre.server.database, "order:") == []


async def test_several_people_of_one_seat_are_told_apart(centre: Centre) -> None:
    first = await centre.sit("zhang", "seat")
    first.raise_order()
    second = centre.unsigned("wang", "seat")
    second.device_key = first.device_key
    second.raise_order()
    await second.sign_in()
    assert {verdict.status for verdict in await second.push()} == {"applied"}
    found = await centre.server.database.fetch(
        "SELECT DISTINCT actor, authority FROM event WHERE stream LIKE 'order:%' ORDER BY actor"
    )
    assert [tuple(row) for row in found] == [("张三", "token"), ("王四", "token")]


async def test_a_push_is_the_devices_own(centre: Centre) -> None:
    seat, other = await centre.sit("zhang"), await centre.sit("li")
    entries = seat.waiting()
    seat.device_key, key = other.device_key, seat.device_key
    assert code_of(await seat.ask(entries)) == "device_key"
    seat.device_key, seat.token = key, other.token
    assert code_of(await seat.ask(entries)) == "device_unknown"


async def test_a_copied_file_is_found_by_two_entries_of_one_number(centre: Centre) -> None:
    seat = await centre.sit()
    seat.raise_order()
    entries = seat.waiting()
    await seat.tell(entries)
    twin = msgspec.structs.replace(entries[-1], id="01a00000-0000-7000-8000-000000000009")
    assert (await seat.tell([twin])).verdicts[0].status == "gap"
    assert code_of(await seat.ask([twin])) == "device_copied"


async def test_events_of_a_newer_program_stay_whole_and_their_stream_is_left_alone(centre: Centre) -> None:
    seat = await centre.sit()
    order = seat.dispatched()
    await seat.push()
    database = centre.server.database
    await database.execute("UPDATE event SET type = 'order.of_tomorrow' WHERE type = 'order.dispatched'")
    centre.server.app.state.services._states.clear()
    assert isinstance(handling.take(seat.desk, order, AddToOrder("又灭了一盏")), Done)
    [verdict] = await seat.push()
    assert verdict.reason is not None
    assert verdict.reason.key == "stream.read_only"


async def test_nothing_personal_stands_in_the_open(centre: Centre) -> None:
    seat = await centre.sit()
    seat.dispatched()
    await seat.push()
    database = centre.server.database
    told = [await database.fetch(f"SELECT * FROM {table}") for table in ("event", "entry", "order_row", "sight")]
    text = repr([[tuple(row) for row in rows] for rows in told])
    assert "13800138000" not in text
    assert "陈女士" not in text
    assert "路灯" not in text


async def test_bodies_no_seat_sends_are_refused_with_a_declared_answer(centre: Centre) -> None:
    seat = await centre.sit()
    seat.raise_order()
    headers = {**bearer(seat.token), "content-type": "application/json"}
    deep = b'{"device":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    for body, status in ((b"{", 400), (b"[]", 400), (deep, 400), (b" " * (TAKEN_BYTES + 1), 413), (b"\xff\xfe", 400)):
        answer = await centre.server.client.post("/v1/push", content=body, headers=headers)
        assert answer.status_code == status, body[:20]
    wrong = await seat.ask([msgspec.structs.replace(entry, n=1 << 70) for entry in seat.waiting()])
    assert wrong.status_code == 400
    push = Push(seat.device, seat.device_key, "", 99, 0, ())
    newer = await centre.server.client.post("/v1/push", content=msgspec.json.encode(push), headers=headers)
    assert (newer.status_code, code_of(newer)) == (426, "protocol")


async def test_projections_equal_their_fold_after_a_restart(centre: Centre) -> None:
    one, unit = await centre.sit("zhang"), await centre.sit("clerk_a")
    orders = [one.dispatched(lead) for lead in (UNIT_A, UNIT_B, UNIT_A)]
    await one.in_step()
    await unit.pull()
    assert isinstance(handling.sign(unit.desk, orders[0], {"department": "甲", "officer": "乙"}), Done)
    services = centre.server.app.state.services
    services._states.clear()
    await unit.in_step()
    found = await centre.server.database.fetch("SELECT stream, status, lead FROM order_row ORDER BY stream")
    expected = []
    for order in sorted(orders):
        state: Order = one.desk.order(order) if order != orders[0] else unit.desk.order(order)
        expected.append((f"order:{order}", state.status, state.lead))
    assert [tuple(row) for row in found] == expected
