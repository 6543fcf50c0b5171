"""What a web page or a scanner leaves in a text, recognised by its form (`forms.toml`).

Text that has none of these forms is judged by its place (`cleaning.py`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec

from agent_console.resources.paths import read_toml

_FILE = Path(__file__).parent / "forms.toml"
_LONGEST_LINE = 240
_LONGEST_LABEL = 90
_LABEL_FORMS = {"label", "page", "image", "contents"}
"""Forms so slight that a whole sentence cannot have them."""

PARTING = frozenset({"copyright", "button", "related", "attachment", "signature", "ending", "label", "breadcrumb"})
"""Forms after which the document itself is over."""

SOFT = frozenset({"advert", "contact", "copyright", "link", "table", "related"})
"""Forms that a real rule could have by chance."""

_ISSUER = re.compile(
    r"^[^\s。，,；;、:：]{2,28}(?:政府|办公室|办公厅|管理局|数据局|委员会|管委会|服务中心|指挥中心|管理中心|局|厅)$"
)


class _Form(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    pattern: str


class _Forms(msgspec.Struct, forbid_unknown_fields=True):
    words: dict[str, str]
    parts: dict[str, str]
    form: list[_Form]


@cache
def _read() -> _Forms:
    return read_toml(_FILE, _Forms)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    forms = _read()
    parts = forms.parts | {name: "|".join(map(re.escape, words.split())) for name, words in forms.words.items()}

    def fill(pattern: str) -> str:
        return re.sub(r"<(\w+)>", lambda match: fill(parts[match[1]]), pattern)

    return tuple((form.name, re.compile(fill(form.pattern))) for form in forms.form)


@cache
def row_of_signs() -> re.Pattern[str]:
    """A row of hyphens or the like, wherever it stands."""
    return re.compile(_read().parts["row"])


def form_of(text: str) -> str | None:
    """Name of the form of junk that a line or sentence has; None: none of them."""
    bare = text.strip()
    if not bare or len(bare) > _LONGEST_LINE:
        return None
    sentence = len(bare) > _LONGEST_LABEL or bare.endswith(("。", "；", ";"))
    for name, pattern in _patterns():
        if not (sentence and name in _LABEL_FORMS) and pattern.search(bare):
            return name
    return None


def is_issuer(text: str) -> bool:
    """Whether a line is nothing but the name of an authority, as under a document."""
    return bool(_ISSUER.match(text.strip()))
