"""Options that follow from data: one for every field of a form, so that a new field needs no second list."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

import msgspec
import typer

from agent_console.domain.errors import BadInput
from agent_console.domain.instants import parse
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.work_order.order_details import CHOICES
from agent_console.texts import TEXTS, say
from agent_console.texts.wording import name_of

InPeriod = Annotated[str, typer.Option("--period", help=say("help.report_period"))]
FirstDay = Annotated[str, typer.Option("--from", help=say("help.report_from"))]
LastDay = Annotated[str, typer.Option("--to", help=say("help.report_to"))]
CommandT = TypeVar("CommandT", bound=Callable[..., Any])
FormT = TypeVar("FormT", bound=msgspec.Struct)
_CHOSEN = ("urgency", "complexity", "form")
_INSTANTS = ("received_at", "superior_due")
_PANELS = {
    "caller": (
        *("channel", "line", "received_at", "caller_name", "caller_number", "number", "contact_number", "contact"),
        *("caller_type", "anonymous", "confidential", "language", "off_hours_reason"),
    ),
    "matter": (
        *("kind", "title", "content", "wish", "happened_at", "concerns", "urgency", "urgent_cause", "simple", "listed"),
        *("complexity", "form", "unclear", "mass_incident", "repeat_of"),
    ),
    "place": ("district", "street", "community", "point"),
    "units": ("lead", "supporting"),
    "superior": ("superior_number", "superior_due", "statutory_amount", "statutory_unit", "statutory_source"),
    "transfer": ("transfer_unit", "transfer_person", "transfer_outcome"),
}
"""Headings under which the help lists the fields of a form."""


def with_options(types: Mapping[str, Any], sort: str = "field") -> Callable[[CommandT], CommandT]:
    """Give a command that takes `**fields` an option for each of these names; None where it is not given.

    sort: under which the texts name them.
    """
    return with_annotated({name: _option(name, type_, sort) for name, type_ in types.items()})


def with_annotated(options: Mapping[str, Any]) -> Callable[[CommandT], CommandT]:
    """The same for options that are written out."""

    def decorate(command: CommandT) -> CommandT:
        own = inspect.signature(command, eval_str=True)
        plain = [parameter for parameter in own.parameters.values() if parameter.kind is not parameter.VAR_KEYWORD]
        more = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
            for name, option in options.items()
        ]
        command.__signature__ = own.replace(parameters=[*plain, *more])  # type: ignore[attr-defined]
        return command

    return decorate


def worded(kind: Any, key: str, flag: str, panel: str, metavar: str | None = None) -> Any:
    """An option that may be left out, under a heading of `--help`; `key` of its words, `panel` of the heading."""
    option = typer.Option(flag, metavar=metavar, help=say(key), rich_help_panel=say(f"help.panel.{panel}"))
    return Annotated[kind | None, option]


def _option(name: str, type_: Any, sort: str) -> Any:
    flag, metavar = f"--{name.replace('_', '-')}", None
    panel = next((panel for panel, names in _PANELS.items() if name in names), "")
    told = name_of("option", name) if f"option.{name}" in TEXTS else name_of(sort, name)
    if name in _CHOSEN:
        told = say("help.choice", name=told, known="、".join(name_of(name, id_) for id_ in CHOICES[name] if id_))
    if name in _INSTANTS or name.endswith("_at"):
        metavar = "TIME"
    heading = say(f"help.panel.{panel}") if panel else None
    return Annotated[type_ | None, typer.Option(flag, help=told, metavar=metavar, rich_help_panel=heading)]


def form_options(form: type[msgspec.Struct]) -> dict[str, Any]:
    """Name and type of the option of each field: text, a switch, or text that may be given again."""
    kinds: dict[Any, Any] = {bool: bool, int: int, tuple[str, ...]: list[str]}
    return {
        field.name: str if field.name in _INSTANTS else kinds.get(field.type, str)
        for field in msgspec.structs.fields(form)
    }


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What was given of such options, instants read. Raises BadInput."""
    return {
        name: parse(value) if name in _INSTANTS and isinstance(value, str) else value
        for name, value in fields.items()
        if value is not None and value != []
    }


def by_id(form: FormT, book: RuleBook) -> FormT:
    """The form with every choice by its id, where it was written as the seat's form names it. Raises BadInput."""
    known = {name: {id_: name_of(name, id_) for id_ in CHOICES[name] if id_} for name in _CHOSEN}
    known["channel"] = {one.id: one.name for one in book.channels}
    known["caller_type"] = {one.id: one.name for one in book.caller_types}
    fields = set(form.__struct_fields__) & set(known)
    return msgspec.structs.replace(form, **{name: _chosen(name, getattr(form, name), known[name]) for name in fields})


def _chosen(name: str, text: str, known: Mapping[str, str]) -> str:
    ids = {**{label: id_ for id_, label in known.items()}, **{id_: id_ for id_ in known}, "": ""}
    if text not in ids:
        choices = "、".join(f"{label}（{id_}）" for id_, label in known.items())
        raise BadInput("error.choice", "advice.choice", name=name_of("field", name), value=text, known=choices)
    return ids[text]


def pairs(texts: list[str] | None) -> dict[str, str]:
    """Read `name=value`, several times. Raises BadInput."""
    read = {}
    for text in texts or []:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise BadInput("error.field", "advice.field", text=text)
        read[name.strip().replace("-", "_")] = value.strip()
    return read
