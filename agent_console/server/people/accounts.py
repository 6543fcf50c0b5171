"""Accounts: who may sign in, as what, for which unit. Roles are those of the rule book of the jurisdiction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.instants import Instant
from agent_console.domain.people import Actor
from agent_console.resources.rule_books import load_book
from agent_console.texts import say
from agent_console.texts.wording import name_of

_ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,63}")
_COLUMNS = "jurisdiction, account, name, role, unit, password, made_at, locked_at"


class Asked(Protocol):
    """What can be asked and told: a transaction, or a database where one statement is enough."""

    async def fetch(self, sql: str, *values: Any) -> Sequence[Sequence[Any]]:
        """Rows of a question."""

    async def execute(self, sql: str, *values: Any) -> int:
        """Number of rows a statement changed."""


class Account(msgspec.Struct, frozen=True):
    """One account. password: as argon2id; locked_at: 0 while it is not locked. Instants are UTC microseconds."""

    jurisdiction: str
    account: str
    name: str
    role: str
    unit: str
    password: str
    made_at: Instant
    locked_at: Instant = 0

    @property
    def actor(self) -> Actor:
        """Who acts under it."""
        return Actor(self.name, self.role, self.unit)


def known_role(jurisdiction: str, role: str, unit: str) -> str:
    """Id of a role of the rule book, named by id or as the screen names it. Raises UnknownName, BadInput."""
    roles = load_book(jurisdiction).roles
    for code, rule in roles.items():
        if role in (code, rule.name, name_of("role", code)):
            if rule.of_unit != bool(unit):
                raise BadInput("error.server_unit" if rule.of_unit else "error.server_no_unit", role=rule.name)
            return code
    told = say("sign.list").join(say("cli.named", id=code, name=roles[code].name) for code in sorted(roles))
    raise UnknownName("error.role", "advice.role", name=role, known=told)


def checked_account(account: str) -> str:
    """A name an account may have. Raises BadInput."""
    if not _ACCOUNT.fullmatch(account):
        raise BadInput("error.server_account_form", "advice.server_account_form", account=account)
    return account


async def find(at: Asked, jurisdiction: str, account: str) -> Account | None:
    """The account of that name."""
    sql = f"SELECT {_COLUMNS} FROM account WHERE jurisdiction = $1 AND account = $2"
    for row in await at.fetch(sql, jurisdiction, account):
        return Account(*row)
    return None


async def every(at: Asked, jurisdiction: str = "") -> list[Account]:
    """All accounts, of a jurisdiction or of all."""
    sql = f"SELECT {_COLUMNS} FROM account WHERE ($1 = '' OR jurisdiction = $1) ORDER BY jurisdiction, account"
    return [Account(*row) for row in await at.fetch(sql, jurisdiction)]


async def add(at: Asked, account: Account) -> None:
    """Write down a new account. Raises BadInput where the name is taken."""
    sql = f"INSERT INTO account ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"
    if not await at.execute(sql, *msgspec.structs.astuple(account)):
        raise BadInput("error.server_account_taken", account=account.account, jurisdiction=account.jurisdiction)


async def set_role(at: Asked, jurisdiction: str, account: str, role: str, unit: str) -> None:
    """Give an account another role; what it may do changes with its next request. Raises UnknownName."""
    sql = "UPDATE account SET role = $3, unit = $4 WHERE jurisdiction = $1 AND account = $2"
    _there(await at.execute(sql, jurisdiction, account, role, unit), account)


async def set_password(at: Asked, jurisdiction: str, account: str, kept: str) -> None:
    """Replace the kept form of the password. Raises UnknownName."""
    sql = "UPDATE account SET password = $3 WHERE jurisdiction = $1 AND account = $2"
    _there(await at.execute(sql, jurisdiction, account, kept), account)


async def set_locked(at: Asked, jurisdiction: str, account: str, locked_at: Instant) -> None:
    """Lock an account, or with 0 let it in again. Raises UnknownName."""
    sql = "UPDATE account SET locked_at = $3 WHERE jurisdiction = $1 AND account = $2"
    _there(await at.execute(sql, jurisdiction, account, locked_at), account)


def _there(changed: int, account: str) -> None:
    if not changed:
        raise UnknownName("error.server_account", "advice.server_account", account=account)
