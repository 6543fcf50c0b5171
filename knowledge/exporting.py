"""The knowledge base as a file that people and other programs can read, and `kb import` too."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.texts import say
from knowledge.article import Article
from knowledge.checking import source_name

_COLUMNS = (
    "id", "version", "title", "body", "questions", "keywords", "class", "jurisdictions", "doc", "article", "chapter",
    "sources", "status", "valid_from", "valid_until", "published_on", "owner", "local_check", "origin",
)  # fmt: skip


def export(articles: Sequence[Article], path: Path) -> None:
    """Write the entries, bodies included, in the form of the file's suffix: .csv, .json or .md.

    Raises BadInput for another suffix or where the file cannot be written.
    """
    writers = {".csv": _csv, ".json": _json, ".md": _markdown, ".markdown": _markdown}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise BadInput("kb.error.suffix", "kb.advice.export", path=str(path), suffix=path.suffix)
    try:
        path.write_bytes(writer(articles))
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error


def _json(articles: Sequence[Article]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(articles), indent=2) + b"\n"


def _csv(articles: Sequence[Article]) -> bytes:
    # The mark at the start lets spreadsheets read the file as UTF-8.
    out = io.StringIO("\ufeff", newline="")
    out.seek(1)
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for article in articles:
        plain = msgspec.to_builtins(article) | {"sources": [source_name(source) for source in article.sources]}
        writer.writerow([_cell(plain[column]) for column in _COLUMNS])
    return out.getvalue().encode()


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return "" if value is None else str(value)


def _markdown(articles: Sequence[Article]) -> bytes:
    return "\n".join(_markdown_entry(article) for article in articles).encode()


def _markdown_entry(article: Article) -> str:
    facts = {
        "kb.column.id": article.id,
        "kb.column.class": article.class_,
        "kb.column.jurisdictions": ";".join(article.jurisdictions),
        "kb.column.article": "" if article.article is None else str(article.article),
        "kb.column.questions": ";".join(article.questions),
        "kb.column.keywords": ";".join(article.keywords),
        "kb.column.sources": ";".join(map(source_name, article.sources)),
    }
    bullets = "\n".join(f"- {say(key)}：{value}" for key, value in facts.items() if value)
    return f"## {article.title}\n\n{bullets}\n\n{article.body}\n"
