"""The life of one entry of the knowledge base: draft, reviewed, released, then superseded or withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

import msgspec

from agent_console.domain.events import fact
from agent_console.domain.instants import Instant

VersionStatus = Literal["draft", "reviewed", "released", "superseded", "withdrawn"]
Complaint = Literal["wrong", "outdated", "missing"]
COMPLAINTS: tuple[Complaint, ...] = ("wrong", "outdated", "missing")


class Wording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an entry says.

    sources: `binzhou:20` for an article, the name alone for a document without. jurisdictions: codes of the books it
    belongs to; none: it holds everywhere. published_on: day on which the policy was published; valid_until: last day.
    """

    title: str = ""
    body: str = ""
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    class_: str = msgspec.field(default="", name="class")
    jurisdictions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    published_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@fact("article.taken_over")
class ArticleTakenOver(msgspec.Struct, frozen=True):
    """An entry that shipped with the console or was imported is kept here from now on; this is how it stood."""

    article: str
    version: int
    wording: Wording
    owner: str
    occurred_at: Instant


@fact("article.submitted")
class ArticleSubmitted(msgspec.Struct, frozen=True):
    """A new entry was handed in; `task` is the formal answer it gives."""

    article: str
    wording: Wording
    owner: str
    by: str
    unit: str
    occurred_at: Instant
    task: str = ""


@fact("article.changed")
class ArticleChanged(msgspec.Struct, frozen=True):
    """The next version was drafted; the one that is released stays until it is replaced."""

    wording: Wording
    owner: str
    by: str
    unit: str
    occurred_at: Instant


@fact("article.reviewed")
class ArticleReviewed(msgspec.Struct, frozen=True):
    """The draft was looked at: fit for release, or not and why."""

    passed: bool
    words: str
    by: str
    occurred_at: Instant


@fact("article.released")
class ArticleReleased(msgspec.Struct, frozen=True):
    """From now on operators find this version."""

    article: str
    version: int
    wording: Wording
    owner: str
    by: str
    occurred_at: Instant


@fact("article.withdrawn")
class ArticleWithdrawn(msgspec.Struct, frozen=True):
    """Operators find the entry no more."""

    article: str
    reason: str
    by: str
    occurred_at: Instant


@fact("article.reminded")
class OwnerReminded(msgspec.Struct, frozen=True):
    """The owner was asked to look at the entry again."""

    article: str
    owner: str
    by: str
    occurred_at: Instant


@fact("article.feedback_given", personal=("words",))
class FeedbackGiven(msgspec.Struct, frozen=True):
    """Somebody at a seat says that a version is wrong or outdated, or what it leaves out; call: the one at hand."""

    article: str
    complaint: Complaint
    words: str
    version: int
    call: str
    by: str
    occurred_at: Instant


@fact("article.alias_declined", personal=("query",))
class AliasDeclined(msgspec.Struct, frozen=True):
    """Words that led people to the entry are not to stand in it, and are not offered again."""

    article: str
    query: str
    by: str
    occurred_at: Instant


@fact("knowledge.exported")
class KnowledgeExported(msgspec.Struct, frozen=True):
    """So many entries went out as a file; `owner` where they are those of one unit."""

    count: int
    owner: str
    by: str
    occurred_at: Instant


class Version(msgspec.Struct, frozen=True):
    """One version, and who did what with it; ended_at: when another took its place or it was withdrawn."""

    number: int
    wording: Wording
    by: str = ""
    unit: str = ""
    drafted_at: Instant = 0
    reviewed_by: str = ""
    released_by: str = ""
    released_at: Instant = 0
    ended_at: Instant = 0
    status: VersionStatus = "draft"


