"""What the server counts of each device: its running number and its clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from agent_console.domain.instants import Instant
from agent_console.server.people.accounts import Asked
from agent_console.server.people.devices import check_device
from agent_console.server.people.secrets import matches
from agent_console.server.pushing.authors import KnownPerson
from agent_console.server.pushing.timing import DeviceClock
from agent_console.server.store.database import Table, Transaction, changes
from agent_console.server.web.trouble import Refused

DEVICE = Table(
    "device",
    {
        "jurisdiction": "text",
        "device": "text",
        "last_n": "bigint",
        "last_contact": "bigint",
        "decided_at": "bigint",
        "drained_at": "bigint",
        "clock_offset": "bigint",
        "pushes": "bigint",
    },
)
_MOVES = changes(DEVICE, ("jurisdiction", "device"))
_AT_THE_DOOR = (
    "SELECT e.device, CASE WHEN e.revoked_at = 0 AND e.copied_at = 0 AND e.proved_at > 0 THEN e.key_hash ELSE '' END,"
    " p.name, p.role, p.unit, p.until FROM enrolment e LEFT JOIN device_person p ON p.jurisdiction = e.jurisdiction"
    " AND p.device = e.device WHERE e.device {among} AND e.jurisdiction = $2"
)
"""With the hash of the key where nothing but the key has to be proved."""


class DeviceRow(msgspec.Struct):
    """One device at its line. last_n: number of its last entry that was judged; pushes: how often it pushed."""

    jurisdiction: str
    device: str
    last_n: int = 0
    last_contact: Instant = 0
    decided_at: Instant = 0
    drained_at: Instant = 0
    clock_offset: int | None = None
    pushes: int = 0

    @property
    def clock(self) -> DeviceClock:
        """What bounds the instants of its entries."""
        return DeviceClock(self.decided_at, self.drained_at)


async def locked_rows(at: Transaction, jurisdiction: str, devices: Sequence[str]) -> dict[str, DeviceRow]:
    """Inside a transaction: the rows of these devices, nobody else's until its end."""
    sql = f"SELECT {', '.join(DEVICE.columns)} FROM device WHERE device {{among}} AND jurisdiction = $2 ORDER BY device"
    found = {row[1]: DeviceRow(*row) for row in await at.fetch_among(sql + at.lock, sorted(devices), jurisdiction)}
    return {device: found.get(device) or DeviceRow(jurisdiction, device) for device in devices}


async def write_rows(at: Transaction, rows: Mapping[str, DeviceRow]) -> None:
    """Inside a transaction: write them back; always a real write."""
    await at.insert(DEVICE, [msgspec.structs.astuple(row) for _, row in sorted(rows.items())], _MOVES)


async def last_n_of(at: Asked, jurisdiction: str, device: str) -> int:
    """Number of the last entry of a device that was judged, 0 where there is none."""
    sql = "SELECT last_n FROM device WHERE jurisdiction = $1 AND device = $2"
    return max((int(row[0]) for row in await at.fetch(sql, jurisdiction, device)), default=0)


class Proof(msgspec.Struct, frozen=True):
    """What is known of the devices of a group: why one may not push, and who signed in at each."""

    refused: Mapping[str, Refused | None]
    people: Mapping[str, Sequence[KnownPerson]]


async def proven(at: Transaction, jurisdiction: str, shown: Mapping[str, str], now: Instant) -> Proof:
    """Inside a transaction: whether each device may push with the key it shows, and whose entries it may bring."""
    found: dict[str, str] = {}
    people: dict[str, list[KnownPerson]] = {}
    for device, key_hash, name, role, unit, until in await at.fetch_among(_AT_THE_DOOR, sorted(shown), jurisdiction):
        found[device] = str(key_hash)
        if name is not None:
            people.setdefault(device, []).append(KnownPerson(device, name, role, unit, until))
    refused: dict[str, Refused | None] = {}
    for device, key in shown.items():
        refused[device] = None
        if not matches(key, found.get(device, "")):
            try:
                await check_device(at, device, key, jurisdiction, now)
            except Refused as error:
                refused[device] = error
    return Proof(refused, people)
