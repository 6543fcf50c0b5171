"""What is exported comes back as it was, in every form and with every column."""

from __future__ import annotations

import string
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.article import Article, Source
from knowledge.exporting import export
from knowledge.importing.documents import read_document

FORMS = (".csv", ".xlsx", ".json", ".md")
_AWKWARD = "社保卡办，。；;、|\"'[]:：#-=_\\ <&>，x0041\t"
_TEXT = st.text(alphabet=string.ascii_letters + string.digits + _AWKWARD + "\n", min_size=1, max_size=40)
_FENCES = st.sampled_from(["---\ntitle: 假的\n---\n正文", "\\---", "## 小标题\n- 分类：甲", "第一条 甲。\n第二条 乙。"])
_BODIES = st.one_of(_TEXT, _FENCES).map(str.strip).filter(bool)
_LINES = st.text(alphabet=string.ascii_letters + string.digits + _AWKWARD, min_size=1, max_size=20)
_LINES = _LINES.map(str.strip).filter(bool)
_DAYS = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
_LISTS = st.lists(_LINES, max_size=3, unique=True).map(tuple)
_SOURCES = st.builds(Source, st.sampled_from(["fujian", "市民手册", "a 市 办法"]), st.none() | st.integers(1, 9999))


@st.composite
def articles(draw: st.DrawFn) -> list[Article]:
    """Entries of several documents, with something in every field."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        doc = draw(st.sampled_from(["town", "stock", "submitted", "云桥 手册"]))
        found.append(
            Article(
                id=f"{doc}-{number}",
                title=draw(_LINES),
                body=draw(_BODIES),
                version=draw(st.integers(1, 99)),
                questions=draw(_LISTS),
                keywords=draw(_LISTS),
                class_=draw(st.just("") | _LINES),
                jurisdictions=draw(st.sampled_from([(), ("hebi",), ("fujian", "别处")])),
                doc=doc,
                article=draw(st.none() | st.integers(1, 999)),
                chapter=draw(st.just("") | _LINES),
                sources=tuple(draw(st.lists(_SOURCES, max_size=5))),
                status=draw(st.sampled_from(["active", "withdrawn"])),
                valid_from=draw(_DAYS),
                valid_until=draw(_DAYS),
                published_on=draw(_DAYS),
                owner=draw(st.just("") | _LINES),
                updated_on=draw(_DAYS),
                released_by=draw(st.just("") | _LINES),
                local_check=draw(st.booleans()),
                origin={"stock": "stock", "submitted": "submitted"}.get(doc, "import"),  # type: ignore[arg-type]
            )
        )
    return found


@pytest.mark.parametrize("suffix", FORMS)
@given(entries=articles())
@settings(max_examples=60, deadline=None)
def test_every_column_comes_back(suffix: str, entries: list[Article]) -> None:
    with TemporaryDirectory() as folder:
        first, second = Path(folder) / f"all{suffix}", Path(folder) / f"again{suffix}"
        export(entries, first)
        document = read_document(first)
        assert not document.report.doubtful
        assert document.comes_back
        assert list(document.entries) == entries
        export(document.entries, second)
        if suffix != ".xlsx":
            # A workbook carries the time of its making.
            assert first.read_bytes() == second.read_bytes()


def test_no_column_of_an_entry_is_left_out() -> None:
    from knowledge.importing.columns import COLUMNS

    assert set(COLUMNS) == {field.encode_name for field in msgspec.structs.fields(Article)}
