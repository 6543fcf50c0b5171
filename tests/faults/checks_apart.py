"""What has to hold of files, which travel apart from the entries, and of what not everybody may read."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from agent_console.domain.upkeep.article_imports import STREAM as IMPORTS
from agent_console.domain.upkeep.article_imports import KnowledgeImported
from agent_console.domain.work_order.attachment_facts import Attached
from agent_console.resources.rule_books import load_book
from agent_console.server.feeding.files import Files
from agent_console.server.people.keys import Cabinet, load_master_key
from agent_console.server.web.trouble import Refused
from agent_console.store.seat_file import ATTACHMENTS, Store
from agent_console.sync.wire import FeedRow
from knowledge.importing import kept_files
from tests.faults.campaign import MOVED, Campaign, SeatOf
from tests.faults.further_work import SECRET_WORD
from tests.faults.work import Saved

Findings = Iterator[str]
_MOST = 1 << 30
_WORD = SECRET_WORD.encode()
_IN_THE_OPEN = "SELECT count(*) FROM work_order WHERE stream = ? AND (number_hash != '' OR district != '')"


async def files_at_server(
    campaign: Campaign, seat: SeatOf, lines: Iterable[Saved], applied: Collection[str]
) -> list[str]:
    """Every file whose entry was applied is there under its hash, byte for byte.

    One exception: of an order that became confidential a seat keeps no bytes once a server has them, so that a copy
    made before lacks them for good.
    """
    line = campaign.plan.line
    let_go = await _let_go(campaign, seat)
    cabinet = Cabinet(campaign.database, load_master_key(campaign.settings))
    files = Files(campaign.database, line, await cabinet.role_keys(line), _MOST)
    found = []
    for one in lines:
        if not one.file or one.entries[0].id not in applied or one.owner in let_go:
            continue
        digest = hashlib.sha256()
        try:
            async for piece in _pieces(files, one):
                digest.update(piece)
        except Refused as refused:
            found.append(f"file: {one.kind} of {one.owner} at the server: {refused.answer.error.code}")
            continue
        if digest.hexdigest() != one.file:
            found.append(f"file: {one.kind} of {one.owner} has other bytes at the server")
    return found


async def _let_go(campaign: Campaign, seat: SeatOf) -> set[str]:
    rule = load_book(campaign.plan.line).confidentiality.secret
    if not campaign.happened[MOVED] or rule is None or seat.role in rule.readers:
        return set()
    sql = "SELECT stream FROM event WHERE jurisdiction = $1 AND type = 'order.classified'"
    return {stream for (stream,) in await campaign.database.fetch(sql, campaign.plan.line)}


async def _pieces(files: Files, one: Saved) -> AsyncIterator[bytes]:
    first, size = 0, 1
    while first < size:
        piece, size = await files.part(one.file, one.owner, first)
        first += len(piece)
        yield piece


def files_here(store: Store) -> Findings:
    """What is on this seat of the files of orders is whole, and every import of the knowledge base is here."""
    for stream in _streams(store):
        for event, seq in store.log.to_fold(stream):
            match event.fact:
                case Attached(sha256, name) if not store.sealing.is_withheld(stream):
                    if store.attachments.checked(stream, sha256) == "damaged":
                        yield f"file: {name} of {stream} is damaged"
                case KnowledgeImported(imported) if seq is not None:
                    kept = kept_files.kept(store.path.parent, imported.sha256, imported.file)
                    if not kept_files.is_whole(kept, imported.sha256):
                        yield f"file: import {imported.sha256} is not here"


def _streams(store: Store) -> list[str]:
    sql = "SELECT DISTINCT stream FROM event WHERE stream = ? OR stream LIKE 'order:%'"
    return [stream for (stream,) in store.connection.execute(sql, (IMPORTS,)).fetchall()]


def secrets_here(store: Store, seat: SeatOf) -> Findings:
    """Whoever reads confidential orders opens each of them; nobody else opens any, or finds it by what it says."""
    rule = load_book(seat.settings.jurisdiction).confidentiality.secret
    if rule is None:
        return
    reads = seat.role in rule.readers
    for owner in store.sealing.secrets():
        if store.sealing.is_withheld(owner) == reads:
            yield f"secret: {owner} {'does not open' if reads else 'opens'}"
        if store.connection.execute(_IN_THE_OPEN, (owner,)).fetchone() != (0,):
            yield f"secret: {owner} is found by number or district"
    if not reads:
        for stream in _streams(store):
            if any(SECRET_WORD in repr(event.fact) for event, _ in store.log.to_fold(stream)):
                yield f"secret: {stream} can be read"
    yield from (f"secret: {name} has it in clear" for name in _files_with(seat.home, (_WORD,)))


def secrets_told(seat: SeatOf, told: Iterable[FeedRow]) -> Findings:
    """What the server tells whoever does not read them has none of their words."""
    rule = load_book(seat.settings.jurisdiction).confidentiality.secret
    if rule is not None and seat.role not in rule.readers:
        yield from (f"secret: row {row.seq} of {row.stream}" for row in told if SECRET_WORD in _text(row))


def _text(row: FeedRow) -> str:
    return f"{bytes(row.body).decode()} {bytes(row.envelope).decode()} {row.outline}"


def files_of_secrets(store: Store, seat: SeatOf) -> Findings:
    """Of an order that is out of sight no sealed byte stays beside the seat's file."""
    known = {store.sealing.word_hash(f"attachments of {stream}") for stream in _streams(store)}
    folder = seat.home / ATTACHMENTS
    for path in sorted(folder.iterdir()) if folder.exists() else ():
        if path.name not in known and any(path.iterdir()):
            yield f"secret: files of an order that is not here any more in {path.name}"


def _files_with(folder: Path, words: Sequence[bytes]) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if any(word in content for word in words):
                yield path.name
