"""Keys: what holds one without showing it, and the system's key store where one is kept between sessions.

A key is never written by us anywhere else: not into a project, the settings, a log or a crash report.
"""

from __future__ import annotations

import hmac
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, Protocol

from nanodesk.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SERVICE = "nanodesk"
"""What the entries of the key store are filed under; the user name of each is the engine's."""

ENVIRONMENT = ("GEMINI_API_KEY", "GOOGLE_API_KEY")
"""Where a key is looked for in the environment, in order; the more particular name wins."""

LONGEST = 512


class KeyFormError(StorageError):
    """What was entered cannot be a key; the message does not repeat it."""


class KeyStoreError(StorageError):
    """The system’s key store could not be used."""


class Key:
    """The letters of a key. No way of showing a value shows them; only `reveal` gives them away."""

    __slots__ = ("_reveal",)

    def __init__(self, letters: str) -> None:
        """A key as it was entered, without the space around it.

        Raises:
            KeyFormError: when it is empty, or holds what no key holds.
        """
        letters = letters.strip()
        if not letters:
            raise KeyFormError("There is no key: paste it as the service showed it to you.")
        if len(letters) > LONGEST:
            raise KeyFormError(f"That is longer than any key ({LONGEST} characters): paste the key alone.")
        if not letters.isascii() or not letters.isprintable() or " " in letters:
            raise KeyFormError(
                "A key is made of plain letters, digits and signs, without spaces; copy it from the service once more."
            )

        def reveal() -> str:
            return letters

        self._reveal = reveal  # not a value that anything looking into objects would come across

    def reveal(self) -> str:
        """The key itself, for the moment of sending."""
        return self._reveal()

    def __repr__(self) -> str:
        return "Key(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format("Key(…)", spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and hmac.compare_digest(self.reveal(), other.reveal())

    def __hash__(self) -> int:
        return hash(self.reveal())

    def __reduce__(self) -> NoReturn:
        raise TypeError("A key is not written anywhere.")


def key_in(environment: Mapping[str, str]) -> Key | None:
    """The key that the environment holds; none when it has none that could be one."""
    for name in ENVIRONMENT:
        try:
            return Key(environment[name])
        except (KeyError, KeyFormError):
            continue
    return None


class Backend(Protocol):
    """What `keyring` and its backends offer."""

    def get_password(self, service: str, username: str) -> str | None:
        """What is kept under that name; none when nothing is."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""

    def delete_password(self, service: str, username: str) -> None:
        """Keep it no more."""


class KeyStore:
    """The key store of the system. Everything blocks, perhaps until the user has unlocked it: for a thread."""

    def __init__(self, backend: Backend | None = None) -> None:
        """A store in that backend; none means the one that this system offers."""
        self._backend = backend

    def get(self, engine: str) -> Key | None:
        """The key kept for an engine; none when there is none.

        Raises:
            KeyStoreError: when the store cannot be asked, or holds what is no key.
        """
        backend = self._found()
        with _told():
            letters = backend.get_password(SERVICE, engine)
        if not letters:
            return None
        try:
            return Key(letters)
        except KeyFormError:
            raise KeyStoreError("What the system’s key store holds is no key; enter it once more.") from None

    def put(self, engine: str, key: Key) -> None:
        """Keep a key for an engine.

        Raises:
            KeyStoreError: when it is not kept.
        """
        backend = self._found()
        with _told():
            backend.set_password(SERVICE, engine, key.reveal())

    def drop(self, engine: str) -> None:
        """Keep no key for an engine any more.

        Raises:
            KeyStoreError: when it is still kept.
        """
        backend = self._found()
        with _told():
            if backend.get_password(SERVICE, engine) is not None:
                backend.delete_password(SERVICE, engine)

    def look(self) -> None:
        """Whether there is a store at all; asks it nothing.

        Raises:
            KeyStoreError: when there is none.
        """
        self._found()

    def _found(self) -> Backend:
        if self._backend is None:
            self._backend = _of_system()
        return self._backend


def _of_system() -> Backend:
    """The system's store.

    A backend that writes keys as plain text, or throws them away, is none, and is not used behind the user's back.
    """
    with _told():
        import keyring

        chosen = keyring.get_keyring()
        offered = getattr(chosen, "backends", None) or [chosen]
    for backend in offered:
        module = type(backend).__module__
        if not module.startswith(("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")):
            found: Backend = backend
            return found
    raise KeyStoreError("This system offers no key store.")


@contextmanager
def _told() -> Iterator[None]:
    """Make whatever a store raises one of our errors."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - stores come from elsewhere and raise what they like
        raise _refused(error) from None


def _refused(error: Exception) -> KeyStoreError:
    """What went wrong, by its kind alone: the words of a store's own errors are not ours to show."""
    kind = type(error).__name__
    if kind == "NoKeyringError":
        return KeyStoreError("This system offers no key store.")
    if kind == "KeyringLocked":
        return KeyStoreError("The system’s key store is locked; unlock it and try again.")
    return KeyStoreError(f"The system’s key store could not be used ({kind}).")
