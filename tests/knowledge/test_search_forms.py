"""One normal form and one sound for whatever is typed and whatever is stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.letters import readings
from knowledge.search.normal_form import kept, kept_with_origin, normal
from knowledge.search.query import parse
from knowledge.search.sound import folded, sounds, tables


def syllables(text: str) -> list[str]:
    names = {code: name for name, code in tables().code.items()}
    return [names.get(sound, sound) for sound in sounds(kept(text).spoken)[0]]


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("社會保障卡補辦", "社会保障卡补办"),
        ("ＡＢＣ１２", "abc12"),
        ("一百一十九条", "119条"),
        ("三十条", "30条"),
        ("二十四小时", "24小时"),
        ("十日", "10日"),
        ("两百零五", "205"),
        ("二〇二六年", "2026年"),
        ("百货", "百货"),
        ("台湾著名", "台湾著名"),
    ],
)
def test_width_case_traditional_and_numerals_are_made_one(written: str, form: str) -> None:
    assert normal(written) == form


@given(st.text(alphabet="一二三十百千零两第条年0123 ，。社會保ＡＢb百分之", max_size=24))
def test_marks_can_be_set_in_the_text_as_written(text: str) -> None:
    plain, placed = kept(text), kept_with_origin(text)
    assert (placed.text, placed.spoken) == (plain.text, plain.spoken)
    assert len(plain.text) == len(plain.spoken) == len(placed.origin)
    assert all(0 <= place < len(text) for place in placed.origin)
    assert list(placed.origin) == sorted(placed.origin)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("银行行驶证", ["yin", "hang", "xing", "shi", "zheng"]),
        ("重新调查", ["chong", "xin", "diao", "cha"]),
        ("偿还贷款", ["chang", "huan", "dai", "kuan"]),
        ("举一反三", ["ju", "yi", "fan", "san"]),
        ("3日", ["san", "ri"]),
    ],
)
def test_characters_are_read_as_in_their_word(text: str, read: list[str]) -> None:
    assert syllables(text) == read


@pytest.mark.parametrize(("one", "other"), [("张", "脏"), ("陈", "程"), ("牛", "流"), ("湖", "福"), ("民", "明")])
def test_near_sounds_fold_into_one(one: str, other: str) -> None:
    near, far = (sounds(text)[0] for text in (one, other))
    if one != "湖":
        assert near != far
        assert folded(near) == folded(far)
    else:
        assert folded(near) != folded(far), "hu and fu are told apart, hui and fei are not"


@given(st.text(max_size=30))
def test_sound_and_initials_are_as_long_as_the_text(text: str) -> None:
    spoken = kept(text).spoken
    exact, initials = sounds(spoken)
    assert len(exact) == len(initials) == len(spoken)


@pytest.mark.parametrize(
    ("run", "pieces"),
    [
        ("shebaoka", "she bao ka"),
        ("sbk", "s b k"),
        ("gongjj", "gong j j"),
        ("shebaok", "she bao k"),
        ("tongjife", "tong ji fe"),
        ("lvyou", "lv you"),
    ],
)
def test_letters_are_cut_into_syllables_and_initials(run: str, pieces: str) -> None:
    assert " ".join(piece.text for piece in readings(run)[0]) == pieces


def test_letters_that_can_be_cut_in_two_ways_are_followed_in_both() -> None:
    cuts = {" ".join(piece.text for piece in reading) for reading in readings("danganguanli")}
    assert {"dang an guan li", "dan gan guan li"} <= cuts


@pytest.mark.parametrize("text", ["", "   ", "，。！", "\t\n"])
def test_nothing_typed_is_no_query(text: str) -> None:
    assert parse(text).readings == ()
