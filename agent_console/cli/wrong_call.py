"""A call whose words are wrong, in the language of the console: what is wrong, and where its words are explained."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any, cast

import typer

from agent_console.cli.output import tell
from agent_console.texts import say

WrongCall = cast("type[Exception]", typer.BadParameter.__base__)
"""What Typer raises where the words of a call are wrong; which package the class is from depends on its version."""
_SENTENCES = (
    (re.compile(r"No such command '(?P<name>.+?)'\."), "usage.no_command"),
    (re.compile(r"Missing command\."), "usage.missing_command"),
    (re.compile(r"Option '(?P<name>.+?)' requires (an argument|\d+ arguments)\."), "usage.no_value"),
    (re.compile(r"Option '(?P<name>.+?)' does not take a value\."), "usage.takes_none"),
    (re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((?P<name>.+)\)"), "usage.extra"),
    (re.compile(r"Input should be a valid (integer|number)"), "usage.number"),
    (re.compile(r"Input should be less than or equal to (?P<limit>\S+)"), "usage.most"),
    (re.compile(r"Input should be greater than or equal to (?P<limit>\S+)"), "usage.least"),
    (re.compile(r"'?(?P<value>.*?)'? is not a valid (integer|float)( range)?\."), "usage.no_number"),
    (re.compile(r"'?(?P<value>.*?)'? is not in the range (?P<range>.+?)\."), "usage.range"),
)


def report_wrong(error: Any) -> int:
    """Say what is wrong and where help is; a noun without a verb shows its help. Returns the exit code."""
    context = error.ctx
    if type(error).__name__ == "NoArgsIsHelpError":
        tell(context.get_help())
        return int(error.exit_code)
    tell(_told(error))
    if context is not None:
        tell(say("usage.help", command=context.command_path))
    return int(error.exit_code)


def _told(error: Any) -> str:
    match type(error).__name__:
        case "NoSuchOption":
            like = "、".join(map(str, error.possibilities or ()))
            return say("usage.no_option_like" if like else "usage.no_option", name=error.option_name, like=like)
        case "MissingParameter":
            return say("usage.missing", name=_named(error))
        case "BadParameter":
            named = _named(error)
            why = _worded(str(error.message), error)
            return say("usage.bad", name=named, why=why) if named else why
    return _worded(str(error.message), error)


def _named(error: Any) -> str:
    hint = error.param_hint
    if hint:
        return str(hint) if isinstance(hint, str) else " / ".join(hint)
    parameter = error.param
    if parameter is None:
        return ""
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name.upper()).strip("[]")


def _worded(message: str, error: Any) -> str:
    for pattern, key in _SENTENCES:
        if found := pattern.match(message):
            return say(key, **found.groupdict()) + _perhaps(found.groupdict().get("name", ""), key, error)
    return message


def _perhaps(name: str, key: str, error: Any) -> str:
    """The verbs that look like one there is not."""
    known = list(getattr(getattr(error.ctx, "command", None), "commands", {}))
    like = get_close_matches(name, known) if key == "usage.no_command" else []
    return say("usage.perhaps", like="、".join(like)) if like else ""
