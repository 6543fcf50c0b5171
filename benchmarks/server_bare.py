"""The baseline of the server's figures: writes the same rows with the same driver, and no rules.

`python -m benchmarks.server_bare STORE PORT` serves `/rows`: rows as JSON, those that wait together in one
transaction. `rows_of` reads from a store what the real server wrote for each entry.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent_console.server.pushing.devices import DEVICE
from agent_console.server.pushing.push import MOST_IN_GROUP
from agent_console.server.store.database import Database, Row, Table, Transaction, open_database
from agent_console.server.store.schema import ENTRY, EVENT, HEAD, ORDER_ROW, ROLE_KEY, SEALING_KEY, SIGHT

TABLES = (EVENT, HEAD, SIGHT, ORDER_ROW, SEALING_KEY, ROLE_KEY, ENTRY)
_BY_OWNER = {HEAD.name: "stream", SIGHT.name: "stream", ORDER_ROW.name: "stream", SEALING_KEY.name: "owner",
             ROLE_KEY.name: "owner"}  # fmt: skip
_TRAY = "entry:"
_KINDS: dict[str, Any] = {"text": str, "bigint": int | None, "bytea": bytes | None}
_DEVICE_MOVES = "(jurisdiction, device) DO UPDATE SET last_n = excluded.last_n, pushes = excluded.pushes"

Rows = dict[str, list[Row]]
"""By table."""


def _shape(table: Table) -> Any:
    return tuple[tuple(_KINDS[kind] for kind in table.columns.values())]  # type: ignore[misc]


_BODY = msgspec.defstruct("_Body", [(table.name, list[_shape(table)], []) for table in (*TABLES, DEVICE)])  # type: ignore[misc]


async def rows_of(database: Database) -> dict[str, Rows]:
    """Everything the server wrote, by the entry it was written for."""
    found: dict[str, Rows] = {}
    entry_of: dict[str, str] = {}
    [entries, events] = [await _all(database, table) for table in (ENTRY, EVENT)]
    cause, stream = [list(EVENT.columns).index(name) for name in ("cause", "stream")]
    for row in entries:
        entry_of[_TRAY + row[1]] = row[1]
        found[row[1]] = {table.name: [] for table in TABLES} | {ENTRY.name: [row]}
    for row in events:
        entry_of[row[stream]] = row[cause]
        found[row[cause]][EVENT.name].append(row)
    for table in TABLES:
        if table.name in _BY_OWNER:
            owner = list(table.columns).index(_BY_OWNER[table.name])
            for row in await _all(database, table):
                found[entry_of[row[owner]]][table.name].append(row)
    return found


async def _all(database: Database, table: Table) -> Sequence[Row]:
    return await database.fetch(f"SELECT {', '.join(table.columns)} FROM {table.name}")


def rows_body(device: str, push: int, rows: Iterable[Rows]) -> bytes:
    """The body that has these rows written, and the row of the device as every push writes it."""
    told: Rows = {DEVICE.name: [("x", device, push, 0, 0, 0, None, push)]}
    for one in rows:
        for name, lines in one.items():
            told.setdefault(name, []).extend(lines)
    return msgspec.json.encode(told, enc_hook=_memory)


def _memory(value: Any) -> Any:
    return base64.b64encode(value).decode()


class _Bare:
    """One transaction for all who wait, as the real server does it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: asyncio.Queue[tuple[Any, asyncio.Future[int]]] = asyncio.Queue()

    async def serve(self, request: Request) -> Response:
        body = msgspec.json.decode(await request.body(), type=_BODY)
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((body, done))
        return Response(msgspec.json.encode({"rows": await done}), media_type="application/json")

    async def run(self) -> None:
        while True:
            group = [await self._waiting.get()]
            while sum(len(body.entry) for body, _ in group) < MOST_IN_GROUP and not self._waiting.empty():
                group.append(self._waiting.get_nowait())
            bodies = [body for body, _ in group]

            async def work(at: Transaction, bodies: Sequence[Any] = bodies) -> int:
                for table in TABLES:
                    await at.insert(table, [row for body in bodies for row in getattr(body, table.name)])
                await at.insert(DEVICE, [row for body in bodies for row in body.device], _DEVICE_MOVES)
                return len(bodies)

            written = await self._database.write(work)
            for _, done in group:
                done.set_result(written)


async def _main(store: str, port: int) -> None:
    database = await open_database(store)
    bare = _Bare(database)

    @contextlib.asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(bare.run())
        yield
        task.cancel()

    app = Starlette(routes=[Route("/rows", bare.serve, methods=["POST"])], lifespan=running)
    config = uvicorn.Config(app, port=port, log_config=None, access_log=False, ws="none")
    await uvicorn.Server(config).serve()
    await database.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2])))
