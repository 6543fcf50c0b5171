"""`agent-console script`: walks a guided dialogue in the plain terminal, or checks all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agent_console.cli.output import console, tell
from agent_console.domain.errors import BadInput, ConsoleError
from agent_console.domain.rule_book import RuleBook
from agent_console.resources.refusals import load_refusals
from agent_console.resources.rule_books import jurisdiction_codes, load_book, load_clauses
from agent_console.settings import home, load_settings
from agent_console.texts import say, sentence
from knowledge.scripts.model import NEXT, NO, YES, scripts

if TYPE_CHECKING:
    from rich.console import Console

    from knowledge.scripts.model import Script, Step
    from knowledge.scripts.runner import Run

_YES_NO = {"y": YES, "n": NO, "1": YES, "2": NO}
_HANG_UP_KEY = "h"


def register(app: typer.Typer) -> None:
    """Add `script` to the command line."""
    app.command(name="script", help=say("script.help"))(script_command)


def script_command(
    name: Annotated[str, typer.Argument(metavar="CLASS", help=say("script.help.class"))] = "",
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j", help=say("script.help.jurisdiction"))] = "",
    check: Annotated[bool, typer.Option("--check", help=say("script.help.check"))] = False,
) -> None:
    """Walk one script, or check them all."""
    if check:
        _check_all()
    elif not name:
        raise typer.BadParameter(say("error.script_class"))
    else:
        from knowledge.scripts.model import script_for

        code = jurisdiction or load_settings(home()).jurisdiction
        _walk(script_for(name), load_book(code) if code else None)


def _check_all() -> None:
    from knowledge.screening.model import ACCEPT, CLASSES
    from knowledge.scripts.check import check, check_coverage
    from knowledge.scripts.questions import check_questions, stored_questions

    clauses = frozenset(clause.id for code in jurisdiction_codes() for clause in load_clauses(code))
    codes = jurisdiction_codes()
    faults = [fault for script in scripts().values() for fault in check(script, clauses, CLASSES, codes)]
    faults += check_coverage(scripts().values(), [name for name in CLASSES if name != ACCEPT])
    faults += check_questions(stored_questions(), CLASSES, codes)
    for fault in faults:
        tell(sentence(fault))
    if faults:
        raise ConsoleError("error.script_check", count=len(faults))
    console().print(say("script.checked", count=len(scripts())))


def _walk(script: Script, book: RuleBook | None) -> None:
    from knowledge.scripts.runner import begin

    screen = console()
    ground = _ground(script, book)
    screen.print(say("script.ground", title=script.title, version=script.version, clause=ground), style="bold")
    run = begin(script, book.code if book else "", book.parent if book else "")
    while run.outcome is None:
        _show(screen, run.step)
        run = _answered(run)
    if not run.gone:
        _show(screen, run.step)
    elif script.hang_up:
        tell(script.hang_up)
    _report(screen, run)


def _ground(script: Script, book: RuleBook | None) -> str:
    if book is None:
        return "、".join(script.clauses)
    items = (book.refusal_for(name) for name in script.classes)
    clause = next((item.clause for item in items if item), "") or _beside(script, book)
    if not clause and _refuses_only(script):
        raise BadInput(
            "error.script_not_in_book", "advice.script_not_in_book", title=script.title, book=book.short_title
        )
    return clause or say("script.no_clause")


def _beside(script: Script, book: RuleBook) -> str:
    """The clause of what the book has the operator say although it is no item of its list, or that the script cites."""
    beside = load_refusals(book.code, book.parent).beside
    of_class = [item.clause for item in beside if item.screening_class in script.classes]
    books = (book, load_book(book.parent)) if book.parent else (book,)
    cited = [clause for clause in script.clauses if clause.startswith(tuple(f"{one.prefix}-" for one in books))]
    return "、".join(dict.fromkeys(of_class or cited))


def _refuses_only(script: Script) -> bool:
    """Whether it serves a refusal; emergencies, threats and abuse are met in every city, whatever its book says."""
    from knowledge.screening.model import EMERGENCIES

    ends_call = any(step.ends_call for step in script.step)
    return not (script.threat or ends_call or set(script.classes) & set(EMERGENCIES))


def _show(screen: Console, step: Step) -> None:
    kind = "decide" if step.kind == "check" else step.kind
    screen.print(say(f"script.{kind}", seconds=step.seconds), style="dim")
    screen.print(step.text)
    if step.local_check:
        screen.print(say("script.local_check"), style="dim")
    screen.print("　".join(_key_help(step)), style="dim")


def _key_help(step: Step) -> list[str]:
    hang_up = say("script.key.hangup")
    match step.kind:
        case "say":
            return [say("script.key.next"), hang_up]
        case "ask":
            return [say("script.key.answer"), hang_up]
        case "choice":
            options = [say("script.key.option", choice=option.key, label=option.label) for option in step.options]
            return [*options, hang_up]
        case "check":
            return [say("script.key.yes_no"), hang_up]
        case "end":
            return []


def _answered(run: Run) -> Run:
    """One line from the keyboard; the end of the input means that the caller is gone."""
    while True:
        try:
            line = input("> ").strip()
        except EOFError:
            return run.hang_up()
        key = _key_of(run.step, line)
        if key == _HANG_UP_KEY:
            return run.hang_up()
        if key in run.step.exits:
            return run.answer(key, line)
        tell(say("script.again"))


def _key_of(step: Step, line: str) -> str:
    if line.lower() == _HANG_UP_KEY:
        return _HANG_UP_KEY
    if step.kind in ("say", "ask"):
        return NEXT if step.kind == "say" or line else ""
    return _YES_NO.get(line.lower(), line) if step.kind == "check" else line


def _report(screen: Console, run: Run) -> None:
    done = {True: say("script.done"), False: say("script.not_done")}
    outcome = say(f"outcome.{run.outcome}")
    screen.print(say("script.outcome", outcome=outcome, explained=done[run.explained], guided=done[run.guided]))
    screen.print(say("script.path", path=" → ".join(run.path)), style="dim")
