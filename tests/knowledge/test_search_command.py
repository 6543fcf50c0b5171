"""`agent-console kb search`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from agent_console.cli import kb
from agent_console.domain.errors import BadInput, UnknownName
from knowledge.search.entries import numbered_sources
from knowledge.search.entry import Hit, Source


def call(*words: str, given: str | None = None) -> Result:
    app = typer.Typer()
    kb.register(app)
    return CliRunner().invoke(app, ["kb", *words], input=given)


@pytest.fixture
def regulation(tmp_path: Path) -> Path:
    path = tmp_path / "hebi.txt"
    articles = (
        "第一条 为做好红帽子登记，制定本办法。",
        "第二条 红帽子由蓝鞋子办公室发放。",
        "第三条 本办法自发布之日起施行。",
    )
    path.write_text("\n".join(articles), encoding="utf-8")
    return path


def test_a_hit_says_why_it_matched(regulation: Path) -> None:
    assert call("import", str(regulation)).exit_code == 0
    result = call("search", "lanxiezi", "--jurisdiction", "HB", "--json", "--limit", "1")
    (hit,) = json.loads(result.stdout)
    assert hit["sources"] == [{"doc": "hebi", "article": 2}]
    assert {"蓝鞋子"} <= {mark["text"] for mark in hit["why"] if mark["how"] == "sound"}
    assert "蓝鞋子" in call("search", "蓝鞋子", "--jurisdiction", "hebi").stdout


def test_batch_answers_every_line_in_order_with_the_sources(regulation: Path) -> None:
    call("import", str(regulation))
    lines = [
        {"id": "b", "jurisdiction": "hebi", "query": "hmzdjzd"},
        {"id": "a", "jurisdiction": "any", "query": "蓝鞋子"},
        {"id": 3, "jurisdiction": "hebi", "query": "第三条"},
    ]
    result = call("search", "--batch", "-", given="\n".join(map(json.dumps, lines)))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["b", "a", 3]
    assert [answer["predicted"][0] for answer in answers] == [{"doc": "hebi", "article": n} for n in (1, 2, 3)]


def test_sources_come_once_and_those_of_the_asked_book_first() -> None:
    shared = (Source("fujian", 13), Source("hebi", 5), Source("fuzhou", None))
    hits = [Hit("x", 90, "x", sources=shared), Hit("y", 80, "y", sources=(Source("hebi", 5), Source("hebi", 6)))]
    assert numbered_sources(hits, "hebi") == [Source("hebi", 5), Source("fujian", 13), Source("hebi", 6)]
    assert numbered_sources(hits, "") == [Source("fujian", 13), Source("hebi", 5), Source("hebi", 6)]


def test_wrong_words_of_the_call_are_refused() -> None:
    assert call("search").exit_code == 2
    assert call("search", "卡", "--batch", "-").exit_code == 2
    assert isinstance(call("search", "卡", "--jurisdiction", "mars").exception, UnknownName)


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"query": 5}', '{"query": "卡", "jurisdiction": "mars"}'])
def test_a_broken_line_is_named(line: str) -> None:
    result = call("search", "--batch", "-", given='{"id": 0, "query": "卡"}\n' + line)
    assert isinstance(result.exception, BadInput)
    assert result.exception.message.fields["line"] == 2
    assert json.loads(result.stdout.splitlines()[0])["id"] == 0


def test_nothing_found_is_said_and_is_no_failure() -> None:
    result = call("search", "龘龘龘")
    assert result.exit_code == 0
    assert result.stdout == ""
