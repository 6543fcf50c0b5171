"""Words that prove something: drawn by chance, given out once, kept as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def drawn() -> str:
    """A new word of 256 bits that is fit for a header."""
    return secrets.token_urlsafe(32)


def hash_of(word: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(word.encode()).hexdigest()


def matches(word: str, kept: str) -> bool:
    """Whether it is the word; takes as long for one that is not."""
    return hmac.compare_digest(hash_of(word), kept)
