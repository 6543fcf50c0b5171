"""Whatever dies in between: what a seat showed as saved takes effect once, and everybody comes to the same.

The same campaign has to find each of three mistakes, or its silence would mean nothing. `make soak` goes on for longer.
"""

from __future__ import annotations

from .campaign import MOVED, Plan
from .conftest import Carried

SECONDS = 3.0
PLAIN = "fujian"
"""A city without confidential orders: what a mistake breaks shows sooner where less happens beside it."""


async def test_nothing_saved_is_lost_or_done_twice_when_a_copy_takes_the_place_of_the_embedded_store(
    from_sqlite_to_postgres: Carried,
) -> None:
    found = await from_sqlite_to_postgres(Plan(seed=1, seconds=2 * SECONDS))
    assert found.findings == ()
    assert found.saved > 20
    assert found.verdicts.keys() >= {"applied", "rejected"}
    assert found.happened[MOVED] == 1


async def test_nothing_saved_is_lost_or_done_twice_on_two_servers_and_a_postgres_that_fails(
    on_postgres: Carried,
) -> None:
    found = await on_postgres(Plan(seed=4, seconds=SECONDS, until="server killed in a commit", times=1))
    assert found.findings == ()
    assert found.saved > 20


async def test_a_seat_that_believes_any_200_loses_what_was_saved(on_sqlite: Carried) -> None:
    plan = Plan(
        seed=2, seconds=SECONDS, broken="acknowledge any 200", longest=3, statuses=(200,), until="status 200", times=8,
        line=PLAIN,
    )  # fmt: skip
    assert "lost" in (await on_sqlite(plan)).found()


async def test_an_effect_outside_the_transaction_is_missed_when_the_server_dies(on_sqlite: Carried) -> None:
    plan = Plan(
        seed=3, seconds=SECONDS, broken="effect outside the transaction", longest=3, deaths=300,
        until="server killed", times=5, line=PLAIN,
    )  # fmt: skip
    assert "half" in (await on_sqlite(plan)).found()


async def test_a_cursor_by_serial_number_skips_what_is_committed_late(on_postgres: Carried) -> None:
    found: set[str] = set()
    for seed in range(5, 9):
        # Two commits have to cross while a seat asks: on a slow machine it takes more than one campaign to meet that.
        plan = Plan(seed=seed, seconds=2 * SECONDS, broken="cursor by serial number", longest=3, deaths=0, line=PLAIN)
        found.update((await on_postgres(plan)).found())
        if "mirror" in found:
            break
    assert "mirror" in found
