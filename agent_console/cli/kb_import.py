"""`agent-console kb import`: documents and files of entries into the knowledge base, and what became of their lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import insist, settings_for
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.library import has_rule_book, knowledge_desk, opened_library
from agent_console.cli.output import console, print_json, tell
from agent_console.cli.progress import Bar, bar
from agent_console.domain.errors import BadInput
from agent_console.texts import say
from agent_console.texts.wording import refusal

if TYPE_CHECKING:
    from agent_console.desk.imports import Taken
    from knowledge.changes import Difference
    from knowledge.importing.documents import ReadDocument
    from knowledge.importing.report import ImportReport, Remark

_LONGEST_TEXT = 60
_MOST_LISTED = 20

Doc = Annotated[str | None, typer.Option("--doc", metavar="NAME", help=say("kb.help.doc"))]


class _NotForGood(Exception):
    """A dry run: everything was done and is taken back."""


def register(group: typer.Typer) -> None:
    """Add `import` to `kb`."""
    group.command("import", help=say("kb.help.import"))(import_)


def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help=say("kb.help.paths"))],
    doc: Doc = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("kb.help.dry_run"))] = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Read documents into the knowledge base and report what became of their lines."""
    from knowledge.importing.documents import read_document

    if doc is not None and len(paths) > 1:
        raise typer.BadParameter(say("kb.error.one_doc"), param_hint="--doc")
    with bar() as begin:
        # All are read before the first is stored: one that cannot be read leaves everything as it was.
        reading = ((path, begin(say("kb.progress.reading", file=path.name))) for path in paths)
        documents = [read_document(path, doc, progress) for path, progress in reading]
        _refuse_same_name(documents)
        todo = _Todo(paths, documents, named=doc is not None, dry_run=dry_run)
        outcomes = _taken_in(todo, acting, jurisdiction, begin)
    if as_json:
        print_json([_form(document, taken) for document, taken in zip(documents, outcomes, strict=True)])
        return
    for document, taken in zip(documents, outcomes, strict=True):
        _print(document.report, taken, dry_run=dry_run)


class _Todo(msgspec.Struct, frozen=True):
    paths: list[Path]
    documents: list[ReadDocument]
    named: bool
    dry_run: bool


def _refuse_same_name(documents: list[ReadDocument]) -> None:
    counts = Counter(document.report.doc for document in documents)
    for name, count in counts.items():
        if count > 1:
            raise BadInput("kb.error.same_doc", "kb.advice.same_doc", doc=name)


def _taken_in(todo: _Todo, acting: str, jurisdiction: str, begin: Bar) -> list[Taken]:
    outcomes: list[Taken] = []
    try:
        with _folder(dry_run=todo.dry_run) as folder:
            if has_rule_book(jurisdiction, acting):
                _by_the_book(todo, folder, acting, jurisdiction, begin, outcomes)
            else:
                _before_set_up(todo, folder, begin, outcomes)
    except _NotForGood:
        pass
    return outcomes


@contextmanager
def _folder(*, dry_run: bool) -> Iterator[Path]:
    """The console's home; a throw-away one for a dry run where there is no seat's file yet."""
    from agent_console.desk.opening import SEAT_FILE
    from agent_console.settings import home

    if not dry_run or (home() / SEAT_FILE).exists():
        yield home()
        return
    with TemporaryDirectory() as folder:
        yield Path(folder)


def _by_the_book(todo: _Todo, folder: Path, acting: str, jurisdiction: str, begin: Bar, outcomes: list[Taken]) -> None:
    from agent_console.desk.imports import Taken, take_in
    from agent_console.store.private_files import digest_of
    from knowledge.importing import kept_files
    from knowledge.importing.keeping import keep_report

    acting = acting or _keeper(jurisdiction)
    with knowledge_desk(jurisdiction, acting, folder) as opened, opened.desk.transaction():
        for path, document in zip(todo.paths, todo.documents, strict=True):
            progress = begin(say("kb.progress.storing", doc=document.report.doc))
            sha256 = digest_of(path)
            taken = take_in(opened, document, sha256, named=todo.named, progress=progress)
            if not isinstance(taken, Taken):
                insist(taken)
                raise AssertionError(path)
            outcomes.append(taken)
            if not todo.dry_run:
                kept_files.keep(folder, path, sha256)
                keep_report(document.report)
        if todo.dry_run:
            raise _NotForGood


