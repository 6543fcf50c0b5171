"""Every sentence the code names has a wording, and the code fills its gaps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple, get_args

import pytest

from agent_console.domain import errors
from agent_console.domain.intake.calls import CallStatus
from agent_console.domain.intake.outcomes import Outcome
from agent_console.domain.intake.seats import Activity
from agent_console.domain.work_order.orders import OrderDetails, OrderStatus
from agent_console.resources.rule_books import jurisdiction_codes, load_book, load_clauses
from agent_console.texts import TEXTS

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("agent_console", "knowledge", "screens") for path in (ROOT / folder).rglob("*.py"))
ERRORS = {
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.ConsoleError)
} | {"StreamMoved"}
KEY = re.compile(r"(error|advice|help|head|reason|link|doctor|decision)(\.[a-z0-9_]+)*\.[a-z0-9_]*[a-z0-9]")


class Named(NamedTuple):
    """A key that stands in the code, where, and the fields that fill its gaps; None where they cannot be seen."""

    key: str
    place: str
    fields: frozenset[str] | None


def _fields(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name)


def _function(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _texts(node: ast.expr) -> Iterator[str]:
    """The constant a key argument may be, `a if x else b` counted as both."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body)
            yield from _texts(orelse)


def _named_in(path: Path) -> Iterator[Named]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = _function(node)
        keys = 1 if function in ("say", "message") else 2 if function in ERRORS else 0
        for argument in node.args[:keys]:
            for key in _texts(argument):
                yield Named(key, f"{path.relative_to(ROOT)}:{node.lineno}", _fields(node))


NAMED = [named for path in SOURCES for named in _named_in(path)]


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_keys_are_found_at_all() -> None:
    assert len(NAMED) > 100


def test_every_key_has_a_wording() -> None:
    assert [(named.key, named.place) for named in NAMED if named.key not in TEXTS] == []


def test_every_gap_is_filled() -> None:
    empty = [
        (named.key, named.place, sorted(gaps))
        for named in NAMED
        if named.fields is not None and (gaps := _gaps(TEXTS.get(named.key, "")) - named.fields)
    ]
    assert empty == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_keys_that_travel_have_a_wording(path: Path) -> None:
    """Keys kept in tables or handed on, told by their first word."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert [text for text in constants if isinstance(text, str) and KEY.fullmatch(text) and text not in TEXTS] == []


def _names(sort: str, of: Any) -> list[str]:
    return [f"{sort}.{name}" for name in get_args(of)]


def test_names_of_what_the_domain_lists() -> None:
    outcomes = [f"outcome.{struct.__struct_config__.tag}" for struct in get_args(Outcome)]
    keys = [
        *_names("call_status", CallStatus),
        *_names("order_status", OrderStatus),
        *_names("order.step_not_now", OrderStatus),
        *_names("order.next_step", OrderStatus),
        *_names("activity", Activity),
        *outcomes,
        *(f"field.{name}" for name in OrderDetails.__struct_fields__),
    ]
    assert [key for key in keys if key not in TEXTS] == []


@pytest.mark.parametrize("code", jurisdiction_codes())
def test_names_of_what_the_rule_books_say(code: str) -> None:
    book = load_book(code)
    steps = book.steps.values()
    keys = {
        *(f"role.{role}" for step in steps for role in (*step.roles, *step.decided_by)),
        *(f"field.{field.field}" for step in steps for field in step.requires),
        *(f"field.{field.field}" for field in book.required),
        *(f"field.{name}" for item in book.refusals for name in item.needs),
        *(f"field.{name}" for name in book.refusing.requires),
        *(f"part.{clause.part}" for clause in load_clauses(code)),
        f"book_status.{book.status}",
    }
    assert sorted(keys - set(TEXTS)) == []


def test_facts_have_names_for_the_time_line() -> None:
    domain = (ROOT / "agent_console" / "domain").rglob("*.py")
    calls = (node for path in domain for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    facts = [
        key
        for node in calls
        if isinstance(node, ast.Call) and _function(node) == "fact"
        for key in _texts(node.args[0])
    ]
    assert len(facts) > 20
    assert [name for name in facts if f"fact.{name}" not in TEXTS] == []


def test_a_key_that_is_put_together_begins_like_one_that_exists() -> None:
    lost = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _function(node) in ("say", "message") and node.args:
                start = _start(node.args[0])
                lost += [] if any(key.startswith(start) for key in TEXTS) else [(start, path.name, node.lineno)]
    assert lost == []


def _start(argument: ast.expr) -> str:
    """Constant beginning of an f-string; "" for anything else."""
    if isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
        return str(argument.values[0].value)
    return ""
