"""Reading an entry in full while a caller waits, copying from it, and leafing through the knowledge base."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest
from textual.widgets import OptionList, Static

from agent_console.domain.intake.outcomes import Answered
from knowledge.article import Article, Source
from knowledge.library import Import, Library
from knowledge.reading import Reading
from screens.article_screen import ArticleScreen
from screens.knowledge_screen import KnowledgeScreen
from screens.portions import portions, seconds

from ..conftest import Office
from ..support.shelf import EDITOR
from .conftest import Sit
from .seating import NARROW, WIDE, Operator
from .snapshots import check

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
SENTENCE = "办蓝鞋子登记，要带上身份证和买鞋子的凭据，到您住的那个区的窗口去办，当场就能拿到登记证，不收钱。"
BODY = "\n".join([SENTENCE * 2, "自己去不了的，可以请家里人代办，代办的人要带上两个人的身份证。", *[SENTENCE] * 6])
TOWN = "town"
OTHERS = ("绿帽子年检在哪里", "红围巾登记怎么办", "木头桥收费标准")


def entries() -> list[Article]:
    """One long entry and some others, of two classes and two rule books."""
    shoes = Article(
        id="town-1", title="蓝鞋子登记在哪里办", body=BODY, class_="办事指南", jurisdictions=("fujian",), doc=TOWN,
        sources=(Source("fujian", 3),), owner="城市管理局", origin="import",
    )  # fmt: skip
    rest = [
        msgspec.structs.replace(
            shoes, id=f"town-{number}", title=title, body="请说地点。", class_="政策", jurisdictions=("hebi",), owner=""
        )
        for number, title in enumerate(OTHERS, 2)
    ]
    return [shoes, *rest]


@pytest.fixture(autouse=True)
def town(office: Office) -> Library:
    library = Library(office("fujian", EDITOR).store.connection)
    library.load_stock([])
    library.replace_document(Import(TOWN, "town.json", 1, 4, 0, 0), entries())
    return library


async def opened(operator: Operator) -> ArticleScreen:
    """The entry on blue shoes in full, in a call."""
    await operator.take()
    await operator.write("蓝鞋子登记")
    assert operator.answers.found[0].id == "town-1"
    await operator.press("ctrl+o")
    screen = await operator.screen(ArticleScreen)
    await operator.until(lambda: screen.opened is not None and screen.query(".portion"))
    await operator.settle()
    return screen


async def leafed(operator: Operator) -> KnowledgeScreen:
    """The list of all entries."""
    await operator.lead("8")
    screen = await operator.screen(KnowledgeScreen)
    await operator.until(lambda: screen.shown)
    await operator.settle()
    return screen


def titles(screen: KnowledgeScreen) -> list[str]:
    """Ids of what is listed."""
    return [row.id for row in screen.shown]


def test_portions_are_whole_sentences_and_nothing_is_lost() -> None:
    parts = portions(BODY)
    assert "".join(parts) == BODY.replace("\n", "")
    assert all(part.endswith("。") for part in parts)
    assert max(map(len, parts)) <= 90
    assert seconds("一" * 240) == 60


async def test_the_place_where_one_stopped_reading_is_there_again(sit: Sit) -> None:
    async with sit() as operator:
        screen = await opened(operator)
        pace = str(screen.query_one("#article-pace", Static).render())
        assert pace.startswith("第 1/9 段")
        await operator.press("space", "down")
        marked = [place for place, one in enumerate(screen.query(".portion")) if one.has_class("here")]
        assert (screen.here, marked) == (2, [2])
        await operator.press("f9")
        await operator.until(lambda: operator.app.screen is operator.seat)
        await operator.press("ctrl+o")
        again = await operator.screen(ArticleScreen)
        await operator.until(lambda: again.opened is not None and again.query(".portion.here"))
        assert again.here == 2


async def test_one_key_copies_what_is_read_into_the_note(sit: Sit) -> None:
    async with sit() as operator:
        await opened(operator)
        await operator.press("down", "n")
        await operator.until(lambda: "已抄入记录" in operator.told)
        assert operator.note.text == "蓝鞋子登记" + portions(BODY)[1]
        await operator.press("f9")
        await operator.until(lambda: operator.app.screen is operator.seat)
        await operator.press("ctrl+n")
        assert operator.note.text.endswith(portions(BODY)[1] + portions(BODY)[0])
        await operator.saved()
        assert operator.draft == operator.note.text


async def test_one_key_answers_the_matter_in_the_words_that_were_read(sit: Sit) -> None:
    async with sit() as operator:
        await opened(operator)
        await operator.press("d")
        await operator.press("enter")
        await operator.until(lambda: operator.outcome is not None)
        assert operator.outcome == Answered("town-1", 1)
        assert operator.app.screen is operator.seat


async def test_nothing_is_copied_without_a_call(sit: Sit) -> None:
    async with sit() as operator:
        screen = await leafed(operator)
        screen.open("town-1")
        article = await operator.screen(ArticleScreen)
        await operator.until(lambda: article.opened is not None)
        await operator.press("n")
        assert "无处可写" in operator.told


async def test_pinned_and_lately_opened_entries_stand_first(sit: Sit) -> None:
    async with sit() as operator:
        screen = await leafed(operator)
        assert titles(screen)[:4] == ["town-1", "town-2", "town-3", "town-4"]
        screen.query_one("#list-rows", OptionList).highlighted = 3
        await operator.press("f8")
        await operator.until(lambda: titles(screen)[0] == "town-4")
        screen.open("town-2")
        await operator.screen(ArticleScreen)
        await operator.press("f9")
        await operator.until(lambda: titles(screen)[:3] == ["town-4", "town-2", "town-1"])
        assert Reading(operator.desk.store.connection).habit("town-4").pinned_at


async def test_leafing_by_class_by_rule_book_and_by_words(sit: Sit) -> None:
    async with sit() as operator:
        screen = await leafed(operator)
        await operator.press("f6")
        await operator.pick("政策（3 条）")
        await operator.until(lambda: titles(screen) == ["town-2", "town-3", "town-4"])
        await operator.key_in("围巾")
        await operator.until(lambda: titles(screen) == ["town-3"])
        await operator.press("backspace", "backspace", "f6")
        await operator.pick("全部")
        await operator.press("f7")
        await operator.pick("福建")
        await operator.until(lambda: "town-1" in titles(screen) and "town-2" not in titles(screen))


async def test_an_entry_whose_time_is_over_is_marked_and_comes_last(sit: Sit, town: Library) -> None:
    over = [msgspec.structs.replace(one, valid_until=date(2026, 3, 1)) for one in entries()[:1]]
    later = msgspec.structs.replace(entries()[1], title="新的蓝鞋子登记表怎么填", id="town-9")
    town.replace_document(Import(TOWN, "town.json", 1, 2, 0, 0), [*over, later])
    async with sit() as operator:
        await operator.take()
        await operator.write("蓝鞋子登记")
        assert operator.answers.found[-1].id == "town-1"
        assert operator.answers.found[0].id != "town-1"
        assert "〔已过期〕" in str(
            operator.answers.query_one("#hits", OptionList).get_option_at_index(len(operator.answers.found) - 1).prompt
        )


@SIZES
async def test_an_entry_in_full(sit: Sit, tmp_path: Path, size: tuple[int, int]) -> None:
    async with sit(size=size) as operator:
        await opened(operator)
        await operator.press("down", "down")
        await operator.settle()
        check(operator.app, f"article-{size[0]}", tmp_path)


@SIZES
async def test_the_list_of_entries(
    sit: Sit, tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from knowledge import library

    # The entries that ship change with every release of the console; the picture does not.
    monkeypatch.setattr(library, "read_stock", lambda: [])
    async with sit(size=size) as operator:
        screen = await leafed(operator)
        screen.query_one("#list-rows", OptionList).highlighted = 1
        await operator.press("f8")
        await operator.until(lambda: titles(screen)[0] == "town-2")
        await operator.settle()
        check(operator.app, f"knowledge-{size[0]}", tmp_path)
