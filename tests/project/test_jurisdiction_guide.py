"""The guide to a new jurisdiction names every file, every key and every word that a rule book can contain."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
import pytest

from agent_console.domain.checks.book_check import STEP_NAMES
from agent_console.domain.confidentiality.confidentiality_rules import Confidentiality, Retention
from agent_console.domain.confidentiality.role_rules import RoleRule
from agent_console.domain.oversight.list_rules import ListRules
from agent_console.domain.oversight.report_rules import ReportRules
from agent_console.domain.rule_book import Clause
from agent_console.domain.time_limits.limits import LIMIT_NAMES, START_EVENTS
from agent_console.domain.time_limits.situation import Situation
from agent_console.domain.units.directory_rules import CONTACTS, DirectoryRules
from agent_console.domain.units.routing_rules import RoutingRules
from agent_console.domain.upkeep.article_rules import KnowledgeRules
from agent_console.domain.work_order.order_details import OrderDetails
from agent_console.domain.work_order.order_rules import OrderRules
from agent_console.domain.work_order.orders import OrderStatus
from agent_console.resources import limits, refusals, rule_books
from agent_console.resources.rule_books import FILES
from agent_console.texts import TEXTS
from knowledge.screening.model import CLASSES
from tests.support.project import ROOT

GUIDE = (ROOT / "docs" / "new-jurisdiction.md").read_text(encoding="utf-8")
FORMS: dict[str, type] = {
    "book.toml": rule_books._Book,
    "limits.toml": limits._Limits,
    "refusals.toml": refusals._RefusalFile,
    "clauses.toml": Clause,
    "orders.toml": OrderRules,
    "lists.toml": ListRules,
    "reports.toml": ReportRules,
    "directory.toml": DirectoryRules,
    "roles.toml": RoleRule,
    "routing.toml": RoutingRules,
    "knowledge.toml": KnowledgeRules,
    "confidentiality.toml": Confidentiality,
    "retention.toml": Retention,
    "places.toml": refusals._PlaceFile,
}
NOT_WRITTEN = ("inherited",)
"""Keys that reading fills in."""


def section(file: str) -> str:
    """What stands under the heading of a file, and under the headings for all files."""
    parts = GUIDE.split("\n## ")
    return "\n".join(part for part in parts if file in part.split("\n")[0] or "all files" in part.split("\n")[0])


def keys_and_words(form: Any) -> Iterator[str]:
    """Every key of a form and of the forms inside it, and every word of a fixed list."""
    if get_origin(form) is Literal:
        yield from (str(word) for word in get_args(form) if word)
    elif get_origin(form) in (Union, types.UnionType, dict, tuple, frozenset):
        for inner in get_args(form):
            yield from keys_and_words(inner)
    elif isinstance(form, type) and issubclass(form, msgspec.Struct):
        for field in msgspec.structs.fields(form):
            if field.name not in NOT_WRITTEN:
                yield field.encode_name
                yield from keys_and_words(field.type)


def unnamed(words: Any, text: str) -> list[str]:
    return sorted({word for word in words if word not in text})


@pytest.mark.parametrize("file", FILES)
def test_every_key_of_a_file_is_explained_under_its_heading(file: str) -> None:
    assert section(file)
    assert unnamed(keys_and_words(FORMS[file]), section(file)) == []


def test_every_name_a_book_can_use_is_listed() -> None:
    parts = [key.removeprefix("part.") for key in TEXTS if key.startswith("part.")]
    words = (
        *LIMIT_NAMES, *START_EVENTS, *STEP_NAMES, *CONTACTS, *CLASSES, *parts, *get_args(OrderStatus),
        *OrderDetails.__struct_fields__, *Situation.__struct_fields__, *rule_books.house().roles,
    )  # fmt: skip
    assert set(unnamed(words, GUIDE)) <= {"further"}
