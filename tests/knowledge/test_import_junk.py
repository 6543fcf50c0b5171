"""What strayed into a text stays out of the knowledge base; what belongs to it stays in."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.importing.junk import form_of

from .invented import BODIES, lines, read, text

STRAY = (
    "爆笑段子精选合集",
    "三年级看图写话范文",
    "好听的网名大全",
    "公司团建活动方案",
    "手机铃声怎么设置",
    "周公解梦梦见下雪",
)
FLAT = [body.replace("\n", "") for body in BODIES]


def flat(imported_bodies: list[str]) -> list[str]:
    return [body.replace("\n", "") for body in imported_bodies]


@pytest.mark.parametrize("stray", STRAY)
@pytest.mark.parametrize(
    ("place", "damaged"),
    [
        ("第六条 ", "{junk}\n第六条 "),
        ("第六条 ", "{junk}第六条 "),
        ("第六条 ", "{junk}------------------\n第六条 "),
        ("责任部门立即派人到现场。", "责任部门立即派人到现场。{junk}"),
        ("责任部门立即派人到现场。", "责任部门立即派人到现场。\n{junk}"),
        ("自发布之日起施行。", "自发布之日起施行。{junk}"),
        ("自发布之日起施行。", "自发布之日起施行。\n{junk}\n{junk}"),
        ("（二）反映道路", "{junk}\n（二）反映道路"),
        ("下列来电：", "下列来电：{junk}"),
        ("第二章", "{junk}\n第二章"),
    ],
)
def test_a_stray_title_is_set_aside_wherever_it_hangs(tmp_path: Path, stray: str, place: str, damaged: str) -> None:
    imported = read(tmp_path, text().replace(place, damaged.format(junk=stray)))
    assert stray not in imported.everything
    assert flat(imported.bodies) == FLAT
    reported = [*imported.report.set_aside, *imported.report.doubtful]
    assert any(stray in remark.text and remark.line for remark in reported)


@pytest.mark.parametrize("stray", STRAY)
def test_a_stray_title_in_a_text_of_one_line(tmp_path: Path, stray: str) -> None:
    whole = "".join(lines()).replace("外地的事情。第六条", f"外地的事情。{stray}第六条")
    imported = read(tmp_path, whole)
    assert stray not in imported.everything
    assert imported.bodies == FLAT


@pytest.mark.parametrize("stray", STRAY)
def test_a_stray_title_glued_between_two_sentences(tmp_path: Path, stray: str) -> None:
    imported = read(tmp_path, text().replace("昼夜有人值守。", f"昼夜有人值守。{stray}"))
    assert stray not in imported.everything


PAGE_HEAD = """首页 > 政务公开 > 规范性文件 > 正文
索引号 | yq-0001 |
网络游戏攻略 发文字号 | 云府发 |
成文日期：2021-04-05
来源：云桥在线 作者：佚名 阅读：321次 字体：大 中 小
打印 关闭 收藏
"""
PAGE_FOOT = """云桥市人民政府办公室
2021年4月5日
附件：1. 责任部门名单
2. 登记表样式
上一篇：云桥市垃圾分类通知
下一篇：没有了
责任编辑：某某
分享到：微信 微博 QQ空间
相关新闻
- 云桥市来电服务中心搬家 (2021-03-01)
- 来电服务中心招人 2021-02-01 10:00
https://www.example.com/a/1.html
扫码关注公众号领取红包！
本站声明：本站内容来自网友，如侵权请联系QQ：55512345删除。
版权所有 © 云桥在线 云ICP备00000000号
发表评论
"""


def test_head_and_foot_of_a_web_page_are_set_aside(tmp_path: Path) -> None:
    imported = read(tmp_path, PAGE_HEAD + text() + "\n" + PAGE_FOOT)
    assert imported.bodies == list(BODIES)
    reported = {remark.line for remark in imported.report.set_aside}
    count = len((PAGE_HEAD + text() + "\n" + PAGE_FOOT).splitlines())
    assert set(range(1, 7)) | set(range(count - 15, count + 1)) <= reported


def test_the_foot_of_a_page_glued_to_the_last_article(tmp_path: Path) -> None:
    notice = "版权声明:本站内容均来自网络,仅供演示用。如侵犯权益请联系QQ:55512345,将在24小时内删除。"
    foot = f"云桥市人民政府2021年4月5日{notice}发表评论"
    imported = read(tmp_path, "".join(lines()) + foot)
    assert imported.bodies == FLAT


def test_a_notice_between_two_articles_does_not_end_the_text(tmp_path: Path) -> None:
    notice = "本站声明：本站内容来自网友，转载请注明出处。\n发表评论\n"
    imported = read(tmp_path, text().replace("第六条 ", f"{notice}第六条 "))
    assert imported.bodies == list(BODIES)


def test_a_repeated_page_header_is_set_aside(tmp_path: Path) -> None:
    noisy = text()
    for number in "三五七九":
        noisy = noisy.replace(f"\n第{number}条 ", f"\n云桥在线每日精选\n- {number} -\n第{number}条 ")
    imported = read(tmp_path, noisy)
    assert imported.bodies == list(BODIES)


@pytest.mark.parametrize(
    "line",
    [
        "制定机关 | |",
        "好看的电影 文号 | 某字〔2020〕1号 |",
        "当前位置：首页 > 公开 > 正文",
        "您的位置: 首页",
        "发表评论",
        "打印本页 | 关闭窗口",
        "【字体：大 中 小】",
        "来源：某网 阅读：12",
        "责任编辑：某某",
        "上一篇：某通知",
        "相关阅读",
        "热门推荐：十大景点",
        "- 某市热线升级(2017-12-27 23:15:03)",
        "- 12 -",
        "第3页 共10页",
        "3/10",
        "https://example.com/1.html",
        "--------------------",
        "= = = = = = = = =",
        "版权所有：某某网",
        "如有侵权请联系我们删除",
        "加QQ群：1234567",
        "点击下载客户端",
        "附件：名单",
        "2020年10月13日",
        "二〇二〇年十月十三日",
        "（此件公开发布）",
        "抄送：各部门",
        "目 录",
        "第一条 总则 ........ 3",
        "首页 新闻 政务 服务 互动",
    ],
)
def test_forms_of_junk(line: str) -> None:
    assert form_of(line)


@pytest.mark.parametrize(
    "line", [line for line in lines() if line] + ["来电人可以扫描二维码评价。", "通过附件上传照片。", "回复内容"]
)
def test_rules_have_none_of_these_forms(line: str) -> None:
    assert form_of(line) is None


def test_a_rule_that_lost_its_full_stop_is_kept_and_shown(tmp_path: Path) -> None:
    imported = read(tmp_path, text().replace("自发布之日起施行。", "自发布之日起施行"))
    assert imported.bodies[-1] == BODIES[-1].removesuffix("。")
    lost = text().replace("，责任部门重新处理。", "。责任部门应当重新处理")
    imported = read(tmp_path, lost)
    assert imported.bodies[9].endswith("责任部门应当重新处理")
    assert [remark.kept for remark in imported.report.doubtful] == [True]
