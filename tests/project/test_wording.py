"""Every sentence the code names is worded, in the one place where words stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from agent_console.domain.rule_book import RuleBook
from agent_console.resources.rule_books import load_book
from agent_console.texts import TEXTS
from tests.support.project import modules
from tests.support.rule_of import FIVE

NAMING = {"message", "say", "BadInput", "UnknownName", "StoreError", "StoreIsNewer", "StoreReadOnly", "StoreFull"}


def named_keys() -> Iterator[tuple[str, str]]:
    """Module and key of every sentence that is named with a plain string."""
    for dotted, tree in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            if ast.unparse(node.func).rpartition(".")[2] not in NAMING:
                continue
            for argument in node.args[:2]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and "." in argument.value:
                    yield dotted, argument.value


def fields_asked_for(book: RuleBook) -> set[str]:
    fields = {required.field for required in book.required} | set(book.refusing.requires)
    fields |= {need for item in book.refusals for need in item.needs}
    return fields | {required.field for step in book.steps.values() for required in step.requires}


def test_every_sentence_that_is_named_has_its_wording() -> None:
    assert sorted({(dotted, key) for dotted, key in named_keys() if key not in TEXTS}) == []


def test_every_field_a_rule_book_asks_for_has_a_name() -> None:
    asked = set().union(*(fields_asked_for(load_book(code)) for code in FIVE))
    assert sorted(field for field in asked if f"field.{field}" not in TEXTS) == []


def test_every_role_of_a_rule_book_has_a_name() -> None:
    steps = [step for code in FIVE for step in load_book(code).steps.values()]
    roles = {role for step in steps for role in (*step.roles, *step.decided_by)}
    assert sorted(role for role in roles if f"role.{role}" not in TEXTS) == []
