"""Devices: enrolled at the first sign-in with a key of their own that every push has to show."""

from __future__ import annotations

import msgspec

from agent_console.domain.errors import UnknownName
from agent_console.domain.instants import Instant
from agent_console.server.people.accounts import Account, Asked
from agent_console.server.people.secrets import drawn, hash_of, matches
from agent_console.server.web.trouble import Refused

_COLUMNS = "device, jurisdiction, seat, account, key_hash, enrolled_at, proved_at, copied_at, revoked_at"

_UNPROVED_LENGTH = 4 * 65 - 1
"""Characters of the hashes of the four keys given out last."""


class Enrolment(msgspec.Struct, frozen=True):
    """One device. proved_at: its key was shown for the first time; copied_at: two machines were found using it.

    key_hash: until then of all keys that were given out last, for nobody knows which of the answers arrived.
    """

    device: str
    jurisdiction: str
    seat: str
    account: str
    key_hash: str
    enrolled_at: Instant
    proved_at: Instant = 0
    copied_at: Instant = 0
    revoked_at: Instant = 0


async def find(at: Asked, device: str) -> Enrolment | None:
    """The device of that name."""
    for row in await at.fetch(f"SELECT {_COLUMNS} FROM enrolment WHERE device = $1", device):
        return Enrolment(*row)
    return None


async def every(at: Asked, jurisdiction: str = "") -> list[Enrolment]:
    """All devices, of a jurisdiction or of all."""
    sql = f"SELECT {_COLUMNS} FROM enrolment WHERE ($1 = '' OR jurisdiction = $1) ORDER BY jurisdiction, seat, device"
    return [Enrolment(*row) for row in await at.fetch(sql, jurisdiction)]


async def enrol(at: Asked, account: Account, device: str, seat: str, shown: str, now: Instant) -> str:
    """Enrol a device, or know it again by the key it shows; returns the key where it is new.

    A device whose key was never shown gets another one: the answer that carried it may have been lost. Raises Refused.
    """
    known = await find(at, device)
    if known is None or (not shown and not known.proved_at and not known.revoked_at):
        key = drawn()
        sql = (
            f"INSERT INTO enrolment ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0) ON CONFLICT (device)"
            " DO UPDATE SET seat = excluded.seat, account = excluded.account,"
            f" key_hash = substr(excluded.key_hash || ' ' || enrolment.key_hash, 1, {_UNPROVED_LENGTH})"
        )
        await at.execute(sql, device, account.jurisdiction, seat, account.account, hash_of(key), now)
        return key
    await _admit(at, known, account.jurisdiction, shown, now)
    if known.seat != seat:
        await at.execute("UPDATE enrolment SET seat = $2 WHERE device = $1", device, seat)
    return ""


async def check_device(at: Asked, device: str, key: str, jurisdiction: str, now: Instant) -> Enrolment:
    """The device that shows this key. Raises Refused (403) where it is unknown, revoked, copied, or the key wrong."""
    known = await find(at, device)
    if known is None:
        raise Refused(403, "device_unknown")
    await _admit(at, known, jurisdiction, key, now)
    return known


async def _admit(at: Asked, known: Enrolment, jurisdiction: str, key: str, now: Instant) -> None:
    if known.jurisdiction != jurisdiction:
        raise Refused(403, "device_unknown")
    if known.revoked_at:
        raise Refused(403, "device_revoked")
    if known.copied_at:
        raise Refused(403, "device_copied")
    if not any(matches(key, given) for given in known.key_hash.split()):
        raise Refused(403, "device_key")
    if not known.proved_at:
        sql = "UPDATE enrolment SET proved_at = $2, key_hash = $3 WHERE device = $1 AND proved_at = 0"
        await at.execute(sql, known.device, now, hash_of(key))


async def note_copy(at: Asked, device: str, now: Instant) -> None:
    """Two entries of one number came from a device: its file was copied; no copy may push until a person decides."""
    await at.execute("UPDATE enrolment SET copied_at = $2 WHERE device = $1 AND copied_at = 0", device, now)


async def revoke(at: Asked, device: str, now: Instant) -> None:
    """Never serve a device again, and end its sessions. Raises UnknownName."""
    if not await at.execute("UPDATE enrolment SET revoked_at = $2 WHERE device = $1 AND revoked_at = 0", device, now):
        raise UnknownName("error.server_device", "advice.server_device", device=device)
    sql = "UPDATE session SET ended_at = $2, ended_why = 'device' WHERE device = $1 AND ended_at = 0"
    await at.execute(sql, device, now)


async def allow(at: Asked, device: str) -> None:
    """A person has looked: one of the copies is put away, the other goes on. Raises UnknownName."""
    if not await at.execute("UPDATE enrolment SET copied_at = 0 WHERE device = $1 AND revoked_at = 0", device):
        raise UnknownName("error.server_device", "advice.server_device", device=device)
