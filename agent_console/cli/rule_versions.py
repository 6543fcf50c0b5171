"""`agent-console rules --versions`, `--version`: the versions of rule books that orders run under."""

from __future__ import annotations

from typing import Any

from agent_console.cli.acting import desk_of
from agent_console.cli.forms import moment
from agent_console.cli.output import print_json
from agent_console.desk.books import kept_book
from agent_console.domain.errors import UnknownName
from agent_console.domain.rule_book import Clause
from agent_console.resources.rule_books import load_book, load_clauses
from agent_console.store.books import KeptVersion
from agent_console.texts import say
from agent_console.texts.wording import moment as shown_moment


def show_versions(jurisdiction: str, *, as_json: bool) -> None:
    """Every version an order of this seat was raised under, and how many run under it."""
    with desk_of(jurisdiction) as opened:
        code = opened.desk.rule_book.code
        kept = [version for version in opened.store.books.versions() if version.code == code or not jurisdiction]
        readable = {one.version: kept_book(opened.store.books, one.code, one.version) is not None for one in kept}
    lines = [_form(one, is_readable=readable[one.version]) for one in kept]
    if as_json:
        print_json(lines)
    else:
        _print(kept, lines)


def clauses_of(code: str, version: str) -> tuple[Clause, ...]:
    """Clauses of a book as they stood in a version. Raises UnknownName where it is not kept or cannot be read."""
    if version == load_book(code).version:
        return load_clauses(code)
    with desk_of(code) as opened:
        found = kept_book(opened.store.books, code, version)
    if found is None:
        raise UnknownName("error.book_version", "advice.book_version", version=version, code=code)
    return found[1]


def _form(kept: KeptVersion, *, is_readable: bool) -> dict[str, Any]:
    return {
        "code": kept.code,
        "version": kept.version,
        "since": moment(kept.kept_at),
        "orders": kept.orders,
        "running": kept.running,
        "present": kept.version == load_book(kept.code).version,
        "readable": is_readable,
    }


def _print(kept: list[KeptVersion], lines: list[dict[str, Any]]) -> None:
    from agent_console.cli.tables import column, print_rows

    heads = ("head.book", "head.version", "head.kept_since", "head.orders", "head.running", "head.remark")
    rows = []
    for one, line in zip(kept, lines, strict=True):
        remark = "book.present" if line["present"] else "book.kept" if line["readable"] else "book.unreadable"
        counts = (str(one.orders), str(one.running))
        title = load_book(one.code).short_title
        rows.append((title, one.version, shown_moment(one.kept_at), *counts, say(remark)))
    print_rows([column(head, prose=head == "head.remark") for head in heads], rows)
