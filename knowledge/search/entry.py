"""What goes into the search and what comes out of it."""

from __future__ import annotations

from typing import Literal

import msgspec

FieldName = Literal["title", "question", "keyword", "said", "body"]
MatchedBy = Literal["chars", "sound", "initials", "word", "meaning"]


class Source(msgspec.Struct, frozen=True, gc=False):
    """A document an entry rests on and the article in it; None where the document has no articles."""

    doc: str
    article: int | None = None


class SearchEntry(msgspec.Struct, frozen=True):
    """One entry of the knowledge base as the search sees it."""

    id: str
    title: str
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    body: str = ""
    jurisdictions: tuple[str, ...] = ()
    """Codes of the rule books it belongs to; none: it holds everywhere."""
    sources: tuple[Source, ...] = ()
    said: tuple[str, ...] = ()
    """What people say for it; searched like a question, shown only as the reason of a hit."""

    def texts(self, field: FieldName) -> tuple[str, ...]:
        """All texts of one field; title and body are one each."""
        match field:
            case "question":
                return self.questions
            case "keyword":
                return self.keywords
            case "said":
                return self.said
            case "title":
                return (self.title,)
            case "body":
                return (self.body,)


class Mark(msgspec.Struct, frozen=True, gc=False):
    """One stretch of a field that the query matched: characters `start` to `end` of the text as written.

    `item` counts the questions or keywords. `word` means that the dictionary led there: everyday words were
    typed, the official ones stand in the text. `meaning`: what was typed is close in meaning to the whole line.
    """

    field: FieldName
    start: int
    end: int
    how: MatchedBy
    item: int = 0


class Hit(msgspec.Struct, frozen=True, gc=False):
    """One found entry, with its score (0 to 100) and why it matched."""

    id: str
    score: float
    title: str
    why: tuple[Mark, ...] = ()
    sources: tuple[Source, ...] = ()