def _keeper(jurisdiction: str) -> str:
    """Who acts where nobody is named: on a lone seat the one who keeps the knowledge base, with a server its token."""
    from agent_console.domain.upkeep.article_imports import keepers
    from agent_console.resources.rule_books import load_book

    settings = settings_for(jurisdiction)
    return "" if settings.server else next(iter(keepers(load_book(settings.jurisdiction).knowledge)), "")


def _before_set_up(todo: _Todo, folder: Path, begin: Bar, outcomes: list[Taken]) -> None:
    """No rule book says yet who may do what."""
    from agent_console.desk.imports import Taken
    from agent_console.store.connection import transaction
    from knowledge.importing.keeping import keep_report
    from knowledge.library import Import

    with opened_library(folder) as (library, clock), transaction(library.connection):
        for entries, report, comes_back in map(msgspec.structs.astuple, todo.documents):
            progress = begin(say("kb.progress.storing", doc=report.doc))
            facts = (len(entries), len(report.doubtful), len(report.set_aside))
            store = library.take_back if comes_back else library.replace_document
            outcomes.append(Taken(store(Import(report.doc, report.file, clock.now(), *facts), entries, progress)))
            if not todo.dry_run:
                keep_report(report)
        if todo.dry_run:
            raise _NotForGood


def _form(document: ReadDocument, taken: Taken) -> dict[str, Any]:
    change = taken.change
    differences: dict[str, list[dict[str, object]]] = {kind: [] for kind in ("added", "changed", "removed", "kept")}
    for one in change.differences:
        differences[one.kind].append({"id": one.id, "title": one.title, "fields": one.fields})
    refused = [{"id": one.id, "title": one.title, "why": refusal(one.decision)} for one in taken.refused]
    more = {"unchanged": change.unchanged, "drafted": taken.drafted, "offered": taken.offered, "refused": refused}
    return {**msgspec.to_builtins(document.report), "change": {**differences, **more}}


def _print(report: ImportReport, taken: Taken, *, dry_run: bool) -> None:
    out, change = console(), taken.change
    out.print(say("kb.report.taken", doc=report.doc, file=report.file, count=len(report.taken)))
    for reason, count in Counter(remark.reason for remark in report.mended).items():
        out.print(say("kb.report.mended", reason=say(reason), count=count))
    _print_remarks(say("kb.report.doubtful"), report.doubtful)
    _print_remarks(say("kb.report.set_aside"), report.set_aside)
    counts = {"added": change.added, "changed": change.changed, "unchanged": change.unchanged}
    key = "foreseen" if dry_run else "drafted" if taken.drafted else "stored"
    out.print(say(f"kb.report.{key}", removed=change.removed, **counts))
    if dry_run:
        for kind in ("changed", "removed", "added"):
            _print_differences([one for one in change.differences if one.kind == kind])
        tell(say("kb.report.dry_run"))
    offered = set(taken.offered)
    for entry_id in change.edited:
        tell(say("kb.report.offered" if entry_id in offered else "kb.report.edited", id=entry_id))
    for one in taken.refused:
        tell(say("kb.report.refused", id=one.id, title=one.title, why=refusal(one.decision)))


def _print_differences(found: list[Difference]) -> None:
    from knowledge.importing.columns import COLUMNS

    for one in found[:_MOST_LISTED]:
        fields = say("sign.list").join(COLUMNS[field][0] for field in one.fields)
        line = say(f"kb.report.{one.kind}", id=one.id, title=one.title, fields=fields)
        console().print(line, soft_wrap=True)
    if len(found) > _MOST_LISTED:
        console().print(say("kb.report.more", count=len(found) - _MOST_LISTED))


def _print_remarks(head: str, remarks: list[Remark]) -> None:
    out = console()
    if remarks:
        out.print(say("kb.report.head", head=head, count=len(remarks)))
    for remark in remarks:
        text = remark.text if len(remark.text) <= _LONGEST_TEXT else remark.text[:_LONGEST_TEXT] + "…"
        kept = say("kb.report.kept") if remark.kept else ""
        out.print(
            say("kb.report.line", line=remark.line, reason=say(remark.reason), kept=kept, text=text), soft_wrap=True
        )
