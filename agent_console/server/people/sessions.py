"""Sessions: a short-lived token and one that renews it once. Both are kept as hashes.

A renewal that comes twice means that somebody else has the word: the session ends. Only where the answer to the first
never arrived, which shows by its token never having been used, is the renewal given again.
"""

from __future__ import annotations

import asyncio
import base64

import msgspec
from uuid6 import uuid7

from agent_console.clock import Clock
from agent_console.domain.instants import HOUR, MINUTE, Instant
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.people import accounts, attempts, audit, devices
from agent_console.server.people.accounts import Account, Asked
from agent_console.server.people.keys import Cabinet, readers_of
from agent_console.server.people.passwords import PasswordDesk, is_outdated
from agent_console.server.people.secrets import drawn, hash_of
from agent_console.server.pushing.authors import note_person
from agent_console.server.pushing.devices import last_n_of
from agent_console.server.store.database import Database, Row, Transaction
from agent_console.server.web.ports import Person
from agent_console.server.web.trouble import Refused
from agent_console.store.keyring import OWN
from agent_console.sync.wire import Refresh, Session, SignIn

_LONGEST_WORD = 200
_COLUMNS = (
    "session, jurisdiction, account, device, seat, access_hash, access_until, refresh_hash, refresh_until,"
    " began_at, used, ended_at, ended_why"
)
_OF_SESSION = ", ".join(f"s.{name.strip()}" for name in _COLUMNS.split(","))
"""The same of a session called `s`."""
_ACCESS_HASH = 5
"""Its place among the columns."""


class Kept(msgspec.Struct, frozen=True):
    """A session as it is kept. used: its present token was shown; ended_why: `signed_out`, `reused`, `revoked` …"""

    session: str
    jurisdiction: str
    account: str
    device: str
    seat: str
    access_hash: str
    access_until: Instant
    refresh_hash: str
    refresh_until: Instant
    began_at: Instant
    used: int
    ended_at: Instant
    ended_why: str


class Words(msgspec.Struct, frozen=True):
    """The two words of a session, as only the seat has them."""

    access: str
    refresh: str
    until: Instant


