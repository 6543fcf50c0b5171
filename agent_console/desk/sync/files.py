"""Files that events name, as they stand on this seat: bytes of orders sealed beside its file, imports of knowledge."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import msgspec

from agent_console.domain.errors import StoreError
from agent_console.domain.upkeep.article_imports import STREAM, KnowledgeImported
from agent_console.domain.work_order.attachment_facts import Attached
from agent_console.store.attachments import PIECE
from agent_console.store.private_files import write_private
from agent_console.store.seat_file import Store
from agent_console.sync.files import chunks
from agent_console.sync.ports import LinkedFile
from knowledge.importing import kept_files
from knowledge.releases import KNOWLEDGE_FACTS, AtHand, ReleasedArticles

_AT_ONCE = 50
_OWED = "file owed"


def to_send(store: Store, put_off: Collection[str]) -> LinkedFile | None:
    """The first file the server may lack whose bytes are here; those that are not are another seat's to send."""
    skip = set(put_off)
    while found := store.linked_files.open_events(skip, _AT_ONCE):
        for event, stream in found:
            named = _named(store, event, stream)
            if named is not None and _is_here(store, *named):
                return named[0]
            if stream == STREAM or store.sealing.is_locked(stream):
                skip.add(event)
            else:
                store.linked_files.settle(event, "elsewhere")
    return next((file for file in _owed(store) if file.event not in put_off), None)


def sent(store: Store, file: LinkedFile) -> None:
    """The server has it whole; of a stream that went out of sight meanwhile nothing stays here."""
    store.linked_files.settle(file.event, "sent")
    if not store.log.version(file.stream) and not store.linked_files.owed(file.stream):
        store.attachments.forget(file.stream)


def let_go(store: Store, stream: str) -> bool:
    """Inside the transaction in which a stream goes out of sight: what the server lacks of its files is still sent.

    Whether their bytes can go as soon as it is committed.
    """
    events = store.log.to_fold(stream)
    for event, _ in store.linked_files.open_events((), len(events) + 1, stream):
        named = _named(store, event, stream)
        if named is not None and _is_here(store, *named):
            store.linked_files.owe(event, stream, store.sealing.seal(stream, msgspec.json.encode(named[0]), _OWED))
    return not store.linked_files.owed(stream) and all(seq is not None for _, seq in events)


def _owed(store: Store, stream: str = "") -> Iterator[LinkedFile]:
    """Files of streams that are out of sight, which the server has not got."""
    for event, of, said in store.linked_files.owed(stream):
        told = store.sealing.unseal_to_fold(of, said, _OWED)
        file = msgspec.json.decode(told, type=LinkedFile) if told is not None else None
        if file is not None and store.attachments.state(of, file.sha256, file.size) == "there":
            yield file
        elif not store.sealing.is_locked(of):
            store.linked_files.settle(event, "elsewhere")


def content(store: Store, file: LinkedFile) -> Iterator[bytes]:
    """Its bytes. Raises StoreError where they are not what was put in."""
    named = _named(store, file.event, file.stream)
    if named is None and file in _owed(store, file.stream):
        yield from store.attachments.pieces(file.stream, file.sha256)
        return
    if named is None:
        raise StoreError("error.attachment_missing", "advice.attachment_gone", name=file.sha256[:12])
    if isinstance(named[1], Attached):
        yield from store.attachments.pieces(file.stream, file.sha256)
    else:
        yield _kept(store, named[1]).read_bytes()


def wanted(store: Store, put_off: Collection[str]) -> LinkedFile | None:
    """A file that was taken into the knowledge base elsewhere; without it its entries are not here."""
    for event, stream in store.linked_files.open_events(put_off, _AT_ONCE, STREAM):
        named = _named(store, event, stream)
        if named is not None and not _is_here(store, *named):
            return named[0]
    return None


def take(store: Store, file: LinkedFile, pieces: Iterable[bytes]) -> None:
    """Keep an import of the knowledge base, and let its entries stand as at the seat that read it.

    Raises StoreError where the bytes are others than the hash names; then nothing is kept.
    """
    named = _named(store, file.event, file.stream)
    if named is None or isinstance(named[1], Attached):
        return
    read = b"".join(pieces)
    if hashlib.sha256(read).hexdigest() != file.sha256:
        raise StoreError("error.attachment_damaged", "advice.file_from_server", name=named[1].imported.file)
    write_private(_kept(store, named[1]), read)
    rebuild_knowledge(store)
    store.linked_files.settle(file.event, "sent")


def take_attached(store: Store, file: LinkedFile, pieces: Iterator[bytes]) -> None:
    """Seal a file of an order here, as if it had been put to it at this seat.

    Raises StoreError where the bytes are others than the hash names; then nothing is kept.
    """
    kept = store.attachments.put(file.stream, chunks(pieces, PIECE))
    if kept.sha256 != file.sha256:
        if not kept.is_known:
            store.attachments.discard(file.stream, kept.sha256)
        raise StoreError("error.attachment_damaged", "advice.file_from_server", name=file.sha256[:12])


def rebuild_knowledge(store: Store) -> None:
    """Fold the knowledge base again from the log and the files that are here; documents are read beforehand."""
    # Late: a seat opens without what reads documents.
    from knowledge.importing.documents import read_document

    projector = next(one for one in store.projectors if isinstance(one, ReleasedArticles))
    read: dict[str, AtHand] = {}
    for event in store.log.of_types(KNOWLEDGE_FACTS):
        happened = event.fact
        if isinstance(happened, KnowledgeImported) and (path := _kept(store, happened)).exists():
            imported = happened.imported
            document = read_document(path, imported.doc if imported.named else None)
            read[event.envelope.id] = AtHand(imported.sha256, document)
    with store.transaction():
        projector.clear(store.connection)
        for event in store.log.of_types(KNOWLEDGE_FACTS):
            projector.at_hand = read.get(event.envelope.id)
            projector.apply(store.connection, event)
        projector.at_hand = None


def _named(store: Store, event: str, stream: str) -> tuple[LinkedFile, Attached | KnowledgeImported] | None:
    facts = {one.envelope.id: one.fact for one, _ in store.log.to_fold(stream)}
    match facts.get(event):
        case Attached() as attached:
            return LinkedFile(event, stream, attached.sha256, attached.size), attached
        case KnowledgeImported() as happened:
            path = _kept(store, happened)
            size = path.stat().st_size if path.exists() else 0
            return LinkedFile(event, stream, happened.imported.sha256, size), happened
        case _:
            return None


def _is_here(store: Store, file: LinkedFile, fact: Attached | KnowledgeImported) -> bool:
    if isinstance(fact, Attached):
        return store.attachments.state(file.stream, file.sha256, file.size) == "there"
    return kept_files.is_whole(_kept(store, fact), file.sha256)


def _kept(store: Store, happened: KnowledgeImported) -> Path:
    return kept_files.kept(store.path.parent, happened.imported.sha256, happened.imported.file)
