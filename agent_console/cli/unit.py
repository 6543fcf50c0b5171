"""`agent-console unit …`: the directory of units."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.directory_table import File, Trial, enter, import_rows, told
from agent_console.cli.options import form_options, given, with_options
from agent_console.cli.output import console, print_json
from agent_console.desk.desk import Desk
from agent_console.desk.units.directory import check as gaps_of
from agent_console.desk.units.directory import find_unit, keep
from agent_console.desk.units.directory import notices as changes_of
from agent_console.domain.instants import iso
from agent_console.domain.units.directory import ListedUnit
from agent_console.domain.units.directory_places import lacking
from agent_console.domain.units.directory_steps import CloseUnit, Command, SetRights
from agent_console.texts import say
from agent_console.texts.wording import name_of, names_of
from agent_console.texts.wording import told as worded

_FIELDS = {name: kind for name, kind in form_options(ListedUnit).items() if name != "name"}
Name = Annotated[str, typer.Argument(metavar="NAME", help=say("help.unit_name"))]


def register(app: typer.Typer) -> None:
    """Add `unit` to the command line."""
    group = typer.Typer(help=say("help.unit"), no_args_is_help=True)
    commands: dict[str, Callable[..., None]] = {
        "list": list_,
        "show": show,
        "add": add,
        "change": change,
        "close": close,
        "rights": rights,
        "notices": notices,
        "import": import_,
        "check": check,
    }
    for name, command in commands.items():
        group.command(name, help=say(f"help.unit_{name}"))(command)
    app.add_typer(group, name="unit")


def list_(
    under: Annotated[str, typer.Option(metavar="NAME", help=say("help.under"))] = "",
    incomplete: Annotated[bool, typer.Option("--incomplete", help=say("help.incomplete"))] = False,
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Units of the directory."""
    with desk_of(jurisdiction) as opened:
        desk = opened.desk
        directory, rules = desk.directory(), desk.rule_book.directory
        chosen = directory.below(find_unit(desk, under).name) if under else frozenset(directory.units)
        units = [unit for name, unit in directory.units.items() if name in chosen]
        forms = [_form(desk, unit) for unit in units if lacking(unit, rules) or not incomplete]
    if as_json:
        print_json(forms)
        return
    if not directory.units:
        console().print(say("units.none"))
    for form in forms:
        console().print(_line(form))


def _form(desk: Desk, unit: ListedUnit) -> dict[str, Any]:
    rules, directory = desk.rule_book.directory, desk.directory()
    known, tier = rules.classes.get(unit.unit_class), rules.tiers.get(directory.tier_of(unit.name))
    return {
        **msgspec.structs.asdict(unit),
        "class_name": known.name if known else unit.unit_class,
        "tier_name": tier.name if tier else "",
        "above": list(directory.above(unit.name)),
        "rights": list(directory.rights[unit.name]) if unit.name in directory.rights else None,
        "lacks": [{"field": rule.field, "clause": rule.clause} for rule in lacking(unit, rules)],
    }


def _line(form: dict[str, Any]) -> str:
    line = say("units.head", name=form["name"], unit_class=form["class_name"], tier=form["tier_name"])
    return f"{line}　{form['duty_number']}".rstrip("　")


def show(name: Name, jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Everything about a unit."""
    with desk_of(jurisdiction) as opened:
        form = _form(opened.desk, find_unit(opened.desk, name))
    if as_json:
        print_json(form)
        return
    screen = console()
    screen.print(say("units.head", name=name, unit_class=form["class_name"], tier=form["tier_name"]))
    for field in _FIELDS:
        if form[field] and field not in ("unit_class", "tier"):
            value = told(form[field])
            screen.print(say("units.fact", field=name_of("unit_field", field), value=value))
    if form["rights"] is not None:
        screen.print(say("units.fact", field=say("help.unit_rights"), value=say("sign.list").join(form["rights"])))
    for gap in form["lacks"]:
        fields = name_of("unit_field", gap["field"])
        screen.print(say("units.lacks", fields=fields, clause=gap["clause"]))


@with_options(_FIELDS, "unit_field")
def add(name: Name, acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False, **more: Any) -> None:
    """Enter a unit."""
    enter("unit", {"name": name, **given(more)}, acting, jurisdiction, as_json=as_json)


@with_options(_FIELDS, "unit_field")
def change(name: Name, acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False, **more: Any) -> None:
    """Change what is told."""
    with desk_of(jurisdiction, acting) as opened:
        find_unit(opened.desk, name)
    enter("unit", {"name": name, **given(more)}, acting, jurisdiction, as_json=as_json)


def close(
    name: Name,
    reason: Annotated[str, typer.Option(help=say("help.unit_reason"))] = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """Take a unit out of the directory."""
    _do(CloseUnit(name, reason), name, acting, jurisdiction)


def rights(
    name: Name,
    steps: Annotated[list[str] | None, typer.Argument(metavar="STEP…", help=say("help.unit_steps"))] = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """Settle which steps a unit may take."""
    _do(SetRights(name, tuple(steps or ())), name, acting, jurisdiction)


def _do(command: Command, name: str, acting: str, jurisdiction: str) -> None:
    with desk_of(jurisdiction, acting) as opened:
        insist(keep(opened.desk, command))
    sys.stdout.write(say("units.done", name=name) + "\n")


def notices(acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Changes of who answers in units."""
    with desk_of(jurisdiction, acting) as opened:
        changes = changes_of(opened.desk)
    if as_json:
        print_json([{**msgspec.structs.asdict(change), "occurred_at": iso(change.occurred_at)} for change in changes])
        return
    for each in changes:
        field = name_of("unit_field", each.field)
        at = iso(each.occurred_at)
        line = say("units.notice", at=at, name=each.unit, field=field, old=each.old, new=each.new, by=each.by)
        console().print(line)


def import_(
    file: File, dry_run: Trial = False, acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False
) -> None:
    """Take a file into the directory."""
    import_rows("unit", file, acting, jurisdiction, dry_run=dry_run, as_json=as_json)


def check(jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """What is incomplete or does not fit."""
    with desk_of(jurisdiction) as opened:
        gaps = gaps_of(opened.desk)
    lines = [
        (gap, worded(gap.what) if gap.what else say("units.open_field", field=_field(gap.sort, gap.field)))
        for gap in gaps
    ]
    if as_json:
        print_json(
            [
                {"sort": gap.sort, "name": gap.name, "field": gap.field, "clause": gap.clause, "what": what}
                for gap, what in lines
            ]
        )
        return
    for gap, what in lines:
        sort = say("units.gap_unit" if gap.sort == "unit" else "units.gap_item")
        console().print(say("units.gap", sort=sort, name=gap.name, what=what, clause=gap.clause))
    if not lines:
        console().print(say("units.complete"))


def _field(sort: str, field: str) -> str:
    return names_of(f"{sort}_field", (field,))
