"""The made-up knowledge base of the benchmark of the search, and what is typed into it: the same in every run."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import islice, product

from knowledge.search.entry import SearchEntry
from knowledge.search.sound import sounds, tables

SEED = 20260
_TOPICS = """
社会保障卡 居民身份证 住房公积金 失业保险金 养老保险 医疗保险 生育津贴 居住证 户口迁移 不动产登记 营业执照 食品经营许可
机动车驾驶证 结婚登记 低保 残疾人证 高龄津贴 廉租住房 自来水 天然气 供暖 路灯 公交线路 停车泊位 垃圾清运 油烟扰民
施工噪音 物业服务 电梯安全 义务教育入学
"""
_ACTIONS = """
补办 挂失 申请条件 办理流程 所需材料 收费标准 查询进度 投诉 续期 注销 变更 报销比例 办理时限 网上预约 领取地点
"""
_PLACES = """
鼓楼区 台江区 仓山区 马尾区 晋安区 长乐区 闽侯县 连江县 罗源县 闽清县 永泰县 平潭县 福清市 思明区 湖里区 集美区
"""
_GROUPS = """
个人 企业 老年人 学生 退役军人 残疾人 新生儿 外来务工人员 个体工商户 毕业生 港澳居民 现役军人
"""
_CONDITIONS = """
首次 再次 跨省 异地 当场 网上 委托 加急 夜间 节假日 逾期 遗失后 损坏后 到期前 搬家后 转学后 退休后 婚后 出国前 灾后
"""
_SENTENCES = (
    "先在网上提交申请，再到窗口领取。",
    "请带好身份证和户口本原件。",
    "一般在5个工作日内办结，复杂的在15个工作日内办结。",
    "对结果不满意的，可以申请重新办理。",
    "不收费，遇到收费请记下窗口号。",
    "委托他人办理的，要写委托书。",
    "材料不齐的当场告诉您缺什么。",
    "办好以后短信通知。",
)


def entries(count: int, titles_only: bool = False) -> list[SearchEntry]:
    """Made-up entries, the same for every run."""
    shuffled = list(product(*(words.split() for words in (_TOPICS, _ACTIONS, _PLACES, _GROUPS, _CONDITIONS))))
    chance = random.Random(SEED)
    chance.shuffle(shuffled)
    return [_entry(number, parts, chance, titles_only) for number, parts in enumerate(islice(shuffled, count))]


def _entry(number: int, parts: Sequence[str], chance: random.Random, titles_only: bool) -> SearchEntry:
    topic, action, place, group, condition = parts
    title = f"{place}{group}{condition}{topic}{action}"
    if titles_only:
        return SearchEntry(f"e{number}", title)
    body = "".join(chance.sample(_SENTENCES, 5))
    question = f"{group}的{topic}怎么{action}"
    return SearchEntry(f"e{number}", title, (question,), (topic, action), f"{topic}：{body}")


def queries(articles: Sequence[SearchEntry], count: int) -> list[tuple[str, str]]:
    """What is typed and the id of the entry that is meant."""
    chance = random.Random(SEED + 1)
    forms = (_exact, _pinyin, _initials, _wrong, _mixed)
    return [
        (forms[i % len(forms)](entry.title, chance), entry.id) for i, entry in enumerate(chance.sample(articles, count))
    ]


def _exact(title: str, _chance: random.Random) -> str:
    return title


def _spelling(title: str) -> list[str]:
    names = {code: syllable for syllable, code in tables().code.items()}
    return [names.get(sound, sound) for sound in sounds(title)[0]]


def _pinyin(title: str, _chance: random.Random) -> str:
    return "".join(_spelling(title))


def _initials(title: str, _chance: random.Random) -> str:
    return sounds(title)[1]


def _wrong(title: str, chance: random.Random) -> str:
    place = chance.randrange(len(title))
    return title[:place] + chance.choice("班里是事公理") + title[place + 1 :]


def _mixed(title: str, _chance: random.Random) -> str:
    return title[:-2] + "".join(_spelling(title[-2:]))


def keys(typed: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str | None]]:
    """Every prefix of every query; the entry that is meant only with the last."""
    for text, meant in typed:
        for end in range(1, len(text) + 1):
            yield text[:end], meant if end == len(text) else None
