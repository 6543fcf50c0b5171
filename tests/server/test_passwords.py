"""What guessing a kept password costs: here with the work the server really does, elsewhere with the least."""

from __future__ import annotations

from agent_console.server.people.passwords import _hasher as as_served

from .people import PASSWORD


def test_each_guess_at_a_kept_password_takes_64_mib_twice_over() -> None:
    kept = as_served().hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=2,p=1$")
    assert as_served().verify(kept, PASSWORD)
