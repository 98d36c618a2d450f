"""With which key, by which way and with whose consent an engine sends anything."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from nanodesk.editor.signal import Signal
from nanodesk.storage.key_store import ENVIRONMENT, Key, KeyFormError, KeyStore, KeyStoreError, key_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from nanodesk.engines.google.connection import Connection
    from nanodesk.engines.imagen.platform import Platform
    from nanodesk.storage.service_settings import ServiceSettings

R = TypeVar("R")

GEMINI, IMAGEN = "gemini", "imagen"
PLATFORM_URL = "GOOGLE_VERTEX_BASE_URL"
BASE_URL = "GOOGLE_GEMINI_BASE_URL"
STORE_PATIENCE_S = 20.0
"""So long a key store may take: it may have to be unlocked by the user first."""


class KeySource(StrEnum):
    """Where an engine's key comes from."""

    NONE = "none"
    ENVIRONMENT = "environment"
    KEY_STORE = "key store"
    SESSION = "session"


class Accounts:
    """The user's keys, the way to the services, and the user's consent; belongs to the loop's thread.

    What was entered in this session comes first, then the environment, then the system's key store.

    Attributes:
        changed: a key came or went, the way is another, or a consent was given or withdrawn.
        store_fault: why the key store could not be used last time, as a plain sentence; empty when it could.
    """

    def __init__(
        self, settings: ServiceSettings, store: KeyStore | None = None, environment: Mapping[str, str] = os.environ
    ) -> None:
        self._settings = settings
        self._store = store or KeyStore()
        self._environment = environment
        self._checks: dict[str, Callable[[Key], Awaitable[str]]] = {}
        self._entered: dict[str, tuple[Key, KeySource]] = {}
        self._stored: dict[str, Key] = {}
        self._for_now: set[str] = set()
        self._waiting: set[asyncio.Future[Any]] = set()
        self.store_fault = ""
        self.changed: Signal[()] = Signal()

    # Keys

    def checked_by(self, engine: str, check: Callable[[Key], Awaitable[str]]) -> None:
        """Have an engine's keys tried out by `check`, which gives the sentence that says why one is not good."""
        self._checks[engine] = check

    def key(self, engine: str) -> Key | None:
        """The key of an engine; quick, asks no store."""
        if engine in self._entered:
            return self._entered[engine][0]
        return self._in_environment(engine) or self._stored.get(engine)

    def source(self, engine: str) -> KeySource:
        """Where the key of an engine comes from."""
        if engine in self._entered:
            return self._entered[engine][1]
        if self._in_environment(engine) is not None:
            return KeySource.ENVIRONMENT
        return KeySource.KEY_STORE if engine in self._stored else KeySource.NONE

    @property
    def environment_name(self) -> str:
        """The variable of the environment that holds a key; empty where none does."""
        return next((name for name in ENVIRONMENT if key_in({name: self._environment.get(name, "")})), "")

    def _in_environment(self, engine: str) -> Key | None:
        return key_in(self._environment) if engine == GEMINI else None

    async def load(
        self, engine: str = GEMINI, patience_s: float = STORE_PATIENCE_S, *, only_where_kept: bool = False
    ) -> None:
        """Ask the system's key store for an engine's key, in a thread; what stands in the way is in `store_fault`.

        A store may ask the user to unlock it. With `only_where_kept` it is left alone where no key was ever put into
        it, and where the environment has one.
        """
        if only_where_kept and (not self._settings.key_kept(engine) or self.source(engine) is not KeySource.NONE):
            return
        try:
            found = await self._within(patience_s, lambda: self._store.get(engine))
        except KeyStoreError as error:
            self.store_fault = str(error)
            self.changed.emit()
            return
        self.store_fault = ""
        if found is not None:
            self._stored[engine] = found
        self.changed.emit()

    async def enter(self, engine: str, key: str, *, remember: bool) -> str:
        """Take a key that was entered, once the service has taken it; why it is not good, empty when it is.

        A good key that cannot be remembered is used for this session; `store_fault` then says why.
        """
        try:
            entered = Key(key)
        except KeyFormError as error:
            return str(error)
        fault = await self._checked(engine, entered)
        if fault:
            return fault
        source = KeySource.SESSION
        if remember:
            source = await self._remembered(engine, entered)
        self._entered[engine] = (entered, source)
        self.changed.emit()
        return ""

    async def refresh(self, engine: str) -> str:
        """Try the present key out, which also lists the models anew; why that failed, empty when it did not."""
        key = self.key(engine)
        return "There is no key." if key is None else await self._checked(engine, key)

    async def _checked(self, engine: str, key: Key) -> str:
        from nanodesk.engines.errors import EngineError

        check = self._checks.get(engine)
        try:
            return "" if check is None else await check(key)
        except EngineError as error:
            return str(error)

    async def _remembered(self, engine: str, key: Key) -> KeySource:
        try:
            await self._within(STORE_PATIENCE_S, lambda: self._store.put(engine, key))
        except KeyStoreError as error:
            self.store_fault = str(error)
            return KeySource.SESSION
        self.store_fault = ""
        self._stored[engine] = key
        self._settings.keep_key(engine, True)
        self._settings.save()
        return KeySource.KEY_STORE

    async def store_there(self) -> str:
        """Why this system has no key store that could be used, without unlocking it; empty where it has one."""
        try:
            await self._within(STORE_PATIENCE_S, self._store.look)
        except KeyStoreError as error:
            self.store_fault = str(error)
        return self.store_fault

    async def forget(self, engine: str) -> str:
        """Use and keep an engine's key no more; what stands in the way of that, empty when nothing does."""
        self._entered.pop(engine, None)
        fault = ""
        if self._stored.pop(engine, None) is not None or self._settings.key_kept(engine):
            try:
                await self._within(STORE_PATIENCE_S, lambda: self._store.drop(engine))
            except KeyStoreError as error:
                fault = f"The key may still be in the system’s key store. {error}"
            else:
                self._settings.keep_key(engine, False)
                self._settings.save()
        self.changed.emit()
        if not fault and self.source(engine) is KeySource.ENVIRONMENT:
            fault = f"{self.environment_name} of the environment is used as long as it is set."
        return fault

    async def _within(self, limit_s: float, call: Callable[[], R]) -> R:
        """Do what blocks in a thread of its own, which nothing waits for when the time is over."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[R] = loop.create_future()

        def answer(value: R | None, error: BaseException | None) -> None:
            if answered.done():
                return
            if error is not None:
                answered.set_exception(error)
            else:
                answered.set_result(value)  # type: ignore[arg-type]  # who asked knows what the answer is

        def work() -> None:
            value, fault = None, None
            try:
                value = call()
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                fault = error
            with contextlib.suppress(RuntimeError):  # nobody waits any more: the loop is closed
                loop.call_soon_threadsafe(answer, value, fault)

        self._waiting.add(answered)
        threading.Thread(target=work, name="key store", daemon=True).start()
        try:
            async with asyncio.timeout(limit_s):
                return await answered
        except TimeoutError:
            raise KeyStoreError(
                f"The system’s key store did not answer within {limit_s:.0f} s; it may wait to be unlocked."
            ) from None
        finally:
            self._waiting.discard(answered)

    def close(self) -> None:
        """Wait for no key store any more."""
        for answered in self._waiting:
            if not answered.done():
                answered.set_exception(KeyStoreError("Nanodesk was closed before the key store answered."))

    # The way

    def connection(self) -> Connection:
        """How the Gemini service is reached: the environment's address first, then that of the settings.

        Raises:
            ServiceError: when the environment names an address that cannot be one.
        """
        from nanodesk.engines.google.connection import Connection

        settings = self._settings
        return Connection(self._address(), settings.proxy, settings.api_version, settings.salt)

    def platform(self) -> Platform:
        """The project on Google's Agent Platform; without one its engine is not ready. It is never looked for."""
        from nanodesk.engines.google.connection import Connection
        from nanodesk.engines.imagen.platform import DEFAULT_LOCATION, Platform

        settings = self._settings
        if not settings.platform_project:
            return Platform()
        named = self._environment.get(PLATFORM_URL, "").strip()
        way = Connection(named, settings.proxy, salt=settings.salt)
        return Platform(settings.platform_project, settings.platform_location or DEFAULT_LOCATION, way)

    def use_platform(self, project: str, location: str) -> None:
        """Have the tasks of the Agent Platform done in that project; an empty one ends that.

        Raises:
            ValueError: when one of the two cannot be such a name; nothing is changed.
        """
        from nanodesk.storage.service_settings import name_fault

        fault = name_fault(project) or name_fault(location)
        if fault:
            raise ValueError(fault)
        self._settings.platform_project, self._settings.platform_location = project, location
        self._settings.save()
        self.changed.emit()

    def _address(self) -> str:
        from urllib.parse import urlsplit

        from nanodesk.document.run import Remedy
        from nanodesk.engines.errors import ServiceError

        named = self.environment_url
        try:
            sound = not named or bool(urlsplit(named).hostname)
        except ValueError:
            sound = False
        if not sound:
            raise ServiceError(f"{BASE_URL} is not the address of a service.", remedy=Remedy.CONNECTION)
        return named or self._settings.base_url

    @property
    def environment_url(self) -> str:
        """The address that the environment names; empty where it names none."""
        return self._environment.get(BASE_URL, "").strip()

    def host(self, engine: str) -> str:
        """Where an engine sends to; empty for one that sends nothing, and where that is not known."""
        from nanodesk.engines.errors import ServiceError
        from nanodesk.engines.google.connection import Connection

        if engine == IMAGEN:
            return self.platform().route.host
        if engine != GEMINI:
            return ""
        try:
            return Connection(self._address()).host
        except ServiceError:
            return ""

    def reach(self, *, base_url: str, proxy: str, api_version: str) -> None:
        """Reach the service another way from now on.

        Raises:
            ValueError: when an address cannot be one; the message says why, and nothing is changed.
        """
        from nanodesk.storage.service_settings import address_fault, proxy_fault

        fault = address_fault(base_url) or proxy_fault(proxy)
        if fault:
            raise ValueError(fault)
        settings = self._settings
        settings.base_url, settings.proxy, settings.api_version = base_url, proxy, api_version
        settings.save()
        self.changed.emit()

    # Consent

    def consented(self, engine: str) -> bool:
        """Whether the user has agreed that pictures go to an engine, at the host where it is now."""
        return engine in self._for_now or self._settings.consented(engine, self.host(engine))

    def consented_at(self, engine: str) -> float | None:
        """When the user did, seconds since 1970, UTC; none where that is not recorded."""
        return self._settings.consented_at(engine)

    def consent(self, engine: str, *, for_now: bool = False) -> None:
        """The user agrees; for this session alone, or recorded with its time and host."""
        if for_now:
            self._for_now.add(engine)
        else:
            self._settings.consent(engine, self.host(engine))
            self._settings.save()
        self.changed.emit()

    def withdraw(self, engine: str) -> None:
        """The user does not agree any more."""
        self._for_now.discard(engine)
        self._settings.withdraw(engine)
        self._settings.save()
        self.changed.emit()
