"""What may be done with an entry of the knowledge base, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.messages import Message, message
from agent_console.domain.upkeep.article_rules import ActRule, ClassRule, UpkeepRule
from agent_console.domain.upkeep.articles import (
    COMPLAINTS,
    AliasDeclined,
    ArticleChanged,
    ArticleLife,
    ArticleReleased,
    ArticleReviewed,
    ArticleSubmitted,
    ArticleTakenOver,
    ArticleWithdrawn,
    Complaint,
    FeedbackGiven,
    OwnerReminded,
    Wording,
)


class Standing(msgspec.Struct, frozen=True):
    """How an entry without a life of its own stands in the knowledge base."""

    wording: Wording
    version: int
    owner: str = ""


class SubmitArticle(msgspec.Struct, frozen=True):
    """Hand in a new entry; `owner` for those of the line, a unit hands in for itself."""

    article: str
    wording: Wording
    owner: str = ""
    task: str = ""


class ChangeArticle(msgspec.Struct, frozen=True):
    """Draft the next version. owner: its new owner, None: as before. standing: see `Standing`."""

    article: str
    wording: Wording
    owner: str | None = None
    standing: Standing | None = None


class ReviewArticle(msgspec.Struct, frozen=True):
    """Look at the draft."""

    passed: bool = True
    words: str = ""


class ReleaseArticle(msgspec.Struct, frozen=True):
    """Let operators find the draft."""


class WithdrawArticle(msgspec.Struct, frozen=True):
    """Let operators find the entry no more."""

    article: str
    reason: str
    standing: Standing | None = None


class RemindOwner(msgspec.Struct, frozen=True):
    """Ask the owner to look at the entry again."""

    article: str
    standing: Standing | None = None


class DeclineAlias(msgspec.Struct, frozen=True):
    """Say that words that led people to the entry are not to stand in it."""

    article: str
    query: str
    standing: Standing | None = None


class GiveFeedback(msgspec.Struct, frozen=True):
    """Say that a version is wrong or outdated, or that it leaves something out."""

    article: str
    complaint: Complaint
    words: str
    version: int
    call: str = ""


def decide(life: ArticleLife, command: msgspec.Struct, context: Context) -> Decision:
    """What the command leads to, by the rule book of the context."""
    return _DECIDE[type(command)](life, command, context)


def may(rule: ActRule | UpkeepRule | None, owner: str, context: Context) -> Blocked | None:
    """Why this person may not do it with an entry of that owner; None where they may."""
    book, actor = context.rule_book, context.actor
    if rule is None:
        return Blocked((), message("article.not_known", book=book.short_title))
    as_owner = isinstance(rule, ActRule) and rule.owner
    if actor.role in rule.roles or (as_owner and actor.unit and _owning(actor.unit, context) == owner):
        return None
    roles = "、".join(rule.roles)
    if as_owner:
        why = "article.owner_only" if owner else "article.line_only"
        return Blocked(_cited(rule.clause), message(why, owner=owner, roles=roles), message("article.submit_instead"))
    return Blocked(_cited(rule.clause), message("order.not_your_step", role=actor.role, roles=roles))


def _submit(life: ArticleLife, command: SubmitArticle, context: Context) -> Decision:
    rules, actor = context.rule_book.knowledge, context.actor
    if life.versions:
        return Blocked((), message("article.exists", id=command.article))
    refused = may(rules.submitting, "", context) or _unfit(command.wording, context)
    if refused is not None:
        return refused
    owner = _owning(actor.unit, context) if actor.unit else command.owner
    return Done(
        (ArticleSubmitted(command.article, command.wording, owner, actor.name, actor.unit, context.now, command.task),)
    )


def _change(life: ArticleLife, command: ChangeArticle, context: Context) -> Decision:
    owner = _owner(life, command.standing)
    refused = may(context.rule_book.knowledge.changing, owner, context) or _unfit(command.wording, context)
    if refused is not None:
        return refused
    actor = context.actor
    if command.owner is not None and command.owner != owner and actor.unit:
        return Blocked(_cited_of(context.rule_book.knowledge.changing), message("article.owner_by_line"))
    new_owner = owner if command.owner is None else command.owner
    changed = ArticleChanged(command.wording, new_owner, actor.name, actor.unit, context.now)
    return Done((*_taken_over(life, command.article, command.standing, context), changed))


def _review(life: ArticleLife, command: ReviewArticle, context: Context) -> Decision:
    refused = may(context.rule_book.knowledge.reviewing, life.owner, context)
    if refused is not None:
        return refused
    if life.draft is None:
        return Blocked((), message("article.no_draft"))
    if not command.passed and not command.words.strip():
        return Missing(("reason",), *_cited_of(context.rule_book.knowledge.reviewing))
    return Done((ArticleReviewed(command.passed, command.words, context.actor.name, context.now),))


def _release(life: ArticleLife, _command: ReleaseArticle, context: Context) -> Decision:
    rules, draft = context.rule_book.knowledge, life.draft
    refused = may(rules.releasing, life.owner, context)
    if refused is not None:
        return refused
    if draft is None:
        return Blocked((), message("article.no_draft"))
    if rules.reviewing is not None and draft.status != "reviewed":
        return Blocked(_cited(rules.reviewing.clause), message("article.not_reviewed"), message("article.review_first"))
    return Done(
        (ArticleReleased(life.id, draft.number, draft.wording, life.owner, context.actor.name, context.now),)
    )  # fmt: skip


def _withdraw(life: ArticleLife, command: WithdrawArticle, context: Context) -> Decision:
    rule = context.rule_book.knowledge.changing
    refused = may(rule, _owner(life, command.standing), context)
    if refused is not None:
        return refused
    if not command.reason.strip():
        return Missing(("reason",), *_cited_of(rule))
    if life.versions and life.status == "withdrawn":
        return Blocked((), message("article.withdrawn"))
    gone = ArticleWithdrawn(command.article, command.reason, context.actor.name, context.now)
    return Done((*_taken_over(life, command.article, command.standing, context), gone))


def _remind(life: ArticleLife, command: RemindOwner, context: Context) -> Decision:
    owner = _owner(life, command.standing)
    refused = may(context.rule_book.knowledge.upkeep, owner, context)
    if refused is not None:
        return refused
    return Done((OwnerReminded(command.article, owner, context.actor.name, context.now),))


def _decline(life: ArticleLife, command: DeclineAlias, context: Context) -> Decision:
    refused = may(context.rule_book.knowledge.changing, _owner(life, command.standing), context)
    if refused is not None:
        return refused
    if not command.query.strip():
        return Missing(("query",))
    if command.query in life.declined:
        return Done(())
    return Done((AliasDeclined(command.article, command.query, context.actor.name, context.now),))


def _feedback(_life: ArticleLife, command: GiveFeedback, context: Context) -> Decision:
    if command.complaint not in COMPLAINTS:
        return Missing(("complaint",))
    given = FeedbackGiven(
        command.article,
        command.complaint,
        command.words,
        command.version,
        command.call,
        context.actor.name,
        context.now,
    )
    return Done((given,))


def _unfit(wording: Wording, context: Context) -> Decision | None:
    """What an entry lacks before it can be handed in."""
    rules = context.rule_book.knowledge
    empty = tuple(name for name in ("title", "body") if not getattr(wording, name).strip())
    if empty:
        return Missing(empty)
    if rules.classes is not None and wording.class_ not in rules.classes.values:
        return _class_refused(rules.classes, wording.class_)
    plain = msgspec.to_builtins(wording)
    asked = rules.submitting.requires if rules.submitting else ()
    owed = [wanted for wanted in asked if not plain.get(wanted.field)]
    return Missing(tuple(wanted.field for wanted in owed), owed[0].clause) if owed else None


def _class_refused(rule: ClassRule, given: str) -> Decision:
    if not given:
        return Missing(("class",), rule.clause)
    return Blocked(_cited(rule.clause), message("article.class_unknown", given=given), _classes(rule))


def _classes(rule: ClassRule) -> Message:
    return message("article.classes", known="、".join(rule.values))


def _owner(life: ArticleLife, standing: Standing | None) -> str:
    return life.owner if life.versions or standing is None else standing.owner


def _owning(unit: str, context: Context) -> str:
    """The unit that owns what this one hands in: itself, or the one above it of the tier that owns."""
    rule = context.rule_book.knowledge.ownership
    if rule is None:
        return unit
    at: str = unit
    while (listed := context.directory.unit(at)) is not None:
        if listed.tier == rule.tier:
            return at
        if not listed.parent:
            break
        at = listed.parent
    return unit


def _taken_over(
    life: ArticleLife, article: str, standing: Standing | None, context: Context
) -> tuple[ArticleTakenOver, ...]:
    if life.versions or standing is None:
        return ()
    return (ArticleTakenOver(article, standing.version, standing.wording, standing.owner, context.now),)


def _cited(clause: str) -> tuple[str, ...]:
    return (clause,) if clause else ()


def _cited_of(rule: ActRule | None) -> tuple[str, ...]:
    return _cited(rule.clause) if rule is not None else ()


_DECIDE: dict[type, Callable[[ArticleLife, Any, Context], Decision]] = {
    SubmitArticle: _submit,
    ChangeArticle: _change,
    ReviewArticle: _review,
    ReleaseArticle: _release,
    WithdrawArticle: _withdraw,
    RemindOwner: _remind,
    DeclineAlias: _decline,
    GiveFeedback: _feedback,
}