class ArticleLife(msgspec.Struct, frozen=True):
    """Folded state of one entry."""

    id: str = ""
    owner: str = ""
    versions: tuple[Version, ...] = ()
    task: str = ""
    feedback: tuple[FeedbackGiven, ...] = ()
    reminded_at: Instant = 0
    declined: tuple[str, ...] = ()
    """Words that were offered for the entry and are not wanted in it."""

    @property
    def draft(self) -> Version | None:
        """The version that waits for its release."""
        last = self.versions[-1] if self.versions else None
        return last if last is not None and last.status in ("draft", "reviewed") else None

    @property
    def released(self) -> Version | None:
        """The version that operators find."""
        return next((version for version in self.versions if version.status == "released"), None)

    @property
    def latest(self) -> Version | None:
        """The version that was written last."""
        return self.versions[-1] if self.versions else None

    @property
    def status(self) -> str:
        """Of the entry as a whole: of its draft where there is one, else of its last version; "" of none."""
        return self.versions[-1].status if self.versions else ""

    @property
    def complaints(self) -> tuple[FeedbackGiven, ...]:
        """Feedback that no later release has answered."""
        since = self.released.released_at if self.released else 0
        return tuple(given for given in self.feedback if given.occurred_at >= since)


def evolve(life: ArticleLife, happened: msgspec.Struct | None) -> ArticleLife:
    """State after a fact; a fact that cannot be read changes nothing."""
    step = _EVOLVE.get(type(happened))
    return step(life, happened) if step else life


def _taken_over(life: ArticleLife, happened: ArticleTakenOver) -> ArticleLife:
    version = Version(
        happened.version, happened.wording, released_at=happened.occurred_at, status="released"
    )  # fmt: skip
    return msgspec.structs.replace(life, id=happened.article, owner=happened.owner, versions=(version,))


def _submitted(life: ArticleLife, happened: ArticleSubmitted) -> ArticleLife:
    version = Version(1, happened.wording, happened.by, happened.unit, happened.occurred_at)
    return msgspec.structs.replace(
        life, id=happened.article, owner=happened.owner, versions=(version,), task=happened.task
    )


def _changed(life: ArticleLife, happened: ArticleChanged) -> ArticleLife:
    number = max((version.number for version in life.versions), default=0) + 1
    fresh = Version(number, happened.wording, happened.by, happened.unit, happened.occurred_at)
    earlier = tuple(
        _ended(version, "superseded", happened.occurred_at) if version is life.draft else version
        for version in life.versions
    )
    return msgspec.structs.replace(life, owner=happened.owner, versions=(*earlier, fresh))


def _reviewed(life: ArticleLife, happened: ArticleReviewed) -> ArticleLife:
    draft = life.draft
    if draft is None:
        return life
    looked_at = msgspec.structs.replace(
        draft,
        reviewed_by=happened.by if happened.passed else "",
        status="reviewed" if happened.passed else "draft",
    )
    return msgspec.structs.replace(life, versions=(*life.versions[:-1], looked_at))


def _released(life: ArticleLife, happened: ArticleReleased) -> ArticleLife:
    versions = tuple(
        msgspec.structs.replace(
            version, status="released", released_by=happened.by, released_at=happened.occurred_at, ended_at=0
        )
        if version.number == happened.version
        else _ended(version, "superseded", happened.occurred_at)
        if version.status == "released"
        else version
        for version in life.versions
    )
    return msgspec.structs.replace(life, owner=happened.owner, versions=versions)


def _withdrawn(life: ArticleLife, happened: ArticleWithdrawn) -> ArticleLife:
    versions = tuple(
        version if version.status == "superseded" else _ended(version, "withdrawn", happened.occurred_at)
        for version in life.versions
    )
    return msgspec.structs.replace(life, versions=versions)


def _ended(version: Version, status: VersionStatus, at: Instant) -> Version:
    return msgspec.structs.replace(version, status=status, ended_at=at)


_EVOLVE: dict[type, Callable[[ArticleLife, Any], ArticleLife]] = {
    ArticleTakenOver: _taken_over,
    ArticleSubmitted: _submitted,
    ArticleChanged: _changed,
    ArticleReviewed: _reviewed,
    ArticleReleased: _released,
    ArticleWithdrawn: _withdrawn,
    OwnerReminded: lambda life, happened: msgspec.structs.replace(
        life, id=happened.article, reminded_at=happened.occurred_at
    ),
    AliasDeclined: lambda life, happened: msgspec.structs.replace(
        life, id=happened.article, declined=(*life.declined, happened.query)
    ),
    FeedbackGiven: lambda life, happened: msgspec.structs.replace(
        life, id=happened.article, feedback=(*life.feedback, happened)
    ),
}
