"""Entries in Markdown: each begins with front matter, or with a heading and a list of facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from knowledge.importing.columns import FIELD_OF, LISTS, Row
from knowledge.importing.tables import Table

FENCE = "---"
FENCE_IN_BODY = re.compile(r"^(?=\\*---[ \t]*$)", re.MULTILINE)
"""Before a line of a body that would look like the beginning of the next entry; a backslash there says it is not."""

_HEADING = re.compile(r"^(#{1,6})\s+(\S.*?)\s*#*\s*$")
_BULLET = re.compile(r"^[-*]\s*([\w\u4e00-\u9fff]{1,12})\s*[:：]\s*(.*)$")
_FACT = re.compile(r"^([^\s:：#\-][^:：]{0,30}?)\s*[:：]\s*(.*)$")
_ITEM = re.compile(r"^\s*-\s+(.*)$")
_ESCAPED_FENCE = re.compile(r"^\\(\\*---[ \t]*)$", re.MULTILINE)
_BREAK = re.compile(r"\r\n|\r")


def markdown_table(content: str) -> Table:
    """The entries of a Markdown text."""
    plain = _BREAK.sub("\n", content)
    rows = _front_matter_rows(plain) if has_front_matter(plain) else _heading_rows(plain)
    return Table(rows, plain.count("\n") + 1)


def has_front_matter(content: str) -> bool:
    """Whether the first entry begins with front matter."""
    return _begins(_BREAK.sub("\n", content).lstrip().split("\n", 2), 0)


def names_entries(content: str) -> bool:
    """Whether a text gives its entries numbers of their own, as an export does."""
    return any("id" in row.fields for row in markdown_table(content).rows)


def _begins(lines: list[str], place: int) -> bool:
    if lines[place].rstrip(" \t") != FENCE or place + 1 == len(lines):
        return False
    fact = _FACT.match(lines[place + 1])
    return fact is not None and fact[1].lower() in FIELD_OF


def _front_matter_rows(content: str) -> Iterator[Row]:
    lines = content.split("\n")
    starts = [place for place in range(len(lines)) if _begins(lines, place)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _front_matter_row(start + 1, lines[start + 1 : end])


def _front_matter_row(line: int, lines: list[str]) -> Row:
    closing = next((place for place, one in enumerate(lines) if one.rstrip(" \t") == FENCE), None)
    if closing is None:
        return Row(line, {"title": lines[0]}, "kb.doubt.front_matter")
    row = _facts(line, lines[:closing])
    body = lines[closing + 1 :]
    if "title" not in row.fields:
        _title_from_heading(row, body)
    row.fields["body"] = _ESCAPED_FENCE.sub(r"\1", "\n".join(body))
    return row


def _facts(line: int, lines: list[str]) -> Row:
    row = Row(line, {})
    open_list: list[str] = []
    for one in lines:
        item, fact = _ITEM.match(one), _FACT.match(one)
        if item:
            open_list.append(_value(item[1]))
        elif fact:
            open_list = []
            field = FIELD_OF.get(fact[1].lower(), fact[1])
            row.fields[field] = open_list if not fact[2].strip() and field in LISTS else _value(fact[2])
        elif one.strip() and not one.lstrip().startswith("#"):
            row.fault = "kb.doubt.front_matter"
    return row


def _value(written: str) -> str:
    plain = written.strip()
    if plain.startswith('"'):
        try:
            return msgspec.json.decode(plain, type=str)
        except msgspec.DecodeError:
            return plain
    return plain[1:-1] if len(plain) > 1 and plain[0] == plain[-1] == "'" else plain


def _title_from_heading(row: Row, body: list[str]) -> None:
    place = next((place for place, one in enumerate(body) if one.strip()), None)
    heading = _HEADING.match(body[place]) if place is not None else None
    if heading and place is not None:
        row.fields["title"] = heading[2]
        del body[: place + 1]


def _heading_rows(content: str) -> Iterator[Row]:
    """One row per heading that has text below it; a heading without text only groups others."""
    row: Row | None = None
    body: list[str] = []
    for number, line in enumerate(content.split("\n"), 1):
        heading = _HEADING.match(line)
        if heading:
            yield from _closed(row, body)
            row, body = Row(number, {"title": heading[2]}), []
        elif row:
            _add(row, body, line)
    yield from _closed(row, body)


def _closed(row: Row | None, body: list[str]) -> Iterator[Row]:
    if row is not None and any(line.strip() for line in body):
        row.fields["body"] = "\n".join(line.rstrip() for line in body)
        yield row


def _add(row: Row, body: list[str], line: str) -> None:
    bullet = _BULLET.match(line)
    field: Any = FIELD_OF.get(bullet[1].lower()) if bullet else None
    if bullet and field not in (None, "title", "body") and not any(one.strip() for one in body):
        row.fields[field] = bullet[2]
    else:
        body.append(line)
