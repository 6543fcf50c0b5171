"""Campaigns on either store, each in a folder of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from tests.support.databases import fresh_database, postgres_server

from .campaign import Campaign, Plan
from .checks import Report, report
from .database_host import DatabaseHost, database_host
from .storm import storm

Carried = Callable[[Plan], Awaitable[Report]]


class Postgres(NamedTuple):
    """A PostgreSQL; host: None where it is not ours to kill."""

    dsn: str
    host: DatabaseHost | None


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """The one the environment names, or one of our own."""
    with database_host() as host:
        if host is not None:
            yield Postgres(host.dsn, host)
            return
    with postgres_server() as dsn:
        yield Postgres(dsn, None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One per worker."""
    with own_postgres() as made:
        yield made


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Carried:
    """Carries a plan out on the embedded store."""
    return lambda plan: carry_out(tmp_path, plan)


@pytest.fixture
def on_postgres(tmp_path: Path, postgres: Postgres) -> Carried:
    """Carries a plan out on PostgreSQL, with two server processes."""

    async def carried(plan: Plan) -> Report:
        folder = tmp_path / str(plan.seed)
        folder.mkdir()
        async with fresh_database(postgres.dsn) as dsn:
            return await carry_out(folder, msgspec.structs.replace(plan, dsn=dsn, servers=2), postgres.host)

    return carried


@pytest.fixture
def from_sqlite_to_postgres(tmp_path: Path, postgres: Postgres) -> Carried:
    """Carries a plan out that begins on the embedded store; its copy goes into PostgreSQL."""

    async def carried(plan: Plan) -> Report:
        async with fresh_database(postgres.dsn) as dsn:
            return await carry_out(tmp_path, msgspec.structs.replace(plan, moves_to=dsn))

    return carried


async def carry_out(folder: Path, plan: Plan, host: DatabaseHost | None = None) -> Report:
    """One campaign from beginning to end, and what it came to."""
    campaign = Campaign(folder, plan, host)
    try:
        await campaign.run(storm)
        return await report(campaign)
    finally:
        await campaign.close()
