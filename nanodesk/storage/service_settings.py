"""How services are reached, what may be spent there, and who was allowed to be sent pictures."""

from __future__ import annotations

import re
import secrets
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from nanodesk.storage.settings_file import SettingsFile, number_in

if TYPE_CHECKING:
    from collections.abc import Callable

API_VERSIONS = ("", "v1", "v1beta")
HIGHEST_CEILING = 100_000.0
"""US dollars."""

_SALT_BYTES = 16
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class ServiceSettings(SettingsFile):
    """The part of the settings that concerns engines which send something."""

    def consented(self, engine: str, host: str = "") -> bool:
        """Whether the user has agreed that pictures go to that engine, at that host."""
        known = self._table("consent").get(engine)
        where = known.get("host") if isinstance(known, dict) else None
        return isinstance(where, str) and (not where or not host or where == host)

    def consented_at(self, engine: str) -> float | None:
        """When they did, seconds since 1970, UTC; none where they did not."""
        known = self._table("consent").get(engine)
        return number_in(known.get("time")) if isinstance(known, dict) and self.consented(engine) else None

    def consent(self, engine: str, host: str = "") -> None:
        """Record that agreement with its time; it holds for that host, or for any when none is named."""
        self._put("consent", engine, {"host": host, "time": round(time.time(), 3)})

    def withdraw(self, engine: str) -> None:
        """It no longer holds."""
        self._put("consent", engine, None)

    @property
    def base_url(self) -> str:
        """Where the Gemini service is; empty for Google's own."""
        return self._address("base_url", address_fault)

    @base_url.setter
    def base_url(self, url: str) -> None:
        self.set("base_url", _checked(address_fault(url), url))

    @property
    def proxy(self) -> str:
        """URL of a proxy; empty for what the system says."""
        return self._address("proxy", proxy_fault)

    @proxy.setter
    def proxy(self, url: str) -> None:
        self.set("proxy", _checked(proxy_fault(url), url))

    @property
    def api_version(self) -> str:
        """`v1`, `v1beta`, or empty for what suits."""
        known = self._values.get("api_version")
        return known if isinstance(known, str) and known in API_VERSIONS else ""

    @api_version.setter
    def api_version(self, version: str) -> None:
        self.set("api_version", version)

    @property
    def platform_project(self) -> str:
        """The user's project on Google's Agent Platform; empty for none."""
        return self._address("platform_project", name_fault)

    @platform_project.setter
    def platform_project(self, project: str) -> None:
        self.set("platform_project", _checked(name_fault(project), project))

    @property
    def platform_location(self) -> str:
        """Where its machines are, as `us-central1`; empty for the usual place."""
        return self._address("platform_location", name_fault)

    @platform_location.setter
    def platform_location(self, location: str) -> None:
        self.set("platform_location", _checked(name_fault(location), location))

    @property
    def day_ceiling(self) -> float | None:
        """US dollars that may be spent in a day; none for no ceiling."""
        return self._ceiling("day_ceiling")

    @day_ceiling.setter
    def day_ceiling(self, ceiling: float | None) -> None:
        self.set("day_ceiling", ceiling)

    @property
    def document_ceiling(self) -> float | None:
        """US dollars that may be spent on a document; none for no ceiling."""
        return self._ceiling("document_ceiling")

    @document_ceiling.setter
    def document_ceiling(self, ceiling: float | None) -> None:
        self.set("document_ceiling", ceiling)

    def key_kept(self, engine: str) -> bool:
        """Whether a key of that engine was put into the system's key store; the key itself is never here."""
        return engine in self._texts("keys_kept")

    def keep_key(self, engine: str, kept: bool) -> None:
        """A key was put there, or taken away."""
        others = [one for one in self._texts("keys_kept") if one != engine]
        self.set("keys_kept", [*others, engine] if kept else others)

    @property
    def salt(self) -> str:
        """What marks of keys are made with: random, of this installation, made when it is first asked for."""
        known = self._values.get("salt")
        if isinstance(known, str) and len(known) >= _SALT_BYTES:
            return known
        made = secrets.token_hex(_SALT_BYTES)
        self.set("salt", made)
        self.save()
        return made

    def _address(self, name: str, fault: Callable[[str], str]) -> str:
        known = self._values.get(name)
        return known if isinstance(known, str) and not fault(known) else ""

    def _ceiling(self, name: str) -> float | None:
        known = number_in(self._values.get(name))
        return known if known is not None and 0 <= known <= HIGHEST_CEILING else None


def address_fault(url: str) -> str:
    """Why a text cannot be the address of a service, as a plain sentence; empty when it can, and for none."""
    host = _host(url)
    if not url:
        return ""
    if host is None:
        return "The address is not complete: it begins with https:// and names a host."
    if url.startswith("http:") and host not in _LOOPBACK:
        return "The address must begin with https://, so that nobody on the way can read the key and the pictures."
    if "@" in urlsplit(url).netloc:
        return "The address must not hold a name or password; settings are no place for secrets."
    if urlsplit(url).query or urlsplit(url).fragment:
        return "The address ends with its path: leave out what follows ? and #."
    return ""


def proxy_fault(url: str) -> str:
    """Why a text cannot be the address of a proxy, as a plain sentence; empty when it can, and for none."""
    if not url:
        return ""
    if _host(url) is None:
        return "The proxy’s address is not complete: it begins with http:// or https:// and names a host."
    if "@" in urlsplit(url).netloc:
        return "A proxy’s password does not belong in the settings; set HTTPS_PROXY in the environment instead."
    return ""


def name_fault(name: str) -> str:
    """Why a text cannot name a project or a place of the Agent Platform; empty when it can, and for none."""
    if not name or re.fullmatch(r"[a-z0-9](?:[a-z0-9.:-]{0,60}[a-z0-9])?", name):
        return ""
    return "A project or location is a name in small letters, digits and hyphens, as Google’s console shows it."


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    sound = parts.scheme in ("http", "https") and port != 0 and url.isascii() and url.isprintable() and " " not in url
    return host if sound else None


def _checked(fault: str, url: str) -> str:
    if fault:
        raise ValueError(fault)
    return url
