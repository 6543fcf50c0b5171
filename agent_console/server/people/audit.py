"""What people did that changes nothing: views, exports, sign-ins, and what they were refused. No personal data."""

from __future__ import annotations

import msgspec
from uuid6 import uuid7

from agent_console.domain.instants import Instant
from agent_console.server.people.accounts import Account, Asked

_COLUMNS = "id, at, jurisdiction, account, role, unit, device, what, object, outcome"
DONE = "done"


class Line(msgspec.Struct, frozen=True):
    """One line. object: number or stream of what was looked at; outcome: `done`, or the code of the refusal."""

    id: str
    at: Instant
    jurisdiction: str
    account: str
    role: str
    unit: str
    device: str
    what: str
    object: str
    outcome: str


async def note(
    at: Asked, who: Account | None, what: str, now: Instant, *, device: str = "", on: str = "", outcome: str = DONE
) -> None:
    """Write a line. what: a stable word; who: None for somebody unknown, whose name may be a misplaced password."""
    known = (who.jurisdiction, who.account, who.role, who.unit) if who else ("", "", "", "")
    sql = f"INSERT INTO audit ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    await at.execute(sql, str(uuid7()), now, *known, device, what, on, outcome)


async def lines(
    at: Asked, *, since: Instant = 0, until: Instant = 0, account: str = "", what: str = "", limit: int = 200
) -> list[Line]:
    """The newest lines, newest first, of a span, an account or a kind of act."""
    sql = (
        f"SELECT {_COLUMNS} FROM audit WHERE at >= $1 AND ($2 = 0 OR at < $2) AND ($3 = '' OR account = $3)"
        " AND ($4 = '' OR what = $4) ORDER BY at DESC, id DESC LIMIT $5"
    )
    return [Line(*row) for row in await at.fetch(sql, since, until, account, what, limit)]


async def clear(at: Asked, before: Instant) -> int:
    """Take away what is older; returns the number of lines."""
    return await at.execute("DELETE FROM audit WHERE at < $1", before)
