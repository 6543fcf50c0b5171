"""`agent-console server`: the HTTP service that seats sync with, and looking after it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import typer

from agent_console.cli.common_options import Json
from agent_console.cli.output import print_json, tell
from agent_console.clock import clock_from_environment
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import iso, parse
from agent_console.resources.rule_books import load_book
from agent_console.server.ops.settings import ServerSettings, load_server_settings
from agent_console.server.people.admin import Administration
from agent_console.server.people.keys import (
    VARIABLE,
    Cabinet,
    draw_master_key,
    has_master_key,
    load_master_key,
    master_key_file,
)
from agent_console.server.store.database import Database, open_database
from agent_console.store.private_files import refuse_others
from agent_console.texts import say

T = TypeVar("T")
Line = Annotated[str, typer.Option("--jurisdiction", "-j", help=say("help.server_line"))]
PasswordFile = Annotated[Path | None, typer.Option("--password-file", metavar="FILE", help=say("help.server_password"))]
Target = Annotated[Path, typer.Argument(metavar="FILE", help=say("help.server_file"))]
Force = Annotated[bool, typer.Option("--force", help=say("help.server_force"))]
PASSWORD_VARIABLE = "AGENT_CONSOLE_NEW_PASSWORD"


def register(app: typer.Typer) -> None:
    """Add `server` to the command line."""
    from agent_console.cli import server_people

    group = typer.Typer(help=say("help.server"), no_args_is_help=True)
    group.callback()(options)
    group.command("run", help=say("help.server_run"))(run)
    group.command("init", help=say("help.server_init"))(init)
    group.command("check", help=say("help.server_check"))(check)
    group.command("backup", help=say("help.server_backup"))(backup)
    group.command("restore", help=say("help.server_restore"))(restore)
    group.command("audit", help=say("help.server_audit"))(audit)
    group.command("schema", help=say("help.server_schema"))(schema)
    server_people.register(group)
    app.add_typer(group, name="server")


def options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help=say("help.server_config"))] = None,
    dsn: Annotated[str, typer.Option("--dsn", help=say("help.server_dsn"))] = "",
) -> None:
    """What holds for every word after `server`."""
    context.obj = (config, dsn)


def settings_of(context: typer.Context, **more: Any) -> ServerSettings:
    """Settings of this call. Raises BadInput."""
    config, dsn = context.obj
    asked = {**({"dsn": dsn} if dsn else {}), **{name: value for name, value in more.items() if value}}
    return load_server_settings(config, asked=asked)


def on_database(settings: ServerSettings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do it on the server's data, opened for it. Raises ConsoleError."""

    async def opened() -> T:
        database = await open_database(settings.store)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(opened())


def password_from(file: Path | None) -> str:
    """A new password from the file (`-`: standard input), the environment, or the keyboard. Raises BadInput."""
    if file is not None:
        return _password_in(file)
    if told := os.environ.get(PASSWORD_VARIABLE, ""):
        return told
    if not sys.stdin.isatty():
        raise BadInput("error.server_no_password", "advice.server_no_password", variable=PASSWORD_VARIABLE)
    return str(typer.prompt(say("server.password"), hide_input=True, confirmation_prompt=say("server.password_again")))


def _password_in(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.readline().rstrip("\r\n")
    try:
        refuse_others(file)
        return file.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, UnicodeDecodeError, IndexError) as error:
        raise BadInput("error.file", "advice.file", path=str(file), reason=str(error)) from error


def run(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help=say("help.server_host"))] = "",
    port: Annotated[int | None, typer.Option("--port", help=say("help.server_port"), min=1, max=65535)] = None,
) -> None:
    """Serve until told to stop."""
    from agent_console.server.ops.serving import serve, shown_store

    settings = settings_of(context, host=host, port=port)
    said = say("server.listening", host=settings.host, port=settings.port, store=shown_store(settings))
    serve(settings, clock_from_environment(), lambda: tell(said))


