"""What the nouns of the directory share: entering one entry, taking a file in, listing a table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.options import form_options, given, with_options
from agent_console.cli.output import console, print_json
from agent_console.desk.desk import Desk
from agent_console.desk.units.directory import keep
from agent_console.desk.units.directory_files import Broken, Imported, command_of, import_file
from agent_console.domain.decisions import Done
from agent_console.domain.errors import BadInput
from agent_console.texts import TEXTS, say
from agent_console.texts.wording import name_of, refusal

File = Annotated[Path, typer.Argument(metavar="FILE", help=say("help.directory_file"))]
Trial = Annotated[bool, typer.Option("--dry-run", help=say("help.directory_dry_run"))]
Name = Annotated[str, typer.Argument(metavar="NAME", help=say("help.entry_name"))]


def enter(sort: str, values: Mapping[str, Any], acting: str, jurisdiction: str, *, as_json: bool) -> None:
    """Enter or change one entry of the directory. Raises RuleForbids, BadInput."""
    with desk_of(jurisdiction, acting) as opened:
        desk = opened.desk
        try:
            command = command_of(sort, values, desk.directory(), desk.rule_book)
        except ValueError as error:
            raise BadInput("error.directory_value", "advice.directory_value", value=str(error)) from error
        changed = bool(insist(keep(desk, command)).facts)
        entry = _table(desk, sort)[str(values["name"]).strip()]
    if as_json:
        print_json(entry)
    else:
        sys.stdout.write(say("units.done" if changed else "units.same", name=str(values["name"])) + "\n")


def _table(desk: Desk, sort: str) -> dict[str, Any]:
    table: dict[str, Any] = getattr(desk.directory(), f"{sort}s")
    return table


def told(value: object) -> str:
    """A field of the directory as a person reads it."""
    if isinstance(value, bool):
        return say("units.yes") if value else ""
    return say("sign.list").join(value) if isinstance(value, tuple) else str(value)


def import_rows(sort: str, file: Path, acting: str, jurisdiction: str, *, dry_run: bool, as_json: bool) -> None:
    """Take a file in; exit code 1 where rows were broken."""
    prefix = f"{sort}_field."
    names = {text: key.removeprefix(prefix) for key, text in TEXTS.items() if key.startswith(prefix)}
    with desk_of(jurisdiction, acting) as opened:
        result = import_file(opened.desk, file, sort, names, dry_run=dry_run)
    if as_json:
        print_json(_form(result))
    else:
        _print(result, dry_run=dry_run)
    if result.broken:
        raise BadInput("error.directory_rows", "advice.directory_rows", count=len(result.broken))


def _form(result: Imported) -> dict[str, Any]:
    broken = [{"row": each.row, "name": each.name, "why": _why(each)} for each in result.broken]
    return {**msgspec.structs.asdict(result), "broken": broken}


def _print(result: Imported, *, dry_run: bool) -> None:
    screen, counts = console(), msgspec.structs.asdict(result) | {"broken": len(result.broken)}
    screen.print(say("units.imported", **counts) + (say("units.dry_run") if dry_run else ""))
    for each in result.broken:
        screen.print(say("units.broken", row=each.row, name=each.name, why=_why(each)))


def _why(broken: Broken) -> str:
    decision = broken.decision
    if decision is None or isinstance(decision, Done):
        return say("units.broken_value", value=broken.value)
    return refusal(decision)


def register_table(
    app: typer.Typer, sort: str, form: type[msgspec.Struct], summary: Callable[[Desk], dict[str, Any]]
) -> None:
    """Add the noun `sort` with list, add and import. `summary`: what `list` counts."""
    fields = {name: kind for name, kind in form_options(form).items() if name != "name"}

    def list_(jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
        with desk_of(jurisdiction) as opened:
            entries, counted = list(_table(opened.desk, sort).values()), summary(opened.desk)
        if as_json:
            print_json({**counted, "entries": entries})
            return
        for entry in entries:
            console().print("　".join(filter(None, (_cell(sort, entry, name) for name in form.__struct_fields__))))
        for line in _summary(sort, counted):
            console().print(line)

    @with_options(fields, f"{sort}_field")
    def add(name: Name, acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False, **more: Any) -> None:
        enter(sort, {"name": name, **given(more)}, acting, jurisdiction, as_json=as_json)

    def import_(
        file: File, dry_run: Trial = False, acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False
    ) -> None:
        import_rows(sort, file, acting, jurisdiction, dry_run=dry_run, as_json=as_json)

    group = typer.Typer(help=say(f"help.{sort}"), no_args_is_help=True)
    commands: dict[str, Callable[..., None]] = {"list": list_, "add": add, "import": import_}
    for name, command in commands.items():
        group.command(name, help=say(f"help.{sort}_{name}"))(command)
    app.add_typer(group, name=sort)


def _cell(sort: str, entry: msgspec.Struct, field: str) -> str:
    value = getattr(entry, field)
    return name_of(f"{sort}_{field}", value)


def _summary(sort: str, counted: dict[str, Any]) -> list[str]:
    lines = [say("units.slots", count=counted["loaded"], slots=counted["slots"])] if counted.get("slots") else []
    if not lines:
        lines = [say("units.counted", count=counted["loaded"])]
    table = counted.get("by", {})
    return lines + [say("units.of_class", name=name_of(f"{sort}_way", key), count=table[key]) for key in table]
