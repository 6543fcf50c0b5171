"""Every test of the server runs on both stores; PostgreSQL is brought along where no DSN is given."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from agent_console.server.people import passwords
from agent_console.server.store.database import Database, open_database
from tests.support.clock import SettableClock
from tests.support.databases import STORES, fresh_database, postgres_server

from .people import Server
from .seats import Centre, centre_at


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """DSN of a PostgreSQL server, one per worker."""
    with postgres_server() as dsn:
        yield dsn


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords are kept with the least work argon2id does; every test here signs several people in."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: quick)
        yield


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A place for the server's data, empty: the path of a file, or a DSN."""
    if request.param == "sqlite":
        yield str(tmp_path / "server" / "server.db")
        return
    async with fresh_database(request.getfixturevalue("postgres")) as dsn:
        yield dsn


@pytest.fixture
async def database(store: str) -> AsyncIterator[Database]:
    """It, open."""
    opened = await open_database(store)
    yield opened
    await opened.close()


@pytest.fixture
async def server(database: Database, clock: SettableClock) -> AsyncIterator[Server]:
    """A server with one line, a lead, an operator and a unit's clerk."""
    made = Server(database, clock)
    await made.begin()
    async with made.client:
        yield made


@pytest.fixture
async def centre(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Centre]:
    """A running server of one line, at which seats can sit down."""
    async with centre_at(database, clock, tmp_path / "seats") as opened:
        yield opened
