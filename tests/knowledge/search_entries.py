"""Invented entries that the tests of the search share."""

from __future__ import annotations

from knowledge.search.entry import SearchEntry, Source

CARD = SearchEntry(
    "card",
    "社会保障卡丢失补办",
    ("社保卡丢了怎么办", "补一张社保卡要几天"),
    ("社保卡", "挂失"),
    "先打电话挂失，再带身份证到柜台补办。\n一般3个工作日内领到新卡，工本费20元。",
)
ROAD = SearchEntry("road", "道路破损报修", ("路上有坑找谁修",), ("道路",), "由市政部门在十日内修复，修复前设置围挡。")
HEATING = SearchEntry("heating", "暖气不热", (), (), "供热单位应当在收到诉求后二十四小时内上门测温。")
SEAT_RULE = SearchEntry(
    "fujian-3",
    "第三条 平台用语",
    (),
    ("第3条",),
    "平台提供多种语言服务，做到有呼必应；推诿扯皮的，责令整改。",
    ("fujian",),
    (Source("fujian", 3),),
)
CITY_RULE = SearchEntry(
    "hebi-30",
    "第三十条 考核",
    (),
    ("第30条",),
    "年终绩效考核由办公室组织；推诿扯皮的，通报批评。工作经费列入财政预算。",
    ("hebi",),
    (Source("hebi", 30),),
)
PLAIN = SearchEntry(
    "who-pays",
    "这条热线的钱从哪来",
    ("热线花的钱谁出",),
    ("经费",),
    "由财政出，您打电话只付普通话费。",
    (),
    (Source("hebi", 30), Source("fujian", 7), Source("fuzhou", None)),
)
ENTRIES = (CARD, ROAD, HEATING, SEAT_RULE, CITY_RULE, PLAIN)
