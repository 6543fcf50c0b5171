"""Cutting a regulation at its headings, whatever happened to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .invented import BODIES, CHAPTERS, TITLE, lines, read, text, with_number

ALL = list(range(1, len(BODIES) + 1))


def one_line(separator: str = "") -> str:
    return "".join(lines()).replace("条 ", f"条{separator}")


def test_an_undamaged_text_gives_its_articles_and_nothing_doubtful(tmp_path: Path) -> None:
    imported = read(tmp_path, text())
    assert imported.numbers == ALL
    assert imported.bodies == list(BODIES)
    assert not imported.report.doubtful
    assert [entry.chapter for entry in imported.entries][3] == f"第二章 {CHAPTERS[4]}"
    assert [entry.id for entry in imported.entries][:2] == ["yunqiao-1", "yunqiao-2"]


@pytest.mark.parametrize(
    "form",
    [
        "第{plain}条",
        "第{wide}条",
        "第 {written} 条",
        "第{spaced}条",
        "笫{written}条",
        "**第{written}条**",
        "　　第{written}条",
    ],
)
@pytest.mark.parametrize("separator", ["", " ", "、", "?", "\u3000", "\u00a0\u00a0", "："])
def test_a_heading_is_one_in_any_script_with_any_sign_behind(tmp_path: Path, form: str, separator: str) -> None:
    imported = read(tmp_path, with_number(form, separator))
    assert imported.numbers == ALL
    assert [body.replace("\n", "") for body in imported.bodies] == [body.replace("\n", "") for body in BODIES]


@pytest.mark.parametrize("separator", ["", " ", "、", "?"])
def test_all_on_one_line(tmp_path: Path, separator: str) -> None:
    imported = read(tmp_path, one_line(separator))
    assert imported.numbers == ALL
    assert imported.bodies == [body.replace("\n", "") for body in BODIES]
    assert imported.entries[0].chapter == f"第一章 {CHAPTERS[1]}"
    assert imported.entries[-1].chapter == f"第四章 {CHAPTERS[11]}"


def test_a_title_glued_to_the_first_article_is_cut_off(tmp_path: Path) -> None:
    imported = read(tmp_path, TITLE + one_line().removeprefix(TITLE + "第一章 总则"))
    assert imported.numbers == ALL
    assert imported.report.set_aside[0].text == TITLE


def test_a_reference_is_no_heading_even_at_the_start_of_a_line(tmp_path: Path) -> None:
    broken = text().replace("依照本规则第六条转交", "依照本规则\n第六条转交").replace("有第七条所列", "有\n第七条所列")
    imported = read(tmp_path, broken)
    assert imported.numbers == ALL
    assert "依照本规则第六条转交的" in imported.bodies[6]


def test_a_list_of_references_is_no_heading(tmp_path: Path) -> None:
    changed = text().replace("有第七条所列情形", "第七条、第八条的情形发生")
    assert read(tmp_path, changed).numbers == ALL


def test_a_heading_broken_over_two_lines_is_joined(tmp_path: Path) -> None:
    imported = read(tmp_path, text().replace("第十一条 来电人", "第十\n一条 来电人"))
    assert imported.numbers == ALL
    assert any(remark.reason == "kb.mend.join" for remark in imported.report.mended)


@pytest.mark.parametrize("headless", ["六条 服务中心", "第六 服务中心"])
def test_a_heading_that_lost_a_character_is_found_by_its_place(tmp_path: Path, headless: str) -> None:
    imported = read(tmp_path, text().replace("第六条 服务中心", headless))
    assert imported.numbers == ALL
    assert [remark.reason for remark in imported.report.doubtful] == ["kb.doubt.heading"]


def test_a_number_that_repeats_is_never_merged(tmp_path: Path) -> None:
    imported = read(tmp_path, text().replace("第九条 ", "第八条 "))
    assert imported.numbers == [1, 2, 3, 4, 5, 6, 7, 8, 8, 10, 11, 12]
    assert [entry.id for entry in imported.entries][7:9] == ["yunqiao-8", "yunqiao-8-2"]
    assert imported.bodies[8] == BODIES[8]
    assert {remark.reason for remark in imported.report.doubtful} == {"kb.doubt.repeated", "kb.doubt.order"}


def test_articles_out_of_order_stay_where_they_stand(tmp_path: Path) -> None:
    swapped = text().replace("第六条 ", "第X条 ").replace("第七条 ", "第六条 ").replace("第X条 ", "第七条 ")
    imported = read(tmp_path, swapped)
    assert imported.numbers == [1, 2, 3, 4, 5, 7, 6, 8, 9, 10, 11, 12]
    assert imported.bodies[5] == BODIES[5]


def test_an_article_printed_twice_word_for_word_is_taken_once(tmp_path: Path) -> None:
    again = f"第六条 {BODIES[5]}"
    imported = read(tmp_path, text().replace(again, f"{again}\n{again}"))
    assert imported.numbers == ALL
    assert any(remark.reason == "kb.junk.copy" for remark in imported.report.set_aside)


def test_a_heading_without_text_makes_no_entry(tmp_path: Path) -> None:
    imported = read(tmp_path, text().replace("第六条 ", "第六条\n第六条 "))
    assert imported.numbers == ALL
    assert any(remark.reason == "kb.doubt.empty" for remark in imported.report.doubtful)


@pytest.mark.parametrize("leader", ["", " …… 3", "......3"])
def test_a_table_of_contents_gives_no_entries(tmp_path: Path, leader: str) -> None:
    contents = "\n".join(["目 录", *(f"第{n}条 规则内容{leader}" for n in "一二三四五六七八九十")])
    imported = read(tmp_path, f"{TITLE}\n{contents}\n" + "\n".join(lines()[1:]))
    assert imported.numbers == ALL
    assert imported.bodies == list(BODIES)


def test_a_table_of_chapters_gives_no_entries(tmp_path: Path) -> None:
    contents = "\n".join(["目  录", "第一章 总则", "第二章 受理与办理", "第三章 监督考核", "第四章 附则"])
    imported = read(tmp_path, f"{TITLE}\n{contents}\n" + "\n".join(lines()[1:]))
    assert imported.bodies == list(BODIES)
    assert imported.entries[0].chapter == "第一章 总则"


def test_chapters_without_numbers_and_with_question_marks(tmp_path: Path) -> None:
    bare = text().replace("第二章 受理与办理", " 受理与办理").replace("第一章 ", "第一章?").replace("总则", "总  则")
    imported = read(tmp_path, bare)
    assert imported.bodies == list(BODIES)
    assert imported.entries[0].chapter == "第一章 总则"
    assert "受理与办理" not in "".join(imported.bodies)
    assert any(remark.reason == "kb.mend.heading" for remark in imported.report.mended)


def test_an_unnumbered_chapter_in_one_line_is_no_text(tmp_path: Path) -> None:
    imported = read(
        tmp_path, one_line().replace("第二章 受理与办理", "受理办理").replace("第三章 监督考核", "监督考核")
    )
    assert imported.numbers == ALL
    assert imported.bodies == [body.replace("\n", "") for body in BODIES]


def test_a_theme_behind_the_number_becomes_the_title(tmp_path: Path) -> None:
    themed = (
        text()
        .replace("第六条 ", "第六条 回复时限\n")
        .replace("第七条 ", "第七条【退回】")
        .replace("第八条 ", "第八条（紧急来电）")
    )
    imported = read(tmp_path, themed)
    assert [entry.title for entry in imported.entries][5:8] == ["回复时限", "退回", "紧急来电"]
    assert imported.bodies == list(BODIES)
    assert imported.entries[0].title.startswith("第一条 为了让云桥市")


@pytest.mark.parametrize("width", [20, 28, 38])
def test_a_text_broken_at_a_fixed_width_is_joined_again(tmp_path: Path, width: int) -> None:
    wrapped = "\n".join(line[i : i + width] for line in lines() for i in range(0, len(line), width))
    imported = read(tmp_path, wrapped)
    assert imported.numbers == ALL
    assert [body.replace("\n", "") for body in imported.bodies] == [body.replace("\n", "") for body in BODIES]


def test_a_page_number_inside_a_sentence_does_not_break_it(tmp_path: Path) -> None:
    imported = read(tmp_path, text().replace("登记来电内容，", "登记来电\n- 3 -\n内容，"))
    assert imported.bodies == list(BODIES)


def test_web_markup_and_entities_are_taken_off(tmp_path: Path) -> None:
    page = "".join(f"<p>&nbsp;&nbsp;{line}</p>" for line in lines()).replace("，", "<span>，</span>", 3)
    imported = read(tmp_path, page)
    assert imported.bodies == list(BODIES)


def test_a_second_regulation_in_the_same_file_keeps_its_own_numbers(tmp_path: Path) -> None:
    second = "\n".join(f"第{n}条 服务中心另行规定第{i}件事情，责任部门照此办理。" for i, n in enumerate("一二三", 1))
    imported = read(tmp_path, f"{text()}\n{second}")
    assert imported.numbers == [*ALL, 1, 2, 3]
    assert imported.entries[-3].id == "yunqiao-1-2"


def test_a_number_in_a_foreign_line_is_no_heading(tmp_path: Path) -> None:
    noisy = text().replace("第六条 ", "第八百条 爆笑段子\n第六条 ")
    imported = read(tmp_path, noisy)
    assert imported.numbers == ALL
    assert "爆笑" not in imported.everything


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, ending: str) -> None:
    imported = read(tmp_path, text().replace("\n", ending).encode(encoding))
    assert imported.bodies == list(BODIES)


def test_a_few_broken_bytes_do_not_spoil_a_text(tmp_path: Path) -> None:
    data = text().encode()
    place = data.index("昼夜".encode())
    imported = read(tmp_path, data[:place] + b"\xff" + data[place:])
    assert imported.numbers == ALL
    assert "服务中心" in imported.bodies[1]
