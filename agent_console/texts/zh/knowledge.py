"""Knowledge base, import, search."""

TEXTS: dict[str, str] = {
    "kb.class.regulation": "办法条文",
    "kb.class.section": "报道",
    "kb.class.entry": "知识",
    "kb.article": "第{number}条",
}