def init(
    context: typer.Context,
    account: Annotated[str, typer.Option("--account", help=say("help.server_account"))],
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j", help=say("help.jurisdiction"))],
    name: Annotated[str, typer.Option("--name", help=say("help.server_name"))] = "",
    role: Annotated[str, typer.Option("--role", help=say("help.server_role"))] = "lead",
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Make what a server needs: tables, keys, a line, and the first account."""
    settings, code = settings_of(context), load_book(jurisdiction).code
    password = password_from(password_file)
    drawn = None if has_master_key(settings) else draw_master_key(settings)
    master = load_master_key(settings)

    async def work(database: Database) -> list[str]:
        people = Administration(settings, database, clock_from_environment())
        roles = await people.begin(code, Cabinet(database, master))
        await people.add(code, account, name or account, role, "", password)
        return roles

    roles = on_database(settings, work)
    made = {"jurisdiction": code, "account": account, "role_keys": roles, "master_key": str(drawn) if drawn else None}
    if as_json:
        print_json(made)
        return
    sys.stdout.write(say("server.ready", line=load_book(code).short_title, account=account) + "\n")
    if drawn:
        tell(say("server.master_drawn", path=str(drawn)))


def check(context: typer.Context, as_json: Json = False) -> None:
    """Look at everything that has to hold; exit code 1 where something does not."""
    from agent_console.server.ops.checking import examine

    settings = settings_of(context)
    found = on_database(settings, lambda database: examine(database, settings, _progress))
    if as_json:
        print_json({"ok": not any(one.wrong for one in found), "checks": found})
    else:
        for one in found:
            told = say("server.check_wrong" if one.wrong else "server.check_right", count=one.count, wrong=one.wrong)
            sys.stdout.write(say("server.check_line", name=say(f"server.check.{one.name}"), told=told) + "\n")
    raise typer.Exit(int(any(one.wrong for one in found)))


def backup(context: typer.Context, file: Target, force: Force = False, as_json: Json = False) -> None:
    """Write everything that has to be kept into one file."""
    from agent_console.server.ops.backup import write_backup
    from agent_console.server.ops.serving import shown_store

    settings = settings_of(context)
    clock = clock_from_environment()

    async def work(database: Database) -> dict[str, int]:
        if not await Administration(settings, database, clock).jurisdictions():
            raise BadInput("error.server_empty", "advice.server_empty", store=shown_store(settings))
        return await write_backup(database, file, clock.now(), _progress, replacing=force)

    done = on_database(settings, work)
    _said_of_copy("server.backed_up", file, done, as_json=as_json)


def restore(context: typer.Context, file: Target, as_json: Json = False) -> None:
    """Put a copy into a store that is empty; the data begin a new life, so that seats send again what it lacks."""
    from agent_console.server.ops.backup import read_backup

    settings = settings_of(context)
    done = on_database(settings, lambda database: read_backup(database, file, _progress))
    _said_of_copy("server.restored", file, done, as_json=as_json)
    key = "server.restored_check" if has_master_key(settings) else "server.restored_keyless"
    tell(say(key, path=str(master_key_file(settings)), variable=VARIABLE))


def _said_of_copy(key: str, file: Path, rows: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print_json({"file": str(file), "rows": rows})
    else:
        told = say(key, path=str(file), tables=len(rows), rows=sum(rows.values()), events=rows.get("event", 0))
        sys.stdout.write(told + "\n")


def _progress(what: str, count: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{say('server.progress', what=what, count=count)}\x1b[K")
        sys.stderr.flush()


def audit(
    context: typer.Context,
    since: Annotated[str, typer.Option("--since", help=say("help.server_since"))] = "",
    until: Annotated[str, typer.Option("--until", help=say("help.server_until"))] = "",
    account: Annotated[str, typer.Option("--account", help=say("help.server_account"))] = "",
    what: Annotated[str, typer.Option("--what", help=say("help.server_what"))] = "",
    limit: Annotated[int, typer.Option("--limit", help=say("help.server_limit"), min=1, max=100_000)] = 200,
    as_json: Json = False,
) -> None:
    """Who signed in, looked at what, took what away, and was refused."""
    from agent_console.cli.server_people import print_table
    from agent_console.server.people.audit import lines

    span = {"since": parse(since) if since else 0, "until": parse(until) if until else 0}
    found = on_database(
        settings_of(context), lambda database: lines(database, **span, account=account, what=what, limit=limit)
    )
    rows = [{**msgspec.structs.asdict(line), "at": iso(line.at)} for line in found]
    print_table(rows, ("at", "account", "role", "unit", "what", "object", "outcome"), as_json=as_json)


def schema() -> None:
    """The schema the server publishes."""
    from agent_console.server.web.app import every_endpoint
    from agent_console.server.web.openapi import schema_of

    print_json(schema_of(every_endpoint()))
