"""Files of an order that goes out of a seat's sight: what the server lacks gets there, and nothing stays behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from agent_console.desk.desk import order_stream
from agent_console.desk.orders import attaching, handling
from agent_console.domain.decisions import Done
from agent_console.domain.work_order.order_secrecy import ClassifyOrder
from agent_console.server.store.database import Database
from agent_console.store.keyring import Keyring
from agent_console.sync.ports import LinkedFile
from tests.support.clock import SettableClock
from tests.support.media import PHOTO, photo

from .people import bearer
from .seats import Centre, Seat, centre_at

LINE = "binzhou"
LIMIT = 1 << 20
TYPE = {"content-type": "application/octet-stream"}


@pytest.fixture
async def city(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Centre]:
    """The server of a line that has confidential orders."""
    async with centre_at(database, clock, tmp_path / "seats", LINE) as opened:
        yield opened


async def lead_with_keys(city: Centre) -> Seat:
    lead = await city.sit("li")
    keys = {"lead": (await city.server.cabinet.role_keys(LINE))["lead"]}
    for store in (lead.opened.store, lead.side.store):
        store.connection.keyring = Keyring(keys, "lead")  # type: ignore[attr-defined]
    return lead


async def with_photo(seat: Seat, folder: Path) -> str:
    """An order with a photo that the server knows of and has not got; its stream."""
    order = seat.raise_order()
    assert isinstance(attaching.attach(seat.opened, order, [photo(folder)], LIMIT), Done)
    await seat.in_step()
    return order_stream(order)


async def made_confidential(lead: Seat, stream: str) -> None:
    await lead.pull()
    command = ClassifyOrder("work_secret", "领导批示")
    assert isinstance(handling.take(lead.desk, stream.partition(":")[2], command), Done)
    assert {verdict.status for verdict in await lead.push()} == {"applied"}


async def put(seat: Seat, file: LinkedFile) -> httpx.Response:
    headers = {**bearer(seat.token), **TYPE, "content-range": f"bytes 0-{file.size - 1}/{file.size}"}
    address = f"/v1/files/{file.sha256}?stream={file.stream}"
    return await seat.server.client.put(address, content=PHOTO, headers=headers)


async def got(seat: Seat, file: LinkedFile) -> httpx.Response:
    return await seat.server.client.get(
        f"/v1/files/{file.sha256}?stream={file.stream}", headers={**bearer(seat.token), "range": "bytes=0-"}
    )


def left_at(seat: Seat) -> list[Path]:
    return [path for path in (seat.opened.store.path.parent / "attachments").rglob("*") if path.is_file()]


async def test_a_photo_that_was_unsent_when_its_order_became_confidential_is_sent_and_then_leaves_the_seat(
    city: Centre, tmp_path: Path
) -> None:
    operator, lead = await city.sit("zhang"), await lead_with_keys(city)
    stream = await with_photo(operator, tmp_path)
    await made_confidential(lead, stream)
    await operator.pull()
    assert operator.opened.store.log.version(stream) == 0
    file = operator.side.file_to_send(())
    assert file is not None
    assert (file.stream, operator.side.store.linked_files.unsent_count()) == (stream, 1)
    assert operator.side.file_to_send({file.event}) is None
    assert b"".join(operator.side.file_content(file)) == PHOTO
    assert (await put(operator, file)).json() == {"size": len(PHOTO), "whole": True}
    operator.side.file_sent(file)
    assert (left_at(operator), operator.side.store.linked_files.unsent_count()) == ([], 0)
    assert (await got(operator, file)).status_code == 404
    assert (await got(lead, file)).content == PHOTO


async def test_a_photo_the_server_has_leaves_the_seat_with_its_order(city: Centre, tmp_path: Path) -> None:
    operator, lead = await city.sit("zhang"), await lead_with_keys(city)
    stream = await with_photo(operator, tmp_path)
    file = operator.side.file_to_send(())
    assert file is not None
    assert (await put(operator, file)).status_code == 200
    operator.side.file_sent(file)
    assert len(left_at(operator)) == 1
    await made_confidential(lead, stream)
    await operator.pull()
    assert left_at(operator) == []
    assert operator.side.file_to_send(()) is None


async def test_another_seat_brings_no_file_to_an_order_it_may_not_see(city: Centre, tmp_path: Path) -> None:
    operator, lead, other = await city.sit("zhang"), await lead_with_keys(city), await city.sit("wang")
    stream = await with_photo(operator, tmp_path)
    file = operator.side.file_to_send(())
    assert file is not None
    await made_confidential(lead, stream)
    assert (await put(other, file)).status_code == 404
