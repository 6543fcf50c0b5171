"""Two tellings of one matter are known by place and trouble, not by their words."""

from __future__ import annotations

import pytest

from knowledge.same_matter import same_trouble, traits


def same(one: str, other: str) -> bool:
    first, second = traits(one), traits(other)
    return bool(first.places & second.places) and same_trouble(first, second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("市民反映五四路路灯坏了，请帮忙修", "五四路口路灯三天不亮"),
        ("五四路上夜里黑灯瞎火，灯不亮", "五四路路灯坏了"),
        ("金山花园小区楼下工地半夜还在打桩，吵得睡不着", "金山花园小区夜间施工扰民"),
        ("人民街下水道堵了，一下雨就积水", "人民街排水不畅，雨天被淹"),
        ("東湖路垃圾沒人收", "东湖路垃圾成堆"),
    ],
)
def test_the_same_place_and_trouble_in_other_words(one: str, other: str) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("五四路路灯坏了", "八一路路灯坏了"),
        ("五四路路灯坏了", "五四路垃圾没人收"),
        ("金山花园小区夜间施工", "阳光花园小区夜间施工"),
        ("路灯坏了", "路灯坏了"),
        ("五四路下水道坏了", "五四路路灯坏了"),
    ],
)
def test_another_place_or_another_trouble_is_another_matter(one: str, other: str) -> None:
    assert not same(one, other)


def test_places_written_beside_the_telling_count() -> None:
    assert traits("路灯不亮", "五四路").places == traits("五四路的路灯").places


@pytest.mark.parametrize("text", ["", "。", "路", "街道", "12345", "😀"])
def test_anything_can_be_compared(text: str) -> None:
    assert not same_trouble(traits(text), traits("五四路路灯坏了"))
