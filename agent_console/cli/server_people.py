"""`agent-console server user`, `device` and `key`: who may speak to the server."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from agent_console.cli.common_options import Json
from agent_console.cli.output import print_json, tell
from agent_console.cli.server import Line, PasswordFile, on_database, password_from, settings_of
from agent_console.cli.tables import column, print_rows
from agent_console.clock import clock_from_environment
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.instants import iso
from agent_console.domain.short_ids import whole_id
from agent_console.resources.rule_books import load_book
from agent_console.server.people import accounts, devices, sessions
from agent_console.server.people.admin import Administration
from agent_console.server.people.keys import VARIABLE, Cabinet, load_master_key, readers_of, write_key
from agent_console.server.people.unit_names import is_listed
from agent_console.server.store.database import Database
from agent_console.store.keyring import new_key
from agent_console.texts import say
from agent_console.texts.wording import name_of

T = TypeVar("T")
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help=say("help.server_account"))]
Device = Annotated[str, typer.Argument(metavar="DEVICE", help=say("help.server_device"))]
Role = Annotated[str, typer.Option("--role", help=say("help.server_role"))]
Unit = Annotated[str, typer.Option("--unit", help=say("help.server_unit"))]


def register(group: typer.Typer) -> None:
    """Add the three groups to `server`."""
    user = typer.Typer(help=say("help.server_user"), no_args_is_help=True)
    for name, command in _USER.items():
        user.command(name, help=say(f"help.server_user_{name}"))(command)
    device = typer.Typer(help=say("help.server_devices"), no_args_is_help=True)
    for name, command in _DEVICE.items():
        device.command(name, help=say(f"help.server_device_{name}"))(command)
    key = typer.Typer(help=say("help.server_key"), no_args_is_help=True)
    key.command("rotate", help=say("help.server_key_rotate"))(rotate_key)
    for name, part in (("user", user), ("device", device), ("key", key)):
        group.add_typer(part, name=name)


def add_user(
    context: typer.Context,
    account: Account,
    name: Annotated[str, typer.Option("--name", help=say("help.server_name"))],
    role: Role,
    unit: Unit = "",
    jurisdiction: Line = "",
    password_file: PasswordFile = None,
) -> None:
    """Make an account."""
    password = password_from(password_file)

    async def work(people: Administration, database: Database) -> accounts.Account:
        line = await people.line(jurisdiction)
        await _look_up(database, line, unit)
        return await people.add(line, account, name, role, unit, password)

    made = _administer(context, work)
    _say(
        "server.user_added", account=made.account, name=made.name, role=name_of("role", made.role), unit=_of(made.unit)
    )


async def _look_up(database: Database, line: str, unit: str) -> None:
    if unit and not await is_listed(database, line, unit):
        tell(say("units.unchecked_server"))


def _of(unit: str) -> str:
    return say("server.of_unit", unit=unit) if unit else ""


def list_users(context: typer.Context, jurisdiction: Line = "", as_json: Json = False) -> None:
    """All accounts."""
    found = on_database(settings_of(context), lambda database: accounts.every(database, _code(jurisdiction)))
    rows = [
        {
            "jurisdiction": one.jurisdiction,
            "account": one.account,
            "name": one.name,
            "role": one.role,
            "unit": one.unit,
            "made_at": iso(one.made_at),
            "locked_at": iso(one.locked_at) if one.locked_at else None,
        }
        for one in found
    ]
    print_table(rows, ("jurisdiction", "account", "name", "role", "unit", "locked_at"), as_json=as_json)


def set_role(context: typer.Context, account: Account, role: Role, unit: Unit = "", jurisdiction: Line = "") -> None:
    """Give an account another role."""

    async def work(people: Administration, database: Database) -> str:
        line = await people.line(jurisdiction)
        await _look_up(database, line, unit)
        return await people.change_role(line, account, role, unit)

    code = _administer(context, work)
    _say("server.user_role", account=account, role=name_of("role", code), unit=_of(unit))


def set_password(
    context: typer.Context, account: Account, jurisdiction: Line = "", password_file: PasswordFile = None
) -> None:
    """Set a new password; every session ends."""
    password = password_from(password_file)

    async def work(people: Administration, _: Database) -> None:
        await people.change_password(await people.line(jurisdiction), account, password)

    _administer(context, work)
    _say("server.user_password", account=account)


def lock_user(context: typer.Context, account: Account, jurisdiction: Line = "") -> None:
    """Let an account in no more."""

    async def work(people: Administration, _: Database) -> None:
        await people.lock(await people.line(jurisdiction), account)

    _administer(context, work)
    _say("server.user_locked", account=account)


def unlock_user(context: typer.Context, account: Account, jurisdiction: Line = "") -> None:
    """Let an account in again."""

    async def work(people: Administration, _: Database) -> None:
        await people.unlock(await people.line(jurisdiction), account)

    _administer(context, work)
    _say("server.user_unlocked", account=account)


def list_sessions(context: typer.Context, account: Account, jurisdiction: Line = "", as_json: Json = False) -> None:
    """Where an account is signed in."""
    settings, clock = settings_of(context), clock_from_environment()

    async def work(database: Database) -> list[sessions.Kept]:
        line = await Administration(settings, database, clock).line(jurisdiction)
        return await sessions.every(database, line, account, clock.now())

    rows = [
        {"session": one.session, "device": one.device, "seat": one.seat, "began_at": iso(one.began_at)}
        for one in on_database(settings, work)
    ]
    print_table(rows, ("session", "seat", "device", "began_at"), as_json=as_json)


def revoke_user(context: typer.Context, account: Account, jurisdiction: Line = "") -> None:
    """End every session of an account."""

    async def work(people: Administration, _: Database) -> int:
        return await people.end_sessions(await people.line(jurisdiction), account)

    _say("server.user_revoked", account=account, count=_administer(context, work))


def list_devices(context: typer.Context, jurisdiction: Line = "", as_json: Json = False) -> None:
    """All devices."""
    found = on_database(settings_of(context), lambda database: devices.every(database, _code(jurisdiction)))
    rows = [
        {
            "device": one.device,
            "jurisdiction": one.jurisdiction,
            "seat": one.seat,
            "account": one.account,
            "enrolled_at": iso(one.enrolled_at),
            "copied_at": iso(one.copied_at) if one.copied_at else None,
            "revoked_at": iso(one.revoked_at) if one.revoked_at else None,
        }
        for one in found
    ]
    print_table(rows, ("device", "seat", "account", "enrolled_at", "copied_at", "revoked_at"), as_json=as_json)


def revoke_device(context: typer.Context, device: Device) -> None:
    """Serve a device no more."""
    _say("server.device_revoked", device=_on_device(context, device, Administration.revoke_device))


def allow_device(context: typer.Context, device: Device) -> None:
    """Serve a device again whose copy was found."""
    _say("server.device_allowed", device=_on_device(context, device, Administration.allow_device))


def _on_device(context: typer.Context, named: str, change: Callable[[Administration, str], Awaitable[None]]) -> str:
    unknown = partial(UnknownName, "error.server_device", "advice.server_device", device=named)

    async def work(people: Administration, database: Database) -> str:
        whole = whole_id(named, (one.device for one in await devices.every(database)), unknown)
        await change(people, whole)
        return whole

    return _administer(context, work)


def rotate_key(
    context: typer.Context,
    role: Annotated[str, typer.Argument(metavar="[ROLE]", help=say("help.server_key_role"))] = "",
    master: Annotated[Path | None, typer.Option("--master", metavar="FILE", help=say("help.server_key_master"))] = None,
    jurisdiction: Line = "",
) -> None:
    """A new key for a role, or a new master key in a new file."""
    settings, clock = settings_of(context), clock_from_environment()
    if bool(role) == (master is not None):
        raise BadInput("error.server_rotate_what", "advice.server_rotate_what")
    held = load_master_key(settings)

    async def work(database: Database) -> int:
        people, cabinet = Administration(settings, database, clock), Cabinet(database, held)
        if master is None:
            line = await people.line(jurisdiction)
            return await people.rotate(line, _reader(line, role), cabinet)
        fresh = new_key("aes256")
        write_key(master, fresh)
        return await people.reseal(cabinet, fresh)

    count = on_database(settings, work)
    if master is None:
        _say("server.key_rotated", role=name_of("role", role), count=count)
    else:
        _say("server.master_rotated", path=str(master), count=count)
        tell(say("server.master_place", variable=VARIABLE))


def _reader(line: str, named: str) -> str:
    """Id of a role that reads confidential orders, named by id or as the screen names it. Raises BadInput."""
    readers = {code: name_of("role", code) for code in readers_of(line)}
    if not readers:
        raise BadInput("error.server_no_readers", line=load_book(line).short_title)
    found = next((code for code, name in readers.items() if named in (code, name)), "")
    if not found:
        known = "、".join(say("cli.named", id=code, name=name) for code, name in readers.items())
        raise BadInput("error.server_no_reader", "advice.server_no_reader", role=named, known=known)
    return found


def print_table(rows: Sequence[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    """Rows for a program, or for a person with these columns."""
    if as_json:
        print_json(list(rows))
        return
    heads = [column(f"head.server_{name}") for name in columns]
    print_rows(heads, [[_shown(name, row[name]) for name in columns] for row in rows])


def _shown(column: str, value: Any) -> str:
    text = str(value or "")
    if column == "role":
        return name_of("role", text)
    is_moment = column == "at" or column.endswith("_at")
    return f"{text[:10]} {text[11:19]}" if text and is_moment else text


def _administer(context: typer.Context, work: Callable[[Administration, Database], Awaitable[T]]) -> T:
    settings, clock = settings_of(context), clock_from_environment()
    return on_database(settings, lambda database: work(Administration(settings, database, clock), database))


def _code(named: str) -> str:
    return load_book(named).code if named else ""


def _say(key: str, **fields: str | int) -> None:
    sys.stdout.write(say(key, **fields) + "\n")


_USER: dict[str, Callable[..., None]] = {
    "add": add_user,
    "list": list_users,
    "role": set_role,
    "password": set_password,
    "lock": lock_user,
    "unlock": unlock_user,
    "sessions": list_sessions,
    "revoke": revoke_user,
}
_DEVICE: dict[str, Callable[..., None]] = {"list": list_devices, "revoke": revoke_device, "allow": allow_device}
