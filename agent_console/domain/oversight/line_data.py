"""Call data of other lines: taken over to be analysed, and for nothing else (ZJ-8.4)."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message


class LineCalls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many calls of another line on one day, of one kind and outcome; nothing about who called."""

    day: str
    count: int = 1
    kind: str = ""
    district: str = ""
    outcome: str = ""


@fact("line_data.imported")
class LineDataImported(msgspec.Struct, frozen=True):
    """Call data of the line `line` came in from a file of that digest."""

    line: str
    digest: str
    calls: tuple[LineCalls, ...]
    occurred_at: Instant


class Imports(msgspec.Struct, frozen=True):
    """What was imported from one file; `done` once it was."""

    done: bool = False


class ImportLineData(msgspec.Struct, frozen=True):
    """Take over the call data of another line."""

    line: str
    digest: str
    calls: tuple[LineCalls, ...]


def decide_import(imports: Imports, command: ImportLineData, context: Context) -> Decision:
    """Only where the book knows such lines, by whom it names; the same file twice changes nothing."""
    rule = context.rule_book.reports.imports
    if rule is None:
        return Blocked((), message("report.no_imports", book=context.rule_book.short_title))
    actor = context.actor
    if actor.role not in rule.roles:
        return Blocked((rule.clause,), message("order.not_your_step", role=actor.role, roles="、".join(rule.roles)))
    if not command.line.strip():
        return Missing(("line",), rule.clause)
    if imports.done:
        return Done(())
    return Done((LineDataImported(command.line, command.digest, command.calls, context.now),))


def evolve_imports(imports: Imports, happened: msgspec.Struct | None) -> Imports:
    """State after a fact."""
    return Imports(done=True) if isinstance(happened, LineDataImported) else imports
