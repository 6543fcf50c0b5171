"""`agent-console kb search`: ranked entries, and why each matched."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent_console.cli.output import console, print_json, run_batch, tell
from agent_console.cli.progress import bar
from agent_console.domain.errors import BadInput
from agent_console.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.text import Text

    from knowledge.search.entry import Hit, Mark, SearchEntry
    from knowledge.search.kept import KeptSearch
    from knowledge.validity import Lapse

ANYWHERE = "any"
"""Word for no rule book in particular."""
_BATCH_LIMIT = 20
_BEFORE, _WIDTH = 12, 66


def register(app: typer.Typer) -> None:
    """Add `search` to the noun `kb`."""
    app.command("search", help=say("search.help"))(search)


def search(
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help=say("search.help.query"))] = None,
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j", help=say("search.help.jurisdiction"))] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help=say("search.help.limit"))] = 10,
    as_json: Annotated[bool, typer.Option("--json", help=say("kb.help.json"))] = False,
    batch: Annotated[Path | None, typer.Option("--batch", metavar="FILE", help=say("search.help.batch"))] = None,
) -> None:
    """Search the knowledge base."""
    from knowledge.validity import holding_first

    if (query is None) == (batch is None):
        raise typer.BadParameter(say("search.error.either"), param_hint="QUERY / --batch")
    if batch is not None:
        _answer_file(batch)
        return
    asked = _code(jurisdiction or _own_jurisdiction())
    with _opened() as (searching, lapsed):
        hits = holding_first(searching.search(query or "", jurisdiction=asked, limit=limit), lapsed)
        found = [(hit, entry) for hit in hits if (entry := searching.entry(hit.id))]
    if as_json:
        print_json([{**_plain(hit, entry), "lapsed": lapsed.get(hit.id, "")} for hit, entry in found])
    elif found:
        _print(found, lapsed)
    else:
        tell(say("search.nothing", query=query or ""))


def _answer_file(path: Path) -> None:
    from knowledge.search.entries import numbered_sources
    from knowledge.validity import holding_first

    def answer(line: dict[str, Any]) -> dict[str, Any]:
        query, name = line.get("query"), line.get("jurisdiction", ANYWHERE)
        if not isinstance(query, str) or not isinstance(name, str):
            raise BadInput("search.error.line", "search.advice.line")
        code = _code(name)
        hits = holding_first(searching.search(query, jurisdiction=code, limit=_BATCH_LIMIT), lapsed)
        return {"predicted": numbered_sources(hits, code)}

    with _opened() as (searching, lapsed):
        run_batch(path, answer)


@contextmanager
def _opened() -> Iterator[tuple[KeptSearch, dict[str, Lapse]]]:
    """The search over the knowledge base of this seat, and which entries do not hold today."""
    from agent_console.cli.library import opened_library
    from agent_console.domain.instants import local_date
    from agent_console.resources.rule_books import parent_of
    from agent_console.settings import home
    from knowledge.search.kept import INDEX_FILE, KeptSearch

    with opened_library() as (library, clock):
        with bar() as begin:
            told, size = begin(say("kb.progress.indexing")), library.size()
            searching = KeptSearch(
                library, home() / INDEX_FILE, parent_of, at_once=True, progress=lambda count: told(count, size)
            )
        yield searching, library.lapsed(local_date(clock.now()))


def _own_jurisdiction() -> str:
    from agent_console.settings import home, load_settings

    return load_settings(home()).jurisdiction


def _code(name: str) -> str:
    """Code of a rule book named by code or prefix; empty for any. Raises UnknownName."""
    from agent_console.resources.rule_books import jurisdiction_code

    return "" if name in ("", ANYWHERE) else jurisdiction_code(name)


def _plain(hit: Hit, entry: SearchEntry) -> dict[str, Any]:
    why = [
        {
            "field": mark.field,
            "item": mark.item,
            "start": mark.start,
            "end": mark.end,
            "how": mark.how,
            "text": entry.texts(mark.field)[mark.item][mark.start : mark.end],
        }
        for mark in hit.why
    ]
    return {"id": hit.id, "title": hit.title, "score": hit.score, "sources": hit.sources, "why": why}


def _print(found: Sequence[tuple[Hit, SearchEntry]], lapsed: Mapping[str, Lapse]) -> None:
    from rich.text import Text

    out = console()
    for number, (hit, entry) in enumerate(found, 1):
        title = _underlined(entry.title, [mark for mark in hit.why if mark.field == "title"], Text(style="bold"))
        mark = say(f"answers.{lapsed[hit.id]}") if hit.id in lapsed else ""
        out.print(Text(f"{number:>2} {mark}").append_text(title).append(f"  {hit.id}", style="dim"))
        for marks in _other_fields(hit.why):
            snippet = _snippet(entry, marks)
            snippet.truncate(out.width, overflow="ellipsis")
            out.print(snippet)
        out.print(Text("   " + _reasons(hit), style="dim"))


def _other_fields(why: Sequence[Mark]) -> list[list[Mark]]:
    groups: dict[tuple[str, int], list[Mark]] = {}
    for mark in why:
        if mark.field != "title":
            groups.setdefault((mark.field, mark.item), []).append(mark)
    return list(groups.values())


def _snippet(entry: SearchEntry, marks: Sequence[Mark]) -> Text:
    """The neighbourhood of the first mark, on one line."""
    from rich.text import Text

    text = entry.texts(marks[0].field)[marks[0].item]
    start = max(0, marks[0].start - _BEFORE)
    end = min(len(text), start + _WIDTH)
    found = Text("   " + say(f"search.field.{marks[0].field}") + ("…" if start else ""))
    shifted = [(max(0, mark.start - start), mark.end - start) for mark in marks if mark.start < end]
    part = Text(text[start:end].replace("\n", " "))
    for first, last in shifted:
        part.stylize("underline", first, last)
    return found.append_text(part).append("…" if end < len(text) else "")


def _underlined(text: str, marks: Sequence[Mark], into: Text) -> Text:
    into.append(text)
    for mark in marks:
        into.stylize("underline", mark.start, mark.end)
    return into


def _reasons(hit: Hit) -> str:
    kinds = "、".join(say(f"search.how.{how}") for how in dict.fromkeys(mark.how for mark in hit.why))
    sources = " ".join(
        source.doc if source.article is None else f"{source.doc}:{source.article}" for source in hit.sources
    )
    told = {"kinds": kinds or say("search.how.word"), "score": str(hit.score)}
    return say("search.reasons", sources=sources, **told) if sources else say("search.reasons_alone", **told)
