"""`agent-console rules`: a rule book clause by clause, or one clause."""

from __future__ import annotations

from typing import Annotated

import typer

from agent_console.cli.acting import settings_for
from agent_console.cli.common_options import Json, Jurisdiction
from agent_console.cli.output import console, print_json
from agent_console.domain.rule_book import Clause
from agent_console.resources.rule_books import find_clause, jurisdiction_code, load_book, load_clauses, prefix_of
from agent_console.texts import TEXTS, say
from agent_console.texts.wording import name_of

_PARTS = tuple(key.removeprefix("part.") for key in TEXTS if key.startswith("part."))


def register(app: typer.Typer) -> None:
    """Add `rules` to the command line."""
    app.command("rules", help=say("help.rules"))(rules)


def rules(
    clause: Annotated[str, typer.Argument(metavar="[CLAUSE]", help=say("help.clause"), show_default=False)] = "",
    jurisdiction: Jurisdiction = "",
    part: Annotated[str, typer.Option(help=say("help.part", known="、".join(_PARTS)))] = "",
    coverage: Annotated[bool, typer.Option("--coverage", help=say("help.coverage"))] = False,
    checking: Annotated[bool, typer.Option("--check", help=say("help.check"))] = False,
    versions: Annotated[bool, typer.Option("--versions", help=say("help.book_versions"))] = False,
    version: Annotated[str, typer.Option("--version", metavar="VERSION", help=say("help.book_version"))] = "",
    as_json: Json = False,
) -> None:
    """Print the clauses of a rule book, or which of them have a test that passed."""
    if checking:
        from agent_console.cli.rules_check import show_check

        raise typer.Exit(show_check(clause.strip() or jurisdiction, as_json=as_json))
    if versions:
        from agent_console.cli.rule_versions import show_versions

        show_versions(jurisdiction, as_json=as_json)
        return
    if coverage:
        from agent_console.cli.rules_coverage import show_coverage

        raise typer.Exit(show_coverage(jurisdiction, as_json=as_json))
    wanted = clause.strip().upper()
    code = _code(wanted, jurisdiction)
    prefix = prefix_of(code)
    if wanted and not wanted.startswith(f"{prefix}-"):
        wanted = f"{prefix}-{wanted}"
    clauses = _found(wanted, code, version)
    if part:
        clauses = tuple(found for found in clauses if part in (found.part, name_of("part", found.part)))
    if as_json:
        print_json(clauses)
    else:
        _print(code, clauses)


def _code(clause: str, jurisdiction: str) -> str:
    """The book that is meant: the one that is named, else that of the clause, else that of the seat."""
    if jurisdiction:
        return jurisdiction_code(jurisdiction)
    prefix, dash, _ = clause.partition("-")
    if dash and prefix.isalpha():
        return jurisdiction_code(prefix)
    return settings_for("").jurisdiction


def _found(wanted: str, code: str, version: str) -> tuple[Clause, ...]:
    """The clause of that ID, or those of the article it names; as they stood in a version where one is named."""
    if version:
        from agent_console.cli.rule_versions import clauses_of

        clauses = clauses_of(code, version)
    else:
        clauses = load_clauses(code)
    if not wanted:
        return clauses
    named = tuple(clause for clause in clauses if clause.id.upper() == wanted)
    below = named or tuple(clause for clause in clauses if _is_below(clause.id.upper(), wanted))
    return below or (find_clause(wanted),)


def _is_below(clause: str, article: str) -> bool:
    """FJ-20.6a stands below FJ-20.6 and FJ-20, but FJ-20 not below FJ-2."""
    rest = clause.removeprefix(article)
    return rest != clause and not rest[:1].isdigit()


def _print(code: str, clauses: tuple[Clause, ...]) -> None:
    from agent_console.cli.tables import column, print_rows

    book = load_book(code)
    screen = console()
    screen.print(say("rules.title", title=book.title, mark=book.mark or name_of("book_status", book.status)))
    rows = []
    for clause in clauses:
        summary = clause.summary if clause.status == "acts" else clause.summary + say("head.display")
        rows.append((clause.id, summary, name_of("part", clause.part), name_of("basis", clause.basis)))
    heads = ("head.clause", "head.summary", "head.part", "head.basis")
    print_rows([column(head, prose=head == "head.summary") for head in heads], rows)
