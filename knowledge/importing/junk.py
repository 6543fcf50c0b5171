"""What a web page or a scanner leaves in a text, recognised by its form.

Nothing here knows a particular page. Each form has a name (`kb.junk.<name>`) under which the report lists the
line; text that has none of these forms is judged by its place (`cleaning.py`).
"""

from __future__ import annotations

import re

_LONGEST_LINE = 240
_LONGEST_LABEL = 90

RULE_RUN = re.compile(r"([-—_=~*·•.…＊－─━#＃+])\1{5,}|(?:[-—_=~*] ){6,}")
"""A row of hyphens or the like, wherever it stands."""

_URL = r"(?:https?://|www\.)[\w./?=&%#:~+-]+"
_DAY = r"(?:19|20)\d{2}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?"
_CLOCK = r"(?:\s*\d{1,2}:\d{2}(?::\d{2})?)"
_METADATA = (
    "制定机关|公布日期|发布日期|施行日期|实施日期|生效日期|成文日期|发文日期|发文机关|发布机构|发布单位|发布机关|文号|发文字号|主题类别|"
    "主题分类|主题词|效力等级|效力级别|时效性|有效性|索引号|信息分类|体裁分类|名称|公开方式|公开范围|公开形式|公开日期|生成日期|"
    "废止日期|失效日期|关键词|所属主题|内容概述|信息来源|载体类型|记录形式|责任部门|法规类别|标题|分类|文件编号|统一编号|登记号"
)
_LABELS = (
    "来源|信息来源|文章来源|稿件来源|稿源|作者|责任编辑|责编|编辑|编审|初审|复审|终审|一审|二审|三审|审核|校对|发布时间|发布日期|发布者|发布人|"
    "发布机构|发文日期|更新时间|更新日期|时间|日期|阅读|阅读次数|阅读量|浏览|浏览次数|浏览量|点击|点击数|点击量|点击次数|点击率|访问量|字体|字号|字体大小|"
    "标签|分类|栏目|主题词|索引号|文号|公开方式|信息公开选项|公开属性|抄送|抄报|主送|附件下载|相关附件|原文链接|链接|原文|记者|通讯员|文/图|网址|邮编|传真|"
    "下载次数|印发份数|主办|主办单位|承办|技术支持|网站地图|分享|分享到|分享至|打印|收藏|页码|编号"
)
_BUTTON = (
    "发表评论|我要评论|写评论|查看评论|全部评论|网友评论|评论|跟帖|留言|提交|登录|注册|打印本页|打印此页|打印|关闭窗口|关闭本页|关闭|加入收藏|收藏本页|收藏|设为首页|"
    "分享到|分享|转发|微信|微博|新浪微博|腾讯微博|QQ空间|QQ好友|QQ|朋友圈|人人网|复制链接|复制|大|中|小|字体|字号|默认|繁体|简体|返回顶部|返回首页|返回列表|返回上页|"
    "返回|回到顶部|顶部|TOP|上一页|下一页|上一篇|下一篇|上一条|下一条|首页|末页|尾页|点赞|赞|踩|顶|不喜欢|喜欢|朗读|听全文|语音播报|无障碍|无障碍浏览|长者模式|"
    "扫一扫|手机版|电脑版|客户端|网站地图|联系我们|关于我们|我要纠错|纠错|阅读全文|展开全文|查看全文|查看更多|更多|下载|导出|全屏|刷新|搜索|正文|没有了"
)
_RELATED = r"(?:相关|热门|推荐|最新|精彩|热点|延伸|更多|猜你|本站|今日|往期|编辑)(?:新闻|阅读|推荐|文章|链接|文件|资讯|信息|内容|解读|喜欢|导读|排行|专题|话题|报道|稿件|视频|图片|评论|动态|头条|回顾|热点|精彩|关注)"

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("rule_row", re.compile(rf"^\s*(?:{RULE_RUN.pattern})\W*$")),
    ("table", re.compile(rf"^(?:\S{{2,16}}\s)?[^|｜。]{{0,12}}(?:{_METADATA})\s*[|｜:：]")),
    ("table", re.compile(r"^[^|｜。]{0,30}[|｜][^|｜。]{0,40}[|｜]?\s*[|｜]\s*$")),
    ("breadcrumb", re.compile(r"^(?:您?(?:当前|现在|所在)的?)?(?:您?所在)?位置\s*[:：]")),
    ("breadcrumb", re.compile(r"^[^。>»›＞→]{1,30}(?:\s*(?:>{1,2}|»|›|＞|→)\s*[^。>»›＞→]{1,40}){2,}$")),
    ("breadcrumb", re.compile(r"^(?:网站)?首页\s*(?:>{1,2}|»|›|＞|→|-|/|\|)")),
    ("copyright", re.compile(r"版权(?:所有|声明|归)|Copyright|©|All Rights Reserved", re.IGNORECASE)),
    ("copyright", re.compile(r"^本(?:站|网站|网|文)(?:内容|所有|文章|资源|资料|信息|转载|部分|仅|系|来源|由网友)")),
    ("copyright", re.compile(r"(?:侵犯|侵权).{0,24}(?:联系|删除|告知)|免责声明|转载.{0,6}(?:注明|请|自)|仅供(?:参考|演示|学习)")),
    ("copyright", re.compile(r"ICP备|公网安备|网站标识码|ICP证")),
    ("contact", re.compile(r"(?:QQ|qq|扣扣)(?:群|号)?\s*[:：]?\s*\d{5,}|(?:微信|加微|薇信)(?:号)?\s*[:：]\s*[A-Za-z0-9_-]{5,}")),
    ("contact", re.compile(r"^(?:客服|广告|商务|投稿|加盟|招商|订购|售后)(?:热线|电话|合作|QQ|微信|邮箱)?\s*[:：]")),
    ("advert", re.compile(r"(?:点击|长按|扫码|扫一扫|扫描|识别).{0,14}(?:下载|关注|领取|报名|进入|试玩|购买)")),
    ("advert", re.compile(r"(?:免费|在线|全文|高清|无弹窗)(?:下载|领取|阅读|试用|观看|试玩|试听|咨询报价)|限时(?:优惠|特价|抢购|秒杀)|抢红包|领红包|现金红包|加盟热线")),
    ("advert", re.compile(r"^[【\[(（]?(?:广告|推广|赞助|AD)[】\])）]?(?:[:：]|$)")),
    ("advert", re.compile(r"(?:欢迎|请|敬请|立即|马上|快来)(?:关注|加入|收藏|添加|订阅).{0,20}(?:公众号|客户端|官微|微博|微信|APP|本站|频道)", re.IGNORECASE)),
    ("button", re.compile(rf"^[\s\[【(（|·•>]*(?:{_BUTTON})(?:[\s\[\]【】()（）|｜/、:：·•>＞+-]+(?:{_BUTTON}))*[\s\[\]【】()（）|·•:：>＞+-]*$", re.IGNORECASE)),
    ("button", re.compile(r"^(?:发表评论|我要评论|网友评论|最新评论|全部评论|登录后.{0,6}评论|分享到|分享至|上一篇|下一篇|上一条|下一条|上一页|下一页|打印本页|关闭窗口|返回顶部|共有?\s*\d+\s*条评论)")),
    ("button", re.compile(r"^[【\[(（](?:字体|字号|打印|关闭|大|收藏|返回|下载)[^。]{0,30}[】\])）]$")),
    ("label", re.compile(rf"^[【\[(（]?(?:{_LABELS})[】\])）]?\s*[:：]")),
    ("label", re.compile(rf"^{_DAY}{_CLOCK}?\s*(?:来源|作者|编辑|阅读|浏览|点击|发布|责编)")),
    ("label", re.compile(r"^(?:已有)?\s*\d+\s*(?:次|人)?(?:阅读|浏览|点击|点赞|收藏|评论|参与)\s*$")),
    ("related", re.compile(rf"^[【\[■◆●▶>]?\s*{_RELATED}\s*[】\]]?\s*(?:[:：>＞]|$)")),
    ("related", re.compile(rf"^[-·•*●○◆■▪>»]?\s*[^。]{{4,70}}?\s*[(（\[]\s*{_DAY}{_CLOCK}?\s*[)）\]]\s*$")),
    ("related", re.compile(rf"^[-·•*●○◆■▪>»]?\s*[^。]{{4,70}}?\s+(?:19|20)\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}{_CLOCK}?\s*$")),
    ("related", re.compile(rf"^[-·•*●○◆■▪>»]\s*[^。]{{4,70}}?\s*{_DAY}{_CLOCK}?\s*$")),
    ("page", re.compile(r"^[-—–·_\s]*(?:第\s*\d{1,3}\s*页)?\s*(?:[/,，]?\s*共\s*\d{1,3}\s*页)?[-—–·_\s]*$")),
    ("page", re.compile(r"^[-—–·_\s]*\d{1,3}\s*(?:/\s*\d{1,3})?[-—–·_\s]*$|^Page\s*\d+", re.IGNORECASE)),
    ("link", re.compile(rf"^[^。]{{0,16}}{_URL}[^。]{{0,16}}$")),
    ("image", re.compile(r"^[\[【(（]?(?:图片|图|视频|二维码|点击查看大图|image|img)\s*\d*[\]】)）]?$", re.IGNORECASE)),
    ("contents", re.compile(r"^目\s*录$|^[^。]{1,40}(?:\.{3,}|…+|·{3,})\s*\d{1,3}$")),
    ("attachment", re.compile(r"^附\s*[件表录图]?\s*[0-9一二三四五六七八九十]{0,2}\s*(?:[:：]|$)|^附[件表]\s*[0-9一二三四五六七八九十]{1,2}\s")),
    ("ending", re.compile(r"^[(（]?(?:此件.{0,8}公开|正文|全文完|全文|完|本文完|特此通知|原文如下)[。)）:：]*(?:发布)?[)）。]?$")),
    ("signature", re.compile(rf"^[(（]?(?:[^\s。，,；;]{{4,30}}\s*)?{_DAY}\s*(?:印发|发布|通过|公布|颁布)?[)）]?$")),
    ("signature", re.compile(r"^(?:[^\s。，,；;]{4,30}\s*)?[二一][〇零○OＯ0一二三四五六七八九十]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日$")),
    ("signature", re.compile(rf"^[^。，,；;]{{4,30}}\s{_DAY}\s*印发|^共印\s*\d+\s*份")),
)

_ISSUER = re.compile(r"^[^\s。，,；;、:：]{2,28}(?:人民政府|办公室|办公厅|管理局|数据局|委员会|管委会|服务中心|指挥中心|管理中心|工作局|局|厅)$")
_MENU = re.compile(r"^(?:[\u4e00-\u9fffA-Za-z]{2,8}(?:\s*[|｜]\s*|\s+)){3,}[\u4e00-\u9fffA-Za-z]{2,8}$")

PARTING = frozenset({"copyright", "button", "related", "attachment", "signature", "ending", "label", "breadcrumb"})
"""Forms after which the document itself is over."""


def form_of(text: str) -> str | None:
    """Name of the form of junk that a line or sentence has; None: none of them."""
    bare = text.strip()
    if not bare or len(bare) > _LONGEST_LINE:
        return None
    for name, pattern in _FORMS:
        if name in ("label", "page") and (len(bare) > _LONGEST_LABEL or bare.endswith(("。", "；", ";"))):
            continue
        if pattern.search(bare):
            return name
    return "menu" if _MENU.match(bare) else None


def is_issuer(text: str) -> bool:
    """Whether a line is nothing but the name of an authority, as under a document."""
    return bool(_ISSUER.match(text.strip()))
