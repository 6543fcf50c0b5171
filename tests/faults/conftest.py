"""Campaigns on either store, each in a folder of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from tests.support.databases import fresh_database, postgres_server

from .campaign import Campaign, Plan
from .checks import Report, report

Carried = Callable[[Plan], Awaitable[Report]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """DSN of a PostgreSQL server, one per worker."""
    with postgres_server() as dsn:
        yield dsn


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Carried:
    """Carries a plan out on the embedded store."""
    return lambda plan: carry_out(tmp_path, plan)


@pytest.fixture
def on_postgres(tmp_path: Path, postgres: str) -> Carried:
    """Carries a plan out on PostgreSQL, with two server processes."""

    async def carried(plan: Plan) -> Report:
        async with fresh_database(postgres) as dsn:
            return await carry_out(tmp_path, msgspec.structs.replace(plan, dsn=dsn, servers=2))

    return carried


async def carry_out(folder: Path, plan: Plan) -> Report:
    """One campaign from beginning to end, and what it came to."""
    campaign = Campaign(folder, plan)
    try:
        await campaign.run()
        return await report(campaign)
    finally:
        await campaign.close()
