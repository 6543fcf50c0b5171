"""Wrong passwords: a few are free, then the account waits, twice as long after each further one.

A device that is enrolled is counted by itself, so that nobody can shut out an operator from elsewhere.
"""

from __future__ import annotations

from agent_console.domain.instants import MINUTE, SECOND, Instant
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.people.accounts import Asked
from agent_console.server.people.secrets import hash_of
from agent_console.server.web.trouble import Refused


async def take_one(at: Asked, who: str, settings: ServerSettings, now: Instant) -> None:
    """Count a try before the password is looked at, so that tries side by side count too. Raises Refused (429).

    A wait that began after `now` was reckoned by a clock that has been set back since: it would last as long as that.
    """
    [*found] = await at.fetch("SELECT wrong, wait_until, last_at FROM attempt WHERE who = $1", who)
    wrong, wait_until, last_at = found[0] if found else (0, 0, 0)
    if wait_until > now >= last_at:
        raise Refused(429, "wait", retry_after=-(-(wait_until - now) // SECOND))
    sql = (
        "INSERT INTO attempt (who, wrong, wait_until, last_at) VALUES ($1, $2, $3, $4) ON CONFLICT (who)"
        " DO UPDATE SET wrong = excluded.wrong, wait_until = excluded.wait_until, last_at = excluded.last_at"
    )
    await at.execute(sql, who, wrong + 1, now + _wait(wrong + 1, settings), now)


async def forget(at: Asked, who: str) -> None:
    """The password was right."""
    await at.execute("DELETE FROM attempt WHERE who = $1", who)


def key_of(jurisdiction: str, account: str, device: str) -> str:
    """Under what tries are counted; device: "" for one that is not enrolled."""
    return hash_of("\0".join((jurisdiction, account, device)))


def _wait(wrong: int, settings: ServerSettings) -> Instant:
    beyond = wrong - settings.tries
    if beyond < 0:
        return 0
    return min(settings.wait_seconds * SECOND << min(beyond, 20), settings.longest_wait_minutes * MINUTE)
