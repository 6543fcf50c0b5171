"""A confidential order opens with the key of a role that may read it, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.domain.errors import BadInput, StoreError
from agent_console.store.keyring import Keyring, decrypt
from agent_console.store.role_keys import load_role_keys, write_role_keys
from agent_console.store.seat_file import Store

from ..support.secret_keys import in_environment, key_file
from .facts import CALL, CONTEXT, ORDER, Closed, LastNote, Noted, SettableClock, mishap_at_the_end

LEAD, CENTRE, OTHER = bytes([11]) * 32, bytes([12]) * 32, bytes([19]) * 32
BOTH = {"lead": LEAD, "centre": CENTRE}
TEXT = "某企业的配方"


def _open(path: Path, keys: dict[str, bytes], reader: str = "lead", cipher: str = "aes256") -> Store:
    keyring = Keyring(keys, reader, "sm4" if cipher == "sm4" else "aes256")
    return Store.open(path, SettableClock(), (LastNote(),), keyring)


@pytest.fixture
def secret(path: Path) -> Path:
    """A file with an order that was open, then confidential for lead and centre."""
    with _open(path, BOTH) as store:
        store.log.append([Noted("电话", TEXT)], stream=ORDER, expected_version=0, context=CONTEXT)
        with store.transaction():
            store.make_secret(ORDER, ("lead", "centre"))
            store.log.append([Noted("电话", TEXT + "二")], stream=ORDER, expected_version=1, context=CONTEXT)
    return path


def _facts(path: Path, keys: dict[str, bytes], reader: str = "lead") -> list[object]:
    with _open(path, keys, reader) as store:
        return [event.fact for event in store.log.load(ORDER)]


@pytest.mark.parametrize("reader", ["lead", "centre"])
def test_each_role_opens_it_with_its_own_key_alone(secret: Path, reader: str) -> None:
    assert _facts(secret, {reader: BOTH[reader]}, reader) == [Noted("电话", TEXT), Noted("电话", TEXT + "二")]


@pytest.mark.parametrize(
    ("keys", "reader"),
    [({}, "lead"), ({"lead": OTHER}, "lead"), (BOTH, "operator"), ({"centre": LEAD}, "centre")],
    ids=["no key", "wrong key", "another role", "key of another role"],
)
def test_nothing_else_opens_it(secret: Path, keys: dict[str, bytes], reader: str) -> None:
    assert _facts(secret, keys, reader) == [None, None]


def test_neither_the_text_nor_a_key_that_opens_it_stands_in_the_file(secret: Path) -> None:
    with _open(secret, BOTH) as store:
        [(place,)] = store.connection.execute("SELECT key FROM sealing_key WHERE owner = ?", (ORDER,))
        assert set(place) == {1}
    content = b"".join(file.read_bytes() for file in secret.parent.iterdir())
    for bytes_ in (TEXT.encode(), LEAD, CENTRE):
        assert bytes_ not in content


def test_what_is_written_after_the_change_does_not_open_with_the_key_that_stood_in_the_file(path: Path) -> None:
    with _open(path, BOTH) as store:
        store.log.append([Noted("电话", TEXT)], stream=ORDER, expected_version=0, context=CONTEXT)
        [(stolen,)] = store.connection.execute("SELECT key FROM sealing_key WHERE owner = ?", (ORDER,))
        with store.transaction():
            store.make_secret(ORDER, ("lead",))
            store.log.append([Noted("电话", "后来说的")], stream=ORDER, expected_version=1, context=CONTEXT)
        events = store.connection.execute("SELECT id, sealed FROM event ORDER BY version").fetchall()
    opened = [decrypt(stolen, sealed, id_.encode()) is not None for id_, sealed in events]
    assert opened == [True, False]


def test_without_a_role_key_nothing_becomes_confidential_and_nothing_is_written(path: Path) -> None:
    with _open(path, {}) as store:
        store.log.append([Noted("电话", TEXT)], stream=ORDER, expected_version=0, context=CONTEXT)
        with pytest.raises(StoreError) as raised, store.transaction():
            store.make_secret(ORDER, ("lead",))
        assert raised.value.message.key == "error.no_role_key"
        assert store.log.load(ORDER)[0].fact == Noted("电话", TEXT)


def test_without_a_role_key_nothing_is_added_to_a_confidential_order(secret: Path) -> None:
    with _open(secret, {}) as store, pytest.raises(StoreError) as raised:
        store.log.append([Closed()], stream=ORDER, expected_version=2, context=CONTEXT)
    assert raised.value.message.key == "error.secret_locked"


def test_the_loss_of_one_role_key_is_mended_by_another(secret: Path) -> None:
    with _open(secret, {"centre": CENTRE, "lead": OTHER}, "centre") as store:
        assert store.sealing.wrapped_for(ORDER) == {"lead": False, "centre": True}
        assert store.sealing.wrap_again(ORDER, ("lead", "centre"))
    assert _facts(secret, {"lead": OTHER}) == [Noted("电话", TEXT), Noted("电话", TEXT + "二")]
    assert _facts(secret, {"lead": LEAD}) == [None, None]


def test_with_all_role_keys_lost_it_can_still_be_erased(secret: Path) -> None:
    with _open(secret, {}) as store:
        assert store.sealing.locked() == [ORDER]
        assert not store.sealing.wrap_again(ORDER, ("lead",))
        store.erase(ORDER)
        assert store.sealing.is_erased(ORDER)
        assert store.sealing.locked() == []
    assert _facts(secret, BOTH) == [None, None]


def test_opened_again_everything_reads_without_a_role_key(secret: Path) -> None:
    with _open(secret, BOTH) as store, store.transaction():
        store.make_open(ORDER)
        store.log.append([Noted("电话", "三")], stream=ORDER, expected_version=2, context=CONTEXT)
    assert _facts(secret, {}) == [Noted("电话", TEXT), Noted("电话", TEXT + "二"), Noted("电话", "三")]


def test_a_change_that_is_rolled_back_changes_nothing(path: Path) -> None:
    with _open(path, BOTH) as store:
        store.log.append([Noted("电话", TEXT)], stream=ORDER, expected_version=0, context=CONTEXT)
        with mishap_at_the_end(store):
            store.make_secret(ORDER, ("lead",))
        assert not store.is_secret(ORDER)
    assert _facts(path, {}) == [Noted("电话", TEXT)]


def test_projections_are_folded_again_by_whoever_holds_a_role_key(secret: Path) -> None:
    with _open(secret, {"centre": CENTRE}, "operator") as store:
        store.rebuild()
    with _open(secret, BOTH) as store:
        assert LastNote.read(store.connection) == {ORDER: TEXT + "二"}


@pytest.mark.parametrize("cipher", ["aes256", "sm4"])
def test_both_ciphers_seal_and_open(path: Path, cipher: str) -> None:
    key = bytes([11]) * (16 if cipher == "sm4" else 32)
    with _open(path, {"lead": key}, cipher=cipher) as store:
        sealed = store.sealing.seal(CALL, TEXT.encode(), "a")
        assert store.sealing.unseal(CALL, sealed, "a") == TEXT.encode()
        with pytest.raises(StoreError):
            store.sealing.unseal(CALL, sealed[:-1] + bytes([sealed[-1] ^ 1]), "a")
        with pytest.raises(StoreError):
            store.sealing.unseal(CALL, sealed, "b")
        [(kept,)] = store.connection.execute("SELECT length(key) FROM sealing_key WHERE owner = ?", (CALL,))
        assert kept == len(key)
        with store.transaction():
            store.make_secret(CALL, ("lead",))
        assert store.sealing.unseal(CALL, sealed, "a") == TEXT.encode()


def test_a_file_goes_on_under_the_other_cipher(path: Path) -> None:
    with _open(path, {}) as store:
        sealed = store.sealing.seal(CALL, b"a")
    with _open(path, {}, cipher="sm4") as store:
        assert store.sealing.unseal(CALL, sealed) == b"a"
        assert store.sealing.unseal(ORDER, store.sealing.seal(ORDER, b"b")) == b"b"


def test_sm4_is_the_national_standard() -> None:
    """Appendix A.1 of RFC 8998: key, nonce, additional data and text with their known answer."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    context = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    known = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    text = bytes.fromhex("".join(digit * 16 for digit in "ABCDEFEA"))
    assert decrypt(key, nonce + known, context) == text