class Sessions:
    """Signs in, renews, signs out, and says whom a token stands for."""

    def __init__(self, settings: ServerSettings, database: Database, clock: Clock, cabinet: Cabinet) -> None:
        """Work on this database."""
        self._settings = settings
        self._database = database
        self._clock = clock
        self._cabinet = cabinet
        self._passwords = PasswordDesk()
        self._shown = _Shown(database)

    async def sign_in(self, asked: SignIn) -> Session:
        """Let somebody in. Raises Refused: 401 wrong, 403 locked or the device is refused, 429 wait."""
        if any(len(text) > _LONGEST_WORD or "\0" in text for text in msgspec.structs.astuple(asked)):
            raise Refused(400, "malformed")
        now = self._clock.now()
        account, who = await self._database.write(lambda at: self._tried(at, asked, now))
        right = await self._passwords.fits(account.password if account else None, asked.password)
        if account is None or not right:
            await audit.note(self._database, account, "sign_in", now, outcome="wrong")
            raise Refused(401, "wrong")
        if account.locked_at:
            await audit.note(self._database, account, "sign_in", now, device=asked.device, outcome="locked")
            raise Refused(403, "locked")
        try:
            device_key, words = await self._database.write(lambda at: self._let_in(at, account, asked, who, now))
        except Refused as refused:
            code = refused.answer.error.code
            await audit.note(self._database, account, "sign_in", now, device=asked.device, outcome=code)
            raise
        await self._keep_today(account, asked.password)
        return await self._session(account, asked.device, words, device_key)

    async def refresh(self, asked: Refresh) -> Session:
        """Renew a session. Raises Refused (401) where the word is unknown, too old, was used, or not this device's."""
        renewed = await self._database.write(lambda at: self._renewed(at, asked, self._clock.now()))
        if isinstance(renewed, str):
            raise Refused(401, renewed)
        account, device, words = renewed
        return await self._session(account, device, words, "")

    async def sign_out(self, token: str) -> None:
        """End the session of a token; one that has ended stays so."""
        sql = "UPDATE session SET ended_at = $2, ended_why = 'signed_out' WHERE access_hash = $1 AND ended_at = 0"
        await self._database.execute(sql, hash_of(token), self._clock.now())

    async def of_token(self, token: str) -> tuple[Account, Kept]:
        """Account and session of a token that counts. Raises Refused (401)."""
        if not token or len(token) > _LONGEST_WORD:
            raise Refused(401, "unknown_token" if token else "no_token")
        row = await self._shown.row(hash_of(token))
        if row is None:
            raise Refused(401, "unknown_token")
        kept, account, revoked_at = Kept(*row[:13]), Account(*row[13:21]), row[21]
        if kept.ended_at or account.locked_at or revoked_at:
            raise Refused(401, "ended")
        if kept.access_until <= self._clock.now():
            raise Refused(401, "expired")
        if not kept.used:
            await self._database.execute("UPDATE session SET used = 1 WHERE session = $1", kept.session)
        return account, kept

    async def _tried(self, at: Transaction, asked: SignIn, now: Instant) -> tuple[Account | None, str]:
        account = await accounts.find(at, asked.jurisdiction, asked.account)
        device = await devices.find(at, asked.device)
        known = device is not None and device.proved_at > 0 and device.jurisdiction == asked.jurisdiction
        who = attempts.key_of(asked.jurisdiction, asked.account, asked.device if known else "")
        await attempts.take_one(at, who, self._settings, now)
        return account, who

    async def _let_in(
        self, at: Transaction, account: Account, asked: SignIn, who: str, now: Instant
    ) -> tuple[str, Words]:
        await attempts.forget(at, who)
        device_key = await devices.enrol(at, account, asked.device, asked.seat, asked.device_key, now)
        words = self._drawn(now)
        sql = f"INSERT INTO session ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, '')"
        until = now + self._settings.refresh_hours * HOUR
        person = (account.jurisdiction, account.account, asked.device, asked.seat)
        tokens = (hash_of(words.access), words.until, hash_of(words.refresh), until)
        await at.execute(sql, str(uuid7()), *person, *tokens, now)
        await audit.note(at, account, "sign_in", now, device=asked.device)
        await note_person(at, Person(account.account, account.actor, asked.device, account.jurisdiction), now)
        return device_key, words

    async def _renewed(self, at: Transaction, asked: Refresh, now: Instant) -> tuple[Account, str, Words] | str:
        """The new words, or why not; it must not raise, for what ends a session has to be committed."""
        given = hash_of(asked.refresh)
        sql = f"SELECT {_COLUMNS} FROM session WHERE refresh_hash = $1"
        found = [Kept(*row) for row in await at.fetch(sql, given)] or await _spent(at, given)
        if not found:
            return "unknown_token"
        [kept] = found
        account = await accounts.find(at, kept.jurisdiction, kept.account)
        if kept.ended_at or account is None or account.locked_at:
            return "ended"
        if kept.refresh_until <= now:
            return "expired"
        twice = kept.refresh_hash != given
        if (asked.device and asked.device != kept.device) or (twice and not await _never_arrived(at, kept, given)):
            await end(at, kept.session, "reused", now)
            await audit.note(at, account, "refresh", now, device=kept.device, outcome="reused")
            return "reused"
        words = self._drawn(now)
        await self._replace(at, kept, words, now)
        return account, kept.device, words

    async def _replace(self, at: Transaction, kept: Kept, words: Words, now: Instant) -> None:
        spent = "INSERT INTO spent_refresh (refresh_hash, session, spent_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        await at.execute(spent, kept.refresh_hash, kept.session, now)
        sql = (
            "UPDATE session SET access_hash = $2, access_until = $3, refresh_hash = $4, refresh_until = $5, used = 0"
            " WHERE session = $1"
        )
        until = now + self._settings.refresh_hours * HOUR
        await at.execute(sql, kept.session, hash_of(words.access), words.until, hash_of(words.refresh), until)

    def _drawn(self, now: Instant) -> Words:
        return Words(drawn(), drawn(), now + self._settings.access_minutes * MINUTE)

    async def _session(self, account: Account, device: str, words: Words, device_key: str) -> Session:
        keys = await self._cabinet.keys_of_role(account.jurisdiction, account.role)
        newest, *earlier = [base64.b64encode(key).decode() for key in keys] or [await self._own_key(account)]
        [(epoch,)] = await self._database.fetch("SELECT value FROM meta WHERE jurisdiction = '' AND name = 'epoch'")
        return Session(
            token=words.access,
            refresh=words.refresh,
            expires_at=words.until,
            name=account.name,
            role=account.role,
            epoch=epoch,
            unit=account.unit,
            device_key=device_key,
            last_n=await last_n_of(self._database, account.jurisdiction, device),
            number_key=base64.b64encode(await self._cabinet.number_key(account.jurisdiction)).decode(),
            role_keys={account.role if keys else OWN + account.account: newest} if newest else {},
            unlock_days=self._settings.unlock_days,
            earlier_role_keys={account.role: tuple(earlier)} if earlier else {},
        )

    async def _own_key(self, account: Account) -> str:
        """What seals a confidential order on its way from somebody who may not read it; "" where there are none."""
        if not readers_of(account.jurisdiction):
            return ""
        told = (account.jurisdiction, account.account, self._settings.cipher, self._clock.now())
        return base64.b64encode(await self._cabinet.own_key(self._database, *told)).decode()

    async def _keep_today(self, account: Account, password: str) -> None:
        """Costs of hashing rise over the years: who signs in is kept with those of today."""
        if is_outdated(account.password):
            kept = await self._passwords.hashed(password)
            await accounts.set_password(self._database, account.jurisdiction, account.account, kept)


