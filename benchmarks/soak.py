"""`make soak`: the fault campaign for as long as one likes, with seeds of its own, on every sort of store in turn.

    python -m benchmarks.soak [--minutes M] [--seconds S] [--first SEED] [--seats N]

sqlite: one server on a disk that fills up. postgres: two servers on a PostgreSQL that freezes and is killed. copied,
moved: in the middle a copy of the server's data takes their place, in SQLite, in PostgreSQL. Each line is a campaign:
entries shown as saved, what the server said of them, files and confidential orders among them, processes killed, what
went wrong on the way, how long the seats took to come to rest, and what does not hold afterwards. Ends with 1 where
anything does not.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from tests.faults.campaign import Plan
from tests.faults.checks import Report
from tests.faults.conftest import Postgres, carry_out, own_postgres
from tests.support.databases import fresh_database

_COLUMNS = (
    "store     seed  saved applied rejected conflict parked events files secret deaths commits machines line healed"
    "  findings"
)
_DEATHS = ("seat killed", "server killed", "server killed in a commit", "database killed")
_COMMITS = ("server killed in a commit",)
_MACHINES = ("disk full", "server's disk full", "clock set", "server's clock set", "database frozen")
_LINE = ("reset", "lost", "truncated", "doubled", "stalled", "status", "line cut", "connections reset")
_FILES = ("attachment", "import")
_SECRET = ("classification", "declassification")


def main() -> None:
    """Run for the time given."""
    reader = argparse.ArgumentParser(description="Seats and servers among faults, for long.")
    reader.add_argument("--minutes", type=float, default=10.0)
    reader.add_argument("--seconds", type=float, default=30.0, help="of faults in one campaign")
    reader.add_argument("--first", type=int, default=1000)
    reader.add_argument("--seats", type=int, default=4)
    asked = reader.parse_args()
    plan = Plan(seed=asked.first, seconds=asked.seconds, seats=asked.seats, pace=0.1, longest=180.0)
    sys.exit(asyncio.run(_soak(plan, asked.minutes * 60)))


async def _soak(plan: Plan, seconds: float) -> int:
    print(_COLUMNS, flush=True)
    totals = [0, 0, 0, 0]
    end = time.monotonic() + seconds
    with own_postgres() as postgres:
        while time.monotonic() < end:
            for store in ("sqlite", "postgres", "copied", "moved"):
                report = await _on(store, postgres, plan)
                print(_line(store, plan.seed, report), flush=True)
                for finding in report.findings:
                    print(f"    {finding}", flush=True)
                told = (1, report.saved, _sum(report.happened, _DEATHS), len(report.findings))
                totals = [kept + more for kept, more in zip(totals, told, strict=True)]
            plan = msgspec.structs.replace(plan, seed=plan.seed + 1)
    print(f"{totals[0]} campaigns, {totals[1]} entries saved, {totals[2]} processes killed, {totals[3]} findings")
    return int(totals[3] > 0)


async def _on(store: str, postgres: Postgres, plan: Plan) -> Report:
    with TemporaryDirectory(prefix="soak-") as folder:
        home = Path(folder)
        if store in ("sqlite", "copied"):
            moves_to = str(home / "copied" / "server.db") if store == "copied" else ""
            return await carry_out(home, msgspec.structs.replace(plan, moves_to=moves_to))
        async with fresh_database(postgres.dsn) as dsn:
            if store == "moved":
                return await carry_out(home, msgspec.structs.replace(plan, moves_to=dsn))
            return await carry_out(home, msgspec.structs.replace(plan, dsn=dsn, servers=2), postgres.host)


def _sum(counted: Mapping[str, int], names: tuple[str, ...]) -> int:
    return sum(counted.get(name, 0) for name in names)


def _line(store: str, seed: int, report: Report) -> str:
    applied, rejected, conflict = (report.verdicts.get(name, 0) for name in ("applied", "rejected", "conflict"))
    files, secret = _sum(report.done, _FILES), _sum(report.done, _SECRET)
    deaths, commits, machines, line = (_sum(report.happened, names) for names in (_DEATHS, _COMMITS, _MACHINES, _LINE))
    return (
        f"{store:8} {seed:5} {report.saved:6} {applied:7} {rejected:8} {conflict:8} {report.parked:6} {report.events:6}"
        f" {files:5} {secret:6} {deaths:6} {commits:7} {machines:8} {line:4} {report.healed_after:5.1f}s"
        f" {len(report.findings):9}"
    )


if __name__ == "__main__":
    main()
