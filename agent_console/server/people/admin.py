"""What those who run the server do with accounts, devices and keys; each act leaves a line in the audit."""

from __future__ import annotations

from agent_console.clock import Clock
from agent_console.domain.errors import BadInput
from agent_console.resources.rule_books import load_book
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.people import accounts, audit, devices, sessions
from agent_console.server.people.accounts import Account, Asked
from agent_console.server.people.keys import Cabinet, readers_of
from agent_console.server.people.passwords import check_fit, hashed
from agent_console.server.pushing.authors import end_person
from agent_console.server.store.database import Database, Transaction


class Administration:
    """Acts on a database; jurisdictions are codes of rule books."""

    def __init__(self, settings: ServerSettings, database: Database, clock: Clock) -> None:
        """Act on this database."""
        self._settings = settings
        self._database = database
        self._clock = clock

    async def jurisdictions(self) -> list[str]:
        """Codes of the lines this server serves."""
        found = await self._database.fetch("SELECT jurisdiction FROM counter ORDER BY jurisdiction")
        return [code for (code,) in found]

    async def line(self, named: str) -> str:
        """The line that is meant: the one named, or the only one there is. Raises BadInput, UnknownName."""
        known = await self.jurisdictions()
        code = load_book(named).code if named else known[0] if len(known) == 1 else ""
        if code not in known:
            raise BadInput("error.server_line", "advice.server_line", name=named, known="、".join(known))
        return code

    async def begin(self, jurisdiction: str, cabinet: Cabinet) -> list[str]:
        """Have a line served: room for its events, its keys. Returns the roles a key was drawn for."""
        await self._database.add_jurisdiction(jurisdiction)
        now = self._clock.now()
        return await self._database.write(lambda at: cabinet.prepare(at, jurisdiction, self._settings.cipher, now))

    async def add(self, jurisdiction: str, account: str, name: str, role: str, unit: str, password: str) -> Account:
        """Make an account. Raises BadInput, UnknownName."""
        accounts.checked_account(account)
        check_fit(account, password)
        if not name.strip():
            raise BadInput("error.server_nameless")
        code = accounts.known_role(jurisdiction, role, unit)
        made = Account(jurisdiction, account, name.strip(), code, unit, hashed(password), self._clock.now())

        async def work(at: Transaction) -> None:
            await accounts.add(at, made)
            await self._note(at, made.jurisdiction, account, "added")

        await self._database.write(work)
        return made

    async def change_role(self, jurisdiction: str, account: str, role: str, unit: str) -> str:
        """Give another role; returns its id. Raises BadInput, UnknownName."""
        code = accounts.known_role(jurisdiction, role, unit)

        async def work(at: Transaction) -> None:
            await accounts.set_role(at, jurisdiction, account, code, unit)
            await self._end_person(at, jurisdiction, account)
            await sessions.end_all(at, jurisdiction, account, "role", self._clock.now())
            await self._note(at, jurisdiction, account, "role")

        await self._database.write(work)
        return code

    async def change_password(self, jurisdiction: str, account: str, password: str) -> None:
        """Set a new password and end every session. Raises BadInput, UnknownName."""
        check_fit(account, password)
        kept = hashed(password)

        async def work(at: Transaction) -> None:
            await accounts.set_password(at, jurisdiction, account, kept)
            await sessions.end_all(at, jurisdiction, account, "password", self._clock.now())
            await self._note(at, jurisdiction, account, "password")

        await self._database.write(work)

    async def lock(self, jurisdiction: str, account: str) -> None:
        """Let an account in no more, from this moment on. Raises UnknownName."""

        async def work(at: Transaction) -> None:
            await accounts.set_locked(at, jurisdiction, account, self._clock.now())
            await self._end_person(at, jurisdiction, account)
            await sessions.end_all(at, jurisdiction, account, "locked", self._clock.now())
            await self._note(at, jurisdiction, account, "locked")

        await self._database.write(work)

    async def unlock(self, jurisdiction: str, account: str) -> None:
        """Let an account in again. Raises UnknownName."""

        async def work(at: Transaction) -> None:
            await accounts.set_locked(at, jurisdiction, account, 0)
            await self._note(at, jurisdiction, account, "unlocked")

        await self._database.write(work)

    async def end_sessions(self, jurisdiction: str, account: str) -> int:
        """End every session of an account; returns their number."""

        async def work(at: Transaction) -> int:
            ended = await sessions.end_all(at, jurisdiction, account, "revoked", self._clock.now())
            await self._note(at, jurisdiction, account, "revoked")
            return ended

        return await self._database.write(work)

    async def revoke_device(self, device: str) -> None:
        """Serve a device no more. Raises UnknownName."""

        async def work(at: Transaction) -> None:
            await devices.revoke(at, device, self._clock.now())
            await self._note(at, "", device, "device_revoked")

        await self._database.write(work)

    async def allow_device(self, device: str) -> None:
        """Serve a device again whose copy was found. Raises UnknownName."""

        async def work(at: Transaction) -> None:
            await devices.allow(at, device)
            await self._note(at, "", device, "device_allowed")

        await self._database.write(work)

    async def rotate(self, jurisdiction: str, role: str, cabinet: Cabinet) -> int:
        """Give a role that reads confidential orders a new key; returns how many keys were wrapped. Raises BadInput."""
        if role not in readers_of(jurisdiction):
            raise BadInput("error.server_no_reader", role=role, known="、".join(readers_of(jurisdiction)))

        async def work(at: Transaction) -> int:
            done = await cabinet.rotate(at, jurisdiction, role, self._settings.cipher, self._clock.now())
            await self._note(at, jurisdiction, f"role:{role}", "key_rotated")
            return done

        return await self._database.write(work)

    async def reseal(self, cabinet: Cabinet, master: bytes) -> int:
        """Seal all kept keys with another master key; returns their number. Raises BadInput."""

        async def work(at: Transaction) -> int:
            done = await cabinet.reseal(at, master)
            await self._note(at, "", "master", "key_rotated")
            return done

        return await self._database.write(work)

    async def _end_person(self, at: Transaction, jurisdiction: str, account: str) -> None:
        """What they go on doing at a seat that is cut off counts no more as done in the role they had."""
        known = await accounts.find(at, jurisdiction, account)
        if known is not None:
            await end_person(at, jurisdiction, known.name, self._clock.now())

    async def _note(self, at: Asked, jurisdiction: str, on: str, outcome: str) -> None:
        by = Account(jurisdiction, "", "", "", "", "", 0)
        await audit.note(at, by, "admin", self._clock.now(), on=on, outcome=outcome)
