"""A threat of suicide or of violence is heard beside the class, and opens a script of its own."""

from __future__ import annotations

from functools import cache

import pytest

from agent_console.resources.rule_books import load_book
from knowledge.screening.engine import Screener
from knowledge.screening.model import Screening


@cache
def screener(jurisdiction: str) -> Screener:
    return Screener(None if jurisdiction == "any" else load_book(jurisdiction))


def screen(text: str, jurisdiction: str = "any") -> Screening:
    return screener(jurisdiction).screen(text)


def heard(text: str, jurisdiction: str = "any") -> list[str]:
    return [threat.threat for threat in screen(text, jurisdiction).threats]


@pytest.mark.parametrize(
    "text",
    [
        "我不想活了，站在桥上",
        "女儿留了遗书走了，电话不接",
        "我老公说要跳楼，他已经上天台了",
        "活着没意思，我就想一了百了",
        "再不给我解决我就从你们楼上跳下去",
        "我把一瓶安眠药都吃了",
        "孩子割腕了，在流血",
        "他坐在护栏外面不下来，一直哭",
    ],
)
def test_suicide_is_heard_of_the_caller_and_of_others(text: str) -> None:
    assert heard(text) == ["suicide"]
    assert screen(text).script == "suicide_threat"


@pytest.mark.parametrize(
    "text",
    [
        "他说要杀了我全家",
        "你们再不处理我就拿汽油点了村委会",
        "邻居扬言要砍死我",
        "我要跟他同归于尽",
        "前夫威胁要捅死我",
        "我今晚就弄死他们",
    ],
)
def test_violence_is_heard_of_the_caller_and_of_others(text: str) -> None:
    assert heard(text) == ["violence"]
    assert screen(text).script == "violence_threat"


@pytest.mark.parametrize(
    "text",
    [
        "气死我了，物业一直不管",
        "空调坏了，热死了",
        "跳楼价大甩卖是骗人的",
        "心理援助热线电话是多少",
        "去年有人在这里跳楼，护栏一直没修",
        "作业多得要命，能不能减负",
        "电视里放自杀的镜头，孩子看了不好",
        "政务大厅排队排得人想跳楼，开玩笑的",
        "菜市场杀鸡杀鱼，血水流到路上",
        "五四路路灯不亮",
        "公司扬言再闹就去法院告我，工资还没发",
        "电动车电池炸了",
    ],
)
def test_a_manner_of_speaking_is_no_threat(text: str) -> None:
    assert heard(text) == []


def test_it_is_heard_beside_any_class_and_in_every_city() -> None:
    text = "法院判了不执行，我不想活了"
    for jurisdiction in ("fujian", "fuzhou", "zhijiang", "binzhou", "hebi"):
        found = screen(text, jurisdiction)
        assert [(threat.threat, threat.script) for threat in found.threats] == [("suicide", "suicide_threat")]
        assert [word.text for word in found.threats[0].words] == ["不想活"]


def test_both_are_heard_in_one_note() -> None:
    assert sorted(heard("他说要杀了我，我也不想活了")) == ["suicide", "violence"]


def test_every_proposal_brings_the_question_of_its_city() -> None:
    asked = {
        found.screening_class: found.question for found in screen("合伙人欠我货款不还，法院不管", "fujian").proposals
    }
    assert asked["litigation"] == "这件事进了法院没有？没有的话，对方是个人还是政府部门？"
    assert all(asked.values())
