"""`make soak`: the fault campaign for as long as one likes, with seeds of its own, on both stores in turn.

    python -m benchmarks.soak [--minutes M] [--seconds S] [--first SEED] [--seats N]

Each line is a campaign: entries shown as saved, what the server said of them, what went wrong on the way, and what does
not hold afterwards. Ends with 1 where anything does not.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from tests.faults.campaign import Plan
from tests.faults.checks import Report
from tests.faults.conftest import carry_out
from tests.support.databases import fresh_database, postgres_server

_COLUMNS = "store     seed  saved applied rejected conflict parked events  deaths faults healed  findings"
_DEATHS = ("seat killed", "server killed")
_FAULTS = (
    "reset", "lost", "truncated", "doubled", "stalled", "status", "line cut", "connections reset", "disk full",
    "clock set",
)  # fmt: skip


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
    with postgres_server() as server:
        while time.monotonic() < end:
            for store in ("sqlite", "postgres"):
                report = await _on(store, server, plan)
                print(_line(store, plan.seed, report), flush=True)
                for finding in report.findings:
                    print(f"    {finding}", flush=True)
                told = (1, report.saved, _sum(report, _DEATHS), len(report.findings))
                totals = [kept + more for kept, more in zip(totals, told, strict=True)]
            plan = msgspec.structs.replace(plan, seed=plan.seed + 1)
    print(f"{totals[0]} campaigns, {totals[1]} entries saved, {totals[2]} processes killed, {totals[3]} findings")
    return int(totals[3] > 0)


async def _on(store: str, server: str, plan: Plan) -> Report:
    with TemporaryDirectory(prefix="soak-") as folder:
        if store == "sqlite":
            return await carry_out(Path(folder), plan)
        async with fresh_database(server) as dsn:
            return await carry_out(Path(folder), msgspec.structs.replace(plan, dsn=dsn, servers=2))


def _sum(report: Report, names: tuple[str, ...]) -> int:
    return sum(report.happened.get(name, 0) for name in names)


def _line(store: str, seed: int, report: Report) -> str:
    applied, rejected, conflict = (report.verdicts.get(name, 0) for name in ("applied", "rejected", "conflict"))
    return (
        f"{store:8} {seed:5} {report.saved:6} {applied:7} {rejected:8} {conflict:8} {report.parked:6} {report.events:6}"
        f" {_sum(report, _DEATHS):7} {_sum(report, _FAULTS):6} {report.healed_after:5.1f}s {len(report.findings):9}"
    )


if __name__ == "__main__":
    main()