class TestKeyFile:
    def test_keys_are_read_from_a_file_of_its_owner(self, tmp_path: Path) -> None:
        assert load_role_keys(str(key_file(tmp_path, ("lead", "centre")))) == BOTH

    def test_keys_are_read_from_the_environment_where_no_file_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AGENT_CONSOLE_ROLE_KEYS", in_environment(("lead", "centre")))
        assert load_role_keys("") == BOTH

    def test_without_either_there_are_none(self) -> None:
        assert load_role_keys("") == {}

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o601])
    def test_a_file_that_others_may_use_is_refused_with_advice(self, tmp_path: Path, mode: int) -> None:
        path = key_file(tmp_path)
        path.chmod(mode)
        with pytest.raises(BadInput) as raised:
            load_role_keys(str(path))
        assert raised.value.message.key == "error.key_file_mode"
        assert raised.value.advice is not None

    def test_a_file_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput) as raised:
            load_role_keys(str(tmp_path / "lost.toml"))
        assert raised.value.message.key == "error.key_file"

    @pytest.mark.parametrize("line", ['lead = "?"', 'lead = "AAAA"', '"" = "AQEBAQEBAQEBAQEBAQEBAQ=="'])
    def test_something_else_than_a_key_is_refused(self, tmp_path: Path, line: str) -> None:
        path = key_file(tmp_path)
        path.write_text(f"[keys]\n{line}\n", encoding="utf-8")
        with pytest.raises(BadInput) as raised:
            load_role_keys(str(path))
        assert raised.value.message.key == "error.role_key"

    def test_keys_are_drawn_for_those_who_have_none(self, tmp_path: Path) -> None:
        path = key_file(tmp_path, ("lead",))
        drawn = write_role_keys(path, ("lead", "centre"), "aes256")
        assert list(drawn) == ["centre"]
        assert load_role_keys(str(path)) == {"lead": LEAD, **drawn}
        assert path.stat().st_mode & 0o777 == 0o600
