"""Commands as the command line runs them: help that reads well in Chinese, and the option of every missing field."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from typing import Any

import typer
from rich.cells import cell_len, set_cell_size
from typer.core import TyperCommand, TyperGroup

from agent_console.cli.folding import folded
from agent_console.cli.missing import FieldsMissing
from agent_console.texts import say
from agent_console.texts.wording import name_of, still_missing

Parameter = Any
"""A parameter as Typer makes it; which package its class comes from differs between versions of Typer."""
Item = tuple[str, str]
_WIDEST = 120
_LEFT = 30
"""Cells up to which an option and its explanation stand on one line."""
_INDENT, _GAP = 2, 2
_TOLD_BY = {"place": ("district", "street", "community", "point")}
"""Fields that are told by any of several options."""
_NUMBERS = ("int", "float")


class ReadableCommand(TyperCommand):
    """A command whose help and whose refusals name its options."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        formatter.write(_help(self, ctx))

    def invoke(self, ctx: Any) -> Any:
        """Run it. Raises FieldsMissing with the option of each field, and whatever the command raises."""
        try:
            return super().invoke(ctx)
        except FieldsMissing as missing:
            raise _with_options(missing, self.params) from missing


class ReadableGroup(TyperGroup):
    """A noun with its verbs."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        formatter.write(_help(self, ctx))


def readable(app: typer.Typer) -> typer.Typer:
    """The same command line, every command of it with readable help."""
    app.info.cls = ReadableGroup
    for command in app.registered_commands:
        command.cls = ReadableCommand
    for group in app.registered_groups:
        group.cls = ReadableGroup
        if group.typer_instance is not None:
            readable(group.typer_instance)
    return app


def in_panel(group: typer.Typer, key: str, commands: int = 0, groups: int = 0) -> None:
    """Put what was added to a noun since it had so many commands and groups under the heading with this key."""
    for command in group.registered_commands[commands:]:
        command.rich_help_panel = say(key)
    for part in group.registered_groups[groups:]:
        part.rich_help_panel = say(key)


def _with_options(missing: FieldsMissing, parameters: Iterable[Parameter]) -> FieldsMissing:
    known = {one.name: one for one in parameters if one.param_type_name == "option"}
    told = []
    for field in missing.decision.fields:
        option = say("sign.or").join(
            max(known[name].opts, key=len) for name in _TOLD_BY.get(field, (field,)) if name in known
        )
        if not option and "field" in known:
            option = say("help.as_field", name=field)
        name = name_of("field", field)
        told.append(say("help.missing", name=name, option=option) if option else name)
    return FieldsMissing(missing.decision, still_missing(missing.decision, told), missing.how)


def _help(command: Any, context: Any) -> str:
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    parameters = [one for one in command.get_params(context) if not getattr(one, "hidden", False)]
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name == "option"]
    commands = [one for one in getattr(command, "commands", {}).values() if not one.hidden]
    pieces = [*map(_shown_argument, arguments), say("help.usage_options")]
    usage = " ".join([context.command_path, *pieces, *([say("help.usage_command")] if commands else [])])
    lines = [*folded(say("help.usage", usage=usage), width, _INDENT), ""]
    lines += folded(" " * _INDENT + (command.help or ""), width, _INDENT)
    told = [(_shown_argument(one), _told(one)) for one in arguments]
    lines += _section(say("help.arguments"), told, width) if any(text for _, text in told) else []
    for panel, listed in _panels(commands, say("help.commands")).items():
        lines += _section(panel, [(one.name, one.help or "") for one in listed], width)
    for panel, listed in _panels(options, say("help.options")).items():
        lines += _section(panel, [(_shown_option(one, context), _told(one)) for one in listed], width)
    return "\n".join([*lines, ""])


def _panels(listed: list[Any], otherwise: str) -> dict[str, list[Any]]:
    """By their headings, in the order in which these appear; what every command has comes last."""
    common, found = say("help.panel.common"), dict[str, list[Any]]()
    for one in listed:
        is_help = one.name == "help" and not hasattr(one, "get_command")
        panel = common if is_help and len(listed) > 1 else getattr(one, "rich_help_panel", None) or otherwise
        found.setdefault(panel, []).append(one)
    return {name: found[name] for name in sorted(found, key=lambda name: name == common)}


def _section(head: str, items: list[Item], width: int) -> list[str]:
    left = min(max(cell_len(name) for name, _ in items), _LEFT) + _INDENT + _GAP
    return ["", head, *(line for item in items for line in _lines(item, left, width))]


def _lines(item: Item, left: int, width: int) -> list[str]:
    name, text = " " * _INDENT + item[0], item[1]
    if cell_len(name) + _GAP > left:
        return [name, *(folded(" " * left + text, width, left) if text else [])]
    return folded(set_cell_size(name, left) + text, width, left)


def _shown_argument(argument: Parameter) -> str:
    name = str(argument.metavar or argument.name.upper())
    shown = name if argument.required or name.startswith("[") else f"[{name}]"
    return shown if argument.nargs == 1 or "…" in shown else f"{shown}…"


def _shown_option(option: Parameter, context: Any) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    if option.secondary_opts:
        return "/".join((*option.opts, *option.secondary_opts))
    if option.is_flag or option.name == "help":
        return names
    shown = str(option.metavar or _value(option, context))
    return f"{names} {shown}" + ("…" if option.multiple else "")


def _value(option: Parameter, context: Any) -> str:
    kind = option.get_help_record(context)[0].split("--", 1)[-1].partition(" ")[2].lower()
    return "FILE" if "path" in kind else "N" if any(name in kind for name in _NUMBERS) else "TEXT"


def _told(parameter: Parameter) -> str:
    if parameter.name == "help":
        return say("help.help")
    told = [parameter.help or ""]
    if parameter.required and parameter.param_type_name == "option":
        told.append(say("help.required"))
    default = parameter.default
    if isinstance(default, str | int) and not isinstance(default, bool) and default:
        told.append(say("help.default", value=str(default)))
    return "".join(told)
