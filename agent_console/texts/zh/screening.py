"""Screening and scripts."""

TEXTS: dict[str, str] = {
    "screen.accept": "没有命中不予受理或紧急情形",
}
