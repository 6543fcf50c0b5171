"""Nothing of one rule book speaks in another: all are loaded, the same steps are walked, each cites its own clauses."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from agent_console.domain.rule_book import RuleBook
from agent_console.resources.rule_books import jurisdiction_codes, load_book

from ..cli.conftest import Ask

CLAUSE = re.compile(r"\b([A-Z]{2})-\d")
PREFIXES = {"fujian": "FJ", "zhijiang": "ZJ", "binzhou": "BZ", "hebi": "HB", "fuzhou": "FZ", "yunting": "YT"}
CHANNELS = {"hebi": "12345_hotline", "yunting": "kiosk"}
CALLERS = {"binzhou": "public", "hebi": "individual", "yunting": "islander"}
KINDS = {"yunting": "报修"}


@pytest.fixture(autouse=True)
def all_loaded(yunting: object) -> None:
    for code in jurisdiction_codes():
        load_book(code)


def cited(value: Any) -> set[str]:
    """Prefixes of every clause that stands anywhere in it."""
    return set(CLAUSE.findall(value if isinstance(value, str) else msgspec.json.encode(value).decode()))


def walked(ask: Ask, code: str) -> str:
    """Everything the console says while an order is raised, handed out, taken, asked for, refused and shown."""
    own = ("--jurisdiction", code)
    form = (
        "--title=路灯不亮", "--content=三天不亮", "--caller-name=陈某", "--district=城区",
        "--caller-number=13800000001",
        "--point=一号桥", "--lead=城市管理局", f"--kind={KINDS.get(code, '投诉')}",
        f"--channel={CHANNELS.get(code, 'phone')}", f"--caller-type={CALLERS.get(code, 'citizen')}",
    )  # fmt: skip
    number = ask("order", "raise", *form, *own, "--json").json["number"]
    clerk = "--as=unit_clerk:城市管理局:王"
    told = []
    for words in (
        ("order", "raise", "--kind=问天", *own),
        ("order", "complete", number, *own, clerk),
        ("order", "dispatch", number, *own),
        ("order", "return", number, *own, clerk),
        ("order", "sign", number, *own, clerk, "--department=科", "--officer=王"),
        ("order", "show", number, *own),
        ("order", "extend", number, *own, clerk, "--days=99"),
        ("order", "extend", number, *own, "--as=operator"),
        ("order", "complete", number, *own, clerk),
        ("order", "complete", number, *own, "--as=unit_clerk:水利局:王"),
        ("order", "rate", number, "satisfied", *own),
        ("order", "redo", number, *own),
        ("order", "archive", number, *own),
        ("order", "reassign", number, *own, "--lead=水利局"),
        ("order", "records", *own),
        ("order", "lists", *own, "--as=lead"),
        ("report", "list", *own),
        ("unit", "check", *own),
        ("call", "log", *own, "--refused=XX-1", "--note=x"),
        ("screen", "我已经向法院起诉", *own),
        ("deadline", *own, "--limit=handle", "--kind=咨询", "--start=2026-03-02T09:00"),
    ):
        answer = ask(*words)
        assert answer.code in (0, 1, 3), (words, answer)
        told.append(answer.out + answer.err)
    return "\n".join(told).replace("XX-1", "")


@pytest.mark.parametrize("code", ["fujian", "zhijiang", "binzhou", "hebi", "yunting"])
def test_the_same_steps_cite_no_clause_of_another_book(ask: Ask, code: str) -> None:
    assert cited(walked(ask, code)) == {PREFIXES[code]}


def test_fuzhou_cites_its_own_and_what_it_inherits_from_fujian(ask: Ask) -> None:
    told = walked(ask, "fuzhou")
    assert cited(told) == {"FZ", "FJ"}
    assert "福建省办法" in told


@pytest.mark.parametrize("code", ["fujian", "zhijiang", "binzhou", "hebi", "yunting", "fuzhou"])
def test_a_book_names_no_clause_of_another(code: str) -> None:
    book = load_book(code)
    allowed = {"FZ", "FJ"} if code == "fuzhou" else {PREFIXES[code]}
    assert PREFIXES[code] in cited(contents(book)) <= allowed


def contents(book: RuleBook) -> Any:
    return msgspec.to_builtins(book)
