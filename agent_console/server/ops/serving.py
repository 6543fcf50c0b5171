"""Running the server: opening its data, listening, stopping without cutting anybody off."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import uvicorn

from agent_console.clock import Clock
from agent_console.domain.errors import BadInput, ConsoleError
from agent_console.domain.instants import HOUR, Instant
from agent_console.server.ops.logs import log, write_logs
from agent_console.server.ops.making import make_app
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.people import audit
from agent_console.server.people.keys import Cabinet, load_master_key
from agent_console.server.store.database import Database, DatabaseAway, open_database

_DAY: Instant = 24 * HOUR
_TIDY_SECONDS = 3600
_IDLE_SECONDS = 75
_SILENT_SECONDS = 1.0
_MADE_BEFORE_LOOKING = 50_000
_MOST_HEADERS = 32 * 1024
_STOPPING = (signal.SIGTERM, signal.SIGINT)


def serve(settings: ServerSettings, clock: Clock, listening: Callable[[], None] = lambda: None) -> None:
    """Serve until the process is told to stop (SIGTERM, SIGINT). Raises ConsoleError where it cannot begin.

    listening: called once it takes requests.
    """
    asyncio.run(_serve(settings, clock, listening))


class _Server(uvicorn.Server):
    """Stops at SIGTERM and SIGINT and lets what comes after it run: the data still have to be closed."""

    def __init__(self, config: uvicorn.Config, let_go: Callable[[], None], listening: Callable[[], None]) -> None:
        """let_go: ends the streams that are open, which would otherwise be waited for."""
        super().__init__(config)
        self._let_go = let_go
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and say so once requests are taken."""
        await super().startup(sockets)
        if self.started:
            self._listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the streams go, then wait for what runs."""
        self._let_go()
        hanging_up = asyncio.create_task(self._hang_up())
        try:
            await super().shutdown(sockets)
        finally:
            hanging_up.cancel()

    async def _hang_up(self) -> None:
        """Over TLS the end of a line is answered by the client; one that is silent would be waited for."""
        while True:
            await asyncio.sleep(_SILENT_SECONDS)
            for connection in list(self.server_state.connections):
                line = connection.transport
                if line.is_closing() and not line.get_write_buffer_size():
                    line.abort()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """While it runs; uvicorn itself would raise the signal once more at the end."""
        loop = asyncio.get_running_loop()
        for number in _STOPPING:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in _STOPPING:
                loop.remove_signal_handler(number)


async def _serve(settings: ServerSettings, clock: Clock, listening: Callable[[], None]) -> None:
    _check_files(settings)
    master = load_master_key(settings)
    database = await open_database(settings.store)
    try:
        cabinet = Cabinet(database, master)
        if not await cabinet.check():
            raise BadInput("error.server_empty", "advice.server_empty", store=shown_store(settings))
        write_logs(settings.log_level, clock)
        app, served = make_app(settings, database, clock, cabinet)
        _collect_seldom()
        server = _Server(_config(settings, served), app.state.services.stop, listening)
        async with _tidying(database, settings, clock):
            await server.serve()
        if not server.started:
            raise BadInput("error.server_listen", "advice.server_listen", host=settings.host, port=settings.port)
    finally:
        await database.close()


def _collect_seldom() -> None:
    """Values here refer to one another in circles only by exception; looking for those took a fifth of a push."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_MADE_BEFORE_LOOKING, 20, 50)


def _config(settings: ServerSettings, served: Any) -> uvicorn.Config:
    return uvicorn.Config(
        served,
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.certificate or None,
        ssl_keyfile=settings.private_key or None,
        proxy_headers=settings.behind_proxy,
        forwarded_allow_ips=list(settings.trusted_proxies),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.stop_seconds,
        timeout_keep_alive=_IDLE_SECONDS,
        h11_max_incomplete_event_size=_MOST_HEADERS,
        ws="none",
        lifespan="on",
    )


def _check_files(settings: ServerSettings) -> None:
    """A private key that everybody on the machine can read is none."""
    if not settings.private_key:
        return
    path = Path(settings.private_key).expanduser()
    try:
        if path.stat().st_mode & stat.S_IRWXO:
            raise BadInput("error.key_file_mode", "advice.key_file_mode", path=str(path))
        Path(settings.certificate).expanduser().stat()
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error


def shown_store(settings: ServerSettings) -> str:
    """Where the data stand, without name and password of the DSN."""
    if not settings.on_postgres:
        return settings.store
    scheme, _, rest = settings.dsn.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


@contextlib.asynccontextmanager
async def _tidying(database: Database, settings: ServerSettings, clock: Clock) -> AsyncIterator[None]:
    task = asyncio.create_task(_tidy_for_ever(database, settings, clock))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _tidy_for_ever(database: Database, settings: ServerSettings, clock: Clock) -> None:
    while True:
        try:
            count = await tidy(database, settings, clock.now())
            log.debug("tidied", extra={"count": count})
        except (DatabaseAway, ConsoleError):
            log.warning("not_tidied")
        await asyncio.sleep(_TIDY_SECONDS)


async def tidy(database: Database, settings: ServerSettings, now: Instant) -> int:
    """Take away what is no longer needed: old lines of the audit, ended sessions, spent words, tries of yesterday."""
    old = now - settings.refresh_hours * HOUR - 30 * _DAY
    gone = await audit.clear(database, now - settings.audit_days * _DAY)
    gone += await database.execute("DELETE FROM attempt WHERE last_at < $1 AND wait_until < $2", now - _DAY, now)
    gone += await database.execute("DELETE FROM spent_refresh WHERE spent_at < $1", old)
    gone += await database.execute("DELETE FROM session WHERE refresh_until < $1", old)
    return gone
