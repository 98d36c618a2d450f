"""A key shows itself to nobody, and is kept by the system's store or not at all."""

import copy
import logging
import pickle
import sys
import traceback

import pytest

from nanodesk.storage.key_store import Key, KeyFormError, KeyStore, KeyStoreError, key_in

CANARY = "canary-0123456789-abcdefghij"


class Vault:
    """A backend in memory."""

    def __init__(self):
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


class Broken(Vault):
    """A backend whose every call fails, with the key in its words."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def get_password(self, service, username):
        raise self.error

    def set_password(self, service, username, password):
        raise self.error

    def delete_password(self, service, username):
        raise self.error


def test_no_way_of_showing_a_value_shows_a_key(caplog):
    key = Key(CANARY)
    shown = [repr(key), str(key), f"{key}", f"{key!r:>30}", f"{key:>20}", repr([key]), repr({"key": key})]
    logging.getLogger("test").warning("with %s and %r", key, key)
    shown.append(caplog.text)
    try:
        raise ValueError(key)
    except ValueError:
        shown.append("".join(traceback.TracebackException(*sys.exc_info(), capture_locals=True).format()))
    assert not [text for text in shown if CANARY in text or CANARY[:8] in text]
    assert not hasattr(key, "__dict__")
    assert key.reveal() == CANARY


@pytest.mark.parametrize("write", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_key_is_not_written_anywhere(write):
    with pytest.raises(TypeError, match="not written"):
        write(Key(CANARY))


def test_keys_are_the_same_when_their_letters_are():
    assert Key(f"  {CANARY}\n") == Key(CANARY)
    assert Key(CANARY) != Key(CANARY + "x")
    assert Key(CANARY) != CANARY
    assert len({Key(CANARY), Key(CANARY)}) == 1


@pytest.mark.parametrize("text", ["", "  \n", "with space", "schlüssel", "a\x00b", "a\nb", "k" * 600, "key\u200b"])
def test_what_no_key_is_made_of_is_refused_without_repeating_it(text):
    with pytest.raises(KeyFormError) as raised:
        Key(text)
    assert not text.strip() or text.strip() not in str(raised.value)


def test_the_more_particular_variable_comes_first_and_rubbish_counts_as_none():
    assert key_in({"GOOGLE_API_KEY": "google"}) == Key("google")
    assert key_in({"GOOGLE_API_KEY": "google", "GEMINI_API_KEY": " gemini "}) == Key("gemini")
    assert key_in({"GOOGLE_API_KEY": "google", "GEMINI_API_KEY": " "}) == Key("google")
    assert key_in({"GEMINI_API_KEY": "zwei wörter"}) is None
    assert key_in({}) is None


def test_a_key_comes_back_and_goes():
    vault = Vault()
    store = KeyStore(vault)
    assert store.get("gemini") is None
    store.put("gemini", Key(CANARY))
    assert vault.kept == {("nanodesk", "gemini"): CANARY}
    assert KeyStore(vault).get("gemini") == Key(CANARY)
    store.drop("gemini")
    store.drop("gemini")
    assert vault.kept == {}


def test_what_is_kept_and_is_no_key_is_said():
    vault = Vault()
    vault.kept["nanodesk", "gemini"] = "zwei wörter"
    with pytest.raises(KeyStoreError, match="is no key"):
        KeyStore(vault).get("gemini")


def test_a_store_that_fails_is_a_sentence_without_its_own_words():
    from keyring.errors import KeyringLocked, NoKeyringError

    for error, words in (
        (KeyringLocked(CANARY), "locked"),
        (NoKeyringError(CANARY), "offers no key store"),
        (OSError(CANARY), "OSError"),
    ):
        store = KeyStore(Broken(error))
        for act, more in ((store.get, ()), (store.put, (Key(CANARY),)), (store.drop, ())):
            with pytest.raises(KeyStoreError, match=words) as raised:
                act("gemini", *more)
            assert CANARY not in str(raised.value)
            assert raised.value.__cause__ is None


class _Chain:
    def __init__(self, *backends):
        self.backends = list(backends)


def _named(module):
    return type("Keyring", (Vault,), {"__module__": module})()


@pytest.mark.parametrize(
    "chosen",
    [
        _named("keyring.backends.fail"),
        _named("keyring.backends.null"),
        _named("keyrings.alt.file"),
        _Chain(_named("keyrings.alt.file")),
    ],
)
def test_a_backend_that_keeps_keys_open_or_not_at_all_is_none(monkeypatch, chosen):
    monkeypatch.setattr("keyring.get_keyring", lambda: chosen)
    with pytest.raises(KeyStoreError, match="offers no key store"):
        KeyStore().look()


def test_the_first_safe_backend_of_a_chain_is_taken(monkeypatch):
    safe = _named("keyring.backends.SecretService")
    monkeypatch.setattr("keyring.get_keyring", lambda: _Chain(_named("keyrings.alt.file"), safe))
    KeyStore().put("gemini", Key(CANARY))
    assert list(safe.kept.values()) == [CANARY]


def test_a_system_whose_store_cannot_be_asked_for_has_none(monkeypatch):
    def no_bus():
        raise RuntimeError("no session bus")

    monkeypatch.setattr("keyring.get_keyring", no_bus)
    with pytest.raises(KeyStoreError, match="RuntimeError"):
        KeyStore().look()
