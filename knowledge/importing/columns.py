"""Columns of files that hold entries: their names in either language, and how a cell is read."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import msgspec

from knowledge.article import Source

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("编号",),
    "version": ("版本",),
    "title": ("标题", "题目", "名称"),
    "body": ("正文", "内容", "答案", "content", "answer"),
    "questions": ("问法", "问题", "question"),
    "keywords": ("关键词", "关键字"),
    "class": ("分类", "类别"),
    "jurisdictions": ("地区",),
    "doc": ("文件",),
    "article": ("条",),
    "chapter": ("章",),
    "sources": ("来源", "依据", "source"),
    "status": ("状态",),
    "valid_from": ("生效日期",),
    "valid_until": ("有效期至", "失效日期"),
    "published_on": ("政策发布日期", "发布日期"),
    "owner": ("所属单位", "责任单位"),
    "updated_on": ("更新日期",),
    "released_by": ("发布人",),
    "local_check": ("待本地核实",),
    "origin": ("来历",),
}
"""Every column by its name, in the order of an export; the first Chinese one heads a workbook."""

FIELD_OF = {name: field for field, names in COLUMNS.items() for name in (field, *names)}
LISTS = frozenset({"questions", "keywords", "jurisdictions", "sources"})
SEPARATORS = re.compile(r"[;；、|\n]")
"""What parts the words of a cell that a person filled in."""

_SOURCE = re.compile(r"(?P<doc>[^:：#\s]+)(?:[:：#\s]\s*第?(?P<article>\d{1,4})条?)?")
_PLAIN_SOURCE = re.compile(r"(?P<doc>.+):(?P<article>\d{1,9})", re.DOTALL)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")
_NUMBER = re.compile(r"第?(\d{1,9})条?")
_YES = frozenset({"true", "1", "是", "yes", "待核实"})
_NO = frozenset({"", "false", "0", "否", "no"})
_STATUS = {"": "active", "active": "active", "withdrawn": "withdrawn", "有效": "active", "已撤下": "withdrawn"}


class Row(msgspec.Struct):
    """One entry of a file: the line it begins on, its cells by field, and what is wrong with the row as a whole."""

    line: int
    fields: dict[str, Any]
    fault: str = ""


class CellFault(ValueError):
    """A cell that cannot be read; `reason` names a sentence of the texts."""

    def __init__(self, reason: str, cell: str) -> None:
        """`cell` as it stands in the file."""
        super().__init__(reason)
        self.reason = reason
        self.cell = cell


def field_of(column: object) -> str:
    """The field that a column of that name holds; "" for one that is not known."""
    return FIELD_OF.get(text(column).lower(), "")


def text(value: object) -> str:
    """A cell as text; a spreadsheet's 3.0 is 3, its midnight a day."""
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat()
        case _:
            return str(value).strip()


def words(value: object) -> tuple[str, ...]:
    """The words of a cell, each once; one that begins with a bracket is a JSON array."""
    return tuple(dict.fromkeys(word for word in map(text, _parts(value)) if word))


def _parts(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    cell = text(value)
    if cell.startswith("["):
        try:
            return msgspec.json.decode(cell, type=list[str])
        except msgspec.DecodeError:
            pass
    return SEPARATORS.split(cell)


def sources(value: object) -> tuple[Source, ...]:
    """What an entry rests on. Raises CellFault."""
    return tuple(_source(part) for part in _parts(value) if isinstance(part, dict) or text(part))


def _source(part: object) -> Source:
    if isinstance(part, dict):
        doc, article = text(part.get("doc")), part.get("article")
        if doc and (article is None or isinstance(article, int)):
            return Source(doc, article)
        raise CellFault("kb.doubt.source", str(part))
    plain = text(part)
    match = _PLAIN_SOURCE.fullmatch(plain) or _SOURCE.fullmatch(plain)
    if match is None:
        return Source(plain)
    return Source(match["doc"], int(match["article"]) if match["article"] else None)


def day(value: object) -> date | None:
    """A calendar day; None for an empty cell. Raises CellFault."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    cell = text(value)
    if not cell:
        return None
    match = _DAY.fullmatch(cell)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else date.fromisoformat(cell)
    except ValueError as error:
        raise CellFault("kb.doubt.day", cell) from error


def number(value: object) -> int | None:
    """A number, also as 第20条; None for an empty cell. Raises CellFault."""
    cell = text(value)
    if not cell:
        return None
    match = _NUMBER.fullmatch(cell)
    if match is None:
        raise CellFault("kb.doubt.number", cell)
    return int(match[1])


def flag(value: object) -> bool:
    """Yes or no; an empty cell is no. Raises CellFault."""
    cell = text(value).lower()
    if cell in _YES:
        return True
    if cell in _NO:
        return False
    raise CellFault("kb.doubt.flag", cell)


def status(value: object) -> str:
    """Whether the entry holds; an empty cell says that it does. Raises CellFault."""
    cell = text(value)
    if cell not in _STATUS:
        raise CellFault("kb.doubt.status", cell)
    return _STATUS[cell]