_BY_TOKEN = (
    f"SELECT {_OF_SESSION}, a.jurisdiction, a.account, a.name,"
    " a.role, a.unit, a.password, a.made_at, a.locked_at, COALESCE(e.revoked_at, 0) FROM session s"
    " JOIN account a ON a.jurisdiction = s.jurisdiction AND a.account = s.account"
    " LEFT JOIN enrolment e ON e.device = s.device WHERE s.access_hash {among}"
)


class _Shown:
    """Tokens that are shown while one question runs are looked up together with the next."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asked: dict[str, asyncio.Future[Row | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def row(self, access_hash: str) -> Row | None:
        """Session, account and device of a token as they are now; None where it is unknown. Raises DatabaseAway."""
        waiting = self._asked.get(access_hash)
        if waiting is None:
            waiting = self._asked[access_hash] = asyncio.get_running_loop().create_future()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(waiting)

    async def _ask(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            try:
                rows = await self._database.fetch_among(_BY_TOKEN, list(asked))
            except Exception as error:  # noqa: BLE001
                # Each of those who wait has to hear of it.
                for waiting in asked.values():
                    waiting.set_exception(error)
                    waiting.exception()
                continue
            found = {row[_ACCESS_HASH]: row for row in rows}
            for access_hash, waiting in asked.items():
                waiting.set_result(found.get(access_hash))


async def every(at: Asked, jurisdiction: str, account: str, now: Instant) -> list[Kept]:
    """Sessions of an account that still count, the newest first."""
    sql = (
        f"SELECT {_COLUMNS} FROM session WHERE jurisdiction = $1 AND account = $2 AND ended_at = 0"
        " AND refresh_until > $3 ORDER BY began_at DESC"
    )
    return [Kept(*row) for row in await at.fetch(sql, jurisdiction, account, now)]


async def end(at: Asked, session: str, why: str, now: Instant) -> int:
    """End one session at once; 0 where it has ended before."""
    sql = "UPDATE session SET ended_at = $2, ended_why = $3 WHERE session = $1 AND ended_at = 0"
    return await at.execute(sql, session, now, why)


async def end_all(at: Asked, jurisdiction: str, account: str, why: str, now: Instant) -> int:
    """End every session of an account at once; returns their number."""
    sql = "UPDATE session SET ended_at = $3, ended_why = $4 WHERE jurisdiction = $1 AND account = $2 AND ended_at = 0"
    return await at.execute(sql, jurisdiction, account, now, why)


async def _spent(at: Asked, given: str) -> list[Kept]:
    sql = f"SELECT {_OF_SESSION} FROM spent_refresh r JOIN session s ON s.session = r.session WHERE r.refresh_hash = $1"
    return [Kept(*row) for row in await at.fetch(sql, given)]


async def _never_arrived(at: Asked, kept: Kept, given: str) -> bool:
    """Whether a spent word is the one spent last, and nothing that was given for it has been shown since."""
    sql = "SELECT refresh_hash FROM spent_refresh WHERE session = $1 ORDER BY spent_at DESC, refresh_hash LIMIT 1"
    [(last,)] = await at.fetch(sql, kept.session)
    return not kept.used and bool(last == given)
