"""Live streams go on where they broke off; files come in pieces and belong to what they are attached to."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import httpx
import msgspec

from agent_console.desk.monitor import alarms
from agent_console.store.projections.monitor import CARES
from agent_console.sync.wire import FeedPage, SeatNow

from .people import bearer, code_of
from .seats import Centre, Seat


class Listening:
    """One live stream, read piece by piece until the reader leaves."""

    def __init__(self, app: Any, path: str, headers: dict[str, str]) -> None:
        told = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": path,
            "raw_path": path.encode(), "query_string": b"", "headers": told, "server": ("server", 80), "scheme": "http",
            "client": ("seat", 1), "root_path": "",
        }  # fmt: skip
        self._app = app
        self._left = asyncio.Event()
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue()

    async def __aenter__(self) -> Listening:
        self._task = asyncio.create_task(self._app(self._scope, self._receive, self._send))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._left.set()
        await self._task

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            self._pieces.put_nowait(message["body"])

    async def next(self) -> tuple[int, FeedPage]:
        """The next page, and the id it came with."""
        piece = b":"
        while piece.startswith(b":"):
            piece = await self._pieces.get()
        fields = dict(line.split(": ", 1) for line in piece.decode().strip().splitlines())
        return int(fields["id"]), msgspec.json.decode(fields["data"], type=FeedPage)


async def test_a_live_stream_goes_on_after_its_last_id(centre: Centre) -> None:
    lead, operator = await centre.sit("li"), await centre.sit("zhang")
    operator.raise_order()
    await operator.push()
    app = centre.server.app
    async with Listening(app, "/v1/feed/stream", bearer(lead.token)) as listening:
        last, page = await listening.next()
        assert last == page.next
        operator.raise_order()
        await operator.push()
        newest, live = await listening.next()
        assert live.rows[0].seq > last
    async with Listening(app, "/v1/feed/stream", {**bearer(lead.token), "last-event-id": str(last)}) as listening:
        _, again = await listening.next()
    assert [row.seq for row in again.rows] == [row.seq for row in live.rows]
    assert newest == again.next


async def test_a_live_stream_ends_with_the_session(centre: Centre) -> None:
    lead, operator = await centre.sit("li"), await centre.sit("zhang")
    async with Listening(centre.server.app, "/v1/feed/stream", bearer(lead.token)) as listening:
        operator.raise_order()
        await operator.push()
        await listening.next()
        await centre.server.client.post("/v1/sign-out", headers=bearer(lead.token))
        operator.raise_order()
        await operator.push()
        await listening._task


async def test_whoever_signed_out_watches_no_seats_any_more(centre: Centre) -> None:
    lead, operator = await centre.sit("li"), await centre.sit("zhang")
    app, client = centre.server.app, centre.server.client
    async with Listening(app, "/v1/seats/stream", bearer(lead.token)) as listening:
        await client.post("/v1/sign-out", headers=bearer(lead.token))
        state = SeatNow("", "12", "", "busy")
        await client.post("/v1/seat-state", content=msgspec.json.encode(state), headers=_json(operator))
        await listening._task


async def test_an_alarm_one_lead_takes_is_taken_at_every_monitor(centre: Centre) -> None:
    lead, other, operator = await centre.sit("li"), await centre.sit("li", "other"), await centre.sit("zhang")
    alarms.take(lead.desk, "silent:device:1")
    await lead.push()
    for seat in (other, operator):
        await seat.pull()
        assert [care.by for care in CARES.states(seat.opened.store.connection, "1 = 1", (), "stream", 9)] == ["李班长"]


def _json(seat: Seat) -> dict[str, str]:
    return {**bearer(seat.token), "content-type": "application/json"}


async def _put(seat: Seat, name: str, order: str, first: int, piece: bytes, size: int) -> httpx.Response:
    told = f"bytes {first}-{first + len(piece) - 1}/{size}"
    headers = {**bearer(seat.token), "content-range": told, "content-type": "application/octet-stream"}
    asked = {"stream": f"order:{order}"}
    return await seat.server.client.put(f"/v1/files/{name}", content=piece, params=asked, headers=headers)


async def test_a_file_comes_in_pieces_as_often_as_the_line_breaks(centre: Centre) -> None:
    seat, unit = await centre.sit("zhang"), await centre.sit("clerk_b")
    order = seat.dispatched()
    await seat.push()
    content = bytes(range(256)) * 1500
    name, size = hashlib.sha256(content).hexdigest(), len(content)
    half = 200_000
    assert (await _put(seat, name, order, 0, content[:half], size)).json() == {"size": half, "whole": False}
    assert (await _put(seat, name, order, 0, content[:half], size)).json() == {"size": half, "whole": False}
    assert (await _put(seat, name, order, half + 5, content[half + 5 :], size)).status_code == 409
    assert (await _put(unit, name, order, half, content[half:], size)).status_code == 404
    state = {"stream": f"order:{order}"}
    client = centre.server.client
    asked = await client.get(f"/v1/files/{name}/state", params=state, headers=bearer(seat.token))
    assert asked.json() == {"size": half, "whole": False}
    assert (await _put(seat, name, order, half, content[half:], size)).json() == {"size": size, "whole": True}
    read = b""
    while len(read) < size:
        headers = {**bearer(seat.token), "range": f"bytes={len(read)}-"}
        part = await client.get(f"/v1/files/{name}", params=state, headers=headers)
        assert part.status_code == 206
        read += part.content
    assert read == content
    kept = await centre.server.database.fetch("SELECT sealed FROM file_piece")
    assert all(content[:64] not in bytes(row[0]) for row in kept)


async def test_a_file_that_is_not_what_its_name_says_is_not_taken(centre: Centre) -> None:
    seat = await centre.sit("zhang")
    order = seat.dispatched()
    await seat.push()
    name = hashlib.sha256(b"something else").hexdigest()
    assert code_of(await _put(seat, name, order, 0, b"content", 7)) == "hash"
    found = await centre.server.client.get(
        f"/v1/files/{name}/state", params={"stream": f"order:{order}"}, headers=bearer(seat.token)
    )
    assert found.json() == {"size": 0, "whole": False}
