"""`agent-console kb`: list, show, export, check; the other verbs stand in modules of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent_console.cli import kb_import, kb_life, kb_search, kb_topics
from agent_console.cli.acting import insist
from agent_console.cli.common_options import As, Jurisdiction
from agent_console.cli.library import entry_named, has_rule_book, knowledge_desk, opened_library
from agent_console.cli.output import console, print_folded, print_json, tell
from agent_console.cli.progress import bar
from agent_console.texts import say

if TYPE_CHECKING:
    from knowledge.article import Article
    from knowledge.checking import Fault

app = typer.Typer(help=say("kb.help"), no_args_is_help=True)
kb_import.register(app)
kb_search.register(app)
kb_life.register(app)
kb_topics.register(app)

Json = Annotated[bool, typer.Option("--json", help=say("kb.help.json"))]
_INDENT = 2


def register(root: typer.Typer) -> None:
    """Hang the noun `kb` into the program."""
    root.add_typer(app, name="kb")


@app.command("list", help=say("kb.help.list"))
def list_(
    doc: Annotated[str | None, typer.Option("--doc", metavar="NAME", help=say("kb.help.of_doc"))] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="UNIT", help=say("kb.help.of_owner"))] = None,
    as_json: Json = False,
) -> None:
    """List the entries."""
    with opened_library() as (library, _):
        entries = [entry for entry in library.entries(doc) if owner is None or entry.owner == owner]
        documents = library.documents()
    if doc is not None and doc not in documents:
        tell(say("kb.list.none", doc=doc, known="、".join(documents)))
    if as_json:
        print_json([_summary(entry) for entry in entries])
        return
    _print_table(entries)


def _summary(entry: Article) -> dict[str, object]:
    return {
        "id": entry.id,
        "title": entry.title,
        "doc": entry.doc,
        "article": entry.article,
        "sources": entry.sources,
        "status": entry.status,
        "class": entry.class_,
        "chapter": entry.chapter,
        "jurisdictions": entry.jurisdictions,
        "version": entry.version,
        "owner": entry.owner,
        "updated_on": entry.updated_on,
        "origin": entry.origin,
    }


def _print_table(entries: list[Article]) -> None:
    from agent_console.cli.tables import column, print_rows
    from knowledge.checking import source_name

    rows = [(one.id, one.title, one.class_, " ".join(map(source_name, one.sources))) for one in entries]
    print_rows([column(f"kb.column.{name}", prose=name != "id") for name in ("id", "title", "class", "sources")], rows)


@app.command("show", help=say("kb.help.show"))
def show(entry_id: Annotated[str, typer.Argument(metavar="ID", help=say("kb.help.id"))], as_json: Json = False) -> None:
    """Show one entry with its text."""
    from knowledge.checking import source_name

    with opened_library() as (library, _):
        entry = entry_named(library, entry_id)
    if as_json:
        print_json(entry)
        return
    out = console()
    facts = {
        "id": entry.id,
        "class": entry.class_,
        "chapter": entry.chapter,
        "questions": "；".join(entry.questions),
        "keywords": "；".join(entry.keywords),
        "sources": " ".join(map(source_name, entry.sources)),
        "owner": entry.owner,
        "updated_on": str(entry.updated_on or ""),
        "valid_until": str(entry.valid_until or ""),
    }
    out.print(entry.title, style="bold")
    for name, value in facts.items():
        if value:
            print_folded(say("kb.show.fact", name=say(f"kb.column.{name}"), value=value), _INDENT)
    out.print()
    print_folded(entry.body)
    if entry.local_check:
        print_folded(say("kb.show.local_check"))


@app.command("export", help=say("kb.help.export"))
def export_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("kb.help.file"))],
    owner: Annotated[str | None, typer.Option("--owner", metavar="UNIT", help=say("kb.help.export_owner"))] = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """Write the knowledge base to a file; its suffix says in which form. The rule book says who may."""
    from knowledge.exporting import export

    with opened_library() as (library, _):
        entries = [entry for entry in library.entries() if owner is None or entry.owner == owner]
    if has_rule_book(jurisdiction, acting):
        from agent_console.desk import articles

        with knowledge_desk(jurisdiction, acting) as opened:
            insist(articles.may_export(opened, entries, owner or ""))
    with bar() as begin:
        export(entries, file, begin(say("kb.progress.writing", file=file.name)))
    tell(say("kb.export.done", count=len(entries), path=str(file)))


@app.command("check", help=say("kb.help.check"))
def check_(as_json: Json = False) -> None:
    """Check that every entry has a text and sources that exist, and that every word leads somewhere."""
    from knowledge.checking import Fault, check
    from knowledge.search.words import all_words
    from knowledge.stock import read_stock
    from knowledge.word_checking import check_words

    with opened_library() as (library, _):
        entries = library.entries()
    words = all_words()
    repeated = [fault for fault in check(read_stock()) if fault.reason == "kb.fault.repeated"]
    odd = check_words(words, entries)
    errors = [Fault(f"{f.place.file}:{f.place.line}", f.reason, f.detail) for f in odd if not f.remark]
    remarks = [Fault(f"{f.place.file}:{f.place.line}", f.reason, f.detail) for f in odd if f.remark]
    faults = [*repeated, *check(entries), *errors]
    _print_faults(faults, remarks, as_json=as_json)
    if faults:
        tell(say("kb.check.failed", count=len(faults)))
        raise typer.Exit(1)
    said = sum(len(group.said) for group in words.groups)
    tell(say("kb.check.fine", count=len(entries), groups=len(words.groups), words=said))


def _print_faults(faults: list[Fault], remarks: list[Fault], *, as_json: bool) -> None:
    shown = [("kb.check.fault", fault) for fault in faults] + [("kb.check.remark", fault) for fault in remarks]
    if as_json:
        print_json(
            [
                {"id": f.id, "reason": say(f.reason), "detail": f.detail, "remark": key == "kb.check.remark"}
                for key, f in shown
            ]
        )
        return
    for key, fault in shown:
        console().print(say(key, id=fault.id, reason=say(fault.reason), detail=fault.detail), soft_wrap=True)
